using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Resolution;

namespace Danelaw.Dnssec.Validation;

/// <summary>For each reason the rule behind it, and the next step of somebody who can mend it. Closed lists: a new reason needs its own.</summary>
internal static class FailureRules
{
    /// <summary>The rule by which a reason decides, where its place has no more precise one.</summary>
    internal static string RuleOf(LookupReason reason) => reason switch
    {
        LookupReason.None or LookupReason.ChainUnavailable or LookupReason.TimedOut or LookupReason.Unreachable or LookupReason.NotRecorded => "RFC 4035 §4.3",
        LookupReason.ValidSignature => "RFC 4035 §5.3",
        LookupReason.ProvenNoData or LookupReason.ProvenNameError => "RFC 4035 §5.4",
        LookupReason.InsecureDelegation or LookupReason.UnsupportedAlgorithms or LookupReason.DelegationProofMissing => "RFC 4035 §5.2",
        LookupReason.OptOut => "RFC 5155 §8.6",
        LookupReason.TooManyIterations => "RFC 9276 §3.2",
        LookupReason.NoTrustAnchor => "RFC 4033 §5",
        LookupReason.NegativeAnchor => "RFC 7646 §2",
        LookupReason.SignatureQuery => "RFC 4035 §2.2",
        LookupReason.SignatureMissing or LookupReason.SignatureExpired or LookupReason.SignatureNotYetValid or LookupReason.SignatureUnfit => "RFC 4035 §5.3.1",
        LookupReason.SignatureTimesReversed => "RFC 4034 §3.1.5",
        LookupReason.SignatureInvalid => "RFC 4035 §5.3.3",
        LookupReason.KeyDoesNotMatchDs or LookupReason.KeyMissing or LookupReason.KeySetUnsigned => "RFC 4035 §5.2",
        LookupReason.KeyUnfit => "RFC 4034 §2.1",
        LookupReason.DenialMissing or LookupReason.DenialInvalid => "RFC 4035 §5.4",
        LookupReason.WildcardProofMissing => "RFC 4035 §5.3.4",
        LookupReason.AliasMismatch => "RFC 6672 §5.3.1",
        LookupReason.ServerFailed => "RFC 1035 §4.1.1",
        LookupReason.MalformedReply => "RFC 1035 §4.1",
        LookupReason.AliasLoop => "RFC 1034 §5.2.2",
        LookupReason.LimitReached => "RFC 4035 §4.3",
    };

    /// <summary>Nobody was asked, because this machine has no descriptors left: no server's fault.</summary>
    /// <param name="what">What could not be done.</param>
    internal static Ground NoDescriptors(string what) =>
        new(LookupReason.LimitReached, $"{what}: this machine gives this process no more file descriptors") { Mend = NoDescriptorsMend };

    internal const string NoDescriptorsMend = "Let the process open more files (ulimit -n 4096 in the shell, LimitNOFILE=4096 in a systemd unit), or have fewer lookups in flight (--concurrency).";

    internal const string ReferralMend = "Give --resolver a resolver: this is a name server that knows its own zones alone, or a resolver that does not serve this machine. With --iterate names are resolved from the root servers, without a resolver.";

    /// <summary>What to do about a resolver that is asked over TLS or HTTPS, and is silent; null for the plain transports.</summary>
    /// <param name="server">Who was silent.</param>
    internal static string? TimedOutMend(DnsServer server) => server.Kind is TransportKind.Tls or TransportKind.Https
        ? $"See that the resolver is up and that the network lets TCP port {server.EndPoint.Port} through; ask another with --resolver, or give it longer with --timeout."
        : null;

    internal const string NotTrustedMend = "See that the resolver's certificate is in force, bears the name or address given with --resolver, and comes from an authority of the machine's store or of --resolver-ca; of HTTPS, that the path is right.";

