using System.Collections.Immutable;
using System.Net;
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
    public static ServerReport Judge(ServerEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        var servers = evidence.Probes.GroupBy(probe => (probe.Host, probe.Address)).Select(group => new Server(group.Key.Host, group.Key.Address, [.. group])).ToList();
        var zone = evidence.Zone is { } its ? Say.Name(its) : "";
        var newest = Newest(servers);
        var answers = OfNewest(servers, newest);
        var view = new View(
            evidence,
            evidence.NameServers is { Security: Security.Secure } || servers.Exists(server => server.Soa is { IsSigned: true }),
            newest,
            servers.Exists(server => server.Answer is { IsReplied: true, Code: ResponseCode.NoError or ResponseCode.NameError }),
            answers,
            Usual(answers));
        var findings = new List<Finding>();
        var rows = ImmutableArray.CreateBuilder<ServerRow>();
        foreach (var server in servers)
        {
            var own = FindingsOf(server, view).ToList();
            findings.AddRange(own);
            rows.Add(new(server.Host, server.Address, [.. own.Select(finding => finding.Code)], server.Probes));
        }

        foreach (var host in evidence.WithoutAddress)
            findings.Add(new(FindingCodes.ServerUnreachable, Severity.Error, Say.Name(host), $"{Say.Name(host)}, a name server of {zone}, has no address that could be looked up.", $"Give {Say.Name(host)} an address, or take it out of the NS records of {zone}."));
        return new(evidence, rows.ToImmutable(), [.. findings.OrderByDescending(finding => finding.Severity)]);
    }

    private static IEnumerable<Finding> FindingsOf(Server server, View view)
    {
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
        var overUdp = isUdp ? FindingsOf(server.Over(isTcp: false), view, "") : [];
        var overTcp = isTcp ? FindingsOf(server.Over(isTcp: true), view, isUdp ? " over TCP" : "") : [];
        foreach (var finding in overUdp.Concat(overTcp).DistinctBy(finding => finding.Code)) yield return finding;
    }

    /// <summary>What a server answered over one transport.</summary>
    private static IEnumerable<Finding> FindingsOf(Server server, View view, string how)
    {
        var zone = Say.Name(view.Evidence.Zone!.Value);
        var type = RecordTypes.ToText(view.Evidence.Question.Type);

        // A server that does not have the zone answers everything else wrongly too (RFC 1912 §2.8).
        if (server.Soa is { IsReplied: true } soa && (soa.Code != ResponseCode.NoError || !soa.IsAuthoritative || soa.Serial is null))
        {
            yield return server.Says(FindingCodes.ServerLame, Severity.Error, $"does not serve {zone}{how} ({(soa.Code is { } code && code != ResponseCode.NoError ? ResponseCodes.ToText(code) : "no authoritative answer")}), though the NS records name it.", $"Load {zone} on this server, or take it out of the NS records.");
            yield break;
        }

        var lags = server.Soa is { Serial: { } serial } && view.Newest is { } newest && IsOlder(serial, newest);
        if (lags)
        {
            // RFC 2182 §5: an old copy is usual for a moment; what it answers otherwise is what senders see.
            var isOther = server.Answer is { IsReplied: true } old && view.OfNewest.Count > 0 && !view.OfNewest.ContainsKey((old.Code, old.Digest));
            yield return server.Says(FindingCodes.ServerSerialLag, isOther ? Severity.Error : Severity.Warning, $"has serial {server.Soa!.Serial}{how}, others have {view.Newest}: it answers with an old copy of {zone}{(isOther ? $", and gives another {type} answer" : "")}.", "See whether zone transfers reach it: NOTIFY, the transfer's access list, TSIG keys, and its log.");
        }

        if (view.IsSigned && server.Soa is { IsReplied: true, IsSigned: false })
        {
            yield return server.Says(FindingCodes.ServerUnsigned, Severity.Error, $"gives no signatures with DO{how}, though {zone} is signed: validating resolvers that ask it get no answer.", $"Load the signed copy of {zone} on this server, and see that it supports DNSSEC.");
            yield break;
        }

        var isBare = view is { IsSigned: true, Evidence.Question.Type: not RecordType.RRSIG } && server.Answer is { IsReplied: true, IsSigned: false, HasDenial: false } bare && (bare.Records > 0 || bare.IsAuthoritative);
        if (view.HasAnswer && server.Answer is { } answer && (!answer.IsReplied || answer.Code is not (ResponseCode.NoError or ResponseCode.NameError or ResponseCode.YXDomain)))
            yield return server.Says(FindingCodes.ServerTypeDropped, Severity.Error, $"answers for SOA and not for {type}{how} ({(answer.Code is { } failed ? ResponseCodes.ToText(failed) : Words(answer.Outcome))}): senders that ask it must take that for an attack (RFC 7672 §2.1.2).", "Look for an old server, a load balancer or a firewall that does not know the type, and let it pass.");
        else if (isBare)
            yield return server.Says(FindingCodes.ServerUnsigned, Severity.Error, $"gives the {type} answer with neither signature nor proof of absence{how}.", $"Sign {zone} anew and load it on this server.");
        else if (!lags && server.Answer is { IsReplied: true } its && view.OfNewest.Count > 1 && (view.Usual is not { } usual || (its.Code, its.Digest) != usual))
            yield return server.Says(FindingCodes.ServerDiffers, Severity.Error, $"gives another {type} answer than {(view.Usual is null ? "others do" : "most of the others")}, with the same serial{how}.", "Load the same zone on every server, and raise the serial with every change.");

        var isUnproven = view.IsSigned && server.NonName is { IsReplied: true } none && (none.Code is not (ResponseCode.NameError or ResponseCode.NoError) || (!none.HasDenial && none.Records == 0));
        if (isUnproven)
            yield return server.Says(FindingCodes.ServerDenial, Severity.Error, $"does not prove that a name does not exist{how} ({(server.NonName!.Code is { } said ? ResponseCodes.ToText(said) : "")}, no NSEC or NSEC3 with it).", $"Sign {zone} anew with its whole NSEC or NSEC3 chain, and load it on this server.");

        // What lacks its signatures or its proof is bogus for that.
        if (server.Probes.FirstOrDefault(probe => probe.Status == Security.Bogus && !(isBare && probe.Question == ServerQuestion.Answer) && !(isUnproven && probe.Question == ServerQuestion.NonName)) is { } bogus)
            yield return server.Says(FindingCodes.ServerBogus, Severity.Error, $"gives {What(bogus.Question, type)} that is bogus{how}: {bogus.Why}.", $"Load the zone as it is signed now on this server; where all servers are so, sign {zone} anew (danelaw lookup --trace shows which link of the chain is broken).");
    }

    private static string What(ServerQuestion question, string type) => question switch
    {
        ServerQuestion.Answer => $"an answer for {type}",
        ServerQuestion.Soa => "an SOA answer",
        ServerQuestion.NonName => "a denial",
    };

    /// <summary>RFC 1982 §3.2.</summary>
    private static bool IsOlder(uint serial, uint than) => unchecked((int)(than - serial)) > 0;

    private static uint? Newest(List<Server> servers)
    {
        uint? newest = null;
        foreach (var server in servers)
            if (server.Soa is { Code: ResponseCode.NoError, IsAuthoritative: true, Serial: { } serial } && (newest is not { } known || IsOlder(known, serial))) newest = serial;
        return newest;
    }

    /// <summary>The answers that servers with the newest copy give, and how many give each.</summary>
    private static Dictionary<(ResponseCode? Code, string Digest), int> OfNewest(List<Server> servers, uint? newest) =>
        servers.Where(server => server.Soa?.Serial == newest && server.Answer is { IsReplied: true, Code: ResponseCode.NoError or ResponseCode.NameError or ResponseCode.YXDomain, IsAuthoritative: true })
            .GroupBy(server => (server.Answer!.Code, server.Answer.Digest)).ToDictionary(group => group.Key, group => group.Count());

    /// <summary>The answer that more servers give than any other; null where no answer has that.</summary>
    private static (ResponseCode? Code, string Digest)? Usual(Dictionary<(ResponseCode? Code, string Digest), int> answers)
    {
        var most = answers.Values.DefaultIfEmpty().Max();
        return answers.Count(pair => pair.Value == most) == 1 ? answers.First(pair => pair.Value == most).Key : null;
    }

    private static string Words(ExchangeOutcome outcome) => outcome == ExchangeOutcome.TimedOut ? "no reply" : outcome == ExchangeOutcome.NoDescriptors ? "not asked" : outcome.ToString().ToLowerInvariant();

    /// <summary>What is known of all servers together.</summary>
    private sealed record View(ServerEvidence Evidence, bool IsSigned, uint? Newest, bool HasAnswer, Dictionary<(ResponseCode? Code, string Digest), int> OfNewest, (ResponseCode? Code, string Digest)? Usual);

    private sealed record Server(DomainName Host, IPAddress Address, ImmutableArray<ServerProbe> Probes)
    {
        public ServerProbe? Soa => Best(ServerQuestion.Soa);

        public ServerProbe? Answer => Best(ServerQuestion.Answer);

        public ServerProbe? NonName => Best(ServerQuestion.NonName);

        public Finding Says(string code, Severity severity, string text, string mend) => new(code, severity, $"{Say.Name(Host)} [{Address}]", $"{Say.Name(Host)} at {Address} {text}", mend);

        /// <summary>What came over one transport.</summary>
        public Server Over(bool isTcp) => this with { Probes = [.. Probes.Where(probe => probe.IsTcp == isTcp)] };

        /// <summary>What came over UDP, as most resolvers ask; over TCP when that brought nothing and nothing over UDP did.</summary>
        private ServerProbe? Best(ServerQuestion question)
        {
            var udp = Probes.FirstOrDefault(probe => probe.Question == question && !probe.IsTcp);
            return udp is { IsReplied: true } || Probes.Any(probe => probe is { IsTcp: false, IsReplied: true }) ? udp : Probes.FirstOrDefault(probe => probe.Question == question && probe.IsTcp) ?? udp;
        }
    }
}
