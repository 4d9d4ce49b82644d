namespace Danelaw.Probes.Dialogues;

/// <summary>FTP up to AUTH TLS (RFC 959, RFC 2228 §3, RFC 2389 §3, RFC 4217 §4).</summary>
internal sealed class FtpDialogue : Dialogue
{
    /// <summary>RFC 959 §4.2.1: whatever was asked, the server goes down.</summary>
    private const int ServiceEnds = 421;

    internal override async ValueTask<DialogueEnd> OpenAsync(LineChannel channel)
    {
        channel.StartStep();
        var greeting = await ReadAsync(channel, "greeting").ConfigureAwait(false);

        // RFC 959 §5.4: 120 says that the greeting comes later.
        if (greeting.Code == 120) greeting = await ReadAsync(channel, "greeting").ConfigureAwait(false);
        if (greeting.Fault is { } greetingFault) return greetingFault;
        if (greeting.IsRefusal) return await RefuseAsync(channel, new(ProbeOutcome.GreetingRefused, greeting.Text)).ConfigureAwait(false);
        if (greeting.Code != 220) return await RefuseAsync(channel, Strange("greeting", greeting.Text)).ConfigureAwait(false);

        var features = await AskAsync(channel, "FEAT").ConfigureAwait(false);
        if (features.Fault is { } featuresFault) return featuresFault;
        if (features.Code == ServiceEnds) return new(ProbeOutcome.Closed, features.Text);

        // RFC 2389 §3: who knows no FEAT may have AUTH all the same, and says so only when asked for it.
        var isListed = features.Code == 211;
        if (!isListed && !features.IsRefusal) return await RefuseAsync(channel, Strange("FEAT", features.Text)).ConfigureAwait(false);
        if (isListed && !features.Value!.OffersTls) return await RefuseAsync(channel, new(ProbeOutcome.StartTlsNotOffered, "the reply to FEAT does not list AUTH TLS")).ConfigureAwait(false);

        var consent = await AskAsync(channel, "AUTH TLS").ConfigureAwait(false);
        if (consent.Fault is { } consentFault) return consentFault;
        if (consent.Code == 234) return ConsentToTls(channel);
        if (consent.Code == ServiceEnds) return new(ProbeOutcome.Closed, consent.Text);
        if (!consent.IsRefusal) return await RefuseAsync(channel, Strange("AUTH TLS", consent.Text)).ConfigureAwait(false);

        // RFC 2228 §3: 431 and 534 are said by a server that knows TLS, and is not able or not willing now.
        var isKnown = isListed || consent.Code is 431 or 534;
        return await RefuseAsync(channel, isKnown
            ? new(ProbeOutcome.StartTlsRefused, consent.Text)
            : new(ProbeOutcome.StartTlsNotOffered, "FEAT and AUTH TLS are refused: " + consent.Text)).ConfigureAwait(false);
    }

    internal override async ValueTask LeaveAsync(LineChannel channel)
    {
        channel.StartStep(channel.Options.LeaveTime);
        if (await channel.WriteLineAsync("QUIT").ConfigureAwait(false) != LineEnd.Line) return;
        await FtpReply.ReadAsync(channel).ConfigureAwait(false);
    }

    internal override async ValueTask GreetAsync(LineChannel channel) => await FtpReply.ReadAsync(channel).ConfigureAwait(false);

    private static async ValueTask<Reply> AskAsync(LineChannel channel, string command)
    {
        channel.StartStep();
        var sent = await channel.WriteLineAsync(command).ConfigureAwait(false);
        return sent == LineEnd.Line ? await ReadAsync(channel, command).ConfigureAwait(false) : new(null, Broken(sent, command));
    }

    private static async ValueTask<Reply> ReadAsync(LineChannel channel, string step)
    {
        var (end, reply) = await FtpReply.ReadAsync(channel).ConfigureAwait(false);
        if (end != LineEnd.Line) return new(null, Broken(end, step));
        return reply.Code == 0 ? new(null, Strange(step, reply.Lines[0])) : new(reply, null);
    }

    private readonly record struct Reply(FtpReply? Value, DialogueEnd? Fault)
    {
        internal int Code => Value?.Code ?? 0;

        internal string Text => Shorten(Value?.Lines[^1] ?? "");

        internal bool IsRefusal => Code is >= 400 and < 600;
    }
}

/// <summary>One reply, of one or several lines (RFC 959 §4.2).</summary>
/// <param name="Code">The code; 0 when the first line is no reply.</param>
/// <param name="Lines">The lines as they came.</param>
internal sealed record FtpReply(int Code, IReadOnlyList<string> Lines)
{
    /// <summary>
    /// Whether the features have AUTH by TLS (RFC 4217 §6): a line a feature, a blank before it, mechanisms between semicolons.
    /// RFC 4217 §17: TLS-C is another name for it. Old servers write the code before each feature, too.
    /// </summary>
    internal bool OffersTls => Lines.Skip(1).Select(Feature).Any(feature =>
        feature.StartsWith("AUTH ", StringComparison.OrdinalIgnoreCase)
        && feature[5..].Split([';', ' '], StringSplitOptions.RemoveEmptyEntries).Any(mechanism => mechanism.Equals("TLS", StringComparison.OrdinalIgnoreCase) || mechanism.Equals("TLS-C", StringComparison.OrdinalIgnoreCase)));

    /// <summary>Only a line with the code of the first and a blank behind it ends the reply: what stands between may be anything.</summary>
    internal static async ValueTask<(LineEnd End, FtpReply Reply)> ReadAsync(LineChannel channel)
    {
        var (end, first) = await channel.ReadLineAsync().ConfigureAwait(false);
        if (end != LineEnd.Line) return (end, new(0, [""]));
        if (!ReplyCode.TryRead(first, out var code, out var isLast)) return (LineEnd.Line, new(0, [first]));
        var lines = new List<string> { first };
        while (!isLast)
        {
            (end, var line) = await channel.ReadLineAsync().ConfigureAwait(false);
            if (end != LineEnd.Line) return (end, new(0, [""]));
            if (lines.Count >= channel.Options.MaximumLines) return (LineEnd.TooLong, new(0, [""]));
            lines.Add(line);
            isLast = ReplyCode.TryRead(line, out var lineCode, out var ends) && ends && lineCode == code;
        }

        return (LineEnd.Line, new(code, lines));
    }

    private static string Feature(string line) => (ReplyCode.TryRead(line, out _, out _) ? line[Math.Min(4, line.Length)..] : line).Trim();
}
