using Danelaw.Dns.Names;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Resolution;

namespace Danelaw.Dnssec.Tracing;

/// <summary>One RRSIG record, and what it is worth.</summary>
/// <param name="Signer">The zone that it names.</param>
/// <param name="KeyTag">The tag of its key.</param>
/// <param name="Algorithm">Its algorithm.</param>
/// <param name="Inception">When it begins.</param>
/// <param name="Expiration">When it ends.</param>
/// <param name="State">
/// <see cref="LookupReason.ValidSignature"/> when it stands; otherwise the fault (<see cref="LookupReason.KeyMissing"/> when the zone has no such key),
/// and <see cref="LookupReason.None"/> when it was not checked, for want of keys or because a limit was reached.
/// </param>
/// <param name="IsExpanded">Whether it says that its records were made from a wildcard (RFC 4035 §5.3.2).</param>
public readonly record struct TracedSignature(
    DomainName Signer,
    ushort KeyTag,
    SecurityAlgorithm Algorithm,
    DateTimeOffset Inception,
    DateTimeOffset Expiration,
    LookupReason State,
    bool IsExpanded)
{
    /// <summary>How many labels it says that its records' owner had when it was made (RFC 4034 §3.1.3).</summary>
    internal int Labels { get; init; }

    /// <summary>Whether it stands.</summary>
    public bool IsValid => State == LookupReason.ValidSignature;
}
