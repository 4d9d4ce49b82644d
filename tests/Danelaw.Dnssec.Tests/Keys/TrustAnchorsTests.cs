using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Signing;

namespace Danelaw.Dnssec.Tests.Keys;

public class TrustAnchorsTests
{
    [Theory]
    // The root's keys as its DNSKEY set has them (Debian's dns-root-data 2024071801), against the digests that IANA publishes.
    [InlineData(20326, "AwEAAaz/tAm8yTn4Mfeh5eyI96WSVexTBAvkMgJzkKTOiW1vkIbzxeF3+/4RgWOq7HrxRixHlFlExOLAJr5emLvN7SWXgnLh4+B5xQlNVz8Og8kvArMtNROxVQuCaSnIDdD5LKyWbRd2n9WGe2R8PzgCmr3EgVLrjyBxWezF0jLHwVN8efS3rCj/EWgvIWgb9tarpVUDK/b58Da+sqqls3eNbuv7pr+eoZG+SrDK6nWeL3c6H5Apxz7LjVc1uTIdsIXxuOLYA4/ilBmSVIzuDWfdRUfhHdY6+cn8HFRm+2hM8AnXGXws9555KrUB5qihylGa8subX2Nn6UwNR1AkUTV74bU=")]
    [InlineData(38696, "AwEAAa96jeuknZlaeSrvyAJj6ZHv28hhOKkx3rLGXVaC6rXTsDc449/cidltpkyGwCJNnOAlFNKF2jBosZBU5eeHspaQWOmOElZsjICMQMC3aeHbGiShvZsx4wMYSjH8e7Vrhbu6irwCzVBApESjbUdpWWmEnhathWu1jo+siFUiRAAxm9qyJNg/wOZqqzL/dL/q8PkcRU5oUKEpUge71M3ej2/7CPqpdVwuMoTvoB+ZOT4YeGyxMvHmbrxlFzGOHOijtzN+u1TQNatX2XBuzZNQ1K+s2CXkPIZo7s6JgZyvaBevYtxPvYLw4z9mR7K2vaF18UYH9Z9GNUUeayffKC73PYc=")]
    public void The_built_in_anchors_are_the_digests_of_the_roots_keys(int keyTag, string publicKey)
    {
        var key = new DnskeyData(257, 3, 8, new(Convert.FromBase64String(publicKey)));

        Assert.Equal(keyTag, key.KeyTag());
        Assert.Contains(DelegationSigner.Create(DomainName.Root, key.ToOctets(), DigestAlgorithm.Sha256), Assert.Single(TrustAnchors.Iana.Zones).DelegationSigners);
    }

    [Fact]
    public void Anchors_are_read_from_zone_file_text()
    {
        Assert.True(TrustAnchors.TryRead(new StringReader("; comment\n. IN DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D\nlab. 3600 IN DS 1 200 99 00\nlab. DNSKEY 257 3 13 ( AAAA )\n. IN DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D\n"), "keys", out var anchors, out _));

        Assert.Equal([".", "lab."], anchors.Zones.Select(zone => zone.Zone.ToString()));
        Assert.Equal([(1, 0), (1, 1)], anchors.Zones.Select(zone => (zone.DelegationSigners.Length, zone.Keys.Length)));
    }

    [Theory]
    [InlineData("", "there is neither a DS nor a DNSKEY record in it")]
    [InlineData("lab. 300 A 192.0.2.1\n", "only DS and DNSKEY records are")]
    [InlineData("lab. DS 1 13 2 aa\n", "its SHA-256 digest has 1 octet, not 32")]
    [InlineData(". IN DS 20326 8 2 E06\n", "keys:1:")]
    [InlineData("$INCLUDE other\n", "keys:1:")]
    public void What_is_no_anchor_is_refused_with_its_place(string text, string said)
    {
        Assert.False(TrustAnchors.TryRead(new StringReader(text), "keys", out var anchors, out var fault));

        Assert.Null(anchors);
        Assert.Contains(said, fault.ToString(), StringComparison.Ordinal);
    }
}
