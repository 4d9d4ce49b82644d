using System.Text;

namespace Danelaw.Probes.Dialogues;

/// <summary>PostgreSQL up to the answer to SSLRequest (PostgreSQL's documentation, "Frontend/Backend Protocol", "SSL Session Encryption").</summary>
internal sealed class PostgresDialogue : Dialogue
{
    private const string Step = "SSLRequest";

    // Its own length, then the request's code, 1234 and 5679.
    private static readonly byte[] SslRequest = [0, 0, 0, 8, 4, 210, 22, 47];

    internal override async ValueTask<DialogueEnd> OpenAsync(LineChannel channel)
    {
        channel.StartStep();
        var sent = await channel.WriteAsync(SslRequest, Step).ConfigureAwait(false);
        if (sent != LineEnd.Line) return Broken(sent, Step);
        var (end, answer) = await channel.ReadByteAsync().ConfigureAwait(false);
        if (end != LineEnd.Line) return Broken(end, Step);
        channel.Note("S: ", "answer", [answer]);
        return answer switch
        {
            // What came along with it would be read as if it had come under TLS (CVE-2021-23222).
            (byte)'S' => ConsentToTls(channel),
            (byte)'N' => new(ProbeOutcome.StartTlsNotOffered, "the server answers N to SSLRequest"),
            (byte)'E' => new(ProbeOutcome.StartTlsRefused, Shorten(await ReadErrorAsync(channel).ConfigureAwait(false))),
            _ => Strange(Step, Words(channel, [answer])),
        };
    }

    /// <summary>Nothing is said: whoever has not begun a session has none to end, and the server takes no note of it.</summary>
    internal override ValueTask LeaveAsync(LineChannel channel) => ValueTask.CompletedTask;

    internal override ValueTask GreetAsync(LineChannel channel) => ValueTask.CompletedTask;

    /// <summary>The server's words after <c>E</c>, as far as they come.</summary>
    private static async ValueTask<string> ReadErrorAsync(LineChannel channel)
    {
        var (end, head) = await channel.ReadExactlyAsync(4).ConfigureAwait(false);
        var octets = head;
        if (end == LineEnd.Line && PostgresError.TryReadLength(head, out var length))
        {
            (_, var fields) = await channel.ReadExactlyAsync(length).ConfigureAwait(false);
            octets = [.. head, .. fields];
        }
        else if (end == LineEnd.Line)
        {
            // Before it has a process for us, a server still says it as before protocol 3: text up to a zero.
            var text = new List<byte>(head);
            while (text.Count < PostgresError.MaximumLength && text[^1] != 0)
            {
                (end, var octet) = await channel.ReadByteAsync().ConfigureAwait(false);
                if (end != LineEnd.Line) break;
                text.Add(octet);
            }

            octets = [.. text];
        }

        channel.Note("S: ", "error", octets);
        return PostgresError.TextOf(octets);
    }
}

/// <summary>ErrorResponse without its first octet, or the text that came in its place before protocol 3.</summary>
internal static class PostgresError
{
    /// <summary>libpq's own bound: a length beyond it is text.</summary>
    internal const int MaximumLength = 30000;

    private const int MinimumLength = 8;

    /// <summary>Reads how many octets follow the four of the length, which counts itself.</summary>
    internal static bool TryReadLength(ReadOnlySpan<byte> octets, out int length)
    {
        length = 0;
        if (octets.Length != 4) return false;
        var whole = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(octets);
        if (whole is < MinimumLength or > MaximumLength) return false;
        length = (int)whole - 4;
        return true;
    }

    /// <summary>The severity, the code and the message, or the text.</summary>
    internal static string TextOf(ReadOnlySpan<byte> octets)
    {
        if (octets.Length < 4 || !TryReadLength(octets[..4], out _)) return octets.IsEmpty ? "an error without words" : Encoding.UTF8.GetString(octets).Trim('\0', '\n', ' ');
        string severity = "", code = "", message = "";
        var rest = octets[4..];
        while (!rest.IsEmpty && rest[0] != 0)
        {
            var field = rest[0];
            var zero = rest.IndexOf((byte)0);
            var text = Encoding.UTF8.GetString(zero < 0 ? rest[1..] : rest[1..zero]);
            rest = zero < 0 ? default : rest[(zero + 1)..];
            if (field == 'S') severity = text;
            else if (field == 'C') code = text;
            else if (field == 'M') message = text;
        }

        var words = string.Join(' ', new[] { severity, code, message }.Where(word => word.Length > 0));
        return words.Length > 0 ? words : "an error without words";
    }
}
