using System.Collections.Immutable;
using System.Text;
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
    /// <summary>Reads a configuration.</summary>
    /// <param name="files">The host's files.</param>
    /// <param name="path">dovecot.conf.</param>
    public static DovecotText Read(HostFiles files, string path)
    {
        ArgumentNullException.ThrowIfNull(files);
        var reader = new Reader(files);
        reader.ReadFile(path, isOptional: false, new(path, 0));
        return new(reader.Settings.ToImmutable(), [.. reader.Faults], [.. reader.Unseen]);
    }

    private sealed class Reader(HostFiles files)
    {
        private const int MaximumDepth = 64, MaximumSettings = 200_000;

        /// <summary>Blocks of 2.4 that stand for the beginning of the names in them: <c>ssl_server { cert_file = … }</c>.</summary>
        private static readonly string[] Prefixes = ["ssl_server", "protocols"];

        private readonly Stack<(string Name, string Argument)> _blocks = new();
        private readonly Inclusions _inclusions = new();
        private bool _isFull;

        internal ImmutableArray<DovecotSetting>.Builder Settings { get; } = ImmutableArray.CreateBuilder<DovecotSetting>();

        internal List<SyntaxFault> Faults { get; } = [];

        internal List<HostFile> Unseen { get; } = [];

        internal void ReadFile(string path, bool isOptional, Place from)
        {
            var file = files.Read(path);
            if (!file.IsRead)
            {
                if (file.State == FileState.Unseen) Unseen.Add(file);
                else if (!isOptional) Faults.Add(new(from, $"{path} is included and does not exist", true));
                return;
            }

            if (!_inclusions.TryEnter(file, out var fault))
            {
                Faults.Add(new(from, fault, true));
                return;
            }

            var depthOfBlocks = _blocks.Count;
            var number = 0;
            var pending = new StringBuilder();
            foreach (var raw in file.Text.Split('\n'))
            {
                number++;

                // Comments go first: a backslash at the end of one goes on with nothing. A line that has nothing else ends what was to go on, which is lost (2.3.19).
                var line = WithoutComment(raw);
                if (line.Length == 0)
                {
                    pending.Clear();
                    continue;
                }

                if (line.EndsWith('\\'))
                {
                    pending.Append(line, 0, line.Length - 1).Append(' ');
                    continue;
                }

                if (pending.Length > 0)
                {
                    line = pending.Append(line).ToString();
                    pending.Clear();
                }

                ReadLine(line, new(path, number));
            }

            if (_blocks.Count > depthOfBlocks)
            {
                Faults.Add(new(new(path, number), "a block is not closed", true));
                while (_blocks.Count > depthOfBlocks) _blocks.Pop();
            }

            _inclusions.Leave();
        }

        private void ReadLine(string text, Place place)
        {
            if (text.StartsWith("!include", StringComparison.Ordinal))
            {
                Include(text, place);
                return;
            }

            if (text[0] == '}')
            {
                if (text.Length > 1) Faults.Add(new(place, "garbage after '}'", true));
                else if (!_blocks.TryPop(out _)) Faults.Add(new(place, "unexpected '}'", true));
                return;
            }

            var sign = text.IndexOf('=', StringComparison.Ordinal);
            var brace = text.IndexOf('{', StringComparison.Ordinal);
            if (brace >= 0 && (sign < 0 || brace < sign))
            {
                var head = text[..brace].Trim();
                var blank = head.AsSpan().IndexOfAny(' ', '\t');

                // Dovecot wants the brace at the end of the line.
                if (brace < text.Length - 1) Faults.Add(new(place, "garbage after '{'", true));
                else if (_blocks.Count >= MaximumDepth) Faults.Add(new(place, "blocks stand in one another too deeply", true));
                else _blocks.Push(blank < 0 ? (head, "") : (head[..blank], Unquote(head[blank..].Trim())));
            }
            else if (sign <= 0)
            {
                Faults.Add(new(place, "expecting '='", true));
            }
            else
            {
                Add(text[..sign].Trim(), Unquote(text[(sign + 1)..].Trim()), place);
            }
        }

        private void Add(string name, string value, Place place)
        {
            ImmutableArray<(string Name, string Argument)> blocks = [.. _blocks.Reverse()];
            while (blocks is [.., { Argument: "" } inner] && Prefixes.Contains(inner.Name))
            {
                name = $"{inner.Name}_{name}";
                blocks = blocks[..^1];
            }

            if (Settings.Count < MaximumSettings)
            {
                Settings.Add(new(name, value, blocks, place));
            }
            else if (!_isFull)
            {
                Faults.Add(new(place, "there are too many settings", true));
                _isFull = true;
            }
        }

        private void Include(string text, Place place)
        {
            var isOptional = text.StartsWith("!include_try", StringComparison.Ordinal);
            var target = text[(isOptional ? "!include_try" : "!include").Length..].Trim();
            var folder = place.File[..place.File.LastIndexOf('/')];
            var pattern = target is ['/', ..] ? target : $"{folder}/{target}";
            var paths = Globs.Expand(files, pattern, out var isWhole);
            if (!isWhole) Faults.Add(new(place, $"too many files match {pattern}", true));
            if (paths.IsEmpty && !isOptional) Faults.Add(new(place, $"no file matches {pattern}", true));
            foreach (var path in paths) ReadFile(path, isOptional, place);
        }

        private static string WithoutComment(string line)
        {
            var quote = '\0';
            for (var at = 0; at < line.Length; at++)
            {
                if (quote != '\0')
                {
                    if (line[at] == '\\') at++;
                    else if (line[at] == quote) quote = '\0';
                }
                else if (line[at] is '"' or '\'')
                {
                    quote = line[at];
                }
                else if (line[at] == '#')
                {
                    // Within a word too, with a warning (2.3.19).
                    return line[..at].Trim();
                }
            }

            return line.Trim();
        }

        private static string Unquote(string value) => value is ['"', .., '"'] && value.Length >= 2 ? value[1..^1].Replace("\\\"", "\"", StringComparison.Ordinal) : value;
    }
}
