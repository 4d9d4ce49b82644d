using System.Collections.Immutable;
using System.Security.Cryptography;
using Danelaw.Dns;
using Danelaw.Dns.Records;
using Danelaw.Tests.Certificates;
using Danelaw.Tlsa;

namespace Danelaw.Interop.Tests.Verification;

/// <summary>A chain and records that are judged by Danelaw and by OpenSSL.</summary>
/// <param name="Name">What is special about it.</param>
/// <param name="Chain">The certificates as sent. The leaf's key is made from the name "mx.example.org".</param>
/// <param name="Records">The records.</param>
internal sealed record ChainCase(string Name, ImmutableArray<Octets> Chain, ImmutableArray<TlsaRecord> Records)
{
    private static readonly (string Hash, HashAlgorithmName Name) Sha256 = ("2.16.840.1.101.3.4.2.1", HashAlgorithmName.SHA256);
    private static readonly Forge Leaf = Forge.Leaf("mx.example.org", "Root");
    private static readonly Octets Root = Forge.Root("Root").Make();
    private static readonly Forge ByInner = Forge.Leaf("mx.example.org", "Inner");
    private static readonly Octets Inner = Forge.Intermediate("Inner", "Root").Make();

    private static readonly (TlsaSelector, TlsaMatching)[] Combinations =
    [
        (TlsaSelector.Certificate, TlsaMatching.Sha256), (TlsaSelector.PublicKey, TlsaMatching.Sha512), (TlsaSelector.PublicKey, TlsaMatching.Sha256),
        (TlsaSelector.Certificate, TlsaMatching.Sha512), (TlsaSelector.Certificate, TlsaMatching.Full), (TlsaSelector.PublicKey, TlsaMatching.Full),
    ];

    /// <summary>What the trust store holds, for the PKIX usages.</summary>
    public ImmutableArray<Octets> Roots { get; init; } = [];

    /// <summary>The name that is looked for.</summary>
    public string Reference { get; init; } = "mx.example.org";

    /// <summary>Why OpenSSL differs, with the section; null where both must agree.</summary>
    public string? Difference { get; init; }

    /// <summary>Why OpenSSL tells another depth; null where both must agree.</summary>
    public string? DepthDifference { get; init; }

    /// <summary>The cases by what they are about.</summary>
    public static ImmutableDictionary<string, Func<IEnumerable<ChainCase>>> Areas { get; } = new Dictionary<string, Func<IEnumerable<ChainCase>>>
    {
        ["usages"] = Usages,
        ["signatures"] = Signatures,
        ["shapes of chains"] = Shapes,
        ["links between certificates"] = Links,
        ["rules of paths"] = Rules,
        ["name constraints"] = Constraints,
        ["names"] = Names,
        ["anchors in records"] = Carried,
        ["several records"] = Several,
    }.ToImmutableDictionary();

    private static IEnumerable<ChainCase> Usages()
    {
        ImmutableArray<Octets> sound = [ByInner.Make(), Inner, Root];
        (string, ImmutableArray<Octets>)[] chains =
        [
            ("sound", sound),
            ("expired leaf", [(ByInner with { NotAfter = Forge.Now.AddDays(-1) }).Make(), Inner, Root]),
            ("leaf of tomorrow", [(ByInner with { NotBefore = Forge.Now.AddDays(1) }).Make(), Inner, Root]),
            ("another name", [(ByInner with { Extensions = [Extension.DnsNames("other.example.org")] }).Make(), Inner, Root]),
            ("expired intermediate", [ByInner.Make(), (Forge.Intermediate("Inner", "Root") with { NotAfter = Forge.Now.AddDays(-1) }).Make(), Root]),
            ("forged leaf", [(ByInner with { Signer = "Attacker" }).Make(), Inner, Root]),
            ("forged intermediate", [ByInner.Make(), (Forge.Intermediate("Inner", "Root") with { Signer = "Attacker" }).Make(), Root]),
        ];
        foreach (var (name, chain) in chains)
            foreach (var usage in (TlsaUsage[])[TlsaUsage.PkixTa, TlsaUsage.PkixEe, TlsaUsage.DaneTa, TlsaUsage.DaneEe])
                foreach (var at in usage is TlsaUsage.PkixEe or TlsaUsage.DaneEe ? (int[])[0] : [1, 2])
                    foreach (var (selector, matching) in name == "sound" ? Combinations : Combinations[..2])
                        yield return new($"{name}, {(int)usage} {(int)selector} {(int)matching} at {at}", chain, [Record(chain[at], usage, selector, matching)])
                        {
                            Roots = usage is TlsaUsage.PkixEe or TlsaUsage.PkixTa ? [Root] : [],
                            Difference = name == "expired intermediate" && usage == TlsaUsage.DaneTa && at == 1 ? "OpenSSL looks at the dates of an anchor only when that issued itself (docs/decisions/0050)" : null,
                        };
    }

