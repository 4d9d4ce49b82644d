using System.Globalization;

namespace Danelaw.Probes.Dialogues;

/// <summary>SMTP up to STARTTLS (RFC 5321, RFC 3207), and LMTP, which differs in the word that it greets with (RFC 2033 §4.1).</summary>
/// <param name="context">The name in EHLO or LHLO, and whom the server is told.</param>
/// <param name="isLmtp">Whether it is LMTP.</param>
internal sealed class SmtpDialogue(DialogueContext context, bool isLmtp = false) : Dialogue
{
    private readonly string _hello = isLmtp ? "LHLO" : "EHLO";

    internal override async ValueTask<DialogueEnd> OpenAsync(LineChannel channel)
    {
        var greeting = await ReadAsync(channel, "greeting").ConfigureAwait(false);
        if (greeting.Fault is { } greetingFault) return greetingFault;
        if (greeting.IsRefusal) return await RefuseAsync(channel, new(ProbeOutcome.GreetingRefused, greeting.Text)).ConfigureAwait(false);
        if (greeting.Code != 220) return await RefuseAsync(channel, Strange("greeting", greeting.Text)).ConfigureAwait(false);

        var hello = await AskAsync(channel, _hello + " " + context.HelloName, _hello).ConfigureAwait(false);
        if (hello.Fault is { } helloFault) return helloFault;
        
        // RFC 2033 §4.1: who speaks LMTP knows LHLO, and is asked with no older word.
        if (hello.Code is >= 400 and < 500 || (isLmtp && hello.IsRefusal)) return await RefuseAsync(channel, new(ProbeOutcome.GreetingRefused, hello.Text)).ConfigureAwait(false);
        if (hello.IsRefusal) return await SayHelloOldAsync(channel).ConfigureAwait(false);
        if (hello.Code != 250) return await RefuseAsync(channel, Strange(_hello, hello.Text)).ConfigureAwait(false);
        if (!hello.Offers("STARTTLS")) return await RefuseAsync(channel, new(ProbeOutcome.StartTlsNotOffered, $"the reply to {_hello} does not list STARTTLS")).ConfigureAwait(false);

        var consent = await AskAsync(channel, "STARTTLS", "STARTTLS").ConfigureAwait(false);
        if (consent.Fault is { } consentFault) return consentFault;
        if (consent.Code == 220) return ConsentToTls(channel);

        // RFC 5321 §3.8: 421 says that the server goes down, whatever was asked; nothing about TLS.
        if (consent.Code == 421) return new(ProbeOutcome.Closed, consent.Text);
        if (consent.IsRefusal) return await RefuseAsync(channel, new(ProbeOutcome.StartTlsRefused, consent.Text)).ConfigureAwait(false);
        return await RefuseAsync(channel, Strange("STARTTLS", consent.Text)).ConfigureAwait(false);
    }

    internal override async ValueTask LeaveAsync(LineChannel channel)
    {
        channel.StartStep(channel.Options.LeaveTime);

        // RFC 5321 §4.1.1.9: NOOP may bear a string, of which the server makes nothing.
        if (context.Contact is { } contact)
        {
            if (await channel.WriteLineAsync($"NOOP \"{contact}\"").ConfigureAwait(false) != LineEnd.Line || (await SmtpReply.ReadAsync(channel).ConfigureAwait(false)).End is LineEnd.Closed or LineEnd.TooLong) return;
            channel.StartStep(channel.Options.LeaveTime);
        }

        if (await channel.WriteLineAsync("QUIT").ConfigureAwait(false) != LineEnd.Line) return;
        await SmtpReply.ReadAsync(channel).ConfigureAwait(false);
    }

    internal override async ValueTask GreetAsync(LineChannel channel) => await SmtpReply.ReadAsync(channel).ConfigureAwait(false);

