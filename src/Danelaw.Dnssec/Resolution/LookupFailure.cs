using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Keys;

namespace Danelaw.Dnssec.Resolution;

/// <summary>Where a lookup failed: what the verdict is about, by which rule, and what to do next. Immutable.</summary>
/// <param name="Zone">The zone whose records, keys or servers are at fault: the signer, or whose servers were asked. Null when a resolver failed to answer for a name of which it is not known in which zone it lies.</param>
/// <param name="Owner">The owner of the RRset at fault, or the name that was denied.</param>
/// <param name="Type">Its type.</param>
/// <param name="KeyTag">The tag of the key whose signature or digest failed; null where no key is concerned.</param>
/// <param name="Algorithm">Its algorithm; null where no key is concerned.</param>
/// <param name="Server">Who sent the reply at fault, or was asked in vain: of several the one whose failure says most about what is wrong. Null when nobody was asked.</param>
/// <param name="Rule">The rule that decided, as <c>RFC 4035 §5.3.1</c>.</param>
/// <param name="Mend">What to do next, for the owner of the zone or of this machine: one or two sentences.</param>
public sealed record LookupFailure(
    DomainName? Zone,
    DomainName Owner,
    RecordType Type,
    ushort? KeyTag,
    SecurityAlgorithm? Algorithm,
    DnsServer? Server,
    string Rule,
    string Mend)
{
    /// <summary>Whether the reply at fault came by a resolver that passes no signatures on, as far as can be seen: then nothing is said of the zone.</summary>
    public bool IsOfResolver { get; init; }
}
