using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography;
using Danelaw.Certificates;
using Danelaw.Checks;
using Danelaw.Discovery;
using Danelaw.Dns;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Validation;
using Danelaw.Probes;
using Danelaw.Tests.Certificates;
using Danelaw.Tests.Probes;
using Danelaw.Tlsa;
using Danelaw.Verification;

namespace Danelaw.Tests.Checks;

/// <summary>What the judge of a host makes of evidence at its edges: each test is a change of one operator in it that nothing else noticed.</summary>
public sealed class HostJudgeTests
{
    private static readonly DomainName Name = DomainName.Parse("mx.example.org");
    private static readonly Octets Authority = Forge.Root("Some CA").Make();
    private static readonly Octets Key = ServerKey.Genuine[KeyAlgorithm.Ecdsa].PublicKey;
    private static readonly TlsaRecord KeyRecord = new(TlsaUsage.DaneEe, TlsaSelector.PublicKey, TlsaMatching.Sha256, new(SHA256.HashData(Key.Span)));
    private static readonly TlsaRecord Unusable = World.EcRecord with { Usage = (TlsaUsage)9 };

    [Fact, Rule("R35"), Rule("R40")]
    public void One_record_that_can_be_used_is_enough_beside_one_that_cannot()
    {
        var host = Judge([World.EcRecord, Unusable], Shown(1, KeyAlgorithm.Any, World.EcLeaf));

        Assert.Equal((CheckVerdict.Verified, CheckReason.AllMatch), (host.Verdict, host.Reason));
        Assert.Equal([RecordState.Matching, RecordState.Unusable], host.Records.Select(record => record.State));
    }

    [Fact, Rule("R28")]
    public void A_handshake_in_which_no_certificate_came_matches_nothing()
    {
        var host = Judge([World.EcRecord], Shown(1, KeyAlgorithm.Any));

        Assert.Equal((CheckVerdict.Failing, CheckReason.Mismatch), Verdict(host));
        Assert.Equal(DaneReason.NoCertificate, Assert.Single(host.Endpoints).Verdict!.Reason);
    }

    [Fact]
    public void A_chain_counts_once_wherever_it_is_shown_and_a_raw_public_key_is_none()
    {
        var host = Judge([World.EcRecord, KeyRecord], Shown(1, KeyAlgorithm.Any, World.EcLeaf), Shown(2, KeyAlgorithm.Any, World.EcLeaf), Raw(1, Key));

        Assert.Equal(World.EcLeaf, Assert.Single(Assert.Single(host.Chains).Certificates));
        Assert.Equal((ushort)10, host.Preference);
    }

    [Fact]
    public void Endpoints_are_told_by_address_kind_and_question_in_whatever_order_they_were_seen()
    {
        Observation[] seen = [Shown(1, KeyAlgorithm.Any, World.EcLeaf), Raw(1, Key), Shown(1, KeyAlgorithm.Rsa, World.EcLeaf), Shown(1, KeyAlgorithm.Eddsa, World.EcLeaf), Shown(2, KeyAlgorithm.Any, World.RsaLeaf), Shown(2, KeyAlgorithm.Ecdsa, World.EcLeaf)];

        foreach (var order in (Observation[][])[seen, [.. seen.Reverse()]]) Assert.Equal(seen, Judge([World.EcRecord], order).Endpoints.Select(endpoint => endpoint.Observation));
    }

    [Fact, Rule("R34")]
    public void Only_what_is_shown_in_a_retired_version_is_kept_as_shown_there()
    {
        var old = Shown(1, KeyAlgorithm.Any, World.EcLeaf) with { Outcome = ProbeOutcome.HandshakeFailed, Detail = HandshakeFaults.OnlyRetired("TLSv1.0") };

        Assert.Single(Judge([World.EcRecord], old).RetiredChains);
        Assert.Empty(Judge([World.EcRecord], old with { Chain = [] }).RetiredChains);
        Assert.Empty(Judge([World.EcRecord], old with { Detail = HandshakeFaults.LateRefusal(116) }).RetiredChains);
        Assert.Empty(Judge([World.EcRecord], Shown(1, KeyAlgorithm.Any, World.EcLeaf)).RetiredChains);
    }

