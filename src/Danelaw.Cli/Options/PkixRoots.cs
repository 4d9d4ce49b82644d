using Danelaw.Certificates;
using Danelaw.Cli.Running;

namespace Danelaw.Cli.Options;

/// <summary>The certificates that usages 0 and 1 trust. They serve nothing else.</summary>
internal static class PkixRoots
{
    /// <summary>Those of the file, or else the machine's as OpenSSL finds them.</summary>
    /// <exception cref="MisuseException">The file cannot be read, or has no certificate.</exception>
    public static TrustStore Load(Surroundings surroundings, string? file) =>
        file is not null ? new(CertificateInput.ReadCertificates(surroundings, file)) : TrustStore.ReadSystem(surroundings.Variable);
}
