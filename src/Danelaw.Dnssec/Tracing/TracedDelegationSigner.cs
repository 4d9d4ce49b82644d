using Danelaw.Dns;
using Danelaw.Dnssec.Keys;

namespace Danelaw.Dnssec.Tracing;

/// <summary>What a DS record is worth beside the zone's keys.</summary>
public enum DelegationSignerState
{
    /// <summary>It was not compared: the keys could not be had, or a limit was reached.</summary>
    NotCompared = 0,

    /// <summary>It is the digest of a key of the zone.</summary>
    Matches,

    /// <summary>A key of its tag and algorithm has another digest.</summary>
    WrongDigest,

    /// <summary>The zone has no key of its tag and algorithm.</summary>
    NoKey,

    /// <summary>Its algorithm or digest is not supported (RFC 4035 §5.2).</summary>
    Unsupported,

    /// <summary>SHA-1 beside a better digest (RFC 4509 §3).</summary>
    Passed,
}

/// <summary>One DS record, of the parent's set or of a trust anchor.</summary>
/// <param name="KeyTag">The tag of the key that it means.</param>
/// <param name="Algorithm">That key's algorithm.</param>
/// <param name="DigestType">How the digest was made.</param>
/// <param name="Digest">The digest.</param>
/// <param name="State">What it is worth.</param>
public sealed record TracedDelegationSigner(ushort KeyTag, SecurityAlgorithm Algorithm, DigestAlgorithm DigestType, Octets Digest, DelegationSignerState State);
