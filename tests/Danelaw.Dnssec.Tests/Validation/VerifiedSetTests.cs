using Danelaw.Dns;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Signing;
using Danelaw.Dnssec.Tests.Worlds;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Dnssec.Tests.Validation;

/// <summary>A signature that was verified before is not verified again, if it is the same over the same octets by the same key.</summary>
public class VerifiedSetTests
{
    private static readonly ResourceRecord Record = Text.Record("www 300 A 192.0.2.1", Text.Name("sec.nsec."));
    private static readonly ResourceRecord Other = Text.Record("www 300 A 192.0.2.2", Text.Name("sec.nsec."));
    private static readonly SigningKey Signer = TestKeys.Get("verified");
    private readonly Danelaw.Dnssec.Validation.ZoneKeys _keys;

    public VerifiedSetTests()
    {
        var data = Signer.ToDnskey();
        Assert.True(DnskeyData.TryRead(data, out var view));
        _keys = new(Text.Name("sec.nsec."), [new(data, view)]);
    }

    [Fact, Rfc(4035, "5.3.3")]
    public void A_signature_that_was_verified_is_not_verified_again()
    {
        var set = Forged();
        set.RememberVerified(_keys.Keys[0].Fingerprint);
        var work = new Work(Limits.Default);

        Assert.True(set.Check(_keys, Policy(), TestZone.Now, work).IsValid);
        Assert.Equal(0, work.Signatures);
    }

    [Fact, Rfc(4035, "5.3.3")]
    public void What_another_key_verified_counts_for_nothing()
    {
        var set = Forged();
        set.RememberVerified(Octets.Copy(System.Security.Cryptography.SHA256.HashData([1]).AsSpan(0, ZoneKey.FingerprintLength)));

        Assert.False(set.Check(_keys, Policy(), TestZone.Now, new(Limits.Default)).IsValid);
    }

    [Fact, Rfc(4035, "5.3.3")]
    public void A_record_more_makes_it_another_set()
    {
        var set = Forged();
        set.RememberVerified(_keys.Keys[0].Fingerprint);
        set.Add(Other);

        Assert.False(set.Check(_keys, Policy(), TestZone.Now, new(Limits.Default)).IsValid);
    }

    [Fact, Rfc(4035, "5.3.3")]
    public void Another_signature_beside_it_has_to_be_verified()
    {
        var set = Forged();
        set.RememberVerified(_keys.Keys[0].Fingerprint);
        Assert.True(RrsigData.TryRead(Signature(64).ToOctets(), out var another));
        set.Add(another, 300);

        Assert.False(set.Check(_keys, Policy(), TestZone.Now, new(Limits.Default)).IsValid);
    }

    [Fact, Rfc(4035, "5.3.1")]
    public void The_times_of_a_signature_are_looked_at_each_time()
    {
        var set = Forged();
        set.RememberVerified(_keys.Keys[0].Fingerprint);

        Assert.False(set.Check(_keys, Policy(), TestZone.Validity.Expiration.AddSeconds(1), new(Limits.Default)).IsValid);
    }

    private static ValidationPolicy Policy() => new() { Anchors = TrustAnchors.Iana };

    /// <summary>A set whose signature no key has made.</summary>
    private static SignedSet Forged()
    {
        var set = new SignedSet(Record.Owner, Record.Type);
        set.Add(Record);
        set.Add(Signature(0), 300);
        return set;
    }

    private static RrsigData Signature(byte fill)
    {
        Assert.True(RrsigData.TryRead(RecordSetSigner.Sign(new(Record.Owner, Record.Type, Record.Class, 300, [Record.Data]), Signer, Text.Name("sec.nsec."), TestZone.Validity).Data, out var genuine));
        return genuine with { Signature = new Octets(Enumerable.Repeat(fill, 64).ToArray()) };
    }
}
