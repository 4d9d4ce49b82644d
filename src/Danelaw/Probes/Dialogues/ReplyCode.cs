using System.Globalization;

namespace Danelaw.Probes.Dialogues;

/// <summary>The three digits that begin a reply in SMTP, FTP and NNTP (RFC 5321 §4.2, RFC 959 §4.2, RFC 3977 §3.1).</summary>
internal static class ReplyCode
{
    /// <summary>Reads the digits of one line.</summary>
    /// <param name="line">The line.</param>
    /// <param name="code">The code, 100 to 599.</param>
    /// <param name="isLast">Whether a blank or nothing follows; in SMTP and FTP a hyphen says that more lines come.</param>
    /// <returns>Whether the line begins with a code.</returns>
    internal static bool TryRead(string line, out int code, out bool isLast)
    {
        code = 0;
        isLast = line.Length == 3 || (line.Length > 3 && line[3] == ' ');
        if (line.Length < 3 || (!isLast && line[3] != '-')) return false;
        return int.TryParse(line.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out code) && code is >= 100 and < 600;
    }
}
