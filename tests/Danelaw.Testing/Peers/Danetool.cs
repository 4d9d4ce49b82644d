using System.Globalization;

namespace Danelaw.Testing.Peers;

/// <summary>GnuTLS's DANE tool. It resolves by the machine's resolv.conf and validates with the machine's root key.</summary>
public static class Danetool
{
    /// <param name="host">The host, which is the TLSA base domain.</param>
    /// <param name="port">The port.</param>
    /// <param name="startTls">The protocol to start TLS in, such as <c>smtp</c>; null for what the port tells it, which is TLS at once but at 990 (<c>https</c> is TLS at once anywhere).</param>
    /// <param name="folder">Where it may leave its files.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<DaneReply> CheckAsync(string host, int port, string? startTls, TestFolder folder, CancellationToken cancellationToken = default)
    {
        string[] start = startTls is null ? [] : ["--starttls-proto=" + startTls];
        // Without --local-dns it would ask the root servers of the real Internet.
        var result = await PeerProcess.RunAsync(Peer.Require("danetool"),
            ["--check", host, "--port", port.ToString(CultureInfo.InvariantCulture), .. start, "--local-dns"], folder: folder.Root, cancellationToken: cancellationToken);
        var text = result.Everything;
        var says =
            text.Contains("The DNSSEC signature is invalid", StringComparison.Ordinal) ? DaneSays.LookupFailed
            : text.Contains("No DNSSEC signature was found", StringComparison.Ordinal) || text.Contains("No DANE data were found", StringComparison.Ordinal) ? DaneSays.NoDane
            : text.Contains("Verification: Certificate matches.", StringComparison.Ordinal) ? DaneSays.Verified
            : text.Contains("Verification: Verification failed.", StringComparison.Ordinal) ? DaneSays.Refused
            : text.Contains("error receiving '", StringComparison.Ordinal) ? DaneSays.NoTls
            : DaneSays.Nothing;
        return new DaneReply(says, text);
    }
}
