using System.Collections.Immutable;
using System.Security.Cryptography;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Tests.Certificates;
using Danelaw.Tlsa;
using Danelaw.Verification;

namespace Danelaw.Tests.Verification;

/// <summary>Each rule of a path by itself, for an anchor that was sent, one that the record carries, a bare key, and PKIX.</summary>
public sealed class PathRulesTests
{
    private static readonly DanePolicy Web = new() { Service = ServiceKind.Other, ReferenceNames = [DomainName.Parse("mx.example.org")] };
    private static readonly Forge Root = Forge.Root("Root");
    private static readonly Forge Inner = Forge.Intermediate("Inner", "Root");
    private static readonly Forge Leaf = Forge.Leaf("mx.example.org", "Inner");

    private static readonly Dictionary<string, (Forge Leaf, Forge Inner, Forge Root, DaneReason Expected)> Cases = new()
    {
        ["sound"] = (Leaf, Inner, Root, DaneReason.MatchedTrustAnchor),
        ["leaf forged"] = (Leaf with { Signer = "Attacker" }, Inner, Root, DaneReason.SignatureInvalid),
        ["intermediate forged"] = (Leaf, Inner with { Signer = "Attacker" }, Root, DaneReason.SignatureInvalid),
        ["leaf signed by SHA-1"] = (Leaf with { Signing = Signing.Ecdsa(ECCurve.NamedCurves.nistP256, HashAlgorithmName.SHA1, "1.2.840.10045.4.1") }, Inner, Root, DaneReason.TooWeak),
        ["leaf key of RSA 1016"] = (Leaf with { KeyKind = Signing.Rsa(1016, HashAlgorithmName.SHA256, "1.2.840.113549.1.1.11") }, Inner, Root, DaneReason.TooWeak),
        ["intermediate without basic constraints"] = (Leaf, Inner with { Extensions = [] }, Root, DaneReason.NotAnAuthority),
        ["intermediate that is none"] = (Leaf, Inner with { Extensions = [Extension.Authority(isAuthority: false)] }, Root, DaneReason.NotAnAuthority),
        ["intermediate with a key for certificates but no basic constraints"] = (Leaf, Inner with { Extensions = [Extension.KeyUsage("000001")] }, Root, DaneReason.NotAnAuthority),
        ["intermediate whose key may not sign"] = (Leaf, Inner with { Extensions = [Extension.Authority(), Extension.KeyUsage("1")] }, Root, DaneReason.NotAnAuthority),
        ["intermediate of version 1"] = (Leaf, Inner with { Version = 1, Extensions = [] }, Root, DaneReason.NotAnAuthority),
        ["leaf with extensions in version 1"] = (Leaf with { Version = 1 }, Inner, Root, DaneReason.MalformedCertificate),
        ["leaf of version 7"] = (Leaf with { Version = 7 }, Inner, Root, DaneReason.MalformedCertificate),
        ["leaf with two alternative names"] = (Leaf with { Extensions = [.. Leaf.Extensions, .. Leaf.Extensions] }, Inner, Root, DaneReason.MalformedCertificate),
        ["leaf with broken alternative names"] = (Leaf with { Extensions = [new("2.5.29.17", false, [0x30, 0x03, 0x82])] }, Inner, Root, DaneReason.MalformedCertificate),
        ["leaf with broken key usage"] = (Leaf with { Extensions = [.. Leaf.Extensions, new("2.5.29.15", true, [0x03, 0x00])] }, Inner, Root, DaneReason.MalformedCertificate),
        ["leaf with broken purposes"] = (Leaf with { Extensions = [.. Leaf.Extensions, new("2.5.29.37", true, [0x30, 0x01, 0x06])] }, Inner, Root, DaneReason.MalformedCertificate),
        ["intermediate with broken name constraints"] = (Leaf, Inner with { Extensions = [Extension.Authority(), new("2.5.29.30", true, [0x30, 0x02, 0xA2, 0x00])] }, Root, DaneReason.MalformedCertificate),
        ["intermediate with a broken extension"] = (Leaf, Inner with { Extensions = [Extension.Authority(), new("2.5.29.19", true, [0x01])] }, Root, DaneReason.MalformedCertificate),
        ["leaf with unknown critical extension"] = (Leaf with { Extensions = [.. Leaf.Extensions, new("1.2.3.4", true, [5, 0])] }, Inner, Root, DaneReason.UnknownCriticalExtension),
        ["intermediate with unknown critical extension"] = (Leaf, Inner with { Extensions = [Extension.Authority(), new("1.2.3.4", true, [5, 0])] }, Root, DaneReason.UnknownCriticalExtension),
        ["leaf with unknown extension"] = (Leaf with { Extensions = [.. Leaf.Extensions, new("1.2.3.4", false, [5, 0])] }, Inner, Root, DaneReason.MatchedTrustAnchor),
        ["leaf for clients"] = (Leaf with { Extensions = [.. Leaf.Extensions, Extension.Purposes("1.3.6.1.5.5.7.3.2")] }, Inner, Root, DaneReason.WrongPurpose),
        ["leaf for anything"] = (Leaf with { Extensions = [.. Leaf.Extensions, Extension.Purposes("2.5.29.37.0")] }, Inner, Root, DaneReason.WrongPurpose),
        ["leaf for clients and servers"] = (Leaf with { Extensions = [.. Leaf.Extensions, Extension.Purposes("1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.1")] }, Inner, Root, DaneReason.MatchedTrustAnchor),
        ["intermediate for mail"] = (Leaf, Inner with { Extensions = [Extension.Authority(), Extension.Purposes("1.3.6.1.5.5.7.3.4")] }, Root, DaneReason.WrongPurpose),
        ["leaf key for certificates"] = (Leaf with { Extensions = [.. Leaf.Extensions, Extension.KeyUsage("0000011")] }, Inner, Root, DaneReason.WrongPurpose),
        ["leaf key for key agreement"] = (Leaf with { Extensions = [.. Leaf.Extensions, Extension.KeyUsage("00001")] }, Inner, Root, DaneReason.MatchedTrustAnchor),
        ["leaf expired"] = (Leaf with { NotAfter = Forge.Now.AddSeconds(-1) }, Inner, Root, DaneReason.Expired),
        ["intermediate expired"] = (Leaf, Inner with { NotAfter = Forge.Now.AddSeconds(-1) }, Root, DaneReason.Expired),
        ["leaf of tomorrow"] = (Leaf with { NotBefore = Forge.Now.AddSeconds(1) }, Inner, Root, DaneReason.NotYetValid),
        ["intermediate of tomorrow"] = (Leaf, Inner with { NotBefore = Forge.Now.AddSeconds(1) }, Root, DaneReason.NotYetValid),
        ["leaf of tomorrow, intermediate expired"] = (Leaf with { NotBefore = Forge.Now.AddSeconds(1) }, Inner with { NotAfter = Forge.Now.AddSeconds(-1) }, Root, DaneReason.Expired),
        ["leaf valid to this second"] = (Leaf with { NotAfter = Forge.Now }, Inner, Root, DaneReason.MatchedTrustAnchor),
        ["leaf valid from this second"] = (Leaf with { NotBefore = Forge.Now }, Inner, Root, DaneReason.MatchedTrustAnchor),
        ["leaf valid from 1950 to 2050"] = (Leaf with { NotBefore = new(1950, 1, 1, 0, 0, 0, TimeSpan.Zero), NotAfter = new(2050, 1, 1, 0, 0, 0, TimeSpan.Zero) }, Inner, Root, DaneReason.MatchedTrustAnchor),
        ["leaf valid to 9999"] = (Leaf with { NotAfter = new(9999, 12, 31, 23, 59, 59, TimeSpan.Zero) }, Inner, Root, DaneReason.MatchedTrustAnchor),
        ["leaf with unreadable dates"] = (Leaf with { Validity = [0x30, 0x04, 0x17, 0x00, 0x17, 0x00] }, Inner, Root, DaneReason.MalformedCertificate),
        ["leaf of another name"] = (Leaf with { Extensions = [Extension.DnsNames("mx.example.net")] }, Inner, Root, DaneReason.NameMismatch),
        ["leaf with a common name only"] = (Leaf with { Extensions = [] }, Inner, Root, DaneReason.NameMismatch),
        ["name outside the intermediate's constraints"] = (Leaf, Inner with { Extensions = [Extension.Authority(), Extension.NameConstraints([Extension.Dns("example.net")], [])] }, Root, DaneReason.NameConstraintViolated),
        ["name within the intermediate's constraints"] = (Leaf, Inner with { Extensions = [Extension.Authority(), Extension.NameConstraints([Extension.Dns("example.org")], [Extension.Dns("example.net")])] }, Root, DaneReason.MatchedTrustAnchor),
        ["intermediate's own name excluded by the root"] = (Leaf, Inner, Root with { Extensions = [Extension.Authority(), Extension.NameConstraints([], [(4, Forge.Name("Inner"))])] }, DaneReason.NameConstraintViolated),
        ["path length 0 at the intermediate"] = (Leaf, Inner with { Extensions = [Extension.Authority(0)] }, Root, DaneReason.MatchedTrustAnchor),
    };

