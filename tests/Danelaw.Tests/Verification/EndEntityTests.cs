using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Tests.Certificates;
using Danelaw.Tlsa;
using Danelaw.Verification;

namespace Danelaw.Tests.Verification;

/// <summary>DANE-EE: the server's certificate or key alone counts.</summary>
public sealed class EndEntityTests
{
    private static readonly DanePolicy Mail = new() { Service = ServiceKind.Smtp, ReferenceNames = [DomainName.Parse("mx.example.org")] };
    private static readonly Forge Leaf = Forge.Leaf("mx.example.org", "CA");

    [Fact, Rule("R41"), Rfc(7671, "5.1"), Rfc(7672, "3.1.1")]
    public void Nothing_but_the_key_counts()
    {
        Forge[] odd =
        [
            Leaf with { NotAfter = Forge.Now.AddYears(-5), NotBefore = Forge.Now.AddYears(-6) },
            Leaf with { NotBefore = Forge.Now.AddYears(5), NotAfter = Forge.Now.AddYears(6) },
            Leaf with { Extensions = [Extension.DnsNames("somewhere.example.net")] },
            Leaf with { Extensions = [new("2.5.29.17", true, Encoding.ASCII.GetBytes("no names at all"))] },
            Leaf with { Extensions = [new("1.2.3.4", true, [5, 0])] },
            Leaf with { Extensions = [Extension.Purposes("1.3.6.1.5.5.7.3.4"), Extension.KeyUsage("0000011")] },
            Leaf with { Signer = "Attacker" },
            Leaf with { Signature = [] },
            Leaf with { InnerAlgorithm = Signing.Identifier("1.2.3") },
            Leaf with { Validity = [0x30, 0x00] },
            Leaf with { SubjectName = [0x30, 0x03, 0x0C, 0x01, 0xFF] },
            Leaf with { Version = 10 },
            Leaf with { Version = 1, Extensions = [] },
            Leaf with { Extensions = [] },
        ];
        foreach (var leaf in odd)
        {
            var der = leaf.Make();
            Assert.True(TlsaRecord.TryCreate(der, TlsaUsage.DaneEe, TlsaSelector.PublicKey, TlsaMatching.Sha256, out var record, out _));
            var verdict = DaneVerifier.Judge([der], [record], Mail, Forge.Now);
            Assert.Equal((DaneReason.MatchedEndEntity, 0), (verdict.Reason, verdict.Depth));
        }
    }

    [Theory]
    [InlineData(TlsaSelector.Certificate, "does not match the server's certificate, \"mx.example.org\"")]
    [InlineData(TlsaSelector.PublicKey, "does not match the public key of the server's certificate, \"mx.example.org\"")]
    public void A_mismatch_says_what_was_held_against_the_record(TlsaSelector selector, string words)
    {
        var record = new TlsaRecord(TlsaUsage.DaneEe, selector, TlsaMatching.Sha256, new(new byte[32]));

        Assert.Contains(words, DaneVerifier.Judge([Leaf.Make()], [record], Mail, Forge.Now).Explanation, StringComparison.Ordinal);
    }

    [Fact, Rule("R41"), Rfc(7671, "5.1")]
    public void No_name_need_be_given()
    {
        var leaf = Leaf.Make();
        Assert.True(DaneVerifier.Judge([leaf], [Record(leaf, TlsaUsage.DaneEe)], new() { ReferenceNames = default }, Forge.Now).IsMatch);
        Assert.False(DaneVerifier.Judge([leaf, Forge.Root("CA").Make()], [Record(Forge.Root("CA").Make(), TlsaUsage.DaneTa)], new() { ReferenceNames = default }, Forge.Now).IsMatch);
    }

    [Fact, Rule("R39"), Rfc(6698, "2.1.1")]
    public void The_record_of_an_issuer_does_not_match_as_DANE_EE()
    {
        var root = Forge.Root("CA").Make();
        var verdict = DaneVerifier.Judge([Leaf.Make(), root], [Record(root, TlsaUsage.DaneEe)], Mail, Forge.Now);

        Assert.Equal(DaneReason.NoRecordMatches, verdict.Reason);
        Assert.Contains("usage 2 is meant for an issuer", verdict.Explanation, StringComparison.Ordinal);
    }

    [Fact, Rule("R39")]
    public void The_public_key_is_taken_as_it_stands_and_never_encoded_anew()
    {
        // The same key, but the NULL of its AlgorithmIdentifier left out: other octets, another digest.
        var rsa = Signing.RsaKey("plain", 2048);
        var proper = rsa.ExportSubjectPublicKeyInfo();
        var bare = Extension.Encode(writer =>
        {
            using (writer.PushSequence())
            {
                writer.WriteEncodedValue(Signing.Identifier("1.2.840.113549.1.1.1"));
                writer.WriteBitString(rsa.ExportRSAPublicKey());
            }
        });
        var leaf = (Leaf with { PublicKey = bare }).Make();

        Assert.True(TlsaRecord.TryCreateFromKey(new(bare), TlsaUsage.DaneEe, TlsaMatching.Sha256, out var asItStands, out _));
        Assert.True(TlsaRecord.TryCreateFromKey(new(proper), TlsaUsage.DaneEe, TlsaMatching.Sha256, out var encodedAnew, out _));
        Assert.True(DaneVerifier.Judge([leaf], [asItStands], Mail, Forge.Now).IsMatch);
        Assert.False(DaneVerifier.Judge([leaf], [encodedAnew], Mail, Forge.Now).IsMatch);
    }

