using System.Collections.Immutable;
using System.Net;
using Danelaw.Checks;
using Danelaw.Dns;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Servers;

/// <summary>One address of a name server with all that it said.</summary>
/// <param name="Host">The name server.</param>
/// <param name="Address">The address.</param>
/// <param name="Probes">What it was asked.</param>
internal sealed record JudgedServer(DomainName Host, IPAddress Address, ImmutableArray<ServerProbe> Probes)
{
    /// <summary>Whoever has more keys, or DS records, than anybody needs is not judged by them: holding each against each is work that others could make at will.</summary>
    internal const int MostKeys = 32;

    internal ServerProbe? Soa => Of(ServerQuestion.Soa);

    internal ServerProbe? NonName => Of(ServerQuestion.NonName);

    /// <summary>RDATA of its keys; null when it gave none.</summary>
    internal ImmutableArray<Octets>? Keys => Of(ServerQuestion.Keys) is { IsAnswer: true, Records: > 0 and <= MostKeys } keys ? keys.Data : null;

    internal ServerProbe? Of(ServerQuestion kind) => Best(probe => probe.Question == kind);

    internal ServerProbe? Answer(Question question) => Best(probe => probe.Question == ServerQuestion.Answer && probe.Asked == question);

    internal ServerFinding Says(string code, Severity severity, string text, string mend, Question about = default) => new(Host, Address, code, severity, text, mend) { About = about };

    /// <summary>What came over one transport.</summary>
    internal JudgedServer Over(bool isTcp) => this with { Probes = [.. Probes.Where(probe => probe.IsTcp == isTcp)] };

    /// <summary>What came over UDP, as most resolvers ask; over TCP when that brought nothing and nothing over UDP did.</summary>
    private ServerProbe? Best(Func<ServerProbe, bool> isMeant)
    {
        var udp = Probes.FirstOrDefault(probe => isMeant(probe) && !probe.IsTcp);
        return udp is { IsReplied: true } || Probes.Any(probe => probe is { IsTcp: false, IsReplied: true }) ? udp : Probes.FirstOrDefault(probe => isMeant(probe) && probe.IsTcp) ?? udp;
    }
}

/// <summary>What is known of all servers of a zone together.</summary>
/// <param name="Evidence">What was gathered.</param>
/// <param name="Now">When it is judged.</param>
/// <param name="IsSigned">Whether the zone is signed.</param>
/// <param name="Newest">Who has the newest copy.</param>
/// <param name="Answers">What servers with the newest copy answer to each question, and how many do.</param>
/// <param name="Signers">The DS set that servers of the zone above have; null when it is not known.</param>
/// <param name="Keys">The DNSKEY set that more servers have than any other, by its digest; null when there is none such.</param>
internal sealed record ServerView(
    ServerEvidence Evidence,
    DateTimeOffset Now,
    bool IsSigned,
    NewestCopies Newest,
    Dictionary<Question, Dictionary<(ResponseCode? Code, string Digest), int>> Answers,
    ImmutableArray<Octets>? Signers,
    string? Keys)
{
    internal DomainName Zone => Evidence.Zone!.Value;

    internal (ResponseCode? Code, string Digest) Said(ServerProbe answer) => ServerJudge.Said(answer, Evidence.IsOnTheWay);

    /// <summary>The type is enough where one name is looked into; on the way of a check its owner stands before it.</summary>
    internal string Name(Question question) => !Evidence.IsOnTheWay ? RecordTypes.ToText(question.Type) : $"{Say.Name(question.Name)} {RecordTypes.ToText(question.Type)}";
}
