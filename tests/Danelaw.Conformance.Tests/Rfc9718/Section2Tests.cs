using Danelaw.Dns.Records;
using Danelaw.Dns.Zones;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Signing;

namespace Danelaw.Conformance.Tests.Rfc9718;

/// <summary>RFC 9718 §2: the root's anchors as IANA publishes them. The keys themselves come from another source than our digests.</summary>
public class Section2Tests
{
    [Fact, Rfc(9718, "2"), Rfc(4509, "2.1")]
    public void The_built_in_anchors_are_the_digests_of_the_keys_of_2017_and_2024()
    {
        var keys = new List<ResourceRecord>();
        using var reader = new ZoneReader(File.OpenText(Path.Combine(Repository.Root, "tests", "Corpora", "rfc9718", "root.key")), new() { DefaultTtl = 0 });
        while (reader.TryRead(out var record, out _)) keys.Add(record);

        var root = Assert.Single(TrustAnchors.Iana.Zones);
        Assert.True(root.Zone.IsRoot);
        Assert.Equal([20326, 38696], keys.Select(key => DnskeyData.TryRead(key.Data, out var view) ? view.KeyTag() : 0));
        Assert.Equal(keys.Select(key => DelegationSigner.Create(root.Zone, key.Data, DigestAlgorithm.Sha256)), root.DelegationSigners);
    }
}
