using System.Collections.Immutable;
using Danelaw.Checks;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Servers;

/// <summary>Judges what a zone's servers answered: each by itself, and all beside one another. A pure function of the evidence.</summary>
public static class ServerJudge
{
    /// <summary>Judges.</summary>
    /// <param name="evidence">What was gathered.</param>
    /// <param name="now">When: signatures are near their end, or not, at this moment.</param>
    public static ServerReport Judge(ServerEvidence evidence, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        var servers = evidence.Probes.GroupBy(probe => (probe.Host, probe.Address)).Select(group => new JudgedServer(group.Key.Host, group.Key.Address, [.. group])).ToList();
        var zone = evidence.Zone is { } its ? Say.Name(its) : "";
        var newest = new NewestCopies(servers);
        var signers = DelegationJudge.UsualSigners(evidence);
        var view = new ServerView(
            evidence,
            now,
            evidence.NameServers is { Security: Security.Secure } || servers.Exists(server => server.Soa is { IsSigned: true }) || DelegationJudge.IsSigningDemanded(evidence, signers),
            newest,
            evidence.Questions.Distinct().ToDictionary(question => question, question => OfNewest(servers, newest, question, evidence.IsOnTheWay)),
            signers,
            SigningJudge.UsualKeys(servers, newest));
        var findings = new List<Finding>();
        var rows = ImmutableArray.CreateBuilder<ServerRow>();
        foreach (var server in servers)
        {
            var own = FindingsOf(server, view).ToList();
            findings.AddRange(own.Select(finding => finding.ToFinding()));
            rows.Add(new(server.Host, server.Address, [.. own.Select(finding => finding.Code).Distinct()], server.Probes) { Findings = [.. own] });
        }

        foreach (var host in evidence.WithoutAddress)
            findings.Add(new(FindingCodes.ServerUnreachable, Severity.Error, Say.Name(host), $"{Say.Name(host)}, a name server of {zone}, has no address that could be looked up.", $"Give {Say.Name(host)} an address, or take it out of the NS records of {zone}."));
        findings.AddRange(evidence.Aliases.Select(host => OfAlias(host, evidence, zone)));
        findings.AddRange(DelegationJudge.OfZone(view, servers));
        return new(evidence, rows.ToImmutable(), [.. findings.OrderByDescending(finding => finding.Severity)]);
    }

    /// <summary>A server whose name is an alias. Resolvers that go by the RFC do not ask it; where there is no other, they find nobody.</summary>
    private static Finding OfAlias(DomainName host, ServerEvidence evidence, string zone)
    {
        var isOnly = evidence.Addresses.All(target => evidence.Aliases.Contains(target.Host));
        return new(FindingCodes.ServerAlias, isOnly ? Severity.Error : Severity.Warning, Say.Name(host),
            $"{Say.Name(host)}, a name server of {zone}, is an alias (CNAME), which the name of a name server must not be (RFC 2181 §10.3): resolvers such as BIND do not ask it{(isOnly ? $", and {zone} has no other, so that they find nothing there" : "")}.",
            $"Name the server itself in the NS records of {zone}, and in those that the zone above has; or give {Say.Name(host)} addresses in place of the alias.");
    }

