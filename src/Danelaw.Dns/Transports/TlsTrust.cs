using System.Collections.Immutable;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Danelaw.Dns.Transports;

/// <summary>Who may vouch for a server over TLS or HTTPS: the authorities given, or the machine's store. The name or address in the certificate is always checked (RFC 8310 §8.1).</summary>
internal sealed class TlsTrust : IDisposable
{
    private readonly X509Certificate2Collection _authorities = [];

    internal TlsTrust(ImmutableArray<Octets> authorities)
    {
        if (authorities.IsDefaultOrEmpty) return;
        try
        {
            foreach (var authority in authorities) _authorities.Add(X509CertificateLoader.LoadCertificate(authority.Span));
        }
        catch (CryptographicException fault)
        {
            Dispose();
            throw new ArgumentException("an authority is not a certificate", nameof(authorities), fault);
        }
    }

    /// <summary>What the handshake is to demand.</summary>
    internal SslClientAuthenticationOptions OptionsFor(DnsServer server)
    {
        // What vouches for the server comes from the server and the store: nothing is fetched on the way.
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        if (_authorities.Count > 0)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(_authorities);
        }

        return new()
        {
            TargetHost = server.HostName ?? server.EndPoint.Address.ToString(),
            CertificateChainPolicy = policy,
            // RFC 7858 §3.2, RFC 8996: nothing below TLS 1.2.
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        };
    }

    /// <summary>Why a handshake failed, in one line.</summary>
    internal static string Describe(AuthenticationException fault)
    {
        var text = fault.InnerException is { } inner && !fault.Message.Contains("certificate", StringComparison.OrdinalIgnoreCase) ? inner.Message : fault.Message;
        return $"TLS failed: {text.ReplaceLineEndings(" ").TrimEnd('.')}";
    }

    public void Dispose()
    {
        foreach (var authority in _authorities) authority.Dispose();
    }
}
