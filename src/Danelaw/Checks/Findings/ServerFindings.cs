using System.Collections.Immutable;
using System.Globalization;
using Danelaw.Dnssec.Resolution;
using Danelaw.Servers;

namespace Danelaw.Checks.Findings;

/// <summary>What the name servers of the zones on the way told, beside the verdict.</summary>
internal static class ServerFindings
{
    internal static IEnumerable<Finding> Of(TargetSubject subject)
    {
        foreach (var finding in subject.Zones.SelectMany(Of)) yield return finding;
        if (subject.Evidence.Servers is { } tour && Untested(tour) is { Length: > 0 } text)
            yield return new(FindingCodes.ServerUntested, Severity.Note, subject.Evidence.Target.Text, text + " That says nothing of them.", "Run the check from where UDP and TCP port 53 lead to the servers, or with --no-servers to leave them alone.");
    }

    /// <summary>What is told of the servers of the zone that holds a name, where that explains why a lookup there failed: what they do with that question, or all of them with every question; null for nothing.</summary>
    internal static Finding? CauseOf(Answer failed, ImmutableArray<ServerReport> zones)
    {
        if (CheckBudget.IsSpent(failed) || zones.Where(zone => zone.Evidence.Zone is { } apex && failed.Question.Name.IsAtOrBelow(apex)).MaxBy(zone => zone.Evidence.Zone!.Value.LabelCount) is not { } zone) return null;
        var told = OfAddresses(zone).ToArray();
        var cause = told.FirstOrDefault(one => one.Of[0].IsAbout(failed.Question) && one.Told.Severity == Severity.Error);
        if (cause.Told is null) cause = told.FirstOrDefault(one => one.Of[0].About == default && WholeCauses.Contains(one.Told.Code) && one.Of.Length == zone.Rows.Count(row => row.IsAsked));
        return cause.Told;
    }

    /// <summary>What spoils every answer of a server.</summary>
    private static readonly string[] WholeCauses = [FindingCodes.ServerUnreachable, FindingCodes.ServerLame, FindingCodes.ServerUnsigned, FindingCodes.ServerBogus, FindingCodes.DnssecDsMismatch];

    private static IEnumerable<Finding> Of(ServerReport zone)
    {
        foreach (var (_, told) in OfAddresses(zone)) yield return told;

        // What is of the zone and of none of its addresses.
        foreach (var finding in zone.Findings.Except(zone.Rows.SelectMany(row => row.Findings).Select(finding => finding.ToFinding()))) yield return finding;
    }

    /// <summary>Addresses of a zone that do the same are one finding.</summary>
    private static IEnumerable<(ServerFinding[] Of, Finding Told)> OfAddresses(ServerReport zone)
    {
        foreach (var group in zone.Rows.SelectMany(row => row.Findings).GroupBy(finding => (finding.Code, finding.Severity, finding.Text, finding.Mend)))
        {
            var all = group.ToArray();
            var one = all[0].ToFinding();
            yield return (all, all.Length == 1 ? one : one with { Subject = Say.Name(zone.Evidence.Zone!.Value), Text = $"{one.Text} The same holds for {Say.List(all[1..].Select(other => other.Who))}." });
        }
    }

    private static string Untested(ServerTour tour)
    {
        var told = new List<string>();
        var zones = tour.Zones.Where(zone => !zone.Addresses.IsEmpty).Select(zone => Say.Name(zone.Zone!.Value)).ToArray();
        if (zones.Length > 0 && !tour.IsAnyReached)
            return string.Create(CultureInfo.InvariantCulture, $"Nothing at port 53 of the name servers of {Say.List(zones)} answers this machine for them ({Count(tour.AddressesOutOfReach)}), so they were not tested: it may be closed here, or somebody on the way may answer in their place.");
        if (tour.AddressesOutOfReach is > 0 and var count)
            told.Add(string.Create(CultureInfo.InvariantCulture, $"{Count(count)} of name servers, all there are of that family, cannot be reached from this machine and were not tested."));
        if (tour.IsCutShort) told.Add("The name servers could not be tested in the time for the check.");
        if (tour.Zones.Where(zone => zone.IsCutShort).Select(zone => Say.Name(zone.Zone!.Value)).ToArray() is { Length: > 0 } cut) told.Add($"The name servers of {Say.List(cut)} could not be asked to the end in the time for the check.");
        if (tour.ZonesLeftOut > 0) told.Add(string.Create(CultureInfo.InvariantCulture, $"The name servers of {tour.ZonesLeftOut} more {(tour.ZonesLeftOut == 1 ? "zone" : "zones")} were left out."));
        return string.Join(' ', told);
    }

    private static string Count(int addresses) => string.Create(CultureInfo.InvariantCulture, $"{addresses} {(addresses == 1 ? "address" : "addresses")}");
}
