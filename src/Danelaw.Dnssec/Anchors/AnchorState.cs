using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Danelaw.Dns.Names;
using Danelaw.Dnssec.Keys;

namespace Danelaw.Dnssec.Anchors;

/// <summary>Trust points, kept from run to run (RFC 5011). Immutable.</summary>
public sealed class AnchorState
{
    internal AnchorState(ImmutableArray<TrustPoint> points) => Points = [.. points.OrderBy(point => point.Zone)];

    /// <summary>The trust points in canonical order of their zones, also those of zones that are not configured at present.</summary>
    public ImmutableArray<TrustPoint> Points { get; }

    /// <summary>Begins with what is configured.</summary>
    /// <param name="anchors">The configured anchors.</param>
    /// <param name="now">The time.</param>
    public static AnchorState Begin(TrustAnchors anchors, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(anchors);
        return new([.. anchors.Zones.Select(zone => TrustPoint.Begin(zone, now))]);
    }

    /// <summary>
    /// Brings it under the anchors that are configured now. Zones that are new begin; what is no longer configured stays as it is and is not used. Of a zone
    /// whose anchors changed, those named now are trusted (unless they were revoked), and if one was taken out, all that is not named begins its hold-down anew.
    /// </summary>
    /// <param name="anchors">The configured anchors.</param>
    /// <param name="now">The time.</param>
    /// <param name="bound">The state to go on with; null on failure.</param>
    /// <param name="fault">What does not fit, in one sentence; null on success.</param>
    /// <returns>False when it was begun from anchors with which these have nothing in common.</returns>
    public bool TryBind(TrustAnchors anchors, DateTimeOffset now, [NotNullWhen(true)] out AnchorState? bound, [NotNullWhen(false)] out string? fault)
    {
        ArgumentNullException.ThrowIfNull(anchors);
        (bound, fault) = (null, null);
        var points = Points.ToDictionary(point => point.Zone);
        if (points.Count > 0 && !anchors.Zones.IsEmpty && !anchors.Zones.Any(zone => points.ContainsKey(zone.Zone)))
        {
            fault = $"it was begun for {string.Join(", ", Points.Select(point => point.Zone))}, and the anchors are for {string.Join(", ", anchors.Zones.Select(zone => zone.Zone))}";
            return false;
        }

        foreach (var anchor in anchors.Zones)
        {
            if (!points.TryGetValue(anchor.Zone, out var point)) points.Add(anchor.Zone, TrustPoint.Begin(anchor, now));
            else if (ConfiguredKeys.Rebind(point, anchor, now) is { } rebound) points[anchor.Zone] = rebound;
            else
            {
                fault = $"of the keys that it knows for {anchor.Zone} none is among the anchors";
                return false;
            }
        }

        bound = new([.. points.Values]);
        return true;
    }

    /// <summary>The same with one trust point changed.</summary>
    /// <param name="point">The trust point; its zone is one of the state's.</param>
    public AnchorState With(TrustPoint point)
    {
        ArgumentNullException.ThrowIfNull(point);
        return new([.. Points.Select(each => each.Zone.Equals(point.Zone) ? point : each)]);
    }

    /// <summary>The anchors that are trusted now, of the zones that are configured. One all of whose keys are revoked has none (RFC 5011 §5).</summary>
    /// <param name="configured">The configured anchors.</param>
    public TrustAnchors ToAnchors(TrustAnchors configured)
    {
        ArgumentNullException.ThrowIfNull(configured);
        return TrustAnchors.Of(Points.Where(point => !point.IsDeleted && configured.TryGet(point.Zone, out _)).Select(point => point.ToAnchor()));
    }

    /// <summary>The trust point of a zone.</summary>
    /// <param name="zone">The zone.</param>
    /// <param name="point">The trust point; null when there is none.</param>
    public bool TryGet(DomainName zone, [NotNullWhen(true)] out TrustPoint? point)
    {
        point = Points.FirstOrDefault(each => each.Zone.Equals(zone));
        return point is not null;
    }

    /// <summary>Whether both say the same.</summary>
    internal bool IsSame(AnchorState other) => AnchorStateText.Write(this) == AnchorStateText.Write(other);
}
