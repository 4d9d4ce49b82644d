using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Danelaw.Certificates;
using Danelaw.Dns;
using Danelaw.Dns.Records;
using Danelaw.Tlsa;

namespace Danelaw.Fuzz.Targets;

/// <summary>Whatever people hand over as a key. Input: one octet that says which password is known, then the file.</summary>
internal sealed class KeysTarget : FuzzTarget
{
    /// <summary>Little enough for a file to be read in no time; the rounds of the seeds fit.</summary>
    private const int Work = 60_000;

    /// <summary>The password of <c>tests/Corpora/key-sources</c>, none, and one without letters.</summary>
    private static readonly char[]?[] Passwords = ["schlüssel 7".ToCharArray(), null, []];

    internal override string Name => "keys";

    internal override int MaximumLength => 4096;

    internal override void Run(byte[] input)
    {
        if (input.Length < 1) return;
        var (content, password) = (input.AsMemory(1), Passwords[input[0] % Passwords.Length]);
        var outcome = KeySource.Read(content, password, new PasswordBudget(Work), out var file, out var fault);
        var isRead = outcome == KeySourceOutcome.Read;
        FuzzFinding.Unless(isRead == (fault.Length == 0), "a fault is told where nothing was read, and only there");
        FuzzFinding.Unless(isRead == (file.Certificates.Length > 0 != !file.PublicKey.IsEmpty), "certificates or a key where something was read, and nothing otherwise");
        FuzzFinding.Unless(fault.Length < 240 && Ascii(fault), "a fault is a phrase of ours");
        FuzzFinding.Unless(outcome != (password is null ? KeySourceOutcome.PasswordWrong : KeySourceOutcome.PasswordWanted), "a password is wanted when there is none, and wrong when there is one");
        if (!isRead) return;
        foreach (var certificate in file.Certificates) FuzzFinding.Unless(TlsaRecord.TryCreate(certificate, TlsaUsage.DaneEe, TlsaSelector.Certificate, TlsaMatching.Sha256, out _, out _), "a certificate that was read can be read");
        if (file.PublicKey.IsEmpty) return;
        FuzzFinding.Unless(TlsaRecord.TryCreateFromKey(file.PublicKey, TlsaUsage.DaneEe, TlsaMatching.Full, out var record, out _) && record.Data.Equals(file.PublicKey), "a key that was read can be read");
        CheckRequest(content, file.PublicKey);
    }

    internal override IEnumerable<(string Name, byte[] Octets)> Seeds(string corpora)
    {
        foreach (var path in Directory.GetFiles(Path.Combine(corpora, "key-sources")).Order(StringComparer.Ordinal))
        {
            var octets = File.ReadAllBytes(path);
            if (path.EndsWith(".sh", StringComparison.Ordinal) || octets.Length >= MaximumLength) continue;
            yield return (Path.GetFileName(path), [0, .. octets]);

            // What stands within the base64 is what is to be altered.
            if (PemEncoding.TryFind(Encoding.Latin1.GetString(octets), out var fields)) yield return (Path.GetFileName(path) + ".der", [0, .. Convert.FromBase64String(Encoding.Latin1.GetString(octets)[fields.Base64Data])]);
        }
    }

    internal override IEnumerable<byte[]> Tokens =>
        [[0x30, 0x80], [0x24, 0x80], [0x00, 0x00], [0x02, 0x01, 0x03], [0x02, 0x01, 0x00], "-----BEGIN "u8.ToArray(), "PRIVATE KEY-----"u8.ToArray(), [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x0a, 0x01]];

    /// <summary>Whose key a request is, as .NET sees it: what we take from one, it takes too, and the signature is by that key.</summary>
    private static void CheckRequest(ReadOnlyMemory<byte> content, Octets publicKey)
    {
        CertificateRequest request;
        try
        {
            request = CertificateRequest.LoadSigningRequest(content.Span, HashAlgorithmName.SHA256, out var consumed, CertificateRequestLoadOptions.SkipSignatureValidation | CertificateRequestLoadOptions.UnsafeLoadCertificateExtensions);
            if (consumed != content.Length || request.PublicKey.Oid.Value != "1.2.840.10045.2.1") return;
        }
        catch (Exception other) when (other is CryptographicException or ArgumentException)
        {
            return;
        }

        FuzzFinding.Unless(publicKey.Span.SequenceEqual(request.PublicKey.ExportSubjectPublicKeyInfo()), "the key of a request is that which it holds");
        try
        {
            CertificateRequest.LoadSigningRequest(content.Span, HashAlgorithmName.SHA256, out _, CertificateRequestLoadOptions.UnsafeLoadCertificateExtensions);
        }
        catch (CryptographicException)
        {
            throw new FuzzFinding("a request that is taken is signed by its own key");
        }
    }

    private static bool Ascii(string text) => text.All(character => character is >= ' ' and < '\x7F' or '§');
}