    private static IEnumerable<ServerFinding> FindingsOf(JudgedServer server, ServerView view)
    {
        // What this machine could not ask says nothing of the server.
        if (server.Probes.All(probe => probe.IsNotAsked)) yield break;
        if (!server.Probes.Any(probe => probe.IsReplied))
        {
            var first = server.Probes[0];
            if (first.Outcome == ExchangeOutcome.NoDescriptors)
            {
                yield return server.Says(FindingCodes.ServerUnreachable, Severity.Error, $"was not asked: {first.Detail}.", "Let the process open more files: ulimit -n 4096 in the shell, LimitNOFILE=4096 in a systemd unit.");
                yield break;
            }

            yield return server.Says(FindingCodes.ServerUnreachable, Severity.Error, $"does not answer at all ({(first.Detail.Length > 0 ? first.Detail : "no reply")}).", "Look whether the server runs, and whether a firewall lets UDP and TCP port 53 through; or take it out of the NS records.");
            yield break;
        }

        // RFC 7766 §5: TCP is no longer an option.
        var isUdp = server.Probes.Any(probe => probe is { IsTcp: false, IsReplied: true });
        var isTcp = server.Probes.Any(probe => probe is { IsTcp: true, IsReplied: true });
        if (!isTcp)
            yield return server.Says(FindingCodes.ServerNoTcp, Severity.Error, "answers over UDP and not over TCP (RFC 7766 §5): large answers, such as many TLSA records, never arrive.", "Let the server listen on TCP port 53, and the firewall let it through.");
        else if (!isUdp)
            yield return server.Says(FindingCodes.ServerUnreachable, Severity.Error, "answers over TCP and not over UDP.", "Let UDP port 53 through the firewall.");

        // What is wrong over both is told once.
        var isLost = DelegationJudge.IsLost(server, view);
        var overUdp = isUdp ? FindingsOf(server.Over(isTcp: false), view, "", isLost) : [];
        var overTcp = isTcp ? FindingsOf(server.Over(isTcp: true), view, isUdp ? " over TCP" : "", isLost) : [];
        foreach (var finding in overUdp.Concat(overTcp).DistinctBy(finding => (finding.Code, finding.About, finding.IsOfBothFamilies))) yield return finding;
        if (server.Soa is { HasZone: true }) foreach (var finding in SigningJudge.OfServer(server, view)) yield return finding;
    }

    /// <summary>What a server answered over one transport.</summary>
    private static IEnumerable<ServerFinding> FindingsOf(JudgedServer server, ServerView view, string how, bool isLost)
    {
        var zone = Say.Name(view.Evidence.Zone!.Value);

        // A server that does not have the zone answers everything else wrongly too (RFC 1912 §2.8).
        if (server.Soa is { IsReplied: true, HasZone: false } soa)
        {
            yield return server.Says(FindingCodes.ServerLame, Severity.Error, $"does not serve {zone}{how} ({(soa.Code is { } code && code != ResponseCode.NoError ? ResponseCodes.ToText(code) : "no authoritative answer")}), though the NS records name it.", $"Load {zone} on this server, or take it out of the NS records.");
            yield break;
        }

        var newer = view.Newest.Above(server.Soa);
        var lags = newer is not null;
        if (lags)
        {
            // RFC 2182 §5: an old copy is usual for a moment; what it answers otherwise is what senders see.
            var other = view.Answers.FirstOrDefault(pair => server.Answer(pair.Key) is { IsReplied: true } old && pair.Value.Count > 0 && !pair.Value.ContainsKey(view.Said(old))).Key;
            var isOther = other != default;
            yield return server.Says(FindingCodes.ServerSerialLag, isOther ? Severity.Error : Severity.Warning, $"has serial {server.Soa!.Serial}{how}, others have {newer}: it answers with an old copy of {zone}{(isOther ? $", and gives another {view.Name(other)} answer" : "")}.", "See whether zone transfers reach it: NOTIFY, the transfer's access list, TSIG keys, and its log.");
        }

        if (view.IsSigned && server.Soa is { IsReplied: true, IsSigned: false })
        {
            yield return server.Says(FindingCodes.ServerUnsigned, Severity.Error, $"gives no signatures with DO{how}, though {(DelegationJudge.IsSigningDemanded(view.Evidence, view.Signers) ? $"the DS records of {zone} demand them (RFC 4035 §5.2)" : $"{zone} is signed")}: validating resolvers that ask it get no answer.", $"Load the signed copy of {zone} on this server, and see that it supports DNSSEC.");
            yield break;
        }

        var unsound = new HashSet<ServerProbe>();
        foreach (var question in view.Evidence.Questions)
            if (server.Answer(question) is { } answer && OfAnswer(server, answer, question, lags, view, how) is { } finding)
            {
                unsound.Add(answer);

                // Both families are told with the first of them.
                if (!finding.IsOfBothFamilies || question.Type == RecordType.A) yield return finding;
            }

        if (view.IsSigned && server.NonName is { IsReplied: true } none && (none.Code is not (ResponseCode.NameError or ResponseCode.NoError) || (!none.HasDenial && none.Records == 0)))
        {
            unsound.Add(none);
            yield return server.Says(FindingCodes.ServerDenial, Severity.Error, $"does not prove that a name does not exist{how} ({(none.Code is { } said ? ResponseCodes.ToText(said) : "")}, no NSEC or NSEC3 with it).", $"Sign {zone} anew with its whole NSEC or NSEC3 chain, and load it on this server.");
        }

        // What lacks its signatures or its proof is bogus for that.
        if (server.Probes.FirstOrDefault(probe => probe.Status == Security.Bogus && !unsound.Contains(probe)) is { } bogus && !isLost)
            yield return server.Says(FindingCodes.ServerBogus, Severity.Error, $"gives {What(bogus, view)} that is bogus{how}: {WithoutServer(bogus.Why)}.", $"Load the zone as it is signed now on this server; where all servers are so, sign {zone} anew (danelaw lookup --trace shows which link of the chain is broken).");
    }

