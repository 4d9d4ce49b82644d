using System.Collections.Immutable;
using Danelaw.Certificates;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Tests.Certificates;
using Danelaw.Tlsa;
using Danelaw.Verification;
using Danelaw.Verification.Paths;
using Path = Danelaw.Verification.Paths.Path;

namespace Danelaw.Tests.Verification;

/// <summary>What a server may send to confuse, to overwork or to break.</summary>
public sealed class HostileChainTests
{
    private static readonly DanePolicy Mail = new() { ReferenceNames = [DomainName.Parse("mx.example.org")] };

    [Fact, Rule("R43")]
    public void Authorities_that_issued_one_another_make_no_endless_path()
    {
        var a = Forge.Intermediate("A", "B").Make();
        var b = Forge.Intermediate("B", "C").Make();
        var c = Forge.Intermediate("C", "A").Make();
        var leaf = Forge.Leaf("mx.example.org", "A").Make();

        Assert.Equal((DaneReason.MatchedTrustAnchor, 3), Judge([leaf, a, b, c], c));
        Assert.Equal(DaneReason.AnchorNotInChain, Judge([leaf, a, b, c], Forge.Root("Root").Make()).Reason);
    }

    [Fact, Rule("R43")]
    public void The_anchor_may_stand_beyond_a_circle()
    {
        ImmutableArray<Octets> chain =
        [
            Forge.Leaf("mx.example.org", "A").Make(), Forge.Intermediate("A", "B").Make(), Forge.Intermediate("B", "A").Make(),
            Forge.Root("A").Make(), Forge.Intermediate("B", "Root").Make(), Forge.Root("Root").Make(),
        ];
        Assert.Equal((DaneReason.MatchedTrustAnchor, 3), Judge(chain, chain[5]));
    }

    [Fact]
    public void A_chain_of_two_hundred_certificates_is_followed_up_to_the_limit()
    {
        ImmutableArray<Octets> chain =
        [
            Forge.Leaf("mx.example.org", "CA 1").Make(),
            .. Enumerable.Range(1, 199).Select(i => Forge.Intermediate($"CA {i}", $"CA {i + 1}").Make()),
        ];

        Assert.Equal((DaneReason.MatchedTrustAnchor, PathSearch.MaximumLength - 1), Judge(chain, chain[PathSearch.MaximumLength - 1]));
        Assert.Equal(DaneReason.AnchorNotInChain, Judge(chain, chain[PathSearch.MaximumLength]).Reason);
        Assert.Equal(DaneReason.AnchorNotInChain, Judge(chain, chain[199]).Reason);
    }

    [Fact]
    public void A_thicket_of_cross_certificates_ends_at_the_limit_of_paths()
    {
        // Ten authorities, each certified by each: millions of paths. That this ends at all is the test.
        ImmutableArray<Octets> mesh = [.. from subject in Enumerable.Range(0, 10) from issuer in Enumerable.Range(0, 10) where subject != issuer select Forge.Intermediate($"CA {subject}", $"CA {issuer}").Make()];
        var absent = Forge.Root("Root").Make();

        Assert.False(DaneVerifier.Judge([Forge.Leaf("mx.example.org", "CA 0").Make(), .. mesh], [Record(absent)], Mail, Forge.Now).IsMatch);
    }

    [Fact]
    public void Issuers_of_one_name_and_many_keys_are_tried_up_to_the_limit_of_signatures()
    {
        ImmutableArray<Octets> impostors = [.. Enumerable.Range(0, 98).Select(i => (Forge.Root("CA") with { Key = $"key {i}", Signer = $"key {i}" }).Make())];
        var real = Forge.Root("CA").Make();

        Assert.Equal((DaneReason.MatchedTrustAnchor, 1), Judge([Forge.Leaf("mx.example.org", "CA").Make(), .. impostors, real], real));
    }

    [Fact]
    public void Sound_paths_come_before_broken_ones_so_that_impostors_cannot_crowd_them_out()
    {
        // Nine links, each with ten impostors of its issuer.
        ImmutableArray<Octets> chain =
        [
            Forge.Leaf("mx.example.org", "CA 1").Make(),
            .. from level in Enumerable.Range(1, 9) from i in Enumerable.Range(0, 11) select (Forge.Intermediate($"CA {level}", $"CA {level + 1}") with { Key = i == 10 ? null : $"impostor {level} {i}" }).Make(),
        ];
        var memory = new SignatureMemory(new());
        var certificates = chain.Select(der => { Assert.True(PathCertificate.TryRead(der, out var certificate)); return certificate; }).ToLookup(certificate => certificate.Subject);
        Assert.True(PathCertificate.TryRead(chain[0], out var leaf));

        Path[] paths = [.. new PathSearch(leaf, certificate => certificates[certificate.Issuer], memory).All];

        Assert.Equal(PathSearch.MaximumPaths, paths.Length);
        Assert.Contains(paths, path => path.Fault is null && path.Depth == 9);
    }

