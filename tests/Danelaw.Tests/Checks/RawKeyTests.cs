using System.Security.Cryptography;
using Danelaw.Checks;
using Danelaw.Checks.Recording;
using Danelaw.Dns;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Validation;
using Danelaw.Probes;
using Danelaw.Tests.Probes;
using Danelaw.Tlsa;

namespace Danelaw.Tests.Checks;

/// <summary>Raw public keys (RFC 7250): when they are asked for, and what they count for.</summary>
public sealed class RawKeyTests
{
    private const string Service = "imaps://mx.example.org";
    private const string Refused = "the server ended the handshake with the alert handshake_failure";

    private static readonly CheckOptions Asking = new() { RawPublicKey = true };
    private static readonly Octets Key = ServerKey.Genuine[KeyAlgorithm.Ecdsa].PublicKey;

    [Theory, Rule("R50"), Rfc(7671, "5.1")]
    [InlineData(TlsaUsage.DaneEe, TlsaSelector.PublicKey, TlsaMatching.Sha256, true)]
    [InlineData(TlsaUsage.DaneEe, TlsaSelector.PublicKey, TlsaMatching.Sha512, true)]
    [InlineData(TlsaUsage.DaneEe, TlsaSelector.PublicKey, (TlsaMatching)9, false)]
    [InlineData(TlsaUsage.DaneEe, TlsaSelector.Certificate, TlsaMatching.Sha256, false)]
    [InlineData(TlsaUsage.DaneTa, TlsaSelector.PublicKey, TlsaMatching.Sha256, false)]
    [InlineData(TlsaUsage.PkixEe, TlsaSelector.PublicKey, TlsaMatching.Sha256, false)]
    public async Task A_raw_public_key_is_asked_for_where_a_record_could_match_it(TlsaUsage usage, TlsaSelector selector, TlsaMatching matching, bool isAsked)
    {
        var digest = matching == TlsaMatching.Sha512 ? SHA512.HashData(Key.Span) : SHA256.HashData(Key.Span);
        var world = World.Sound().Tlsa("_25._tcp.mx.example.org", new TlsaRecord(usage, selector, matching, new(digest)));

        var report = await world.CheckAsync("example.org", Asking);

        Assert.Equal(isAsked ? 1 : 0, world.Probed.Count(target => target.RawPublicKey));
        Assert.Equal(!isAsked, report.Findings.Any(finding => finding is { Code: FindingCodes.TlsRawKeyNotAsked, Severity: Severity.Note }));
    }

    [Fact, Rule("R50")]
    public async Task Nobody_is_asked_without_the_option_or_without_secure_records()
    {
        var world = World.Sound();
        await world.CheckAsync("example.org");
        await world.Tlsa("_25._tcp.mx.example.org", Security.Insecure, World.EcRecord).CheckAsync("example.org", Asking);

        Assert.DoesNotContain(world.Probed, target => target.RawPublicKey);
    }

    [Fact, Rule("R50"), Rfc(7671, "5.1")]
    public async Task A_raw_public_key_and_a_certificate_that_match_are_verified_each_with_its_record()
    {
        var world = World.Sound().Tlsa("_25._tcp.mx.example.org", World.EcRecord, RecordOf(Key)).ServeRaw("192.0.2.1", Key);

        var report = await world.CheckAsync("example.org", Asking);

        Assert.Equal(CheckVerdict.Verified, report.Verdict);
        Assert.All(report.Hosts[0].Records, record => Assert.Equal(RecordState.Matching, record.State));
        Assert.Equal(KeyAlgorithm.Ecdsa, Assert.Single(report.Hosts[0].Endpoints, endpoint => endpoint.Observation.Target.RawPublicKey).Algorithm);
        Assert.Empty(report.Findings);
    }

