using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Dnssec.Validation;

/// <summary>A verified NSEC3 record: the hash that owns it, and what it says.</summary>
internal readonly record struct Nsec3Record(Octets Hash, Nsec3Data Data);

/// <summary>What verified NSEC3 records of one zone, with one salt and one number of iterations, prove (RFC 5155 §8). Pure but for the count of hashes.</summary>
/// <remarks>
/// A record <i>matches</i> the name whose hash owns it, and <i>covers</i> the names whose hashes lie between its own and the next. The <i>closest encloser</i>
/// of a name is its longest ancestor that exists, shown by a match; the <i>next closer</i> name is one label longer, and is shown not to exist by being covered.
/// </remarks>
internal sealed class Nsec3Denial(DomainName zone, IReadOnlyList<Nsec3Record> records, Work work)
{
    private bool _isOverLimit;

    /// <summary>Judges the denial of a type at a name of the zone.</summary>
    /// <param name="name">The name.</param>
    /// <param name="type">The type.</param>
    /// <param name="isNameError">Whether the reply says that the name does not exist at all.</param>
    internal DenialProof Prove(DomainName name, RecordType type, bool isNameError)
    {
        var proof = ProveAny(name, type, isNameError);
        return _isOverLimit ? new(DenialKind.OverLimit) : proof;
    }

    /// <summary>RFC 5155 §8.8: that no closer name exists than the wildcard that a set was made from.</summary>
    internal DenialProof ProveAbsence(DomainName nextCloser)
    {
        var covering = FindCovering(nextCloser);
        if (_isOverLimit) return new(DenialKind.OverLimit);
        return covering is { } record ? new(DenialKind.NameError, IsOptOut: record.Data.IsOptOut) : DenialProof.Unproven($"no NSEC3 record covers {nextCloser} (RFC 5155 §8.8)");
    }

    private DenialProof ProveAny(DomainName name, RecordType type, bool isNameError)
    {
        // RFC 5155 §8.5, §8.6: the record that matches the name lists its types.
        if (FindMatching(name) is { } own)
        {
            var proof = DenialProof.OfTypes(own.Data.Types, type, name.IsRoot, isWildcard: false);
            return proof.Kind == DenialKind.Unproven ? DenialProof.Unproven($"the NSEC3 record of {name} does not deny it: {proof.Why}") : proof with { BeginsOptOut = own.Data.IsOptOut };
        }

        for (var labels = name.LabelCount - 1; labels >= zone.LabelCount && !_isOverLimit; labels--)
        {
            var closestEncloser = name.Suffix(labels);
            if (FindMatching(closestEncloser) is not { } enclosing) continue;
            var nextCloser = name.Suffix(labels + 1);
            return ProveBelow(closestEncloser, enclosing, nextCloser, type, isNameError) with { NextCloser = nextCloser };
        }

        return DenialProof.Unproven("no NSEC3 record matches an ancestor of the name (RFC 5155 §8.3)");
    }

    private DenialProof ProveBelow(DomainName closestEncloser, Nsec3Record enclosing, DomainName nextCloser, RecordType type, bool isNameError)
    {
        // RFC 5155 §8.3: the closest encloser is neither a delegation nor a DNAME: below those the zone says nothing.
        if (DenialProof.EndsAuthority(enclosing.Data.Types))
            return DenialProof.Unproven($"the NSEC3 record of {closestEncloser}, a delegation or DNAME, says nothing about names below it (RFC 5155 §8.3)");

        // RFC 5155 §8.3: the next closer name is covered.
        if (FindCovering(nextCloser) is not { } covering) return DenialProof.Unproven($"no NSEC3 record covers {nextCloser} (RFC 5155 §8.3)");
        var isOptOut = covering.Data.IsOptOut;

        if (closestEncloser.TryToWildcardChild(out var wildcard))
        {
            // RFC 5155 §8.7: the wildcard exists, and lists its types.
            if (FindMatching(wildcard) is { } its)
            {
                var proof = DenialProof.OfTypes(its.Data.Types, type, isRoot: false, isWildcard: true);
                return proof.Kind == DenialKind.Unproven ? DenialProof.Unproven($"the NSEC3 record of {wildcard} does not deny it: {proof.Why}") : proof with { IsOptOut = isOptOut };
            }

            // RFC 5155 §8.4: the wildcard does not exist.
            if (FindCovering(wildcard) is not null) return new(DenialKind.NameError, IsOptOut: isOptOut);
        }

        // RFC 5155 §6, §8.6: over the next closer name the span may hide an unsigned delegation, in which a type may be missing.
        if (isOptOut && !isNameError) return new(DenialKind.NoData, IsOptOut: true);
        return DenialProof.Unproven($"no NSEC3 record denies the wildcard below {closestEncloser} (RFC 5155 §8.4)");
    }

    private Nsec3Record? FindMatching(DomainName name)
    {
        if (Hash(name) is not { } hash) return null;
        foreach (var record in records)
            if (record.Hash.Span.SequenceEqual(hash)) return record;
        return null;
    }

    private Nsec3Record? FindCovering(DomainName name)
    {
        if (Hash(name) is not { } hash) return null;
        foreach (var record in records)
            if (Covers(record, hash)) return record;
        return null;
    }

    /// <summary>Hashes are compared as octets, both from binary form (RFC 5155 §3.1.7); behind the last one stands the first (RFC 5155 §3.1.7).</summary>
    internal static bool Covers(in Nsec3Record record, ReadOnlySpan<byte> hash)
    {
        var isBehind = record.Hash.Span.SequenceCompareTo(hash) < 0;
        var isBefore = hash.SequenceCompareTo(record.Data.NextHash.Span) < 0;
        return record.Hash.Span.SequenceCompareTo(record.Data.NextHash.Span) < 0
            ? isBehind && isBefore
            : isBehind || (isBefore && !record.Hash.Span.SequenceEqual(hash));
    }

    private byte[]? Hash(DomainName name)
    {
        if (!_isOverLimit && work.TryHash(name, records[0].Data.Iterations, records[0].Data.Salt, out var hash)) return hash;
        _isOverLimit = true;
        return null;
    }
}
