namespace Danelaw.Tests.Hostile;

/// <summary>What can be done to a client that has seen the key proven and takes leave.</summary>
internal static class LeaveHostilities
{
    internal static IEnumerable<Hostility> All => new[] { true, false }.SelectMany(isTls13 => (Hostility[])
    [
        After(isTls13, "says nothing and never closes", (guest, _) => guest.SilenceAtLeaveAsync()),
        After(isTls13, "resets the connection", (guest, _) =>
        {
            guest.Reset();
            return Task.CompletedTask;
        }),
        After(isTls13, "closes the connection without a word", (guest, _) => guest.FinishAsync()),
        After(isTls13, "greets without end", (guest, say) => GoOnAsync(guest, () => say(Spam))),
        After(isTls13, "sends a line without end", (guest, say) => GoOnAsync(guest, () => say(new byte[16384]))),
        After(isTls13, "sends noise in clear", async (guest, _) =>
        {
            await guest.SendAsync(Noise);
            await guest.FinishAsync();
        }),
        After(isTls13, "sends records that nobody can decrypt, without end", (guest, _) => guest.FloodAsync([23, 3, 3, 0x10, 0, .. Noise])),
        After(isTls13, "sends HelloRequest in clear, without end", (guest, _) => guest.FloodAsync([22, 3, 3, 0, 4, 0, 0, 0, 0])),
        After(isTls13, "sends ChangeCipherSpec without end", (guest, _) => guest.FloodAsync([20, 3, 3, 0, 1, 1])),
        After(isTls13, "sends a fatal alert in clear", async (guest, _) =>
        {
            await guest.SendAsync(new byte[] { 21, 3, 3, 0, 2, 2, 80 });
            await guest.FinishAsync();
        }),
    ]).Append(new(Stage.Leave, "sends its Finished twice (TLS 1.2)", HandshakeHostilities.Tls(guest => HandshakeHostilities.Server(
        isTls13: false, alter: message => (message[0] == HandshakeHostilities.Finished ? [.. message, .. message] : message, null), afterwards: _ => guest.SilenceAtLeaveAsync().GetAwaiter().GetResult()))));

    private static byte[] Spam { get; } = [.. Enumerable.Repeat("* OK spam\r\n"u8.ToArray(), 1000).SelectMany(line => line)];

    private static byte[] Noise
    {
        get
        {
            var noise = new byte[4096];
            new Random(5246).NextBytes(noise);
            return noise;
        }
    }

    private static Hostility After(bool isTls13, string does, Func<Guest, Action<byte[]>, Task> play) =>
        new(Stage.Leave, $"{does} ({HandshakeHostilities.Version(isTls13)})", HandshakeHostilities.Tls(guest => HandshakeHostilities.Server(isTls13, afterwards: say => play(guest, say).GetAwaiter().GetResult())));

    /// <summary>Goes on until the client has had enough, or a limit of time has ended it.</summary>
    private static async Task GoOnAsync(Guest guest, Action say)
    {
        for (var i = 0; i < 3000; i++) say();
        await guest.SilenceAtLeaveAsync();
    }
}
