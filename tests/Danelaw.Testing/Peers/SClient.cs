namespace Danelaw.Testing.Peers;

/// <summary>OpenSSL's client, which is given the records: it asks the DNS nothing, and takes a single reference name.</summary>
public static class SClient
{
    /// <summary>What it says where TLS is not to be had, in one protocol or another.</summary>
    private static readonly string[] NoTlsWords = ["Didn't find STARTTLS in server response", "wrong version number", "STARTTLS not supported", "does not support STARTTLS", "does not support SSL", "STARTTLS failed", "STARTTLS negotiation failed"];

    /// <param name="address">The server's address.</param>
    /// <param name="port">Its port.</param>
    /// <param name="startTls">The protocol to start TLS in, such as <c>smtp</c>; null for TLS at once.</param>
    /// <param name="host">The TLSA base domain.</param>
    /// <param name="tlsa">The records' data, <c>U S M HEX</c>.</param>
    /// <param name="caFile">Whom PKIX usages trust; null for nobody.</param>
    /// <param name="domain">The domain that is asked for, where the protocol says one (XMPP); null where none does.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<DaneReply> CheckAsync(string address, int port, string? startTls, string host, IReadOnlyList<string> tlsa, string? caFile = null, string? domain = null, CancellationToken cancellationToken = default)
    {
        if (tlsa.Count == 0) return new DaneReply(DaneSays.Nothing, "");
        string[] start = startTls is null ? [] : ["-starttls", startTls, .. domain is null ? (string[])[] : ["-xmpphost", domain]];
        string[] trust = caFile is null ? ["-no-CAfile", "-no-CApath", "-no-CAstore"] : ["-CAfile", caFile, "-no-CApath", "-no-CAstore"];
        var result = await PeerProcess.RunAsync(Peer.Require("openssl"),
            ["s_client", "-connect", $"{address}:{port}", .. start, "-dane_tlsa_domain", host, .. tlsa.SelectMany<string, string>(data => ["-dane_tlsa_rrdata", data]),
                "-dane_ee_no_namechecks", "-servername", host, .. trust],
            cancellationToken: cancellationToken);
        var text = result.Everything;
        // The match is printed even when the handshake then fails, and in TLS 1.3 the session too: only one that came about, and was not ended by an alert, counts.
        var hasSession = text.Contains("\nNew, TLSv1", StringComparison.Ordinal) && !text.Contains("SSL alert number", StringComparison.Ordinal);
        var says =
            text.Contains("Failed to import any TLSA records", StringComparison.Ordinal) ? DaneSays.Unusable
            : NoTlsWords.Any(words => text.Contains(words, StringComparison.Ordinal)) ? DaneSays.NoTls
            : hasSession && text.Contains("\nVerification: OK", StringComparison.Ordinal) && text.Contains("\nDANE TLSA ", StringComparison.Ordinal) ? DaneSays.Verified
            : text.Contains("\nVerification error: ", StringComparison.Ordinal) ? DaneSays.Refused
            : DaneSays.Nothing;
        return new DaneReply(says, text);
    }
}