    /// <summary>What to do about a reply without EDNS, which can bear neither signatures nor records of denial, where these are what is missing; null for any other reply or reason.</summary>
    /// <param name="reason">The reason.</param>
    /// <param name="reply">The reply at fault.</param>
    internal static string? MendWithoutEdns(LookupReason reason, Reply reply)
    {
        if (!LacksEdns(reply) || !IsOfSignatures(reason)) return null;
        return reply.Zone is { } zone
            ? $"Update or replace the name server {reply.Server} of {zone}, which answers without EDNS (RFC 6891): a signed zone cannot be served by it. If dig +dnssec +norecurse @{reply.Server!.EndPoint.Address} shows an OPT record elsewhere, a firewall on the way here takes it out."
            : $"Ask another resolver than {reply.Server}, or from the root (--iterate): this one, or a firewall on the way to it, knows no EDNS (RFC 6891), and nothing signed can come through it.";
    }

    /// <summary>What to do about a resolver that answers and passes no signatures on.</summary>
    /// <param name="reply">Its reply.</param>
    internal static string MendOfResolver(Reply reply) =>
        $"Ask another resolver than {reply.Server} (--resolver), or from the root (--iterate): this one, or something before it, passes no signatures on, of whatever zone, and without them nothing can be proven.";

    /// <summary>Whether a reason is of signatures, keys or records of denial that did not come.</summary>
    internal static bool IsOfSignatures(LookupReason reason) =>
        reason is LookupReason.SignatureMissing or LookupReason.KeySetUnsigned or LookupReason.KeyMissing or LookupReason.DenialMissing or LookupReason.DelegationProofMissing or LookupReason.WildcardProofMissing;

    /// <summary>Whether a reply came without an OPT record and without signatures.</summary>
    internal static bool LacksEdns(Reply reply) => reply is { HasEdns: false, HasSignatures: false, Failure: null, Server: not null };

