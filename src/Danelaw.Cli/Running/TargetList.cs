using System.Runtime.CompilerServices;

namespace Danelaw.Cli.Running;

/// <summary>One line of a file of targets, or a target of the command line.</summary>
/// <param name="Text">What stands there, without comment and blanks around it.</param>
/// <param name="Place">Where: the file and the line; empty for the command line.</param>
internal readonly record struct TargetLine(string Text, string Place)
{
    /// <summary>The place before a message about the line.</summary>
    public string Prefix => Place.Length > 0 ? Place + ": " : "";
}

/// <summary>The targets of a call, where <c>@FILE</c> stands for the lines of a file.</summary>
internal static class TargetList
{
    /// <summary>No line of a file of targets is longer.</summary>
    private const int MaximumLine = 4096;

    /// <summary>No list is longer: four times as many as there are signed domains. What comes without end, and brings no new target, is left so.</summary>
    private const int MaximumLines = 100_000_000;

    /// <summary>Targets that are known again. Of a list of millions, which comes from a zone and has each once, not all are held in memory.</summary>
    private const int MaximumRemembered = 1_000_000;

    /// <summary>Whether there may be more than one target.</summary>
    public static bool IsSeveral(IReadOnlyList<string> words) => words.Count > 1 || words.Any(word => word.StartsWith('@'));

    /// <summary>What two spellings of a target have in common: letters count alike, and a name's closing dot not at all.</summary>
    public static string KeyOf(string text) => text.ToLowerInvariant().Replace(".:", ":", StringComparison.Ordinal) is var lower && lower.Length > 1 ? lower.TrimEnd('.') : lower;

    /// <summary>Each target once, by its first spelling.</summary>
    public static async IAsyncEnumerable<T> OnceAsync<T>(IAsyncEnumerable<T> targets, Func<T, string> textOf, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var target in targets.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            var key = KeyOf(textOf(target));
            if (seen.Count < MaximumRemembered ? seen.Add(key) : !seen.Contains(key)) yield return target;
        }
    }

    /// <summary>What is said when files of targets hold none.</summary>
    public static string Empty(IReadOnlyList<string> words) => $"there was no target in {string.Join(", ", words.Select(word => word == "@-" ? "standard input" : word.TrimStart('@')))}: nothing was done";

    /// <summary>
    /// Reads the targets one by one. Files that can be read twice are read once beforehand, so that a line which makes no sense is found before
    /// any work is done; from a pipe targets are taken as they come.
    /// </summary>
    /// <param name="surroundings">Folder and standard input.</param>
    /// <param name="words">The targets as given.</param>
    /// <param name="parse">Makes a target of a line.</param>
    /// <param name="most">Lines that a file may have.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="MisuseException">A file cannot be read or is too long, or a line makes no sense.</exception>
    public static async IAsyncEnumerable<T> ReadAsync<T>(Surroundings surroundings, IReadOnlyList<string> words, Func<TargetLine, T> parse, int most, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // A pipe is opened once and read once.
        var pipes = new Dictionary<string, Stream>(StringComparer.Ordinal);
        foreach (var word in words)
        {
            if (!word.StartsWith('@'))
            {
                parse(new(word, ""));
                continue;
            }

            var stream = FileText.Open(surroundings, FileOf(word));
            if (!stream.CanSeek || word == "@-")
            {
                pipes.TryAdd(word, stream);
                continue;
            }

            await using (stream.ConfigureAwait(false))
                await foreach (var line in LinesAsync(stream, word, most, cancellationToken).ConfigureAwait(false))
                    parse(line);
        }

        foreach (var word in words)
        {
            if (!word.StartsWith('@'))
            {
                yield return parse(new(word, ""));
                continue;
            }

            var stream = pipes.TryGetValue(word, out var pipe) ? pipe : FileText.Open(surroundings, FileOf(word));
            await using (stream.ConfigureAwait(false))
                await foreach (var line in LinesAsync(stream, word, most, cancellationToken).ConfigureAwait(false))
                    yield return parse(line);
        }
    }

    /// <summary>The same of lists that may be as long as any.</summary>
    public static IAsyncEnumerable<T> ReadAsync<T>(Surroundings surroundings, IReadOnlyList<string> words, Func<TargetLine, T> parse, CancellationToken cancellationToken) =>
        ReadAsync(surroundings, words, parse, MaximumLines, cancellationToken);

    private static string FileOf(string word) => word.Length > 1 ? word[1..] : throw new MisuseException("@ stands alone: the name of a file must follow it", "write @targets.txt, or @- for standard input");

    private static async IAsyncEnumerable<TargetLine> LinesAsync(Stream stream, string word, int most, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(stream, leaveOpen: true);
        var file = FileText.Shown(word[1..]);
        var number = 0;
        var lines = new LineReader(reader, MaximumLine);
        string? line;
        while ((line = await ReadLineAsync(lines, file, number + 1, cancellationToken).ConfigureAwait(false)) is not null)
        {
            if (++number > most) throw new MisuseException($"{file} has more than {most} lines", "give the targets in several files; a pipe may be without end");
            var text = WithoutComment(line).Trim();
            if (text.Contains('\uFFFD', StringComparison.Ordinal)) throw new MisuseException($"{file}, line {number}: what stands there is not UTF-8", "write names of other scripts in UTF-8 (iconv -f latin1 -t utf-8 FILE), or as xn-- labels");
            if (text.Length > 0) yield return new(text, $"{file}, line {number}");
        }
    }

    private static async Task<string?> ReadLineAsync(LineReader lines, string file, int number, CancellationToken cancellationToken)
    {
        try
        {
            var line = await lines.ReadAsync(cancellationToken).ConfigureAwait(false);
            if (!lines.IsTooLong) return line;
            throw new MisuseException($"{file}, line {number}: the line has more than {MaximumLine} characters", "a list has a target on each line, and as many lines as one likes");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new MisuseException($"cannot read {file}: {FileText.Reason(exception)}");
        }
    }

    /// <summary>A number sign begins a comment, unless a backslash stands before it as in a zone file.</summary>
    private static string WithoutComment(string line)
    {
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '\\') i++;
            else if (line[i] == '#') return line[..i];
        }

        return line;
    }
}
