using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Dnssec.Validation;

/// <summary>The records of denial in one reply that a zone's keys verify.</summary>
internal sealed class DenialRecords(DomainName zone)
{
    private readonly List<NsecRecord> _nsec = [];
    private readonly List<Nsec3Record> _nsec3 = [];
    private readonly List<Nsec3Record> _costly = [];

    /// <summary>Why a record does not verify; null when all do.</summary>
    internal Ground? Fault { get; set; }

    /// <summary>Why a record that verifies says nothing here; null when none was set aside for that.</summary>
    internal Ground? Unfit { get; set; }

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

    /// <summary>Adds a record with more iterations than the limit allows.</summary>
    internal void AddCostly(Nsec3Record record) => _costly.Add(record);

    /// <summary>
    /// Judges what the records above the limit of iterations deny. It decides nothing but whether they are about the name at all: insecurity is no proof,
    /// but neither should any record of the zone make any name insecure.
    /// </summary>
    /// <returns>Null where the iterations are more than any zone may have, so that no hash is computed.</returns>
    internal DenialProof? ProveCostly(DomainName name, RecordType type, bool isNameError, Work work) =>
        OfCostly(group => new Nsec3Denial(zone, group, work).Prove(name, type, isNameError));

    /// <summary>The same for a name that is shown not to exist.</summary>
    internal DenialProof? ProveCostlyAbsence(DomainName name, Work work) => OfCostly(group => new Nsec3Denial(zone, group, work).ProveAbsence(name));

    internal void Count(SignatureCheck check)
    {
        TimeToLive = Math.Min(TimeToLive, check.TimeToLive);
        if (check.Use.Expiration < SignatureEnd) SignatureEnd = check.Use.Expiration;
    }

    /// <summary>Judges the denial of a type at a name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="type">The type.</param>
    /// <param name="isNameError">Whether the reply says that the name does not exist at all. Where it exists by the records, they are believed; where it does not, the reply has to agree.</param>
    /// <param name="work">Counts hashes.</param>
    internal DenialProof Prove(DomainName name, RecordType type, bool isNameError, Work work)
    {
        var proof = _nsec.Count > 0 ? new NsecDenial(zone, _nsec).Prove(name, type) : default;
        foreach (var group in Groups(_nsec3))
        {
            if (proof.Kind != DenialKind.Unproven) break;
            proof = new Nsec3Denial(zone, group, work).Prove(name, type, isNameError);
        }

        // RFC 5155 §8.5, §8.6, RFC 4035 §3.1.3.1: who says that a name is there without the type shows the name's record, or that of its wildcard, or an opt-out span.
        return proof is { Kind: DenialKind.NameError, IsOptOut: false } && !isNameError
            ? DenialProof.Unproven("they prove that there is no such name, and the reply says that there is (RFC 4035 §3.1.3.1, RFC 5155 §8.5, §8.6)")
            : proof;
    }

    /// <summary>Judges whether a name is shown not to exist.</summary>
    internal DenialProof ProveAbsence(DomainName name, Work work)
    {
        var proof = ProvesAbsenceByNsec(name) ? new DenialProof(DenialKind.NameError) : default;
        foreach (var group in Groups(_nsec3))
        {
            if (proof.Kind != DenialKind.Unproven) break;
            proof = new Nsec3Denial(zone, group, work).ProveAbsence(name);
        }

        return proof;
    }

    /// <summary>Whether NSEC records alone show that a name does not exist: below a zone cut they never do (RFC 4035 §5.4).</summary>
    internal bool ProvesAbsenceByNsec(DomainName name) => _nsec.Count > 0 && new NsecDenial(zone, _nsec).ProvesAbsence(name);

    private DenialProof? OfCostly(Func<List<Nsec3Record>, DenialProof> prove)
    {
        if (_costly.Count == 0) return null;
        var proof = default(DenialProof);
        foreach (var group in Groups(_costly))
        {
            proof = prove(group);
            if (proof.Kind != DenialKind.Unproven) break;
        }

        return proof;
    }

    /// <summary>RFC 5155 §8.2: only records with the same parameters belong together.</summary>
    private static IEnumerable<List<Nsec3Record>> Groups(List<Nsec3Record> records) => records.Count switch
    {
        0 => [],
        1 => [records],
        _ => records.GroupBy(record => (record.Data.Iterations, record.Data.Salt)).Select(group => group.ToList()),
    };
}
