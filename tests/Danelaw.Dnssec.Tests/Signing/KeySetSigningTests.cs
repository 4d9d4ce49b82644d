using Danelaw.Dns;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Checking;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Signing;

namespace Danelaw.Dnssec.Tests.Signing;

/// <summary>Who signs the key set where a private half is elsewhere, and what becomes of keys that are revoked or taken out.</summary>
public class KeySetSigningTests
{
    private static readonly SigningKey Revoked = SignedFile.KeySigning.WithFlags(DnskeyFlags.KeySigning | DnskeyFlags.Revoked);
    private static readonly SigningKey Next = SigningKey.Generate(SecurityAlgorithm.Ed25519, DnskeyFlags.KeySigning);

    private static ZoneSigningOptions Published => SignedFile.Options with { ChildRecords = ChildRecordPolicy.Publish };

    private static ZoneSigningOptions Again => SignedFile.Options with { Reuse = new(SignedFile.Now, TimeSpan.FromDays(3)) };

    [Fact, Rfc(4035, "5.2"), Rfc(6840, "6.2"), Rfc(7344, "4.1")]
    public async Task Without_the_private_half_of_the_KSK_its_good_signatures_stay_and_the_ZSK_makes_none_in_its_stead()
    {
        var (_, text) = await SignedFile.SignAsync(SignedFile.Zone, Published);

        var (outcome, again) = await SignedFile.SignAsync(text + "new.example.lab. 3600 IN A 127.0.0.9\n", Again, SignedFile.ZoneSigning);

        Assert.True(outcome.IsSigned, outcome.Fault);
        Assert.Empty(outcome.Notes);
        foreach (var type in (string[])["DNSKEY", "CDS", "CDNSKEY"]) Assert.Equal(KeySetSignatures(text, type), KeySetSignatures(again, type));
        Assert.Equal(SignedFile.KeySigning.KeyTag, Assert.Single(Tags(again, RecordType.DNSKEY)));
        Assert.True((await SignedFile.CheckAsync(again, new() { Now = SignedFile.Now, Ds = [SignedFile.KeySigning.ToDs(SignedFile.Apex)] })).IsSound);
    }

    [Theory, Rfc(4035, "5.2"), Rfc(6840, "6.2")]
    [InlineData("unsigned")]
    [InlineData("changed")]
    [InlineData("expired")]
    [InlineData("afresh")]
    public async Task Without_a_good_signature_of_the_KSK_a_zone_is_not_signed_by_the_ZSK_alone(string how)
    {
        var (_, text) = await SignedFile.SignAsync(SignedFile.Zone);
        var later = SignedFile.Now.AddDays(15);

        var (outcome, _) = how switch
        {
            "unsigned" => await SignedFile.SignAsync(SignedFile.Without(text, line => line.Contains(" RRSIG ", StringComparison.Ordinal)), Again, SignedFile.ZoneSigning),
            "changed" => await SignedFile.SignAsync(text, Again, SignedFile.ZoneSigning, SigningKey.Generate(SecurityAlgorithm.Ed25519)),
            "expired" => await SignedFile.SignAsync(text, Again with { Validity = new(later, later.AddDays(1)), Reuse = new(later, TimeSpan.Zero) }, SignedFile.ZoneSigning),
            _ => await SignedFile.SignAsync(text, SignedFile.Options, SignedFile.ZoneSigning),
        };

        Assert.False(outcome.IsSigned);
        Assert.Contains("RFC 6840 §6.2", outcome.Fault, StringComparison.Ordinal);
        Assert.Contains($"key {SignedFile.KeySigning.KeyTag}", outcome.Fault, StringComparison.Ordinal);
    }

