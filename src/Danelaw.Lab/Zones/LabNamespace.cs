using System.Collections.Immutable;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Lab.Zones;

/// <summary>All zones of the lab, answered from as a recursive resolver does that does not validate: aliases followed to their end, every proof along (RFC 4035 §3.2). Immutable.</summary>
public sealed class LabNamespace
{
    private const int MaximumAliases = 16;

    private readonly Dictionary<DomainName, LabZone> _zones;

    /// <summary>Takes the zones.</summary>
    /// <param name="zones">The zones; the root's is among them.</param>
    /// <exception cref="ArgumentException">There is no root zone, or two zones have the same apex.</exception>
    public LabNamespace(IEnumerable<LabZone> zones)
    {
        _zones = zones.ToDictionary(zone => zone.Apex);
        if (!_zones.ContainsKey(DomainName.Root)) throw new ArgumentException("there is no root zone", nameof(zones));
    }

    /// <summary>The zones, parents first.</summary>
    public IEnumerable<LabZone> Zones => _zones.Values.OrderBy(zone => zone.Apex);

    /// <summary>The zone that answers for a name: for DS the one above the cut (RFC 4035 §3.1.4.1).</summary>
    /// <param name="name">The name.</param>
    /// <param name="type">The type asked for.</param>
    public LabZone ZoneFor(DomainName name, RecordType type)
    {
        var apex = type == RecordType.DS && !name.IsRoot ? name.Parent : name;
        LabZone? zone;
        while (!_zones.TryGetValue(apex, out zone)) apex = apex.Parent;
        return zone;
    }

    internal (ResponseCode Code, ImmutableArray<ResourceRecord> Answers, ImmutableArray<ResourceRecord> Authorities) Resolve(DomainName name, RecordType type)
    {
        var answers = ImmutableArray.CreateBuilder<ResourceRecord>();
        var authorities = ImmutableArray.CreateBuilder<ResourceRecord>();
        var visited = new HashSet<DomainName>();
        while (visited.Add(name))
        {
            if (visited.Count > MaximumAliases) return (ResponseCode.ServerFailure, [], []);
            var reply = ZoneFor(name, type).Find(name, type);
            // What is delegated to somebody who is not there cannot be looked up.
            if (reply.Outcome == ZoneOutcome.Referral) return (ResponseCode.ServerFailure, [], []);
            answers.AddRange(reply.Answers);
            authorities.AddRange(reply.Authorities.Where(record => !authorities.Contains(record)));
            if (reply.Outcome != ZoneOutcome.Alias)
                return (CodeFor(reply.Outcome), answers.ToImmutable(), authorities.ToImmutable());
            name = reply.Target;
        }

        // An alias that comes back to itself: what there is of it is the answer, as BIND gives it.
        return (ResponseCode.NoError, answers.ToImmutable(), authorities.ToImmutable());
    }

    private static ResponseCode CodeFor(ZoneOutcome outcome) => outcome switch
    {
        ZoneOutcome.NameError => ResponseCode.NameError,
        ZoneOutcome.AliasTooLong => ResponseCode.YXDomain,
        ZoneOutcome.Referral => ResponseCode.ServerFailure,
        ZoneOutcome.NoData or ZoneOutcome.Answer or ZoneOutcome.Alias => ResponseCode.NoError,
    };
}
