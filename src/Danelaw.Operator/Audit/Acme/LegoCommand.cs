using System.Collections.Immutable;
using Danelaw.Operator.Audit.Files;

namespace Danelaw.Operator.Audit.Acme;

/// <summary>A command that renews by lego, as it stands in a table of cron, a script or a unit of systemd: lego keeps in no file of its own what it is to do.</summary>
internal sealed record LegoCommand
{
    private static readonly string[] Containers = ["docker", "podman", "nerdctl", "kubectl", "lxc", "machinectl"];
    private static readonly string[] OtherUsers = ["sudo", "su", "runuser", "doas", "setpriv"];
    private static readonly string[] Ends = ["&&", "||", ";", "|", "&"];

    /// <summary>Where the word <c>renew</c> stands.</summary>
    internal required Place Place { get; init; }

    /// <summary>That line, as it stands.</summary>
    internal required string Line { get; init; }

    /// <summary>Where in that line the word ends.</summary>
    internal required int End { get; init; }

    /// <summary>Whether it is run as root on this host, and not in a container.</summary>
    internal required bool IsRoots { get; init; }

    /// <summary>The program that it runs after a renewal; null for none.</summary>
    internal string? Hook { get; init; }

    /// <summary>Whether it keeps the key.</summary>
    internal bool KeepsKey { get; init; }

    /// <summary>lego's folder, where the command names it.</summary>
    internal string? Folder { get; init; }

    /// <summary>The names of certificates that it gives; empty where it gives none that can be read.</summary>
    internal ImmutableArray<string> Domains { get; init; } = [];

    /// <summary>Whether it renews a certificate.</summary>
    /// <param name="folder">lego's folder.</param>
    /// <param name="name">The file's name without its end, in which lego writes <c>_</c> for <c>*</c>.</param>
    internal bool Renews(string folder, string name) =>
        (Folder is null ? folder.EndsWith("/.lego", StringComparison.Ordinal) : Folder.Contains('$', StringComparison.Ordinal) || Folder.TrimEnd('/') == folder)
        && (Domains.IsEmpty || Domains.Any(domain => domain.Contains('$', StringComparison.Ordinal) || domain.Replace('*', '_').Equals(name, StringComparison.OrdinalIgnoreCase)));

    /// <summary>Finds all of them.</summary>
    /// <param name="files">The host's files.</param>
    internal static ImmutableArray<LegoCommand> Find(HostFiles files)
    {
        var found = ImmutableArray.CreateBuilder<LegoCommand>();
        foreach (var path in Schedules.Of(files))
        {
            var file = files.Read(path);
            if (file.IsRead && file.Text.Contains("lego", StringComparison.Ordinal)) found.AddRange(Read(path, file.Text));
        }

        return found.ToImmutable();
    }

    /// <summary>Those of one file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="text">Its text.</param>
    internal static IEnumerable<LegoCommand> Read(string path, string text)
    {
        // What a sign at the end of a line joins is one command; nothing moves, so that places stay.
        var joined = text.Replace("\\\n", "  ", StringComparison.Ordinal);
        for (var begin = 0; begin < joined.Length;)
        {
            var end = joined.IndexOf('\n', begin) is var at and >= 0 ? at : joined.Length;
            var line = joined[begin..end];
            if (line.TrimStart() is not (['#' or ';', ..] or []) && line.Contains("lego", StringComparison.Ordinal) && Of(path, text, line, begin) is { } command) yield return command;
            begin = end + 1;
        }
    }

    private static LegoCommand? Of(string path, string text, string line, int begin)
    {
        var words = Words(line);
        var renew = words.FindIndex(word => word.Text == "renew");
        if (renew < 0) return null;

        // What comes after it may have that name too, such as its folder.
        var first = words.FindLastIndex(renew, IsEnd) + 1;
        var lego = words.FindIndex(first, renew - first, word => IsLego(word.Text));
        if (lego < 0) return null;
        var last = words.FindIndex(renew, IsEnd) is var stop and >= 0 ? stop : words.Count;
        var before = words[first..lego].Select(word => Path.GetFileName(word.Text)).ToArray();
        var options = words[(lego + 1)..last].Select(word => word.Text).ToArray();
        var place = begin + words[renew].End;
        var start = text.LastIndexOf('\n', place - 1) + 1;
        var until = text.IndexOf('\n', start) is var at and >= 0 ? at : text.Length;
        return new()
        {
            Place = new(path, text.AsSpan(0, start).Count('\n') + 1),
            Line = text[start..until],
            End = place - start,
            IsRoots = Schedules.UserOf(path, text, line) is "root" or "0" && !before.Any(word => Containers.Contains(word) || OtherUsers.Contains(word)),
            Hook = Values(options, "--renew-hook").LastOrDefault(),
            KeepsKey = options.Contains("--reuse-key"),
            Folder = Values(options, "--path").LastOrDefault(),
            Domains = [.. Values(options, "--domains").Concat(Values(options, "-d")).Take(1)],
        };

        static bool IsEnd((string Text, int End) word) => Ends.Contains(word.Text) || word.Text.EndsWith(';');
    }

    private static bool IsLego(string word)
    {
        // A unit writes ExecStart=-/usr/bin/lego.
        var program = word.StartsWith("Exec", StringComparison.Ordinal) ? word[(word.IndexOf('=', StringComparison.Ordinal) + 1)..].TrimStart('-', '@', ':', '+', '!') : word;
        return Path.GetFileName(program) == "lego";
    }

    private static IEnumerable<string> Values(string[] options, string name)
    {
        for (var at = 0; at < options.Length; at++)
        {
            if (options[at] == name && at + 1 < options.Length) yield return options[at + 1];
            else if (options[at].StartsWith(name + "=", StringComparison.Ordinal)) yield return options[at][(name.Length + 1)..];
        }
    }

    /// <summary>The words of a line, without their quotes, and where each ends.</summary>
    private static List<(string Text, int End)> Words(string line)
    {
        var words = new List<(string, int)>();
        var word = new System.Text.StringBuilder();
        var (quote, isIn) = ('\0', false);
        for (var at = 0; at <= line.Length; at++)
        {
            if (at == line.Length || (quote == '\0' && line[at] is ' ' or '\t'))
            {
                if (isIn) words.Add((word.ToString(), at));
                word.Clear();
                isIn = false;
                continue;
            }

            isIn = true;
            if (line[at] == quote) quote = '\0';
            else if (quote == '\0' && line[at] is '\'' or '"') quote = line[at];
            else word.Append(line[at]);
        }

        return words;
    }
}
