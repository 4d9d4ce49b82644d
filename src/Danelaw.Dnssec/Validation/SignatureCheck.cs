using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;

namespace Danelaw.Dnssec.Validation;

/// <summary>What came of checking the signatures of an RRset against the keys of a zone.</summary>
internal sealed class SignatureCheck
{
    /// <summary>Why no signature stands; null when one does.</summary>
    internal Ground? Fault { get; init; }

    /// <summary>Whether a limit ended the work: neither valid nor bogus.</summary>
    internal bool IsOverLimit { get; init; }

    internal bool IsValid => Fault is null;

    /// <summary>The signature that stands.</summary>
    internal SignatureUse Use { get; init; }

    /// <summary>Its RDATA.</summary>
    internal RrsigData Signature { get; init; }

    /// <summary>The key that verified it; null when none did.</summary>
    internal ZoneKey? Key { get; init; }

    /// <summary>The labels field of that signature.</summary>
    internal int Labels { get; init; }

    /// <summary>Whether the owner was made from a wildcard (RFC 4035 §5.3.2).</summary>
    internal bool IsExpanded { get; init; }

    /// <summary>Seconds that the set may be kept: RFC 4035 §5.3.3.</summary>
    internal uint TimeToLive { get; init; }

    /// <summary>Seconds: the TTL in the zone, as that signature says (RFC 4034 §3.1.4).</summary>
    internal uint OriginalTimeToLive { get; init; }

    internal bool UsesSha1 => IsValid && SecurityAlgorithms.UsesSha1(Use.Algorithm);
}
