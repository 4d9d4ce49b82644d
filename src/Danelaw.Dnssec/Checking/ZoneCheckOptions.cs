using System.Collections.Immutable;
using Danelaw.Dns;

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

    /// <summary>How many findings are kept; all are counted.</summary>
    /// <value>The default is 1000.</value>
    public int MaximumFindings { get; init; } = 1000;
}
