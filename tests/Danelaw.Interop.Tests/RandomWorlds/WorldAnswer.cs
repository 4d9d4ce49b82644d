using Danelaw.Dns.Messages;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dns.Zones;
using Danelaw.Dnssec.Resolution;
using Danelaw.Interop.Tests.Lookup;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.RandomWorlds;

/// <summary>What one resolver made of a question, in comparable form.</summary>
/// <param name="Status">Its verdict.</param>
/// <param name="Code">The response code; null when no reply came.</param>
/// <param name="Records">The answer's records without signatures, in one spelling, sorted.</param>
/// <param name="Why">Its reason, for people.</param>
internal sealed record WorldAnswer(PeerStatus Status, ResponseCode? Code, string Records, string Why)
{
    // RFC 8914: the extended errors that are judgements of data.
    private static readonly ushort[] Judgements = [6, 7, 8, 9, 10, 11, 12, 27];

    /// <summary>For a sender bogus and failed are one (RFC 7672 §2.1.1), and for whoever is shown SERVFAIL.</summary>
    public bool IsRefused => Status is PeerStatus.Bogus or PeerStatus.Failed;

    /// <summary>The types of the records that it shows.</summary>
    public IEnumerable<RecordType> Types => Records.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => RecordTypes.TryParse(line.Split(' ')[1], out var type) ? type : throw new FormatException(line)).Distinct();

    public static WorldAnswer Of(Answer answer) => new(
        LibraryLookup.StatusOf(answer),
        answer.ResponseCode,
        answer.IsFailure ? "" : Text(answer.Chain.SelectMany(link => link.Records.Records)),
        $"{answer.Reason}: {answer.Explanation}");

    /// <summary>unbound's reply: AD is secure, an answer without it insecure, SERVFAIL bogus when an extended error says so.</summary>
    public static WorldAnswer Of(Exchange exchange)
    {
        if (exchange.Message is not { } message) return new(PeerStatus.Failed, null, "", $"{exchange.Outcome} {exchange.Detail}");
        var error = message.ExtendedError;
        var status = message.ResponseCode switch
        {
            ResponseCode.NoError or ResponseCode.NameError or ResponseCode.YXDomain => message.Flags.HasFlag(MessageFlags.AuthenticData) ? PeerStatus.Secure : PeerStatus.Insecure,
            ResponseCode.ServerFailure when error is { } told && Judgements.Contains(told.Code) => PeerStatus.Bogus,
            _ => PeerStatus.Failed,
        };
        var why = error is { } it ? $"EDE {it.Code} {it.Text}" : "";
        return new(status, message.ResponseCode, status < PeerStatus.Insecure ? "" : Text(message.Answers), why);
    }

    private static string Text(IEnumerable<ResourceRecord> records) =>
        string.Join('\n', records.Where(record => record.Type != RecordType.RRSIG)
            .Select(record => $"{record.Owner.ToCanonical()} {RecordTypes.ToText(record.Type)} {RecordText.Format(record.Type, RecordData.ToCanonical(record.Type, record.Data))}").Distinct().Order(StringComparer.Ordinal));

    public override string ToString() => $"{Status} {Code} ({Why})";
}
