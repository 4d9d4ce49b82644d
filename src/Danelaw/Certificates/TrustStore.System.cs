using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Danelaw.Dns;

namespace Danelaw.Certificates;

public sealed partial class TrustStore
{
    /// <summary>Where distributions put what OpenSSL calls OPENSSLDIR; the first that is there is taken.</summary>
    private static readonly string[] OpenSslFolders = ["/usr/lib/ssl", "/etc/pki/tls", "/etc/ssl", "/usr/local/ssl"];

    /// <summary>Reads the authorities of a file (<c>--ca-file</c>).</summary>
    /// <param name="path">A file of certificates, PEM or DER.</param>
    /// <param name="store">The store; empty on failure.</param>
    /// <param name="fault">What is wrong with the file, as a phrase; empty on success.</param>
    public static bool TryRead(string path, out TrustStore store, out string fault)
    {
        var read = CertificateFile.TryReadCertificates(path, out var certificates, out fault);
        store = new(certificates);
        return read;
    }

    /// <summary>
    /// Reads the machine's authorities as OpenSSL finds them: the file <c>SSL_CERT_FILE</c> and the folders <c>SSL_CERT_DIR</c>, in these
    /// the files named by a hash; without those variables <c>cert.pem</c> and <c>certs</c> of its own folder. On Windows and macOS the
    /// system's root store. What cannot be read is left out.
    /// </summary>
    /// <param name="environment">Gives the value of an environment variable, or null.</param>
    public static TrustStore ReadSystem(Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        var certificates = new List<Octets>();
        var file = environment("SSL_CERT_FILE");
        var folders = environment("SSL_CERT_DIR");
        if ((OperatingSystem.IsWindows() || OperatingSystem.IsMacOS()) && file is null && folders is null) return ReadPlatform();
        var home = Array.Find(OpenSslFolders, Directory.Exists) ?? OpenSslFolders[0];
        Add(file ?? Path.Combine(home, "cert.pem"), certificates);
        foreach (var folder in (folders ?? Path.Combine(home, "certs")).Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)) AddFolder(folder, certificates);
        return new(certificates);
    }

    private static void AddFolder(string folder, List<Octets> certificates)
    {
        string[] names;
        try
        {
            names = Directory.GetFiles(folder);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return;
        }

        Array.Sort(names, StringComparer.Ordinal);
        foreach (var name in names)
            if (IsHashName(Path.GetFileName(name))) Add(name, certificates);
    }

    private static void Add(string path, List<Octets> certificates)
    {
        if (CertificateFile.TryReadCertificates(path, out var read, out _)) certificates.AddRange(read);
    }

    /// <summary>Eight hexadecimal digits, a dot and a number, as <c>openssl rehash</c> names files; others OpenSSL does not see.</summary>
    private static bool IsHashName(string name) =>
        name.Length > 9 && name[8] == '.' && name[..8].All(char.IsAsciiHexDigitLower) && name.AsSpan(9).IndexOfAnyExceptInRange('0', '9') < 0;

    private static TrustStore ReadPlatform()
    {
        try
        {
            using var store = new X509Store(StoreName.Root, StoreLocation.LocalMachine, OpenFlags.ReadOnly);
            return new(store.Certificates.Select(certificate => new Octets(certificate.RawData)));
        }
        catch (CryptographicException)
        {
            return new([]);
        }
    }
}
