using System.Collections.Immutable;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Danelaw.Dns;
using Danelaw.Probes.Dialogues;

namespace Danelaw.Probes;

/// <summary>One TLS handshake by <see cref="SslStream"/>: what the server shows, exactly as it sends it.</summary>
internal static class TlsHandshake
{
    private const int HandshakeFailure = 40;
    private const int ProtocolVersion = 70;
    private const int InsufficientSecurity = 71;

    /// <summary>The server refused every version that is in use, and did not say which it has.</summary>
    internal const string NoCommonVersion = "the server speaks neither TLSv1.2 nor TLSv1.3 (alert protocol_version); TLSv1.2 is the oldest in use (RFC 8996)";

    /// <summary>RFC 8996: TLS 1.0 and 1.1 are no longer used (R34).</summary>
    private const int OldestVersion = 0x0303;

    // Nothing is fetched, no store of the machine is looked at, nothing is judged: the chain is evidence, and others judge it.
    private static readonly X509ChainPolicy Hermetic = new()
    {
        DisableCertificateDownloads = true,
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        RevocationMode = X509RevocationMode.NoCheck,
        VerificationFlags = X509VerificationFlags.AllFlags,
    };

    /// <summary>Whether this platform can offer cipher suites of one kind of key.</summary>
    internal static bool CanChooseAlgorithm => !OperatingSystem.IsWindows() && !OperatingSystem.IsMacOS() && !OperatingSystem.IsAndroid() && !OperatingSystem.IsIOS();

    /// <summary>Shakes hands.</summary>
    /// <param name="stream">The connection, on which nothing of the server is left unread.</param>
    /// <param name="target">Whom, with which name and kind of key.</param>
    /// <param name="before">The dialogue that went before, which knows what plain text means now; null when TLS comes at once.</param>
    /// <param name="token">Ends the wait.</param>
    /// <returns>What was seen, and the stream within TLS when it was completed.</returns>
    internal static async ValueTask<(Observation Seen, SslStream? Stream)> RunAsync(Stream stream, ProbeTarget target, Dialogue? before, CancellationToken token)
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

        ProbeOutcome outcome;
        string detail;
        try
        {
            await tls.AuthenticateAsClientAsync(options, token).ConfigureAwait(false);
            return (Complete(seen, tls, chain), tls);
        }
        catch (OperationCanceledException)
        {
            (outcome, detail) = Explain(watch, target, before, (ProbeOutcome.HandshakeInterrupted, "the server did not finish the handshake in time"));
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            (outcome, detail) = Explain(watch, target, before, (ProbeOutcome.HandshakeInterrupted, "the server closed the connection during the handshake"));
        }
        catch (AuthenticationException exception)
        {
            (outcome, detail) = Explain(watch, target, before, (ProbeOutcome.HandshakeFailed, $"what the server sent in the handshake cannot be read ({Innermost(exception)})"));
        }
        catch (CryptographicException exception)
        {
            // .NET reads extensions of the certificates before anybody is asked, and gives up on one that is malformed.
            (outcome, detail) = Explain(watch, target, before, (ProbeOutcome.HandshakeFailed, "a certificate that the server shows cannot be read: " + Innermost(exception)));
        }

