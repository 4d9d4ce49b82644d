using System.Collections.Immutable;
using Danelaw.Dns.Names;
using Danelaw.Dns.Transports;

namespace Danelaw.Dnssec.Resolution.Iteration;

/// <summary>
/// A zone and whom to ask about it, as the zone above refers to it or as the hints say. What it says is used for asking alone and never becomes an answer.
/// Addresses of servers that came without are added as they are found.
/// </summary>
/// <param name="zone">The zone.</param>
/// <param name="servers">The addresses that are known from the beginning.</param>
/// <param name="names">The servers whose addresses have to be looked up.</param>
/// <param name="until">When it ends, in milliseconds of the iteration's timer.</param>
internal sealed class Delegation(DomainName zone, ImmutableArray<ZoneServer> servers, ImmutableArray<DomainName> names, long until)
{
    /// <summary>More addresses are not added: the root has 26, and no zone needs as many.</summary>
    private const int MaximumServers = 64;

    private readonly Lock _lock = new();
    private readonly int _made = servers.Length;
    private ImmutableArray<ZoneServer> _servers = servers;

    internal DomainName Zone { get; } = zone;

    internal long Until { get; } = until;

    /// <summary>The addresses known so far.</summary>
    internal ImmutableArray<ZoneServer> Servers
    {
        get
        {
            lock (_lock) return _servers;
        }
    }

    /// <summary>The servers that came without an address.</summary>
    internal ImmutableArray<DomainName> Names { get; } = names;

    /// <summary>Whether the referral bore a DS set.</summary>
    internal bool IsSigned { get; init; }

    /// <summary>The referral, not read, as long as nobody has judged what it says about DS.</summary>
    internal Exchange? Referral { get; set; }

    /// <summary>The zone that referred.</summary>
    internal DomainName Parent { get; init; }

    /// <summary>About what one takes on a 64-bit machine, its place in the table included.</summary>
    private const int Itself = 400;

    /// <summary>About what one address or one name of a server takes, the name's octets included.</summary>
    private const int PerServer = 200;

    /// <summary>About what a referral takes beside its octets: the objects that say whom it came from, and the names that were asked for.</summary>
    private const int PerReferral = 600;

    /// <summary>The length of the referral that it was made with, if it keeps that.</summary>
    internal int ReferralLength { private get; init; }

    /// <summary>What it takes in octets, estimated, so that the addresses of <see cref="Names"/> have room in it that may be found later. A referral counts also when it was judged and let go.</summary>
    internal int Octets => Itself + Zone.Length + (PerServer * (_made + (4 * Names.Length))) + (ReferralLength == 0 ? 0 : PerReferral + ReferralLength);

    /// <summary>Whether it leads to the same zone and to nobody else than another delegation does, as far as that is known.</summary>
    internal bool HasServersOf(Delegation other)
    {
        if (!Zone.Equals(other.Zone) || Names.Any(name => !other.Names.Contains(name))) return false;
        var known = other.Servers;
        return Servers.All(server => known.Any(each => ReferenceEquals(each.State, server.State)));
    }

    internal void Add(ZoneServer server)
    {
        lock (_lock)
        {
            // Whoever serves the zone of the servers' names might send new addresses for ever.
            if (_servers.Length >= MaximumServers) return;
            foreach (var known in _servers)
                if (ReferenceEquals(known.State, server.State) || known.State.Server.EndPoint.Equals(server.State.Server.EndPoint)) return;
            _servers = _servers.Add(server);
        }
    }
}

/// <summary>One address of a server of a zone.</summary>
/// <param name="name">The server's name.</param>
/// <param name="state">The address.</param>
internal sealed class ZoneServer(DomainName name, ServerState state)
{
    private long _lameUntil;
    private BackOff _silence;

    internal DomainName Name { get; } = name;

    internal ServerState State { get; } = state;

    /// <summary>Whether it does not serve the zone, as it said lately.</summary>
    internal bool IsLame(long now) => Volatile.Read(ref _lameUntil) > now;

    internal void MarkLame(long until) => Volatile.Write(ref _lameUntil, until);

    /// <summary>Whether it kept silent lately, about this zone or about all.</summary>
    internal bool IsDown(long now) => _silence.IsResting(now) || State.IsDown(now);

    /// <summary>Notes that it is about to be asked.</summary>
    internal void Asked(long now)
    {
        _silence.Asked(now);
        State.Asked(now);
    }

    /// <summary>It replied about this zone.</summary>
    /// <param name="milliseconds">How long that took.</param>
    /// <param name="now">Milliseconds of the iteration's timer.</param>
    internal void Replied(int milliseconds, long now)
    {
        _silence.Replied();
        State.Replied(milliseconds, now);
    }

    /// <summary>It kept silent about this zone, or could not be reached.</summary>
    internal void Failed(long now)
    {
        _silence.Failed(now);
        State.Failed(now);
    }

    public override string ToString() => Name.IsRoot ? State.Server.ToString() : $"{Name} ({State.Server})";
}
