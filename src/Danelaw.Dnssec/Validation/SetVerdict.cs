namespace Danelaw.Dnssec.Validation;

/// <summary>The verdict on one RRset, or on one denial.</summary>
internal readonly record struct SetVerdict
{
    internal Standing Standing { get; init; }

    /// <summary>Why it is not secure; null when it is.</summary>
    internal Ground? Ground { get; init; }

    /// <summary>The zone that signed it; for an insecure one the trust that ends in insecurity; null for failures.</summary>
    internal ZoneTrust? Zone { get; init; }

    /// <summary>The signature that stands; null without one.</summary>
    internal SignatureCheck? Signature { get; init; }

    /// <summary>For a denial: what is denied.</summary>
    internal DenialKind Kind { get; init; }

    /// <summary>For a denial of DS: whether the name is a delegation.</summary>
    internal bool IsDelegation { get; init; }

    /// <inheritdoc cref="ZoneCut.ListsData"/>
    internal bool ListsData { get; init; }

    /// <inheritdoc cref="DenialProof.BeginsOptOut"/>
    internal bool BeginsOptOut { get; init; }

    /// <summary>Seconds that it may be kept.</summary>
    internal uint TimeToLive { get; init; }

    /// <summary>The earliest end of the signatures in it, those of the chain above aside.</summary>
    internal DateTimeOffset SignatureEnd { get; init; }

    internal static SetVerdict Pending => default;

    internal static SetVerdict Failed(Ground ground) => new()
    {
        Standing = ZoneTrust.IsIndeterminate(ground.Reason) ? Standing.Indeterminate : Standing.Bogus,
        Ground = ground,
    };

    /// <summary>Insecure, by what is known of a zone at or above.</summary>
    internal static SetVerdict Insecure(ZoneTrust by, uint timeToLive) => new()
    {
        Standing = Standing.Insecure,
        Ground = by.Ground,
        Zone = by,
        TimeToLive = timeToLive,
        SignatureEnd = by.SignatureEnd,
    };
}
