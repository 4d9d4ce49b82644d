using System.Collections.Immutable;
using Danelaw.Discovery;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Validation;
using Danelaw.Servers;

namespace Danelaw.Checks.Findings;

/// <summary>Why a lookup failed or is insecure, and what to do about it.</summary>
internal static class LookupWords
{
    /// <summary>What went wrong, as a clause.</summary>
    internal static string Of(Answer answer) => answer.Security switch
    {
        Security.Bogus => "the answer is bogus, " + answer.Explanation,
        Security.Indeterminate or Security.Insecure or Security.Secure => answer.Explanation,
    };

    internal static string WhyInsecure(Answer answer) => answer.Explanation;

    /// <summary>How a name becomes secure.</summary>
    internal static string Secure(Answer answer, DomainName name, CheckEvidence evidence, CheckOptions options)
    {
        if (answer is { Reason: LookupReason.InsecureDelegation, InsecureZone: { } cut }) return Secure(cut, evidence, options);
        var zone = $"the zone of {Say.Name(name)}";
        return answer.Reason switch
        {
            LookupReason.UnsupportedAlgorithms => $"Sign {zone} with an algorithm in use, such as 13 (ECDSA P-256), with a DS record of digest type 2 (SHA-256).",
            LookupReason.TooManyIterations => $"Set the NSEC3 iterations of {zone} to 0 (RFC 9276).",
            LookupReason.NegativeAnchor => "Run the check again without --negative-anchor.",
            LookupReason.NoTrustAnchor => "Give the check a trust anchor at or above this name.",
            LookupReason.OptOut => $"Sign {zone} with DNSSEC and have its DS record published in the parent zone. If it is signed already, its NSEC3 opt-out leaves this name out: turn opt-out off, or publish the records at the name itself and not at a wildcard.",
            _ => $"Sign {zone} with DNSSEC and have its DS record published in the parent zone.",
        };
    }

    /// <summary>How a zone becomes secure whose delegation has no DS record: the same words for every name in it.</summary>
    private static string Secure(DomainName zone, CheckEvidence evidence, CheckOptions options)
    {
        var name = Say.Name(zone);
        var keys = evidence.UntrustedKeys.FirstOrDefault(answer => answer.Question.Name == zone && !answer.HasFailed);
        if (keys is { Records.Data: var set } && DelegationJudge.Lines(zone, [.. set]) is { Length: > 0 } lines)
            return $"{name} is signed already, and its parent zone has no DS record for it. Hand this to the registrar of {name}, or to whoever runs the parent zone, once your signer shows the same:\n{lines}\nWhat is missing then:\n{Say.Dnssec(zone, options)}\n";
        return $"{(keys is null ? "" : $"{name} is not signed. ")}Sign {name} with DNSSEC and have its DS record published in the parent zone, step by step:\n{Say.Dnssec(zone, options)}\n";
    }

    /// <summary>What is told of a zone once need not be told again: later findings point to it.</summary>
    internal static IEnumerable<Finding> OncePerZone(IEnumerable<Finding> findings, CheckEvidence evidence, CheckOptions options)
    {
        var mends = evidence.Lookups.Where(answer => answer.Reason == LookupReason.InsecureDelegation).Select(answer => answer.InsecureZone).OfType<DomainName>().Distinct()
            .Select(zone => (Zone: zone, Mend: Secure(zone, evidence, options))).ToArray();
        var told = new Dictionary<DomainName, Finding>();
        foreach (var finding in findings)
        {
            var (zone, mend) = mends.FirstOrDefault(one => finding.Mend.StartsWith(one.Mend, StringComparison.Ordinal));
            if (mend is null) yield return finding;
            else if (told.TryAdd(zone, finding)) yield return finding with { Mend = $"{mend}{finding.Mend[mend.Length..].Trim()}".TrimEnd() };
            else yield return finding with { Mend = $"Make {Say.Name(zone)} secure first, as is said of {told[zone].Subject} ({told[zone].Code}).{(finding.Mend.Length > mend.Length ? " " : "")}{finding.Mend[mend.Length..].Trim()}" };
        }
    }

