using Danelaw.Cli.Running;
using Danelaw.Verification;

namespace Danelaw.Cli.Options;

/// <summary>The values of <c>--service</c>.</summary>
internal static class Services
{
    private static readonly string[] Others = ["https", "imap", "imaps", "pop3", "pop3s", "sieve", "submission", "submissions", "smtps", "tls", "xmpp-client", "xmpp-server"];

    /// <summary>Between mail servers the rules of RFC 7672 hold, everywhere else those of RFC 7671.</summary>
    /// <exception cref="MisuseException">There is no such service.</exception>
    public static ServiceKind Read(string? text)
    {
        if (text is null || Others.Contains(text, StringComparer.OrdinalIgnoreCase)) return ServiceKind.Other;
        if (text.Equals("smtp", StringComparison.OrdinalIgnoreCase)) return ServiceKind.Smtp;
        throw new MisuseException($"--service does not know '{text}'", $"it takes smtp, {string.Join(", ", Others)}");
    }
}
