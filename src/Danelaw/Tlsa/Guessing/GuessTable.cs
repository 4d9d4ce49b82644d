using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using Danelaw.Certificates;
using Danelaw.Dns;
using Danelaw.Dns.Records;

namespace Danelaw.Tlsa.Guessing;

/// <summary>Data that a record may hold by mistake.</summary>
/// <param name="What">What it is.</param>
internal sealed record Mistakable(string What)
{
    /// <summary>The chain that it was made of, and the place in it; null when it was made of none.</summary>
    internal (int Chain, int Depth)? Place { get; init; }

    /// <summary>The selector under which it would be right; null when it is under none.</summary>
    internal TlsaSelector? Selector { get; init; }

    /// <summary>The matching type under which it would be right.</summary>
    internal TlsaMatching Matching { get; init; }

    /// <summary>Whether it is the digest of nothing.</summary>
    internal bool IsNothing { get; init; }
}

/// <summary>Every datum that a record may hold by mistake, made of what a server showed and of files that are known.</summary>
internal sealed class GuessTable
{
    /// <summary>How many certificates are gone through: no server that means well sends more.</summary>
    private const int MaximumCertificates = 24;

    /// <summary>Fewer octets than these are like many things.</summary>
    private const int ShortestCut = 8;

    private static readonly (string Name, Func<byte[], byte[]> Hash)[] Digests = [("SHA-256", SHA256.HashData), ("SHA-512", SHA512.HashData)];

    /// <summary>Digests that TLSA does not have, and that tools print; those that this machine takes.</summary>
    private static readonly (string Name, Func<byte[], byte[]> Hash)[] OtherDigests =
    [
        .. new (string Name, Func<byte[], byte[]> Hash)[] { ("SHA-1", Sha1), ("MD5", MD5.HashData), ("SHA-384", SHA384.HashData), ("SHA3-256", SHA3_256.HashData), ("SHA3-512", SHA3_512.HashData) }.Where(digest => IsTaken(digest.Hash)),
    ];

    private readonly Dictionary<Octets, Mistakable> _all = [];

    internal GuessTable(ImmutableArray<ImmutableArray<Octets>> chains, ImmutableArray<KnownFile> known)
    {
        foreach (var (name, hash) in Digests.Concat(OtherDigests))
        {
            Add(hash([]), new($"the {name} digest of nothing, as an empty file or a command that failed gives it") { IsNothing = true });
            Add(hash("\n"u8.ToArray()), new($"the {name} digest of an empty line") { IsNothing = true });
        }

        var left = MaximumCertificates;
        for (var chain = 0; chain < chains.Length && left > 0; chain++)
        {
            AddFile(chains[chain], chain);
            for (var depth = 0; depth < chains[chain].Length && left-- > 0; depth++)
                if (PathCertificate.TryRead(chains[chain][depth], out var certificate)) Add(certificate, (chain, depth));
        }

        foreach (var file in known)
            foreach (var (digest, what) in file.Digests) Add(digest.ToArray(), new(what));
    }

    /// <summary>What the data is; whole, or cut, or with something behind it.</summary>
    internal bool TryFind(Octets data, [NotNullWhen(true)] out Mistakable? found)
    {
        if (_all.TryGetValue(data, out found)) return true;
        if (data.Length < ShortestCut) return false;
        foreach (var (known, what) in _all)
        {
            if (what.IsNothing) continue;
            if (known.Length > data.Length && known.Span.StartsWith(data.Span)) found = new(string.Create(CultureInfo.InvariantCulture, $"the first {data.Length} octets of {what.What}")) { Place = what.Place };
            else if (known.Length < data.Length && known.Length >= SHA1.HashSizeInBytes && data.Span.StartsWith(known.Span)) found = new($"{what.What}, with more octets behind it") { Place = what.Place };
            if (found is not null) return true;
        }

        return false;
    }

    private void Add(byte[] data, Mistakable what) => _all.TryAdd(new(data), what);

