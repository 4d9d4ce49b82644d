using Danelaw.Dns;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Tests.Worlds;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Dnssec.Tests.Validation;

/// <summary>What NSEC3 records of the zone of RFC 5155 Appendix A prove, by the responses of its Appendix B and what is left when a record is taken out.</summary>
public class Nsec3DenialTests
{
    // RFC 5155 Appendix A: owner hash, next hash, types. Hash algorithm 1, opt-out set, 12 iterations, salt aabbccdd.
    private static readonly Dictionary<string, string> Chain = new()
    {
        ["example."] = "0p9mhaveqvm6t7vbl5lop2u3t2rp3tom 2t7b4g4vsa5smi47k61mv5bv1a22bojr MX DNSKEY NS SOA NSEC3PARAM RRSIG",
        ["2t7b"] = "2t7b4g4vsa5smi47k61mv5bv1a22bojr 2vptu5timamqttgl4luu9kg21e0aor3s A RRSIG",
        ["2vpt"] = "2vptu5timamqttgl4luu9kg21e0aor3s 35mthgpgcu1qg68fab165klnsnk3dpvl MX RRSIG",
        ["35mt"] = "35mthgpgcu1qg68fab165klnsnk3dpvl b4um86eghhds6nea196smvmlo4ors995 NS DS RRSIG",
        ["b4um"] = "b4um86eghhds6nea196smvmlo4ors995 gjeqe526plbf1g8mklp59enfd789njgi MX RRSIG",
        ["gjeq"] = "gjeqe526plbf1g8mklp59enfd789njgi ji6neoaepv8b5o6k4ev33abha8ht9fgc HINFO A AAAA RRSIG",
        ["ji6n"] = "ji6neoaepv8b5o6k4ev33abha8ht9fgc k8udemvp1j2f7eg6jebps17vp3n8i58h",
        ["k8ud"] = "k8udemvp1j2f7eg6jebps17vp3n8i58h kohar7mbb8dc2ce8a9qvl8hon4k53uhi",
        ["koha"] = "kohar7mbb8dc2ce8a9qvl8hon4k53uhi q04jkcevqvmu85r014c7dkba38o0ji5r A RRSIG",
        ["q04j"] = "q04jkcevqvmu85r014c7dkba38o0ji5r r53bq7cc2uvmubfu5ocmm6pers9tk9en A RRSIG",
        ["r53b"] = "r53bq7cc2uvmubfu5ocmm6pers9tk9en t644ebqk9bibcna874givr6joj62mlhv MX RRSIG",
        ["t644"] = "t644ebqk9bibcna874givr6joj62mlhv 0p9mhaveqvm6t7vbl5lop2u3t2rp3tom HINFO A AAAA RRSIG",
    };

