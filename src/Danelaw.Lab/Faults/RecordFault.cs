using System.Collections.Immutable;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Signing;

namespace Danelaw.Lab.Faults;

/// <summary>What is wrong with an RRset of a signed zone. Closed.</summary>
public enum RecordFaultKind
{
    /// <summary>Its signatures ended yesterday.</summary>
    SignatureExpired = 0,

    /// <summary>Its signatures begin tomorrow.</summary>
    SignatureNotYetValid,

    /// <summary>One bit of its signatures is wrong.</summary>
    SignatureBroken,

    /// <summary>It has no signatures.</summary>
    SignatureMissing,

    /// <summary>One bit of its last record is wrong, and the signatures are those of the right one.</summary>
    DataAltered,

    /// <summary>It is not there, nor are its signatures; the denials still say that it is.</summary>
    Missing,
}

/// <summary>Breaks one RRset of a zone after it was signed.</summary>
/// <param name="Owner">The owner.</param>
/// <param name="Type">The type.</param>
/// <param name="Kind">What is wrong.</param>
public sealed record RecordFault(DomainName Owner, RecordType Type, RecordFaultKind Kind)
{
    internal IEnumerable<ResourceRecord> Apply(IReadOnlyCollection<ResourceRecord> zone, DomainName apex, IReadOnlyCollection<SigningKey> keys, DateTimeOffset now)
    {
        var set = zone.Where(record => record.Type == Type && record.Owner == Owner).ToImmutableArray();
        var signatures = zone.Where(IsSignature).ToImmutableArray();
        var rest = zone.Where(record => !(record.Type == Type && record.Owner == Owner) && !IsSignature(record));
        return rest.Concat(Kind switch
        {
            RecordFaultKind.SignatureExpired => set.Concat(SignAgain(set, signatures, apex, keys, new SignatureValidity(now.AddDays(-15), now.AddDays(-1)))),
            RecordFaultKind.SignatureNotYetValid => set.Concat(SignAgain(set, signatures, apex, keys, new SignatureValidity(now.AddDays(1), now.AddDays(15)))),
            RecordFaultKind.SignatureBroken => set.Concat(signatures.Select(FlipLastBit)),
            RecordFaultKind.SignatureMissing => set,
            RecordFaultKind.DataAltered => [.. set.SkipLast(1), .. set.TakeLast(1).Select(FlipLastBit), .. signatures],
            RecordFaultKind.Missing => [],
        });
    }

    private bool IsSignature(ResourceRecord record) => record.Type == RecordType.RRSIG && record.Owner == Owner && RrsigData.ReadTypeCovered(record.Data) == Type;

    private static IEnumerable<ResourceRecord> SignAgain(ImmutableArray<ResourceRecord> set, ImmutableArray<ResourceRecord> signatures, DomainName apex, IReadOnlyCollection<SigningKey> keys, SignatureValidity validity)
    {
        var records = new RecordSet(set[0].Owner, set[0].Type, set[0].Class, set[0].TimeToLive, [.. set.Select(record => record.Data)]);
        foreach (var signature in signatures)
        {
            if (!RrsigData.TryRead(signature.Data, out var data)) continue;
            yield return RecordSetSigner.Sign(records, keys.Single(key => key.KeyTag == data.KeyTag && (byte)key.Algorithm == data.Algorithm), apex, validity);
        }
    }

    private static ResourceRecord FlipLastBit(ResourceRecord record)
    {
        var data = record.Data.ToArray();
        data[^1] ^= 1;
        return record with { Data = new Octets(data) };
    }
}