    [Fact]
    public void What_there_was_no_time_for_and_what_a_recording_lacks_leave_a_host_undetermined_that_matches_elsewhere()
    {
        var spent = CheckBudget.SpentObservation(Asked(2, KeyAlgorithm.Any));
        var lacking = spent with { Detail = "the recording does not hold it" };

        Assert.Equal((CheckVerdict.Undetermined, CheckReason.TimeSpent), Verdict(Judge([World.EcRecord], Shown(1, KeyAlgorithm.Any, World.EcLeaf), spent)));
        Assert.Equal((CheckVerdict.Undetermined, CheckReason.NoEndpointTested), Verdict(Judge([World.EcRecord], Shown(1, KeyAlgorithm.Any, World.EcLeaf), lacking)));
        Assert.Equal((CheckVerdict.Failing, CheckReason.Mismatch), Verdict(Judge([World.EcRecord], Shown(1, KeyAlgorithm.Any, World.OtherEcLeaf), spent)));
    }

    [Fact, Rule("R28")]
    public void A_key_that_is_not_proven_is_told_as_that_also_beside_an_address_that_takes_no_connection()
    {
        var seen = Shown(1, KeyAlgorithm.Any, World.EcLeaf) with { Outcome = ProbeOutcome.CertificateSeen };

        Assert.Equal((CheckVerdict.Undetermined, CheckReason.PossessionNotProven), Verdict(Judge([World.EcRecord], seen, new() { Target = Asked(2, KeyAlgorithm.Any), Outcome = ProbeOutcome.Refused })));
    }

    [Fact, Rule("R50")]
    public void A_server_that_breaks_off_when_it_is_asked_for_a_raw_public_key_is_judged_by_its_certificate()
    {
        var raw = Raw(1, default) with { Outcome = ProbeOutcome.HandshakeInterrupted };

        Assert.Equal((CheckVerdict.Verified, CheckReason.AllMatch), Verdict(JudgeService([World.EcRecord], Shown(1, KeyAlgorithm.Any, World.EcLeaf), raw)));
    }

    [Fact, Rule("R50")]
    public void Nothing_but_a_raw_public_key_excuses_who_turns_those_away_that_name_no_kind_of_key()
    {
        var refused = Shown(1, KeyAlgorithm.Any) with { Outcome = ProbeOutcome.HandshakeFailed, Detail = "the server ended the handshake with the alert handshake_failure" };

        Assert.Equal((CheckVerdict.Verified, CheckReason.AllMatch), Verdict(JudgeService([KeyRecord], refused, Raw(1, Key))));
        Assert.Equal((CheckVerdict.Failing, CheckReason.TlsFailed), Verdict(JudgeService([World.EcRecord], refused, Shown(1, KeyAlgorithm.Ecdsa, World.EcLeaf))));
        Assert.Equal((CheckVerdict.Failing, CheckReason.TlsFailed), Verdict(JudgeService([World.EcRecord, KeyRecord], Shown(1, KeyAlgorithm.Any, World.EcLeaf), refused with { Target = Asked(1, KeyAlgorithm.Rsa) }, Raw(1, Key))));
    }

    [Fact]
    public void Of_raw_public_keys_those_count_as_the_server_s_that_it_proved_each_once()
    {
        var other = ServerKey.Genuine[KeyAlgorithm.Rsa].PublicKey;
        var facts = Facts(25, [KeyRecord], ServiceProtocol.Smtp, [Raw(1, Key), Raw(2, Key), Raw(3, other) with { Outcome = ProbeOutcome.CertificateSeen }, Shown(4, KeyAlgorithm.Any, World.EcLeaf)]);

        Assert.Equal([Key], RawKeys.Proven(facts));
    }

