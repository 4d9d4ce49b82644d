using System.Globalization;
using Danelaw.Checks;
using Danelaw.Dns;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Servers;

/// <summary>Judges what one server of a zone signs and denies, and how large its answers are. Pure.</summary>
internal static class SigningJudge
{
    private static readonly TimeSpan WarnBefore = TimeSpan.FromDays(2);
    private static readonly TimeSpan AlarmBefore = TimeSpan.FromDays(1);

    internal static IEnumerable<ServerFinding> OfServer(JudgedServer server, ServerView view)
    {
        foreach (var finding in OfDeniedNames(server, view)) yield return finding;
        if (OfEnds(server, view) is { } end) yield return end;
        if (OfKeys(server, view) is { } keys) yield return keys;
        if (OfSizes(server, view) is { } size) yield return size;
        if (DelegationJudge.OfServer(server, view) is { } lost) yield return lost;
    }

    /// <summary>The DNSKEY set, by its digest, that more of the servers with the newest copy have than any other; null for none.</summary>
    internal static string? UsualKeys(List<JudgedServer> servers, NewestCopies newest)
    {
        var sets = servers.Where(server => newest.Has(server) && server.Keys is not null).GroupBy(server => server.Of(ServerQuestion.Keys)!.Digest).OrderByDescending(group => group.Count()).ToArray();
        return sets.Length == 1 || (sets.Length > 1 && sets[0].Count() > sets[1].Count()) ? sets[0].Key : null;
    }

    /// <summary>Whether an answer came cut short over UDP, and over TCP, where it is asked for again, not at all.</summary>
    internal static bool IsCutShort(ServerProbe probe) => !probe.IsReplied && probe.Detail.StartsWith(Exchange.NotWholeOverUdp, StringComparison.Ordinal);

    /// <summary>RFC 8020 §2: nothing exists below a name that does not.</summary>
    private static IEnumerable<ServerFinding> OfDeniedNames(JudgedServer server, ServerView view)
    {
        foreach (var denied in server.Probes.Where(probe => probe is { Question: ServerQuestion.EmptyNonTerminal, IsReplied: true, Code: ResponseCode.NameError }))
        {
            var below = view.Evidence.Questions.Where(question => question.Type == RecordType.TLSA && question.Name.Parent == denied.Asked.Name)
                .FirstOrDefault(question => server.Answer(question) is { IsAnswer: true } answer && (answer.Records > 0 || answer.HasAlias));
            if (below == default) continue;
            var (name, owner) = (Say.Name(denied.Asked.Name), Say.Name(below.Name));
            yield return server.Says(FindingCodes.DnssecEmptyNonTerminal, Severity.Error,
                $"says that there is no name {name} (NXDOMAIN), and has {owner} below it: resolvers that ask from the top down (RFC 9156), or know that nothing exists below a name that does not (RFC 8020 §2), never see the TLSA records.",
                $"Bring the server up to date, or let it make its names anew (PowerDNS: pdnsutil rectify-zone {Say.Name(view.Zone)}); a server that answers so for names without records of their own cannot hold TLSA records.", below);
        }
    }

    /// <summary>Of all signatures that the server gave the one that ends first.</summary>
    private static ServerFinding? OfEnds(JudgedServer server, ServerView view)
    {
        // A set that does not validate is told as that.
        var sets = server.Probes.Where(probe => probe is { IsReplied: true } && probe.Status != Security.Bogus).SelectMany(probe => Signatures(probe, view.Zone))
            .Select(one => (one.Set, one.Signature, Left: Left(one.Signature, view.Now))).Where(one => one.Left > TimeSpan.Zero && IsNear(one.Signature, one.Left)).ToArray();
        if (sets.Length == 0) return null;
        var (set, signature, left) = sets.MinBy(one => one.Left);
        var isAlarm = left < AlarmBefore && left < Validity(signature) / 8;
        return server.Says(FindingCodes.DnssecSignatureEnds, isAlarm ? Severity.Error : Severity.Warning,
            $"gives a signature over {Say.Name(set.Name)} {RecordTypes.ToText(set.Type)} that ends at {view.Now + left:yyyy-MM-dd HH:mm} UTC, in {Words(left)}, though it was made for {Words(Validity(signature))}: after that the answer is bogus, and senders that know DANE do not connect.",
            $"See why {Say.Name(view.Zone)} is not signed anew (the signer's log and clock), or why the new copy does not reach this server.");
    }

    private static ServerFinding? OfKeys(JudgedServer server, ServerView view)
    {
        if (!view.Newest.Has(server) || server.Keys is not { } keys || server.Of(ServerQuestion.Keys)!.Digest == view.Keys) return null;
        return server.Says(FindingCodes.DnssecKeyOneServer, Severity.Error,
            $"has the keys {Say.List(keys.Select(Tag))} of {Say.Name(view.Zone)} (DNSKEY), and {(view.Keys is null ? "others have" : "most of the others have")} another set, from a copy that is as new: what one of them has signed does not validate for whoever has another's keys.",
            "Publish one and the same DNSKEY set on every server; where several sign, each publishes the keys of all (RFC 8901 §3).");
    }

