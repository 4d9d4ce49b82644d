using System.Collections.Immutable;

namespace Danelaw.Dns.Records;

/// <summary>An RRset as it stood in a section, with the signatures that claim to cover it. Nothing is verified yet.</summary>
/// <param name="Records">The RRset.</param>
/// <param name="Signatures">The RDATA of each RRSIG of the same owner and class that covers its type, in the order received, without duplicates; may be empty.</param>
/// <param name="SignatureTimeToLive">The smallest TTL among the RRSIG records in seconds; of no use without any.</param>
public sealed record SignedRecordSet(RecordSet Records, ImmutableArray<Octets> Signatures, uint SignatureTimeToLive)
{
    /// <summary>The same in arrays of their own, so that no packet is kept for it.</summary>
    public SignedRecordSet ToOwned() => new(Records.ToOwned(), [.. Signatures.Select(data => data.ToOwned())], SignatureTimeToLive);

    /// <summary>Whether both are the same, records and signatures in the same order.</summary>
    /// <param name="other">The other.</param>
    public bool Equals(SignedRecordSet? other) => other is not null && Records.Equals(other.Records) && SignatureTimeToLive == other.SignatureTimeToLive
        && Signatures.AsSpan().SequenceEqual(other.Signatures.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Records, Signatures.Length);
}
