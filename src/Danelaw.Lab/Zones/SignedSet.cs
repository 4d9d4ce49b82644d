using System.Collections.Immutable;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Lab.Zones;

/// <summary>An RRset with the signatures over it.</summary>
internal sealed record SignedSet(ImmutableArray<ResourceRecord> Records, ImmutableArray<ResourceRecord> Signatures)
{
    internal IEnumerable<ResourceRecord> All => Records.Concat(Signatures);

    /// <summary>As a wildcard gives it: the owner is the name asked for, the signature stays as it is (RFC 4035 §3.1.3.3).</summary>
    internal IEnumerable<ResourceRecord> ExpandedTo(DomainName name) => All.Select(record => record with { Owner = name });

    /// <summary>With no more than a number of seconds, as the SOA of a denial has it (RFC 2308 §3).</summary>
    internal IEnumerable<ResourceRecord> BoundedBy(uint timeToLive) => All.Select(record => record with { TimeToLive = Math.Min(record.TimeToLive, timeToLive) });
}

/// <summary>A name of the zone; one without RRsets exists because of the names below it.</summary>
internal sealed class ZoneNode
{
    internal Dictionary<RecordType, SignedSet> Sets { get; } = [];
}
