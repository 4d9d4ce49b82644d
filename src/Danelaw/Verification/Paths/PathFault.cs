namespace Danelaw.Verification.Paths;

/// <summary>Why a path, or a record held against the chain, is refused.</summary>
/// <param name="Reason">The reason.</param>
/// <param name="Text">A clause for people, with the RFC section. May contain foreign text.</param>
internal sealed record PathFault(DaneReason Reason, string Text)
{
    /// <summary>How near to a match this fault is; the greater, the nearer. The order is that in which a path is checked.</summary>
    public int Nearness => Reason switch
    {
        DaneReason.None or DaneReason.NoRecords or DaneReason.NoUsableRecords or DaneReason.NoCertificate => 0,
        DaneReason.NoRecordMatches => 1,
        DaneReason.AnchorNotInChain => 2,
        DaneReason.NoPath => 3,
        DaneReason.LimitReached => 4,
        DaneReason.SignatureInvalid => 5,
        DaneReason.NotTrusted => 6,
        DaneReason.TooWeak => 7,
        DaneReason.MalformedCertificate => 8,
        DaneReason.NotAnAuthority => 9,
        DaneReason.PathTooLong => 10,
        DaneReason.NameConstraintViolated => 11,
        DaneReason.UnknownCriticalExtension => 12,
        DaneReason.WrongPurpose => 13,
        DaneReason.NotYetValid => 14,
        DaneReason.Expired => 15,
        DaneReason.NameMismatch => 16,
        DaneReason.OnlyWeakerDigestMatches => 17,
        DaneReason.MatchedEndEntity or DaneReason.MatchedTrustAnchor or DaneReason.MatchedPkixEndEntity or DaneReason.MatchedPkixTrustAnchor => 18,
    };
}
