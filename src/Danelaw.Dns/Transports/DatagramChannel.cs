using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Danelaw.Dns.Messages;

namespace Danelaw.Dns.Transports;

/// <summary>One query over UDP on a socket of its own, so that the kernel draws a source port at random (RFC 5452 §9.2) and delivers nothing from another address or port.</summary>
internal sealed class DatagramChannel(DatagramSockets sockets, CookieJar cookies, FloodMemory floods, TimeProvider time)
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
        var buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        try
        {
            using var socket = sockets.Open(server);
            var cookie = useCookie && shape.HasEdns ? cookies.Take(server, socket.LocalAddress) : [];
            var wire = QueryWire.Write(NewId(), query, shape, cookie);
            await socket.SendAsync(wire.Octets, limit).ConfigureAwait(false);
            while (true)
            {
                var length = await socket.ReceiveAsync(buffer.AsMemory(0, BufferLength), limit).ConfigureAwait(false);
                if (Judge(query, server, wire, cookie, buffer.AsSpan(0, length), ref strays) is { } attempt) return attempt;
                if (strays.Count == FloodMemory.Threshold) floods.Note(server);
                if (strays.Count % StraysPerPause == 0) await Task.Delay(Pause, time, limit).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return Attempt.TimedOut(strays.Describe()) with { LacksCase = strays.WrongCase > 0, LacksCookie = strays.WithoutCookie > 0 };
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

    /// <summary>A query id that cannot be foreseen (RFC 5452 §9.2).</summary>
    internal static ushort NewId()
    {
        Span<byte> id = stackalloc byte[2];
        RandomNumberGenerator.Fill(id);
        return (ushort)((id[0] << 8) | id[1]);
    }

    /// <summary>Null for a stray: it is counted, and the wait goes on.</summary>
    private Attempt? Judge(DnsQuery query, IPEndPoint server, QueryWire wire, ReadOnlySpan<byte> cookie, Span<byte> reply, ref Strays strays)
    {
        // RFC 5452 §9.1: a reply that does not fit must be ignored; above all it must not end the wait.
        var fit = wire.Fit(reply);
        if (fit != ReplyFit.Fits)
        {
            strays.Add(fit);
            return null;
        }

        // RFC 2181 §9, RFC 7766 §5: what was cut short is not used. The header is enough to see it; the rest may end anywhere.
        if ((reply[2] & 0x02) != 0 || reply.Length == BufferLength) return new(ExchangeOutcome.Malformed, "truncated") { IsTruncated = true };
        wire.RestoreCase(reply, query.Question.Name);
        var octets = Octets.Copy(reply);
        if (!DnsMessage.TryRead(octets.Memory, out var message, out var fault)) return Attempt.Malformed($"{fault}", octets);
        if (cookie.IsEmpty) return Attempt.Replied(octets, message);

        var answered = FindCookie(message);
        if (answered is { } found && (found.Length < CookieJar.ClientLength || !found.Span[..CookieJar.ClientLength].SequenceEqual(cookie[..CookieJar.ClientLength])))
        {
            // RFC 7873 §5.3: another client cookie than ours: forged.
            strays.WrongCookie++;
            return null;
        }

        if (answered is null && cookie.Length > CookieJar.ClientLength)
        {
            // RFC 7873 §5.3: a server that has sent cookies before is expected to send one now.
            strays.WithoutCookie++;
            return null;
        }

        if (answered is { } kept) cookies.Keep(server, kept.Span);
        return Attempt.Replied(octets, message);
    }

    private static Octets? FindCookie(DnsMessage message)
    {
        if (message.Edns is null) return null;
        foreach (var option in message.Edns.Options)
            if (option.Code == CookieOption) return option.Data;
        return null;
    }

    /// <summary>Datagrams that were ignored.</summary>
    private struct Strays
    {
        internal int WrongCase;
        internal int WrongCookie;
        internal int WithoutCookie;
        private int _wrongId;
        private int _wrongQuestion;
        private int _noMessage;

        internal readonly int Count => WrongCase + WrongCookie + WithoutCookie + _wrongId + _wrongQuestion + _noMessage;

        internal void Add(ReplyFit fit)
        {
            switch (fit)
            {
                case ReplyFit.NoMessage: _noMessage++; break;
                case ReplyFit.WrongId: _wrongId++; break;
                case ReplyFit.WrongQuestion: _wrongQuestion++; break;
                case ReplyFit.WrongCase: WrongCase++; break;
                case ReplyFit.Fits: break;
            }
        }

        internal readonly string Describe()
        {
            if (Count == 0) return "no reply";
            var parts = new List<string>();
            Say(parts, _noMessage, "no DNS reply");
            Say(parts, _wrongId, "with another id");
            Say(parts, _wrongQuestion, "to another question");
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