    /// <summary>RFC 9715 §3.2: what is larger than 1232 octets does not pass everywhere in one datagram; it is cut short, and asked for again over TCP.</summary>
    private static ServerFinding? OfSizes(JudgedServer server, ServerView view)
    {
        if (server.Probes.FirstOrDefault(probe => !probe.IsTcp && IsCutShort(probe)) is { } lost)
            return server.Says(FindingCodes.ServerAnswerLarge, Severity.Error, $"has an answer for {What(lost, view)} that is too large for a datagram of 1232 octets, and does not give it over TCP either: nobody gets it.", "Let the server listen on TCP port 53, and make the answer smaller.");
        var large = server.Probes.Where(probe => probe is { IsTcp: false, IsReplied: true, IsLarge: true }).ToArray();
        if (large.Length == 0) return null;

        // Keys are few and kept long; of TLSA records and denials every sender asks anew.
        return server.Says(FindingCodes.ServerAnswerLarge, large.All(probe => probe.Question == ServerQuestion.Keys) ? Severity.Note : Severity.Warning,
            $"needs more than 1232 octets for {Say.List(large.Select(probe => string.Create(CultureInfo.InvariantCulture, $"{What(probe, view)} ({probe.Size})")))}: that is cut short over UDP and asked for again over TCP, which takes longer and does not pass everywhere.",
            "Have fewer and smaller records: 3 1 1 instead of whole certificates, keys of algorithm 13 (ECDSA P-256) instead of RSA, one key at a time.");
    }

    private static string What(ServerProbe probe, ServerView view) => probe.Question switch
    {
        ServerQuestion.NonName or ServerQuestion.EmptyNonTerminal => "a denial",
        ServerQuestion.Answer => view.Name(probe.Asked),
        ServerQuestion.Soa or ServerQuestion.Keys or ServerQuestion.ChildDs or ServerQuestion.ChildKeys or ServerQuestion.Ds => RecordTypes.ToText(probe.Asked.Type),
    };

    /// <summary>The zone's signatures in a reply: of each set the one that lasts longest, for one good one is enough.</summary>
    internal static IEnumerable<(Question Set, RrsigData Signature)> Signatures(ServerProbe probe, DomainName zone)
    {
        var best = new Dictionary<Question, RrsigData>();
        foreach (var record in probe.Answers.Concat(probe.Authorities))
        {
            if (record.Type != RecordType.RRSIG || !RrsigData.TryRead(record.Data, out var signature) || signature.SignerName != zone) continue;
            var set = new Question(record.Owner, signature.TypeCovered);
            if (!best.TryGetValue(set, out var known) || Seconds(known.Expiration, signature.Expiration) > 0) best[set] = signature;
        }

        return best.Select(pair => (pair.Key, pair.Value));
    }

    /// <summary>
    /// Whether somebody should look: two days before the end, or the TTL when that is more, for until then caches must be served. Whoever signs anew for each answer makes signatures that last a day
    /// or two: for those it is what is left of the whole that counts.
    /// </summary>
    private static bool IsNear(in RrsigData signature, TimeSpan left)
    {
        var timeToLive = TimeSpan.FromSeconds(signature.OriginalTtl);
        return left < (timeToLive > WarnBefore ? timeToLive : WarnBefore) && left < Validity(signature) / 4;
    }

    internal static TimeSpan Validity(in RrsigData signature) => TimeSpan.FromSeconds(Seconds(signature.Inception, signature.Expiration));

    private static TimeSpan Left(in RrsigData signature, DateTimeOffset now) => TimeSpan.FromSeconds(Seconds(unchecked((uint)now.ToUnixTimeSeconds()), signature.Expiration));

    /// <summary>RFC 4034 §3.1.5, RFC 1982 §3.2: only differences have a meaning.</summary>
    private static int Seconds(uint from, uint to) => unchecked((int)(to - from));

    private static string Words(TimeSpan time)
    {
        var (count, unit) = time.TotalHours < 2 ? ((int)time.TotalMinutes, "minute") : time.TotalDays < 3 ? ((int)time.TotalHours, "hour") : ((int)time.TotalDays, "day");
        return string.Create(CultureInfo.InvariantCulture, $"{count} {unit}{(count == 1 ? "" : "s")}");
    }

    internal static string Tag(Octets key) => DnskeyData.TryRead(key, out var view) ? string.Create(CultureInfo.InvariantCulture, $"{view.KeyTag()}") : "that cannot be read";
}
