using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Dnssec.Tests.Keys;

/// <summary>Machines whose policy forbids SHA-1 in signatures (Red Hat's since version 9).</summary>
public class Sha1SupportTests
{
    [Fact]
    public void The_kept_signature_tells_whether_SHA_1_can_be_verified()
    {
        Assert.True(Sha1Support.Verify("danelaw"));
        Assert.False(Sha1Support.Verify("another text"));
    }

    [Fact, Rfc(9905, "2"), Rfc(4035, "5.2")]
    public void Where_it_cannot_its_algorithms_are_not_supported_and_its_digests_are()
    {
        var policy = new ValidationPolicy { Anchors = TrustAnchors.None, VerifiesSha1 = false };
        Assert.False(policy.Supports(SecurityAlgorithm.RsaSha1));
        Assert.False(policy.Supports(SecurityAlgorithm.RsaSha1Nsec3Sha1));
        Assert.True(policy.Supports(SecurityAlgorithm.RsaSha256));
        Assert.True(policy.Supports(DigestAlgorithm.Sha1));
    }
}
