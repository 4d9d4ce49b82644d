using System.Text.Json;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Lookup;

/// <summary>One line of <c>danelaw lookup --json</c>.</summary>
/// <param name="Name">The name, spelt as it was asked.</param>
/// <param name="Type">The type.</param>
/// <param name="Status">The verdict in the peers' words.</param>
/// <param name="ResponseCode">The response code; null when no reply came.</param>
/// <param name="Answer">The records.</param>
/// <param name="Reason">The reason's code.</param>
/// <param name="ExtendedError">The extended error's number; null without one.</param>
internal sealed record CommandAnswer(string Name, string Type, PeerStatus Status, string? ResponseCode, IReadOnlyList<string> Answer, string Reason, int? ExtendedError)
{
    private static CommandAnswer Read(string line)
    {
        using var document = JsonDocument.Parse(line);
        var root = document.RootElement;
        Assert.Equal("danelaw.lookup/1", root.GetProperty("schema").GetString());
        return new CommandAnswer(
            root.GetProperty("name").GetString()!,
            root.GetProperty("type").GetString()!,
            root.GetProperty("status").GetString() switch
            {
                "secure" => PeerStatus.Secure,
                "insecure" => PeerStatus.Insecure,
                "bogus" => PeerStatus.Bogus,
                "indeterminate" => PeerStatus.Failed,
                var other => throw new FormatException(other),
            },
            root.GetProperty("rcode").GetString(),
            [.. root.GetProperty("answer").EnumerateArray().Select(record => record.GetString()!)],
            root.GetProperty("reason").GetString()!,
            root.GetProperty("ede").ValueKind == JsonValueKind.Null ? null : root.GetProperty("ede").GetProperty("code").GetInt32());
    }

    /// <summary>Asks many questions in one process; the answers by name and type.</summary>
    public static Task<IReadOnlyDictionary<(string Name, string Type), CommandAnswer>> AskAsync(string resolver, string anchorFile, IEnumerable<(string Name, string Type)> questions, CancellationToken cancellationToken) =>
        AskAsync(["--resolver", resolver], anchorFile, questions, cancellationToken);

    /// <summary>Asks many questions in one process, of whom the options say.</summary>
    public static async Task<IReadOnlyDictionary<(string Name, string Type), CommandAnswer>> AskAsync(IEnumerable<string> whom, string anchorFile, IEnumerable<(string Name, string Type)> questions, CancellationToken cancellationToken)
    {
        var lines = string.Concat(questions.Select(question => $"{question.Name}\t{question.Type}\n"));
        var result = await DanelawCommand.RunAsync(["lookup", "@-", "--json", .. whom, "--trust-anchor", anchorFile], lines, cancellationToken);
        Assert.True(result.Error.Length == 0, result.Error);
        return result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Read).ToDictionary(answer => (answer.Name, answer.Type));
    }
}