    private static readonly Dictionary<string, (Forge Root, DaneReason Expected)> AnchorCases = new()
    {
        ["no authority"] = (Root with { Extensions = [Extension.Authority(isAuthority: false)] }, DaneReason.NotAnAuthority),
        ["no basic constraints"] = (Root with { Extensions = [] }, DaneReason.NotAnAuthority),
        ["no basic constraints but a key for certificates"] = (Root with { Extensions = [Extension.KeyUsage("000001")] }, DaneReason.MatchedTrustAnchor),
        ["a key that may not sign"] = (Root with { Extensions = [Extension.Authority(), Extension.KeyUsage("1")] }, DaneReason.NotAnAuthority),
        ["version 1, issued by itself"] = (Root with { Version = 1, Extensions = [] }, DaneReason.MatchedTrustAnchor),
        ["version 1, issued by another"] = (Root with { Issuer = "Elsewhere", Version = 1, Extensions = [] }, DaneReason.NotAnAuthority),
        ["issued by another"] = (Root with { Issuer = "Elsewhere" }, DaneReason.MatchedTrustAnchor),
        ["its own signature forged"] = (Root with { Signer = "Attacker" }, DaneReason.MatchedTrustAnchor),
        ["its own signature by MD5"] = (Root with { Signing = Signing.Rsa(2048, HashAlgorithmName.MD5, "1.2.840.113549.1.1.4") }, DaneReason.MatchedTrustAnchor),
        ["expired"] = (Root with { NotAfter = Forge.Now.AddSeconds(-1) }, DaneReason.Expired),
        ["path length 0"] = (Root with { Extensions = [Extension.Authority(0)] }, DaneReason.PathTooLong),
        ["path length 1"] = (Root with { Extensions = [Extension.Authority(1)] }, DaneReason.MatchedTrustAnchor),
        ["a path length beyond all numbers"] = (Root with { Extensions = [new("2.5.29.19", true, [0x30, 0x0C, 0x01, 0x01, 0xFF, 0x02, 0x07, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF])] }, DaneReason.MatchedTrustAnchor),
        ["a negative path length"] = (Root with { Extensions = [new("2.5.29.19", true, [0x30, 0x06, 0x01, 0x01, 0xFF, 0x02, 0x01, 0xFF])] }, DaneReason.MalformedCertificate),
        ["TRUE as an old authority wrote it"] = (Root with { Extensions = [new("2.5.29.19", true, [0x30, 0x03, 0x01, 0x01, 0x01])] }, DaneReason.MatchedTrustAnchor),
        ["unknown critical extension"] = (Root with { Extensions = [Extension.Authority(), new("1.2.3.4", true, [5, 0])] }, DaneReason.UnknownCriticalExtension),
        ["for mail"] = (Root with { Extensions = [Extension.Authority(), Extension.Purposes("1.3.6.1.5.5.7.3.4")] }, DaneReason.WrongPurpose),
        ["name constraints that exclude"] = (Root with { Extensions = [Extension.Authority(), Extension.NameConstraints([], [Extension.Dns("example.org")])] }, DaneReason.NameConstraintViolated),
    };

