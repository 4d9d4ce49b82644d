using System.Collections.Immutable;
using Danelaw.Operator.Rollover.Acting;

namespace Danelaw.Interop.Tests.Rollover;

/// <summary>Which test kills at which named point (docs/decisions/0202). A point that stands in neither list is killed at by nobody.</summary>
internal static class KillPoints
{
    /// <summary>As often as each has to be hit in the long form.</summary>
    internal const int Times = 3;

    /// <summary>Those of a roll by dynamic update: <see cref="AcmeRolloverTests"/>.</summary>
    internal static readonly ImmutableArray<string> OfUpdates = ["before-save", "after-save", "before-publish", "after-publish", "before-install", "install-half-written", "install-written", "install-renamed", "after-install", "before-reload", "after-reload"];

    /// <summary>Those of a zone file, of a second owner and of a second command: <see cref="ZoneFileRollTests"/>.</summary>
    internal static readonly ImmutableArray<string> OfZoneFiles = ["before-zone-rename", "zone-renamed", "between-publish", "between-reload", "before-zone-reload"];
}

/// <summary>No named point is forgotten by the tests that kill.</summary>
public sealed class KillPointTests
{
    [Fact]
    public void Every_named_point_is_killed_at() =>
        Assert.Equal(FaultPoints.All.Order(StringComparer.Ordinal), KillPoints.OfUpdates.Concat(KillPoints.OfZoneFiles).Order(StringComparer.Ordinal));
}
