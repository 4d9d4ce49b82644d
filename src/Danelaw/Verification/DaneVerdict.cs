using Danelaw.Tlsa;
using Danelaw.Verification.Paths;

namespace Danelaw.Verification;

/// <summary>What verifying one chain against TLSA records concluded (RFC 7671 §5, RFC 7672 §3).</summary>
public sealed record DaneVerdict
{
    /// <summary>Why. Only the reasons whose names begin with "Matched" are a match.</summary>
    public DaneReason Reason { get; init; }

    /// <summary>Whether a record matches.</summary>
    public bool IsMatch => Reason is DaneReason.MatchedEndEntity or DaneReason.MatchedTrustAnchor or DaneReason.MatchedPkixEndEntity or DaneReason.MatchedPkixTrustAnchor;

    /// <summary>The record that matched, the first in the order given; null without a match.</summary>
    public TlsaRecord? Record { get; init; }

    /// <summary>The place of the matched certificate or anchor in the path that was built, the leaf 0; null without a match.</summary>
    public int? Depth { get; init; }

    /// <summary>The end of the path that matched; null without a match, and where dates do not count (R41).</summary>
    internal PathEnd? End { get; init; }

    /// <summary>The reason as a sentence for people, with the RFC section. Never empty.</summary>
    public string Explanation { get; init; } = "";
}