    [Theory]
    [InlineData("example.org", 25)]
    [InlineData(Service, 993)]
    public async Task A_raw_public_key_that_no_record_matches_is_failing(string target, int port)
    {
        var world = Serving(port).ServeRaw("192.0.2.1", Key, port);

        var report = await world.CheckAsync(target, Asking);

        Assert.Equal((CheckVerdict.Failing, CheckReason.Mismatch), (report.Hosts[0].Verdict, report.Hosts[0].Reason));
        var finding = Assert.Single(report.Findings);
        Assert.Equal((FindingCodes.TlsaMismatch, Severity.Error), (finding.Code, finding.Severity));
        Assert.Contains($"_{port}._tcp.mx.example.org. 3600 IN TLSA {RecordOf(Key)}", finding.Mend, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TlsaSelector.Certificate, TlsaUsage.DaneEe)]
    [InlineData(TlsaSelector.PublicKey, TlsaUsage.DaneTa)]
    [Rule("R50")]
    public async Task No_other_record_means_a_raw_public_key(TlsaSelector selector, TlsaUsage usage)
    {
        // The digest is that of the key, and a record 3 1 1 of another key lets it be asked for.
        var world = Serving(993).Tlsa("_993._tcp.mx.example.org", World.EcRecord, RecordOf(Key) with { Selector = selector, Usage = usage }).ServeRaw("192.0.2.1", Key, 993);

        Assert.Equal(CheckVerdict.Failing, (await world.CheckAsync(Service, Asking)).Verdict);
    }

