using System.Formats.Asn1;
using System.Security.Cryptography;
using Danelaw.Certificates;
using Danelaw.Dns;
using Danelaw.Dns.Records;
using Danelaw.Tests.Certificates;
using Danelaw.Tests.Probes;
using Danelaw.Tlsa;
using Danelaw.Verification;

namespace Danelaw.Tests.Tlsa;

/// <summary>What a record can be made of, and what it means, at the edges.</summary>
public sealed class TlsaRecordMatchingTests
{
    private static readonly Octets Leaf = Forge.Leaf("mx.example.org", "Some CA").Make();
    private static readonly Octets Key = ServerKey.Genuine[Danelaw.Probes.KeyAlgorithm.Ecdsa].PublicKey;
    private static readonly Octets Digest = new(SHA256.HashData(Key.Span));

    [Theory, Rfc(6698, "2.1")]
    [InlineData(0, 0, 9)]
    [InlineData(0, 9, 1)]
    [InlineData(9, 1, 1)]
    public void No_record_is_made_of_values_that_mean_nothing(int usage, int selector, int matching)
    {
        Assert.False(TlsaRecord.TryCreate(Leaf, (TlsaUsage)usage, (TlsaSelector)selector, (TlsaMatching)matching, out var record, out var fault));
        Assert.NotEmpty(fault);
        Assert.Equal(default, record);
        if (selector == 9) return;
        Assert.False(TlsaRecord.TryCreateFromKey(Key, (TlsaUsage)usage, (TlsaMatching)matching, out record, out fault));
        Assert.NotEmpty(fault);
        Assert.Equal(default, record);
    }

    [Fact, Rfc(6698, "2.1")]
    public void No_record_is_made_of_octets_that_are_neither_certificate_nor_key()
    {
        Assert.False(TlsaRecord.TryCreate(Key, TlsaUsage.DaneEe, TlsaSelector.PublicKey, TlsaMatching.Sha256, out _, out var fault));
        Assert.Equal("these octets are not one X.509 certificate in DER", fault);
        Assert.False(TlsaRecord.TryCreateFromKey(Leaf, TlsaUsage.DaneEe, TlsaMatching.Sha256, out _, out fault));
        Assert.Equal("these octets are not one SubjectPublicKeyInfo in DER", fault);
    }

    [Theory, Rfc(6698, "2.1.4")]
    [InlineData(TlsaRecord.MaximumDataLength, TlsaMatching.Full, true)]
    [InlineData(TlsaRecord.MaximumDataLength + 1, TlsaMatching.Full, false)]
    [InlineData(TlsaRecord.MaximumDataLength + 1, TlsaMatching.Sha256, true)]
    public void Full_data_is_as_long_as_RDATA_has_room_for(int length, TlsaMatching matching, bool isMade)
    {
        Assert.Equal(isMade, TlsaRecord.TryCreateFromKey(KeyOf(length), TlsaUsage.DaneEe, matching, out var record, out var fault));
        Assert.Equal(isMade ? "" : $"with matching type 0 the data would have {length} octets; a record has room for {TlsaRecord.MaximumDataLength}", fault);
        Assert.Equal(!isMade, record == default);
    }

    [Fact, Rule("R39"), Rule("R50")]
    public void A_digest_of_a_key_under_another_selector_or_of_an_unknown_kind_means_no_key()
    {
        Assert.True(new TlsaRecord(TlsaUsage.DaneEe, TlsaSelector.PublicKey, TlsaMatching.Sha256, Digest).MatchesKey(Key));
        Assert.False(new TlsaRecord(TlsaUsage.DaneEe, TlsaSelector.Certificate, TlsaMatching.Sha256, Digest).MatchesKey(Key));
        Assert.False(new TlsaRecord(TlsaUsage.DaneEe, TlsaSelector.PublicKey, (TlsaMatching)9, Digest).MatchesKey(Key));
        Assert.True(Certificate.TryRead(Leaf, out var certificate));
        Assert.False(new TlsaRecord(TlsaUsage.DaneEe, TlsaSelector.Certificate, (TlsaMatching)9, Leaf).Matches(certificate));
    }

    [Fact, Rule("R50")]
    public void A_raw_public_key_is_judged_by_records_that_can_be_used_and_the_verdict_names_the_one()
    {
        TlsaRecord right = new(TlsaUsage.DaneEe, TlsaSelector.PublicKey, TlsaMatching.Sha256, Digest), cut = right with { Data = Digest.Slice(1) };

        var verdict = DaneVerifier.JudgeRawPublicKey(Key, [cut, right], new());
        Assert.Equal((DaneReason.MatchedEndEntity, right, 0), (verdict.Reason, verdict.Record, verdict.Depth));
        Assert.EndsWith("matches the server's raw public key (RFC 7671 §5.1)", verdict.Explanation, StringComparison.Ordinal);
        Assert.Equal(DaneReason.NoUsableRecords, DaneVerifier.JudgeRawPublicKey(Key, [cut], new()).Reason);
    }

    [Fact]
    public void Whatever_is_refused_is_explained_and_a_policy_is_never_left_out()
    {
        foreach (var verdict in (DaneVerdict[])[DaneVerifier.Judge([Leaf], [], new(), Forge.Now), DaneVerifier.JudgeRawPublicKey(Key, [], new()), DaneVerifier.JudgeRawPublicKey(default, [new(TlsaUsage.DaneEe, TlsaSelector.PublicKey, TlsaMatching.Sha256, Digest)], new())]) Assert.NotEmpty(verdict.Explanation);
        Assert.Throws<ArgumentNullException>("policy", () => DaneVerifier.Judge([Leaf], [], null!, Forge.Now));
        Assert.Throws<ArgumentNullException>("policy", () => DaneVerifier.JudgeRawPublicKey(Key, [], null!));
    }

    [Fact]
    public void Of_records_that_are_equally_far_from_a_match_the_first_is_told()
    {
        TlsaRecord[] records = [.. new[] { "First CA", "Second CA" }.Select(name => TlsaRecord.TryCreate(Forge.Root(name).Make(), TlsaUsage.DaneTa, TlsaSelector.PublicKey, TlsaMatching.Sha256, out var record, out _) ? record : default)];

        Assert.Equal(DaneVerifier.Judge([Leaf], [records[0]], new(), Forge.Now).Explanation, DaneVerifier.Judge([Leaf], [.. records], new(), Forge.Now).Explanation);
    }

    /// <summary>A key of a kind that nobody knows, so many octets long.</summary>
    private static Octets KeyOf(int length)
    {
        for (var bits = length - 30; ; bits++)
        {
            var writer = new AsnWriter(AsnEncodingRules.DER);
            using (writer.PushSequence())
            {
                using (writer.PushSequence()) writer.WriteObjectIdentifier("1.3.6.1.4.1.99999.1");
                writer.WriteBitString(new byte[bits]);
            }

            if (writer.GetEncodedLength() == length) return new(writer.Encode());
        }
    }
}
