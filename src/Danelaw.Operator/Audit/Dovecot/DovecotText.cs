using System.Collections.Immutable;
using Danelaw.Operator.Audit.Files;

namespace Danelaw.Operator.Audit.Dovecot;

/// <summary>A setting of Dovecot's, in the blocks that it stands in.</summary>
/// <param name="Name">The setting.</param>
/// <param name="Value">Its value, without quotes.</param>
/// <param name="Blocks">The blocks around it, the outermost first: a name, and what follows it, such as <c>local_name</c> and <c>mail.example.org</c>.</param>
/// <param name="Place">Where it stands.</param>
public sealed record DovecotSetting(string Name, string Value, ImmutableArray<(string Name, string Argument)> Blocks, Place Place)
{
    /// <inheritdoc/>
    public bool Equals(DovecotSetting? other) => other is not null && Name == other.Name && Value == other.Value && Place == other.Place;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Value, Place);
}

/// <summary>Dovecot's configuration with everything that it includes (2.3 and 2.4: doc.dovecot.org, configuration syntax).</summary>
/// <param name="Settings">The settings in the order in which Dovecot reads them; of several in the same blocks the last counts.</param>
/// <param name="Faults">What Dovecot would not read.</param>
/// <param name="Unseen">Files that are included and could not be read.</param>
public sealed record DovecotText(ImmutableArray<DovecotSetting> Settings, ImmutableArray<SyntaxFault> Faults, ImmutableArray<HostFile> Unseen)
{
    private const int MaximumDepth = 16;

    /// <summary>Reads a configuration.</summary>
    /// <param name="files">The host's files.</param>
    /// <param name="path">dovecot.conf.</param>
    public static DovecotText Read(HostFiles files, string path)
    {
        ArgumentNullException.ThrowIfNull(files);
        var reader = new Reader(files);
        reader.ReadFile(path, 0, isOptional: false, new(path, 0));
        return new(reader.Settings.ToImmutable(), [.. reader.Faults], [.. reader.Unseen]);
    }

    private sealed class Reader(HostFiles files)
    {
        private readonly Stack<(string Name, string Argument)> _blocks = new();

        internal ImmutableArray<DovecotSetting>.Builder Settings { get; } = ImmutableArray.CreateBuilder<DovecotSetting>();

        internal List<SyntaxFault> Faults { get; } = [];

        internal List<HostFile> Unseen { get; } = [];

        internal void ReadFile(string path, int depth, bool isOptional, Place from)
        {
            var file = files.Read(path);
            if (!file.IsRead)
            {
                if (file.State == FileState.Unseen) Unseen.Add(file);
                else if (!isOptional) Faults.Add(new(from, $"{path} is included and does not exist", true));
                return;
            }

            var depthOfBlocks = _blocks.Count;
            var number = 0;
            var pending = "";
            foreach (var raw in file.Text.Split('\n'))
            {
                number++;
                var line = pending + raw.Trim();
                pending = "";
                if (line.EndsWith('\\'))
                {
                    pending = line[..^1] + " ";
                    continue;
                }

                ReadLine(line, new(path, number), depth);
            }

            if (_blocks.Count > depthOfBlocks)
            {
                Faults.Add(new(new(path, number), "a block is not closed", true));
                while (_blocks.Count > depthOfBlocks) _blocks.Pop();
            }
        }

        private void ReadLine(string line, Place place, int depth)
        {
            var text = WithoutComment(line);
            if (text.Length == 0) return;
            if (text.StartsWith("!include", StringComparison.Ordinal))
            {
                Include(text, place, depth);
                return;
            }

            // "}" may stand before another word, and a block may open and close on one line.
            while (text is ['}', ..])
            {
                if (!_blocks.TryPop(out _)) Faults.Add(new(place, "unexpected '}'", true));
                text = text[1..].Trim();
            }

            if (text.Length == 0) return;
            var sign = text.IndexOf('=', StringComparison.Ordinal);
            if (text.EndsWith('{') && (sign < 0 || text.IndexOf('{', StringComparison.Ordinal) < sign))
            {
                var head = text[..^1].Trim();
                var blank = head.AsSpan().IndexOfAny(' ', '\t');
                _blocks.Push(blank < 0 ? (head, "") : (head[..blank], Unquote(head[blank..].Trim())));
                return;
            }

            if (sign <= 0)
            {
                Faults.Add(new(place, "expecting '='", true));
                return;
            }

            var value = text[(sign + 1)..].Trim();
            var closes = 0;
            while (_blocks.Count > closes && value.EndsWith('}') && !value.Contains('{', StringComparison.Ordinal))
            {
                value = value[..^1].Trim();
                closes++;
            }

            Settings.Add(new(text[..sign].Trim(), Unquote(value), [.. _blocks.Reverse()], place));
            for (; closes > 0; closes--) _blocks.Pop();
        }

        private void Include(string text, Place place, int depth)
        {
            var isOptional = text.StartsWith("!include_try", StringComparison.Ordinal);
            var target = text[(isOptional ? "!include_try" : "!include").Length..].Trim();
            if (depth >= MaximumDepth)
            {
                Faults.Add(new(place, "files include one another without end", true));
                return;
            }

            var folder = place.File[..place.File.LastIndexOf('/')];
            var pattern = target is ['/', ..] ? target : $"{folder}/{target}";
            foreach (var path in Globs.Expand(files, pattern)) ReadFile(path, depth + 1, isOptional || Globs.IsPattern(pattern), place);
        }

        private static string WithoutComment(string line)
        {
            var quoted = false;
            for (var at = 0; at < line.Length; at++)
            {
                if (line[at] == '"' && (at == 0 || line[at - 1] != '\\')) quoted = !quoted;

                // A # within a word belongs to it: only one behind a blank begins a comment.
                if (line[at] == '#' && !quoted && (at == 0 || line[at - 1] is ' ' or '\t')) return line[..at].Trim();
            }

            return line.Trim();
        }

        private static string Unquote(string value) => value is ['"', .., '"'] && value.Length >= 2 ? value[1..^1].Replace("\\\"", "\"", StringComparison.Ordinal) : value;
    }
}
