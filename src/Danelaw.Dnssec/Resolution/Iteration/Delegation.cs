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

    /// <summary>The referral, as long as nobody has judged what it says about DS.</summary>
    internal Exchange? Referral { get; set; }

    /// <summary>The zone that referred.</summary>
    internal DomainName Parent { get; init; }

    /// <summary>About what one takes on a 64-bit machine, its place in the table included.</summary>
    private const int Itself = 400;

    /// <summary>About what one address or one name of a server takes, the name's octets included.</summary>
    private const int PerServer = 200;

    /// <summary>What a message takes when it was read: its octets, and objects for each record.</summary>
    private const int PerOctetOfReferral = 4;

    /// <summary>The length of the referral that it was made with, if it keeps that.</summary>
    internal int ReferralLength { private get; init; }

    /// <summary>What it takes in octets, estimated, so that the addresses of <see cref="Names"/> have room in it that may be found later. A referral counts also when it was judged and let go.</summary>
    internal int Octets => Itself + Zone.Length + (PerServer * (_made + (4 * Names.Length))) + (PerOctetOfReferral * ReferralLength);

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
            foreach (var known in _servers)
                if (ReferenceEquals(known.State, server.State)) return;
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

    internal DomainName Name { get; } = name;

    internal ServerState State { get; } = state;

    /// <summary>Whether it does not serve the zone, as it said lately.</summary>
    internal bool IsLame(long now) => Volatile.Read(ref _lameUntil) > now;

    internal void MarkLame(long until) => Volatile.Write(ref _lameUntil, until);

    public override string ToString() => Name.IsRoot ? State.Server.ToString() : $"{Name} ({State.Server})";
}
