using System.Collections.Immutable;
using System.Globalization;
using Danelaw.Certificates;
using Danelaw.Cli.Commands;
using Danelaw.Cli.Rendering;
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
        var hint = fault.Contains("private key", StringComparison.Ordinal)
            ? "give the certificate that belongs to it, followed by those of its issuers"
            : "a certificate file has a block that begins with -----BEGIN CERTIFICATE-----, or is one certificate in DER";
        throw new MisuseException($"{FileText.Shown(path)}: {fault}", hint);
    }

    /// <summary>The certificates of a file in its order, or else the public key of what it holds: one at least. A folder is an ACME client's.</summary>
    /// <param name="call">The call.</param>
    /// <param name="path">The file.</param>
    /// <param name="passwords">The passwords of this call; null for verbs that take none.</param>
    /// <exception cref="MisuseException">It cannot be read, or holds neither.</exception>
    public static CertificateFile Read(Call call, string path, Passwords? passwords = null) => Read<CertificateFile>(call, path, passwords, KeySource.Read);

    /// <summary>The same for every key of the file: it may hold the chains of several.</summary>
    /// <exception cref="MisuseException">It cannot be read, or holds neither.</exception>
    public static KeySourceContent ReadAll(Call call, string path, Passwords? passwords = null) => Read<KeySourceContent>(call, path, passwords, KeySource.ReadAll);

    private delegate KeySourceOutcome Reader<T>(ReadOnlyMemory<byte> content, char[]? password, out T read, out string fault);

    private static T Read<T>(Call call, string path, Passwords? passwords, Reader<T> reader)
    {
        if (LineageFolder.IsFolder(call.Surroundings, path)) path = LineageFolder.ChainOf(call.Surroundings, path);
        var content = FileText.ReadAll(call.Surroundings, path, CertificateFile.MaximumLength);
        var outcome = reader(content, passwords?.Given, out var read, out var fault);
        if (outcome == KeySourceOutcome.PasswordWanted && passwords is not null) outcome = reader(content, passwords.Ask(path), out read, out fault);
        return outcome == KeySourceOutcome.Read ? read : throw Unfit(path, outcome, fault);
    }

    /// <summary>What is wrong with a key that stands between certificates of others: no server could use them together.</summary>
    public const string StrayKey = "it holds a private key that belongs to none of its certificates";

    /// <summary>What whoever gave the file should know of the way in which it was read.</summary>
    public static IEnumerable<string> Notes(string path, KeySourceContent content)
    {
        if (!content.IsInOrder) yield return $"{FileText.Shown(path)} does not begin with the server's own certificate, as servers want it: the record is made of {CertificateText.Read(content.Parts[0].Certificates[0]).Subject}";
        if (content.Parts.Length > 1) yield return string.Create(CultureInfo.InvariantCulture, $"{FileText.Shown(path)} holds {content.Parts.Length} keys, and each has its record: whoever is shown another key than its record means takes it for a stranger's");
    }

    /// <summary>Sees that standard input is read for one thing alone.</summary>
    /// <param name="inputs">What is read: what a person calls it, and the file; null where there is none.</param>
    /// <exception cref="MisuseException">Two are standard input.</exception>
    public static void RequireOneInput(params ReadOnlySpan<(string Name, string? File)> inputs)
    {
        string? first = null;
        foreach (var (name, file) in inputs)
        {
            if (file != "-") continue;
            if (first is not null) throw new MisuseException(first == name ? $"{name} is standard input twice" : $"{first} and {name} cannot both be standard input");
            first = name;
        }
    }

    private static MisuseException Unfit(string path, KeySourceOutcome outcome, string fault)
    {
        var shown = path == "-" ? "FILE" : path;
        var hint = outcome switch
        {
            KeySourceOutcome.PasswordWanted when fault.Contains("PKCS #12", StringComparison.Ordinal) => $"give its certificates: openssl pkcs12 -in {shown} -nokeys",
            KeySourceOutcome.PasswordWanted => $"give the public key alone: openssl pkey -in {shown} -pubout",
            KeySourceOutcome.PasswordWrong => "what --password-file, --password-env or the terminal gave did not open it",
            KeySourceOutcome.Unfit or KeySourceOutcome.Read when fault.Contains("PKCS #7", StringComparison.Ordinal) => $"its certificates come out with openssl pkcs7 -in {shown} -print_certs, or with -inform DER",
            KeySourceOutcome.Unfit or KeySourceOutcome.Read when fault.Contains("key", StringComparison.Ordinal) && !fault.Contains("certificate or public key", StringComparison.Ordinal) => $"give the certificate, or the public key alone: openssl pkey -in {shown} -pubout",
            KeySourceOutcome.Unfit or KeySourceOutcome.Read => "what is taken: certificates, public keys, private keys, certificate requests, in PEM or DER; PKCS #12; a folder of certbot's",
        };
        return new($"{FileText.Shown(path)}: {fault}", hint);
    }
}
