using System.Collections.Immutable;
using System.Formats.Asn1;
using System.Numerics;
using System.Text;
using Danelaw.Dns;
using Danelaw.Dns.Records;
using Danelaw.Probes;
using Danelaw.Tests.Certificates;
using Danelaw.Tests.Checks;
using Danelaw.Tests.Probes;
using Danelaw.Tlsa;
using Org.BouncyCastle.Asn1.Sec;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto.Parameters;
using BouncyInteger = Org.BouncyCastle.Math.BigInteger;

namespace Danelaw.Tests.Hostile;

/// <summary>What a server can show for its certificates. The key that it holds is its own, but where something else is said; what stands in the DNS it does not fulfil.</summary>
internal static class CertificateHostilities
{
    private const int Mutations = 60;

    internal static IEnumerable<Hostility> All => new[] { true, false }.SelectMany(Of);

    private static IEnumerable<Hostility> Of(bool isTls13) =>
    [
        Showing(isTls13, "shows a certificate of 10 MB", () => [Large(10_000_000)]),
        Showing(isTls13, "shows a chain of 16 MB", () => [Genuine.Leaf, .. Enumerable.Repeat(Large(2_000_000), 8)]),
        Showing(isTls13, "shows a chain of 200 certificates", () => LongChain, () => AnchorOf(LongChain[^1])),
        Showing(isTls13, "shows 20,000 certificates of no octet", () => [Genuine.Leaf, .. Enumerable.Repeat(default(Octets), 20_000)], () => AnchorOf(Genuine.Root)),
        Showing(isTls13, "shows authorities that issued one another", () => [Forge.Leaf(Trial.Host, "A").Make(), Forge.Intermediate("A", "B").Make(), Forge.Intermediate("B", "A").Make()], () => AnchorOf(Genuine.Root)),
        Showing(isTls13, "shows ten authorities, each issued by each of the others", () => [Forge.Leaf(Trial.Host, "CA 0").Make(), .. from subject in Enumerable.Range(0, 10) from issuer in Enumerable.Range(0, 10) where subject != issuer select Forge.Intermediate($"CA {subject}", $"CA {issuer}").Make()], () => AnchorOf(Genuine.Root)),
        Showing(isTls13, "shows a certificate that it signed as the authority, with another key", () => [(Forge.Leaf(Trial.Host, "Inner") with { Signer = "Impostor" }).Make(), Genuine.Inner, Genuine.Root]),
        Showing(isTls13, "shows a certificate that claims to have issued itself, and did not", () => [Claimant], () => AnchorOf(Claimant)),
        Showing(isTls13, "shows an authority of the right name and another key", () => [(Forge.Leaf(Trial.Host, "Root") with { Signer = "Impostor" }).Make(), (Forge.Root("Root") with { Key = "Impostor", Signer = "Impostor" }).Make()], () => AnchorOf(Genuine.Root)),
        Showing(isTls13, "shows the right chain behind a certificate of its own", () => [Own(), .. Genuine.Chain]),
        Showing(isTls13, "shows no certificate", () => [], () => Published.WhatIsShown),
        Showing(isTls13, "shows a certificate of no octet", () => [default], () => Published.WhatIsShown),
        Showing(isTls13, "shows noise for a certificate", () => [Noise(1000)], () => Published.WhatIsShown),
        Showing(isTls13, "shows a certificate in PEM", () => [new(Encoding.ASCII.GetBytes(System.Security.Cryptography.PemEncoding.WriteString("CERTIFICATE", Genuine.Leaf.Span)))], () => Published.WhatIsShown),
        Showing(isTls13, "shows a certificate with octets behind it", () => [new((byte[])[.. Genuine.Leaf.Span, 0, 0])]),
        Showing(isTls13, "shows an extension that is nested 20,000 deep", () => [Own(extensions: [new("1.3.6.1.4.1.99999.1", false, Nested(20_000))])]),
        Showing(isTls13, "shows a name that is nested 20,000 deep", () => [Own(subject: Nested(20_000))]),
        Showing(isTls13, "shows a subject of 64 KiB", () => [Own(subject: Forge.Name(new string('x', 1 << 16)))]),
        Showing(isTls13, "shows a name of 64 KiB", () => [Own(extensions: [Extension.DnsNames(new string('x', 1 << 16))])]),
        Showing(isTls13, "shows 5,000 names", () => [Own(extensions: [Extension.DnsNames([.. Enumerable.Range(0, 5000).Select(i => $"host{i}.example")])])]),
        Showing(isTls13, "shows a name with control characters and a zero in it", () => [Own(extensions: [Extension.DnsNames("mx.example\0.evil.example", "\u001b[31mred\r\nX", "*.*.example", "..", "")])]),
        Showing(isTls13, "shows a negative serial number", () => [Own(serial: [0xFF])]),
        Showing(isTls13, "shows a serial number of 4,000 octets", () => [Own(serial: [.. Enumerable.Repeat((byte)0x7F, 4000)])]),
        Showing(isTls13, "shows dates of the years 0 and 9999", () => [Own(validity: Dates("00000101000000Z", "99991231235959Z"))]),
        Showing(isTls13, "shows dates that there are not", () => [Own(validity: Dates("20269999999999Z", "20260230240060Z"))]),
        Showing(isTls13, "shows dates that are words", () => [Own(validity: Dates("yesterday", "tomorrow, perhaps"))]),
        Showing(isTls13, "shows dates of no octet", () => [Own(validity: Dates("", ""))]),
        Showing(isTls13, "shows an end before the beginning", () => [Own(validity: Dates("20300101000000Z", "20200101000000Z"))]),
        Showing(isTls13, "shows an unknown extension that is critical, a thousand times", () => [Own(extensions: [.. Enumerable.Range(0, 1000).Select(_ => new Extension("1.3.6.1.4.1.99999.2", true, [5, 0]))])]),
        Showing(isTls13, "shows empty extensions of every kind", () => [Own(extensions: [.. Kinds.Select(kind => new Extension(kind, false, []))])]),
        Showing(isTls13, "shows malformed extensions of every kind", () => [Own(extensions: [.. Kinds.Select(kind => new Extension(kind, false, [0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF]))])]),
        Key(isTls13, "shows an RSA key of 16,384 bits", () => Rsa(16384, 65537)),
        Key(isTls13, "shows an RSA key of 65,536 bits", () => Rsa(65536, 65537)),
        Key(isTls13, "shows an RSA key of 200,000 bits", () => Rsa(200_000, 65537)),
        Key(isTls13, "shows an RSA key whose exponent is as long as its modulus", () => Rsa(4096, Odd(4095, 2))),
        Key(isTls13, "shows an RSA key of 16,384 bits whose exponent is as long", () => Rsa(16384, Odd(16383, 2))),
        Key(isTls13, "shows an RSA key with the exponent 1, by which everybody can sign", () => Rsa(2048, 1)),
        Key(isTls13, "shows an RSA key with the exponent 2", () => Rsa(2048, 2)),
        Key(isTls13, "shows an RSA key with the exponent 0", () => Rsa(2048, 0)),
        Key(isTls13, "shows an RSA key with a negative exponent", () => Rsa(2048, -3)),
        Key(isTls13, "shows an RSA key with a negative modulus", () => RsaInfo(-Odd(2048, 1), 65537)),
        Key(isTls13, "shows an RSA key with the modulus 0", () => RsaInfo(0, 65537)),
        Key(isTls13, "shows an RSA key with an even modulus", () => RsaInfo(Odd(2048, 1) - 1, 65537)),
        .. isTls13 ? Array.Empty<Hostility>() : [Exchange("shows an RSA key with the exponent 1, to which the secret is encrypted (TLS 1.2)")],
        Point(isTls13, "shows a point that is not on its curve", [4, .. new byte[31], 1, .. new byte[31], 1]),
        Point(isTls13, "shows the point at infinity", [0]),
        Point(isTls13, "shows a point with the coordinates 0 and 0", [4, .. new byte[64]]),
        Point(isTls13, "shows a point that is cut short", [4, .. new byte[40]]),
        Point(isTls13, "shows a point of 60,000 octets", [4, .. new byte[60_000]]),
        OwnCurve(isTls13, "shows a curve of its own making, on which everybody has the key"),
        .. Enumerable.Range(0, Mutations).Select(seed => Mutated(isTls13, seed)),
    ];

