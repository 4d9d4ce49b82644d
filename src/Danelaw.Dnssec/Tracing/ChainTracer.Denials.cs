using System.Collections.Immutable;
using System.Text;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Dnssec.Tracing;

internal sealed partial class ChainTracer
{
    /// <summary>A denial with its records, and what each shows.</summary>
    private TracedDenial Denial(Reply reply, DomainName name, RecordType type, DomainName zone)
    {
        var proof = KeysOf(zone) is { } keys
            ? ChainOfTrust.Prove(_evidence, _policy, _now, reply, new ZoneTrust { Zone = zone, Keys = keys }, name, type)
            : DenialProof.Unproven("the keys of the zone are not known");
        return Spread(reply, new(name, type, zone)
        {
            IsProven = proof.Kind is DenialKind.NoData or DenialKind.NameError,
            IsNameError = reply.Code == Dns.Messages.ResponseCode.NameError,
            IsOptOut = proof.IsOptOut,
            Why = proof.Why,
        });
    }

    /// <summary>RFC 4035 §5.3.4, RFC 5155 §8.8: the proof that a wildcard was the closest match.</summary>
    /// <param name="reply">Where the records stand.</param>
    /// <param name="set">What was made from the wildcard.</param>
    /// <param name="valid">The signature that verifies, and so says how many labels the wildcard has; others may say anything.</param>
    private TracedDenial Expansion(Reply reply, SignedSet set, in TracedSignature valid)
    {
        var zone = valid.Signer;
        var nextCloser = set.Owner.Suffix(Math.Min(valid.Labels + 1, set.Owner.LabelCount));
        var proof = KeysOf(zone) is { } keys
            ? ChainOfTrust.ProveAbsence(_evidence, _policy, _now, reply, new ZoneTrust { Zone = zone, Keys = keys }, nextCloser)
            : DenialProof.Unproven("the keys of the zone are not known");
        return Spread(reply, new(nextCloser, RecordType.None, zone)
        {
            IsProven = proof.Kind == DenialKind.NameError,
            IsOptOut = proof.IsOptOut,
            Why = proof.Why,
            ClosestEncloser = nextCloser.Parent,
        });
    }

    /// <summary>Adds the records, each with the name that it matches or covers.</summary>
    private TracedDenial Spread(Reply reply, TracedDenial denial)
    {
        var records = ImmutableArray.CreateBuilder<TracedDenialRecord>();
        foreach (var set in reply.Authority.Sets)
        {
            if (records.Count == _policy.Limits.DenialRecords) break;
            if (!set.Owner.IsAtOrBelow(denial.Zone)) continue;
            if (set.Signatures.Count > 0 && !set.Signatures.Any(each => each.Signature.SignerName.Equals(denial.Zone))) continue;
            if (set.Type == RecordType.NSEC && NsecData.TryRead(set.Data[0], out var nsec)) records.Add(new(Set(set), set.Owner.ToString(), nsec.NextName.ToString(), nsec.Types.ToString()));
            else if (set.Type == RecordType.NSEC3 && Nsec3Data.TryRead(set.Data[0], out var nsec3)) records.Add(Hashed(set, nsec3));
        }

        return Relate(denial with { Records = records.ToImmutable() });
    }

    private TracedDenialRecord Hashed(SignedSet set, in Nsec3Data data) =>
        new(Set(set), set.Owner.IsRoot ? "." : Encoding.ASCII.GetString(set.Owner.GetLabel(0)), Base32(data.NextHash.Span), data.Types.ToString())
        {
            IsHashed = true,
            IsOptOut = data.IsOptOut,
            Iterations = data.Iterations,
        };

