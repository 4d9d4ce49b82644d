namespace Danelaw.Probes.Dialogues;

/// <summary>MySQL and MariaDB up to SSLRequest (MySQL Internals, "Connection Phase"; MariaDB's "Connecting"). The server greets, and says nothing more before TLS.</summary>
internal sealed class MysqlDialogue : Dialogue
{
    // Packet 1 of 32 octets. Capabilities: the client is one of MySQL (1), protocol 4.1 (200), TLS (800), its authentication (8000) and plugins for it (80000);
    // packets of at most 16 MiB; character set utf8mb4 (45); 23 octets of zero.
    private static readonly byte[] SslRequest = [0x20, 0x00, 0x00, 0x01, 0x01, 0x8a, 0x08, 0x00, 0x00, 0x00, 0x00, 0x01, 45, .. new byte[23]];

    internal override async ValueTask<DialogueEnd> OpenAsync(LineChannel channel)
    {
        channel.StartStep();
        var (fault, payload) = await ReadAsync(channel).ConfigureAwait(false);
        if (fault is { } broken) return broken;
        if (MysqlGreeting.ErrorOf(payload) is { } error) return new(ProbeOutcome.GreetingRefused, Shorten(error));
        if (!MysqlGreeting.TryRead(payload, out var greeting)) return Broken(LineEnd.Line, "greeting");
        if (!greeting.OffersTls) return new(ProbeOutcome.StartTlsNotOffered, Shorten($"the greeting of {greeting.Version} does not list the capability SSL"));

        // Nothing is due between the greeting and our request either: what is there would be read as if it had come under TLS.
        if (ConsentToTls(channel) is { IsReady: false } injected) return injected;
        var sent = await channel.WriteAsync(SslRequest, "SSLRequest").ConfigureAwait(false);
        return sent == LineEnd.Line ? DialogueEnd.Ready : Broken(sent, "SSLRequest");
    }

    /// <summary>A server that cannot use our request says so in an error packet, where its handshake should begin.</summary>
    internal override DialogueEnd InPlaceOfTls(ReadOnlySpan<byte> octets) =>
        octets.Length > MysqlGreeting.HeaderLength && MysqlGreeting.ErrorOf(octets[MysqlGreeting.HeaderLength..]) is { } error
            ? new(ProbeOutcome.StartTlsRefused, Shorten(error))
            : base.InPlaceOfTls(octets);

    /// <summary>Nothing is said: the protocol knows no leave before a login.</summary>
    internal override ValueTask LeaveAsync(LineChannel channel) => ValueTask.CompletedTask;

    /// <summary>Reads the first packet: three octets of length, its number, which is zero, and so many octets.</summary>
    private static async ValueTask<(DialogueEnd? Fault, byte[] Payload)> ReadAsync(LineChannel channel)
    {
        var (end, head) = await channel.ReadExactlyAsync(MysqlGreeting.HeaderLength).ConfigureAwait(false);
        if (end != LineEnd.Line) return (Broken(end, "greeting"), []);
        if (head[3] != 0) return (Strange("greeting", Words(channel, head)), []);
        (end, var payload) = await channel.ReadExactlyAsync(head[0] | (head[1] << 8) | (head[2] << 16)).ConfigureAwait(false);
        if (end != LineEnd.Line) return (Broken(end, "greeting"), []);
        channel.Note("S: ", "greeting", [.. head, .. payload]);
        return (null, payload);
    }
}