    [Theory, Rule("R39")]
    [InlineData(TlsaSelector.Certificate, TlsaMatching.Full)]
    [InlineData(TlsaSelector.PublicKey, TlsaMatching.Full)]
    [InlineData(TlsaSelector.Certificate, TlsaMatching.Sha256)]
    [InlineData(TlsaSelector.PublicKey, TlsaMatching.Sha512)]
    public void A_record_that_means_what_is_shown_matches_in_every_form(TlsaSelector selector, TlsaMatching matching) =>
        Assert.Equal(RecordState.Matching, Assert.Single(Judge([World.Record(World.EcLeaf, TlsaUsage.DaneEe, selector, matching)], Shown(1, KeyAlgorithm.Any, World.EcLeaf)).Records).State);

    [Fact, Rule("R45")]
    public void A_record_whose_certificate_is_shown_and_whose_rules_are_not_met_does_not_match()
    {
        var leaf = Forge.Leaf("other.example.net", "Some CA").Make();
        var host = Judge([World.Record(Authority, TlsaUsage.DaneTa), World.Record(leaf)], Shown(1, KeyAlgorithm.Any, leaf, Authority));

        Assert.Equal([RecordState.Other, RecordState.Matching], host.Records.Select(record => record.State));
    }

    [Theory, Rule("R44"), Rule("R47")]
    [InlineData(TlsaUsage.PkixTa, TlsaMatching.Sha256)]
    [InlineData(TlsaUsage.DaneTa, TlsaMatching.Full)]
    public void A_record_of_an_authority_that_the_server_does_not_send_matches_where_the_store_or_the_record_has_it(TlsaUsage usage, TlsaMatching matching)
    {
        var leaf = Forge.Leaf("mx.example.org", "Some CA").Make();

        Assert.Equal(RecordState.Matching, Assert.Single(JudgeService([World.Record(Authority, usage, TlsaSelector.Certificate, matching)], Shown(1, KeyAlgorithm.Any, leaf)).Records).State);
    }

    [Fact]
    public void A_chain_of_a_host_may_cost_what_the_options_say()
    {
        ImmutableArray<Octets> chain = [Forge.Leaf("mx.example.org", "Some CA").Make(), Authority];
        ImmutableArray<TlsaRecord> records = [World.Record(Authority, TlsaUsage.DaneTa)];
        var needed = Enumerable.Range(1, 10_000).First(work => DaneVerifier.Judge(chain, records, new() { ReferenceNames = [Name], MaximumWork = work }, Forge.Now).IsMatch);

        foreach (var (work, reason) in ((int, CheckReason)[])[(4 * needed, CheckReason.AllMatch), (needed - 1, CheckReason.LimitReached)])
            Assert.Equal(reason, new HostJudge(new() { MaximumWork = work }, Forge.Now, TestContext.Current.CancellationToken).Judge(Facts(25, records, ServiceProtocol.Smtp, [Shown(1, KeyAlgorithm.Any, [.. chain])])).Reason);
    }

    [Fact]
    public void A_chain_is_shown_where_its_key_was_proven_and_nowhere_else()
    {
        var host = Judge([World.EcRecord, World.RsaRecord], Shown(1, KeyAlgorithm.Any, World.EcLeaf), Shown(2, KeyAlgorithm.Any, World.EcLeaf) with { Outcome = ProbeOutcome.CertificateSeen }, Shown(3, KeyAlgorithm.Any, World.RsaLeaf));

        Assert.Equal([true, false, false], host.Endpoints.Select(host.Chains[0].IsShownBy));
    }

    [Fact]
    public async Task A_lookup_for_which_no_time_was_left_is_told_as_that_be_it_of_an_alias_or_of_an_address()
    {
        var behind = World.Sound().Alias("mx.example.org", RecordType.A, [("end.example.net", Security.Insecure)], Security.Insecure, "192.0.2.1");
        Assert.Equal((CheckVerdict.Undetermined, CheckReason.TimeSpent), await VerdictAsync(behind.Reply("mx.example.org", RecordType.CNAME, CheckBudget.SpentAnswer)));
        Assert.Equal((CheckVerdict.Undetermined, CheckReason.AddressLookupFailed), await VerdictAsync(behind.Fail("mx.example.org", RecordType.CNAME)));

        // A family that failed beside an alias that is known, and without an address.
        Assert.Equal((CheckVerdict.Undetermined, CheckReason.TimeSpent), await VerdictAsync(World.Sound().Alias("mx.example.org", RecordType.A, [("end.example.net", Security.Insecure)], Security.Insecure).Reply("mx.example.org", RecordType.AAAA, CheckBudget.SpentAnswer).Put("mx.example.org", RecordType.CNAME, Security.Insecure, [Octets.Copy(DomainName.Parse("end.example.net").Wire)])));

        // The first that failed is why.
        Assert.Equal((CheckVerdict.Undetermined, CheckReason.TimeSpent), await VerdictAsync(World.Sound().Reply("mx.example.org", RecordType.A, CheckBudget.SpentAnswer).Fail("mx.example.org", RecordType.AAAA)));
    }