    /// <summary>Finds the closest encloser, and for each record the name that it is about: the name itself, its ancestors, the next closer name, the wildcard.</summary>
    private TracedDenial Relate(TracedDenial denial)
    {
        var concerned = new List<DomainName>();
        var encloser = denial.ClosestEncloser;
        var records = denial.Records;
        for (var labels = denial.Name.LabelCount; labels >= denial.Zone.LabelCount; labels--)
        {
            var name = denial.Name.Suffix(labels);
            if (!Mark(ref records, denial.Zone, name, isMatch: true)) continue;
            if (labels < denial.Name.LabelCount) encloser ??= name;
            break;
        }

        // The neighbours of a name tell its longest ancestor that exists (RFC 4035 §5.4).
        foreach (var record in records)
        {
            if (encloser is null && TryReadNsec(record, out var nsec) && nsec.Covers(denial.Zone, denial.Name)) encloser = nsec.ClosestEncloser(denial.Name);
        }

        if (encloser is { } closest && denial.Name.LabelCount > closest.LabelCount)
        {
            concerned.Add(records.Any(record => record.IsHashed) ? denial.Name.Suffix(closest.LabelCount + 1) : denial.Name);
            if (denial.Type != RecordType.None && closest.TryToWildcardChild(out var wildcard))
            {
                _ = Mark(ref records, denial.Zone, wildcard, isMatch: true);
                concerned.Add(wildcard);
            }
        }

        foreach (var name in concerned) _ = Mark(ref records, denial.Zone, name, isMatch: false);
        return denial with { Records = records, ClosestEncloser = encloser };
    }

    private bool Mark(ref ImmutableArray<TracedDenialRecord> records, DomainName zone, DomainName name, bool isMatch)
    {
        for (var i = 0; i < records.Length; i++)
        {
            var record = records[i];
            if (isMatch ? record.Matches is not null || !Matches(record, name) : record.Covers is not null || !Covers(record, zone, name)) continue;
            records = records.SetItem(i, isMatch ? record with { Matches = name } : record with { Covers = name });
            return true;
        }

        return false;
    }

    private bool Matches(TracedDenialRecord record, DomainName name)
    {
        // RFC 4592 §2.2.2: a name that only others stand below exists too; the record before it shows that by the name that follows.
        if (!record.IsHashed) return record.Set.Owner.Equals(name) || (TryReadNsec(record, out var nsec) && nsec.Next.IsBelow(name) && record.Set.Owner.CompareTo(name) < 0);
        Span<byte> own = stackalloc byte[Nsec3Hash.Length];
        Span<byte> hash = stackalloc byte[Nsec3Hash.Length];
        return TryHash(record, name, hash) && TryReadOwner(record, own) && own.SequenceEqual(hash);
    }

    /// <summary>By the judge's own rules.</summary>
    private bool Covers(TracedDenialRecord record, DomainName zone, DomainName name)
    {
        if (!record.IsHashed) return TryReadNsec(record, out var nsec) && nsec.Covers(zone, name);
        Span<byte> hash = stackalloc byte[Nsec3Hash.Length];
        var own = new byte[Nsec3Hash.Length];
        return TryHash(record, name, hash) && TryReadOwner(record, own) && Nsec3Data.TryRead(record.Set.Records.Data[0], out var data) && Nsec3Denial.Covers(new Nsec3Record(new(own), data), hash);
    }

    private static bool TryReadNsec(TracedDenialRecord record, out NsecRecord nsec)
    {
        nsec = default;
        if (record.IsHashed || !NsecData.TryRead(record.Set.Records.Data[0], out var data)) return false;
        nsec = new(record.Set.Owner, data.NextName, data.Types);
        return true;
    }

    private static bool TryReadOwner(TracedDenialRecord record, Span<byte> hash) => !record.Set.Owner.IsRoot && Base32Hex.TryDecode(record.Set.Owner.GetLabel(0), hash);

    /// <summary>Hashes a name as a record wants it; nothing above the limits.</summary>
    private bool TryHash(TracedDenialRecord record, DomainName name, Span<byte> hash)
    {
        if (record.Iterations > _policy.Nsec3IterationLimit || !Nsec3Data.TryRead(record.Set.Records.Data[0], out var data) || data.HashAlgorithm != Nsec3Hash.Sha1Algorithm) return false;
        if (!_work.TryHash(name, data.Iterations, data.Salt, out var hashed)) return false;
        hashed.CopyTo(hash);
        return true;
    }

    private static string Base32(ReadOnlySpan<byte> hash)
    {
        var text = new byte[Base32Hex.EncodedLength(hash.Length)];
        Base32Hex.Encode(hash, text);
        return Encoding.ASCII.GetString(text);
    }
}
