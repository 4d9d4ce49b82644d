using System.Collections.Immutable;
using System.Globalization;
using Danelaw.Dns;

namespace Danelaw.Certificates;

/// <summary>What a block of a server's PEM file is.</summary>
public enum PemObjectKind
{
    /// <summary>Something that a TLS server does not use (parameters, text, a kind that is not known).</summary>
    Other,

    /// <summary>A private key that is encrypted: a server cannot start by itself with it.</summary>
    EncryptedPrivateKey,

    /// <summary>A private key that cannot be read, or of a kind that is not supported.</summary>
    UnreadablePrivateKey,

    /// <summary>A private key; the data is its public half.</summary>
    PrivateKey,

    /// <summary>A certificate that cannot be read.</summary>
    UnreadableCertificate,

    /// <summary>A certificate.</summary>
    Certificate,
}

/// <summary>One block of a PEM file that a TLS server reads: a certificate, or the public half of a private key. Private keys are not kept.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Data">The certificate in DER, or the public key as SubjectPublicKeyInfo in DER; empty for anything else.</param>
/// <param name="Line">The line on which it begins, from 1 on.</param>
public sealed record PemObject(PemObjectKind Kind, Octets Data, int Line)
{
    /// <summary>Reads every block of a file, in order.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="objects">The blocks; empty on failure.</param>
    /// <param name="fault">The first block that is not sound and where, as a phrase that tells nothing of its content; empty on success.</param>
    public static bool TryReadAll(string text, out ImmutableArray<PemObject> objects, out string fault)
    {
        ArgumentNullException.ThrowIfNull(text);
        objects = [];
        if (PemBlock.IsMarked(text, out var line))
        {
            fault = string.Create(CultureInfo.InvariantCulture, $"a byte order mark stands before the BEGIN in line {line}, so TLS servers pass over that block");
            return false;
        }

        if (!PemBlock.TryReadAll(text, out var blocks, out fault)) return false;
        objects = [.. blocks.Select(Of)];
        return true;
    }

    private static PemObject Of(PemBlock block)
    {
        if (block.IsCertificate)
        {
            var der = block.CertificateData;
            return Certificates.Certificate.TryRead(der, out _) ? new(PemObjectKind.Certificate, der, block.Line) : new(PemObjectKind.UnreadableCertificate, default, block.Line);
        }

        if (!block.Label.EndsWith("PRIVATE KEY", StringComparison.Ordinal)) return new(PemObjectKind.Other, default, block.Line);
        if (block.IsEncrypted || block.Label == "ENCRYPTED PRIVATE KEY") return new(PemObjectKind.EncryptedPrivateKey, default, block.Line);
        return PrivateKeys.TryGetPublicKey(block.Label, block.Data.Span, out var publicKey)
            ? new(PemObjectKind.PrivateKey, publicKey, block.Line)
            : new(PemObjectKind.UnreadablePrivateKey, default, block.Line);
    }
}