    [Fact, Rfc(7344, "4.1")]
    public async Task CDS_that_only_the_absent_KSK_could_sign_are_refused()
    {
        var (_, text) = await SignedFile.SignAsync(SignedFile.Zone);

        var (outcome, _) = await SignedFile.SignAsync(text, Again with { ChildRecords = ChildRecordPolicy.Publish }, SignedFile.ZoneSigning);

        Assert.Contains("RFC 7344 §4.1", outcome.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_the_absent_key_has_to_sign_again_is_told()
    {
        var (_, text) = await SignedFile.SignAsync(SignedFile.Zone);
        var later = SignedFile.Now.AddDays(12);

        var (outcome, _) = await SignedFile.SignAsync(text, SignedFile.Options with { Validity = new(later, later.AddDays(14)), Reuse = new(later, TimeSpan.FromDays(3)) }, SignedFile.ZoneSigning);

        Assert.True(outcome.IsSigned, outcome.Fault);
        Assert.Contains("has to sign the DNSKEY set again before 2026-01-15 00:00:00 UTC", Assert.Single(outcome.Notes), StringComparison.Ordinal);
    }

    [Fact, Rfc(5011, "2.1")]
    public async Task A_revoked_key_that_could_not_sign_any_more_is_told_and_not_left_without_its_signature()
    {
        var (_, text) = await SignedFile.SignAsync(SignedFile.Zone, null, Next, SignedFile.ZoneSigning, Revoked);

        var (kept, again) = await SignedFile.SignAsync(text, Again, Next, SignedFile.ZoneSigning);
        var (refused, _) = await SignedFile.SignAsync(text, Again, Next, SignedFile.ZoneSigning, SigningKey.Generate(SecurityAlgorithm.Ed25519));
        var (without, gone) = await SignedFile.SignAsync(text, Again with { RemovedKeyTags = [Revoked.KeyTag] }, Next, SignedFile.ZoneSigning, SigningKey.Generate(SecurityAlgorithm.Ed25519));

        Assert.True(kept.IsSigned, kept.Fault);
        Assert.Contains(Revoked.KeyTag, Tags(again, RecordType.DNSKEY));
        Assert.False(refused.IsSigned);
        Assert.Contains($"the revoked key {Revoked.KeyTag} would not sign", refused.Fault, StringComparison.Ordinal);
        Assert.True(without.IsSigned, without.Fault);
        Assert.DoesNotContain(" IN DNSKEY 385 ", gone, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_no_key_has_the_SEP_flag_who_signs_the_key_set_is_told()
    {
        var (outcome, _) = await SignedFile.SignAsync(SignedFile.Zone, null, SignedFile.ZoneSigning);

        Assert.True(outcome.IsSigned, outcome.Fault);
        Assert.Contains("no key has the SEP flag", Assert.Single(outcome.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_is_only_published_signs_nothing()
    {
        var (outcome, text) = await SignedFile.SignAsync(SignedFile.Zone, SignedFile.Options with { PublishedKeys = [Next.ToDnskey()] });

        Assert.True(outcome.IsSigned, outcome.Fault);
        Assert.Equal(3, SignedFile.Lines(text, "DNSKEY").Count());
        Assert.DoesNotContain(SignedFile.Signatures(text), data => data.KeyTag == Next.KeyTag);
    }

    [Fact, Rfc(5011, "2.1")]
    public async Task A_revoked_key_signs_the_DNSKEY_set_and_neither_CDS_nor_CDNSKEY()
    {
        var (outcome, text) = await SignedFile.SignAsync(SignedFile.Zone, Published, Next, Revoked, SignedFile.ZoneSigning);

        Assert.True(outcome.IsSigned, outcome.Fault);
        Assert.Equal([RecordType.DNSKEY], SignedFile.Signatures(text).Where(data => data.KeyTag == Revoked.KeyTag).Select(data => data.TypeCovered));
        Assert.True((await SignedFile.CheckAsync(text)).IsSound);
    }

    [Theory, Rfc(5011, "2.1"), Rfc(7344, "4.1")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_revoked_key_replaces_what_it_was_and_leaves_CDS_and_CDNSKEY(bool isOldGivenToo)
    {
        var (_, text) = await SignedFile.SignAsync(SignedFile.Zone, Published, SignedFile.KeySigning, Next, SignedFile.ZoneSigning);
        SigningKey[] keys = [Next, Revoked, SignedFile.ZoneSigning];

        var (outcome, again) = await SignedFile.SignAsync(text, Again, isOldGivenToo ? [.. keys, SignedFile.KeySigning] : keys);

        Assert.True(outcome.IsSigned, outcome.Fault);
        Assert.Equal(2, outcome.Notes.Length);
        Assert.Equal(keys.Select(key => Text(key.ToDnskey())).Order(StringComparer.Ordinal), SignedFile.Lines(again, "DNSKEY").Select(line => line.Split(" IN DNSKEY ")[1]).Order(StringComparer.Ordinal));
        Assert.EndsWith(Text(Next.ToDnskey()), Assert.Single(SignedFile.Lines(again, "CDNSKEY")), StringComparison.Ordinal);
        Assert.Contains($" CDS {Next.KeyTag} ", Assert.Single(SignedFile.Lines(again, "CDS")), StringComparison.Ordinal);
        Assert.True((await SignedFile.CheckAsync(again)).IsSound);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_key_that_is_taken_out_leaves_the_zone_with_its_CDS_and_CDNSKEY(bool isByTag)
    {
        var (_, text) = await SignedFile.SignAsync(SignedFile.Zone, Published, SignedFile.KeySigning, Next, SignedFile.ZoneSigning);
        var options = isByTag ? Again with { RemovedKeyTags = [SignedFile.KeySigning.KeyTag] } : Again with { RemovedKeys = [SignedFile.KeySigning.ToDnskey()] };

        var (outcome, again) = await SignedFile.SignAsync(text, options, Next, SignedFile.ZoneSigning);

        Assert.True(outcome.IsSigned, outcome.Fault);
        Assert.Equal((2, 1, 1), (SignedFile.Lines(again, "DNSKEY").Count(), SignedFile.Lines(again, "CDNSKEY").Count(), SignedFile.Lines(again, "CDS").Count()));
        Assert.True((await SignedFile.CheckAsync(again)).IsSound);
    }

    [Theory, Rfc(7344, "4.1")]
    [InlineData("DNSKEY", 48)]
    [InlineData("CDNSKEY", 60)]
    public async Task Key_records_below_the_apex_are_signed_as_all_records_are(string type, ushort number)
    {
        var (outcome, text) = await SignedFile.SignAsync($"{SignedFile.Zone}\nsub {type} {Text(Next.ToDnskey())}\n");

        Assert.True(outcome.IsSigned, outcome.Fault);
        Assert.Single(outcome.Notes);
        Assert.Contains(SignedFile.Signatures(text), data => data.TypeCovered == (RecordType)number && data.KeyTag == SignedFile.ZoneSigning.KeyTag);
        Assert.DoesNotContain((await SignedFile.CheckAsync(text)).Findings, finding => finding.Code == ZoneFindingCodes.KeySet);
    }

    [Fact]
    public async Task The_TTL_of_a_keys_file_holds_where_the_zone_brings_no_DNSKEY()
    {
        var (_, text) = await SignedFile.SignAsync(SignedFile.Zone, SignedFile.Options with { DefaultDnskeyTimeToLive = 77 });
        var (_, again) = await SignedFile.SignAsync(text, Again with { DefaultDnskeyTimeToLive = 88 });

        Assert.All(SignedFile.Lines(text, "DNSKEY"), line => Assert.Contains(" 77 IN ", line, StringComparison.Ordinal));
        Assert.All(SignedFile.Lines(again, "DNSKEY"), line => Assert.Contains(" 77 IN ", line, StringComparison.Ordinal));
    }

    private static string Text(Octets dnskey) => Dns.Zones.RecordText.Format(RecordType.DNSKEY, dnskey);

    private static List<string> KeySetSignatures(string text, string type) => [.. text.Split('\n').Where(line => SignedFile.Is(line, "example.lab.", "RRSIG", type + " "))];

    private static IEnumerable<ushort> Tags(string text, RecordType type) => SignedFile.Signatures(text).Where(data => data.TypeCovered == type).Select(data => data.KeyTag);
}