    /// <summary>Extensions that somebody may want to read.</summary>
    private static readonly string[] Kinds = ["2.5.29.14", "2.5.29.15", "2.5.29.17", "2.5.29.18", "2.5.29.19", "2.5.29.30", "2.5.29.31", "2.5.29.32", "2.5.29.33", "2.5.29.35", "2.5.29.36", "2.5.29.37", "2.5.29.54", "1.3.6.1.5.5.7.1.1", "1.3.6.1.5.5.7.1.24", "1.3.6.1.4.1.311.21.10", "1.3.6.1.4.1.11129.2.4.2"];

    private static readonly Octets Claimant = (Forge.Leaf(Trial.Host, Trial.Host) with { Signer = "Impostor" }).Make();

    private static readonly ImmutableArray<Octets> LongChain = [Forge.Leaf(Trial.Host, "CA 1").Make(), .. Enumerable.Range(1, 199).Select(i => Forge.Intermediate($"CA {i}", $"CA {i + 1}").Make())];

    private static Hostility Showing(bool isTls13, string does, Func<IReadOnlyList<Octets>> show, Func<Published>? published = null)
    {
        var shown = new Lazy<IReadOnlyList<Octets>>(show);
        return new(Stage.Certificate, $"{does} ({HandshakeHostilities.Version(isTls13)})", HandshakeHostilities.Tls(guest => HandshakeHostilities.Server(isTls13, shown: shown.Value, afterwards: Close(guest))))
        {
            Published = published ?? (() => Published.WhatWasIssued),
            HoldsItsKey = true,
            At = IsOneOfSome,
        };
    }

