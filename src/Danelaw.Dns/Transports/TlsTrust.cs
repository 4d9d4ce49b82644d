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
        return $"TLS failed: {Why(text) ?? text.ReplaceLineEndings(" ").TrimEnd('.')}";
    }

    /// <summary>.NET names what is wrong with a certificate by the members of its flags; several faults are told one after another.</summary>
    private static string? Why(string text)
    {
        var faults = new List<string>();
        if (text.Contains(nameof(SslPolicyErrors.RemoteCertificateNameMismatch), StringComparison.Ordinal)) faults.Add("its certificate is for another name");
        if (text.Contains(nameof(SslPolicyErrors.RemoteCertificateNotAvailable), StringComparison.Ordinal)) faults.Add("it shows no certificate");
        if (text.Contains(nameof(X509ChainStatusFlags.NotTimeValid), StringComparison.Ordinal)) faults.Add("its certificate, or one above it, has expired or is not valid yet");
        if (text.Contains(nameof(X509ChainStatusFlags.UntrustedRoot), StringComparison.Ordinal) || text.Contains(nameof(X509ChainStatusFlags.PartialChain), StringComparison.Ordinal)) faults.Add("no authority that is trusted here vouches for its certificate");
        return faults.Count > 0 ? string.Join(", and ", faults) : null;
    }

    public void Dispose()
    {
        foreach (var authority in _authorities) authority.Dispose();
    }
}
