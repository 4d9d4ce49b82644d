namespace Danelaw.Probes.Dialogues;

/// <summary>How far a dialogue before TLS came: <see cref="ProbeOutcome.Completed"/> means that the TLS handshake may begin.</summary>
/// <param name="Outcome">How far it came.</param>
/// <param name="Detail">The server's words that decided, or ours about what it did.</param>
internal readonly record struct DialogueEnd(ProbeOutcome Outcome, string Detail)
{
    internal static DialogueEnd Ready { get; } = new(ProbeOutcome.Completed, "");

    internal bool IsReady => Outcome == ProbeOutcome.Completed;
}

/// <summary>What one protocol says before the TLS handshake, and how it takes leave. It never begins a mail transaction and never logs in.</summary>
internal abstract class Dialogue
{
    /// <summary>Speaks from the greeting to the server's consent to TLS.</summary>
    internal abstract ValueTask<DialogueEnd> OpenAsync(LineChannel channel);

    /// <summary>Takes leave, in plain or within TLS; what the server makes of it no longer matters.</summary>
    internal abstract ValueTask LeaveAsync(LineChannel channel);

    /// <summary>Speaks up to the greeting, within TLS at once, so that a leave is polite.</summary>
    internal virtual async ValueTask GreetAsync(LineChannel channel) => await channel.ReadLineAsync().ConfigureAwait(false);

    /// <summary>What octets mean that are no TLS and came where the server's handshake should begin.</summary>
    internal virtual DialogueEnd InPlaceOfTls(ReadOnlySpan<byte> octets) => PlainAfterConsent(octets);

    /// <summary>Takes leave of a server with which no TLS can be begun.</summary>
    protected async ValueTask<DialogueEnd> RefuseAsync(LineChannel channel, DialogueEnd end)
    {
        await LeaveAsync(channel).ConfigureAwait(false);
        return end;
    }

    /// <summary>What a line that did not come means for the probe.</summary>
    protected static DialogueEnd Broken(LineEnd end, string step) => end switch
    {
        LineEnd.Line => new(ProbeOutcome.ProtocolError, $"{step}: the reply cannot be understood"),
        LineEnd.Closed => new(ProbeOutcome.Closed, $"{step}: the server closed the connection"),
        LineEnd.TimedOut => new(ProbeOutcome.TimedOut, $"{step}: no whole reply in time"),
        LineEnd.TooLong => new(ProbeOutcome.ProtocolError, $"{step}: the server sent more than the limit"),
    };

    /// <summary>A foreign line that is no word of the protocol.</summary>
    protected static DialogueEnd Strange(string step, string line) => new(ProbeOutcome.ProtocolError, $"{step}: {Shorten(line)}");

    /// <summary>Octets that are none of the protocol, as words: those that were read, and what came along with them.</summary>
    protected static string Words(OctetChannel channel, ReadOnlySpan<byte> read) => System.Text.Encoding.Latin1.GetString([.. read, .. channel.Unread]).Trim();

    /// <summary>A foreign line, at most a few hundred characters of it.</summary>
    protected static string Shorten(string line) => line.Length <= 300 ? line : line[..300] + "…";

    /// <summary>
    /// RFC 3207 §4.2, RFC 9051 §6.2.1, RFC 2595 §4: nothing may follow the consent to TLS in plain text.
    /// What does was put there by somebody in between, who wants it read as if it had come under TLS (CVE-2011-0411).
    /// </summary>
    protected static DialogueEnd ConsentToTls(LineChannel channel)
    {
        if (channel.Unread.IsEmpty) return DialogueEnd.Ready;
        return PlainAfterConsent(channel.Unread);
    }

    private static DialogueEnd PlainAfterConsent(ReadOnlySpan<byte> octets) =>
        new(ProbeOutcome.PlainTextAfterStartTls, "after the consent to TLS came in plain text: " + Shorten(System.Text.Encoding.Latin1.GetString(octets).Trim()));
}