    private static IEnumerable<ChainCase> Signatures()
    {
        (string, Signing)[] kinds =
        [
            ("RSA 2048 SHA-256", Signing.Rsa(2048, HashAlgorithmName.SHA256, "1.2.840.113549.1.1.11")),
            ("RSA 2048 SHA-384", Signing.Rsa(2048, HashAlgorithmName.SHA384, "1.2.840.113549.1.1.12")),
            ("RSA 3072 SHA-512", Signing.Rsa(3072, HashAlgorithmName.SHA512, "1.2.840.113549.1.1.13")),
            ("RSA 1024 SHA-256", Signing.Rsa(1024, HashAlgorithmName.SHA256, "1.2.840.113549.1.1.11")),
            ("RSA 768 SHA-256", Signing.Rsa(768, HashAlgorithmName.SHA256, "1.2.840.113549.1.1.11")),
            ("RSA 2048 SHA-1", Signing.Rsa(2048, HashAlgorithmName.SHA1, "1.2.840.113549.1.1.5")),
            ("RSA 2048 MD5", Signing.Rsa(2048, HashAlgorithmName.MD5, "1.2.840.113549.1.1.4")),
            ("RSA 2048 PSS", Signing.Pss(2048, Sha256.Name, Sha256.Hash, 32)),
            ("P-256 SHA-1", Signing.Ecdsa(ECCurve.NamedCurves.nistP256, HashAlgorithmName.SHA1, "1.2.840.10045.4.1")),
            ("P-256 SHA-512", Signing.Ecdsa(ECCurve.NamedCurves.nistP256, HashAlgorithmName.SHA512, "1.2.840.10045.4.3.4")),
            ("P-384 SHA-384", Signing.Ecdsa(ECCurve.NamedCurves.nistP384, HashAlgorithmName.SHA384, "1.2.840.10045.4.3.3")),
            ("P-521 SHA-512", Signing.Ecdsa(ECCurve.NamedCurves.nistP521, HashAlgorithmName.SHA512, "1.2.840.10045.4.3.4")),
            ("brainpoolP256r1 SHA-256", Signing.Ecdsa(ECCurve.NamedCurves.brainpoolP256r1, HashAlgorithmName.SHA256, "1.2.840.10045.4.3.2")),
            ("Ed25519", Signing.Ed25519Key),
            ("Ed448", Signing.Ed448Key),
        ];
        foreach (var (name, kind) in kinds)
        {
            var root = Forge.Root("Root", kind).Make();
            var leaf = (Leaf with { Signing = kind }).Make();
            yield return new($"{name}", [leaf, root], [Record(root)]);
            yield return new($"{name}, forged", [(Leaf with { Signing = kind, Signer = "Attacker" }).Make(), root], [Record(root)]);
            var isWeak = name.Contains("768", StringComparison.Ordinal) || name.Contains("SHA-1", StringComparison.Ordinal) || name.Contains("MD5", StringComparison.Ordinal);
            yield return new($"{name}, bare key", [leaf], [Record(root, matching: TlsaMatching.Full)])
            {
                Difference = isWeak ? "OpenSSL does not hold the signature under a bare key against the security level (docs/decisions/0050)" : null,
                DepthDifference = "OpenSSL counts a bare key with the certificate that it signed",
            };
            yield return new($"{name}, only in what the anchor signed itself with", [Leaf.Make(), (Forge.Root("Root") with { Signing = kind, Signer = "Root" }).Make()], [Record(Root)]);
        }

        var inner = (Leaf with { InnerAlgorithm = Signing.Identifier("1.2.840.10045.4.3.3") }).Make();
        yield return new("another algorithm inside than outside", [inner, Root], [Record(Root)]);
        yield return new("an empty signature", [(Leaf with { Signature = [] }).Make(), Root], [Record(Root)]);
    }

