using System.Text;
using System.Text.Json.Nodes;
using Danelaw.Checks;
using Danelaw.Checks.Recording;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dns.Zones;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Validation;
using Danelaw.Lab;
using Danelaw.Probes;

namespace Danelaw.Tests.Checks.Recording;

/// <summary>Recordings of checks of the lab's domains: by its DNS server, its mail servers, over real sockets.</summary>
public sealed class RecordingTests(RecordingTests.World world) : IClassFixture<RecordingTests.World>
{
    [Fact]
    public async Task A_replay_gives_the_same_report_for_every_domain_of_the_lab()
    {
        foreach (var domain in world.Lab.Domains)
        {
            var (report, recording) = await world.CheckAsync(domain.Name);

            Assert.Equal(domain.Verdict, report.Verdict);
            var loaded = Load(Save(recording));
            Assert.Equal(ReportText.Of(report), ReportText.Of(await loaded.ReplayAsync(cancellationToken: TestContext.Current.CancellationToken)));
            Assert.Equal(Save(recording), Save(loaded));
        }
    }

    [Theory]
    [InlineData("half-dual.lab")]
    [InlineData("no-starttls.lab")]
    public void A_recording_of_an_earlier_version_is_kept_as_it_was(string name)
    {
        var text = File.ReadAllText(Repository.Corpus("recordings", name + ".json"));

        Assert.Equal(text, Save(Load(text)));
    }

