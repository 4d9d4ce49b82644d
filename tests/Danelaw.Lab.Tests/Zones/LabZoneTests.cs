using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Zones;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Signing;
using Danelaw.Lab.Zones;

namespace Danelaw.Lab.Tests.Zones;

/// <summary>The responses of RFC 4035 Appendix B and RFC 5155 Appendix B: which records prove what.</summary>
public class LabZoneTests
{
    private const string Zone = """
        example.        3600 IN SOA ns1.example. bugs.x.w.example. 1 3600 300 3600000 3600
        example.        3600 IN NS  ns1.example.
        example.        3600 IN NS  ns2.example.
        example.        3600 IN MX  1 xx.example.
        a.example.      3600 IN NS  ns1.a.example.
        a.example.      3600 IN DS  57855 5 1 B6DCD485719ADCA18E5F3D48A2331627FDD3636B
        ns1.a.example.  3600 IN A   192.0.2.5
        ai.example.     3600 IN A   192.0.2.9
        ai.example.     3600 IN AAAA 2001:db8::f00:baa9
        ns1.example.    3600 IN A   192.0.2.1
        ns2.example.    3600 IN A   192.0.2.2
        *.w.example.    3600 IN MX  1 ai.example.
        x.w.example.    3600 IN MX  1 xx.example.
        x.y.w.example.  3600 IN MX  1 xx.example.
        xx.example.     3600 IN A   192.0.2.10
        """;

    private static readonly LabZone Nsec = Sign(Zone + "\nb.example. 3600 IN NS ns1.b.example.\nns1.b.example. 3600 IN A 192.0.2.7\nold.example. 60 IN DNAME new.example.\nalias.example. 60 IN CNAME ai.example.", null);
    private static readonly LabZone Nsec3 = Sign(
        Zone + "\nc.example. 3600 IN NS ns1.c.example.\nns1.c.example. 3600 IN A 192.0.2.7\n2t7b4g4vsa5smi47k61mv5bv1a22bojr.example. 3600 IN A 192.0.2.127",
        new Nsec3Options { Iterations = 12, Salt = Octets.Copy([0xAA, 0xBB, 0xCC, 0xDD]), OptOut = true });

    [Theory, Rfc(4035, "B.2"), Rfc(4035, "B.3"), Rfc(4035, "B.6"), Rfc(4035, "B.7"), Rfc(4035, "3.1.3")]
    [InlineData("ml.example.", "MX", nameof(ZoneOutcome.NameError), "b.example. example.")]
    [InlineData("ns1.example.", "MX", nameof(ZoneOutcome.NoData), "ns1.example.")]
    [InlineData("a.z.w.example.", "MX", nameof(ZoneOutcome.Answer), "x.y.w.example.")]
    [InlineData("a.z.w.example.", "AAAA", nameof(ZoneOutcome.NoData), "x.y.w.example. *.w.example.")]
    [InlineData("y.w.example.", "A", nameof(ZoneOutcome.NoData), "x.w.example.")]
    [InlineData("b.example.", "DS", nameof(ZoneOutcome.NoData), "b.example.")]
    [InlineData("example.", "DS", nameof(ZoneOutcome.NoData), "example.")]
    [InlineData("zz.example.", "A", nameof(ZoneOutcome.NameError), "xx.example. example.")]
    [InlineData("AI.example.", "A", nameof(ZoneOutcome.Answer), "")]
    public void NSEC_records_prove_what_the_RFC_shows(string name, string type, string outcome, string denials) => AssertProof(Nsec, RecordType.NSEC, name, type, outcome, denials);

    [Theory, Rfc(5155, "B"), Rfc(5155, "7.2")]
    [InlineData("a.c.x.w.example.", "A", nameof(ZoneOutcome.NameError), "b4um86eghhds6nea196smvmlo4ors995 0p9mhaveqvm6t7vbl5lop2u3t2rp3tom 35mthgpgcu1qg68fab165klnsnk3dpvl")]
    [InlineData("ns1.example.", "MX", nameof(ZoneOutcome.NoData), "2t7b4g4vsa5smi47k61mv5bv1a22bojr")]
    [InlineData("y.w.example.", "A", nameof(ZoneOutcome.NoData), "ji6neoaepv8b5o6k4ev33abha8ht9fgc")]
    [InlineData("a.z.w.example.", "MX", nameof(ZoneOutcome.Answer), "q04jkcevqvmu85r014c7dkba38o0ji5r")]
    [InlineData("a.z.w.example.", "AAAA", nameof(ZoneOutcome.NoData), "k8udemvp1j2f7eg6jebps17vp3n8i58h q04jkcevqvmu85r014c7dkba38o0ji5r r53bq7cc2uvmubfu5ocmm6pers9tk9en")]
    [InlineData("example.", "DS", nameof(ZoneOutcome.NoData), "0p9mhaveqvm6t7vbl5lop2u3t2rp3tom")]
    [InlineData("mc.c.example.", "MX", nameof(ZoneOutcome.Referral), "0p9mhaveqvm6t7vbl5lop2u3t2rp3tom 35mthgpgcu1qg68fab165klnsnk3dpvl")]
    [InlineData("c.example.", "DS", nameof(ZoneOutcome.NoData), "0p9mhaveqvm6t7vbl5lop2u3t2rp3tom 35mthgpgcu1qg68fab165klnsnk3dpvl")]
    public void NSEC3_records_prove_what_the_RFC_shows(string name, string type, string outcome, string denials) => AssertProof(Nsec3, RecordType.NSEC3, name, type, outcome, denials);

