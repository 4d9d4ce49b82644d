using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Danelaw.Cli.Tests.Commands;

/// <summary>A folder with certificates and keys of a small authority, made anew for each test class.</summary>
public sealed class CertificateFiles : IDisposable
{
    public CertificateFiles()
    {
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authority = new CertificateRequest("CN=Test authority", authorityKey, HashAlgorithmName.SHA256);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        Authority = authority.CreateSelfSigned(NotBefore, NotAfter);
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=mx.example.org", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("mx.example.org");
        request.CertificateExtensions.Add(names.Build());
        Leaf = request.Create(Authority.SubjectName, X509SignatureGenerator.CreateForECDsa(authorityKey), NotBefore, NotAfter, [1, 2, 3]);
        Write("leaf.pem", Leaf.ExportCertificatePem());
        Write("ca.pem", Authority.ExportCertificatePem());
        Write("chain.pem", Leaf.ExportCertificatePem() + "\n" + Authority.ExportCertificatePem() + "\n");
        File.WriteAllBytes(Path.Combine(Folder, "leaf.der"), Leaf.RawData);
        Write("public.pem", key.ExportSubjectPublicKeyInfoPem());
        Write("request.pem", request.CreateSigningRequestPem());
        Key = key.ExportPkcs8PrivateKeyPem();
        Write("private.pem", Key);

        // As openssl ecparam -genkey writes it: the curve (P-256), then the key.
        Write("curve-key.pem", "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n" + authorityKey.ExportECPrivateKeyPem() + "\n");
        Write("empty.pem", "");
        Write("noise.pem", "-----BEGIN CERTIFICATE-----\nnot base64 at all\n-----END CERTIFICATE-----\n");
        Write("text.pem", "this is no certificate\n");
    }

    public static DateTimeOffset NotBefore { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static DateTimeOffset NotAfter { get; } = new(2026, 12, 31, 0, 0, 0, TimeSpan.Zero);

    public string Folder { get; } = Directory.CreateTempSubdirectory("danelaw-cli").FullName;

    public X509Certificate2 Leaf { get; }

    /// <summary>The leaf's private key in PEM.</summary>
    public string Key { get; }

    public X509Certificate2 Authority { get; }

    public static string Sha256(byte[] octets) => Convert.ToHexStringLower(SHA256.HashData(octets));

    public static string Sha512(byte[] octets) => Convert.ToHexStringLower(SHA512.HashData(octets));

    public void Dispose()
    {
        Leaf.Dispose();
        Authority.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(Folder, name), text);
}
