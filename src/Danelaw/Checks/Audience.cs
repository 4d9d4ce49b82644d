using Danelaw.Probes;

namespace Danelaw.Checks;

/// <summary>Who connects to a service, and what they do when DANE fails: senders of mail, or clients of anything else.</summary>
/// <param name="They">Who, in the plural.</param>
/// <param name="Refuse">What those do that check.</param>
/// <param name="Cannot">What nobody can do when the host cannot be found.</param>
/// <param name="Hosts">What they connect to, in the plural.</param>
internal sealed record Audience(string They, string Refuse, string Cannot, string Hosts)
{
    private static readonly Audience Senders = new("senders", "refuse to deliver", "cannot deliver", "mail hosts");
    private static readonly Audience Clients = new("clients", "refuse to connect", "cannot connect", "hosts");

    /// <summary>Senders and clients together.</summary>
    internal static Audience Both { get; } = new("senders and clients", "refuse to connect", "cannot connect", "hosts");

    /// <summary>The same at the beginning of a sentence.</summary>
    internal string TheyFirst => char.ToUpperInvariant(They[0]) + They[1..];

    internal static Audience Of(ServiceProtocol protocol) => protocol is ServiceProtocol.Smtp or ServiceProtocol.Lmtp ? Senders : Clients;
}
