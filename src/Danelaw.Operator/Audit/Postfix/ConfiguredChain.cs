using System.Collections.Immutable;
using Danelaw.Operator.Audit.Postfix.Syntax;

namespace Danelaw.Operator.Audit.Postfix;

/// <summary>A chain that a service is told to show.</summary>
/// <param name="Certificate">The setting that names the certificate's file, or both key and certificate.</param>
/// <param name="Files">The files in the order in which they are read.</param>
/// <param name="KeyParameter">The parameter that names the key's file where that is another one; null where key and certificate share a file.</param>
internal sealed record ConfiguredChain(Setting Certificate, ImmutableArray<string> Files, string? KeyParameter)
{
    private static readonly (string Certificate, string Key)[] Pairs = [("_tls_cert_file", "_tls_key_file"), ("_tls_dcert_file", "_tls_dkey_file"), ("_tls_eccert_file", "_tls_eckey_file")];

    /// <summary>The default chains of a service: smtpd_tls_chain_files, or else the pairs of older releases (postconf(5)).</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="service">The service.</param>
    /// <param name="prefix"><c>smtpd</c>, or <c>tlsproxy</c>, whose settings follow smtpd's by default.</param>
    internal static ImmutableArray<ConfiguredChain> Of(PostfixInstance instance, MasterService service, string prefix = "smtpd")
    {
        var chains = Read("_tls_chain_files");
        if (!chains.IsEmpty) return [new(chains, Words.OfList(chains.Value), null)];
        var found = ImmutableArray.CreateBuilder<ConfiguredChain>();
        foreach (var (certificateName, keyName) in Pairs)
        {
            var certificate = Read(certificateName);
            if (certificate.IsEmpty || certificate.Is("none")) continue;
            var key = Read(keyName);
            var keyFile = key.IsEmpty ? certificate.Value : key.Value;
            found.Add(keyFile == certificate.Value ? new(certificate, [certificate.Value], null) : new(certificate, [keyFile, certificate.Value], prefix + keyName));
        }

        return found.ToImmutable();

        Setting Read(string name) => instance.Get(prefix + name, service) is { IsSet: true } own ? own : instance.Get("smtpd" + name, service);
    }
}