    [Fact]
    public void More_signatures_than_the_limit_are_not_checked()
    {
        var memory = new SignatureMemory(new());
        Assert.True(Certificate.TryRead(Forge.Leaf("mx.example.org", "Root").Make(), out var leaf));
        for (var i = 0; i < SignatureMemory.MaximumChecks; i++) Assert.Equal(SignatureCheck.Invalid, memory.Check(leaf, new(Signing.EcdsaSha256.PublicKeyOf($"stranger {i}"))));
        Assert.Equal(SignatureCheck.NotChecked, memory.Check(leaf, new(Signing.EcdsaSha256.PublicKeyOf("Root"))));
        Assert.Equal(SignatureCheck.Invalid, memory.Check(leaf, new(Signing.EcdsaSha256.PublicKeyOf("stranger 0"))));
        Assert.True(PathCertificate.TryRead(leaf.Der, out var signed));
        Assert.Equal(DaneReason.LimitReached, PathSearch.LinkFault(signed, new(Signing.EcdsaSha256.PublicKeyOf("Root")), "Root", memory)?.Reason);
    }

    [Fact]
    public void Octets_that_are_no_certificate_are_passed_over()
    {
        var root = Forge.Root("Root").Make();
        ImmutableArray<Octets> chain = [Forge.Leaf("mx.example.org", "Root").Make(), default, new("not a certificate"u8.ToArray()), root.Slice(0, root.Length - 1), root];
        Assert.Equal((DaneReason.MatchedTrustAnchor, 1), Judge(chain, root));
    }

    [Fact, Rule("R39")]
    public void A_leaf_that_claims_to_have_issued_itself_but_did_not_is_no_anchor()
    {
        var leaf = (Forge.Leaf("mx.example.org", "mx.example.org") with { Signer = "Attacker" }).Make();
        Assert.Equal(DaneReason.NoRecordMatches, Judge([leaf], leaf).Reason);
    }

    [Fact]
    public void Flipping_any_bit_of_any_certificate_never_throws_and_a_changed_leaf_never_passes_as_signed()
    {
        var root = Forge.Root("Root").Make();
        var inner = (Forge.Intermediate("Inner", "Root") with { Extensions = [Extension.Authority(1), Extension.KeyUsage("000001"), Extension.NameConstraints([Extension.Dns("example.org")], [(7, [10, 0, 0, 0, 255, 0, 0, 0])])] }).Make();
        var leaf = (Forge.Leaf("mx.example.org", "Inner") with { Extensions = [Extension.DnsNames("mx.example.org"), Extension.Purposes("1.3.6.1.5.5.7.3.1"), Extension.KeyUsage("1")] }).Make();
        ImmutableArray<Octets> chain = [leaf, inner, root];
        ImmutableArray<TlsaRecord> records = [Record(root), Record(root) with { Usage = TlsaUsage.PkixTa }, Record(leaf) with { Usage = TlsaUsage.PkixEe }];
        var policy = Mail with { Service = ServiceKind.Other, Roots = new([root]) };
        Assert.True(DaneVerifier.Judge(chain, records, policy, Forge.Now).IsMatch);
        for (var at = 0; at < 2; at++)
        {
            for (var i = 0; i < chain[at].Length; i++)
            {
                var changed = chain[at].ToArray();
                changed[i] ^= (byte)(1 << (i % 8));
                Assert.False(DaneVerifier.Judge(chain.SetItem(at, new(changed)), records, policy, Forge.Now).IsMatch);
                CertificateSummary.TryRead(new(changed), out _);
            }
        }
    }

    [Fact]
    public void Cutting_a_certificate_at_any_octet_leaves_none()
    {
        var leaf = Forge.Leaf("mx.example.org", "Root").Make();
        for (var length = 0; length < leaf.Length; length++)
            Assert.Equal(DaneReason.MalformedCertificate, Judge([leaf.Slice(0, length)], leaf).Reason);
    }

    [Theory]
    [InlineData("3080")]
    [InlineData("30800000")]
    [InlineData("30847FFFFFFF")]
    [InlineData("3088FFFFFFFFFFFFFFFF")]
    [InlineData("FF")]
    [InlineData("3F8F8F8F8F8F8F8F8F8F0100")]
    public void Lengths_that_lie_are_refused(string hex)
    {
        Assert.True(Octets.TryParseHex(hex, out var octets));
        Assert.False(Certificate.TryRead(octets, out _));
        Assert.False(PublicKeyInfo.IsWellFormed(octets.Span));
        Assert.Null(DerKinds.Recognise(octets.Span));
    }

    private static (DaneReason Reason, int? Depth) Judge(ImmutableArray<Octets> chain, Octets anchor)
    {
        var verdict = DaneVerifier.Judge(chain, [Record(anchor)], Mail, Forge.Now);
        return (verdict.Reason, verdict.Depth);
    }

    private static TlsaRecord Record(Octets certificate)
    {
        Assert.True(TlsaRecord.TryCreate(certificate, TlsaUsage.DaneTa, TlsaSelector.Certificate, TlsaMatching.Sha256, out var record, out _));
        return record;
    }
}