    [Theory, Rfc(5155, "8"), Rfc(5155, "B")]
    // B.1: the name does not exist: closest encloser, next closer, wildcard.
    [InlineData("a.c.x.w.example.", RecordType.A, true, "NameError opt-out", "example.", "b4um", "35mt")]
    [InlineData("a.c.x.w.example.", RecordType.A, true, "Unproven", "b4um", "35mt")]
    [InlineData("a.c.x.w.example.", RecordType.A, true, "Unproven", "example.", "35mt")]
    [InlineData("a.c.x.w.example.", RecordType.A, true, "Unproven", "example.", "b4um")]
    // B.2: the type does not exist.
    [InlineData("ns1.example.", RecordType.MX, false, "NoData", "2t7b")]
    [InlineData("ns1.example.", RecordType.A, false, "Unproven", "2t7b")]
    // B.2.1: an empty non-terminal.
    [InlineData("y.w.example.", RecordType.A, false, "NoData", "ji6n")]
    // B.3: a delegation in an opt-out span.
    [InlineData("c.example.", RecordType.DS, false, "NoData opt-out", "35mt", "example.")]
    [InlineData("c.example.", RecordType.DS, false, "Unproven", "35mt")]
    [InlineData("c.example.", RecordType.DS, false, "Unproven", "example.")]
    // B.5: a wildcard stands for the name, and has no such type.
    [InlineData("a.z.w.example.", RecordType.AAAA, false, "NoData opt-out", "k8ud", "q04j", "r53b")]
    [InlineData("a.z.w.example.", RecordType.AAAA, false, "Unproven", "q04j", "r53b")]
    [InlineData("a.z.w.example.", RecordType.AAAA, false, "Unproven", "k8ud", "r53b")]
    [InlineData("a.z.w.example.", RecordType.AAAA, true, "Unproven", "k8ud", "q04j")]
    [InlineData("a.z.w.example.", RecordType.MX, false, "Unproven", "k8ud", "q04j", "r53b")]
    // B.6: DS at the apex, from the child's side.
    [InlineData("example.", RecordType.DS, false, "Unproven", "example.")]
    // What is secure elsewhere: a delegation denies nothing but DS, and nothing below it.
    [InlineData("a.example.", RecordType.DS, false, "Unproven", "35mt")]
    [InlineData("a.example.", RecordType.A, false, "Unproven", "35mt")]
    [InlineData("mc.a.example.", RecordType.A, true, "Unproven", "35mt", "example.", "2t7b", "2vpt", "b4um", "gjeq", "ji6n", "k8ud", "koha", "q04j", "r53b", "t644")]
    // What exists cannot be denied, whatever records are shown.
    [InlineData("x.w.example.", RecordType.MX, true, "Unproven", "example.", "2t7b", "2vpt", "35mt", "b4um", "gjeq", "ji6n", "k8ud", "koha", "q04j", "r53b", "t644")]
    public void A_denial_is_proven_or_not(string name, RecordType type, bool isNameError, string expected, params string[] records)
    {
        var proof = Denial(records).Prove(Text.Name(name), type, isNameError);

        Assert.Equal(expected, $"{proof.Kind}{(proof.IsOptOut ? " opt-out" : "")}");
    }

    [Theory, Rfc(5155, "8.8"), Rfc(5155, "B.4")]
    [InlineData("z.w.example.", "NameError", "q04j")]
    [InlineData("z.w.example.", "Unproven", "k8ud")]
    [InlineData("y.w.example.", "Unproven", "ji6n", "q04j", "k8ud")]
    public void That_no_closer_name_exists_is_proven_or_not(string nextCloser, string expected, params string[] records) =>
        Assert.Equal(expected, Denial(records).ProveAbsence(Text.Name(nextCloser)).Kind.ToString());

    [Fact, Rfc(9276, "3.2")]
    public void Hashing_ends_at_the_limit()
    {
        var work = new Work(new() { Nsec3Hashes = 5 });
        var proof = new Nsec3Denial(Text.Name("example."), [Record("b4um")], work).Prove(Text.Name("a.b.c.d.e.f.g.h.example."), RecordType.A, isNameError: true);

        Assert.Equal(DenialKind.OverLimit, proof.Kind);
    }

    private static Nsec3Denial Denial(IEnumerable<string> records) => new(Text.Name("example."), [.. records.Select(Record)], new(Limits.Default));

    private static Nsec3Record Record(string id)
    {
        var words = Chain[id].Split(' ');
        var types = TypeBitmap.Create(words[2..].Select(word => RecordTypes.TryParse(word, out var type) ? type : throw new FormatException(word)));
        return new(Hash(words[0]), new(1, 1, 12, new(new byte[] { 0xAA, 0xBB, 0xCC, 0xDD }), Hash(words[1]), types));
    }

    private static Octets Hash(string text)
    {
        var hash = new byte[20];
        Assert.True(Base32Hex.TryDecode(System.Text.Encoding.ASCII.GetBytes(text), hash));
        return new(hash);
    }
}
