using Danelaw.Fuzz.Targets;
using Danelaw.Probes;
using Danelaw.Tests.Probes;

namespace Danelaw.Tests.Hostile;

/// <summary>What an honest server says before TLS, step by step.</summary>
/// <param name="Asked">How many octets the client says first.</param>
/// <param name="Reply">What the server answers.</param>
internal sealed record HonestStep(int Asked, byte[] Reply)
{
    /// <summary>The steps of a service, and how many octets the client says after the last; none where TLS comes at once.</summary>
    internal static (IReadOnlyList<HonestStep> Steps, int Asked) Of(ServiceProtocol protocol)
    {
        if (ScriptOf(protocol) is not { } name) return ([], 0);
        var steps = new List<HonestStep>();
        var (asked, reply) = (0, new List<byte>());
        foreach (var line in DialogueScript.Load(name).Lines)
        {
            if (line[0] == 'C' && reply.Count > 0)
            {
                steps.Add(new(asked, [.. reply]));
                (asked, reply) = (0, []);
            }

            if (line[0] == 'C') asked += ScriptOctets.Of(line).Length;
            else reply.AddRange(ScriptOctets.Of(line));
        }

        // Of MySQL the request comes after the only reply.
        if (reply.Count == 0) return (steps, asked);
        steps.Add(new(asked, [.. reply]));
        return (steps, 0);
    }

    /// <summary>What the steps are called where a report says at which one a server failed.</summary>
    internal static string[] NamesOf(ServiceProtocol protocol) => protocol switch
    {
        ServiceProtocol.Smtp or ServiceProtocol.Submission => ["greeting", "EHLO", "STARTTLS"],
        ServiceProtocol.Lmtp => ["greeting", "LHLO", "STARTTLS"],
        ServiceProtocol.Imap => ["greeting", "CAPABILITY", "STARTTLS"],
        ServiceProtocol.Pop3 => ["greeting", "CAPA", "STLS"],
        ServiceProtocol.Sieve => ["greeting", "STARTTLS"],
        ServiceProtocol.XmppClient or ServiceProtocol.XmppServer => ["stream", "starttls", "features"],
        ServiceProtocol.Ldap => ["StartTLS"],
        ServiceProtocol.Ftp => ["greeting", "FEAT", "AUTH TLS"],
        ServiceProtocol.Nntp => ["greeting", "CAPABILITIES", "STARTTLS"],
        ServiceProtocol.Irc => ["CAP LS 302", "STARTTLS", "CAP LS"],
        ServiceProtocol.Postgres => ["SSLRequest"],
        ServiceProtocol.Mysql => ["greeting"],
        _ => [],
    };

    private static string? ScriptOf(ServiceProtocol protocol) => protocol switch
    {
        ServiceProtocol.Smtp or ServiceProtocol.Submission => "smtp-starttls",
        ServiceProtocol.Lmtp => "lmtp-starttls",
        ServiceProtocol.Imap => "imap-starttls",
        ServiceProtocol.Pop3 => "pop3-stls",
        ServiceProtocol.Sieve => "sieve-starttls",
        ServiceProtocol.XmppClient => "xmpp-starttls",
        ServiceProtocol.XmppServer => "xmpp-server-starttls",
        ServiceProtocol.Ldap => "ldap-starttls",
        ServiceProtocol.Ftp => "ftp-starttls",
        ServiceProtocol.Nntp => "nntp-starttls",
        ServiceProtocol.Irc => "irc-starttls",
        ServiceProtocol.Postgres => "postgres-starttls",
        ServiceProtocol.Mysql => "mysql-starttls",
        _ => null,
    };
}
