using System.Text;
using System.Text.RegularExpressions;

namespace Danelaw.Conformance.Tests.House;

/// <summary>
/// <c>docs/findings.md</c> says code → page → test; it is made from the sources and never by hand. A page has the commands of each program that can do what it
/// asks for: which these are stands in the table here, and a code without a row is told.
/// </summary>
public sealed partial class FindingIndexTests
{
    private const string NameServers = "BIND Knot PowerDNS NSD";
    private const string Mail = "Postfix Dovecot";

    /// <summary>The commands and settings by which a program is known.</summary>
    private static readonly Dictionary<string, Regex> Words = new()
    {
        ["BIND"] = Bind(),
        ["Knot"] = Knot(),
        ["PowerDNS"] = PowerDns(),
        ["NSD"] = Nsd(),
        ["Postfix"] = Postfix(),
        ["Dovecot"] = Dovecot(),
    };

    /// <summary>Whose commands the pages owe: of the programs that can do what the page asks for. A name may end in <c>*</c>; of several that fit the longest counts.</summary>
    private static readonly (string Programs, string Codes)[] Owed =
    [
        // Records are published, changed and taken out at the name server, and the mail servers say what they show.
        ($"{NameServers} {Mail}", "TLSA-* SERVICE-*"),
        (NameServers, "TLSA-TTL-LONG TLSA-INSECURE TLSA-LOOKUP-FAILED TLSA-OWNER-TYPO TLSA-OWNER-UNUSED TLSA-SHARED MX-* SRV-* SERVER-* DNSSEC-* ZONE-* STS-RECORD TLSRPT-* ROLLOVER-OWNER-MISSING ACME-ISSUER-* ACME-KEY-CHANGES"),
        (Mail, "TLS-* ACME-LIVE-FOLDER"),
        ("BIND Knot NSD", "DNSSEC-SIGNATURE-LONG"),
        ("Postfix", "POSTFIX-* STS-OVERRIDES-DANE"),
        ("Dovecot", "DOVECOT-*"),

        // A cache forgets by itself, or when it is told to.
        ("BIND", "TLSA-DENIAL-CACHED RESOLVER-NOT-VALIDATING"),

        // What was given to danelaw, what an ACME client or a web server does, what lies between here and there, or nothing at all to do.
        ("", "MX-NO-DOMAIN DNSSEC-ANCHOR-UNSUPPORTED DNSSEC-NEGATIVE-ANCHOR SERVER-UNTESTED ACME-RENEWAL ACME-HOOK-MISSING RESOLVER-REMOTE RESOLVER-SILENT RESOLVER-TRUST-AD STS-CERTIFICATE STS-HIDES-DANE STS-MAX-AGE STS-MODE STS-MX STS-MX-CERTIFICATE STS-POLICY STS-UNREACHABLE WEB-*"),
        ("", "TLS-INJECTION TLS-RAW-KEY-* TLS-UNTESTED"),
    ];

    private static readonly string Pages = Path.Combine(Repository.Root, "docs", "findings");

    private static readonly Dictionary<string, string> Names = ReadCodes();

    private static readonly Lazy<Dictionary<string, SortedSet<string>>> NamedBy = new(Tests);

