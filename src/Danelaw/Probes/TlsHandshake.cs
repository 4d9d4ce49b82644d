using System.Collections.Immutable;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Danelaw.Dns;
using Danelaw.Probes.Dialogues;

namespace Danelaw.Probes;

/// <summary>One TLS handshake by <see cref="SslStream"/>: what the server prefers to show, exactly as it sends it.</summary>
internal static class TlsHandshake
{
    // Nothing is fetched, no store of the machine is looked at, nothing is judged: the chain is evidence, and others judge it.
    private static readonly X509ChainPolicy Hermetic = new()
    {
        DisableCertificateDownloads = true,
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        RevocationMode = X509RevocationMode.NoCheck,
        VerificationFlags = X509VerificationFlags.AllFlags,
    };

    /// <summary>Shakes hands.</summary>
    /// <param name="stream">The connection, on which nothing of the server is left unread.</param>
    /// <param name="target">Whom, with which name.</param>
    /// <param name="before">The dialogue that went before, which knows what plain text means now; null when TLS comes at once.</param>
    /// <param name="token">Ends the wait.</param>
    /// <returns>What was seen, and the stream within TLS when it was completed.</returns>
    internal static async ValueTask<(Observation Seen, OpenTls? Tls)> RunAsync(Stream stream, ProbeTarget target, Dialogue? before, CancellationToken token)
    {
        var seen = new Observation { Target = target };
        var watch = new HandshakeWatch(stream);
        var chain = ImmutableArray<Octets>.Empty;
        var tls = new SslStream(watch, leaveInnerStreamOpen: false);
        var options = CreateOptions(target);
#pragma warning disable CA5359 // Nothing is judged here and nothing is sent: whoever asked judges the chain by DANE.
        options.RemoteCertificateValidationCallback = (_, certificate, built, _) =>
        {
            chain = AsSent(certificate, built);
            return true;
        };
#pragma warning restore CA5359

        // .NET asks once before the handshake, and again when the server has asked for a certificate; that is not documented, so a test holds it.
        var asksCertificate = false;
        options.LocalCertificateSelectionCallback = (_, _, _, remote, _) =>
        {
            asksCertificate |= remote is not null;
            return null!;
        };

        ProbeOutcome outcome;
        string detail;
        try
        {
            await tls.AuthenticateAsClientAsync(options, token).ConfigureAwait(false);
            if (!LeafKey.IsEverybodys(chain)) return (Complete(seen, tls, chain), new(tls, tls.ShutdownAsync, asksCertificate));
            seen = seen with { Chain = chain };
            (outcome, detail) = (ProbeOutcome.HandshakeFailed, $"{HandshakeFaults.NotProven}: {HandshakeFaults.Everybodys}");
        }
        catch (OperationCanceledException)
        {
            (outcome, detail) = HandshakeFaults.Explain(watch, watch.AlertDescription, null, before, (ProbeOutcome.HandshakeInterrupted, "the server did not finish the handshake in time"));
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            (outcome, detail) = HandshakeFaults.Explain(watch, watch.AlertDescription, null, before, watch.IsOverLimit ? (ProbeOutcome.HandshakeFailed, HandshakeFaults.TooMuch) : (ProbeOutcome.HandshakeInterrupted, "the server closed the connection during the handshake"));
        }
        catch (AuthenticationException exception)
        {
            (outcome, detail) = HandshakeFaults.Explain(watch, watch.AlertDescription, null, before, (ProbeOutcome.HandshakeFailed, HandshakeFaults.OfLibrary(Innermost(exception))));
        }
        catch (CryptographicException exception)
        {
            // .NET reads extensions of the certificates before anybody is asked, and gives up on one that is malformed.
            (outcome, detail) = HandshakeFaults.Explain(watch, watch.AlertDescription, null, before, (ProbeOutcome.HandshakeFailed, HandshakeFaults.UnreadableHere + Innermost(exception)));
        }

        await tls.DisposeAsync().ConfigureAwait(false);
        return (seen with { Outcome = outcome, Detail = detail }, null);
    }

    private static Observation Complete(Observation seen, SslStream tls, ImmutableArray<Octets> chain) => seen with
    {
        Outcome = ProbeOutcome.Completed,
        Chain = chain,
        TlsVersion = TlsNames.Version(tls.SslProtocol),
        CipherSuite = tls.NegotiatedCipherSuite.ToString(),
    };

    private static SslClientAuthenticationOptions CreateOptions(ProbeTarget target)
    {
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = ServerNames.ToSni(target.ServerName),
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            CertificateChainPolicy = Hermetic.Clone(),
            AllowRenegotiation = false,

            // A resumed session shows no certificate.
            AllowTlsResume = false,
        };
        if (!OperatingSystem.IsWindows() && !OperatingSystem.IsMacOS() && !OperatingSystem.IsAndroid() && !OperatingSystem.IsIOS()) options.CipherSuitesPolicy = new(CipherOffers.For(KeyAlgorithm.Any));
        return options;
    }

    /// <summary>
    /// .NET puts the certificates as they came over the wire into the extra store: leaf first, in order, duplicates and foreign ones included.
    /// That is not documented, so a test holds it, and the order is not relied on: only of the certificate that .NET calls the server's own was the
    /// private key proven, and whoever sends somebody else's beside it must not have that one judged. The built chain is another thing: .NET's own choice.
    /// </summary>
    internal static ImmutableArray<Octets> AsSent(X509Certificate? leaf, X509Chain? built)
    {
        if (leaf is null) return [];
        var sent = ImmutableArray.CreateBuilder<Octets>();
        if (built is not null)
            foreach (var certificate in built.ChainPolicy.ExtraStore) sent.Add(new(certificate.RawData));
        var own = new Octets(leaf.GetRawCertData());
        if (sent.Count > 0 && sent[0] == own) return sent.ToImmutable();
        sent.Remove(own);
        sent.Insert(0, own);
        return sent.ToImmutable();
    }

    private static string Innermost(Exception exception)
    {
        while (exception.InnerException is { } inner) exception = inner;

        // OpenSSL's "error:0A08000D:SSL routines::ASN1 lib": the words are what helps.
        var message = exception.Message;
        var words = message.LastIndexOf("::", StringComparison.Ordinal);
        if (message.StartsWith("error:", StringComparison.Ordinal) && words >= 0) message = message[(words + 2)..];
        return message.Length <= 300 ? message : message[..300] + "…";
    }
}
