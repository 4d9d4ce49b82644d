using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Danelaw.Dns;

namespace Danelaw.Certificates;

/// <summary>
/// What a file of certificates or a public key holds: PEM (RFC 7468) with any text around it, or DER. Files may be anything; private
/// keys are recognised and never kept or shown.
/// </summary>
public sealed record CertificateFile
{
    /// <summary>The most octets that are read of a file: 16 MiB, a hundred times the largest collection of authorities.</summary>
    public const int MaximumLength = 16 * 1024 * 1024;

    /// <summary>The certificates in the order of the file, each in DER; empty when it holds a public key only.</summary>
    public ImmutableArray<Octets> Certificates { get; private init; } = [];

    /// <summary>The public key as SubjectPublicKeyInfo in DER, where the file holds one and no certificate; otherwise empty.</summary>
    public Octets PublicKey { get; private init; }

    /// <summary>Whether the first certificate is known to be somebody's own: a server showed it, or its private key stands beside it. By default it is not.</summary>
    public bool IsOwnKnown { get; private init; }

    /// <summary>What a file with these certificates would hold; for chains that a server has shown.</summary>
    /// <param name="certificates">The certificates in order, the server's own first, each in DER; one at least.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static CertificateFile OfChain(ImmutableArray<Octets> certificates) => OfChain(certificates, isOwn: true);

    /// <summary>The same, where it may be that the first is nobody's own.</summary>
    internal static CertificateFile OfChain(ImmutableArray<Octets> certificates, bool isOwn) =>
        certificates.IsDefaultOrEmpty ? throw new ArgumentException("at least one certificate is needed", nameof(certificates)) : new() { Certificates = certificates, IsOwnKnown = isOwn };

    /// <summary>What a file with this public key would hold.</summary>
    /// <param name="publicKey">The SubjectPublicKeyInfo in DER.</param>
    internal static CertificateFile OfKey(Octets publicKey) => new() { PublicKey = publicKey };

    /// <summary>Reads a file that holds certificates.</summary>
    /// <param name="path">The file's path.</param>
    /// <param name="certificates">The certificates in the order of the file, one at least; empty on failure.</param>
    /// <param name="fault">What is wrong, as a phrase that goes after the file's name and a colon; empty on success.</param>
    public static bool TryReadCertificates(string path, out ImmutableArray<Octets> certificates, out string fault)
    {
        certificates = [];
        return TryReadOctets(path, out var content, out fault) && TryReadCertificates(content, out certificates, out fault);
    }

    /// <summary>Reads octets that hold certificates.</summary>
    /// <param name="content">PEM or DER.</param>
    /// <param name="certificates">The certificates in order, one at least; empty on failure.</param>
    /// <param name="fault">What is wrong, as a phrase; empty on success.</param>
    public static bool TryReadCertificates(ReadOnlyMemory<byte> content, out ImmutableArray<Octets> certificates, out string fault)
    {
        certificates = [];
        if (!TryRead(content, "a certificate", out var file, out fault)) return false;
        certificates = file.Certificates;
        if (certificates.IsEmpty) fault = Unwanted("a public key", "a certificate");
        return !certificates.IsEmpty;
    }

    /// <summary>Reads a file that holds certificates, or else a public key.</summary>
    /// <param name="path">The file's path.</param>
    /// <param name="file">What it holds; nothing on failure.</param>
    /// <param name="fault">What is wrong, as a phrase that goes after the file's name and a colon; empty on success.</param>
    public static bool TryRead(string path, out CertificateFile file, out string fault)
    {
        file = new();
        return TryReadOctets(path, out var content, out fault) && TryRead(content, out file, out fault);
    }

    /// <summary>Reads octets that hold certificates, or else a public key.</summary>
    /// <param name="content">PEM or DER.</param>
    /// <param name="file">What they hold; nothing on failure.</param>
    /// <param name="fault">What is wrong, as a phrase; empty on success.</param>
    public static bool TryRead(ReadOnlyMemory<byte> content, out CertificateFile file, out string fault) => TryRead(content, "a certificate or public key", out file, out fault);

