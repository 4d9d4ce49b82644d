using System.Collections.Immutable;
using Danelaw.Operator.Audit.Postfix.Syntax;

namespace Danelaw.Operator.Audit.Postfix;

/// <summary>A chain that a service is told to show.</summary>
/// <param name="Certificate">The setting that names the certificate's file, or both key and certificate.</param>
/// <param name="Files">The files in the order in which they are read.</param>
/// <param name="KeyParameter">The parameter that names the key's file where that is another one; null where key and certificate share a file.</param>
internal sealed record ConfiguredChain(Setting Certificate, ImmutableArray<string> Files, string? KeyParameter)
{
    private static readonly (string Certificate, string Key)[] Pairs =
        [("smtpd_tls_cert_file", "smtpd_tls_key_file"), ("smtpd_tls_dcert_file", "smtpd_tls_dkey_file"), ("smtpd_tls_eccert_file", "smtpd_tls_eckey_file")];

    /// <summary>The default chains of a service: smtpd_tls_chain_files, or else the pairs of older releases (postconf(5)).</summary>
    internal static ImmutableArray<ConfiguredChain> Of(PostfixInstance instance, MasterService service)
    {
        var chains = instance.Get("smtpd_tls_chain_files", service);
        if (!chains.IsEmpty) return [new(chains, Words.OfList(chains.Value), null)];
        var found = ImmutableArray.CreateBuilder<ConfiguredChain>();
        foreach (var (certificateName, keyName) in Pairs)
        {
            var certificate = instance.Get(certificateName, service);
            if (certificate.IsEmpty || certificate.Is("none")) continue;
            var key = instance.Get(keyName, service);
            var keyFile = key.IsEmpty ? certificate.Value : key.Value;
            found.Add(keyFile == certificate.Value ? new(certificate, [certificate.Value], null) : new(certificate, [keyFile, certificate.Value], keyName));
        }

        return found.ToImmutable();
    }
}