    private void Add(PathCertificate certificate, (int Chain, int Depth) place)
    {
        var whose = place.Depth == 0 ? "the server's" : $"the issuer {certificate.Label}'s";
        AddSelected(certificate.Frame.Der, TlsaSelector.Certificate, "CERTIFICATE", $"{whose} whole certificate", place);
        AddSelected(certificate.Frame.PublicKey, TlsaSelector.PublicKey, "PUBLIC KEY", $"{whose} public key", place);
        AddDigests(certificate.Frame.ToBeSigned.ToArray(), $"what is signed of {whose} certificate, without the signature", place);
        if (!PublicKeyInfo.TryRead(certificate.Frame.PublicKey.Span, out var info)) return;
        var bare = info.Key.ToArray();
        if (IsTaken(Sha1)) Add(Sha1(bare), new($"the subject key identifier of {whose} certificate, the SHA-1 digest of its bare key") { Place = place });
        AddDigests(bare, $"{whose} bare public key, without the algorithm around it (SubjectPublicKeyInfo)", place);
        AddDigests([0, .. bare], $"{whose} bare public key as a BIT STRING, without the algorithm before it", place);
        var outer = new DerReader(bare);
        if (!outer.TryReadSequence(out var numbers) || !numbers.TryRead(System.Formats.Asn1.Asn1Tag.Integer, out var modulus)) return;
        foreach (var (form, octets) in DerTexts.Lines("the line", "Modulus=" + Convert.ToHexString(modulus.TrimStart((byte)0)))) AddDigests(octets, $"{form} that openssl -modulus prints for {whose} key", place);
    }

    /// <summary>What a client compares, and every other way in which it is written or taken the digest of.</summary>
    private void AddSelected(Octets der, TlsaSelector selector, string label, string what, (int Chain, int Depth) place)
    {
        var octets = der.ToArray();
        Add(octets, new($"{what} itself") { Place = place, Selector = selector, Matching = TlsaMatching.Full });
        foreach (var (name, hash) in Digests)
            Add(hash(octets), new($"the {name} digest of {what}") { Place = place, Selector = selector, Matching = name == "SHA-256" ? TlsaMatching.Sha256 : TlsaMatching.Sha512 });
        foreach (var (name, hash) in OtherDigests) Add(hash(octets), new($"the {name} digest of {what}") { Place = place });
        foreach (var (form, text) in DerTexts.Of(der.Memory, label))
        {
            Add(text, new($"{form} of {what}") { Place = place });
            AddDigests(text, $"{form} of {what}", place);
        }

        foreach (var (name, hash) in Digests)
        {
            var right = hash(octets);
            AddDigests(right, $"the {name} digest of {what}, taken once more", place);
            foreach (var printed in DerTexts.OfDigest(right))
                foreach (var (_, text) in DerTexts.Lines("", printed)) AddDigests(text, $"the printed {name} digest of {what}", place);
        }
    }

    /// <summary>The file of the whole chain, as ACME clients write it.</summary>
    private void AddFile(ImmutableArray<Octets> chain, int number)
    {
        if (chain.Length < 2) return;
        foreach (var between in (string[])["\n", "\n\n"])
        {
            foreach (var (form, text) in DerTexts.Lines("the PEM file", string.Join(between, chain.Select(der => PemEncoding.WriteString("CERTIFICATE", der.Span)))))
                AddDigests(text, $"{form} of the whole chain", (number, 0));
        }
    }

#pragma warning disable CA5350 // What others have printed so is recognised so; nothing rests on it.
    private static byte[] Sha1(byte[] octets) => SHA1.HashData(octets);
#pragma warning restore CA5350

    /// <summary>A machine's policy may forbid old digests, and its library may lack new ones.</summary>
    private static bool IsTaken(Func<byte[], byte[]> hash)
    {
        try
        {
            return hash([]).Length > 0;
        }
        catch (Exception exception) when (exception is CryptographicException or PlatformNotSupportedException)
        {
            return false;
        }
    }

    private void AddDigests(byte[] octets, string what, (int Chain, int Depth) place)
    {
        foreach (var (name, hash) in Digests) Add(hash(octets), new($"the {name} digest of {what}") { Place = place });
    }
}
