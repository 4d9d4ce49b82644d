namespace Danelaw.Probes.Dialogues;

/// <summary>NNTP up to STARTTLS (RFC 3977, RFC 4642 §2).</summary>
internal sealed class NntpDialogue : Dialogue
{
    /// <summary>RFC 3977 §3.2.1: whatever was asked, the server goes down.</summary>
    private const int ServiceEnds = 400;

    internal override async ValueTask<DialogueEnd> OpenAsync(LineChannel channel)
    {
        channel.StartStep();
        var greeting = await ReadAsync(channel, "greeting").ConfigureAwait(false);
        if (greeting.Fault is { } greetingFault) return greetingFault;

        // RFC 3977 §5.1: behind 400 and 502 the server closes.
        if (greeting.IsRefusal) return new(ProbeOutcome.GreetingRefused, greeting.Text);
        if (!greeting.IsWelcome) return await RefuseAsync(channel, Strange("greeting", greeting.Text)).ConfigureAwait(false);

        var listed = await AskCapabilitiesAsync(channel).ConfigureAwait(false);
        if (listed.Fault is null && !listed.Has("STARTTLS") && listed.Has("MODE-READER")) listed = await BecomeReaderAsync(channel, listed).ConfigureAwait(false);
        if (listed.Fault is { } listFault) return listFault;

        // Servers from before RFC 3977 know no CAPABILITIES and may have STARTTLS all the same.
        if (listed.Labels is not null && !listed.Has("STARTTLS")) return await RefuseAsync(channel, new(ProbeOutcome.StartTlsNotOffered, "the reply to CAPABILITIES does not list STARTTLS")).ConfigureAwait(false);

        var consent = await AskAsync(channel, "STARTTLS").ConfigureAwait(false);
        if (consent.Fault is { } consentFault) return consentFault;
        if (consent.Code == 382) return ConsentToTls(channel);
        if (consent.Code == ServiceEnds) return new(ProbeOutcome.Closed, consent.Text);
        if (!consent.IsRefusal) return await RefuseAsync(channel, Strange("STARTTLS", consent.Text)).ConfigureAwait(false);

        // RFC 4642 §2.2.1: 580 is said by a server that knows TLS, and cannot begin it; RFC 3977 §3.2.1: 483 wants a stronger one.
        var isKnown = listed.Labels is not null || consent.Code is 580 or 483;
        return await RefuseAsync(channel, isKnown
            ? new(ProbeOutcome.StartTlsRefused, consent.Text)
            : new(ProbeOutcome.StartTlsNotOffered, "CAPABILITIES and STARTTLS are refused: " + consent.Text)).ConfigureAwait(false);
    }

    internal override async ValueTask LeaveAsync(LineChannel channel)
    {
        channel.StartStep(channel.Options.LeaveTime);
        if (await channel.WriteLineAsync("QUIT").ConfigureAwait(false) != LineEnd.Line) return;
        await channel.ReadLineAsync().ConfigureAwait(false);
    }

    /// <summary>RFC 3977 §3.4.2: a server that also takes articles from other servers says what it has for readers only after MODE READER.</summary>
    private static async ValueTask<Capabilities> BecomeReaderAsync(LineChannel channel, Capabilities before)
    {
        var mode = await AskAsync(channel, "MODE READER").ConfigureAwait(false);
        if (mode.Fault is { } fault) return new(null, fault);
        if (mode.Code == ServiceEnds) return new(null, new(ProbeOutcome.Closed, mode.Text));
        return mode.IsWelcome ? await AskCapabilitiesAsync(channel).ConfigureAwait(false) : before;
    }

    private static async ValueTask<Capabilities> AskCapabilitiesAsync(LineChannel channel)
    {
        const string step = "CAPABILITIES";
        var reply = await AskAsync(channel, step).ConfigureAwait(false);
        if (reply.Fault is { } fault) return new(null, fault);
        if (reply.Code == ServiceEnds) return new(null, new(ProbeOutcome.Closed, reply.Text));
        if (reply.IsRefusal) return new(null, null);
        if (reply.Code != 101) return new(null, Strange(step, reply.Text));
        var labels = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var count = 0; count < channel.Options.MaximumLines; count++)
        {
            var (end, line) = await channel.ReadLineAsync().ConfigureAwait(false);
            if (end != LineEnd.Line) return new(null, Broken(end, step));
            if (line == ".") return new(labels, null);
            labels.Add(line.Split([' ', '\t'], 2)[0]);
        }

        return new(null, Broken(LineEnd.TooLong, step));
    }

    private static async ValueTask<Reply> AskAsync(LineChannel channel, string command)
    {
        channel.StartStep();
        var sent = await channel.WriteLineAsync(command).ConfigureAwait(false);
        return sent == LineEnd.Line ? await ReadAsync(channel, command).ConfigureAwait(false) : new(0, "", Broken(sent, command));
    }

    private static async ValueTask<Reply> ReadAsync(LineChannel channel, string step)
    {
        var (end, line) = await channel.ReadLineAsync().ConfigureAwait(false);
        if (end != LineEnd.Line) return new(0, "", Broken(end, step));
        return ReplyCode.TryRead(line, out var code, out var isLast) && isLast ? new(code, Shorten(line), null) : new(0, "", Strange(step, line));
    }

    /// <summary>What CAPABILITIES lists (RFC 3977 §5.2), by its first words.</summary>
    /// <param name="Labels">The capabilities; null when the command is refused.</param>
    /// <param name="Fault">Why there is no reply.</param>
    private readonly record struct Capabilities(HashSet<string>? Labels, DialogueEnd? Fault)
    {
        internal bool Has(string label) => Labels?.Contains(label) ?? false;
    }

    private readonly record struct Reply(int Code, string Text, DialogueEnd? Fault)
    {
        internal bool IsRefusal => Code is >= 400 and < 600;

        /// <summary>Posting allowed, or not.</summary>
        internal bool IsWelcome => Code is 200 or 201;
    }
}
