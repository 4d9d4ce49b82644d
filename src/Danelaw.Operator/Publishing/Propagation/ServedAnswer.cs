using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Resolution;
using Danelaw.Operator.Rollover;
using Danelaw.Tlsa;

namespace Danelaw.Operator.Publishing.Propagation;

/// <summary>Reads what an authoritative server answered.</summary>
internal static class ServedAnswer
{
    /// <summary>Why there is nothing to judge, as a phrase; null when there is.</summary>
    internal static string? FaultOf(Exchange exchange)
    {
        if (exchange.Outcome != ExchangeOutcome.Replied || exchange.Message is not { } message) return exchange.Detail.Length > 0 ? exchange.Detail : "no answer";
        if (message.ResponseCode is not (ResponseCode.NoError or ResponseCode.NameError)) return $"it answers {ResponseCodes.ToText(message.ResponseCode)}";

        // A server that has the zone says so (RFC 1035 §4.1.1); what another has heard of it is no evidence.
        return (message.Flags & MessageFlags.AuthoritativeAnswer) == 0 ? "it does not serve the zone" : null;
    }

    /// <summary>Whether the name is an alias by what the server says; a DNAME comes with the CNAME that it makes (RFC 6672 §3.1).</summary>
    internal static bool HasAlias(Exchange exchange, DomainName name) => exchange.Message!.Answers.Any(record => record.Type == RecordType.CNAME && record.Owner == name);

    /// <summary>Where a judged alias leads; null when there is none.</summary>
    internal static DomainName? TargetOf(Answer alias)
    {
        var set = alias.Chain.Select(link => link.Records).FirstOrDefault(records => records.Type == RecordType.CNAME && records.Owner == alias.Question.Name);
        return set is not null && NameData.TryRead(set.Data[0], out var view) ? view.Name : null;
    }

    /// <summary>The records; one that cannot be read counts as a record without data, which matches nothing.</summary>
    internal static TlsaSet RecordsOf(Answer answer) =>
        answer.Records is { } set ? TlsaSet.Of(set.Data.Select(data => TlsaRecord.TryFromRecordData(data, out var record) ? record : default)) : TlsaSet.Empty;

    /// <summary>Whether a signature says that a wildcard gives a name its TLSA records: it tells how many labels the owner had that was signed (RFC 4034 §3.1.3).</summary>
    /// <returns>False also where nothing is signed.</returns>
    internal static bool IsFromWildcard(IEnumerable<ResourceRecord> answers, DomainName name) => LabelsSigned(answers, name) < name.LabelCount;

    /// <summary>How many labels the owner of a name's TLSA records had when they were signed; null where nothing is signed.</summary>
    internal static int? LabelsSigned(IEnumerable<ResourceRecord> answers, DomainName name)
    {
        foreach (var record in answers)
            if (record.Type == RecordType.RRSIG && record.Owner == name && RrsigData.TryRead(record.Data, out var signature) && signature.TypeCovered == RecordType.TLSA) return signature.Labels;
        return null;
    }

    /// <summary>
    /// The largest TTL, in seconds, that a cache may begin to count down from for a set of an answer; 0 without any. A signed one is kept no longer than its signature says (RFC 4035 §5.3.3),
    /// whatever TTL was sent: that anybody in between can alter.
    /// </summary>
    internal static uint LargestOf(Answer answer) => answer.Chain.Max(link => (uint?)(link.OriginalTimeToLive ?? Kept(link.Records.TimeToLive))) ?? 0;

    /// <summary>How long a cache may keep this answer at most; zero of one that is none.</summary>
    internal static TimeSpan TimeToLiveOf(Exchange exchange, Answer answer)
    {
        if (answer.IsFailure) return TimeSpan.Zero;
        var proof = exchange.Message!.Authorities;
        var largest = LargestOf(answer);
        foreach (var record in proof)
        {
            // RFC 2308 §5. Resolvers from before RFC 9077 keep the records of a proof for their own TTL, and answer by them (RFC 8198), beside a wildcard's records too.
            if (record.Type == RecordType.SOA && answer.Records is null && SoaData.TryRead(record.Data, out var soa)) largest = Math.Max(largest, Math.Min(Signed(record), soa.Minimum));
            else if (record.Type is RecordType.NSEC or RecordType.NSEC3) largest = Math.Max(largest, Signed(record));
        }

        return TimeSpan.FromSeconds(largest);

        // Which of several signatures is the right one is not told here: the largest TTL counts, within what caches keep.
        uint Signed(ResourceRecord record)
        {
            uint? original = null;
            foreach (var other in proof)
                if (other.Type == RecordType.RRSIG && other.Owner == record.Owner && RrsigData.TryRead(other.Data, out var signature) && signature.TypeCovered == record.Type) original = Math.Max(original ?? 0, signature.OriginalTtl);
            return Kept(original ?? record.TimeToLive);
        }
    }

    /// <summary>A TTL that no verified signature vouches for counts as no more than caches keep of any.</summary>
    private static uint Kept(uint timeToLive) => Math.Min(timeToLive, (uint)TimeToLiveMemory.LongestKept.TotalSeconds);
}
