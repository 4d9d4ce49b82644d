using Danelaw.Dns.Names;

namespace Danelaw.Dns.Records;

/// <summary>One resource record. Its RDATA is kept as uncompressed wire octets, whatever the type (RFC 1035 §3.2.1, RFC 3597). The default is an empty record of type 0 at the root.</summary>
/// <param name="Owner">The owner name, case kept.</param>
/// <param name="Type">The type.</param>
/// <param name="Class">The class; for OPT the sender's UDP payload size (RFC 6891 §6.1.2).</param>
/// <param name="TimeToLive">Seconds, 0 to 2^31 - 1 after reading (RFC 2181 §8); for OPT the extended flags as they are.</param>
/// <param name="Data">RDATA without compression; at most 65535 octets.</param>
public readonly record struct ResourceRecord(DomainName Owner, RecordType Type, RecordClass Class, uint TimeToLive, Octets Data)
{
    /// <summary>The same in arrays of its own, so that no packet is kept for it.</summary>
    public ResourceRecord ToOwned() => this with { Owner = Owner.ToOwned(), Data = Data.ToOwned() };
}
