using System.Collections.Immutable;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Dnssec.Tracing;

/// <summary>One RRset with its signatures.</summary>
/// <param name="Records">The RRset.</param>
/// <param name="Signatures">Its signatures in the order received.</param>
/// <param name="SignaturesLeftOut">How many more there were than are told.</param>
public sealed record TracedSet(RecordSet Records, ImmutableArray<TracedSignature> Signatures, int SignaturesLeftOut = 0)
{
    /// <summary>Whether at least one signature stands (RFC 6840 §5.4).</summary>
    public bool IsSigned
    {
        get
        {
            foreach (var signature in Signatures)
                if (signature.IsValid) return true;
            return false;
        }
    }

    /// <summary>The owner.</summary>
    public DomainName Owner => Records.Owner;
}
