using System.Collections.Immutable;
using System.Net;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;

namespace Danelaw.Dnssec.Resolution.Iteration;

/// <summary>Makes delegations of what servers say: NS records and the addresses that came along.</summary>
internal sealed class ReferralReading(ServerTable servers, HostTable hosts)
{
    /// <summary>Servers of one zone that are looked at; the root has 13.</summary>
    private const int MaximumNames = 32;

    /// <summary>Addresses of one zone that are looked at.</summary>
    private const int MaximumAddresses = 64;

    /// <summary>Seconds. A delegation of TTL 0 is kept long enough to be followed; none is kept longer than a day.</summary>
    private const uint ShortestLife = 10;
    private const uint LongestLife = 86400;

    /// <summary>What a referral says.</summary>
    /// <param name="exchange">The referral.</param>
    /// <param name="zone">The zone that refers.</param>
    /// <param name="child">Where to.</param>
    /// <param name="now">Milliseconds of the iteration's timer.</param>
    /// <param name="isJudged">Whether what it says of DS is going to be judged at once, so that it need not be kept for that.</param>
    internal Delegation Read(Exchange exchange, DomainName zone, DomainName child, long now, bool isJudged)
    {
        var message = exchange.Message!;
        var (names, life) = Names(message.Authorities, child);
        var isSigned = false;
        foreach (var record in message.Authorities)
            if (record.Type == RecordType.DS && record.Owner.Equals(child)) isSigned = true;

        // RFC 9471 §2: glue is below the zone that gives it. Addresses of any other name are not that zone's to give.
        return Make(child, names, message.Additionals, zone, life, now, isJudged ? null : exchange, isSigned, zone);
    }

    /// <summary>The zone's own list of its servers, as priming brings it (RFC 9609 §3.3).</summary>
    /// <returns>Null when it names no server.</returns>
    internal Delegation? ReadPriming(DnsMessage message, DomainName zone, long now)
    {
        var (names, life) = Names(message.Answers, zone);
        return names.Count == 0 ? null : Make(zone, names, message.Additionals, zone, life, now, null, false, zone);
    }

    /// <summary>What the hints say, as long as nothing better is known.</summary>
    internal Delegation Read(RootHints.HintedZone hint, long until)
    {
        var known = ImmutableArray.CreateBuilder<ZoneServer>();
        foreach (var server in hint.Servers)
            foreach (var address in server.Addresses)
                if (servers.Find(address) is { } state) known.Add(new(server.Name, state));
        return new(hint.Zone, known.ToImmutable(), [], until);
    }

    private static (List<DomainName> Names, uint Life) Names(ImmutableArray<ResourceRecord> records, DomainName zone)
    {
        var names = new List<DomainName>();
        var life = LongestLife;
        foreach (var record in records)
        {
            if (record.Type != RecordType.NS || record.Class != RecordClass.IN || !record.Owner.Equals(zone) || !NameData.TryRead(record.Data, out var data)) continue;
            life = Math.Min(life, record.TimeToLive);
            if (names.Count < MaximumNames && !names.Contains(data.Name)) names.Add(data.Name.ToOwned());
        }

        return (names, Math.Max(life, ShortestLife));
    }

    private Delegation Make(DomainName zone, List<DomainName> names, ImmutableArray<ResourceRecord> additionals, DomainName bailiwick, uint life, long now, Exchange? referral, bool isSigned, DomainName parent)
    {
        var known = ImmutableArray.CreateBuilder<ZoneServer>();
        var bare = ImmutableArray.CreateBuilder<DomainName>();
        foreach (var name in names)
        {
            var before = known.Count;
            if (name.IsAtOrBelow(bailiwick))
            {
                foreach (var record in additionals)
                {
                    if (known.Count >= MaximumAddresses || record.Class != RecordClass.IN || !AddressData.TryRead(record.Type, record.Data, out var address) || !record.Owner.Equals(name)) continue;
                    Add(known, name, address);
                }
            }

            if (known.Count == before)
                foreach (var address in hosts.Known(name, now)) Add(known, name, address);
            if (known.Count == before) bare.Add(name);
        }

        // A zone's name outlives the packet that it came in.
        return new(zone.ToOwned(), known.ToImmutable(), bare.ToImmutable(), now + (life * 1000L)) { Referral = referral?.Unread(), ReferralLength = referral?.Reply.Length ?? 0, IsSigned = isSigned, Parent = parent };
    }

    private void Add(ImmutableArray<ZoneServer>.Builder known, DomainName name, IPAddress address)
    {
        if (servers.Find(address) is not { } state) return;
        foreach (var other in known)
            if (ReferenceEquals(other.State, state)) return;
        known.Add(new(name, state));
    }
}