    /// <summary>What is shown in TLS is the same whatever was said before: a service of lines, one of octets and two with TLS at once. The mutations go round all.</summary>
    private static bool IsOneOfSome(Service service) => service.Protocol is ServiceProtocol.Smtp or ServiceProtocol.Postgres or ServiceProtocol.ImapTls or ServiceProtocol.Tls;

    private static Action<Action<byte[]>> Close(Guest guest) => _ => guest.FinishAsync().GetAwaiter().GetResult();

    /// <summary>An RSA key that nobody can hold, or everybody; the records are of it. The signature is what proves a key whose exponent is 1.</summary>
    private static Hostility Key(bool isTls13, string does, Func<byte[]> publicKey) => Shown(isTls13, does, KeyAlgorithm.Rsa, () =>
    {
        var info = publicKey();
        var leaf = Own(publicKey: info);
        return new(HandshakeHostilities.GenuineKey.Private, leaf, new(info)) { Signs = data => Pss.Encode(data, Pss.ModulusBits(info)) };
    });

    /// <summary>Whoever proves the key by reading a secret (RFC 5246 §7.4.7.1) proves nothing where everybody can.</summary>
    private static Hostility Exchange(string does)
    {
        var key = new Lazy<ServerKey>(() =>
        {
            using var rsa = System.Security.Cryptography.RSA.Create(2048);
            var modulus = rsa.ExportParameters(false).Modulus;
            var info = RsaInfo(new(modulus, isUnsigned: true, isBigEndian: true), 1);
            return new(new RsaKeyParameters(true, new BouncyInteger(1, modulus), BouncyInteger.One), Own(publicKey: info), new(info));
        });
        return new(Stage.Certificate, does, HandshakeHostilities.Tls(guest => HandshakeHostilities.Server(isTls13: false, shown: [key.Value.Certificate], own: key.Value, kind: KeyAlgorithm.Rsa, exchangesByRsa: true, afterwards: Close(guest))))
        {
            Published = () => OfKey(key.Value.Certificate),
            At = IsOneOfSome,
            Kind = KeyAlgorithm.Rsa,
        };
    }

    private static Hostility Point(bool isTls13, string does, byte[] point) => Shown(isTls13, does, KeyAlgorithm.Ecdsa, () =>
    {
        var info = PointInfo(point, null);
        return new(HandshakeHostilities.GenuineKey.Private, Own(publicKey: info), new(info));
    });

    /// <summary>P-256 spelt out, but that its generator is the genuine key's own point, so that its private key is 1 (CVE-2020-0601).</summary>
    private static Hostility OwnCurve(bool isTls13, string does) => Shown(isTls13, does, KeyAlgorithm.Ecdsa, () =>
    {
        var named = SecNamedCurves.GetByOid(SecObjectIdentifiers.SecP256r1);
        var point = named.Curve.DecodePoint(Genuine.Point);
        var own = new X9ECParameters(named.Curve, new X9ECPoint(point, compressed: false), named.N, named.H);
        var info = PointInfo(Genuine.Point, own.GetDerEncoded());
        return new(new ECPrivateKeyParameters(BouncyInteger.One, new ECDomainParameters(own)), Own(publicKey: info), new(info));
    });

    private static Hostility Shown(bool isTls13, string does, KeyAlgorithm kind, Func<ServerKey> make)
    {
        var key = new Lazy<ServerKey>(make);
        return new(Stage.Certificate, $"{does} ({HandshakeHostilities.Version(isTls13)})", HandshakeHostilities.Tls(guest => HandshakeHostilities.Server(isTls13, shown: [key.Value.Certificate], own: key.Value, kind: kind, afterwards: Close(guest))))
        {
            Published = () => OfKey(key.Value.Certificate),
            At = IsOneOfSome,
            Kind = kind,
        };
    }