    private static bool TryRead(ReadOnlyMemory<byte> content, string wanted, out CertificateFile file, out string fault)
    {
        file = new();
        fault = content.IsEmpty ? "it is empty" : content.Length > MaximumLength ? TooLarge : "";
        if (fault.Length > 0) return false;
        var text = Encoding.Latin1.GetString(content.Span);
        if (PemBlock.IsIn(text)) return TryReadPem(text, wanted, ref file, ref fault);
        var octets = new Octets(content);
        if (Certificate.TryRead(octets, out _)) file = new() { Certificates = [octets] };
        else if (PublicKeyInfo.IsWellFormed(content.Span)) file = new() { PublicKey = octets };
        else fault = DerKinds.Recognise(content.Span) is { } kind ? Unwanted(kind, wanted) : "it is neither PEM nor a certificate or public key in DER";
        return fault.Length == 0;
    }

    private static string TooLarge => string.Create(CultureInfo.InvariantCulture, $"it is larger than {MaximumLength / 1024 / 1024} MiB");

    private static bool TryReadPem(string text, string wanted, ref CertificateFile file, ref string fault)
    {
        if (!PemBlock.TryReadAll(text, out var blocks, out fault)) return false;
        var certificates = ImmutableArray.CreateBuilder<Octets>();
        foreach (var block in blocks)
        {
            if (!block.IsCertificate) continue;
            var der = block.CertificateData;
            if (!Certificate.TryRead(der, out _))
            {
                fault = string.Create(CultureInfo.InvariantCulture, $"the block that begins in line {block.Line} is no certificate that can be read");
                return false;
            }

            certificates.Add(der);
        }

        if (certificates.Count > 0)
        {
            file = new() { Certificates = certificates.ToImmutable() };
            return true;
        }

        foreach (var block in blocks)
        {
            if (block.Label != "PUBLIC KEY") continue;
            if (PublicKeyInfo.IsWellFormed(block.Data.Span)) file = new() { PublicKey = block.Data };
            else fault = string.Create(CultureInfo.InvariantCulture, $"the block that begins in line {block.Line} is no public key that can be read");
            return fault.Length == 0;
        }

        // A key of OpenSSL may follow the parameters of its curve: the key is what counts.
        fault = blocks.IsEmpty ? "it looks like PEM but has no whole block" : Unwanted(DerKinds.OfPem(blocks.FirstOrDefault(block => block.Label.EndsWith("PRIVATE KEY", StringComparison.Ordinal), blocks[0])), wanted);
        return false;
    }

    private static string Unwanted(string kind, string wanted) => $"it holds {kind} where {wanted} is wanted";

    private static bool TryReadOctets(string path, out ReadOnlyMemory<byte> content, out string fault)
    {
        ArgumentNullException.ThrowIfNull(path);
        content = default;
        fault = "";
        try
        {
            if (Directory.Exists(path))
            {
                fault = "it is a folder";
                return false;
            }

            // The length that a file reports may be none (a pipe) or endless (a device): what counts is what comes.
            using var stream = File.OpenRead(path);
            using var kept = new MemoryStream();
            var buffer = new byte[64 * 1024];
            for (var read = stream.Read(buffer); read > 0; read = stream.Read(buffer))
            {
                kept.Write(buffer, 0, read);
                if (kept.Length <= MaximumLength) continue;
                fault = TooLarge;
                return false;
            }

            content = kept.ToArray();
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            fault = failure switch
            {
                FileNotFoundException or DirectoryNotFoundException => "there is no such file",
                UnauthorizedAccessException => "it may not be read by this user",
                ArgumentException or NotSupportedException => "that is no name of a file",
                _ => "it cannot be read",
            };
            return false;
        }
    }
}