    [Fact, Rule("R40"), Rfc(6698, "4.1"), Rfc(7671, "8")]
    public void Any_one_record_suffices_and_the_first_in_the_order_given_is_told()
    {
        var root = Forge.Root("CA").Make();
        var leaf = Leaf.Make();
        var ee = Record(leaf, TlsaUsage.DaneEe);
        var ta = Record(root, TlsaUsage.DaneTa);
        var wrong = Record(Forge.Root("Stranger").Make(), TlsaUsage.DaneEe);

        Assert.Equal(ee, DaneVerifier.Judge([leaf, root], [wrong, ee, ta], Mail, Forge.Now).Record);
        Assert.Equal(ta, DaneVerifier.Judge([leaf, root], [wrong, ta, ee], Mail, Forge.Now).Record);
        Assert.Equal(ta, DaneVerifier.Judge([leaf, root], [wrong, wrong, ta], Mail, Forge.Now).Record);
        Assert.False(DaneVerifier.Judge([leaf, root], [wrong, wrong], Mail, Forge.Now).IsMatch);
    }

    [Fact, Rule("R50"), Rfc(7671, "5.1")]
    public void Only_3_1_x_records_mean_a_raw_public_key()
    {
        var leaf = Leaf.Make();
        var key = new Octets(Signing.EcdsaSha256.PublicKeyOf("mx.example.org"));
        foreach (var matching in (TlsaMatching[])[TlsaMatching.Full, TlsaMatching.Sha256, TlsaMatching.Sha512])
        {
            Assert.True(TlsaRecord.TryCreateFromKey(key, TlsaUsage.DaneEe, matching, out var record, out _));
            Assert.Equal(DaneReason.MatchedEndEntity, DaneVerifier.JudgeRawPublicKey(key, [record], Mail).Reason);
            foreach (var usage in (TlsaUsage[])[TlsaUsage.PkixTa, TlsaUsage.PkixEe, TlsaUsage.DaneTa])
                Assert.Equal(DaneReason.NoUsableRecords, DaneVerifier.JudgeRawPublicKey(key, [record with { Usage = usage }], Mail with { Service = ServiceKind.Other }).Reason);
        }

        Assert.Equal(DaneReason.NoUsableRecords, DaneVerifier.JudgeRawPublicKey(key, [Record(leaf, TlsaUsage.DaneEe, TlsaSelector.Certificate)], Mail).Reason);
        Assert.Equal(DaneReason.NoRecordMatches, DaneVerifier.JudgeRawPublicKey(new(Signing.EcdsaSha256.PublicKeyOf("x")), [Record(leaf, TlsaUsage.DaneEe)], Mail).Reason);
        Assert.Equal(DaneReason.NoRecords, DaneVerifier.JudgeRawPublicKey(key, [], Mail).Reason);
    }

    [Theory, Rule("R50"), InlineData(TlsaMatching.Sha256), InlineData(TlsaMatching.Sha512)]
    public void The_digest_of_nothing_matches_nothing_not_even_no_key_at_all(TlsaMatching matching)
    {
        foreach (var usage in Enum.GetValues<TlsaUsage>())
            foreach (var selector in Enum.GetValues<TlsaSelector>())
            {
                var record = new TlsaRecord(usage, selector, matching, new(matching == TlsaMatching.Sha256 ? SHA256.HashData([]) : SHA512.HashData([])));
                Assert.False(record.MatchesKey(default));
                Assert.False(DaneVerifier.JudgeRawPublicKey(default, [record], Mail with { Service = ServiceKind.Other }).IsMatch);
                foreach (ImmutableArray<Octets> chain in (ImmutableArray<Octets>[])[[], [default], [Leaf.Make(), default]])
                    Assert.False(DaneVerifier.Judge(chain, [record], Mail with { Service = ServiceKind.Other }, Forge.Now).IsMatch);
            }

        Assert.Equal(DaneReason.NoCertificate, DaneVerifier.JudgeRawPublicKey(default, [new TlsaRecord(TlsaUsage.DaneEe, TlsaSelector.PublicKey, matching, new(SHA512.HashData([]).AsMemory(..(matching == TlsaMatching.Sha256 ? 32 : 64))))], Mail).Reason);
    }

    [Fact]
    public void Without_a_certificate_that_can_be_read_nothing_matches()
    {
        var record = Record(Leaf.Make(), TlsaUsage.DaneEe);
        Assert.Equal(DaneReason.NoCertificate, DaneVerifier.Judge([], [record], Mail, Forge.Now).Reason);
        Assert.Equal(DaneReason.NoCertificate, DaneVerifier.Judge(default, [record], Mail, Forge.Now).Reason);
        Assert.Equal(DaneReason.MalformedCertificate, DaneVerifier.Judge([default], [record], Mail, Forge.Now).Reason);
        Assert.Equal(DaneReason.MalformedCertificate, DaneVerifier.Judge([new((byte[])[.. Leaf.Make().Span, 0])], [record], Mail, Forge.Now).Reason);
    }

    private static TlsaRecord Record(Octets certificate, TlsaUsage usage, TlsaSelector selector = TlsaSelector.PublicKey)
    {
        Assert.True(TlsaRecord.TryCreate(certificate, usage, selector, TlsaMatching.Sha256, out var record, out _));
        return record;
    }
}