        await tls.DisposeAsync().ConfigureAwait(false);
        return (seen with { Outcome = outcome, Detail = detail }, null);
    }

    /// <summary>Finds out which retired version a server speaks that refused the others, so that it can be named. Nothing else of that handshake is looked at.</summary>
    /// <returns>The version's name; empty when the server speaks none of them either.</returns>
    internal static async ValueTask<string> FindRetiredVersionAsync(Stream stream, ProbeTarget target, CancellationToken token)
    {
        var watch = new HandshakeWatch(stream);
        var tls = new SslStream(watch, leaveInnerStreamOpen: false);
        await using (tls.ConfigureAwait(false))
        {
            var options = CreateOptions(target);
#pragma warning disable SYSLIB0039, CA5359, CA5397 // Retired versions are offered to name them, never to trust them.
            options.EnabledSslProtocols = SslProtocols.Tls | SslProtocols.Tls11;
            options.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore SYSLIB0039, CA5359, CA5397
            try
            {
                await tls.AuthenticateAsClientAsync(options, token).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is IOException or ObjectDisposedException or AuthenticationException or CryptographicException or OperationCanceledException)
            {
                // The ServerHello has named the version, or nothing has.
            }
        }

        return watch.ServerVersion is > 0 and < OldestVersion ? TlsNames.Version(watch.ServerVersion) : "";
    }

    /// <summary>How a server is described that speaks nothing newer.</summary>
    internal static string OnlyRetired(string version) => $"{version} is the newest version that the server speaks; TLSv1.2 is the oldest in use (RFC 8996)";

    private static Observation Complete(Observation seen, SslStream tls, ImmutableArray<Octets> chain)
    {
        seen = seen with
        {
            Outcome = ProbeOutcome.Completed,
            Chain = chain,
            TlsVersion = TlsNames.Version(tls.SslProtocol),
            CipherSuite = tls.NegotiatedCipherSuite.ToString(),
        };
        var asked = seen.Target.Algorithm;
        if (asked == KeyAlgorithm.Any) return seen;
        var shown = LeafKey.AlgorithmOf(chain);
        return shown == asked ? seen : seen with
        {
            Outcome = ProbeOutcome.AlgorithmNotOffered,
            Detail = $"asked for {LeafKey.NameOf(asked)} alone, the server showed another kind of key ({LeafKey.NameOf(shown)})",
        };
    }

    /// <summary>What the octets of the server say of a handshake that failed; otherwise what the library found.</summary>
    private static (ProbeOutcome Outcome, string Detail) Explain(HandshakeWatch watch, ProbeTarget target, Dialogue? before, (ProbeOutcome Outcome, string Detail) otherwise)
    {
        if (watch.IsNoTls)
        {
            return before?.InPlaceOfTls(watch.Head) is { } plain
                ? (plain.Outcome, plain.Detail)
                : (ProbeOutcome.HandshakeFailed, "the server speaks no TLS here; it said: " + watch.Words);
        }

        if (watch.ServerVersion is > 0 and < OldestVersion)
            return (ProbeOutcome.HandshakeFailed, OnlyRetired(TlsNames.Version(watch.ServerVersion)));
        if (watch.AlertDescription > 0)
        {
            if (target.Algorithm != KeyAlgorithm.Any && watch.AlertDescription == ProtocolVersion)
                return (ProbeOutcome.AlgorithmNotAsked, $"the server speaks TLSv1.3 alone, in which {LeafKey.NameOf(target.Algorithm)} could not be asked for");
            if (target.Algorithm != KeyAlgorithm.Any && watch.AlertDescription is HandshakeFailure or InsufficientSecurity)
                return (ProbeOutcome.AlgorithmNotOffered, $"the server has no certificate with {LeafKey.NameOf(target.Algorithm)} ({TlsNames.AlertName(watch.AlertDescription)})");
            return (ProbeOutcome.HandshakeFailed, watch.AlertDescription == ProtocolVersion
                ? NoCommonVersion
                : "the server ended the handshake with the alert " + TlsNames.AlertName(watch.AlertDescription));
        }

        return otherwise;
    }

    private static SslClientAuthenticationOptions CreateOptions(ProbeTarget target)
    {
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = ServerNames.ToSni(target.ServerName),
            EnabledSslProtocols = target.Algorithm == KeyAlgorithm.Any ? SslProtocols.Tls12 | SslProtocols.Tls13 : SslProtocols.Tls12,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            CertificateChainPolicy = Hermetic.Clone(),
            AllowRenegotiation = false,

            // A resumed session shows no certificate.
            AllowTlsResume = false,
        };
        if (CanChooseAlgorithm && !OperatingSystem.IsWindows() && !OperatingSystem.IsAndroid()) options.CipherSuitesPolicy = CipherOffers.For(target.Algorithm);
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
