using System.Diagnostics.CodeAnalysis;
using Danelaw.Dns;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Dnssec.Resolution.Caching;

/// <summary>Replies made of kept NSEC3 records (RFC 8198 §5.2, §5.3). Never over an opt-out span, in which unsigned delegations may lie (RFC 5155 §6).</summary>
internal ref struct Nsec3Synthesis(SecureSets sets, ZoneDenials denials, DateTimeOffset now)
{
    /// <summary>How many rounds of the hash one question may cost: asking the zone costs about as much.</summary>
    private const int MaximumRounds = 500;

    private readonly Nsec3Parameters _parameters = denials.Parameters;
    private int _rounds;

    internal bool TryCompose(Question question, [NotNullWhen(true)] out Reply? reply)
    {
        reply = null;
        var name = question.Name;
        if (!TryFind(name, out var own, out var ownSet)) return false;
        if (own.Match) return !OneAnswer.IsFor(own.Record, question.Type) && TryDeny(question, own.Entry, [own.Record], [ownSet], out reply);

        // RFC 5155 §8.3: the closest encloser is the longest ancestor that exists; the name one label longer is covered.
        var (nextCloser, nextCloserSet) = (own, ownSet);
        for (var labels = name.LabelCount - 1; labels >= denials.Zone.LabelCount; labels--)
        {
            var above = name.Suffix(labels);
            if (!TryFind(above, out var found, out var foundSet)) return false;
            if (!found.Match)
            {
                (nextCloser, nextCloserSet) = (found, foundSet);
                continue;
            }

            // RFC 8198 §4: what an opt-out span holds, nobody has said.
            if (nextCloser.Record.Data.IsOptOut) return false;
            if (DenialProof.EndsAuthority(found.Record.Data.Types) || !above.TryToWildcardChild(out var wildcard)) return false;
            if (NsecSynthesis.TryExpand(sets, question, wildcard, denials.Zone, nextCloserSet, now, out reply)) return true;
            return TryFind(wildcard, out var its, out var itsSet)
                && !(its.Match && OneAnswer.IsFor(its.Record, question.Type))
                && TryDeny(question, found.Entry, [found.Record, nextCloser.Record, its.Record], Distinct(foundSet, nextCloserSet, itsSet), out reply);
        }

        return false;
    }

    private readonly bool TryDeny(Question question, CacheEntry first, Nsec3Record[] records, SignedSet[] proof, [NotNullWhen(true)] out Reply? reply)
    {
        reply = null;
        var verdict = new Nsec3Denial(denials.Zone, records, new Work(Limits.Default)).Prove(question.Name, question.Type, isNameError: false);
        if (verdict.Kind is not (DenialKind.NoData or DenialKind.NameError)) return false;
        var isNameError = verdict.SaysNoName ? first.IsNameError : verdict.Kind == DenialKind.NameError;
        reply = Reply.Compose(question, isNameError ? ResponseCode.NameError : ResponseCode.NoError, denials.Zone, null, NsecSynthesis.WithSoa(sets, denials.Zone, proof, now));
        return true;
    }

    /// <summary>The record that matches a name or covers it; false when none is kept.</summary>
    private bool TryFind(DomainName name, out Found found, [NotNullWhen(true)] out SignedSet? set)
    {
        (found, set) = (default, null);
        _rounds += 1 + _parameters.Iterations;
        if (_rounds > MaximumRounds) return false;
        var hash = new byte[Nsec3Hash.Length];
        Nsec3Hash.Compute(name, _parameters.Iterations, _parameters.Salt.Span, hash);
        if (!Nsec3Hash.TryToOwner(hash, denials.Zone, out var owner)) return false;
        var entry = denials.FindNsec3(owner);
        if (!sets.TryGet(entry, now, out set) || !Nsec3Data.TryRead(set.Data[0], out var data)) return false;
        if (data.Iterations != _parameters.Iterations || data.Salt != _parameters.Salt) return false;
        var start = new byte[Nsec3Hash.Length];
        if (!Base32Hex.TryDecode(set.Owner.GetLabel(0), start)) return false;
        found = new(entry!, new(new Octets(start), data), set.Owner.Equals(owner));
        return found.Match || Nsec3Denial.Covers(found.Record, hash);
    }

    /// <summary>One record may do for two parts of the proof; in a reply it stands once.</summary>
    private static SignedSet[] Distinct(SignedSet first, SignedSet second, SignedSet third)
    {
        var sets = new List<SignedSet>(3) { first };
        foreach (var set in (ReadOnlySpan<SignedSet>)[second, third])
            if (!sets.Exists(other => other.Owner.Equals(set.Owner))) sets.Add(set);
        return [.. sets];
    }

    private readonly record struct Found(CacheEntry Entry, Nsec3Record Record, bool Match);
}
