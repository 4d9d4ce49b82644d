using System.Text.RegularExpressions;
using Danelaw.Operator.Rollover.Acting;

namespace Danelaw.Operator.Tests.Rollover.Running;

/// <summary>The named points at which a run can be made to die are those that the code passes.</summary>
public sealed partial class FaultPointTests
{
    private static string Source => string.Join('\n', Directory.EnumerateFiles(Repository.Root + "/src/Danelaw.Operator", "*.cs", SearchOption.AllDirectories).Where(path => !path.Contains("/obj/", StringComparison.Ordinal)).Select(File.ReadAllText));

    [Fact]
    public void Every_point_that_a_roll_passes_has_a_name_and_every_name_is_passed() =>
        Assert.Equal(FaultPoints.All.Order(StringComparer.Ordinal), Literals(RollPoint()));

    [Fact]
    public void Every_point_that_a_setup_passes_has_a_name_and_every_name_is_passed() =>
        Assert.Equal(FaultPoints.OfSetup.Order(StringComparer.Ordinal), Literals(SetupPoint()));

    /// <summary>The texts in each call.</summary>
    private static IEnumerable<string> Literals(Regex call) =>
        call.Matches(Source).SelectMany(match => Literal().Matches(match.Value)).Select(match => match.Groups[1].Value).Distinct().Order(StringComparer.Ordinal);

    [GeneratedRegex("""aults\.Reach\([^)]*\)""", RegexOptions.CultureInvariant)]
    private static partial Regex RollPoint();

    [GeneratedRegex("""\b(mark|Reached|Mark)\("[^)]*\)""", RegexOptions.CultureInvariant)]
    private static partial Regex SetupPoint();

    [GeneratedRegex("\"([a-z -]+)\"", RegexOptions.CultureInvariant)]
    private static partial Regex Literal();
}