    [Fact, Rfc(5155, "7.2.8")]
    public void The_owner_of_an_NSEC3_record_does_not_exist()
    {
        Assert.Equal(ZoneOutcome.NameError, Nsec3.Find(DomainName.Parse("b4um86eghhds6nea196smvmlo4ors995.example."), RecordType.NSEC3).Outcome);
        // But a name that only looks like one does.
        Assert.Equal(ZoneOutcome.Answer, Nsec3.Find(DomainName.Parse("2t7b4g4vsa5smi47k61mv5bv1a22bojr.example."), RecordType.A).Outcome);
    }

    [Fact, Rfc(4035, "B.4"), Rfc(4035, "B.5"), Rfc(4035, "3.1.4")]
    public void A_referral_bears_the_DS_records_or_the_proof_that_there_are_none()
    {
        var signed = Nsec.Find(DomainName.Parse("mc.a.example."), RecordType.MX);
        var unsigned = Nsec.Find(DomainName.Parse("mc.b.example."), RecordType.MX);

        Assert.Equal((ZoneOutcome.Referral, DomainName.Parse("a.example.")), (signed.Outcome, signed.Target));
        Assert.Equal([RecordType.NS, RecordType.DS, RecordType.RRSIG], signed.Authorities.Select(record => record.Type));
        Assert.Equal([RecordType.NS, RecordType.NSEC, RecordType.RRSIG], unsigned.Authorities.Select(record => record.Type));
    }

    [Fact, Rfc(4035, "3.1.3.3"), Rfc(4592, "3.3.1")]
    public void A_wildcard_answers_with_the_name_asked_for_and_the_signature_over_the_wildcard()
    {
        var reply = Nsec.Find(DomainName.Parse("a.z.w.example."), RecordType.MX);

        Assert.All(reply.Answers, record => Assert.Equal(DomainName.Parse("a.z.w.example."), record.Owner));
        Assert.True(RrsigData.TryRead(Assert.Single(reply.Answers, record => record.Type == RecordType.RRSIG).Data, out var signature));
        Assert.Equal(2, signature.Labels);
    }

    [Fact, Rfc(6672, "2.2"), Rfc(6672, "3.1")]
    public void A_DNAME_makes_a_CNAME_without_a_signature_and_leaves_its_own_name_alone()
    {
        var below = Nsec.Find(DomainName.Parse("a.b.old.example."), RecordType.A);
        var at = Nsec.Find(DomainName.Parse("old.example."), RecordType.A);

        Assert.Equal((ZoneOutcome.Alias, DomainName.Parse("a.b.new.example.")), (below.Outcome, below.Target));
        Assert.Equal([RecordType.DNAME, RecordType.RRSIG, RecordType.CNAME], below.Answers.Select(record => record.Type));
        Assert.Equal(ZoneOutcome.NoData, at.Outcome);
    }

    [Fact, Rfc(6672, "2.2")]
    public void A_DNAME_whose_result_is_too_long_is_said_to_be()
    {
        var zone = Sign($"example. 60 IN SOA a. b. 1 2 3 4 5\nold.example. 60 IN DNAME {string.Join('.', Enumerable.Repeat(new string('x', 60), 4))}.", null);

        Assert.Equal(ZoneOutcome.AliasTooLong, zone.Find(DomainName.Parse("abcdefghijkl.old.example."), RecordType.A).Outcome);
    }

    [Fact, Rfc(1034, "4.3.2")]
    public void A_CNAME_is_followed_unless_it_is_what_was_asked_for()
    {
        Assert.Equal((ZoneOutcome.Alias, DomainName.Parse("ai.example.")), (Nsec.Find(DomainName.Parse("alias.example."), RecordType.A).Outcome, Nsec.Find(DomainName.Parse("alias.example."), RecordType.A).Target));
        Assert.Equal(ZoneOutcome.Answer, Nsec.Find(DomainName.Parse("alias.example."), RecordType.CNAME).Outcome);
    }

    [Fact, Rfc(2308, "3")]
    public void The_SOA_of_a_denial_is_kept_no_longer_than_its_MINIMUM()
    {
        var zone = Sign("example. 3600 IN SOA a. b. 1 2 3 4 60", null);

        Assert.Equal(60u, zone.Find(DomainName.Parse("no.example."), RecordType.A).Authorities.First(record => record.Type == RecordType.SOA).TimeToLive);
    }

    private static void AssertProof(LabZone zone, RecordType denial, string name, string type, string outcome, string denials)
    {
        Assert.True(RecordTypes.TryParse(type, out var parsed));
        var reply = zone.Find(DomainName.Parse(name), parsed);

        var owners = reply.Authorities.Where(record => record.Type == denial).Select(record => denial == RecordType.NSEC ? record.Owner.ToString() : System.Text.Encoding.ASCII.GetString(record.Owner.GetLabel(0)));
        Assert.Equal(outcome, reply.Outcome.ToString());
        Assert.Equal(denials, string.Join(' ', owners));
        Assert.Equal(reply.Authorities.Count(record => record.Type is not (RecordType.RRSIG or RecordType.NS)), reply.Authorities.Count(record => record.Type == RecordType.RRSIG));
    }

    private static LabZone Sign(string text, Nsec3Options? nsec3)
    {
        using var reader = new ZoneReader(new StringReader(text), new ZoneReaderOptions());
        var records = new List<ResourceRecord>();
        while (reader.TryRead(out var record, out _)) records.Add(record);
        var validity = new SignatureValidity(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(60));
        return new LabZone(ZoneSigner.Sign(records, [SigningKey.Generate(SecurityAlgorithm.Ed25519, DnskeyFlags.KeySigning)], new ZoneSigningOptions { Validity = validity, Nsec3 = nsec3 }));
    }
}
