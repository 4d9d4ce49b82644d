namespace Danelaw.Probes.Dialogues;

/// <summary>POP3 up to STLS (RFC 1939, RFC 2449, RFC 2595 §4).</summary>
internal sealed class Pop3Dialogue : Dialogue
{
    internal override async ValueTask<DialogueEnd> OpenAsync(LineChannel channel)
    {
        channel.StartStep();
        var greeting = await ReadAsync(channel, "greeting").ConfigureAwait(false);
        if (greeting.Fault is { } greetingFault) return greetingFault;
        if (!greeting.IsOk) return new(ProbeOutcome.GreetingRefused, greeting.Text);

        var capability = await AskAsync(channel, "CAPA", "CAPA").ConfigureAwait(false);
        if (capability.Fault is { } capabilityFault) return capabilityFault;

        // RFC 2595 §4 makes STLS a command of its own: a server that does not know CAPA may know it, and is asked.
        if (capability.IsOk)
        {
            var (listFault, offered) = await ReadListAsync(channel).ConfigureAwait(false);
            if (listFault is { } fault) return fault;
            if (!offered) return await RefuseAsync(channel, new(ProbeOutcome.StartTlsNotOffered, "the reply to CAPA does not list STLS")).ConfigureAwait(false);
        }

        var consent = await AskAsync(channel, "STLS", "STLS").ConfigureAwait(false);
        if (consent.Fault is { } consentFault) return consentFault;
        if (consent.IsOk) return ConsentToTls(channel);
        return await RefuseAsync(channel, capability.IsOk
            ? new(ProbeOutcome.StartTlsRefused, consent.Text)
            : new(ProbeOutcome.StartTlsNotOffered, "CAPA and STLS are refused: " + consent.Text)).ConfigureAwait(false);
    }

    internal override async ValueTask LeaveAsync(LineChannel channel)
    {
        channel.StartStep(channel.Options.LeaveTime);
        if (await channel.WriteLineAsync("QUIT").ConfigureAwait(false) != LineEnd.Line) return;
        await channel.ReadLineAsync().ConfigureAwait(false);
    }

    private static async ValueTask<(DialogueEnd? Fault, bool Offered)> ReadListAsync(LineChannel channel)
    {
        var offered = false;
        for (var count = 0; count < channel.Options.MaximumLines; count++)
        {
            var (end, line) = await channel.ReadLineAsync().ConfigureAwait(false);
            if (end != LineEnd.Line) return (Broken(end, "CAPA"), false);
            if (line == ".") return (null, offered);
            offered |= line.Equals("STLS", StringComparison.OrdinalIgnoreCase) || line.StartsWith("STLS ", StringComparison.OrdinalIgnoreCase);
        }

        return (Broken(LineEnd.TooLong, "CAPA"), false);
    }

    private static async ValueTask<Reply> AskAsync(LineChannel channel, string line, string step)
    {
        channel.StartStep();
        var sent = await channel.WriteLineAsync(line).ConfigureAwait(false);
        return sent == LineEnd.Line ? await ReadAsync(channel, step).ConfigureAwait(false) : new("", false, Broken(sent, step));
    }

    private static async ValueTask<Reply> ReadAsync(LineChannel channel, string step)
    {
        var (end, line) = await channel.ReadLineAsync().ConfigureAwait(false);
        if (end != LineEnd.Line) return new("", false, Broken(end, step));
        if (IsWord(line, "+OK")) return new(Shorten(line), true, null);
        return IsWord(line, "-ERR") ? new(Shorten(line), false, null) : new("", false, Strange(step, line));
    }

    private static bool IsWord(string line, string word) => line.StartsWith(word, StringComparison.OrdinalIgnoreCase) && (line.Length == word.Length || line[word.Length] == ' ');

    private readonly record struct Reply(string Text, bool IsOk, DialogueEnd? Fault);
}