    [Fact, Rule("R28")]
    public async Task A_raw_public_key_that_is_not_proven_matches_nothing_and_verifies_nothing()
    {
        var world = Serving(993).Tlsa("_993._tcp.mx.example.org", RecordOf(Key)).Serve("192.0.2.1", 993, KeyAlgorithm.Any, Refuse).ServeRaw("192.0.2.1", Key, 993, ProbeOutcome.CertificateSeen);

        var report = await world.CheckAsync(Service, Asking);

        Assert.Equal((CheckVerdict.Failing, CheckReason.TlsFailed), (report.Verdict, report.Hosts[0].Reason));
        Assert.Equal(RecordState.Other, Assert.Single(report.Hosts[0].Records).State);
        Assert.NotEqual(SenderAction.DeliverAuthenticated, report.Hosts[0].Sender.Action);
        Assert.Contains(report.Findings, finding => finding.Code == FindingCodes.TlsPossessionUnproven && finding.Text.Contains("a raw public key", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(ProbeOutcome.HandshakeFailed)]
    [InlineData(ProbeOutcome.HandshakeInterrupted)]
    public async Task A_service_with_a_raw_public_key_alone_is_verified_for_clients_that_take_it(ProbeOutcome otherwise)
    {
        var world = Serving(993).Tlsa("_993._tcp.mx.example.org", RecordOf(Key)).Serve("192.0.2.1", 993, KeyAlgorithm.Any, target => Refuse(target) with { Outcome = otherwise }).ServeRaw("192.0.2.1", Key, 993);

        var report = await world.CheckAsync(Service, Asking);

        Assert.Equal((CheckVerdict.Verified, SenderAction.DeliverAuthenticated), (report.Verdict, report.Hosts[0].Sender.Action));
        Assert.Equal((FindingCodes.TlsRawKeyAlone, Severity.Warning), (Assert.Single(report.Findings).Code, report.Findings[0].Severity));
        Assert.Equal(CheckVerdict.Failing, (await Serving(993).Tlsa("_993._tcp.mx.example.org", RecordOf(Key)).Serve("192.0.2.1", 993, KeyAlgorithm.Any, Refuse).ServeRaw("192.0.2.1", Key, 993).CheckAsync(Service)).Verdict);
    }

    [Theory]
    [InlineData(ProbeOutcome.HandshakeFailed, CheckVerdict.Failing)]
    [InlineData(ProbeOutcome.HandshakeInterrupted, CheckVerdict.Unreachable)]
    public async Task A_mail_host_with_a_raw_public_key_alone_is_none_for_most_senders(ProbeOutcome otherwise, CheckVerdict expected)
    {
        var world = World.Sound().Tlsa("_25._tcp.mx.example.org", RecordOf(Key)).Refuse("192.0.2.1", otherwise, detail: Refused).ServeRaw("192.0.2.1", Key);

        var report = await world.CheckAsync("example.org", Asking);

        Assert.Equal((expected, SenderAction.SkipHost), (report.Hosts[0].Verdict, report.Hosts[0].Sender.Action));
        Assert.Equal((FindingCodes.TlsRawKeyAlone, Severity.Error), (report.Findings[0].Code, report.Findings[0].Severity));
    }

    [Theory]
    [InlineData("the server speaks neither TLSv1.2 nor TLSv1.3 (alert protocol_version); TLSv1.2 is the oldest in use (RFC 8996)")]
    [InlineData("the server does not prove that it holds the key of the certificate that it shows (decrypt_error)")]
    [InlineData("a certificate that the server shows cannot be read: there is no key in it")]
    public async Task Only_a_server_that_turns_certificates_away_is_excused_by_its_raw_public_key(string fault)
    {
        var world = Serving(993).Tlsa("_993._tcp.mx.example.org", RecordOf(Key)).Serve("192.0.2.1", 993, KeyAlgorithm.Any, target => Refuse(target) with { Detail = fault }).ServeRaw("192.0.2.1", Key, 993);

        Assert.Equal(CheckVerdict.Failing, (await world.CheckAsync(Service, Asking)).Verdict);
    }

    [Fact]
    public async Task A_raw_public_key_at_one_address_excuses_no_other()
    {
        var world = Serving(993).Address("mx.example.org", "192.0.2.1", "192.0.2.2").Tlsa("_993._tcp.mx.example.org", RecordOf(Key));
        foreach (var address in new[] { "192.0.2.1", "192.0.2.2" }) world.Serve(address, 993, KeyAlgorithm.Any, Refuse);

        Assert.Equal((CheckVerdict.Failing, CheckReason.TlsFailed), Of(await world.ServeRaw("192.0.2.1", Key, 993).CheckAsync(Service, Asking)));
        Assert.Equal(CheckVerdict.Verified, (await world.ServeRaw("192.0.2.2", Key, 993).CheckAsync(Service, Asking)).Verdict);

        static (CheckVerdict, CheckReason) Of(CheckReport report) => (report.Verdict, report.Hosts[0].Reason);
    }

    [Fact]
    public async Task A_server_without_a_raw_public_key_is_judged_by_its_certificate()
    {
        var report = await World.Sound().CheckAsync("example.org", Asking);

        Assert.Equal(CheckVerdict.Verified, report.Verdict);
        Assert.Equal((FindingCodes.TlsRawKeyNotOffered, Severity.Note), (Assert.Single(report.Findings).Code, report.Findings[0].Severity));
    }

    [Fact]
    public async Task A_server_that_cannot_be_talked_to_is_not_asked_for_more()
    {
        var world = World.Sound().Refuse("192.0.2.1", ProbeOutcome.TimedOut);
        await world.CheckAsync("example.org", Asking);

        Assert.Single(world.Probed);
    }

    [Fact]
    public async Task A_recording_holds_the_raw_public_key_and_that_it_was_asked_for()
    {
        var world = Serving(993).Tlsa("_993._tcp.mx.example.org", RecordOf(Key)).Serve("192.0.2.1", 993, KeyAlgorithm.Any, Refuse).ServeRaw("192.0.2.1", Key, 993);
        Assert.True(CheckTarget.TryParse(Service, out var target, out _));
        var observations = new RecordingProber(world);
        await new DaneChecker(world, observations, Asking, world.Clock).CheckAsync(target, null, TestContext.Current.CancellationToken);
        var recording = new CheckRecording { Target = target, Now = world.Clock.GetUtcNow(), Resolver = new() { Upstreams = [new(Dns.Transports.TransportKind.Datagram, new(System.Net.IPAddress.Loopback, 53))] }, Options = Asking, Observations = observations.Observations };

        using var file = new MemoryStream();
        recording.Save(file);
        file.Position = 0;
        Assert.True(CheckRecording.TryLoad(file, out var read, out var fault), fault);
        Assert.True(read.Options.RawPublicKey);
        Assert.Equal(2, read.Observations.Length);
        Assert.Equal(Key, Assert.Single(read.Observations, seen => seen.Target.RawPublicKey).RawPublicKey);
    }

    /// <summary>A host that shows an EC key that matches, at a port.</summary>
    private static World Serving(int port) => World.Sound().Tlsa($"_{port}._tcp.mx.example.org", World.EcRecord).Serve("192.0.2.1", port, KeyAlgorithm.Any, target => World.Shown(target, World.EcLeaf));

    private static Observation Refuse(ProbeTarget target) => new() { Target = target, Outcome = ProbeOutcome.HandshakeFailed, Detail = Refused };

    private static TlsaRecord RecordOf(Octets key) => new(TlsaUsage.DaneEe, TlsaSelector.PublicKey, TlsaMatching.Sha256, new(SHA256.HashData(key.Span)));
}
