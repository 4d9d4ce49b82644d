using System.Buffers.Binary;
using Danelaw.Dns;
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

        var unsigned = new RrsigData(
            records.Type,
            (byte)key.Algorithm,
            // RFC 4034 §3.1.3: neither the root label nor the asterisk of a wildcard is counted.
            (byte)(records.Owner.LabelCount - (records.Owner.IsWildcard ? 1 : 0)),
            records.TimeToLive,
            validity.ExpirationSeconds,
            validity.InceptionSeconds,
            key.KeyTag,
            zone.ToCanonical(),
            default);
        var signature = key.Sign(SignedOctets(unsigned, records));
        var data = (unsigned with { Signature = new Octets(signature) }).ToOctets();
        return new ResourceRecord(records.Owner, RecordType.RRSIG, records.Class, records.TimeToLive, data);
    }

    /// <summary>RFC 4034 §3.1.8.1: RRSIG_RDATA | RR(1) | RR(2) …, each RR in canonical form, all in canonical order.</summary>
    private static ReadOnlySpan<byte> SignedOctets(RrsigData unsigned, RecordSet records)
    {
        var canonical = RecordData.ToCanonicalOrder(records.Type, records.Data.AsSpan());
        var owner = records.Owner.ToCanonical().Wire;
        var length = unsigned.SignedPrefixLength;
        foreach (var data in canonical) length += owner.Length + 10 + data.Length;

        var octets = new byte[length];
        unsigned.WriteSignedPrefix(octets);
        var rest = octets.AsSpan(unsigned.SignedPrefixLength);
        foreach (var data in canonical)
        {
            owner.CopyTo(rest);
            rest = rest[owner.Length..];
            BinaryPrimitives.WriteUInt16BigEndian(rest, (ushort)records.Type);
            BinaryPrimitives.WriteUInt16BigEndian(rest[2..], (ushort)records.Class);
            BinaryPrimitives.WriteUInt32BigEndian(rest[4..], records.TimeToLive);
            BinaryPrimitives.WriteUInt16BigEndian(rest[8..], (ushort)data.Length);
            data.Span.CopyTo(rest[10..]);
            rest = rest[(10 + data.Length)..];
        }

        return octets;
    }
}
