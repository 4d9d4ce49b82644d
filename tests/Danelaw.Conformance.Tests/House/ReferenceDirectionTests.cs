using System.Xml.Linq;

namespace Danelaw.Conformance.Tests.House;

/// <summary>Who may reference whom: Dns ← Dnssec ← Danelaw ← {MailKit | Operator | Monitor | Survey | Lab} ← {Cli | Daemon}.</summary>
public sealed class ReferenceDirectionTests
{
    /// <summary>Every project of <c>src</c> and all that it may name directly; an edge that is not here is an error.</summary>
    private static readonly Dictionary<string, string[]> AllowedProjects = new(StringComparer.Ordinal)
    {
        ["Danelaw.Dns"] = [],
        ["Danelaw.Dnssec"] = ["Danelaw.Dns"],
        ["Danelaw"] = ["Danelaw.Dnssec", "Danelaw.Dns"],
        ["Danelaw.Lab"] = ["Danelaw", "Danelaw.Dnssec", "Danelaw.Dns"],
        ["Danelaw.Operator"] = ["Danelaw", "Danelaw.Dnssec", "Danelaw.Dns"],
        ["Danelaw.Cli"] = ["Danelaw.Operator", "Danelaw.Lab", "Danelaw", "Danelaw.Dnssec", "Danelaw.Dns"],
    };

    private static readonly Dictionary<string, string[]> AllowedPackages = new(StringComparer.Ordinal)
    {
        ["Danelaw.Dns"] = [],
        ["Danelaw.Dnssec"] = ["BouncyCastle.Cryptography", "NSec.Cryptography"],
        ["Danelaw"] = ["BouncyCastle.Cryptography"],
        ["Danelaw.Lab"] = ["BouncyCastle.Cryptography"],
        ["Danelaw.Operator"] = ["Microsoft.Data.Sqlite", "MySqlConnector", "Npgsql", "Tomlyn"],
        ["Danelaw.Cli"] = ["System.CommandLine"],
    };

    /// <summary>Packages that only check the code at build time and are no part of what is shipped.</summary>
    private static readonly string[] BuildOnly =
        ["Microsoft.CodeAnalysis.BannedApiAnalyzers", "Microsoft.CodeAnalysis.PublicApiAnalyzers", "Microsoft.SourceLink.GitHub"];

    public static TheoryData<string> Projects()
    {
        var projects = new TheoryData<string>();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories))
            projects.Add(Path.GetFileNameWithoutExtension(file));
        return projects;
    }

    [Theory, MemberData(nameof(Projects))]
    public void A_project_references_only_the_rooms_below_it(string project) =>
        Assert.Subset(AllowedProjects[project].ToHashSet(), References(project, "ProjectReference").Select(Path.GetFileNameWithoutExtension).ToHashSet()!);

    [Theory, MemberData(nameof(Projects))]
    public void A_project_takes_only_the_packages_that_its_room_was_given(string project) =>
        Assert.Subset(AllowedPackages[project].Concat(BuildOnly).ToHashSet(), References(project, "PackageReference").ToHashSet());

    [Fact]
    public void Every_project_of_src_stands_in_the_table() =>
        Assert.Equal(AllowedProjects.Keys.Order(StringComparer.Ordinal), Projects().Select(row => row.Data).Order(StringComparer.Ordinal));

    [Fact]
    public void BouncyCastle_is_named_behind_its_seams_alone()
    {
        string[] seams = ["Danelaw.Dnssec/", "Danelaw.Lab/", "Danelaw/Probes/SecondProber/", "Danelaw/Certificates/PrivateKeys.cs", "Danelaw/Certificates/PasswordEncryption.cs"];
        var elsewhere = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !Repository.IsBuildOutput(file) && File.ReadAllText(file).Contains("Org.BouncyCastle", StringComparison.Ordinal))
            .Select(file => Path.GetRelativePath(Path.Combine(Repository.Root, "src"), file))
            .Where(file => !seams.Any(seam => file.StartsWith(seam, StringComparison.Ordinal)));
        Assert.Empty(elsewhere);
    }

    private static IEnumerable<string> References(string project, string kind) =>
        XDocument.Load(Path.Combine(Repository.Root, "src", project, project + ".csproj"))
            .Descendants(kind)
            .Select(element => element.Attribute("Include")!.Value.Replace('\\', '/'));
}