    /// <summary>What is at fault where an answer says nothing of the zone, as the beginning of a sentence: the resolver in use. Null for all other answers.</summary>
    internal static string? OfResolver(Answer answer, CheckOptions options) =>
        options.IsIterating ? null
        : answer.Reason == LookupReason.Unreachable ? "The resolver in use cannot be reached"
        : answer.Failure is { IsOfResolver: true } ? "The resolver in use passes no signatures on"
        : null;

    /// <summary>What follows from a failed lookup for those who ask; nothing, where only the resolver in use is at fault.</summary>
    internal static string Consequence(Answer answer, CheckOptions options, string name, string otherwise) => OfResolver(answer, options) is null ? otherwise : $"This says nothing of {name}.";

    /// <summary>What to do where name servers may have shown the cause.</summary>
    internal static string Mend(Answer answer, CheckOptions options, ImmutableArray<ServerReport> zones) =>
        (ServerFindings.CauseOf(answer, zones) is { } cause ? $"Mend first what is told of {cause.Subject} ({cause.Code}). " : "") + Mend(answer, options);

    internal static string Mend(Answer answer, CheckOptions options)
    {
        var chain = $"The whole chain:\n{Say.Trace(answer, options)}";
        if (answer.Failure is { IsOfResolver: true } && !options.IsIterating)
            return $"Name another resolver with --resolver, or ask without one (--iterate): the one in use, or something before it, passes no signatures on, and the zone need not be at fault. Leave its DS record as it is. {chain}";
        if (CheckBudget.IsSpent(answer)) return "Run the check again, with a longer --timeout if it happens again.";
        if (answer.Security == Security.Bogus)
        {
            return answer.Reason switch
            {
                LookupReason.SignatureExpired => $"Sign the zone anew and look why its signer has stopped. {chain}",
                LookupReason.SignatureNotYetValid => $"Set the clock of the machine that signs, then sign anew. {chain}",
                // The key is there, or the reason would be another: it is the signature that is not.
                LookupReason.KeySetUnsigned => $"See whether the servers serve an unsigned copy of the zone, or one that was not signed with the key-signing key, and load the signed one; the DS record names a key that is there, so leave it as it is. {chain}",
                LookupReason.KeyDoesNotMatchDs or LookupReason.KeyMissing or LookupReason.KeyUnfit => $"Make the DS record in the parent zone agree with the keys of the zone. {chain}",
                _ => $"Mend the zone's signatures; validating senders get no answer until then. {chain}",
            };
        }

        var who = $"To see who was asked:\n{Say.Trace(answer, options)}";
        return answer.Reason switch
        {
            LookupReason.NotRecorded => "The recording does not hold this answer; check anew.",
            LookupReason.AliasLoop => "Break the circle of aliases.",
            LookupReason.Unreachable when options.IsIterating => $"Look whether the zone's name servers are up and let this machine in. {who}",
            LookupReason.MalformedReply when options.IsIterating => $"Look at the zone's name servers: they, or something before them, send what cannot be read. {who}",
            LookupReason.TimedOut when options.IsIterating => $"Look whether the zone's name servers are up and answer this question. {who}",

            // Only resolvers are asked, so what could not be reached or talks nonsense is one of them, or stands before it.
            LookupReason.Unreachable => $"Look whether the resolver in use is up and lets this machine in, or name another with --resolver; this says nothing of the zone. {who}",
            LookupReason.MalformedReply => $"Name another resolver with --resolver. If that one's reply can be read, the first, or something before it, is at fault, and not the zone. {who}",
            LookupReason.ServerFailed when answer.ResponseCode == ResponseCode.Refused && !options.IsIterating => $"Let this machine ask the resolver in use (its access list), or name another with --resolver. {who}",
            LookupReason.TimedOut => $"Look whether the zone's name servers are up and answer this question; then whether the resolver in use is. {who}",
            _ => $"Ask the zone's name servers one by one; a server that fails on this type of record breaks DANE, and so does an alias that leads in a circle. {who}",
        };
    }
}
