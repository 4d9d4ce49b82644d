using System.Globalization;

namespace Danelaw.Dns.Messages;

/// <summary>The names of response codes, as the IANA registry "DNS RCODEs" has them in capitals.</summary>
public static class ResponseCodes
{
    private static readonly (ResponseCode Code, string Text)[] Mnemonics =
    [
        (ResponseCode.NoError, "NOERROR"),
        (ResponseCode.FormatError, "FORMERR"),
        (ResponseCode.ServerFailure, "SERVFAIL"),
        (ResponseCode.NameError, "NXDOMAIN"),
        (ResponseCode.NotImplemented, "NOTIMP"),
        (ResponseCode.Refused, "REFUSED"),
        (ResponseCode.YXDomain, "YXDOMAIN"),
        (ResponseCode.YXRRSet, "YXRRSET"),
        (ResponseCode.NXRRSet, "NXRRSET"),
        (ResponseCode.NotAuthoritative, "NOTAUTH"),
        (ResponseCode.NotZone, "NOTZONE"),
        (ResponseCode.DsoTypeNotImplemented, "DSOTYPENI"),
        (ResponseCode.BadVersion, "BADVERS"),
        (ResponseCode.BadKey, "BADKEY"),
        (ResponseCode.BadTime, "BADTIME"),
        (ResponseCode.BadMode, "BADMODE"),
        (ResponseCode.BadName, "BADNAME"),
        (ResponseCode.BadAlgorithm, "BADALG"),
        (ResponseCode.BadTruncation, "BADTRUNC"),
        (ResponseCode.BadCookie, "BADCOOKIE"),
    ];

    /// <summary>The mnemonic, or <c>RCODE</c> with the number when the code has none. 16 is <c>BADVERS</c>; see <see cref="ToTsigText"/>.</summary>
    /// <param name="code">The code.</param>
    public static string ToText(ResponseCode code)
    {
        foreach (var (known, text) in Mnemonics)
            if (known == code) return text;
        return string.Create(CultureInfo.InvariantCulture, $"RCODE{(ushort)code}");
    }

    /// <summary>The mnemonic in the error field of TSIG, where 16 is <c>BADSIG</c> (RFC 8945 §3).</summary>
    /// <param name="code">The code.</param>
    public static string ToTsigText(ResponseCode code) => code == ResponseCode.BadVersion ? "BADSIG" : ToText(code);

    /// <summary>Reads a mnemonic in any case, <c>BADSIG</c> among them, or a decimal number up to 65535 with or without <c>RCODE</c> before it.</summary>
    /// <param name="text">The text.</param>
    /// <param name="code">The code; 0 on failure.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out ResponseCode code)
    {
        foreach (var (known, mnemonic) in Mnemonics)
        {
            if (!text.Equals(mnemonic, StringComparison.OrdinalIgnoreCase)) continue;
            code = known;
            return true;
        }

        code = ResponseCode.BadVersion;
        if (text.Equals("BADSIG", StringComparison.OrdinalIgnoreCase)) return true;
        var digits = text.StartsWith("RCODE", StringComparison.OrdinalIgnoreCase) ? text[5..] : text;
        var isNumber = ushort.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        code = (ResponseCode)number;
        return isNumber;
    }
}