    private static IEnumerable<ChainCase> Shapes()
    {
        var stranger = Forge.Root("Stranger").Make();
        var cross = Forge.Intermediate("Root", "Old root").Make();
        var old = Forge.Root("Old root").Make();
        var leaf = ByInner.Make();
        yield return new("out of order", [leaf, Root, Inner], [Record(Root)]);
        yield return new("doubles and strangers", [leaf, stranger, Inner, Inner, stranger, Root], [Record(Root)]);
        yield return new("a stranger pinned", [leaf, Inner, Root, stranger], [Record(stranger)]);
        yield return new("the anchor is not sent", [leaf, Inner], [Record(Root)]);
        yield return new("the anchor is only in the trust store", [leaf, Inner], [Record(Root)]) { Roots = [Root] };
        yield return new("cross certificate, old root pinned", [leaf, Inner, cross, old], [Record(old, selector: TlsaSelector.Certificate)]);
        yield return new("cross certificate, new root pinned by key", [leaf, Inner, cross, old], [Record(Root)]);
        yield return new("both the root and its cross certificate, old root pinned", [leaf, Inner, Root, cross, old], [Record(old, selector: TlsaSelector.Certificate)]) { Difference = "OpenSSL follows one path only and ends at the root; the anchor stands in another path (RFC 7671 §5.2 asks for one)" };
        yield return new("both the cross certificate and the root, old root pinned", [leaf, Inner, cross, Root, old], [Record(old, selector: TlsaSelector.Certificate)]);
        yield return new("two authorities that issued one another", [leaf, Forge.Intermediate("Inner", "Other").Make(), Forge.Intermediate("Other", "Inner").Make()], [Record(Forge.Intermediate("Other", "Inner").Make())]);
        yield return new("a circle without the anchor", [leaf, Forge.Intermediate("Inner", "Other").Make(), Forge.Intermediate("Other", "Inner").Make()], [Record(Root)]);
        yield return new("the leaf issued itself, pinned as authority", [Forge.Leaf("mx.example.org", "mx.example.org").Make()], [Record(Forge.Leaf("mx.example.org", "mx.example.org").Make())]) { Difference = "OpenSSL never takes the first certificate for an anchor; RFC 6698 §2.1.1 does not rule it out (R39)" };
        yield return new("the leaf issued itself and is an authority, pinned as authority", [(Forge.Root("mx.example.org") with { Extensions = [Extension.Authority(), Extension.DnsNames("mx.example.org")] }).Make()], [Record((Forge.Root("mx.example.org") with { Extensions = [Extension.Authority(), Extension.DnsNames("mx.example.org")] }).Make())]) { Difference = "as above" };
        yield return new("the leaf pinned as authority", [leaf, Inner, Root], [Record(leaf)]);
        yield return new("names of the issuer in another spelling", [(Leaf with { IssuerName = Forge.Name("  ROOT ") }).Make(), Root], [Record(Root)]);
        yield return new("the issuer's name as PrintableString", [(Leaf with { IssuerName = Forge.Name(System.Formats.Asn1.UniversalTagNumber.PrintableString, ("2.5.4.3", "Root")) }).Make(), Root], [Record(Root)]);
        yield return new("the issuer's name with one more part", [(Leaf with { IssuerName = Forge.Name(("2.5.4.10", "X"), ("2.5.4.3", "Root")) }).Make(), Root], [Record(Root)]);
    }