    public static TheoryData<string> CaseNames { get; } = new(Cases.Keys);

    public static TheoryData<string> AnchorCaseNames { get; } = new(AnchorCases.Keys);

    [Theory, MemberData(nameof(CaseNames)), Rule("R43"), Rfc(5280, "6.1"), Rfc(7671, "5.2.1")]
    public void A_path_to_an_anchor_that_was_sent_keeps_the_rule(string name)
    {
        var (leaf, inner, root, expected) = Cases[name];
        var anchor = root.Make();
        Assert.Equal(expected, DaneVerifier.Judge([leaf.Make(), inner.Make(), anchor], [Record(anchor, TlsaMatching.Sha256)], Web, Forge.Now).Reason);
    }

    [Theory, MemberData(nameof(CaseNames)), Rule("R44"), Rfc(7671, "5.2.2")]
    public void A_path_to_an_anchor_that_the_record_carries_keeps_the_rule(string name)
    {
        var (leaf, inner, root, expected) = Cases[name];
        Assert.Equal(expected, DaneVerifier.Judge([leaf.Make(), inner.Make()], [Record(root.Make(), TlsaMatching.Full)], Web, Forge.Now).Reason);
    }

    [Theory, MemberData(nameof(CaseNames)), Rule("R44"), Rfc(7671, "5.2.3")]
    public void A_path_to_a_bare_key_keeps_the_rule(string name)
    {
        // What a bare key cannot constrain, and what it did not sign, is found out differently.
        var (leaf, inner, root, expected) = Cases[name];
        expected = name switch
        {
            "intermediate's own name excluded by the root" => DaneReason.MatchedTrustAnchor,
            "intermediate forged" => DaneReason.NoPath,
            _ => expected,
        };
        var record = Record(root.Make(), TlsaMatching.Full, TlsaSelector.PublicKey);
        Assert.Equal(expected, DaneVerifier.Judge([leaf.Make(), inner.Make()], [record], Web, Forge.Now).Reason);
    }

