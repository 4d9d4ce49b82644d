using System.Collections.Immutable;
using System.Net;

namespace Danelaw.Lab.Servers;

/// <summary>What a mail server of the lab does. Closed.</summary>
public enum MailManner
{
    /// <summary>Greets, offers STARTTLS, and takes mail.</summary>
    Ordinary = 0,

    /// <summary>Does not offer STARTTLS.</summary>
    WithoutStartTls,

    /// <summary>Offers STARTTLS and answers 454 to it.</summary>
    RefusesStartTls,

    /// <summary>Greets with 421.</summary>
    RefusesGreeting,

    /// <summary>Sends plain text in the same packet as the reply to STARTTLS.</summary>
    TalksAfterStartTls,

    /// <summary>Closes the connection before it greets.</summary>
    HangsUp,
}

/// <summary>A mail server of the lab.</summary>
/// <param name="Name">The name in its greeting, without the closing dot.</param>
/// <param name="Addresses">Where it listens, each at the lab's one mail port.</param>
/// <param name="Tls">What it shows in its handshakes.</param>
/// <param name="Manner">What it does.</param>
public sealed record MailHost(string Name, ImmutableArray<IPAddress> Addresses, TlsPersonality Tls, MailManner Manner = MailManner.Ordinary);