    /// <summary>Names that two certificates share, and key identifiers that tell them apart, or lead astray.</summary>
    private static IEnumerable<ChainCase> Links()
    {
        const string firstOnly = "OpenSSL takes the first that fits and does not come back; any sound path will do (RFC 5280 §6)";
        const string identifiers = "OpenSSL builds no path over identifiers that contradict one another; they are hints, and prove nothing (RFC 5280 §4.2.1.1)";
        var own = Forge.Leaf("mx.example.org", "mx.example.org") with { Signer = "ca" };
        var ca = Forge.Root("mx.example.org") with { Key = "ca", Signer = "ca" };
        var rsa = Signing.Rsa(2048, HashAlgorithmName.SHA256, "1.2.840.113549.1.1.11");
        yield return new("authority and server of one name, without identifiers", [own.Make(), ca.Make()], [Record(ca.Make())]) { Difference = "OpenSSL takes the server's certificate for one that issued itself: the names are the same, and no identifier tells them apart" };
        yield return new("authority and server of one name, told apart by identifiers", [With(own, Extension.AuthorityKeyIdentifier(1), Extension.SubjectKeyIdentifier(2)).Make(), With(ca, Extension.SubjectKeyIdentifier(1)).Make()], [Record(With(ca, Extension.SubjectKeyIdentifier(1)).Make())]);
        yield return new("authority and server of one name, keys of two kinds", [(own with { Signing = rsa }).Make(), (ca with { Signing = rsa, KeyKind = rsa }).Make()], [Record((ca with { Signing = rsa, KeyKind = rsa }).Make())]);

        var first = Forge.Root("Root") with { Serial = [5] };
        var renewed = (first with { Serial = [6], NotAfter = Forge.Now.AddDays(500) }).Make();
        var bySerial = With(Leaf, Extension.AuthorityKeyIdentifier("Root", 5)).Make();
        foreach (var selector in new[] { TlsaSelector.PublicKey, TlsaSelector.Certificate })
            yield return new($"the authority renewed with its key, the leaf names the former one's serial number, selector {(int)selector}", [bySerial, renewed], [Record(renewed, selector: selector)]) { Difference = identifiers };
        yield return new("the leaf names the serial number of its authority", [bySerial, first.Make()], [Record(first.Make())]);
        yield return new("the leaf names another authority's issuer", [With(Leaf, Extension.AuthorityKeyIdentifier("Stranger", 5)).Make(), first.Make()], [Record(first.Make())]) { Difference = identifiers };
        yield return new("the renewed authority is only in the record (2 0 0)", [bySerial], [Record(renewed, selector: TlsaSelector.Certificate, matching: TlsaMatching.Full)]) { Difference = identifiers };
        yield return new("the renewed authority's bare key is in the record (2 1 0), its certificate is sent", [bySerial, renewed], [Record(renewed, matching: TlsaMatching.Full)]) { DepthDifference = "OpenSSL counts a bare key with the certificate that it signed" };
        var byKey = With(Leaf, Extension.AuthorityKeyIdentifier(1)).Make();
        yield return new("the authority has another key identifier than the leaf names", [byKey, With(Forge.Root("Root"), Extension.SubjectKeyIdentifier(2)).Make()], [Record(Root)]) { Difference = identifiers };
        yield return new("the authority has no key identifier", [byKey, Root], [Record(Root)]);
        yield return new("the authority has the key identifier that the leaf names", [byKey, With(Forge.Root("Root"), Extension.SubjectKeyIdentifier(1)).Make()], [Record(Root)]);

        var (rootA, rootB) = (Forge.Root("Root A").Make(), Forge.Root("Root B").Make());
        var (a, b) = (Forge.Intermediate("Inner", "Root A").Make(), Forge.Intermediate("Inner", "Root B").Make());
        var leaf = ByInner.Make();
        var ofB = Record(rootB, selector: TlsaSelector.Certificate);
        yield return new("cross-signed, the pinned root's first", [leaf, b, a, rootB], [ofB]);
        yield return new("cross-signed, the other root's first", [leaf, a, b, rootB], [ofB]) { Difference = firstOnly };
        yield return new("cross-signed, the other root's first, and that root too", [leaf, a, rootA, b, rootB], [ofB]) { Difference = firstOnly };
        yield return new("cross-signed, the intermediate's own certificate pinned, the other first", [leaf, a, b], [Record(b, selector: TlsaSelector.Certificate)]) { Difference = firstOnly };
        yield return new("cross-signed, the intermediate's key pinned", [leaf, a, b], [Record(b)]);
        yield return new("cross-signed, the other root's first but expired", [leaf, (Forge.Intermediate("Inner", "Root A") with { NotAfter = Forge.Now.AddDays(-1) }).Make(), b, rootB], [ofB]);
        yield return new("two of one name, the one with the wrong key first", [leaf, (Forge.Intermediate("Inner", "Root A") with { Key = "other" }).Make(), b, rootB], [ofB]) { Difference = firstOnly };
        yield return new("two of one name, the one with the wrong key first, and not for signing", [leaf, (Forge.Intermediate("Inner", "Root A") with { Key = "other", Extensions = [Extension.Authority(), Extension.KeyUsage("1")] }).Make(), b, rootB], [ofB]) { Difference = firstOnly };
        yield return new("two of one name, the first with a key of another kind", [leaf, (Forge.Intermediate("Inner", "Root A") with { Key = "other", KeyKind = rsa }).Make(), b, rootB], [ofB]);
        yield return new("two of one name, the one with the wrong key last", [leaf, b, (Forge.Intermediate("Inner", "Root A") with { Key = "other" }).Make(), rootB], [ofB]);
    }

    private static Forge With(Forge forge, params Extension[] extensions) => forge with { Extensions = [.. forge.Extensions, .. extensions] };

