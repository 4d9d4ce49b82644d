using System.Collections.Immutable;
using Danelaw.Certificates;
using Danelaw.Cli.Running;
using Danelaw.Dns;

namespace Danelaw.Cli.Options;

/// <summary>Files of certificates and keys that the user names.</summary>
internal static class CertificateInput
{
    /// <summary>The certificates of a file, one at least.</summary>
    /// <exception cref="MisuseException">It cannot be read, or holds none.</exception>
    public static ImmutableArray<Octets> ReadCertificates(Surroundings surroundings, string path)
    {
        var content = FileText.ReadAll(surroundings, path, CertificateFile.MaximumLength);
        if (CertificateFile.TryReadCertificates(content, out var certificates, out var fault)) return certificates;
        throw Unfit(path, fault, takesKeys: false);
    }

    /// <summary>The certificates of a file, or else its public key: one at least.</summary>
    /// <exception cref="MisuseException">It cannot be read, or holds neither.</exception>
    public static CertificateFile Read(Surroundings surroundings, string path)
    {
        var content = FileText.ReadAll(surroundings, path, CertificateFile.MaximumLength);
        return CertificateFile.TryRead(content, out var file, out var fault) ? file : throw Unfit(path, fault, takesKeys: true);
    }

    private static MisuseException Unfit(string path, string fault, bool takesKeys)
    {
        var hint = "a certificate file has a block that begins with -----BEGIN CERTIFICATE-----, or is one certificate in DER";
        if (fault.Contains("private key", StringComparison.Ordinal))
            hint = takesKeys ? $"give the certificate, or the public key alone: openssl pkey -in {(path == "-" ? "key.pem" : path)} -pubout" : "give the certificate that belongs to it, followed by those of its issuers";
        return new($"{FileText.Shown(path)}: {fault}", hint);
    }
}