    /// <summary>The one thing that is wrong with an answer, if any.</summary>
    private static ServerFinding? OfAnswer(JudgedServer server, ServerProbe answer, Question question, bool lags, ServerView view, string how)
    {
        var (zone, what) = (Say.Name(view.Evidence.Zone!.Value), view.Name(question));
        if (IsDropped(answer))
        {
            // What over UDP came cut short and over TCP not at all is told as that.
            if (answer.IsNotAsked || SigningJudge.IsCutShort(answer)) return null;
            var isOfBoth = IsDroppedAlike(server, answer, question, view);
            return server.Says(FindingCodes.ServerTypeDropped, Severity.Error, $"answers for SOA and not for {what}{(isOfBoth ? " and AAAA" : "")}{how} ({(answer.Code is { } failed ? ResponseCodes.ToText(failed) : Words(answer.Outcome))}): senders that ask it must take that for an attack (RFC 7672 §2.1.2).", Passing(server, answer, question), question) with { IsOfBothFamilies = isOfBoth };
        }

        if (question.Type == RecordType.TLSA && answer.Code == ResponseCode.NameError && !lags && WhyNoNameError(answer, question, view) is { } why)
            return server.Says(FindingCodes.ServerTlsaNameError, Severity.Error, $"says that there is no name {Say.Name(question.Name)} (NXDOMAIN){how}, {why}: senders that ask it must take that for an attack, or find no TLSA record (RFC 7672 §2.1.2).", $"Load {zone} as the others have it on this server; where a load balancer or a filter answers in its place, let it pass questions for TLSA on.", question);
        if (view.IsSigned && question.Type != RecordType.RRSIG && answer is { IsSigned: false, HasDenial: false } && (answer.Records > 0 || answer.IsAuthoritative))
            return server.Says(FindingCodes.ServerUnsigned, Severity.Error, $"gives the {what} answer with neither signature nor proof of absence{how}.", $"Sign {zone} anew and load it on this server.", question);
        if (lags || view.Answers[question] is not { Count: > 1 } answers) return null;
        var usual = Usual(answers);
        return usual is { } most && view.Said(answer) == most ? null
            : server.Says(FindingCodes.ServerDiffers, Severity.Error, $"gives another {what} answer than {(usual is null ? "others do" : "most of the others")}, from a copy that is as new{how}.", "Load the same zone on every server, and raise the serial with every change.", question);
    }

    private static bool IsDropped(ServerProbe answer) => !answer.IsReplied || answer.Code is not (ResponseCode.NoError or ResponseCode.NameError or ResponseCode.YXDomain);

    /// <summary>Whether the other family of the same name is dropped in the same way: one cause, mostly.</summary>
    private static bool IsDroppedAlike(JudgedServer server, ServerProbe answer, Question question, ServerView view)
    {
        if (question.Type is not (RecordType.A or RecordType.AAAA)) return false;
        var other = question with { Type = question.Type == RecordType.A ? RecordType.AAAA : RecordType.A };
        return view.Evidence.Questions.Contains(other) && server.Answer(other) is { IsNotAsked: false } twin && IsDropped(twin) && !SigningJudge.IsCutShort(twin) && (twin.Outcome, twin.Code) == (answer.Outcome, answer.Code);
    }

