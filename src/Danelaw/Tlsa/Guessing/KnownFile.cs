using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Danelaw.Certificates;
using Danelaw.Dns;

namespace Danelaw.Tlsa.Guessing;

/// <summary>
/// A file that a TLSA record may have been made of by mistake, such as that of the private key: what its digests would be. Of the file nothing else is kept,
/// and the digest of a key tells nothing of the key.
/// </summary>
public sealed class KnownFile
{
    private KnownFile(string name, ImmutableArray<(Octets, string)> digests) => (Name, Digests) = (name, digests);

    /// <summary>What the file is called.</summary>
    public string Name { get; }

    /// <summary>The digests, each with what it is of.</summary>
    internal ImmutableArray<(Octets Digest, string What)> Digests { get; }

    /// <summary>Takes the digests of a file.</summary>
    /// <param name="name">What it is called in what is told.</param>
    /// <param name="content">All of it; not kept.</param>
    public static KnownFile Of(string name, ReadOnlySpan<byte> content)
    {
        ArgumentNullException.ThrowIfNull(name);
        var digests = ImmutableArray.CreateBuilder<(Octets, string)>();
        Add(digests, content.ToArray(), $"the file {name}");
        var text = Encoding.Latin1.GetString(content);
        if (!PemBlock.IsIn(text))
        {
            AddBlock(digests, content.ToArray(), "", DerKinds.Recognise(content) ?? "", name);
            return new(name, digests.ToImmutable());
        }

        var lines = text.Replace("\r\n", "\n", StringComparison.Ordinal).TrimEnd('\n');
        foreach (var (form, octets) in DerTexts.Lines("the file", lines)) Add(digests, octets, $"{form} {name}");
        if (!PemBlock.TryReadAll(text, out var blocks, out _)) return new(name, digests.ToImmutable());

        // A certificate or a public key in the file is what a record is made of, and no mistake by itself.
        foreach (var block in blocks)
            if (!block.IsCertificate && block.Label != "PUBLIC KEY") AddBlock(digests, block.Data.ToArray(), block.Label, DerKinds.OfPem(block), name);
        return new(name, digests.ToImmutable());
    }

    private static void AddBlock(ImmutableArray<(Octets, string)>.Builder digests, byte[] der, string label, string kind, string name)
    {
        if (kind.Length == 0) return;
        var what = $"{kind}, that in {name}";
        Add(digests, der, what);
        if (label.Length > 0)
            foreach (var (form, octets) in DerTexts.Of(der, label)) Add(digests, octets, $"{form} of {what}");

        // PKCS #8 is a frame around the older forms, which other commands write.
        var outer = new DerReader(der);
        if (kind == DerKinds.PrivateKey && outer.TryReadSequence(out var parts) && parts.TryReadAny(out _, out _, out _) && parts.TryReadAny(out _, out _, out _) && parts.TryRead(System.Formats.Asn1.Asn1Tag.PrimitiveOctetString, out var inner))
            Add(digests, inner.ToArray(), $"{what}, in the form of its own algorithm");
    }

    private static void Add(ImmutableArray<(Octets, string)>.Builder digests, byte[] octets, string what)
    {
        digests.Add((new(SHA256.HashData(octets)), $"the SHA-256 digest of {what}"));
        digests.Add((new(SHA512.HashData(octets)), $"the SHA-512 digest of {what}"));
    }
}
