using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Danelaw.Probes;

namespace Danelaw.Tests.Hostile;

/// <summary>What came of one hostility at one service, as the page has it.</summary>
/// <param name="Verdict">The check's verdict.</param>
/// <param name="Code">The finding that tells what happened.</param>
/// <param name="After">How long the check took, by the clock that the server moves.</param>
internal sealed record Cells(string Verdict, string Code, string After)
{
    internal static Cells Of(TrialResult result) => new(Word(result.Verdict.ToString()), result.Finding?.Code ?? "", result.Time);

    /// <summary>A name of many words in lower case.</summary>
    internal static string Word(string name) => string.Concat(name.Select((letter, i) => char.IsUpper(letter) ? (i > 0 ? " " : "") + char.ToLowerInvariant(letter) : letter.ToString()));
}

/// <summary><c>docs/hostile-servers.md</c>: every hostility, and what came of it.</summary>
internal static class HostileServersPage
{
    internal static string File { get; } = Path.Combine(Repository.Root, "docs", "hostile-servers.md");

    private const string LastHeading = "asked for one kind of key";

    /// <summary>Many services at once, as the page calls them.</summary>
    private static readonly ImmutableArray<(string Name, ImmutableArray<string> Schemes)> Groups =
    [
        ("every service", SchemesOf(_ => true)),
        ("every service with STARTTLS", SchemesOf(DialogueHostilities.HasDialogue)),
        ("every service with TLS at once", SchemesOf(service => !DialogueHostilities.HasDialogue(service))),
    ];

    /// <summary>Reads the page: for each hostility what it says of each service, and of the second prober.</summary>
    internal static Dictionary<string, (Dictionary<string, Cells> Services, string Second)> Read()
    {
        var page = new Dictionary<string, (Dictionary<string, Cells>, string)>(StringComparer.Ordinal);
        if (!System.IO.File.Exists(File)) return page;
        var (services, second, does) = (new Dictionary<string, Cells>(), "", "");
        foreach (var columns in System.IO.File.ReadLines(File).Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Select(line => line[2..^2].Split(" | ")).Where(columns => columns.Length == 6 && columns[5] != LastHeading && columns[5] != "---"))
        {
            if (columns[0].Length > 0) (services, second, does) = ([], columns[5], columns[0]);
            foreach (var service in ServicesOf(columns[1])) services[service] = new(columns[2], columns[3].Length > 0 ? columns[3].Split('[', ']')[1] : "", columns[4]);
            page[does] = (services, second);
        }

        return page;
    }

    /// <summary>Writes the page from what was tried.</summary>
    internal static string Build(IReadOnlyDictionary<Hostility, (ImmutableArray<(Service Service, Cells Cells)> Rows, string Second)> results)
    {
        var page = new StringBuilder();
        page.Append("# Hostile servers, and what Danelaw makes of them\n\n");
        page.Append("Made by `./test --update-docs` from what `tests/Danelaw.Tests/Hostile` saw; never edited by hand. Each hostility is played by a real server at every service of `danelaw check` where it can be played (certificates, which are the same everywhere, at four; the mutations of one go round all), against a whole check of it: ");
        page.Append(CultureInfo.InvariantCulture, $"{results.Count} hostilities, {results.Values.Sum(result => result.Rows.Length)} checks. The host's TLSA records are those that a checker which believes the server would call verified.\n\n");
        page.Append("No check ends with \"verified\", none throws, and none lasts longer than its limits. *After*: how long it takes, by a clock that the server moves; \"at once\" is without any wait. An empty first column: the same hostility at other services.\n\n");
        page.Append("The last column: what is seen of the same server by the second prober, which asks for one kind of key (docs/decisions/0260). It is a note beside the verdict on what the server shows unasked; \"certificate seen\" means that nothing proves the key, so that a match is worth nothing.\n");
        foreach (var stage in Enum.GetValues<Stage>().Where(stage => results.Keys.Any(hostility => hostility.Stage == stage)))
        {
            page.Append(CultureInfo.InvariantCulture, $"\n## {Title(stage)}\n\n| a server that … | services | verdict | finding | after | {LastHeading} |\n| --- | --- | --- | --- | --- | --- |\n");
            foreach (var (hostility, (rows, second)) in results.Where(result => result.Key.Stage == stage))
            {
                var does = hostility.Does;
                foreach (var alike in rows.GroupBy(row => row.Cells))
                {
                    page.Append(CultureInfo.InvariantCulture, $"| {does} | {Text([.. alike.Select(row => row.Service.Schemes[0])])} | {alike.Key.Verdict} | {(alike.Key.Code.Length > 0 ? $"[{alike.Key.Code}](findings/{alike.Key.Code}.md)" : "")} | {alike.Key.After} | {(does.Length > 0 ? second : "")} |\n");
                    does = "";
                }
            }
        }

        return page.ToString();
    }

    private static string Text(ImmutableArray<string> schemes) => Groups.FirstOrDefault(group => group.Schemes.SequenceEqual(schemes)).Name ?? string.Join(' ', schemes);

    private static ImmutableArray<string> ServicesOf(string text) => Groups.FirstOrDefault(group => group.Name == text) is { Name: not null } group ? group.Schemes : [.. text.Split(' ')];

    private static ImmutableArray<string> SchemesOf(Func<Service, bool> isMeant) => [.. ServiceTable.All.Where(isMeant).Select(service => service.Schemes[0])];

    private static string Title(Stage stage) => stage switch
    {
        Stage.Dialogue => "Before TLS",
        Stage.Handshake => "In the handshake",
        Stage.Certificate => "Certificates",
        Stage.Leave => throw new ArgumentOutOfRangeException(nameof(stage)),
    };
}
