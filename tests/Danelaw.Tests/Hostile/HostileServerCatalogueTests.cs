using System.Collections.Concurrent;
using System.Collections.Immutable;
using Danelaw.Checks;
using Danelaw.Probes;

namespace Danelaw.Tests.Hostile;

/// <summary>Every hostility of the catalogue, at a real connection: never verified, never an exception, never longer than the limits, and told as it was. <c>docs/hostile-servers.md</c> is what came of it.</summary>
public sealed class HostileServerCatalogueTests
{
    /// <summary>The most time that a probe may take; nothing here needs a second look that waits.</summary>
    private static readonly TimeSpan Limit = new TlsProberOptions().TotalTime;

    private static readonly Dictionary<string, (Dictionary<string, Cells> Services, string Second)> Page = HostileServersPage.Read();

    private static bool IsWriting => Environment.GetEnvironmentVariable("DANELAW_UPDATE_DOCS") == "1";

    public static TheoryData<int, string> Catalogue
    {
        get
        {
            var rows = new TheoryData<int, string>();
            foreach (var (index, hostility) in Hostility.All.Index()) rows.Add(index, hostility.Does);
            return rows;
        }
    }

    [Theory, MemberData(nameof(Catalogue)), Rule("R28"), Rfc(3207, "4.2"), Rfc(8446, "6.2")]
    public async Task A_server_of_the_catalogue_is_never_believed(int index, string does)
    {
        var hostility = Hostility.All[index];
        Assert.Equal(does, hostility.Does);
        foreach (var service in hostility.Usual(index))
        {
            var seen = await TryAsync(hostility, service);
            if (!IsWriting && !hostility.IsMutation) Assert.Equal((service.Schemes[0], Page[does].Services[service.Schemes[0]]), (service.Schemes[0], seen));
        }

        if (hostility.Stage == Stage.Dialogue) return;
        var second = await AskAsync(hostility);
        if (!IsWriting && !hostility.IsMutation) Assert.Equal(Page[does].Second, second);
    }

    [Fact]
    public async Task The_page_of_hostile_servers_is_what_was_seen()
    {
        if (IsWriting)
        {
            var results = new ConcurrentDictionary<Hostility, (ImmutableArray<(Service, Cells)>, string)>();
            await Parallel.ForEachAsync(Hostility.All, new ParallelOptions { MaxDegreeOfParallelism = 6, CancellationToken = TestContext.Current.CancellationToken }, async (hostility, _) =>
            {
                var rows = ImmutableArray.CreateBuilder<(Service, Cells)>();
                foreach (var service in hostility.Services) rows.Add((service, await TryAsync(hostility, service)));
                results[hostility] = (rows.ToImmutable(), hostility.Stage == Stage.Dialogue ? "" : await AskAsync(hostility));
            });
            await File.WriteAllTextAsync(HostileServersPage.File, HostileServersPage.Build(new OrderedDictionary<Hostility, (ImmutableArray<(Service, Cells)>, string)>(Hostility.All.Select(hostility => KeyValuePair.Create(hostility, results[hostility])))), TestContext.Current.CancellationToken);
            return;
        }

        // What the page says of each is held by the test above; here, that it leaves nobody out.
        Assert.Equal(Hostility.All.Select(hostility => $"{hostility.Does}: {string.Join(' ', hostility.Services.Select(service => service.Schemes[0]).Order())}"), Page.Select(row => $"{row.Key}: {string.Join(' ', row.Value.Services.Keys.Order())}"));
    }

    public static TheoryData<int, string> Leaves
    {
        get
        {
            var rows = new TheoryData<int, string>();
            foreach (var (index, hostility) in LeaveHostilities.All.Index()) rows.Add(index, hostility.Does);
            return rows;
        }
    }

    /// <summary>In TLS 1.2 what comes with the Finished may be taken for a part of the handshake, and then nothing is proven.</summary>
    [Theory, MemberData(nameof(Leaves)), Rfc(8446, "6.1")]
    public async Task What_a_server_does_once_its_key_is_proven_neither_throws_nor_lasts(int index, string does)
    {
        var hostility = LeaveHostilities.All.ElementAt(index);
        Assert.Equal(does, hostility.Does);
        foreach (var service in hostility.Usual(index))
        {
            var result = await Trial.CheckAsync(hostility, service, TestContext.Current.CancellationToken);
            var first = result.Report.Hosts[0].Endpoints.Single(endpoint => endpoint.Observation.Target.Algorithm == KeyAlgorithm.Any).Observation;
            Assert.Equal(first.Outcome == ProbeOutcome.Completed, result.Verdict == CheckVerdict.Verified);
            Assert.True(result.Passed <= Limit);
            if (does.EndsWith("(TLS 1.3)", StringComparison.Ordinal)) Assert.Equal(ProbeOutcome.Completed, first.Outcome);
        }

        var (seen, passed) = await Trial.AskAsync(hostility, ServiceTable.Of(ServiceProtocol.ImapTls), hostility.Kind, TestContext.Current.CancellationToken);
        Assert.True(seen.Outcome is ProbeOutcome.Completed or ProbeOutcome.CertificateSeen && passed <= Limit, $"{does}: {seen.Outcome}, {passed}");
    }

