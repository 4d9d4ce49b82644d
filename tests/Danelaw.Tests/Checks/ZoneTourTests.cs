using System.Collections.Concurrent;
using System.Text;
using Danelaw.Checks;
using Danelaw.Checks.Recording;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Resolution;
using Danelaw.Probes;
using Danelaw.Servers;
using Danelaw.Tests.Checks.Recording;

namespace Danelaw.Tests.Checks;

/// <summary>The name servers of the zones on the way of a check: the lab's, over real sockets, and ways there that are closed.</summary>
public sealed class ZoneTourTests(RecordingTests.World world) : IClassFixture<RecordingTests.World>
{
    private static readonly CheckTarget Good = CheckTarget.MailDomain(DomainName.Parse("good.lab"));

    private static readonly string[] ServerCodes = [.. typeof(FindingCodes).GetFields().Select(field => (string)field.GetRawConstantValue()!).Where(code => code.StartsWith("SERVER-", StringComparison.Ordinal))];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sound_servers_are_told_as_sound_and_nothing_else()
    {
        var (report, _) = await CheckAsync(Good, world.Transport);

        Assert.Equal(CheckVerdict.Verified, report.Verdict);
        var zone = Assert.Single(report.Zones);
        Assert.Equal(DomainName.Parse("good.lab"), zone.Evidence.Zone);
        Assert.Equal(["good.lab. MX", "mx.good.lab. A", "mx.good.lab. AAAA", "_25._tcp.mx.good.lab. TLSA"], zone.Evidence.Questions.Select(question => $"{question.Name} {question.Type}"));
        var row = Assert.Single(zone.Rows);
        Assert.True(row.IsAsked);
        Assert.NotNull(row.Serial);
        Assert.Empty(row.Faults);
        Assert.DoesNotContain(report.Findings, finding => ServerCodes.Contains(finding.Code));
    }

    [Fact]
    public async Task Whatever_the_servers_say_the_verdict_is_the_same_and_kept_evidence_says_it_byte_for_byte()
    {
        foreach (var domain in world.Lab.Domains)
        {
            var target = CheckTarget.MailDomain(domain.Name);
            var (report, recording) = await CheckAsync(target, world.Transport);

            Assert.Equal((domain.Name, domain.Verdict), (domain.Name, report.Verdict));
            var loaded = Load(Save(recording));
            Assert.Equal(ReportText.Of(report), ReportText.Of(await loaded.ReplayAsync(cancellationToken: Cancelled)));
            Assert.Equal(Save(recording), Save(loaded));
        }
    }

    [Theory]
    [InlineData(ExchangeOutcome.Unreachable)]
    [InlineData(ExchangeOutcome.TimedOut)]
    public async Task Where_port_53_is_closed_to_this_machine_one_note_says_so(ExchangeOutcome outcome)
    {
        var (report, recording) = await CheckAsync(Good, new Scripted(query => new(query, outcome, Detail: "as scripted")));

        AssertUntested(report);
        Assert.Equal(ReportText.Of(report), ReportText.Of(await Load(Save(recording)).ReplayAsync(cancellationToken: Cancelled)));
    }

    [Fact]
    public async Task Where_somebody_in_between_answers_in_the_servers_place_one_note_says_so()
    {
        // As a resolver to which a network leads all of port 53: nothing that it says is authoritative.
        var (report, _) = await CheckAsync(Good, new Scripted(_ => null, world.Transport, message => message with { Flags = message.Flags & ~MessageFlags.AuthoritativeAnswer }));

        AssertUntested(report);
    }

