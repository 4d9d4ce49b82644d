namespace Danelaw.Probes.Dialogues;

/// <summary>ManageSieve up to STARTTLS (RFC 5804 §2.2).</summary>
internal sealed class SieveDialogue : Dialogue
{
    internal override async ValueTask<DialogueEnd> OpenAsync(LineChannel channel)
    {
        channel.StartStep();
        var greeting = await ReadAsync(channel, "greeting").ConfigureAwait(false);
        if (greeting.Fault is { } greetingFault) return greetingFault;
        if (!greeting.IsOk) return new(ProbeOutcome.GreetingRefused, greeting.Text);
        if (!greeting.Lines.Any(line => line.Equals("\"STARTTLS\"", StringComparison.OrdinalIgnoreCase) || line.StartsWith("\"STARTTLS\" ", StringComparison.OrdinalIgnoreCase)))
            return await RefuseAsync(channel, new(ProbeOutcome.StartTlsNotOffered, "the capabilities do not list STARTTLS")).ConfigureAwait(false);

        channel.StartStep();
        var sent = await channel.WriteLineAsync("STARTTLS").ConfigureAwait(false);
        if (sent != LineEnd.Line) return Broken(sent, "STARTTLS");
        var consent = await ReadAsync(channel, "STARTTLS").ConfigureAwait(false);
        if (consent.Fault is { } consentFault) return consentFault;
        return consent.IsOk ? ConsentToTls(channel) : await RefuseAsync(channel, new(ProbeOutcome.StartTlsRefused, consent.Text)).ConfigureAwait(false);
    }

    internal override async ValueTask LeaveAsync(LineChannel channel)
    {
        channel.StartStep(channel.Options.LeaveTime);
        if (await channel.WriteLineAsync("LOGOUT").ConfigureAwait(false) != LineEnd.Line) return;
        await ReadAsync(channel, "LOGOUT").ConfigureAwait(false);
    }

    /// <summary>Capability lines up to OK, NO or BYE (RFC 5804 §1.2).</summary>
    private static async ValueTask<Reply> ReadAsync(LineChannel channel, string step)
    {
        var lines = new List<string>();
        while (true)
        {
            var (end, line) = await channel.ReadLineAsync().ConfigureAwait(false);
            if (end != LineEnd.Line) return new(lines, "", false, Broken(end, step));
            if (lines.Count >= channel.Options.MaximumLines) return new(lines, "", false, Broken(LineEnd.TooLong, step));
            if (IsWord(line, "OK")) return new(lines, Shorten(line), true, null);
            if (IsWord(line, "NO") || IsWord(line, "BYE")) return new(lines, Shorten(line), false, null);
            if (!line.StartsWith('"')) return new(lines, "", false, Strange(step, line));
            lines.Add(line);
        }
    }

    private static bool IsWord(string line, string word) => line.StartsWith(word, StringComparison.OrdinalIgnoreCase) && (line.Length == word.Length || line[word.Length] is ' ' or '(');

    private readonly record struct Reply(IReadOnlyList<string> Lines, string Text, bool IsOk, DialogueEnd? Fault);
}
