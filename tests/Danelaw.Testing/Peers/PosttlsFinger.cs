namespace Danelaw.Testing.Peers;

/// <summary>Postfix's probe, with Postfix's own DANE code. It resolves by the machine's resolv.conf. Its exit status is always 0.</summary>
public static class PosttlsFinger
{
    private static readonly Lock OneAtATime = new();

    /// <param name="destination">A mail domain, or <c>[HOST]:PORT</c>.</param>
    /// <param name="folder">Where its configuration stands: what this machine's own Postfix is told must not matter.</param>
    /// <param name="options">Further options: <c>-w</c> for TLS at once, <c>-S</c> for LMTP.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<DaneReply> CheckAsync(string destination, TestFolder folder, IReadOnlyList<string>? options = null, CancellationToken cancellationToken = default)
    {
        // -F must not be given: a certificate that a CA vouches for then reads as verified.
        var text = (await PeerProcess.RunAsync(Peer.Require("env"), ["MAIL_CONFIG=" + Configuration(folder), Peer.Require("posttls-finger"), "-c", "-l", "dane", "-T", "10", .. options ?? [], destination], cancellationToken: cancellationToken)).Everything;
        var says =
            text.Contains(": Verified TLS connection established", StringComparison.Ordinal) ? DaneSays.Verified
            : text.Contains("TLSA lookup error", StringComparison.Ordinal) ? DaneSays.LookupFailed
            : text.Contains("all TLSA records unusable", StringComparison.Ordinal) || text.Contains("unsupported TLSA certificate usage", StringComparison.Ordinal) ? DaneSays.Unusable
            : text.Contains("server certificate verification failed", StringComparison.Ordinal) ? DaneSays.Refused
            : text.Contains(" TLS connection established", StringComparison.Ordinal) ? DaneSays.NoDane
            : text.Trim().Length == 0 ? DaneSays.NoTls
            : DaneSays.Nothing;
        return new DaneReply(says, text);
    }

    private static string Configuration(TestFolder folder)
    {
        var file = folder["posttls-finger/main.cf"];
        lock (OneAtATime)
            if (!File.Exists(file)) File.WriteAllText(file, "compatibility_level = 3.7\n");
        return Path.GetDirectoryName(file)!;
    }
}
