using System.Collections.Immutable;
using Danelaw.Dns;
using Danelaw.Dns.Records;
using Danelaw.Tests.Certificates;
using Danelaw.Tlsa;
using Danelaw.Verification;

namespace Danelaw.Tests.Tlsa;

public sealed class DigestAgilityTests
{
    private static readonly ImmutableArray<TlsaMatching> Strongest512 = [TlsaMatching.Sha512, TlsaMatching.Sha256];

    [Theory, Rule("R48"), Rfc(7671, "9")]
    [InlineData("310 311 312", "310 312")]
    [InlineData("311 311", "311 311")]
    [InlineData("312 311", "312")]
    [InlineData("311 302", "311 302")]
    [InlineData("311 212", "311 212")]
    [InlineData("211 311 312 201 202", "211 312 202")]
    [InlineData("300 301 302 310 311", "300 302 310 311")]
    [InlineData("310", "310")]
    [InlineData("", "")]
    public void For_each_usage_and_selector_full_data_and_the_strongest_digest_remain(string given, string expected) =>
        Assert.Equal(expected, Show(DigestAgility.Apply(Parse(given), Strongest512)));

    [Fact, Rule("R48")]
    public void The_order_of_digests_is_the_clients_choice()
    {
        Assert.Equal("310 311", Show(DigestAgility.Apply(Parse("310 311 312"), [TlsaMatching.Sha256, TlsaMatching.Sha512])));
        Assert.Equal("310 311", Show(DigestAgility.Apply(Parse("310 311 312"), [TlsaMatching.Sha256])));
        Assert.Equal("310 312", Show(DigestAgility.Apply(Parse("310 311 312"), [])));
        Assert.Equal("310 312", Show(DigestAgility.Apply(Parse("310 311 312"), default)));

        // Full data is no digest, and gives way to none; whoever lists it drops none for it.
        Assert.Equal("310 311", Show(DigestAgility.Apply(Parse("310 311 312"), [TlsaMatching.Full, TlsaMatching.Sha256])));
    }

    [Fact, Rule("R49"), Rfc(7671, "9")]
    public void A_key_that_matches_only_the_weaker_digest_is_refused()
    {
        var served = Forge.Leaf("mx.example.org", "CA").Make();
        var other = (Forge.Leaf("mx.example.org", "CA") with { Key = "the key of the other records" }).Make();
        ImmutableArray<TlsaRecord> records = [Record(other, TlsaMatching.Full), Record(served, TlsaMatching.Sha256), Record(other, TlsaMatching.Sha512)];

        var verdict = DaneVerifier.Judge([served], records, new(), Forge.Now);

        Assert.Equal(DaneReason.OnlyWeakerDigestMatches, verdict.Reason);
        Assert.False(verdict.IsMatch);
        Assert.Null(verdict.Record);
        Assert.Equal(DaneReason.NoRecordMatches, DaneVerifier.Judge([served], [Record(other, TlsaMatching.Sha256), Record(other, TlsaMatching.Sha512)], new(), Forge.Now).Reason);
        Assert.Equal(DaneReason.MatchedEndEntity, DaneVerifier.Judge([served], records, new() { DigestOrder = [TlsaMatching.Sha256, TlsaMatching.Sha512] }, Forge.Now).Reason);
    }

    [Fact, Rule("R35"), Rule("R48")]
    public void An_unusable_record_of_the_stronger_digest_does_not_push_the_weaker_one_out()
    {
        var served = Forge.Leaf("mx.example.org", "CA").Make();
        Assert.True(TlsaRecord.TryParse("3 1 2 00", out var unusable, out _));

        Assert.True(DaneVerifier.Judge([served], [unusable, Record(served, TlsaMatching.Sha256)], new(), Forge.Now).IsMatch);
    }

    [Fact, Rule("R48")]
    public void Agility_comes_before_the_order_of_records()
    {
        var served = Forge.Leaf("mx.example.org", "CA").Make();
        ImmutableArray<TlsaRecord> records = [Record(served, TlsaMatching.Sha256), Record(served, TlsaMatching.Sha512), Record(served, TlsaMatching.Full)];

        Assert.Equal(records[1], DaneVerifier.Judge([served], records, new(), Forge.Now).Record);
        Assert.Equal(records[2], DaneVerifier.Judge([served], [records[0], records[2], records[1]], new(), Forge.Now).Record);
    }

    private static TlsaRecord Record(Octets certificate, TlsaMatching matching)
    {
        Assert.True(TlsaRecord.TryCreate(certificate, TlsaUsage.DaneEe, TlsaSelector.PublicKey, matching, out var record, out _));
        return record;
    }

    private static ImmutableArray<TlsaRecord> Parse(string text) =>
        [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(three => new TlsaRecord((TlsaUsage)(three[0] - '0'), (TlsaSelector)(three[1] - '0'), (TlsaMatching)(three[2] - '0'), default))];

    private static string Show(ImmutableArray<TlsaRecord> records) => string.Join(' ', records.Select(record => record.Parameters.Replace(" ", "")));
}
