using System.Collections.Immutable;
using System.Net;
using Danelaw.Dns.Names;

namespace Danelaw.Dnssec.Resolution.Iteration;

/// <summary>Addresses of name servers that were looked up, and for a short while what could not be found. For asking alone.</summary>
/// <param name="octets">How many octets each half of the table takes.</param>
internal sealed class HostTable(long octets)
{
    private readonly Generations<DomainName, HostAddresses> _hosts = new(octets, static (host, known) => known.Octets + host.Length);

    /// <summary>The octets taken, estimated.</summary>
    internal long Octets => _hosts.Cost;

    /// <summary>The addresses known of a host.</summary>
    internal ImmutableArray<IPAddress> Known(DomainName host, long now) => TryGet(host, now, out var known) ? known.Addresses : [];

    /// <summary>What is known of a host, that it has no address included.</summary>
    internal bool TryGet(DomainName host, long now, out HostAddresses known) => _hosts.TryGet(host, out known!) && known.Until > now;

    /// <summary>Adds addresses of one family to what is known of the other; together they last no longer than each of them.</summary>
    internal void Add(DomainName host, ImmutableArray<IPAddress> addresses, long now, long until)
    {
        var isKnown = TryGet(host, now, out var known) && !known.Addresses.IsEmpty;
        Set(host, isKnown ? new([.. known.Addresses.Union(addresses)], Math.Min(known.Until, until), "") : new(addresses, until, ""));
    }

    internal void Set(DomainName host, HostAddresses addresses) => _hosts.Set(host.ToOwned(), addresses);
}

/// <summary>What a lookup of a name server's addresses came to.</summary>
/// <param name="Addresses">The addresses; empty for none.</param>
/// <param name="Until">Until when that holds, in milliseconds of the iteration's timer.</param>
/// <param name="Fault">Why there is none; empty when there is one.</param>
internal sealed record HostAddresses(ImmutableArray<IPAddress> Addresses, long Until, string Fault)
{
    /// <summary>About what one takes on a 64-bit machine, its place in the table included; an address with its object and, for IPv6, its groups; two octets a character.</summary>
    private const int Itself = 200;
    private const int Address = 96;

    internal int Octets => Itself + (Address * Addresses.Length) + (2 * Fault.Length);
}
