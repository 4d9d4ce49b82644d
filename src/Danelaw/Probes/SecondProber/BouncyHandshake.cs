using Danelaw.Probes.Dialogues;
using Org.BouncyCastle.Tls;

namespace Danelaw.Probes.SecondProber;

/// <summary>
/// One TLS handshake by BouncyCastle, in which the server is asked for one kind of key: <see cref="System.Net.Security.SslStream"/> cannot say which
/// signatures it takes, and by them alone a server chooses its certificate in TLS 1.3 (RFC 8446 §4.4.2.2). Of raw public keys (RFC 7250) it knows nothing.
/// </summary>
internal static class BouncyHandshake
{
    private const string Closed = "the server closed the connection during the handshake";

    /// <summary>Shakes hands.</summary>
    /// <param name="stream">The connection, on which nothing of the server is left unread.</param>
    /// <param name="target">Whom, with which name and kind of key.</param>
    /// <param name="before">The dialogue that went before, which knows what plain text means now; null when TLS comes at once.</param>
    /// <param name="isRetired">Whether versions that are no longer used are offered, and no others; no such handshake is completed.</param>
    /// <param name="token">Ends the wait.</param>
    /// <returns>What was seen, and the connection within TLS when it was completed.</returns>
    internal static async ValueTask<(Observation Seen, OpenTls? Tls)> RunAsync(Stream stream, ProbeTarget target, Dialogue? before, bool isRetired, CancellationToken token)
    {
        var seen = new Observation { Target = target, Prober = ProberKind.BouncyCastle };
        var watch = new HandshakeWatch(stream);
        var client = new ObservingClient(target) { IsRetired = isRetired };
        var tls = new BouncyStream(watch);
        (ProbeOutcome Outcome, string Detail) fault;
        try
        {
            await tls.HandshakeAsync(client, token).ConfigureAwait(false);
            return (seen with { Outcome = ProbeOutcome.Completed, Chain = client.Chain, RawPublicKey = client.RawPublicKey, TlsVersion = client.TlsVersion, CipherSuite = client.CipherSuiteName, Detail = HandshakeFaults.OfGroup(client.GroupBits) }, new(tls, tls.ShutdownAsync, client.IsAskedForCertificate));
        }
        catch (OperationCanceledException)
        {
            fault = Interrupted(client, "the server did not finish the handshake in time");
        }
        catch (TlsException)
        {
            fault = Explain(client, target);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // A message that ends before it is over is the end of a stream to BouncyCastle, too; of that it tells the server.
            fault = watch.IsOverLimit ? TooMuch(client, target) : client.AlertRaised >= 0 ? Explain(client, target) : Interrupted(client, Closed);
        }

        await tls.DisposeAsync().ConfigureAwait(false);
        var alert = client.AlertRaised >= 0 ? -1 : Math.Max(watch.AlertDescription, client.AlertReceived);
        var (outcome, detail) = HandshakeFaults.Explain(watch, alert, client.HasShown ? null : target, before, fault);
        seen = seen with { Outcome = outcome, Detail = detail };
        return (client.Instead is null ? seen with { Chain = client.Chain, RawPublicKey = client.RawPublicKey } : seen, null);
    }

    /// <summary>The description of the fatal alert of the server that an exception tells of; null when it tells of something else.</summary>
    internal static int? AlertIn(Exception fault) => fault is TlsFatalAlertReceived received ? received.AlertDescription : null;

    /// <summary>Nobody can tell why it ended; what had been shown by then was seen.</summary>
    private static (ProbeOutcome Outcome, string Detail) Interrupted(ObservingClient client, string how) => (client.HasShown ? ProbeOutcome.CertificateSeen : ProbeOutcome.HandshakeInterrupted, how);

    /// <summary>It goes on and on: what had been shown by then was seen.</summary>
    private static (ProbeOutcome Outcome, string Detail) TooMuch(ObservingClient client, ProbeTarget target) =>
        client.HasShown ? (ProbeOutcome.CertificateSeen, HandshakeFaults.TooMuch) : (ProbeOutcome.AlgorithmNotAsked, $"{LeafKey.NameOf(target)} could not be asked for: {HandshakeFaults.TooMuch}");

    /// <summary>Why the handshake was ended from here.</summary>
    private static (ProbeOutcome Outcome, string Detail) Explain(ObservingClient client, ProbeTarget target)
    {
        if (client.HasServerLeft) return Interrupted(client, Closed);
        var asked = LeafKey.NameOf(target);
        if (client.Instead is { } other) return (ProbeOutcome.AlgorithmNotOffered, $"asked for {asked} alone, the server showed {other}");
        if (client.HasSeveralKeys) return (ProbeOutcome.HandshakeFailed, "the server sends several raw public keys, of which there can be one (RFC 8446 §4.4.2)");
        if (client.IsUnreadable) return (ProbeOutcome.HandshakeFailed, target.RawPublicKey ? "the raw public key that the server shows cannot be read" : "a certificate that the server shows cannot be read: there is no key in it");
        var alert = TlsNames.AlertName(client.AlertRaised);
        if (client.AlertRaised == AlertDescription.decrypt_error) return (ProbeOutcome.HandshakeFailed, $"{HandshakeFaults.NotProven} ({alert})");
        if (client.HasShown) return (ProbeOutcome.CertificateSeen, $"what the server sent after its {(target.RawPublicKey ? "key" : "certificate")} was not understood ({alert})");

        // What one library does not take says nothing of the server: another has just shaken hands with it.
        return (ProbeOutcome.AlgorithmNotAsked, $"{asked} could not be asked for: what the server sent before any {(target.RawPublicKey ? "key" : "certificate")} was not understood ({alert})");
    }
}