    public static TheoryData<string> Codes() => [.. Names.Keys.Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Codes))]
    public void A_page_has_commands_of_every_program_that_can_do_it(string code)
    {
        var page = Path.Combine(Pages, code + ".md");
        Assert.True(File.Exists(page), $"docs/findings/{code}.md is missing: a page with what it means, why it matters, what to do and the references");
        Assert.True(ProgramsOf(code) is not null, $"{code} has no row in the table of {nameof(FindingIndexTests)}: say of which programs its page owes commands");
        var missing = ProgramsOf(code)!.Where(program => !Words[program].IsMatch(ToDo(page)));
        Assert.True(!missing.Any(), $"docs/findings/{code}.md owes commands of {string.Join(", ", missing)} under \"What to do\"");
    }

    [Theory, MemberData(nameof(Codes))]
    public void A_code_is_named_by_a_test(string code) =>
        Assert.True(NamedBy.Value.TryGetValue(code, out var tests) && tests.Count > 0, $"no test names {code}, nor {Names[code]}: write one that shows when it is found");

    [Fact]
    public void The_index_of_findings_is_what_pages_and_tests_say()
    {
        var file = Path.Combine(Repository.Root, "docs", "findings.md");
        var index = Build();
        if (Environment.GetEnvironmentVariable("DANELAW_UPDATE_DOCS") == "1") File.WriteAllText(file, index);
        Assert.True(File.Exists(file) && index == File.ReadAllText(file), "docs/findings.md is not what the pages and the tests say; write it anew with: ./test --update-docs");
    }

    [Fact]
    public void Every_row_of_the_table_fits_a_code() =>
        Assert.All(Owed.SelectMany(row => row.Codes.Split(' ')), pattern => Assert.Contains(Names.Keys, code => Fits(pattern, code)));

    private static string[]? ProgramsOf(string code) => Owed
        .SelectMany(row => row.Codes.Split(' ').Where(pattern => Fits(pattern, code)).Select(pattern => (Pattern: pattern, row.Programs)))
        .OrderByDescending(row => row.Pattern.Length)
        .Select(row => row.Programs.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .FirstOrDefault();

    private static bool Fits(string pattern, string code) => pattern.EndsWith('*') ? code.StartsWith(pattern[..^1], StringComparison.Ordinal) : code == pattern;

    private static string ToDo(string page)
    {
        var text = File.ReadAllText(page);
        var start = text.IndexOf("\n## What to do", StringComparison.Ordinal);
        var end = text.IndexOf("\n## References", StringComparison.Ordinal);
        Assert.True(start >= 0 && end > start, $"{page} has not the sections of a page");
        return text[start..end];
    }

    private static string Build()
    {
        var page = new StringBuilder();
        page.Append("# Findings, their pages, and the tests that show them\n\n");
        page.Append("Made by `./test --update-docs` from the sources, the pages and the tests; never edited by hand. `danelaw explain CODE` shows a page.\n\n");
        page.Append("| code | what is found | commands of | tests |\n| --- | --- | --- | --- |\n");
        var tests = NamedBy.Value;
        foreach (var code in Names.Keys.Order(StringComparer.Ordinal))
        {
            var title = File.ReadLines(Path.Combine(Pages, code + ".md")).First()[(code.Length + 4)..];
            page.Append($"| [{code}](findings/{code}.md) | {title} | {string.Join(", ", ProgramsOf(code) ?? [])} | {string.Join("<br>", tests.GetValueOrDefault(code, []).Select(test => $"`{test}`"))} |\n");
        }

        return page.ToString();
    }

    /// <summary>The codes, each with the constant that holds it.</summary>
    private static Dictionary<string, string> ReadCodes()
    {
        var codes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (folder, type) in (ReadOnlySpan<(string, string)>)[("Danelaw/Checks", "FindingCodes"), ("Danelaw.Operator/Audit", "AuditCodes"), ("Danelaw.Dnssec/Checking", "ZoneFindingCodes")])
        {
            foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", folder), $"{type}*.cs"))
                foreach (Match match in Constant().Matches(File.ReadAllText(file))) codes.TryAdd(match.Groups[2].Value, $"{type}.{match.Groups[1].Value}");
        }

        return codes;
    }

    /// <summary>The tests that name a code, as it is told or by its constant.</summary>
    private static Dictionary<string, SortedSet<string>> Tests()
    {
        var byConstant = Names.ToDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);
        var tests = new Dictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        var folder = Path.Combine(Repository.Root, "tests");
        foreach (var file in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
        {
            if (Repository.IsBuildOutput(file) || Path.GetFileName(file) == $"{nameof(FindingIndexTests)}.cs") continue;
            var text = File.ReadAllText(file);
            if (!text.Contains("[Fact", StringComparison.Ordinal) && !text.Contains("[Theory", StringComparison.Ordinal) && !text.Contains("new(\"", StringComparison.Ordinal)) continue;
            foreach (Match match in Spelt().Matches(text)) if (Names.ContainsKey(match.Value)) Add(match.Value);
            foreach (Match match in Member().Matches(text)) if (byConstant.TryGetValue(match.Value, out var code)) Add(code);

            void Add(string code)
            {
                if (!tests.TryGetValue(code, out var names)) tests[code] = names = new(StringComparer.Ordinal);
                names.Add(Path.GetRelativePath(folder, file));
            }
        }

        return tests;
    }

    [GeneratedRegex("""public const string (\w+) = "([A-Z0-9]+(?:-[A-Z0-9]+)+)";""")]
    private static partial Regex Constant();

    [GeneratedRegex(@"(?<![\w-])[A-Z0-9]+(?:-[A-Z0-9]+)+(?![\w-])")]
    private static partial Regex Spelt();

    [GeneratedRegex(@"\b(?:FindingCodes|AuditCodes|ZoneFindingCodes)\.\w+")]
    private static partial Regex Member();

    [GeneratedRegex(@"\b(rndc|nsupdate|named-checkzone|named-checkconf|named\.conf|dnssec-(policy|dsfromkey|keygen|signzone|validation))\b")]
    private static partial Regex Bind();

    [GeneratedRegex(@"\b(knotc|keymgr|kzonecheck|dnssec-signing)\b")]
    private static partial Regex Knot();

    [GeneratedRegex(@"\b(pdnsutil|pdns_control|pdns\.conf)\b")]
    private static partial Regex PowerDns();

    [GeneratedRegex(@"\b(nsd-control|nsd-checkzone|nsd-checkconf|nsd\.conf)\b")]
    private static partial Regex Nsd();

    [GeneratedRegex(@"\b(postconf|postfix (reload|tls|check|start|status|stop)|postmap|smtpd?_[a-z0-9_]+|main\.cf|master\.cf)\b")]
    private static partial Regex Postfix();

    [GeneratedRegex(@"\b(doveconf|doveadm|dovecot\.conf)\b")]
    private static partial Regex Dovecot();
}
