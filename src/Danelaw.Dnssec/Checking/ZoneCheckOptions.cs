using System.Collections.Immutable;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Dnssec.Checking;

/// <summary>How a signed zone is checked.</summary>
public sealed record ZoneCheckOptions
{
    /// <summary>The moment at which signatures must be in force.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>A signature that ends within this time is a warning; zero for none.</summary>
    /// <value>The default is three days.</value>
    public TimeSpan WarnBefore { get; init; } = TimeSpan.FromDays(3);

    /// <summary>RDATA of the DS records that the parent has; empty, the default, when they are not known.</summary>
    public ImmutableArray<Octets> Ds { get; init; } = [];

    /// <summary>DS records as they stand in the parent, with their owners: those of the zone's apex count like <see cref="Ds"/>, those of other zones are passed over.</summary>
    public ImmutableArray<ResourceRecord> DsRecords { get; init; } = [];

    /// <summary>How many findings are kept; all are counted.</summary>
    /// <value>The default is 1000.</value>
    public int MaximumFindings { get; init; } = 1000;

    /// <summary>What the parent has of the zone.</summary>
    internal ImmutableArray<Octets> DsOf(DomainName apex) => DsRecords.IsDefaultOrEmpty ? Ds : [.. Ds, .. DsRecords.Where(record => record.Owner.Equals(apex)).Select(record => record.Data)];
}