    [Theory, MemberData(nameof(CaseNames)), Rule("R42"), Rfc(7671, "5.3"), Rfc(7671, "5.4")]
    public void A_path_to_the_trust_store_keeps_the_rule(string name)
    {
        var (leaf, inner, root, expected) = Cases[name];
        var anchor = root.Make();
        var server = leaf.Make();
        var policy = Web with { Roots = new([anchor]) };
        var isMatch = expected == DaneReason.MatchedTrustAnchor;

        Assert.Equal(isMatch ? DaneReason.MatchedPkixTrustAnchor : expected, DaneVerifier.Judge([server, inner.Make()], [Record(anchor, TlsaMatching.Sha256) with { Usage = TlsaUsage.PkixTa }], policy, Forge.Now).Reason);
        Assert.Equal(isMatch ? DaneReason.MatchedPkixEndEntity : expected, DaneVerifier.Judge([server, inner.Make()], [Record(server, TlsaMatching.Sha256) with { Usage = TlsaUsage.PkixEe }], policy, Forge.Now).Reason);
    }

    [Theory, MemberData(nameof(AnchorCaseNames)), Rule("R43"), Rfc(7671, "5.2.1")]
    public void The_anchors_certificate_keeps_the_rule_too(string name)
    {
        var (root, expected) = AnchorCases[name];
        var anchor = root.Make();
        ImmutableArray<Octets> below = [(Leaf).Make(), (Inner with { Issuer = "Root", Signing = root.KeyKind }).Make()];
        Assert.Equal(expected, DaneVerifier.Judge([.. below, anchor], [Record(anchor, TlsaMatching.Sha256)], Web, Forge.Now).Reason);
        Assert.Equal(expected, DaneVerifier.Judge([.. below, anchor], [Record(anchor, TlsaMatching.Sha512, TlsaSelector.PublicKey)], Web, Forge.Now).Reason);
        Assert.Equal(expected, DaneVerifier.Judge(below, [Record(anchor, TlsaMatching.Full)], Web, Forge.Now).Reason);
    }

