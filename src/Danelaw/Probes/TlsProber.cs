using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using Danelaw.Probes.Dialogues;
using Danelaw.Probes.SecondProber;

namespace Danelaw.Probes;

/// <summary>
/// Looks at real servers over TCP. What a server prefers to show is seen by <see cref="System.Net.Security.SslStream"/>, which cannot choose in TLS 1.3;
/// one kind of key, or a raw public key, is asked for by BouncyCastle's TLS, in TLS 1.2 and 1.3 alike. Thread-safe.
/// </summary>
/// <param name="options">How far it goes with one server.</param>
/// <param name="time">Measures the time limits.</param>
public sealed class TlsProber(TlsProberOptions options, TimeProvider time) : IProber
{
    /// <summary>The <see cref="Observation.Detail"/> of <see cref="ProbeOutcome.TimedOut"/> where no connection came about at all.</summary>
    public const string NotConnected = "no connection in time";

    /// <summary>The <see cref="Observation.Detail"/> of <see cref="ProbeOutcome.Refused"/> where the host itself refused; with another no way led there.</summary>
    public const string ConnectionRefused = "connection refused";

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The target's protocol is none that is spoken here.</exception>
    public async ValueTask<Observation> ProbeAsync(ProbeTarget target, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        _ = ServiceTable.Of(target.Protocol);
        using var total = new CancellationTokenSource(options.TotalTime, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(total.Token, cancellationToken);
        var seen = await ConnectAsync(target, (stream, helloName) => ProbeAsync(stream, target, helloName, end.Token), end.Token).ConfigureAwait(false);

        // R34: such a server fails by the name of what it speaks, which servers that know supported_versions tell only to who offers it. What it shows then is seen, and nothing else.
        var isFirst = target is { Algorithm: KeyAlgorithm.Any, RawPublicKey: false };
        if (isFirst && HandshakeFaults.IsOld(seen))
            seen = Retired(seen, await ConnectAsync(target, (stream, helloName) => ProbeAsync(stream, target, helloName, end.Token, Second.Retired), end.Token).ConfigureAwait(false));
        else if (isFirst && HandshakeFaults.IsUnread(seen))
            seen = Unread(seen, await ConnectAsync(target, (stream, helloName) => ProbeAsync(stream, target, helloName, end.Token, Second.Same), end.Token).ConfigureAwait(false));

        // Our own limits are outcomes; the caller's wish is an exception that bears the caller's token.
        cancellationToken.ThrowIfCancellationRequested();
        return seen;
    }

    /// <summary>The same over a stream that is connected already.</summary>
    internal async ValueTask<Observation> ProbeAsync(Stream stream, ProbeTarget target, string helloName, CancellationToken end, Second second = Second.None)
    {
        var service = ServiceTable.Of(target.Protocol);
        var context = new DialogueContext(target, helloName, options.Contact);
        var before = service.Before?.Invoke(context);
        using var channel = new LineChannel(stream, options, time, end);
        if (before is not null)
        {
            var opened = await before.OpenAsync(channel).ConfigureAwait(false);
            if (!opened.IsReady) return new() { Target = target, Outcome = opened.Outcome, Detail = opened.Detail, Transcript = channel.Transcript };
        }

        using var handshake = new CancellationTokenSource(options.HandshakeTime, time);
        using var handshakeOrEnd = CancellationTokenSource.CreateLinkedTokenSource(handshake.Token, end);
        var (seen, tls) = target is { Algorithm: KeyAlgorithm.Any, RawPublicKey: false } && second == Second.None
            ? await TlsHandshake.RunAsync(stream, target, before, handshakeOrEnd.Token).ConfigureAwait(false)
            : await BouncyHandshake.RunAsync(stream, target, before, second == Second.Retired, handshakeOrEnd.Token).ConfigureAwait(false);
        seen = seen with { Transcript = channel.Transcript };
        if (tls is not { } open) return seen;
        await using (open.Stream.ConfigureAwait(false))
            return await LeaveAsync(seen, open, before, service.Within?.Invoke(context), end).ConfigureAwait(false);
    }

    /// <summary>What is known of a server that has no version in use, once it was offered those that are not.</summary>
    private static Observation Retired(Observation first, Observation second) =>
        second.Outcome == ProbeOutcome.HandshakeFailed && HandshakeFaults.IsOld(second) ? first with { Detail = second.Detail, Chain = second.Chain } : first;

    /// <summary>
    /// What is known of a server that SslStream made nothing of, once the second prober has seen what it shows. .NET gives up on extensions that senders never
    /// look at, so there the second counts. It counts too where OpenSSL did not take a strength and the second handshake was completed: OpenSSL's limits are those
    /// that Debian sets (level 2), and Postfix asks for less: level 1 under DANE, none without. What OpenSSL cannot read senders cannot either, and the octets are evidence and no more.
    /// </summary>
    private static Observation Unread(Observation first, Observation second)
    {
        var isSecond = first.Detail.StartsWith(HandshakeFaults.UnreadableHere, StringComparison.Ordinal) ? second.Outcome != ProbeOutcome.AlgorithmNotAsked : second.Outcome == ProbeOutcome.Completed && HandshakeFaults.IsTooWeakHere(first);
        return isSecond ? second : first with { Chain = second.Chain };
    }

    /// <summary>QUIT or LOGOUT within TLS, then close_notify (RFC 8446 §6.1). Whatever happens here changes nothing but this: in TLS 1.3 the server may still refuse the client.</summary>
    private async ValueTask<Observation> LeaveAsync(Observation seen, OpenTls tls, Dialogue? before, Dialogue? within, CancellationToken end)
    {
        using var channel = new LineChannel(tls.Stream, options, time, end);
        if (within is not null)
        {
            channel.StartStep(options.GreetingTime);
            await within.GreetAsync(channel).ConfigureAwait(false);
        }

        if ((before ?? within) is { } dialogue) await dialogue.LeaveAsync(channel).ConfigureAwait(false);

        // Where the protocol has no reply: a certificate that was asked for and not given is what a server refuses for.
        if (tls.AsksCertificate && LateAlert.CanCome(seen) && !channel.HasListened) await channel.ListenAsync(LateAlert.Wait).ConfigureAwait(false);
        try
        {
            await tls.ShutdownAsync().WaitAsync(options.LeaveTime, time, end).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or InvalidOperationException or TimeoutException or OperationCanceledException or CryptographicException or AuthenticationException)
        {
            // The server has left already, or does not read, or says what OpenSSL does not understand: nothing is owed to it any more.
        }

        return LateAlert.Apply(seen, channel);
    }

    /// <summary>Why the second prober looks at what the first has looked at.</summary>
    internal enum Second
    {
        /// <summary>It does not.</summary>
        None = 0,

        /// <summary>The first made nothing of what it saw.</summary>
        Same,

        /// <summary>The server has none of the versions in use.</summary>
        Retired,
    }

    private async ValueTask<Observation> ConnectAsync(ProbeTarget target, Func<Stream, string, ValueTask<Observation>> talk, CancellationToken end)
    {
        using var socket = TryOpen(target, out var fault);
        if (socket is null) return Refused(new() { Target = target }, fault!);
        var seen = await ConnectAsync(socket, target, end).ConfigureAwait(false);
        if (seen.Outcome != ProbeOutcome.None) return seen;
        var stream = new NetworkStream(socket, ownsSocket: false);
        await using (stream.ConfigureAwait(false))
            return await talk(stream, HelloName((socket.LocalEndPoint as IPEndPoint)?.Address)).ConfigureAwait(false);
    }

    private async ValueTask<Observation> ConnectAsync(Socket socket, ProbeTarget target, CancellationToken end)
    {
        var seen = new Observation { Target = target };
        using var limit = new CancellationTokenSource(options.ConnectTime, time);
        using var limitOrEnd = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, end);
        try
        {
            await socket.ConnectAsync(target.ConnectTo, limitOrEnd.Token).ConfigureAwait(false);
            return seen;
        }
        catch (OperationCanceledException)
        {
            return seen with { Outcome = ProbeOutcome.TimedOut, Detail = NotConnected };
        }
        catch (SocketException fault)
        {
            return Refused(seen, fault);
        }
    }