    private static byte[] PointInfo(byte[] point, byte[]? parameters)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier("1.2.840.10045.2.1");
                if (parameters is null) writer.WriteObjectIdentifier("1.2.840.10045.3.1.7");
                else writer.WriteEncodedValue(parameters);
            }

            writer.WriteBitString(point);
        }

        return writer.Encode();
    }

    /// <summary>The genuine certificate with something changed: no record knows it, and nobody has signed it.</summary>
    private static Hostility Mutated(bool isTls13, int seed)
    {
        var random = new Random((seed * 2) + (isTls13 ? 1 : 0));
        var leaf = Mutation.Of(Genuine.Leaf, random, out var words);
        var inner = seed % 3 == 0 ? Mutation.Of(Genuine.Inner, random, out _) : Genuine.Inner;
        return Showing(isTls13, $"shows the right certificate, {words}{(seed % 3 == 0 ? ", and another of its chain changed" : "")}: no. {seed}", () => [leaf, inner, Genuine.Root]) with { At = service => service == ServiceTable.All[seed % ServiceTable.All.Length] };
    }

    private static Published OfKey(Octets leaf)
    {
        ImmutableArray<TlsaRecord> records = [new(TlsaUsage.DaneEe, TlsaSelector.Certificate, TlsaMatching.Full, leaf)];
        return TlsaRecord.TryCreate(leaf, TlsaUsage.DaneEe, TlsaSelector.PublicKey, TlsaMatching.Sha256, out var key, out _) ? new([.. records, key]) : new(records);
    }

    private static Published AnchorOf(Octets anchor) => new([AnchorRecord(anchor)]);

    private static TlsaRecord AnchorRecord(Octets anchor) => World.Record(anchor, TlsaUsage.DaneTa, TlsaSelector.Certificate);

    /// <summary>A leaf with the genuine key that the authority has not signed.</summary>
    private static Octets Own(byte[]? publicKey = null, byte[]? subject = null, byte[]? validity = null, byte[]? serial = null, Extension[]? extensions = null) =>
        (Forge.Leaf(Trial.Host, "Inner") with { Signer = "Impostor", PublicKey = publicKey ?? Signing.EcdsaSha256.PublicKeyOf(Trial.Host), SubjectName = subject, Validity = validity, Serial = serial, Extensions = extensions ?? [Extension.DnsNames(Trial.Host)] }).Make();

    private static Octets Large(int length) => Own(extensions: [new("1.3.6.1.4.1.99999.3", false, new byte[length])]);

    private static byte[] Nested(int depth)
    {
        var octets = new List<byte>();
        for (var i = 0; i < depth; i++)
        {
            var length = octets.Count;
            octets.InsertRange(0, length < 128 ? [0x30, (byte)length] : length < 65536 ? [0x30, 0x82, (byte)(length >> 8), (byte)(length & 255)] : [0x30, 0x83, (byte)(length >> 16), (byte)((length >> 8) & 255), (byte)(length & 255)]);
        }

        return [.. octets];
    }

    private static byte[] Dates(string from, string to)
    {
        byte[] first = [0x18, (byte)from.Length, .. Encoding.ASCII.GetBytes(from)], second = [0x18, (byte)to.Length, .. Encoding.ASCII.GetBytes(to)];
        return [0x30, (byte)(first.Length + second.Length), .. first, .. second];
    }

    private static byte[] Rsa(int bits, BigInteger exponent) => RsaInfo(Odd(bits, 1), exponent);

    private static byte[] RsaInfo(BigInteger modulus, BigInteger exponent)
    {
        var key = new AsnWriter(AsnEncodingRules.DER);
        using (key.PushSequence())
        {
            key.WriteInteger(modulus);
            key.WriteInteger(exponent);
        }

        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(Signing.Identifier("1.2.840.113549.1.1.1", [5, 0]));
            writer.WriteBitString(key.Encode());
        }

        return writer.Encode();
    }

    /// <summary>A number of so many bits, odd, the same in every run.</summary>
    private static BigInteger Odd(int bits, int seed)
    {
        var octets = new byte[(bits + 7) / 8];
        new Random(seed).NextBytes(octets);
        var number = new BigInteger(octets, isUnsigned: true) & ((BigInteger.One << bits) - 1);
        return number | BigInteger.One | (BigInteger.One << (bits - 1));
    }

    private static Octets Noise(int length)
    {
        var noise = new byte[length];
        new Random(5280).NextBytes(noise);
        return new(noise);
    }
}