    private static IEnumerable<ChainCase> Rules()
    {
        (string, Extension[])[] issuers =
        [
            ("no basic constraints", []),
            ("not an authority", [Extension.Authority(isAuthority: false)]),
            ("no basic constraints but a key for certificates", [Extension.KeyUsage("000001")]),
            ("a key that may not sign certificates", [Extension.Authority(), Extension.KeyUsage("1")]),
            ("a key for certificates", [Extension.Authority(), Extension.KeyUsage("000001")]),
            ("for mail only", [Extension.Authority(), Extension.Purposes("1.3.6.1.5.5.7.3.4")]),
            ("for servers", [Extension.Authority(), Extension.Purposes("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2")]),
            ("for any purpose", [Extension.Authority(), Extension.Purposes("2.5.29.37.0")]),
            ("unknown critical extension", [Extension.Authority(), new("1.2.3.4", true, [5, 0])]),
            ("unknown extension", [Extension.Authority(), new("1.2.3.4", false, [5, 0])]),
            ("path length 0", [Extension.Authority(0)]),
            ("critical policies", [Extension.Authority(), new("2.5.29.32", true, [0x30, 0x06, 0x30, 0x04, 0x06, 0x02, 0x2A, 0x03])]),
            ("two basic constraints", [Extension.Authority(), Extension.Authority()]),
            ("basic constraints that cannot be read", [new("2.5.29.19", true, [0x30, 0x03, 0x01, 0x01])]),
        ];
        foreach (var (name, extensions) in issuers)
        {
            var root = (Forge.Root("Root") with { Extensions = extensions }).Make();
            var inner = (Forge.Intermediate("Inner", "Root") with { Extensions = extensions }).Make();
            yield return new($"anchor: {name}", [Leaf.Make(), root], [Record(root)]);
            yield return new($"anchor above an intermediate: {name}", [ByInner.Make(), Inner, root], [Record(root)]);
            yield return new($"intermediate: {name}", [ByInner.Make(), inner, Root], [Record(Root)]);
            yield return new($"intermediate as anchor: {name}", [ByInner.Make(), inner], [Record(inner)]);
        }

        (string, Extension[])[] leaves =
        [
            ("for clients only", [Extension.Purposes("1.3.6.1.5.5.7.3.2")]),
            ("for servers", [Extension.Purposes("1.3.6.1.5.5.7.3.1")]),
            ("for any purpose", [Extension.Purposes("2.5.29.37.0")]),
            ("Netscape's kinds without servers", [Extension.NetscapeCertificateType(0xA0)]),
            ("Netscape's kinds with servers", [Extension.NetscapeCertificateType(0x40)]),
            ("key for certificates only", [Extension.KeyUsage("0000011")]),
            ("key for signatures", [Extension.KeyUsage("1")]),
            ("key for repudiation only", [Extension.KeyUsage("01")]),
            ("key for agreement", [Extension.KeyUsage("00001")]),
            ("unknown critical extension", [new("1.2.3.4", true, [5, 0])]),
            ("precertificate poison", [new("1.3.6.1.4.1.11129.2.4.3", true, [5, 0])]),
            ("an authority", [Extension.Authority()]),
            ("an authority with path length 0", [Extension.Authority(0)]),
        ];
        foreach (var (name, extensions) in leaves)
        {
            var leaf = (Leaf with { Extensions = [.. Leaf.Extensions, .. extensions] }).Make();
            yield return new($"leaf: {name}", [leaf, Root], [Record(Root)]);
            yield return new($"leaf by DANE-EE: {name}", [leaf, Root], [Record(leaf, TlsaUsage.DaneEe)]);
        }

        var second = Forge.Intermediate("Second", "Inner").Make();
        var bySecond = Forge.Leaf("mx.example.org", "Second").Make();
        yield return new("path length 0 above two", [bySecond, second, Inner, (Forge.Root("Root") with { Extensions = [Extension.Authority(0)] }).Make()], [Record(Root)]);
        yield return new("path length 1 above two", [bySecond, second, Inner, (Forge.Root("Root") with { Extensions = [Extension.Authority(1)] }).Make()], [Record(Root)]);
        yield return new("path length 2 above two", [bySecond, second, Inner, (Forge.Root("Root") with { Extensions = [Extension.Authority(2)] }).Make()], [Record(Root)]);
        yield return new("version 1 anchor", [Leaf.Make(), (Forge.Root("Root") with { Version = 1, Extensions = [] }).Make()], [Record(Root)]);
        yield return new("version 1 intermediate", [ByInner.Make(), (Forge.Intermediate("Inner", "Root") with { Version = 1, Extensions = [] }).Make(), Root], [Record(Root)]);
        yield return new("version 1 leaf", [(Leaf with { Version = 1, Extensions = [] }).Make(), Root], [Record(Root)]);
        yield return new("expired anchor", [Leaf.Make(), (Forge.Root("Root") with { NotAfter = Forge.Now.AddDays(-1) }).Make()], [Record(Root)]);
        yield return new("expired above the anchor", [ByInner.Make(), Inner, (Forge.Root("Root") with { NotAfter = Forge.Now.AddDays(-1) }).Make()], [Record(Inner)]);
        yield return new("broken above the anchor", [ByInner.Make(), (Forge.Intermediate("Inner", "Root") with { Signer = "Attacker" }).Make(), Root], [Record(Inner)]);
        yield return new("dates of 1950 and 2050", [(Leaf with { NotBefore = new(1950, 1, 1, 0, 0, 0, TimeSpan.Zero), NotAfter = new(2050, 1, 1, 0, 0, 0, TimeSpan.Zero) }).Make(), Root], [Record(Root)]);
        yield return new("dates that cannot be read", [(Leaf with { Validity = [0x30, 0x04, 0x17, 0x00, 0x17, 0x00] }).Make(), Root], [Record(Root)]);
        yield return new("dates that cannot be read by DANE-EE", [(Leaf with { Validity = [0x30, 0x04, 0x17, 0x00, 0x17, 0x00] }).Make(), Root], [Record(Leaf.Make(), TlsaUsage.DaneEe)]);
    }

