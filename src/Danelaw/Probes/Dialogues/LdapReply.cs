using System.Globalization;
using System.Text;

namespace Danelaw.Probes.Dialogues;

/// <summary>What a server answers to an extended operation (RFC 4511 §4.12), or says unasked (§4.4).</summary>
/// <param name="MessageId">The number of the message that it answers; 0 for what is said unasked.</param>
/// <param name="ResultCode">How the operation ended; 0 is success.</param>
/// <param name="Diagnostic">The server's words.</param>
/// <param name="Name">The response's object identifier; empty without one.</param>
internal readonly record struct LdapReply(int MessageId, int ResultCode, string Diagnostic, string Name)
{
    /// <summary>LDAPMessage, a SEQUENCE.</summary>
    internal const byte Message = 0x30;

    internal const int Success = 0;
    internal const int ProtocolError = 2;

    private const byte Integer = 0x02;
    private const byte OctetString = 0x04;
    private const byte Enumerated = 0x0a;
    private const byte ExtendedResponse = 0x78;
    private const byte ResponseName = 0x8a;

    // RFC 4511 §4.4.1.
    private const string NoticeOfDisconnection = "1.3.6.1.4.1.1466.20036";

    internal bool IsUnasked => MessageId == 0;

    internal bool IsDisconnection => IsUnasked && Name == NoticeOfDisconnection;

    /// <summary>The code with its name, and the server's words.</summary>
    internal string Text => string.Create(CultureInfo.InvariantCulture, $"result {ResultCode}{NameOf(ResultCode)}{(Diagnostic.Length > 0 ? ": " + Diagnostic : "")}");

    /// <summary>Reads one whole message.</summary>
    /// <returns>Whether it is an extended response.</returns>
    internal static bool TryRead(ReadOnlySpan<byte> octets, out LdapReply reply)
    {
        reply = default;
        var outside = new BerReader(octets);
        if (!outside.TryRead(Message, out var content) || !outside.IsAtEnd) return false;
        var message = new BerReader(content);
        if (!message.TryReadCount(Integer, out var messageId) || !message.TryRead(ExtendedResponse, out content)) return false;
        var response = new BerReader(content);
        if (!response.TryReadCount(Enumerated, out var code) || !response.TryRead(OctetString, out _) || !response.TryRead(OctetString, out var diagnostic)) return false;

        // RFC 4511 §4: components that later versions append are no error.
        var name = "";
        while (!response.IsAtEnd)
        {
            if (!response.TryReadAny(out var tag, out content)) return false;
            if (tag == ResponseName) name = Encoding.UTF8.GetString(content);
        }

        while (!message.IsAtEnd)
            if (!message.TryReadAny(out _, out _)) return false;
        reply = new(messageId, code, Encoding.UTF8.GetString(diagnostic), name);
        return true;
    }

    /// <summary>The names of those that servers give in answer to StartTLS (RFC 4511 §A.2).</summary>
    private static string NameOf(int code) => code switch
    {
        1 => " (operationsError)",
        ProtocolError => " (protocolError)",
        10 => " (referral)",
        51 => " (busy)",
        52 => " (unavailable)",
        53 => " (unwillingToPerform)",
        80 => " (other)",
        _ => "",
    };
}
