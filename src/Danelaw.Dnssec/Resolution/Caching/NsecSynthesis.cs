using System.Diagnostics.CodeAnalysis;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Dnssec.Resolution.Caching;

/// <summary>Replies made of kept NSEC records (RFC 8198 §5.1, §5.3).</summary>
internal readonly ref struct NsecSynthesis(SecureSets sets, ZoneDenials denials, DateTimeOffset now)
{
    internal bool TryCompose(Question question, [NotNullWhen(true)] out Reply? reply)
    {
        reply = null;
        var name = question.Name;
        var first = denials.FindNsec(name);
        if (!TryRead(first, out var record, out var set)) return false;
        if (record.Owner.Equals(name) && OneAnswer.IsFor(record, question.Type)) return false;
        if (record.Owner.Equals(name) || record.Next.IsBelow(name)) return TryDeny(question, first!, [record], [set], out reply);
        if (!record.Covers(denials.Zone, name) || !record.ClosestEncloser(name).TryToWildcardChild(out var wildcard)) return false;

        // RFC 8198 §5.3: the name does not exist, so a wildcard stands for it if there is one.
        if (TryExpand(question, wildcard, [record], set, out reply)) return true;
        var second = denials.FindNsec(wildcard);
        if (TryRead(second, out var other, out var itsSet) && other.Owner.Equals(wildcard) && OneAnswer.IsFor(other, question.Type)) return false;
        if (second == first) return TryDeny(question, first!, [record], [set], out reply);
        return itsSet is not null && TryDeny(question, first!, [record, other], [set, itsSet], out reply);
    }

    /// <summary>A denial, if the records prove it just as they would if they came in a reply.</summary>
    private bool TryDeny(Question question, CacheEntry first, NsecRecord[] records, SignedSet[] proof, [NotNullWhen(true)] out Reply? reply)
    {
        reply = null;
        var verdict = new NsecDenial(denials.Zone, records).Prove(question.Name, question.Type);
        if (verdict.Kind is not (DenialKind.NoData or DenialKind.NameError)) return false;
        var isNameError = verdict.SaysNoName ? first.IsNameError : verdict.Kind == DenialKind.NameError;
        reply = Reply.Compose(question, isNameError ? ResponseCode.NameError : ResponseCode.NoError, denials.Zone, null, WithSoa(sets, denials.Zone, proof, now));
        return true;
    }

    private bool TryExpand(Question question, DomainName wildcard, NsecRecord[] records, SignedSet proof, [NotNullWhen(true)] out Reply? reply)
    {
        reply = null;
        var nextCloser = question.Name.Suffix(wildcard.LabelCount);
        return new NsecDenial(denials.Zone, records).ProvesAbsence(nextCloser)
            && TryExpand(sets, question, wildcard, denials.Zone, proof, now, out reply);
    }

    /// <summary>What a wildcard holds, as the records of a name that it stands for: those of the type, or an alias.</summary>
    internal static bool TryExpand(SecureSets sets, Question question, DomainName wildcard, DomainName zone, SignedSet proof, DateTimeOffset now, [NotNullWhen(true)] out Reply? reply)
    {
        reply = null;

        // RFC 4592 §4: a wildcard neither delegates nor stands at an apex, and what a DNAME at one would mean is undefined.
        if (question.Type is RecordType.DS or RecordType.DNSKEY or RecordType.SOA or RecordType.DNAME or RecordType.NSEC) return false;
        if (!sets.TryGet(wildcard, question.Type, question.Name, now, out var set, out var signer)
            && !sets.TryGet(wildcard, RecordType.CNAME, question.Name, now, out set, out signer)) return false;
        if (!signer.Equals(zone)) return false;
        reply = Reply.Compose(question, ResponseCode.NoError, zone, new(set), new(proof));
        return true;
    }

    /// <summary>The zone's SOA belongs to a denial (RFC 2308 §3), if it is there.</summary>
    internal static SetTable WithSoa(SecureSets sets, DomainName zone, ReadOnlySpan<SignedSet> proof, DateTimeOffset now) =>
        sets.TryGet(zone, RecordType.SOA, zone, now, out var soa, out var signer) && signer.Equals(zone) ? new([soa, .. proof]) : new(proof);

    private bool TryRead(CacheEntry? entry, out NsecRecord record, [NotNullWhen(true)] out SignedSet? set)
    {
        record = default;
        if (!sets.TryGet(entry, now, out set) || !NsecData.TryRead(set.Data[0], out var data)) return false;
        record = new(set.Owner, data.NextName, data.Types);
        return true;
    }
}
