using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Dnssec.Validation;

/// <summary>The records of denial in one reply that a zone's keys verify.</summary>
internal sealed class DenialRecords(DomainName zone)
{
    private readonly List<NsecRecord> _nsec = [];
    private readonly List<Nsec3Record> _nsec3 = [];

    /// <summary>Why records were set aside; null when none was.</summary>
    internal Ground? Fault { get; set; }

    /// <summary>Whether a limit ended the work.</summary>
    internal bool IsOverLimit { get; set; }

    /// <summary>What a verified NSEC3 record with too many iterations makes of a denial that nothing else proves; null without one.</summary>
    internal Ground? TooManyIterations { get; set; }

    /// <summary>The smallest TTL among the records.</summary>
    internal uint TimeToLive { get; private set; } = uint.MaxValue;

    /// <summary>The earliest end of their signatures.</summary>
    internal DateTimeOffset SignatureEnd { get; private set; } = DateTimeOffset.MaxValue;

    internal bool IsEmpty => _nsec.Count == 0 && _nsec3.Count == 0;

    internal void Add(NsecRecord record) => _nsec.Add(record);

    internal void Add(Nsec3Record record) => _nsec3.Add(record);

    internal void Count(SignatureCheck check)
    {
        TimeToLive = Math.Min(TimeToLive, check.TimeToLive);
        if (check.Use.Expiration < SignatureEnd) SignatureEnd = check.Use.Expiration;
    }

    /// <summary>Judges the denial of a type at a name.</summary>
    internal DenialProof Prove(DomainName name, RecordType type, bool isNameError, Work work)
    {
        var proof = _nsec.Count > 0 ? new NsecDenial(zone, _nsec).Prove(name, type) : default;
        foreach (var group in Groups())
        {
            if (proof.Kind != DenialKind.Unproven) break;
            proof = new Nsec3Denial(zone, group, work).Prove(name, type, isNameError);
        }

        return proof;
    }

    /// <summary>Judges whether a name is shown not to exist.</summary>
    internal DenialProof ProveAbsence(DomainName name, Work work)
    {
        var proof = _nsec.Count > 0 && new NsecDenial(zone, _nsec).ProvesAbsence(name) ? new DenialProof(DenialKind.NameError) : default;
        foreach (var group in Groups())
        {
            if (proof.Kind != DenialKind.Unproven) break;
            proof = new Nsec3Denial(zone, group, work).ProveAbsence(name);
        }

        return proof;
    }

    /// <summary>RFC 5155 §8.2: only records with the same parameters belong together.</summary>
    private IEnumerable<List<Nsec3Record>> Groups() => _nsec3.Count switch
    {
        0 => [],
        1 => [_nsec3],
        _ => _nsec3.GroupBy(record => (record.Data.Iterations, record.Data.Salt)).Select(group => group.ToList()),
    };
}