    private static IEnumerable<ChainCase> Constraints()
    {
        (string, Extension)[] constraints =
        [
            ("DNS permitted", Extension.NameConstraints([Extension.Dns("example.org")], [])),
            ("DNS permitted, with a dot", Extension.NameConstraints([Extension.Dns(".example.org")], [])),
            ("DNS permitted exactly", Extension.NameConstraints([Extension.Dns("MX.example.org")], [])),
            ("DNS permitted elsewhere", Extension.NameConstraints([Extension.Dns("example.net")], [])),
            ("DNS permitted in half a label", Extension.NameConstraints([Extension.Dns("ample.org")], [])),
            ("DNS excluded", Extension.NameConstraints([], [Extension.Dns("example.org")])),
            ("DNS excluded elsewhere", Extension.NameConstraints([], [Extension.Dns("example.net")])),
            ("permitted and excluded below", Extension.NameConstraints([Extension.Dns("example.org")], [Extension.Dns("mx.example.org")])),
            ("directory permitted elsewhere", Extension.NameConstraints([(4, Forge.Name(("2.5.4.10", "X")))], [])),
            ("directory excluded", Extension.NameConstraints([], [(4, Forge.Name("mx.example.org"))])),
            ("address permitted", Extension.NameConstraints([(7, [192, 0, 2, 0, 255, 255, 255, 0])], [])),
        ];
        foreach (var (name, constraint) in constraints)
        {
            var root = (Forge.Root("Root") with { Extensions = [Extension.Authority(), constraint] }).Make();
            yield return new($"constraint: {name}", [Leaf.Make(), root], [Record(root)]);
        }

        var all = (Forge.Root("Root") with { Extensions = [Extension.Authority(), Extension.NameConstraints([Extension.Dns("example.org"), (7, [192, 0, 2, 0, 255, 255, 255, 0]), (1, "example.org"u8.ToArray()), (6, ".example.org"u8.ToArray())], [(1, "root@example.org"u8.ToArray())])] }).Make();
        (string, (int, byte[])[])[] names =
        [
            ("address inside", [Extension.Dns("mx.example.org"), (7, [192, 0, 2, 7])]),
            ("address outside", [Extension.Dns("mx.example.org"), (7, [198, 51, 100, 7])]),
            ("IPv6 address", [Extension.Dns("mx.example.org"), (7, [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])]),
            ("mail inside", [Extension.Dns("mx.example.org"), (1, "a@example.org"u8.ToArray())]),
            ("mail excluded", [Extension.Dns("mx.example.org"), (1, "root@example.org"u8.ToArray())]),
            ("mail of a host below", [Extension.Dns("mx.example.org"), (1, "a@mx.example.org"u8.ToArray())]),
            ("URI inside", [Extension.Dns("mx.example.org"), (6, "https://www.example.org/x"u8.ToArray())]),
            ("URI outside", [Extension.Dns("mx.example.org"), (6, "https://www.example.net/x"u8.ToArray())]),
        ];
        foreach (var (name, presented) in names)
            yield return new($"constrained: {name}", [(Leaf with { Extensions = [Extension.AlternativeNames(presented)] }).Make(), all], [Record(all)]);
        var elsewhere = (Forge.Root("Root") with { Extensions = [Extension.Authority(), Extension.NameConstraints([Extension.Dns("example.net")], [])] }).Make();
        yield return new("constrained: common name only", [(Leaf with { Extensions = [] }).Make(), elsewhere], [Record(elsewhere)]);
        yield return new("constrained: an intermediate that issued itself is exempt", [Leaf.Make(), Forge.Root("Root").Make(), elsewhere], [Record(elsewhere, selector: TlsaSelector.Certificate)]);
    }