    /// <summary>What to do next.</summary>
    /// <param name="reason">The reason.</param>
    /// <param name="zone">The zone concerned; null when a resolver failed and it is not known.</param>
    /// <param name="owner">The owner of the RRset concerned.</param>
    /// <param name="type">Its type.</param>
    /// <param name="isAnchor">Whether a configured trust anchor, not a DS set, demands what is missing.</param>
    internal static string MendOf(LookupReason reason, DomainName? zone, DomainName owner, RecordType type, bool isAnchor)
    {
        var set = $"{owner} {RecordTypes.ToText(type)}";
        var servers = zone is not { } its ? $"the zone of {owner}" : its.IsRoot ? "the root" : its.ToString();

        // In a command a name is what a shell is to read as one word: it may come from a stranger.
        var (zoneWord, setWords) = (ShellWord.QuoteName((zone ?? owner).ToString()), $"{ShellWord.QuoteName(owner.ToString())} {RecordTypes.ToText(type)}");
        return reason switch
        {
            LookupReason.SignatureMissing => $"Sign {zone} anew, and see that every name server of it has the signed copy: ask each for {set} with DO set (dig +dnssec +norecurse @SERVER). If their replies bear RRSIG records, something on the way here strips them: ask another resolver.",
            LookupReason.SignatureExpired => $"Have {zone} signed anew and find out why its signer stopped (BIND: rndc dnssec -status and rndc sign {zoneWord}; Knot: knotc zone-sign {zoneWord}). If many zones fail at once, this machine's clock is ahead.",
            LookupReason.SignatureNotYetValid => $"Set the clock of the machine that signs {zone}, then sign again. If many zones fail at once, this machine's clock is behind (timedatectl).",
            LookupReason.SignatureTimesReversed => $"Sign {zone} anew with an end that comes after the beginning: look at the signer's validity settings.",
            LookupReason.SignatureUnfit => $"Publish in {zone} the key that signs it, and let no other zone's signatures stand in it: compare dig {zoneWord} DNSKEY +multi with the key tags and the signer in the RRSIG records of {set}.",
            LookupReason.SignatureInvalid => $"Sign {set} in {zone} anew: what is served is not what was signed. If only some name servers serve it, transfer the zone to them again.",
            LookupReason.KeyDoesNotMatchDs => isAnchor
                ? $"Compare the trust anchor with the keys of {zone} (danelaw anchors, with the options of this lookup), and give the present one with --trust-anchor."
                : $"Hand the parent the DS of a key that {zone} has and that signs its DNSKEY set (dnssec-dsfromkey -2), and have the old DS taken out.",
            LookupReason.KeyMissing => isAnchor
                ? $"Ask the servers of {zone} for its DNSKEY set: if they have none, take the trust anchor away or have the zone signed; if they have, something on the way leaves it out."
                : $"Sign {zone}, or have its DS taken out at the parent.",
            LookupReason.KeySetUnsigned => $"Let a key that the DS names sign the DNSKEY set of {zone}: the key-signing key has to be there with its private part, and active.",
            LookupReason.KeyUnfit => $"Hand the parent the DS of a key of {zone} that has the flags 256 or 257 and the protocol 3, and is a whole public key of its algorithm; a revoked key is never used again.",
            LookupReason.DenialMissing => $"See that the name servers of {zone} give NSEC or NSEC3 records with their denials (dig +dnssec +norecurse @SERVER {setWords}), and replace what leaves them out; through a resolver, try another.",
            LookupReason.DenialInvalid => $"Sign {zone} anew as a whole, so that its chain of NSEC or NSEC3 records fits its names (PowerDNS: pdnsutil rectify-zone {zoneWord}), and transfer it to every name server.",
            LookupReason.WildcardProofMissing => $"See that the name servers of {zone} give, beside what a wildcard makes, the NSEC or NSEC3 record that covers the name; replace or update what leaves it out.",
            LookupReason.DelegationProofMissing => $"See that the name servers of {zone} give NSEC or NSEC3 records with their denials (dig +dnssec +norecurse @SERVER {ShellWord.QuoteName(owner.ToString())} DS): none came that shows whether {owner} is a zone of its own.",
            LookupReason.AliasMismatch => $"See that the name servers of {zone} make the CNAME from the DNAME (RFC 6672), and drop a CNAME of the zone's own below the DNAME.",
            LookupReason.TimedOut => "See that the server is up and that the network lets DNS through, UDP and TCP on port 53; ask another with --resolver, or give it longer with --timeout.",
            LookupReason.Unreachable => "See that the server runs, that its address is right (of a resolver: --resolver, /etc/resolv.conf), and that there is a route to it.",
            LookupReason.ServerFailed => $"Ask the name servers of {servers} one by one (dig +norecurse @SERVER {setWords}) to find the one that fails; REFUSED from a resolver means that it does not serve this machine, from a name server that it does not have the zone.",
            LookupReason.MalformedReply => "Ask another server: this one, or something on the way, sends what is no reply. Its operator has to update or replace it.",
            LookupReason.AliasLoop => $"Follow the aliases from {owner} one by one (danelaw lookup NAME CNAME, with the options of this lookup), and point the last of them to a name that has records.",
            LookupReason.LimitReached => $"Look at {servers} for keys of the same tag, many signatures or NSEC3 iterations, or a long chain of aliases, and reduce them; if it is only slow, try again.",
            LookupReason.ChainUnavailable => $"See that every name server of {servers} can be reached and answers for {set} (dig +dnssec +norecurse @SERVER {setWords}); through a resolver, try another.",
            LookupReason.NotRecorded => "Save the check again (danelaw check --save): the recording does not hold this reply.",
            LookupReason.None => "Try again; if it stays so, report it.",
            LookupReason.ValidSignature or LookupReason.ProvenNoData or LookupReason.ProvenNameError or LookupReason.InsecureDelegation or LookupReason.OptOut
                or LookupReason.UnsupportedAlgorithms or LookupReason.TooManyIterations or LookupReason.NoTrustAnchor or LookupReason.NegativeAnchor or LookupReason.SignatureQuery => "",
        };
    }
}