    [Fact, Rule("R43"), Rfc(5280, "4.2.1.9")]
    public void An_authority_that_issued_itself_anew_does_not_lengthen_the_path()
    {
        var root = (Root with { Extensions = [Extension.Authority(1)] }).Make();
        var newKey = (Forge.Intermediate("Root", "Root") with { Key = "the root's new key", Extensions = [Extension.Authority()] }).Make();
        var inner = (Inner with { Signer = "the root's new key" }).Make();

        var verdict = DaneVerifier.Judge([Leaf.Make(), inner, newKey, root], [Record(root, TlsaMatching.Sha256)], Web, Forge.Now);

        Assert.Equal((DaneReason.MatchedTrustAnchor, 3), (verdict.Reason, verdict.Depth));
    }

    [Fact, Rule("R43"), Rfc(5280, "6.1.3")]
    public void An_authority_that_issued_itself_anew_is_exempt_from_name_constraints_and_the_leaf_is_not()
    {
        var root = (Root with { Extensions = [Extension.Authority(), Extension.NameConstraints([], [(4, Forge.Name("Root"))])] }).Make();
        var newKey = (Forge.Intermediate("Root", "Root") with { Key = "the root's new key" }).Make();
        var leaf = (Forge.Leaf("mx.example.org", "Root") with { Signer = "the root's new key" }).Make();
        Assert.True(DaneVerifier.Judge([leaf, newKey, root], [Record(root, TlsaMatching.Sha256)], Web, Forge.Now).IsMatch);

        var selfNamed = (Forge.Leaf("Root", "Root") with { Key = "a server", Signer = "the root's new key", Extensions = [Extension.DnsNames("mx.example.org")] }).Make();
        Assert.Equal(DaneReason.NameConstraintViolated, DaneVerifier.Judge([selfNamed, newKey, root], [Record(root, TlsaMatching.Sha256)], Web, Forge.Now).Reason);
    }

    [Fact, Rule("R43")]
    public void What_stands_above_the_anchor_does_not_count()
    {
        var inner = (Inner with { Signer = "Attacker" }).Make();
        var root = (Root with { NotAfter = Forge.Now.AddYears(-1) }).Make();
        var verdict = DaneVerifier.Judge([Leaf.Make(), inner, root], [Record(inner, TlsaMatching.Sha256)], Web, Forge.Now);
        Assert.Equal((DaneReason.MatchedTrustAnchor, 1), (verdict.Reason, verdict.Depth));
    }

    [Fact, Rfc(5280, "4.1.2.5")]
    public void A_certificate_is_valid_through_the_whole_of_its_last_second()
    {
        var root = Root.Make();
        ImmutableArray<Octets> chain = [(Leaf with { Issuer = "Root", NotAfter = Forge.Now }).Make(), root];
        Assert.True(DaneVerifier.Judge(chain, [Record(root, TlsaMatching.Sha256)], Web, Forge.Now.AddMilliseconds(999)).IsMatch);
        Assert.Equal(DaneReason.Expired, DaneVerifier.Judge(chain, [Record(root, TlsaMatching.Sha256)], Web, Forge.Now.AddSeconds(1)).Reason);
    }

    [Fact]
    public void The_fault_nearest_to_a_match_is_told()
    {
        var root = Root.Make();
        var stranger = Record(Forge.Root("Stranger").Make(), TlsaMatching.Sha256);
        var otherLeaf = stranger with { Usage = TlsaUsage.DaneEe };
        ImmutableArray<Octets> chain = [(Leaf with { Issuer = "Root", Extensions = [Extension.DnsNames("a.example")] }).Make(), root];

        var verdict = DaneVerifier.Judge(chain, [otherLeaf, Record(root, TlsaMatching.Sha256), stranger], Web, Forge.Now);

        Assert.Equal(DaneReason.NameMismatch, verdict.Reason);
        Assert.StartsWith("the record 2 0 1 ", verdict.Explanation, StringComparison.Ordinal);
        Assert.EndsWith("does not hold: \"mx.example.org\" does not bear mx.example.org (RFC 9525 §6); it bears a.example, and beside DNS names a common name does not count (RFC 9525 §2)", verdict.Explanation, StringComparison.Ordinal);
    }

    private static TlsaRecord Record(Octets certificate, TlsaMatching matching, TlsaSelector selector = TlsaSelector.Certificate)
    {
        Assert.True(TlsaRecord.TryCreate(certificate, TlsaUsage.DaneTa, selector, matching, out var record, out _));
        return record;
    }
}