    /// <summary>What to do where one type is not answered. Of an alias that leads in a circle some servers say SERVFAIL too.</summary>
    private static string Passing(JudgedServer server, ServerProbe answer, Question question) =>
        (answer.Code == ResponseCode.ServerFailure ? $"See first whether an alias stands there that leads in a circle, or nowhere:\ndig +norecurse @{server.Address} {ShellWord.QuoteName(Say.Name(question.Name))} CNAME\nIf not, look" : "Look")
        + " for an old server, a load balancer or a firewall that does not know the type, and let it pass.";

    /// <summary>Why the name exists all the same; null when nothing says so.</summary>
    private static string? WhyNoNameError(ServerProbe answer, Question question, ServerView view) =>
        view.Answers[question].Keys.Any(HasRecords) ? "where another server has records"
        : view.IsSigned && !answer.HasDenial ? "and proves nothing of it"
        : null;

    private static string What(ServerProbe probe, ServerView view) => probe.Question switch
    {
        ServerQuestion.Answer => $"an answer for {view.Name(probe.Asked)}",
        ServerQuestion.Soa => "an SOA answer",
        ServerQuestion.NonName or ServerQuestion.EmptyNonTerminal => "a denial",
        ServerQuestion.Keys or ServerQuestion.ChildDs or ServerQuestion.ChildKeys or ServerQuestion.Ds => $"an answer for {RecordTypes.ToText(probe.Asked.Type)}",
    };

    /// <summary>The sentence begins with the server, and other servers may do the same.</summary>
    private static string WithoutServer(string why) => why.IndexOf("; the reply is from ", StringComparison.Ordinal) is > 0 and var end ? why[..end] : why;

    /// <summary>The answers that servers with the newest copy give, and how many give each. Where one has records, whoever denies the very name is wrong, and gives no other answer.</summary>
    private static Dictionary<(ResponseCode? Code, string Digest), int> OfNewest(List<JudgedServer> servers, NewestCopies newest, Question question, bool isOnTheWay)
    {
        var answers = servers.Where(newest.Has).Select(server => server.Answer(question)).OfType<ServerProbe>()
            .Where(answer => answer is { IsReplied: true, Code: ResponseCode.NoError or ResponseCode.NameError or ResponseCode.YXDomain, IsAuthoritative: true })
            .GroupBy(answer => Said(answer, isOnTheWay)).ToDictionary(group => group.Key, group => group.Count());
        if (question.Type != RecordType.TLSA || !answers.Keys.Any(HasRecords)) return answers;
        return answers.Where(pair => pair.Key.Code != ResponseCode.NameError).ToDictionary();
    }

    private static bool HasRecords((ResponseCode? Code, string Digest) said) => said is { Code: ResponseCode.NoError, Digest.Length: > 0 };

    /// <summary>What is compared. Addresses may be given by turns or by where the asker is: whoever asks for them alone is told of that, beside a check it is no fault.</summary>
    internal static (ResponseCode? Code, string Digest) Said(ServerProbe answer, bool isOnTheWay) =>
        (answer.Code, isOnTheWay && answer is { Asked.Type: RecordType.A or RecordType.AAAA, Records: > 0 } ? "some" : answer.Digest);

    /// <summary>The answer that more servers give than any other; null where no answer has that.</summary>
    private static (ResponseCode? Code, string Digest)? Usual(Dictionary<(ResponseCode? Code, string Digest), int> answers)
    {
        var most = answers.Values.DefaultIfEmpty().Max();
        return answers.Count(pair => pair.Value == most) == 1 ? answers.First(pair => pair.Value == most).Key : null;
    }

    private static string Words(ExchangeOutcome outcome) => outcome == ExchangeOutcome.TimedOut ? "no reply" : outcome == ExchangeOutcome.NoDescriptors ? "not asked" : outcome.ToString().ToLowerInvariant();
}