    /// <summary>
    /// RFC 5321 §3.2: a server that does not know EHLO is asked with HELO. When it then answers, it is a server of before
    /// RFC 1869, which cannot have STARTTLS; when it refuses again, it does not want us, and nothing is known of its TLS.
    /// </summary>
    private async ValueTask<DialogueEnd> SayHelloOldAsync(LineChannel channel)
    {
        var hello = await AskAsync(channel, "HELO " + context.HelloName, "HELO").ConfigureAwait(false);
        if (hello.Fault is { } fault) return fault;
        return await RefuseAsync(channel, hello.Code == 250
            ? new(ProbeOutcome.StartTlsNotOffered, "the server knows HELO alone, which has no STARTTLS")
            : hello.IsRefusal ? new(ProbeOutcome.GreetingRefused, hello.Text) : Strange("HELO", hello.Text)).ConfigureAwait(false);
    }

    private static async ValueTask<Reply> AskAsync(LineChannel channel, string line, string step)
    {
        channel.StartStep();
        var sent = await channel.WriteLineAsync(line).ConfigureAwait(false);
        return sent == LineEnd.Line ? await ReadOnAsync(channel, step).ConfigureAwait(false) : new(null, Broken(sent, step));
    }

    private static ValueTask<Reply> ReadAsync(LineChannel channel, string step)
    {
        channel.StartStep();
        return ReadOnAsync(channel, step);
    }

    private static async ValueTask<Reply> ReadOnAsync(LineChannel channel, string step)
    {
        var (end, reply) = await SmtpReply.ReadAsync(channel).ConfigureAwait(false);
        if (end != LineEnd.Line) return new(null, Broken(end, step));
        return reply.Code == 0 ? new(null, Strange(step, reply.Text)) : new(reply, null);
    }

    private readonly record struct Reply(SmtpReply? Value, DialogueEnd? Fault)
    {
        internal int Code => Value?.Code ?? 0;

        internal string Text => Shorten(Value?.Text ?? "");

        internal bool IsRefusal => Code is >= 400 and < 600;

        internal bool Offers(string keyword) => Value?.Offers(keyword) ?? false;
    }
}

/// <summary>One reply, of one or several lines (RFC 5321 §4.2).</summary>
/// <param name="Code">The code, 200 to 599; 0 when the lines are no reply.</param>
/// <param name="Lines">What follows the code in each line.</param>
internal sealed record SmtpReply(int Code, IReadOnlyList<string> Lines)
{
    /// <summary>The code and the last line's text; or the line that is no reply.</summary>
    internal string Text => Code == 0 ? Lines[0] : string.Create(CultureInfo.InvariantCulture, $"{Code} {Lines[^1]}").TrimEnd();

    /// <summary>Whether a line after the first begins with the keyword (RFC 5321 §4.1.1.1).</summary>
    internal bool Offers(string keyword) => Lines.Skip(1).Any(line => line.AsSpan(0, EndOfWord(line)).Equals(keyword, StringComparison.OrdinalIgnoreCase));

    internal static async ValueTask<(LineEnd End, SmtpReply Reply)> ReadAsync(LineChannel channel)
    {
        var lines = new List<string>();
        var code = 0;
        while (true)
        {
            var (end, line) = await channel.ReadLineAsync().ConfigureAwait(false);
            if (end != LineEnd.Line) return (end, new(0, [""]));
            if (lines.Count >= channel.Options.MaximumLines) return (LineEnd.TooLong, new(0, [""]));
            if (!ReplyCode.TryRead(line, out var lineCode, out var isLast) || lineCode < 200 || (lines.Count > 0 && lineCode != code)) return (LineEnd.Line, new(0, [line]));
            code = lineCode;
            lines.Add(line.Length > 4 ? line[4..] : "");
            if (isLast) return (LineEnd.Line, new(code, lines));
        }
    }

    private static int EndOfWord(string line)
    {
        var end = line.IndexOfAny([' ', '\t']);
        return end < 0 ? line.Length : end;
    }
}
