using Danelaw.Operator.Rollover;

namespace Danelaw.Operator.Publishing;

/// <summary>What a master has.</summary>
/// <param name="Outcome">Whether it could be read: done where it was, else why not; never unchanged, which is of changes alone.</param>
/// <param name="Records">The RRset; empty where there is none.</param>
/// <param name="TimeToLive">Its TTL in seconds; null without records.</param>
/// <param name="Detail">For a failure a phrase for people: what, and what to do.</param>
public sealed record MasteredSet(PublishOutcome Outcome, TlsaSet Records, uint? TimeToLive, string Detail)
{
    /// <summary>Whether a wildcard gives the owner these records (RFC 4592): it has none of its own.</summary>
    public bool IsFromWildcard { get; init; }
}