    /// <summary>A socket; null when the operating system gives none.</summary>
    private static Socket? TryOpen(ProbeTarget target, out SocketException? fault)
    {
        fault = null;
        try
        {
            return new Socket(target.ConnectTo.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        }
        catch (SocketException refused)
        {
            fault = refused;
            return null;
        }
    }

    /// <summary>What the operating system said instead of a connection.</summary>
    internal static Observation Refused(Observation seen, SocketException fault) => fault.SocketErrorCode switch
    {
        SocketError.TimedOut => seen with { Outcome = ProbeOutcome.TimedOut, Detail = NotConnected },
        SocketError.ConnectionRefused => seen with { Outcome = ProbeOutcome.Refused, Detail = ConnectionRefused },
        SocketError.ConnectionReset or SocketError.ConnectionAborted => seen with { Outcome = ProbeOutcome.Closed, Detail = "the connection was reset at once" },
        SocketError.NetworkUnreachable or SocketError.NetworkDown => seen with { Outcome = ProbeOutcome.Refused, Detail = LocalCauses.NoRoute },
        SocketError.HostUnreachable or SocketError.HostDown => seen with { Outcome = ProbeOutcome.Refused, Detail = LocalCauses.NoHost },
        SocketError.AccessDenied => seen with { Outcome = ProbeOutcome.Refused, Detail = LocalCauses.Forbidden },
        SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported => seen with { Outcome = ProbeOutcome.Refused, Detail = LocalCauses.NoFamily },
        SocketError.TooManyOpenSockets => seen with { Outcome = ProbeOutcome.Refused, Detail = LocalCauses.NoDescriptors },
        _ => seen with { Outcome = ProbeOutcome.Refused, Detail = "no connection: " + fault.SocketErrorCode },
    };

    private string HelloName(IPAddress? local)
    {
        if (options.HelloName is { Length: > 0 } name) return name;
        var machine = Environment.MachineName;
        if (machine.Contains('.', StringComparison.Ordinal) && machine.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '-')) return machine;

        // RFC 5321 §4.1.4: who has no name of its own says its address.
        return local switch
        {
            null => "[127.0.0.1]",
            { IsIPv4MappedToIPv6: true } => $"[{local.MapToIPv4()}]",
            { AddressFamily: AddressFamily.InterNetworkV6 } => $"[IPv6:{new IPAddress(local.GetAddressBytes())}]",
            _ => $"[{local}]",
        };
    }
}