    [Fact]
    public async Task A_recording_says_which_kinds_of_key_were_asked_for_and_without_a_word_they_were_RSA_and_ECDSA()
    {
        var (_, recording) = await world.CheckAsync(DomainName.Parse("good.lab"));
        var earlier = Load(File.ReadAllText(Repository.Corpus("recordings", "half-dual.lab.json")));

        Assert.Equal([KeyAlgorithm.Rsa, KeyAlgorithm.Ecdsa, KeyAlgorithm.Eddsa], Load(Save(recording)).Options.KeyAlgorithms);
        Assert.Equal([KeyAlgorithm.Rsa, KeyAlgorithm.Ecdsa], earlier.Options.KeyAlgorithms);
        Assert.Equal(CheckReason.NoEndpointTested, (await (earlier with { Observations = earlier.Observations.RemoveAll(seen => seen.Target.Algorithm != KeyAlgorithm.Any) }).ReplayAsync(cancellationToken: TestContext.Current.CancellationToken)).Hosts[0].Reason);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Every_certificate_to_come_is_kept_and_one_alone_as_earlier_versions_had_it(int count)
    {
        var (_, recording) = await world.CheckAsync(DomainName.Parse("good.lab"));
        Octets[] next = [Octets.Copy([0x30, 0x01]), Octets.Copy([0x30, 0x02])];
        var saved = Save(recording with { Options = recording.Options with { Next = [.. next.Take(count)] } });

        Assert.Equal(next.Take(count), Load(saved).Options.Next);
        Assert.Equal(count == 1, saved.Contains("\"next\": \"MAE=\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("\"Any\"")]
    [InlineData("\"Rsa\", \"Rsa\"")]
    [InlineData("\"Dsa\"")]
    [InlineData("1")]
    public void Kinds_of_key_that_are_none_are_refused(string kinds)
    {
        var text = File.ReadAllText(Repository.Corpus("recordings", "half-dual.lab.json")).Replace("\"families\"", $"\"keyAlgorithms\": [{kinds}], \"families\"", StringComparison.Ordinal);

        Assert.False(CheckRecording.TryLoad(new MemoryStream(Encoding.UTF8.GetBytes(text)), out _, out var fault));
        Assert.Contains("keyAlgorithms", fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_probe_asked_and_how_it_saw_is_kept_too()
    {
        var (_, recording) = await world.CheckAsync(DomainName.Parse("good.lab"));
        var seen = recording.Observations[0];
        var told = seen with
        {
            Target = seen.Target with { Protocol = ServiceProtocol.XmppClient, ServiceName = DomainName.Parse("good.lab"), RawPublicKey = true },
            Prober = ProberKind.BouncyCastle,
            RawPublicKey = Octets.Copy([0x30, 0x01]),
        };

        var loaded = Load(Save(recording with { Observations = [seen, told] })).Observations;

        Assert.Equal([seen.Target, told.Target], loaded.Select(observation => observation.Target));
        Assert.Equal((told.Prober, told.RawPublicKey), (loaded[1].Prober, loaded[1].RawPublicKey));
        Assert.Equal((ProberKind.SslStream, default), (loaded[0].Prober, loaded[0].RawPublicKey));
    }

    [Fact]
    public async Task What_was_said_to_be_spoken_at_a_port_is_kept_with_the_target()
    {
        Assert.True(CheckTarget.TryParse("mx.good.lab:2525", ServiceProtocol.Smtp, out var target, out _));
        var (report, recording) = await CheckRecording.CheckAsync(target, world.Transport, world.Prober, null, world.Resolver, world.Options, TimeProvider.System, null, TestContext.Current.CancellationToken);

        var loaded = Load(Save(recording));

        Assert.Equal(target, loaded.Target);
        Assert.Equal(ReportText.Of(report), ReportText.Of(await loaded.ReplayAsync(cancellationToken: TestContext.Current.CancellationToken)));
    }

    [Theory]
    [InlineData("_submission._tcp.submission.lab", false)]
    [InlineData("submission://submission.lab", true)]
    public async Task A_service_that_SRV_records_lead_to_is_kept_with_them(string text, bool asksSrv)
    {
        CheckTarget? target;
        Assert.True(asksSrv ? CheckTarget.TryParseSrv(text, out target, out _) : CheckTarget.TryParse(text, out target, out _));
        Assert.True(ConnectToRule.TryParse($":587::{world.Lab.MailPort}", out var rule, out _));
        var (report, recording) = await CheckRecording.CheckAsync(target!, world.Transport, world.Prober, null, world.Resolver, world.Options with { ConnectTo = [rule] }, TimeProvider.System, null, TestContext.Current.CancellationToken);

        Assert.Equal((CheckVerdict.Verified, (ushort)587), (report.Verdict, Assert.Single(report.Hosts).Port));
        var loaded = Load(Save(recording));
        Assert.Equal(target, loaded.Target);
        Assert.Equal(ReportText.Of(report), ReportText.Of(await loaded.ReplayAsync(cancellationToken: TestContext.Current.CancellationToken)));
        Assert.Equal(Save(recording), Save(loaded));
    }

    [Fact]
    public async Task One_look_at_an_endpoint_is_kept_however_many_names_lead_there()
    {
        var target = (await world.CheckAsync(DomainName.Parse("good.lab"))).Recording.Observations[0].Target;
        var looks = 0;
        var prober = new RecordingProber(new Counted(() => new() { Target = target, Detail = $"look {++looks}" }));

        var first = await prober.ProbeAsync(target, TestContext.Current.CancellationToken);
        var second = await prober.ProbeAsync(target, TestContext.Current.CancellationToken);

        Assert.Equal("look 1", first.Detail);
        Assert.Same(first, second);
        Assert.Same(first, Assert.Single(prober.Observations));
        Assert.Equal(1, looks);
    }

    [Theory]
    [InlineData("mistyped.lab", FindingCodes.TlsaOwnerTypo)]
    [InlineData("wildcard.lab", null)]
    public async Task What_stands_where_nobody_asks_replays_as_it_was(string name, string? code)
    {
        var (report, recording) = await CheckRecording.CheckAsync(CheckTarget.MailDomain(DomainName.Parse(name)), world.Transport, world.Prober, null, world.Resolver, world.Options with { SeeksMisplaced = true }, TimeProvider.System, null, TestContext.Current.CancellationToken);

        var loaded = Load(Save(recording));

        Assert.Equal(code is not null, report.Findings.Any(finding => finding.Code == FindingCodes.TlsaOwnerTypo));
        Assert.True(loaded.Options.SeeksMisplaced);
        Assert.Equal(ReportText.Of(report), ReportText.Of(await loaded.ReplayAsync(cancellationToken: TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task At_another_time_the_signatures_are_judged_anew()
    {
        var (report, recording) = await world.CheckAsync(DomainName.Parse("good.lab"));

        var later = await recording.ReplayAsync(recording.Now.AddYears(10), TestContext.Current.CancellationToken);

        Assert.Equal(CheckVerdict.Verified, report.Verdict);
        Assert.Equal((CheckVerdict.Undetermined, CheckReason.MxLookupFailed), (later.Verdict, later.Reason));
        Assert.Equal((Security.Bogus, LookupReason.SignatureExpired), (later.Lookups[0].Security, later.Lookups[0].Reason));
    }

    [Fact]
    public async Task What_the_recording_does_not_hold_is_a_failed_lookup_and_never_an_absence()
    {
        var (_, recording) = await world.CheckAsync(DomainName.Parse("good.lab"));
        var cut = recording with { Exchanges = recording.Exchanges.RemoveAll(exchange => exchange.Query.Question.Type == RecordType.TLSA) };

        var report = await cut.ReplayAsync(cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal((CheckVerdict.Undetermined, CheckReason.TlsaLookupFailed), (report.Hosts[0].Verdict, report.Hosts[0].Reason));
        Assert.Equal(LookupReason.NotRecorded, report.Hosts[0].TlsaAnswer!.Reason);
    }

    [Fact]
    public async Task An_endpoint_that_the_recording_does_not_hold_is_undetermined()
    {
        var (_, recording) = await world.CheckAsync(DomainName.Parse("good.lab"));

        var report = await (recording with { Observations = [] }).ReplayAsync(cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal((CheckVerdict.Undetermined, CheckReason.NoEndpointTested), (report.Verdict, report.Reason));
    }

    [Fact]
    public async Task A_reply_that_was_tampered_with_is_bogus()
    {
        var (_, recording) = await world.CheckAsync(DomainName.Parse("good.lab"));
        var tampered = recording with { Exchanges = [.. recording.Exchanges.Select(exchange => exchange.Query.Question.Type == RecordType.TLSA ? Flip(exchange) : exchange)] };

        var report = await Load(Save(tampered)).ReplayAsync(cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(Security.Bogus, report.Hosts[0].TlsaAnswer!.Security);
    }

    [Fact]
    public async Task A_check_that_ran_out_of_time_replays_as_it_was()
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(world.Lab.StartedAt);
        var transport = new Stalling(world.Transport, clock);

        var (report, recording) = await CheckRecording.CheckAsync(CheckTarget.MailDomain(DomainName.Parse("good.lab")), transport, world.Prober, null, world.Resolver, world.Options, clock, null, TestContext.Current.CancellationToken);

        Assert.Equal(CheckVerdict.Undetermined, report.Verdict);
        Assert.Equal("_25._tcp.mx.good.lab.", Assert.Single(recording.LimitedLookups).Question.Name.ToString());
        Assert.Equal(ReportText.Of(report), ReportText.Of(await Load(Save(recording)).ReplayAsync(cancellationToken: TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task A_lookup_that_reached_a_limit_replays_as_it_was()
    {
        var resolver = world.Resolver with { Limits = Limits.Default with { Queries = 2 } };

        var (report, recording) = await CheckRecording.CheckAsync(CheckTarget.MailDomain(DomainName.Parse("good.lab")), world.Transport, world.Prober, null, resolver, world.Options, TimeProvider.System, null, TestContext.Current.CancellationToken);

        Assert.Equal((CheckVerdict.Undetermined, LookupReason.LimitReached), (report.Verdict, report.Lookups[0].Reason));
        Assert.Equal(ReportText.Of(report), ReportText.Of(await Load(Save(recording)).ReplayAsync(cancellationToken: TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task A_recording_cut_at_any_place_is_refused_with_words()
    {
        var text = Save((await world.CheckAsync(DomainName.Parse("good.lab"))).Recording);
        for (var length = 0; length < text.Length - 1; length += 97)
        {
            Assert.False(CheckRecording.TryLoad(new MemoryStream(Encoding.UTF8.GetBytes(text[..length])), out _, out var fault));
            Assert.NotEqual("", fault);
        }
    }

    [Theory]
    [InlineData("schema", "\"danelaw.check/1\"", "schema is not danelaw.evidence/1")]
    [InlineData("target", "\"a..b\"", "target")]
    [InlineData("target", "7", "target is no text")]
    [InlineData("startTls", "\"ImapTls\"", "startTls is no protocol in which TLS is started")]
    [InlineData("startTls", "\"Smtp\"", "target it has no port")]
    [InlineData("srv", "1", "srv is neither true nor false")]
    [InlineData("srv", "true", "target it names no service")]
    [InlineData("now", "\"yesterday\"", "now is not a time")]
    [InlineData("resolver", "[]", "resolver is no object")]
    [InlineData("resolver.upstreams", "[]", "resolver.upstreams are missing")]
    [InlineData("resolver.upstreams[0].kind", "\"Pigeon\"", "resolver.upstreams[0].kind is none of")]
    [InlineData("resolver.upstreams[0].kind", "\"0\"", "resolver.upstreams[0].kind is none of")]
    [InlineData("resolver.upstreams[0].endPoint", "\"somewhere\"", "resolver.upstreams[0].endPoint is not an address")]
    [InlineData("resolver.anchors[0].type", "\"A\"", "resolver.anchors are neither DS nor DNSKEY")]
    [InlineData("resolver.anchors[0].data", "\"????\"", "resolver.anchors[0].data is not base64")]
    [InlineData("resolver.nsec3IterationLimit", "-1", "resolver.nsec3IterationLimit is not a whole number")]
    [InlineData("resolver.clockSkewSeconds", "1e300", "resolver.clockSkewSeconds is not a number of seconds")]
    [InlineData("resolver.acceptSha1", "1", "resolver.acceptSha1 is neither true nor false")]
    [InlineData("options.maximumHosts", "2147483647", "options.maximumHosts is not a whole number")]
    [InlineData("options.connectTo", "[\"x\"]", "options.connectTo[0]")]
    [InlineData("options.families", "\"IPv5\"", "options.families is none of")]
    [InlineData("options.allServices", "1", "options.allServices is neither true nor false")]
    [InlineData("options.also", "[\"example.org\"]", "options.also are not services of hosts")]
    [InlineData("options.also", "[\"host:1\"]", "options.also[0]")]
    [InlineData("exchanges", "7", "exchanges is no list")]
    [InlineData("exchanges", "[7]", "exchanges[0] is no object")]
    [InlineData("exchanges[0].reply", "\"!\"", "exchanges[0].reply is not base64")]
    [InlineData("exchanges[0].type", "\"NONSENSE\"", "exchanges[0].type is no record type")]
    [InlineData("exchanges[0].name", "\"a..b\"", "exchanges[0].name is no domain name")]
    [InlineData("exchanges[0].outcome", "\"Forged\"", "exchanges[0].outcome is none of")]
    [InlineData("servers", "[]", "servers is no object")]
    [InlineData("servers", "{\"nonName\":\"\",\"exchanges\":[]}", "servers.nonName is no label")]
    [InlineData("servers", "{\"nonName\":\"\u00e9\",\"exchanges\":[]}", "servers.nonName is no label")]
    [InlineData("servers", "{\"nonName\":\"nx\",\"cutShort\":[\"a..b\"],\"exchanges\":[]}", "servers.cutShort[0] is no domain name")]
    [InlineData("servers", "{\"nonName\":\"nx\",\"exchanges\":[7]}", "servers.exchanges[0] is no object")]
    [InlineData("observations[0].algorithm", "\"Any, Rsa\"", "observations[0].algorithm is none of")]
    [InlineData("observations[0].address", "\"192.0.2.1\"", "observations[0].address is not an address")]
    [InlineData("observations[0].chain", "[\"-\"]", "observations[0].chain[0] is not base64")]
    [InlineData("observations[0].detail", "null", "observations[0].detail is no text")]
    [InlineData("observations[0].prober", "\"Oracle\"", "observations[0].prober is none of")]
    [InlineData("observations[0].serviceName", "\"a..b\"", "observations[0].serviceName is no domain name")]
    [InlineData("observations[0].asksRawPublicKey", "1", "observations[0].asksRawPublicKey is neither true nor false")]
    [InlineData("observations[0].rawPublicKey", "\"!\"", "observations[0].rawPublicKey is not base64")]
    public async Task A_recording_with_a_fault_is_refused_and_the_place_is_told(string path, string value, string expected)
    {
        var json = JsonNode.Parse(Save((await world.CheckAsync(DomainName.Parse("good.lab"))).Recording))!;
        Set(json, path, JsonNode.Parse(value));

        Assert.False(CheckRecording.TryLoad(new MemoryStream(Encoding.UTF8.GetBytes(json.ToJsonString())), out var recording, out var fault));

        Assert.Null(recording);
        Assert.StartsWith(expected, fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("exchanges", "exchanges hold the same query twice")]
    [InlineData("observations", "observations hold the same endpoint twice")]
    public async Task Two_answers_to_one_question_are_refused(string list, string expected)
    {
        var json = JsonNode.Parse(Save((await world.CheckAsync(DomainName.Parse("good.lab"))).Recording))!;
        json[list]!.AsArray().Add(json[list]![0]!.DeepClone());

        Assert.False(CheckRecording.TryLoad(new MemoryStream(Encoding.UTF8.GetBytes(json.ToJsonString())), out _, out var fault));

        Assert.Equal(expected, fault);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("\"danelaw.evidence/1\"")]
    [InlineData("{\"schema\":\"danelaw.evidence/1\"}")]
    [InlineData("{\"schema\":\"\\ud800\"}")]
    [InlineData("{\"\\ud800 half a character\":1}")]
    [InlineData("-----BEGIN CERTIFICATE-----")]
    public void What_is_no_recording_is_refused_with_words(string text)
    {
        Assert.False(CheckRecording.TryLoad(new MemoryStream(Encoding.UTF8.GetBytes(text)), out _, out var fault));

        Assert.NotEqual("", fault);
    }

    [Fact]
    public void JSON_nested_without_end_is_refused()
    {
        Assert.False(CheckRecording.TryLoad(new MemoryStream(Encoding.UTF8.GetBytes(new string('[', 1_000_000))), out _, out var fault));

        Assert.Contains("no JSON", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_without_end_is_refused()
    {
        using var endless = new Endless();

        Assert.False(CheckRecording.TryLoad(endless, out _, out var fault));

        Assert.Equal("the file is larger than any recording", fault);
    }

    private static string Save(CheckRecording recording)
    {
        using var stream = new MemoryStream();
        recording.Save(stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static CheckRecording Load(string text) => CheckRecording.TryLoad(new MemoryStream(Encoding.UTF8.GetBytes(text)), out var recording, out var fault) ? recording : throw new FormatException(fault);

    /// <summary>The last octet of the association data of the first record, one bit turned.</summary>
    private static Exchange Flip(Exchange exchange)
    {
        var octets = exchange.Reply.ToArray();
        var data = exchange.Message!.Answers.First(record => record.Type == RecordType.TLSA).Data.ToArray();
        octets[octets.AsSpan().IndexOf(data) + data.Length - 1] ^= 1;
        return exchange with { Reply = new(octets), Message = null };
    }

    private static void Set(JsonNode root, string path, JsonNode? value)
    {
        var parts = path.Replace("[0]", ".0", StringComparison.Ordinal).Split('.');
        var at = root;
        foreach (var part in parts[..^1]) at = part == "0" ? at[0]! : at[part]!;
        at[parts[^1]] = value;
    }

    private sealed class Counted(Func<Observation> look) : IProber
    {
        public ValueTask<Observation> ProbeAsync(ProbeTarget target, CancellationToken cancellationToken = default) => ValueTask.FromResult(look());
    }

    /// <summary>The lab, raised once for the class.</summary>
    public sealed class World : IAsyncLifetime
    {
        public MiniInternet Lab { get; private set; } = null!;

        public DnsTransport Transport { get; } = new(new(), TimeProvider.System);

        public TlsProber Prober { get; } = new(new() { HelloName = "probe.example" }, TimeProvider.System);

        public ResolverOptions Resolver { get; private set; } = null!;

        public CheckOptions Options { get; private set; } = null!;

        /// <summary>The same, and the name servers can be reached as well.</summary>
        public CheckOptions ServerOptions { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Lab = await MiniInternet.StartAsync(new MiniInternetOptions { Seed = 7 }, CancellationToken.None);
            var records = new List<ResourceRecord>();
            var reader = new ZoneReader(new StringReader(Lab.Anchor), new());
            while (reader.TryRead(out var record, out _)) records.Add(record);
            Assert.True(TrustAnchors.TryCreate(records, out var anchors, out _));
            Resolver = new() { Upstreams = [Lab.Upstream], Anchors = anchors };
            Assert.True(ConnectToRule.TryParse(Lab.ConnectTo, out var rule, out _));
            Assert.True(ConnectToRule.TryParse(Lab.ConnectNameServersTo, out var serverRule, out _));
            Options = new() { ConnectTo = [rule] };
            ServerOptions = new() { ConnectTo = [rule, serverRule] };
        }

        public Task<(CheckReport Report, CheckRecording Recording)> CheckAsync(DomainName domain) =>
            CheckRecording.CheckAsync(CheckTarget.MailDomain(domain), Transport, Prober, null, Resolver, Options, TimeProvider.System, null, TestContext.Current.CancellationToken);

        public async ValueTask DisposeAsync()
        {
            await Transport.DisposeAsync();
            await Lab.DisposeAsync();
        }
    }

    private sealed class Endless : MemoryStream
    {
        private long _given;

        public override int Read(Span<byte> buffer)
        {
            // Twice the limit is proof enough that nobody counts.
            if (_given > 128 << 20) return 0;
            _given += buffer.Length;
            buffer.Fill((byte)' ');
            return buffer.Length;
        }
    }

    /// <summary>The TLSA question takes all the time there is.</summary>
    private sealed class Stalling(IDnsTransport inner, Microsoft.Extensions.Time.Testing.FakeTimeProvider clock) : IDnsTransport
    {
        public async ValueTask<Exchange> ExchangeAsync(DnsQuery query, CancellationToken cancellationToken = default)
        {
            if (query.Question.Type != RecordType.TLSA) return await inner.ExchangeAsync(query, cancellationToken);
            clock.Advance(TimeSpan.FromSeconds(60));
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            throw new InvalidOperationException("the time should be over");
        }
    }
}
