using System.Net;
using System.Net.Sockets;
using Danelaw.Dns.Transports;

namespace Danelaw.Dnssec.Resolution.Iteration;

/// <summary>
/// What is known of one address: how fast it replies, and whether it does at all. Shared by all zones that it serves. Concurrent updates may lose one another,
/// which costs a measurement at worst.
/// </summary>
/// <remarks>
/// Whoever delegates a zone to a stranger's server, which does not serve it and drops the queries, must not make it come last for the zones that it does serve: what keeps
/// silent about one zone while it replies about another is at rest for that zone alone, which <see cref="ZoneServer"/> knows.
/// </remarks>
internal sealed class ServerState(DnsServer server, FamilyState family)
{
    /// <summary>Milliseconds that a server is taken to need about which nothing is known: few, so that it is tried.</summary>
    internal const int UnknownRtt = 10;

    /// <summary>Milliseconds for which a reply shows that the server is there, whoever else hears nothing of it.</summary>
    internal const long Trust = 60_000;

    private int _rtt8;
    private int _deviation4;
    private BackOff _silence;
    private long _trustedUntil;

    internal DnsServer Server { get; } = server;

    internal IPAddress Address => Server.EndPoint.Address;

    /// <summary>Smoothed round-trip time in milliseconds (RFC 6298 §2, with its weights).</summary>
    internal int Rtt => _rtt8 == 0 ? UnknownRtt : _rtt8 >> 3;

    /// <summary>How long a reply is waited for before another server is asked as well, in milliseconds.</summary>
    /// <remarks>What is quick is given far more than it needs: a busy machine delays replies by more than the network does, and the next server is only asked in vain.</remarks>
    internal int Patience => _rtt8 == 0 ? 400 : Math.Clamp((_rtt8 >> 3) + _deviation4, 250, 1000);

    /// <summary>Whether it kept silent lately and replied to nobody, so that others come first.</summary>
    internal bool IsDown(long now) => Volatile.Read(ref _trustedUntil) <= now && (_silence.IsResting(now) || ((_rtt8 == 0 || _silence.HasFailed) && family.IsDown(now)));

    /// <summary>Notes that it is about to be asked.</summary>
    internal void Asked(long now) => _silence.Asked(now);

    /// <summary>It replied.</summary>
    /// <param name="milliseconds">How long that took.</param>
    /// <param name="now">Milliseconds of the iteration's timer.</param>
    internal void Replied(int milliseconds, long now)
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

        Volatile.Write(ref _trustedUntil, now + Trust);
        family.Replied(now);
        _silence.Replied();
    }

    /// <summary>It kept silent or could not be reached.</summary>
    internal void Failed(long now)
    {
        _silence.Failed(now);
        family.Failed(now, this);
    }
}

/// <summary>Whether an address family works at all: when no address of it replies, the other family comes first for a while. What replied a moment ago works.</summary>
internal sealed class FamilyState
{
    /// <summary>So many different servers in a row, and nothing of the family is believed to work.</summary>
    private const int Suspicion = 3;

    private const long Rest = 60_000;

    /// <summary>Milliseconds for which a reply shows that the family works, however many servers keep silent: anybody may delegate to addresses where nobody is.</summary>
    private const long Trust = 10_000;

    private ServerState? _last;
    private int _failures;
    private long _downUntil;
    private long _trustedUntil;

    internal bool IsDown(long now) => Volatile.Read(ref _downUntil) > now;

    internal void Replied(long now)
    {
        Volatile.Write(ref _trustedUntil, now + Trust);
        if (_failures == 0 && _downUntil == 0) return;
        (_failures, _downUntil, _last) = (0, 0, null);
    }

    internal void Failed(long now, ServerState server)
    {
        if (ReferenceEquals(_last, server) || Volatile.Read(ref _trustedUntil) > now) return;
        _last = server;
        if (++_failures >= Suspicion) Volatile.Write(ref _downUntil, now + Rest);
    }

    internal static int IndexOf(AddressFamily family) => family == AddressFamily.InterNetworkV6 ? 1 : 0;
}