    [Theory, Rule("R15")]
    [InlineData(AddressFamilies.Both, ResponseCode.NoError, CheckReason.NoAddress)]
    [InlineData(AddressFamilies.IPv4, ResponseCode.NoError, CheckReason.NoEndpointTested)]
    [InlineData(AddressFamilies.IPv4, ResponseCode.NameError, CheckReason.NoAddress)]
    public async Task Of_one_family_alone_only_a_name_that_does_not_exist_has_no_address(AddressFamilies families, ResponseCode code, CheckReason reason)
    {
        var world = World.Sound();
        foreach (var type in new[] { RecordType.A, RecordType.AAAA }) world.Absent("mx.example.org", type, Security.Secure, code);

        Assert.Equal((CheckVerdict.Unreachable, reason), await VerdictAsync(world, new() { Families = families }));
    }

    [Fact, Rule("R23")]
    public async Task Without_records_behind_a_secure_alias_it_is_the_addresses_that_are_not_secure()
    {
        var world = World.Sound().Alias("mx.example.org", RecordType.A, [("end.example.net", Security.Secure)], Security.Insecure, "192.0.2.1").Put("mx.example.org", RecordType.CNAME, Security.Secure, [Octets.Copy(DomainName.Parse("end.example.net").Wire)]).Absent("_25._tcp.mx.example.org", RecordType.TLSA);

        Assert.Equal((CheckVerdict.Unprotected, CheckReason.AddressInsecure), await VerdictAsync(world));
    }

    private static (CheckVerdict, CheckReason) Verdict(HostReport host) => (host.Verdict, host.Reason);

    private static async Task<(CheckVerdict, CheckReason)> VerdictAsync(World world, CheckOptions? options = null) => Verdict(Assert.Single((await world.CheckAsync("example.org", options)).Hosts));

    private static HostReport Judge(ImmutableArray<TlsaRecord> records, params Observation[] seen) => new HostJudge(new(), Forge.Now, TestContext.Current.CancellationToken).Judge(Facts(25, records, ServiceProtocol.Smtp, seen));

    private static HostReport JudgeService(ImmutableArray<TlsaRecord> records, params Observation[] seen) =>
        new HostJudge(new() { Roots = new TrustStore([Authority]) }, Forge.Now, TestContext.Current.CancellationToken).Judge(Facts(993, records, ServiceProtocol.ImapTls, seen));

    private static HostFacts Facts(ushort port, ImmutableArray<TlsaRecord> records, ServiceProtocol protocol, Observation[] seen)
    {
        var host = new MailHost(Name, 10, null);
        return new(new(host, port, protocol), new() { Host = host, Port = port, AddressState = AddressState.Secure, Addresses = [.. Enumerable.Range(1, 4).Select(Address)], TlsaState = TlsaState.Secure, TlsaBase = Name, Records = records }) { Observations = [.. seen] };
    }

    private static IPAddress Address(int last) => IPAddress.Parse($"192.0.2.{last}");

    private static ProbeTarget Asked(int address, KeyAlgorithm algorithm) => new(new(Address(address), 25), new(Address(address), 25), ServiceProtocol.Smtp, Name, algorithm);

    private static Observation Shown(int address, KeyAlgorithm algorithm, params Octets[] chain) => World.Shown(Asked(address, algorithm), chain);

    private static Observation Raw(int address, Octets key) => new() { Target = Asked(address, KeyAlgorithm.Any) with { RawPublicKey = true }, Outcome = ProbeOutcome.Completed, RawPublicKey = key };
}