    private static IEnumerable<ChainCase> Names()
    {
        (string, byte[]?, Extension[], string?)[] names =
        [
            ("letters of another case", null, [Extension.DnsNames("MX.Example.ORG")], null),
            ("wildcard", null, [Extension.DnsNames("*.example.org")], null),
            ("wildcard two labels up", null, [Extension.DnsNames("*.org")], null),
            ("wildcard in part of a label", null, [Extension.DnsNames("m*.example.org")], "OpenSSL's tools allow part of a label; Postfix does not, nor does RFC 7672 §3.2.3"),
            ("wildcard in the second label", null, [Extension.DnsNames("mx.*.org")], null),
            ("a closing dot", null, [Extension.DnsNames("mx.example.org.")], null),
            ("a zero octet behind", null, [Extension.DnsNames("mx.example.org\0.attacker.example")], null),
            ("a zero octet inside", null, [Extension.DnsNames("mx.example.org\0")], null),
            ("the second of three", null, [Extension.DnsNames("a.example", "mx.example.org", "b.example")], null),
            ("common name only", Forge.Name("mx.example.org"), [], null),
            ("common name, and an address as alternative", Forge.Name("mx.example.org"), [Extension.AlternativeNames((7, [192, 0, 2, 1]))], null),
            ("common name, and another DNS name", Forge.Name("mx.example.org"), [Extension.DnsNames("a.example")], null),
            ("two common names", Forge.Name(("2.5.4.3", "x y z"), ("2.5.4.3", "mx.example.org")), [], null),
            ("common name with a zero octet", Forge.Name("mx.example.org\0.attacker.example"), [], null),
            ("wildcard as common name", Forge.Name("*.example.org"), [], null),
            ("name as mail address", Forge.Name("x"), [Extension.AlternativeNames((1, "mx.example.org"u8.ToArray()))], null),
            ("broken alternative names", null, [new("2.5.29.17", false, [0x30, 0x05, 0x82])], null),
        ];
        foreach (var (name, subject, extensions, difference) in names)
            yield return new($"name: {name}", [(Leaf with { SubjectName = subject, Extensions = extensions }).Make(), Root], [Record(Root)]) { Difference = difference };
        yield return new("name: wildcard for an A-label", [(Leaf with { Extensions = [Extension.DnsNames("*.example.org")] }).Make(), Root], [Record(Root)]) { Reference = "xn--bcher-kva.example.org" };
        yield return new("name: wildcard for two labels", [(Leaf with { Extensions = [Extension.DnsNames("*.example.org")] }).Make(), Root], [Record(Root)]) { Reference = "a.mx.example.org" };
        yield return new("name: wildcard for none", [(Leaf with { Extensions = [Extension.DnsNames("*.example.org")] }).Make(), Root], [Record(Root)]) { Reference = "example.org" };
    }

