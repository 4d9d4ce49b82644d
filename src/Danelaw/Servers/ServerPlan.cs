using System.Text;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Records;

namespace Danelaw.Servers;

/// <summary>What a server is asked that has the zone.</summary>
internal sealed class ServerPlan
{
    private readonly bool _isWholeOverTcp;

    private ServerPlan(bool isWholeOverTcp) => _isWholeOverTcp = isWholeOverTcp;

    /// <summary>One name and type is looked into: all of it over UDP and TCP.</summary>
    internal static ServerPlan OfLookup { get; } = new(isWholeOverTcp: true);

    /// <summary>A check asks for all that lies on its way, and over TCP for TLSA alone, of which there may be many.</summary>
    internal static ServerPlan OfCheck { get; } = new(isWholeOverTcp: false);

    /// <summary>Whether servers of the zone above are asked for the DS set.</summary>
    internal bool AsksAbove => !_isWholeOverTcp;

    /// <summary>What comes after the SOA, one after the other.</summary>
    /// <param name="soa">What the server said of the SOA.</param>
    /// <param name="evidence">The zone, and the names that are asked for.</param>
    /// <param name="nonName">The label of the name that does not exist.</param>
    internal IEnumerable<(ServerQuestion Kind, Question Question)> After(ServerProbe soa, ServerEvidence evidence, string nonName)
    {
        var zone = evidence.Zone!.Value;
        var isWhole = _isWholeOverTcp || !soa.IsTcp;
        foreach (var question in evidence.Questions)
            if (isWhole || question.Type == RecordType.TLSA) yield return (ServerQuestion.Answer, question);
        if (isWhole && zone.TryPrepend(Encoding.ASCII.GetBytes(nonName), out var name)) yield return (ServerQuestion.NonName, new(name, RecordType.A));
        if (_isWholeOverTcp || soa.IsTcp) yield break;

        // RFC 8020 §2: a name above one that exists does so too. Whoever asks from the top down (RFC 9156) gets no further where a server denies it.
        foreach (var above in evidence.Questions.Where(question => question.Type == RecordType.TLSA).Select(question => question.Name.Parent).Distinct())
            if (above.IsBelow(zone)) yield return (ServerQuestion.EmptyNonTerminal, new(above, RecordType.A));
        if (!soa.IsSigned) yield break;
        yield return (ServerQuestion.Keys, new(zone, RecordType.DNSKEY));
        yield return (ServerQuestion.ChildDs, new(zone, RecordType.CDS));
        yield return (ServerQuestion.ChildKeys, new(zone, RecordType.CDNSKEY));
    }
}
