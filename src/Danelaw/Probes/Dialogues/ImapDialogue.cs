namespace Danelaw.Probes.Dialogues;

/// <summary>IMAP up to STARTTLS (RFC 9051 §6.2.1; RFC 3501 has the same).</summary>
/// <param name="contact">Whom the server is told; null when it is told nobody.</param>
internal sealed class ImapDialogue(string? contact) : Dialogue
{
    internal override async ValueTask<DialogueEnd> OpenAsync(LineChannel channel)
    {
        channel.StartStep();
        var (end, greeting) = await channel.ReadLineAsync().ConfigureAwait(false);
        if (end != LineEnd.Line) return Broken(end, "greeting");
        if (Begins(greeting, "* BYE")) return new(ProbeOutcome.GreetingRefused, Shorten(greeting));

        // RFC 9051 §6.2.1: STARTTLS is valid in the not-authenticated state only.
        if (Begins(greeting, "* PREAUTH")) return await RefuseAsync(channel, new(ProbeOutcome.StartTlsNotOffered, Shorten(greeting))).ConfigureAwait(false);
        if (!Begins(greeting, "* OK")) return Strange("greeting", greeting);

        var capability = await AskAsync(channel, "a1", "CAPABILITY", "CAPABILITY").ConfigureAwait(false);
        if (capability.Fault is { } capabilityFault) return capabilityFault;
        if (!capability.IsOk) return await RefuseAsync(channel, Strange("CAPABILITY", capability.Text)).ConfigureAwait(false);
        if (!capability.Untagged.Any(line => Begins(line, "* CAPABILITY") && Words(line).Contains("STARTTLS", StringComparer.OrdinalIgnoreCase)))
            return await RefuseAsync(channel, new(ProbeOutcome.StartTlsNotOffered, "the reply to CAPABILITY does not list STARTTLS")).ConfigureAwait(false);

        var consent = await AskAsync(channel, "a2", "STARTTLS", "STARTTLS").ConfigureAwait(false);
        if (consent.Fault is { } consentFault) return consentFault;
        return consent.IsOk ? ConsentToTls(channel) : await RefuseAsync(channel, new(ProbeOutcome.StartTlsRefused, consent.Text)).ConfigureAwait(false);
    }

    internal override async ValueTask LeaveAsync(LineChannel channel)
    {
        channel.StartStep(channel.Options.LeaveTime);

        // RFC 2971 §3.1: a client may say who it is at any time; a server that does not know ID says BAD, and no harm is done.
        if (contact is not null)
        {
            if (await channel.WriteLineAsync($"a8 ID (\"support-url\" \"{(contact.Contains("://", StringComparison.Ordinal) ? "" : "mailto:")}{contact}\")").ConfigureAwait(false) != LineEnd.Line || (await ReadAsync(channel, "a8", "ID").ConfigureAwait(false)).Fault is { Outcome: not ProbeOutcome.TimedOut }) return;
            channel.StartStep(channel.Options.LeaveTime);
        }

        if (await channel.WriteLineAsync("a9 LOGOUT").ConfigureAwait(false) != LineEnd.Line) return;
        await ReadAsync(channel, "a9", "LOGOUT").ConfigureAwait(false);
    }

    private static async ValueTask<Reply> AskAsync(LineChannel channel, string tag, string command, string step)
    {
        channel.StartStep();
        var sent = await channel.WriteLineAsync(tag + " " + command).ConfigureAwait(false);
        return sent == LineEnd.Line ? await ReadAsync(channel, tag, step).ConfigureAwait(false) : new([], "", false, Broken(sent, step));
    }

    private static async ValueTask<Reply> ReadAsync(LineChannel channel, string tag, string step)
    {
        var untagged = new List<string>();
        while (true)
        {
            var (end, line) = await channel.ReadLineAsync().ConfigureAwait(false);
            if (end != LineEnd.Line) return new(untagged, "", false, Broken(end, step));
            if (untagged.Count >= channel.Options.MaximumLines) return new(untagged, "", false, Broken(LineEnd.TooLong, step));
            if (line.StartsWith("* ", StringComparison.Ordinal))
            {
                // RFC 9051 §7.1.5: BYE, and the server closes, whatever was asked.
                if (Begins(line, "* BYE")) return new(untagged, Shorten(line), false, new(ProbeOutcome.Closed, Shorten(line)));
                untagged.Add(line);
                continue;
            }

            if (Begins(line, tag + " OK")) return new(untagged, Shorten(line), true, null);
            if (Begins(line, tag + " NO") || Begins(line, tag + " BAD")) return new(untagged, Shorten(line), false, null);
            return new(untagged, Shorten(line), false, Strange(step, line));
        }
    }

    /// <summary>Whether the line begins with the words, which end there or before a blank.</summary>
    private static bool Begins(string line, string words) => line.StartsWith(words, StringComparison.OrdinalIgnoreCase) && (line.Length == words.Length || line[words.Length] == ' ');

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private readonly record struct Reply(IReadOnlyList<string> Untagged, string Text, bool IsOk, DialogueEnd? Fault);
}
