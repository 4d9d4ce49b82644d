using System.Collections.Immutable;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Dnssec.Validation;

internal sealed partial class ChainOfTrust
{
    /// <summary>What the denial in a reply proves with the keys of one zone, whatever they are worth: for telling, not for judging.</summary>
    internal static DenialProof Prove(Evidence evidence, ValidationPolicy policy, DateTimeOffset now, Reply reply, ZoneTrust zone, DomainName name, RecordType type)
    {
        var judge = new ChainOfTrust(evidence, policy, now);
        return Told(judge.ReadDenials(reply, zone), records => records.Prove(name, type, reply.Code == ResponseCode.NameError, judge.Work));
    }

    /// <summary>Whether the reply proves with the keys of one zone that a name does not exist: for telling, not for judging.</summary>
    internal static DenialProof ProveAbsence(Evidence evidence, ValidationPolicy policy, DateTimeOffset now, Reply reply, ZoneTrust zone, DomainName name)
    {
        var judge = new ChainOfTrust(evidence, policy, now);
        return Told(judge.ReadDenials(reply, zone), records => records.ProveAbsence(name, judge.Work));
    }

    /// <summary>What is still to be asked to find the zone that holds a name: for telling, where judging stopped before.</summary>
    internal static ImmutableArray<Question> NeedsToPlace(Evidence evidence, ValidationPolicy policy, DateTimeOffset now, DomainName name)
    {
        var judge = new ChainOfTrust(evidence, policy, now);
        return judge.FindPlace(name).Standing == Standing.Pending ? [.. judge._needs] : [];
    }

    private static DenialProof Told(DenialRecords records, Func<DenialRecords, DenialProof> prove)
    {
        if (records.IsOverLimit) return DenialProof.Unproven(records.Fault!.Text);
        var proof = prove(records);
        return proof.Kind == DenialKind.Unproven && (records.Fault ?? records.Unfit ?? records.TooManyIterations) is { } fault ? DenialProof.Unproven(fault.Text) : proof;
    }
}
