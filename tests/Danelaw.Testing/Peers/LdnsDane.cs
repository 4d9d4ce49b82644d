using System.Globalization;

namespace Danelaw.Testing.Peers;

/// <summary>ldns's DANE tool, over OpenSSL's DANE code. It speaks TLS at once and nothing before it, resolves by the machine's resolv.conf and believes its AD bit.</summary>
public static class LdnsDane
{
    /// <param name="host">The host, which is the TLSA base domain.</param>
    /// <param name="port">The port.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<DaneReply> CheckAsync(string host, int port, CancellationToken cancellationToken = default)
    {
        var text = (await PeerProcess.RunAsync(Peer.Require("ldns-dane"), ["verify", host, port.ToString(CultureInfo.InvariantCulture)], cancellationToken: cancellationToken)).Everything;
        var says =
            text.Contains("PKIX validation without DANE will be performed", StringComparison.Ordinal) ? DaneSays.NoDane
            : text.Contains(" dane-validated successfully", StringComparison.Ordinal) ? DaneSays.Verified
            : text.Contains(" did not dane-validate, because: ", StringComparison.Ordinal) ? DaneSays.Refused
            : DaneSays.Nothing;
        return new DaneReply(says, text);
    }
}
