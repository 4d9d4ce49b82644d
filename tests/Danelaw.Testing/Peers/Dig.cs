using System.Globalization;

namespace Danelaw.Testing.Peers;

/// <summary>One reply as dig shows it.</summary>
/// <param name="Name">The name asked, as it was given to dig.</param>
/// <param name="Type">The type asked.</param>
/// <param name="ResponseCode">The response code's mnemonic; null when no reply came.</param>
/// <param name="IsAuthentic">The AD bit.</param>
/// <param name="ExtendedErrors">The codes of RFC 8914 in the reply.</param>
/// <param name="Answer">The answer section in order, signatures left out, one a line.</param>
public sealed record DigReply(string Name, string Type, string? ResponseCode, bool IsAuthentic, IReadOnlyList<int> ExtendedErrors, IReadOnlyList<string> Answer)
{
    // RFC 8914 §4.2 and §4.6 to §4.13: DNSSEC indeterminate (5 is not bogus), bogus, and each way to be so.
    private static readonly int[] JudgementCodes = [6, 7, 8, 9, 10, 11, 12, 27];

    /// <summary>What a validating resolver says with this reply: AD is secure, an answer without it insecure, SERVFAIL bogus when an extended error says so.</summary>
    public PeerStatus Status => ResponseCode switch
    {
        "NOERROR" or "NXDOMAIN" or "YXDOMAIN" => IsAuthentic ? PeerStatus.Secure : PeerStatus.Insecure,
        "SERVFAIL" when ExtendedErrors.Any(JudgementCodes.Contains) => PeerStatus.Bogus,
        _ => PeerStatus.Failed,
    };
}

/// <summary>Asks a resolver by BIND's dig, many questions in one process.</summary>
public static class Dig
{
    /// <summary>Asks each question with DO set and gives the replies in the order of the questions.</summary>
    /// <param name="server">The resolver's address.</param>
    /// <param name="port">Its port.</param>
    /// <param name="questions">Name and type, the name as in a zone file.</param>
    /// <param name="checkingDisabled">Whether to set CD.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<IReadOnlyList<DigReply>> AskAsync(string server, int port, IReadOnlyList<(string Name, string Type)> questions, bool checkingDisabled = false, CancellationToken cancellationToken = default)
    {
        using var folder = new TestFolder("dig");
        var file = folder.Write("questions", string.Concat(questions.Select(question =>
            $"@{server} -p {port} -q {question.Name} -t {question.Type} +dnssec +nosplit +tries=2 +timeout=5 +noidnin +noidnout{(checkingDisabled ? " +cd" : "")}\n")));
        var result = await PeerProcess.RunAsync(Peer.Require("dig"), ["-f", file], limit: TimeSpan.FromSeconds(120), cancellationToken: cancellationToken);
        var replies = Split(result.Output);
        if (replies.Count != questions.Count) throw new InvalidOperationException($"dig gave {replies.Count} replies to {questions.Count} questions:\n{result.Everything}");
        return [.. replies.Zip(questions, (lines, question) => Read(question.Name, question.Type, lines))];
    }

    /// <summary>Asks one question.</summary>
    public static async Task<DigReply> AskAsync(string server, int port, string name, string type, bool checkingDisabled = false, CancellationToken cancellationToken = default) =>
        (await AskAsync(server, port, [(name, type)], checkingDisabled, cancellationToken))[0];

    // Each question's part begins with dig's banner.
    private static List<List<string>> Split(string output)
    {
        var parts = new List<List<string>>();
        foreach (var line in output.Split('\n'))
        {
            if (line.StartsWith("; <<>> DiG", StringComparison.Ordinal)) parts.Add([]);
            if (parts.Count > 0) parts[^1].Add(line);
        }
        return parts;
    }

    private static DigReply Read(string name, string type, List<string> lines)
    {
        string? code = null;
        var authentic = false;
        var inAnswer = false;
        var errors = new List<int>();
        var answer = new List<string>();
        foreach (var line in lines)
        {
            if (line.StartsWith(";; ->>HEADER<<-", StringComparison.Ordinal)) code = Between(line, "status: ", ",");
            else if (line.StartsWith(";; flags:", StringComparison.Ordinal)) authentic = Between(line, ";; flags:", ";").Split(' ').Contains("ad");
            else if (line.StartsWith("; EDE: ", StringComparison.Ordinal)) errors.Add(int.Parse(line[7..].Split(' ')[0], CultureInfo.InvariantCulture));
            else if (line.StartsWith(";; ", StringComparison.Ordinal)) inAnswer = line.StartsWith(";; ANSWER SECTION", StringComparison.Ordinal);
            else if (inAnswer && line.Length > 0 && line[0] != ';' && RecordLine.TypeOf(line) != "RRSIG") answer.Add(line);
        }
        return new DigReply(name, type, code, authentic, errors, answer);
    }

    private static string Between(string text, string from, string to)
    {
        var start = text.IndexOf(from, StringComparison.Ordinal) + from.Length;
        return text[start..text.IndexOf(to, start, StringComparison.Ordinal)];
    }
}
