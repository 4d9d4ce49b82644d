namespace Danelaw.Probes.Dialogues;

/// <summary>LDAP up to the StartTLS operation (RFC 4511 §4.14). The server says nothing before it is asked.</summary>
internal sealed class LdapDialogue : Dialogue
{
    private const string Step = "StartTLS";

    // RFC 4511 §4.14.1: message 1, an ExtendedRequest by that name, without a value.
    private static readonly byte[] StartTls = [0x30, 0x1d, 0x02, 0x01, 0x01, 0x77, 0x18, 0x80, 0x16, .. "1.3.6.1.4.1.1466.20037"u8];

    // RFC 4511 §4.3: message 2, an UnbindRequest.
    private static readonly byte[] Unbind = [0x30, 0x05, 0x02, 0x01, 0x02, 0x42, 0x00];

    internal override async ValueTask<DialogueEnd> OpenAsync(LineChannel channel)
    {
        channel.StartStep();
        var sent = await channel.WriteAsync(StartTls, "StartTLS").ConfigureAwait(false);
        if (sent != LineEnd.Line) return Broken(sent, Step);
        for (var unasked = 0; unasked < channel.Options.MaximumLines; unasked++)
        {
            var (fault, octets) = await ReadAsync(channel).ConfigureAwait(false);
            if (fault is { } broken) return broken;
            if (!LdapReply.TryRead(octets, out var reply)) return Broken(LineEnd.Line, Step);
            if (reply.IsDisconnection) return new(ProbeOutcome.Closed, Shorten(reply.Text));

            // RFC 4511 §4.4: what is said unasked and not understood is passed over.
            if (reply.IsUnasked) continue;
            if (reply.MessageId != 1) return Broken(LineEnd.Line, Step);
            if (reply.ResultCode == LdapReply.Success) return ConsentToTls(channel);

            // RFC 4511 §A.2: protocolError says of an extended operation that the server does not have it, by design or by configuration.
            var outcome = reply.ResultCode == LdapReply.ProtocolError ? ProbeOutcome.StartTlsNotOffered : ProbeOutcome.StartTlsRefused;
            return await RefuseAsync(channel, new(outcome, Shorten(reply.Text))).ConfigureAwait(false);
        }

        return Broken(LineEnd.TooLong, Step);
    }

    internal override ValueTask GreetAsync(LineChannel channel) => ValueTask.CompletedTask;

    internal override async ValueTask LeaveAsync(LineChannel channel)
    {
        channel.StartStep(channel.Options.LeaveTime);
        await channel.WriteAsync(Unbind, "Unbind").ConfigureAwait(false);
    }

    /// <summary>Reads one message, tag and length first.</summary>
    private static async ValueTask<(DialogueEnd? Fault, byte[] Octets)> ReadAsync(LineChannel channel)
    {
        var (end, head) = await channel.ReadExactlyAsync(2).ConfigureAwait(false);
        if (end != LineEnd.Line) return (Broken(end, Step), []);
        if (head[0] != LdapReply.Message || !BerReader.TryGetLengthOctets(head[1], out var more)) return (Strange(Step, Words(channel, head)), []);
        (end, var rest) = await channel.ReadExactlyAsync(more).ConfigureAwait(false);
        if (end != LineEnd.Line) return (Broken(end, Step), []);
        if (!BerReader.TryReadLength([head[1], .. rest], out var length)) return (Broken(LineEnd.TooLong, Step), []);
        (end, var content) = await channel.ReadExactlyAsync(length).ConfigureAwait(false);
        if (end != LineEnd.Line) return (Broken(end, Step), []);
        byte[] octets = [.. head, .. rest, .. content];
        channel.Note("S: ", "message", octets);
        return (null, octets);
    }
}
