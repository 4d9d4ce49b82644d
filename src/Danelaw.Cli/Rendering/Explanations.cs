using System.Collections.Immutable;

namespace Danelaw.Cli.Rendering;

/// <summary>What a code means.</summary>
/// <param name="Code">The code as results spell it.</param>
/// <param name="Kind">The list that it is on, in the plural.</param>
/// <param name="Title">It in one line.</param>
/// <param name="Markdown">The whole text.</param>
internal sealed record Explanation(string Code, string Kind, string Title, string Markdown);

/// <summary>The pages of <c>docs/findings</c>, which are part of the command.</summary>
internal static class Explanations
{
    public const string Findings = "findings";

    public const string Rules = "protocol rules";

    public const string Checks = "verdicts and reasons of checks";

    public const string Lookups = "reasons of lookups";

    public const string Chains = "reasons of certificate chains";

    public const string Records = "states of records, and why one is unusable";

    public const string Senders = "what a sender does";

    private const string Folder = "findings/";

    /// <summary>The files of reasons: sections of one code each, and the list's name.</summary>
    private static readonly (string File, string Kind)[] ReasonFiles =
    [
        ("reasons/check", Checks),
        ("reasons/lookup", Lookups),
        ("reasons/chain", Chains),
        ("reasons/record", Records),
        ("reasons/endpoint", "results of endpoints"),
        ("reasons/sender", Senders),
        ("reasons/ede", "extended DNS errors"),
    ];

    /// <summary>Everything, findings first, each list in the order of its file.</summary>
    public static ImmutableArray<Explanation> All { get; } = Load();

    /// <summary>What the code means, in any case: the finding's page, or else every reason of that name (lists may share one).</summary>
    public static IReadOnlyList<Explanation> Find(string code)
    {
        // The number alone will do: lookup gives it so.
        if (int.TryParse(code, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number)) code = $"ede-{number}";
        Explanation[] found = [.. All.Where(one => one.Code.Equals(code, StringComparison.OrdinalIgnoreCase))];
        return found.Length > 0 && found[0].Kind == Findings ? found[..1] : found;
    }

    /// <summary>A word of a closed list as people say it: the title of its section; the word itself where it has none.</summary>
    /// <param name="code">The word as JSON has it.</param>
    /// <param name="kind">The list.</param>
    public static string InWords(string code, string kind) => All.FirstOrDefault(one => one.Kind == kind && one.Code == code)?.Title ?? code;

    private static ImmutableArray<Explanation> Load()
    {
        var assembly = typeof(Explanations).Assembly;
        var all = ImmutableArray.CreateBuilder<Explanation>();
        foreach (var resource in assembly.GetManifestResourceNames().Order(StringComparer.Ordinal))
        {
            if (!resource.StartsWith(Folder, StringComparison.Ordinal) || resource.IndexOf('/', Folder.Length) >= 0) continue;
            var text = Read(resource);
            var title = text.AsSpan(0, text.IndexOf('\n')).TrimStart("# ");
            var colon = title.IndexOf(':');
            all.Add(new(resource[Folder.Length..], Findings, title[(colon + 1)..].Trim().ToString(), text));
        }

        foreach (var (file, kind) in ReasonFiles)
        {
            foreach (var section in Read(Folder + file).Split("\n## ").Skip(1))
            {
                var end = section.IndexOf('\n');
                var heading = section[..end].Split(':', 2);
                all.Add(new(heading[0].Trim(), kind, heading[^1].Trim(), $"# {section.TrimEnd()}\n"));
            }
        }

        all.AddRange(ReadRules());
        return all.ToImmutable();
    }

    /// <summary>The rows of <c>docs/rules.md</c>: <c>| R28 | statement | source |</c>; sources say 7672 s2.2 for RFC 7672 §2.2.</summary>
    private static IEnumerable<Explanation> ReadRules()
    {
        foreach (var line in Read("rules").Split('\n'))
        {
            var cells = line.Split('|', StringSplitOptions.TrimEntries);
            if (cells is not ["", ['R', >= '0' and <= '9', ..] code, var statement, var source, ""]) continue;
            var from = source.Length > 0 && char.IsAsciiDigit(source[0]) ? "RFC " + source.Replace("; ", "; RFC ", StringComparison.Ordinal).Replace(" s", " §", StringComparison.Ordinal) : source;
            yield return new(code, Rules, statement, $"# {code}: {statement}\n\nOne of the rules that danelaw is held to. Source: {from}.\n");
        }
    }

    private static string Read(string resource)
    {
        using var stream = typeof(Explanations).Assembly.GetManifestResourceStream(resource) ?? throw new InvalidOperationException($"the command was built without {resource}");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