    [Fact]
    public async Task Where_nobody_says_anything_a_check_is_not_kept_waiting()
    {
        var begun = TimeProvider.System.GetTimestamp();

        var (report, recording) = await CheckAsync(Good, new Mute(), world.ServerOptions with { TimeLimit = TimeSpan.FromSeconds(15) });

        AssertUntested(report);
        Assert.InRange(TimeProvider.System.GetElapsedTime(begun), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));
        Assert.Equal(ReportText.Of(report), ReportText.Of(await Load(Save(recording)).ReplayAsync(cancellationToken: Cancelled)));
    }

    [Fact]
    public async Task A_zone_whose_servers_stall_until_the_time_is_over_is_told_as_not_asked_to_the_end()
    {
        var stalling = new Mute(world.Transport, query => query.Question.Type == RecordType.TLSA);

        var (report, recording) = await CheckAsync(Good, stalling, world.ServerOptions with { TimeLimit = TimeSpan.FromSeconds(6) });

        Assert.Equal(CheckVerdict.Verified, report.Verdict);
        var finding = Assert.Single(report.Findings, one => ServerCodes.Contains(one.Code));
        Assert.Equal((FindingCodes.ServerUntested, Severity.Note), (finding.Code, finding.Severity));
        Assert.Empty(Assert.Single(report.Zones).Rows);
        Assert.Equal(ReportText.Of(report), ReportText.Of(await Load(Save(recording)).ReplayAsync(cancellationToken: Cancelled)));
    }

    [Fact]
    public async Task A_server_that_stalls_where_others_answer_is_told_and_not_waited_for()
    {
        var stalling = new HurriedTransport(new Mute(world.Transport, query => query.Question.Type == RecordType.TLSA), TimeProvider.System);

        // By itself it would stall until the time is over.
        var (report, recording) = await CheckAsync(Good, stalling, world.ServerOptions with { TimeLimit = TimeSpan.FromMinutes(10) });

        Assert.Equal(CheckVerdict.Verified, report.Verdict);
        var finding = Assert.Single(report.Findings, one => ServerCodes.Contains(one.Code));
        Assert.Equal((FindingCodes.ServerTypeDropped, Severity.Error), (finding.Code, finding.Severity));
        Assert.Equal(ReportText.Of(report), ReportText.Of(await Load(Save(recording)).ReplayAsync(cancellationToken: Cancelled)));
    }

    [Fact]
    public async Task A_server_that_drops_TLSA_is_told_beside_the_verdict()
    {
        var dropping = new Scripted(query => query.Question.Type == RecordType.TLSA ? new Exchange(query, ExchangeOutcome.TimedOut, Detail: "as scripted") : null, world.Transport);

        var (report, recording) = await CheckAsync(Good, dropping);

        Assert.Equal(CheckVerdict.Verified, report.Verdict);
        var finding = Assert.Single(report.Findings, one => ServerCodes.Contains(one.Code));
        Assert.Equal((FindingCodes.ServerTypeDropped, Severity.Error), (finding.Code, finding.Severity));
        Assert.Contains("_25._tcp.mx.good.lab TLSA", finding.Text, StringComparison.Ordinal);
        Assert.Equal(ReportText.Of(report), ReportText.Of(await Load(Save(recording)).ReplayAsync(cancellationToken: Cancelled)));
    }

    [Fact]
    public async Task A_lookup_that_failed_leads_to_what_the_servers_do_with_that_question()
    {
        var (report, recording) = await CheckAsync(CheckTarget.MailDomain(DomainName.Parse("mx-servfail.lab")), world.Transport);

        var cause = Assert.Single(report.Findings, one => one.Code == FindingCodes.ServerTypeDropped);
        Assert.StartsWith($"Mend first what is told of {cause.Subject} (SERVER-TYPE-DROPPED). ", Assert.Single(report.Findings, one => one.Code == FindingCodes.MxLookupFailed).Mend, StringComparison.Ordinal);
        Assert.Equal(ReportText.Of(report), ReportText.Of(await Load(Save(recording)).ReplayAsync(cancellationToken: Cancelled)));
    }

    [Fact]
    public async Task Evidence_from_before_servers_were_asked_asks_none()
    {
        var (report, recording) = await CheckRecording.CheckAsync(Good, world.Transport, world.Prober, null, world.Resolver, world.Options, TimeProvider.System, null, Cancelled);

        Assert.Empty(report.Zones);
        Assert.Null(recording.Servers);
        Assert.DoesNotContain("\"servers\"", Save(recording), StringComparison.Ordinal);
        Assert.Empty((await Load(Save(recording)).ReplayAsync(cancellationToken: Cancelled)).Zones);
    }

    [Fact]
    public async Task A_zone_that_is_broken_is_found_by_the_zone_above_and_its_servers_are_asked()
    {
        var (report, _) = await CheckAsync(CheckTarget.MailDomain(DomainName.Parse("wrong-ds.lab")), world.Transport);

        Assert.Equal(CheckVerdict.Undetermined, report.Verdict);
        var zone = Assert.Single(report.Zones);
        Assert.True(zone.Evidence.IsDelegation);
        Assert.Equal(DomainName.Parse("wrong-ds.lab"), zone.Evidence.Zone);
    }

    [Fact]
    public async Task The_servers_above_are_left_alone_where_there_is_no_such_domain()
    {
        var counting = new Scripted(_ => null, world.Transport);

        var (report, _) = await CheckAsync(CheckTarget.MailDomain(DomainName.Parse("no-such-domain.lab")), counting);

        Assert.Equal(CheckReason.NoSuchDomain, report.Reason);
        Assert.Empty(counting.Carried);
    }

    [Fact]
    public async Task The_servers_of_many_domains_of_a_run_are_asked_each_thing_once()
    {
        var counting = new Scripted(_ => null, world.Transport);
        var resolver = new Resolver(world.Transport, world.Resolver, TimeProvider.System);
        var survey = new ServerSurvey(resolver, new SharedTransport(counting, TimeProvider.System, TimeSpan.FromMinutes(10)), TimeProvider.System) { ConnectTo = world.ServerOptions.ConnectTo };
        var prober = new PoliteProber(world.Prober, TimeProvider.System, new());

        await Parallel.ForEachAsync(Enumerable.Range(0, 100), Cancelled, async (_, stop) =>
        {
            var report = await new DaneChecker(resolver, prober, world.ServerOptions, TimeProvider.System) { Servers = survey }.CheckAsync(Good, null, stop);
            Assert.Single(report.Zones);
        });

        Assert.NotEmpty(counting.Carried);
        Assert.Equal(counting.Carried.Distinct().Count(), counting.Carried.Count);
    }

    private static void AssertUntested(CheckReport report)
    {
        Assert.Equal(CheckVerdict.Verified, report.Verdict);
        var finding = Assert.Single(report.Findings, one => ServerCodes.Contains(one.Code));
        Assert.Equal((FindingCodes.ServerUntested, Severity.Note, "good.lab"), (finding.Code, finding.Severity, finding.Subject));
        Assert.Contains("--no-servers", finding.Mend, StringComparison.Ordinal);
        Assert.All(report.Zones.SelectMany(zone => zone.Rows), row => Assert.False(row.IsAsked));
    }

    private Task<(CheckReport Report, CheckRecording Recording)> CheckAsync(CheckTarget target, IDnsTransport servers, CheckOptions? options = null) =>
        CheckRecording.CheckAsync(target, world.Transport, world.Prober, servers, world.Resolver, options ?? world.ServerOptions, TimeProvider.System, null, Cancelled);

    private static string Save(CheckRecording recording)
    {
        using var stream = new MemoryStream();
        recording.Save(stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static CheckRecording Load(string text) => CheckRecording.TryLoad(new MemoryStream(Encoding.UTF8.GetBytes(text)), out var recording, out var fault) ? recording : throw new FormatException(fault);

    /// <summary>Answers as it is told, and asks another for what it is told nothing of.</summary>
    private sealed class Scripted(Func<DnsQuery, Exchange?> answer, IDnsTransport? inner = null, Func<DnsMessage, DnsMessage>? rewrite = null) : IDnsTransport
    {
        internal ConcurrentQueue<DnsQuery> Carried { get; } = [];

        public async ValueTask<Exchange> ExchangeAsync(DnsQuery query, CancellationToken cancellationToken = default)
        {
            Carried.Enqueue(query);
            if (answer(query) is { } scripted) return scripted;
            var exchange = await inner!.ExchangeAsync(query, cancellationToken);
            if (rewrite is null || exchange.Message is not { } message) return exchange;
            var other = rewrite(message);
            return exchange with { Message = other, Reply = new(other.Write()) };
        }
    }

    /// <summary>Never answers what it is told to be silent on.</summary>
    private sealed class Mute(IDnsTransport? inner = null, Func<DnsQuery, bool>? isMute = null) : IDnsTransport
    {
        public async ValueTask<Exchange> ExchangeAsync(DnsQuery query, CancellationToken cancellationToken = default)
        {
            if (inner is not null && !isMute!(query)) return await inner.ExchangeAsync(query, cancellationToken);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            throw new InvalidOperationException("nobody answers here");
        }
    }
}
