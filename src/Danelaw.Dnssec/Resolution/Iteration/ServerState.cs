using System.Net;
using System.Net.Sockets;
using Danelaw.Dns.Transports;

namespace Danelaw.Dnssec.Resolution.Iteration;

/// <summary>
/// What is known of one address: how fast it replies, and whether it does. Shared by all zones that it serves. Concurrent updates may lose one another,
/// which costs a measurement at worst.
/// </summary>
internal sealed class ServerState(DnsServer server, FamilyState family)
{
    /// <summary>Milliseconds that a server is taken to need about which nothing is known: few, so that it is tried.</summary>
    internal const int UnknownRtt = 10;

    /// <summary>The longest that a silent server is left alone.</summary>
    private const long LongestBackOff = 300_000;

    private const long FirstBackOff = 1_000;

    private int _rtt8;
    private int _deviation4;
    private int _failures;
    private long _retryAt;

    internal DnsServer Server { get; } = server;

    internal IPAddress Address => Server.EndPoint.Address;

    /// <summary>Smoothed round-trip time in milliseconds (RFC 6298 §2, with its weights).</summary>
    internal int Rtt => _rtt8 == 0 ? UnknownRtt : _rtt8 >> 3;

    /// <summary>How long a reply is waited for before another server is asked as well, in milliseconds.</summary>
    /// <remarks>What is quick is given far more than it needs: a busy machine delays replies by more than the network does, and the next server is only asked in vain.</remarks>
    internal int Patience => _rtt8 == 0 ? 400 : Math.Clamp((_rtt8 >> 3) + _deviation4, 250, 1000);

    /// <summary>Whether it kept silent lately, so that others come first.</summary>
    internal bool IsDown(long now) => Volatile.Read(ref _retryAt) > now || (_failures > 0 && family.IsDown(now)) || (_rtt8 == 0 && family.IsDown(now));

    /// <summary>Notes that it is about to be asked: when its time of rest is over one query finds out, and the others stay away meanwhile.</summary>
    internal void Asked(long now)
    {
        if (_failures > 0) Volatile.Write(ref _retryAt, Math.Max(Volatile.Read(ref _retryAt), now + 1000));
    }

    /// <summary>It replied.</summary>
    /// <param name="milliseconds">How long that took.</param>
    internal void Replied(int milliseconds)
    {
        var measured = Math.Clamp(milliseconds, 0, 10_000);
        if (_rtt8 == 0)
        {
            _rtt8 = Math.Max(1, measured << 3);
            _deviation4 = measured << 1;
        }
        else
        {
            var difference = measured - (_rtt8 >> 3);
            _deviation4 += Math.Abs(difference) - (_deviation4 >> 2);
            _rtt8 = Math.Max(1, _rtt8 + difference);
        }

        family.Replied();
        if (_failures == 0) return;
        _failures = 0;
        Volatile.Write(ref _retryAt, 0);
    }

    /// <summary>It kept silent or could not be reached: it rests, each time for twice as long.</summary>
    internal void Failed(long now)
    {
        var failures = Math.Min(++_failures, 16);
        Volatile.Write(ref _retryAt, now + Math.Min(FirstBackOff << failures, LongestBackOff));
        family.Failed(now, this);
    }
}

/// <summary>Whether an address family works at all: when no address of it replies, the other family comes first for a while.</summary>
internal sealed class FamilyState
{
    /// <summary>So many different servers in a row, and nothing of the family is believed to work.</summary>
    private const int Suspicion = 3;

    private const long Rest = 60_000;

    private ServerState? _last;
    private int _failures;
    private long _downUntil;

    internal bool IsDown(long now) => Volatile.Read(ref _downUntil) > now;

    internal void Replied()
    {
        if (_failures == 0 && _downUntil == 0) return;
        (_failures, _downUntil, _last) = (0, 0, null);
    }

    internal void Failed(long now, ServerState server)
    {
        if (ReferenceEquals(_last, server)) return;
        _last = server;
        if (++_failures >= Suspicion) Volatile.Write(ref _downUntil, now + Rest);
    }

    internal static int IndexOf(AddressFamily family) => family == AddressFamily.InterNetworkV6 ? 1 : 0;
}
