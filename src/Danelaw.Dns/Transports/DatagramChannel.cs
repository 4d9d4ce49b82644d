using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Danelaw.Dns.Messages;

namespace Danelaw.Dns.Transports;

/// <summary>One query over UDP on a socket of its own, so that the kernel draws a source port at random (RFC 5452 §9.2) and delivers nothing from another address or port.</summary>
internal sealed class DatagramChannel(DatagramSockets sockets, CookieJar cookies, FloodMemory floods, StreamPool streams, TimeProvider time)
{
    /// <summary>Larger replies than we asked for are read too; what fills this whole is had over TCP.</summary>
    private const int BufferLength = 4096;

    /// <summary>So many strays in a row are looked at before the next pause; a flood then costs little, and the true reply is still found in it.</summary>
    private const int StraysPerPause = 64;

    private const ushort CookieOption = 10;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    /// <summary>Sends the query and waits for a datagram that fits.</summary>
    /// <param name="query">What is asked.</param>
    /// <param name="server">Whom.</param>
    /// <param name="shape">How.</param>
    /// <param name="useCookie">Whether to send a cookie.</param>
    /// <param name="limit">Ends the wait.</param>
    internal async ValueTask<Attempt> AskAsync(DnsQuery query, IPEndPoint server, QueryShape shape, bool useCookie, CancellationToken limit)
    {
        var strays = new Strays();
        var isSilentOnCookie = false;
        var buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        try
        {
            using var socket = sockets.Open(server);
            var cookie = useCookie && shape.HasEdns ? cookies.Take(server, socket.LocalAddress) : [];
            isSilentOnCookie = cookie.Length > 0;
            var wire = QueryWire.Write(NewId(), query, shape, cookie);
            await socket.SendAsync(wire.Octets, limit).ConfigureAwait(false);
            var exchange = new Listening(query, server, wire, cookie, strays);
            var attempt = await ListenAsync(socket, exchange, buffer, limit).ConfigureAwait(false);
            if (attempt.IsDoubtful) return await DoubtAsync(socket, exchange, buffer, attempt, shape, limit).ConfigureAwait(false);
            if (cookie.Length == 0) cookies.Settle(server, hasAnswered: true);
            return attempt;
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            if (!isSilentOnCookie) cookies.Settle(server, hasAnswered: false);
            return Attempt.TimedOut(strays.Describe()) with { LacksCase = strays.WrongCase > 0, IsSilentOnCookie = isSilentOnCookie && strays.Count == 0 };
        }
        catch (SocketException fault)
        {
            return Attempt.Of(fault);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Waits for a datagram that fits, or for the first one that is an error without a question, or that fits in all but the cookie.</summary>
    private async ValueTask<Attempt> ListenAsync(DatagramSocket socket, Listening exchange, byte[] buffer, CancellationToken limit)
    {
        var strays = exchange.Strays;
        while (true)
        {
            var length = await socket.ReceiveAsync(buffer.AsMemory(0, BufferLength), limit).ConfigureAwait(false);
            if (Judge(exchange, buffer.AsSpan(0, length)) is { } attempt)
            {
                if (!attempt.NamesNoQuestion || strays.NoQuestion++ == 0) return attempt;
            }
            else if (strays is { WrongCookie: > 0 } or { WithoutCookie: > 0 } && !exchange.HasDoubtedCookie)
            {
                exchange.HasDoubtedCookie = true;
                return Attempt.TimedOut("") with { LacksCookie = true };
            }

            if (strays.Count == FloodMemory.Threshold) floods.Note(exchange.Server);
            if (strays.Count % StraysPerPause == 0) await Task.Delay(Pause, time, limit).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// RFC 5452 §9.1: what does not name the question does not end the wait. It may be a server's that would not look at the query all the same: over TCP nobody but the server answers,
    /// so it is asked there meanwhile, and the first reply that fits counts. The same goes for what comes without the cookie that is due, or with another (RFC 7873 §5.3): forwarders
    /// and servers behind one address do that too.
    /// </summary>
    /// <returns>What came in the first place when neither way brings anything.</returns>
    private async ValueTask<Attempt> DoubtAsync(DatagramSocket socket, Listening exchange, byte[] buffer, Attempt doubted, QueryShape shape, CancellationToken limit)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(limit);
        var overUdp = ListenAsync(socket, exchange, buffer, end.Token).AsTask();
        var overTcp = streams.AskAsync(exchange.Query, exchange.Query.Server, exchange.Server, shape with { HasMixedCase = false }, end.Token).AsTask();
        try
        {
            if (await Task.WhenAny(overUdp, overTcp).ConfigureAwait(false) == overTcp && await overTcp.ConfigureAwait(false) is { Outcome: ExchangeOutcome.Replied } certain)
            {
                if (doubted.LacksCookie) cookies.Rest(exchange.Server);
                return certain;
            }

            return await overUdp.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return Told();
        }
        catch (SocketException)
        {
            return Told();
        }
        finally
        {
            // The buffer is lent, and the socket goes.
            await end.CancelAsync().ConfigureAwait(false);
            await ((Task)overUdp).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await ((Task)overTcp).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        Attempt Told() => doubted.LacksCookie ? doubted with { Detail = exchange.Strays.Describe() } : doubted;
    }

    /// <summary>A query id that cannot be foreseen (RFC 5452 §9.2).</summary>
    internal static ushort NewId()
    {
        Span<byte> id = stackalloc byte[2];
        RandomNumberGenerator.Fill(id);
        return (ushort)((id[0] << 8) | id[1]);
    }

    /// <summary>Null for a stray: it is counted, and the wait goes on.</summary>
    private Attempt? Judge(Listening exchange, Span<byte> reply)
    {
        var (query, server, wire, cookie, strays) = (exchange.Query, exchange.Server, exchange.Wire, exchange.Cookie, exchange.Strays);

        // RFC 5452 §9.1: a reply that does not fit must be ignored; above all it must not end the wait.
        var fit = wire.Fit(reply);
        if (fit is not (ReplyFit.Fits or ReplyFit.NamesNoQuestion))
        {
            strays.Add(fit);
            return null;
        }

        // RFC 2181 §9, RFC 7766 §5: what was cut short is not used. The header is enough to see it; the rest may end anywhere.
        if (fit == ReplyFit.Fits && ((reply[2] & 0x02) != 0 || reply.Length == BufferLength)) return new(ExchangeOutcome.Malformed, "truncated") { IsTruncated = true };
        wire.RestoreCase(reply, query.Question.Name);
        var octets = Octets.Copy(reply);
        if (!DnsMessage.TryRead(octets.Memory, out var message, out var fault))
        {
            if (fit == ReplyFit.Fits) return Attempt.Malformed($"{fault}", octets);
            strays.Add(ReplyFit.NoMessage);
            return null;
        }

        var attempt = Attempt.Replied(octets, message) with { NamesNoQuestion = fit == ReplyFit.NamesNoQuestion };
        if (cookie.Length == 0) return attempt;

        var answered = FindCookie(message);
        if (answered is { } found && (found.Length < CookieJar.ClientLength || !found.Span[..CookieJar.ClientLength].SequenceEqual(cookie.AsSpan(0, CookieJar.ClientLength))))
        {
            // RFC 7873 §5.3: another client cookie than ours: forged.
            strays.WrongCookie++;
            return null;
        }

        if (answered is null && cookie.Length > CookieJar.ClientLength && !attempt.NamesNoQuestion)
        {
            // RFC 7873 §5.3: a server that has sent cookies before is expected to send one now.
            strays.WithoutCookie++;
            return null;
        }

        if (answered is { } kept && !attempt.NamesNoQuestion) cookies.Keep(server, kept.Span);
        return attempt;
    }

    private static Octets? FindCookie(DnsMessage message)
    {
        if (message.Edns is null) return null;
        foreach (var option in message.Edns.Options)
            if (option.Code == CookieOption) return option.Data;
        return null;
    }

    /// <summary>What datagrams are held against.</summary>
    private sealed record Listening(DnsQuery Query, IPEndPoint Server, QueryWire Wire, byte[] Cookie, Strays Strays)
    {
        /// <summary>Whether the server was asked over TCP because of a cookie.</summary>
        internal bool HasDoubtedCookie { get; set; }
    }

    /// <summary>Datagrams that were ignored.</summary>
    private sealed class Strays
    {
        internal int WrongCase { get; set; }

        internal int WrongCookie { get; set; }

        internal int WithoutCookie { get; set; }

        internal int NoQuestion { get; set; }

        private int _wrongId;
        private int _wrongQuestion;
        private int _noMessage;

        internal int Count => WrongCase + WrongCookie + WithoutCookie + NoQuestion + _wrongId + _wrongQuestion + _noMessage;

        internal void Add(ReplyFit fit)
        {
            switch (fit)
            {
                case ReplyFit.NoMessage: _noMessage++; break;
                case ReplyFit.WrongId: _wrongId++; break;
                case ReplyFit.WrongQuestion: _wrongQuestion++; break;
                case ReplyFit.WrongCase: WrongCase++; break;
                case ReplyFit.NamesNoQuestion or ReplyFit.Fits: break;
            }
        }

        internal string Describe()
        {
            if (Count == 0) return "no reply";
            var parts = new List<string>();
            Say(parts, _noMessage, "no DNS reply");
            Say(parts, _wrongId, "with another id");
            Say(parts, _wrongQuestion, "to another question");
            Say(parts, NoQuestion, "without a question");
            Say(parts, WrongCase, "with the name in another case");
            Say(parts, WrongCookie, "with another cookie");
            Say(parts, WithoutCookie, "without the cookie");
            return $"no reply that fits; ignored: {string.Join(", ", parts)}";
        }

        private static void Say(List<string> parts, int count, string what)
        {
            if (count > 0) parts.Add(string.Create(CultureInfo.InvariantCulture, $"{count} {what}"));
        }
    }
}