    private static async Task<Cells> TryAsync(Hostility hostility, Service service)
    {
        var result = await Trial.CheckAsync(hostility, service, TestContext.Current.CancellationToken);
        var host = result.Report.Hosts[0];
        var first = host.Endpoints.Single(endpoint => endpoint.Observation.Target.Algorithm == KeyAlgorithm.Any).Observation;
        var told = $"{hostility.Does} at {service.Schemes[0]}: {result.Verdict} {host.Reason}, {first.Outcome}: {first.Detail}";
        Assert.True(host.Verdict is CheckVerdict.Failing or CheckVerdict.Unreachable or CheckVerdict.Undetermined, told);
        Assert.True(result.Verdict is CheckVerdict.Failing or CheckVerdict.Undetermined, told);
        Assert.All(host.Endpoints, endpoint => Assert.True(endpoint.Observation.Outcome != ProbeOutcome.Completed || endpoint.Verdict is { IsMatch: false }, told));
        Assert.True(result.Passed <= Limit, told);
        Assert.True(first.Detail.Length <= 600 && (first.Detail.Length > 0 || hostility.HoldsItsKey), told);
        AssertTells(hostility, service, first, told);
        return Cells.Of(result);
    }

    /// <summary>What happened, and at which step.</summary>
    private static void AssertTells(Hostility hostility, Service service, Observation seen, string told)
    {
        var step = seen.Detail.Split(':')[0];
        switch (seen.Outcome)
        {
            case ProbeOutcome.Closed:
                Assert.True(seen.Detail.EndsWith("closed the connection", StringComparison.Ordinal) && HonestStep.NamesOf(service.Protocol).Contains(step) || seen.Detail == "the connection was reset at once", told);
                break;
            case ProbeOutcome.TimedOut:
                Assert.True(seen.Detail.EndsWith("no whole reply in time", StringComparison.Ordinal) && HonestStep.NamesOf(service.Protocol).Contains(step), told);
                break;
            case ProbeOutcome.ProtocolError:
                Assert.True(HonestStep.NamesOf(service.Protocol).Contains(step), told);
                break;
            case ProbeOutcome.HandshakeInterrupted or ProbeOutcome.HandshakeFailed:
                Assert.True(hostility.Stage != Stage.Dialogue || hostility.Does.Contains("octet a second", StringComparison.Ordinal), told);
                Assert.DoesNotContain("alert -1", seen.Detail, StringComparison.Ordinal);
                break;
            case ProbeOutcome.PlainTextAfterStartTls:
                Assert.True(DialogueHostilities.HasDialogue(service) && seen.Detail.StartsWith("after the consent to TLS came in plain text: ", StringComparison.Ordinal), told);
                break;
            case ProbeOutcome.StartTlsRefused:
                break;
            case ProbeOutcome.Completed or ProbeOutcome.CertificateSeen:
                Assert.True(hostility.HoldsItsKey, told);
                break;
            default:
                Assert.Fail(told);
                break;
        }
    }

    /// <summary>The second prober, at a service without a dialogue.</summary>
    private static async Task<string> AskAsync(Hostility hostility)
    {
        var (seen, passed) = await Trial.AskAsync(hostility, ServiceTable.Of(ServiceProtocol.Tls), hostility.Kind, TestContext.Current.CancellationToken);
        Assert.True(seen.Outcome != ProbeOutcome.None && (seen.Outcome != ProbeOutcome.Completed || hostility.HoldsItsKey), $"{hostility.Does}: {seen.Outcome}");
        Assert.Equal(ProberKind.BouncyCastle, seen.Prober);
        Assert.True(passed <= Limit);
        Assert.DoesNotContain("alert -1", seen.Detail, StringComparison.Ordinal);
        return hostility.IsRace ? "not completed" : Cells.Word(seen.Outcome.ToString());
    }
}
