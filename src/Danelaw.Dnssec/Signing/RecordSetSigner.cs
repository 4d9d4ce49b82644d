using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Dnssec.Signing;

/// <summary>Signs one RRset with one key (RFC 4034 §3.1).</summary>
public static class RecordSetSigner
{
    /// <summary>Makes the RRSIG record of an RRset.</summary>
    /// <param name="records">The RRset; the order of its records and their case do not matter.</param>
    /// <param name="key">The key.</param>
    /// <param name="zone">The apex of the zone that holds the RRset: the signer's name.</param>
    /// <param name="validity">From when to when.</param>
    /// <returns>The record, with the owner, class and TTL of the RRset (RFC 4034 §3).</returns>
    public static ResourceRecord Sign(RecordSet records, SigningKey key, DomainName zone, SignatureValidity validity)
    {
        ArgumentNullException.ThrowIfNull(records);
        ArgumentNullException.ThrowIfNull(key);
        var data = new SignatureMaker(zone, keys: null, reuse: null).Make(records, key, validity);
        return new ResourceRecord(records.Owner, RecordType.RRSIG, records.Class, records.TimeToLive, data);
    }
}
