namespace Danelaw.Probes.Dialogues;

/// <summary>IRC up to STARTTLS (RFC 2812, IRCv3 capability negotiation and its <c>tls</c> extension). It never registers, so nobody in a channel sees it.</summary>
internal sealed class IrcDialogue : Dialogue
{
    private const string UnknownCommand = "421";
    private const string NotRegistered = "451";

    internal override async ValueTask<DialogueEnd> OpenAsync(LineChannel channel)
    {
        var (listFault, capabilities) = await AskCapabilitiesAsync(channel).ConfigureAwait(false);
        if (listFault is { } fault) return fault;

        // A server without CAP may have STARTTLS all the same.
        if (capabilities is not null && !capabilities.Contains("tls")) return await RefuseAsync(channel, new(ProbeOutcome.StartTlsNotOffered, "the reply to CAP LS does not list tls")).ConfigureAwait(false);

        var consent = await AskAsync(channel, "STARTTLS", message => message.Command is "670" or "691" or UnknownCommand or NotRegistered).ConfigureAwait(false);
        if (consent.Fault is { } consentFault) return consentFault;
        if (consent.Message.Command == "670") return ConsentToTls(channel);
        return await RefuseAsync(channel, capabilities is not null || consent.Message.Command == "691"
            ? new(ProbeOutcome.StartTlsRefused, consent.Text)
            : new(ProbeOutcome.StartTlsNotOffered, "CAP and STARTTLS are refused: " + consent.Text)).ConfigureAwait(false);
    }

    internal override async ValueTask LeaveAsync(LineChannel channel)
    {
        channel.StartStep(channel.Options.LeaveTime);
        if (await channel.WriteLineAsync("QUIT").ConfigureAwait(false) != LineEnd.Line) return;
        await ReadAsync(channel, "QUIT", _ => false).ConfigureAwait(false);
    }

    /// <summary>In IRC the client speaks first.</summary>
    internal override ValueTask GreetAsync(LineChannel channel) => ValueTask.CompletedTask;

    /// <summary>What the server can do; null when it does not know the question.</summary>
    private static async ValueTask<(DialogueEnd? Fault, HashSet<string>? Capabilities)> AskCapabilitiesAsync(LineChannel channel)
    {
        var capabilities = new HashSet<string>(StringComparer.Ordinal);
        var reply = await AskAsync(channel, "CAP LS 302", IsReply).ConfigureAwait(false);
        while (true)
        {
            if (reply.Fault is { } fault)
            {
                // Who is sent away before having said anything more is not wanted here.
                var isUnwanted = reply.Message.Command == "ERROR";
                return (isUnwanted ? new(ProbeOutcome.GreetingRefused, fault.Detail) : fault, null);
            }

            if (reply.Message.Command != "CAP") return (null, null);
            foreach (var word in reply.Message.Parameters.Skip(2).SelectMany(words => words.Split(' ', StringSplitOptions.RemoveEmptyEntries))) capabilities.Add(word.Split('=')[0]);

            // An asterisk says that more lines come.
            if (reply.Message.Parameters.Count < 4 || reply.Message.Parameters[2] != "*") return (null, capabilities);
            reply = await ReadAsync(channel, "CAP LS", IsReply).ConfigureAwait(false);
        }

        static bool IsReply(IrcMessage message) => message.Command is UnknownCommand or NotRegistered
            || (message.Command == "CAP" && message.Parameters.Count >= 2 && message.Parameters[1].Equals("LS", StringComparison.OrdinalIgnoreCase));
    }

    private static async ValueTask<Reply> AskAsync(LineChannel channel, string command, Func<IrcMessage, bool> isReply)
    {
        channel.StartStep();
        var sent = await channel.WriteLineAsync(command).ConfigureAwait(false);
        return sent == LineEnd.Line ? await ReadAsync(channel, command, isReply).ConfigureAwait(false) : new(default, "", Broken(sent, command));
    }

    /// <summary>Reads on to the reply. Before it may come notices and whatever else the server likes to tell, and PING, which wants its PONG.</summary>
    private static async ValueTask<Reply> ReadAsync(LineChannel channel, string step, Func<IrcMessage, bool> isReply)
    {
        for (var count = 0; count < channel.Options.MaximumLines; count++)
        {
            var (end, line) = await channel.ReadLineAsync().ConfigureAwait(false);
            if (end != LineEnd.Line) return new(default, "", Broken(end, step));

            // RFC 2812 §2.3.1: an empty message is passed over.
            if (line.Length == 0) continue;
            if (!IrcMessage.TryRead(line, out var message)) return new(default, "", Strange(step, line));
            if (isReply(message)) return new(message, Shorten(line), null);

            // RFC 2812 §3.7.4: with ERROR the server closes.
            if (message.Command == "ERROR") return new(message, Shorten(line), new(ProbeOutcome.Closed, Shorten(line)));
            if (message.Command != "PING") continue;
            if (message.Pong is not { } pong) return new(default, "", Strange(step, line));
            var sent = await channel.WriteLineAsync(pong).ConfigureAwait(false);
            if (sent != LineEnd.Line) return new(default, "", Broken(sent, step));
        }

        return new(default, "", Broken(LineEnd.TooLong, step));
    }

    private readonly record struct Reply(IrcMessage Message, string Text, DialogueEnd? Fault);
}

/// <summary>One message (RFC 2812 §2.3.1; the tags before it are IRCv3's).</summary>
/// <param name="Command">A word in capitals, or three digits.</param>
/// <param name="Parameters">What follows it.</param>
internal readonly record struct IrcMessage(string Command, IReadOnlyList<string> Parameters)
{
    /// <summary>RFC 2812 §2.3: a message has no more than 512 octets.</summary>
    private const int MaximumToken = 500;

    /// <summary>The answer to a PING; null when it would be no line of IRC.</summary>
    internal string? Pong => Parameters.Count > 0 && Parameters[0] is { Length: <= MaximumToken } token && !token.Any(char.IsControl) ? "PONG :" + token : null;

    /// <summary>Reads a line.</summary>
    internal static bool TryRead(string line, out IrcMessage message)
    {
        message = default;
        var rest = line.AsSpan();
        if (rest.StartsWith("@")) TakeWord(ref rest);
        var hasPrefix = rest.StartsWith(":");
        if (hasPrefix) TakeWord(ref rest);
        var command = TakeWord(ref rest);

        // RFC 2812 §2.4: a number comes with the name of the server before it, or it is no message of IRC.
        var isNumber = command.Length == 3 && !command.ContainsAnyExceptInRange('0', '9');
        if (isNumber ? !hasPrefix : command.IsEmpty || command.ToString().Any(character => !char.IsAsciiLetter(character))) return false;
        var parameters = new List<string>();
        while (!rest.IsEmpty)
        {
            if (rest[0] == ':')
            {
                parameters.Add(rest[1..].ToString());
                break;
            }

            parameters.Add(TakeWord(ref rest).ToString());
        }

        message = new(command.ToString().ToUpperInvariant(), parameters);
        return true;
    }

    /// <summary>The word up to the next blank; the blanks behind it go with it.</summary>
    private static ReadOnlySpan<char> TakeWord(ref ReadOnlySpan<char> rest)
    {
        var end = rest.IndexOf(' ');
        var word = end < 0 ? rest : rest[..end];
        rest = end < 0 ? [] : rest[end..].TrimStart(' ');
        return word;
    }
}