    private static IEnumerable<ChainCase> Carried()
    {
        const string BareKey = "OpenSSL counts a bare key with the certificate that it signed";
        var full = Record(Root, selector: TlsaSelector.Certificate, matching: TlsaMatching.Full);
        var key = Record(Root, matching: TlsaMatching.Full);
        yield return new("2 0 0, not sent", [ByInner.Make(), Inner], [full]);
        yield return new("2 0 0, sent", [ByInner.Make(), Inner, Root], [full]);
        yield return new("2 0 0, a cross certificate sent", [ByInner.Make(), Inner, Forge.Intermediate("Root", "Old root").Make(), Forge.Root("Old root").Make()], [full]);
        yield return new("2 0 0, forged", [(Leaf with { Signer = "Attacker" }).Make()], [full]);
        yield return new("2 0 0, expired", [Leaf.Make()], [Record((Forge.Root("Root") with { NotAfter = Forge.Now.AddDays(-1) }).Make(), selector: TlsaSelector.Certificate, matching: TlsaMatching.Full)]);
        yield return new("2 0 0, of an intermediate", [ByInner.Make()], [Record(Inner, selector: TlsaSelector.Certificate, matching: TlsaMatching.Full)]);
        yield return new("2 1 0, not sent", [ByInner.Make(), Inner], [key]) { DepthDifference = BareKey };
        yield return new("2 1 0, sent", [ByInner.Make(), Inner, Root], [key]);
        yield return new("2 1 0, of an intermediate", [ByInner.Make()], [Record(Inner, matching: TlsaMatching.Full)]) { DepthDifference = BareKey };
        yield return new("2 1 0, forged", [(Leaf with { Signer = "Attacker" }).Make()], [key]);
        yield return new("2 1 0, expired leaf", [(Leaf with { NotAfter = Forge.Now.AddDays(-1) }).Make()], [key]);
        yield return new("2 1 0, another name", [(Leaf with { Extensions = [Extension.DnsNames("a.example")] }).Make()], [key]);
        yield return new("2 1 0, strangers sent besides", [ByInner.Make(), Forge.Root("Stranger").Make(), Inner], [key]) { DepthDifference = BareKey };
        yield return new("2 1 0, a cross certificate sent", [ByInner.Make(), Inner, Forge.Intermediate("Root", "Old root").Make()], [key]);
        var self = Forge.Leaf("mx.example.org", "mx.example.org").Make();
        yield return new("2 1 0 of the leaf that issued itself", [self], [Record(self, matching: TlsaMatching.Full)]);
        yield return new("2 0 0 of the leaf that issued itself", [self], [Record(self, selector: TlsaSelector.Certificate, matching: TlsaMatching.Full)]) { Difference = "OpenSSL never takes the first certificate for an anchor (R39)" };
        yield return new("0 0 0, root in the store", [ByInner.Make(), Inner], [full with { Usage = TlsaUsage.PkixTa }]) { Roots = [Root] };
        yield return new("0 1 1, root in the store", [ByInner.Make(), Inner], [Record(Root, TlsaUsage.PkixTa)]) { Roots = [Root] };
        yield return new("0 1 1 of the intermediate", [ByInner.Make(), Inner], [Record(Inner, TlsaUsage.PkixTa)]) { Roots = [Root] };
        yield return new("0 1 1 of the root above a trusted intermediate", [ByInner.Make(), Inner], [Record(Root, TlsaUsage.PkixTa)]) { Roots = [Inner, Root] };
        yield return new("1 1 1, only the intermediate in the store", [ByInner.Make(), Inner], [Record(ByInner.Make(), TlsaUsage.PkixEe)]) { Roots = [Inner], Difference = "OpenSSL wants a root that issued itself, unless -partial_chain is given; RFC 5280 §6.1.1 leaves the anchors to their owner" };
        yield return new("0 1 1, root not in the store", [ByInner.Make(), Inner, Root], [Record(Root, TlsaUsage.PkixTa)]) { Roots = [Forge.Root("Stranger").Make()] };
        yield return new("1 1 1, root not in the store", [ByInner.Make(), Inner, Root], [Record(ByInner.Make(), TlsaUsage.PkixEe)]) { Roots = [Forge.Root("Stranger").Make()] };
    }

    private static IEnumerable<ChainCase> Several()
    {
        var leaf = Leaf.Make();
        var other = Forge.Root("Stranger").Make();
        TlsaRecord Of(Octets certificate, TlsaMatching matching) => Record(certificate, TlsaUsage.DaneEe, matching: matching);
        yield return new("several: any one suffices", [leaf, Root], [Of(other, TlsaMatching.Sha256), Of(leaf, TlsaMatching.Sha256)]);
        yield return new("several: only the weaker digest matches", [leaf, Root], [Of(leaf, TlsaMatching.Sha256), Of(other, TlsaMatching.Sha512)]);
        yield return new("several: the stronger digest matches", [leaf, Root], [Of(other, TlsaMatching.Sha256), Of(leaf, TlsaMatching.Sha512)]);
        yield return new("several: full data counts beside digests", [leaf, Root], [Of(leaf, TlsaMatching.Full), Of(other, TlsaMatching.Sha512)]);
        yield return new("several: digests of another selector count apart", [leaf, Root], [Of(leaf, TlsaMatching.Sha256), Record(other, TlsaUsage.DaneEe, TlsaSelector.Certificate, TlsaMatching.Sha512)]);
        yield return new("several: digests of another usage count apart", [leaf, Root], [Of(leaf, TlsaMatching.Sha256), Record(other, matching: TlsaMatching.Sha512)]);
        yield return new("several: leaf or anchor", [leaf, Root], [Of(other, TlsaMatching.Sha256), Record(Root)]);
    }

    private static TlsaRecord Record(Octets certificate, TlsaUsage usage = TlsaUsage.DaneTa, TlsaSelector selector = TlsaSelector.PublicKey, TlsaMatching matching = TlsaMatching.Sha256)
    {
        Assert.True(TlsaRecord.TryCreate(certificate, usage, selector, matching, out var record, out var fault), fault);
        return record;
    }
}
