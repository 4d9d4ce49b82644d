using System.Buffers.Binary;
using Danelaw.Dns;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Signing;

namespace Danelaw.Interop.Tests.RandomWorlds;

/// <summary>Signatures whose fields no honest signer would write, made with a real key.</summary>
internal static class HandSigner
{
    /// <summary>Signs an RRset with fields as they are given (RFC 4034 §3.1.8.1).</summary>
    /// <param name="records">The RRset.</param>
    /// <param name="key">The key that signs, whatever the fields say.</param>
    /// <param name="fields">The fields of the signature.</param>
    public static ResourceRecord Sign(IReadOnlyList<ResourceRecord> records, SigningKey key, RrsigData fields)
    {
        var first = records[0];
        var owner = first.Owner;
        var labels = owner.IsWildcard ? owner.LabelCount - 1 : owner.LabelCount;
        if (fields.Labels < labels) owner = owner.Suffix(fields.Labels).ToWildcardChild();
        var prefix = new byte[fields.SignedPrefixLength];
        fields.WriteSignedPrefix(prefix);
        var octets = new List<byte>(prefix);
        Span<byte> head = stackalloc byte[10];
        foreach (var data in RecordData.ToCanonicalOrder(first.Type, records.Select(record => record.Data).ToArray()))
        {
            octets.AddRange(owner.ToCanonical().Wire);
            BinaryPrimitives.WriteUInt16BigEndian(head, (ushort)first.Type);
            BinaryPrimitives.WriteUInt16BigEndian(head[2..], (ushort)first.Class);
            BinaryPrimitives.WriteUInt32BigEndian(head[4..], fields.OriginalTtl);
            BinaryPrimitives.WriteUInt16BigEndian(head[8..], (ushort)data.Length);
            octets.AddRange(head);
            octets.AddRange(data.Span);
        }

        var signed = fields with { Signature = new Octets(key.Sign([.. octets])) };
        return new ResourceRecord(first.Owner, RecordType.RRSIG, first.Class, first.TimeToLive, signed.ToOctets());
    }

    /// <summary>The fields that an honest signer writes.</summary>
    public static RrsigData Honest(IReadOnlyList<ResourceRecord> records, SigningKey key, Dns.Names.DomainName zone, SignatureValidity validity)
    {
        var owner = records[0].Owner;
        return new RrsigData(records[0].Type, (byte)key.Algorithm, (byte)(owner.LabelCount - (owner.IsWildcard ? 1 : 0)), records[0].TimeToLive,
            validity.ExpirationSeconds, validity.InceptionSeconds, key.KeyTag, zone.ToCanonical(), default);
    }
}
