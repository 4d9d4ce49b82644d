using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Dnssec.Resolution.Iteration;

/// <summary>What kind of reply a server of a zone gave.</summary>
internal enum ReplyKind
{
    /// <summary>None that leads on: an error, nonsense, a server that does not serve the zone.</summary>
    Useless = 0,

    /// <summary>The zone's own answer, positive or negative.</summary>
    Answer,

    /// <summary>The question belongs to a zone further down.</summary>
    Referral,
}

/// <summary>What asking the servers of a zone came to. Immutable, shared by all who asked at the same time.</summary>
internal sealed record ZoneReply
{
    internal ReplyKind Kind { get; init; }

    /// <summary>The zone that was asked.</summary>
    internal DomainName Zone { get; init; }

    internal Exchange? Exchange { get; init; }

    /// <summary>For a referral: where it leads.</summary>
    internal Delegation? Delegation { get; init; }

    /// <summary>Why nothing came of it; null otherwise.</summary>
    internal Ground? Failure { get; init; }

    /// <summary>Where nothing came of it: the server whose failure says most about why; null when none was asked.</summary>
    internal DnsServer? Server { get; init; }

    /// <summary>Whether nothing came of it because to ask the zone one would have to have asked it before.</summary>
    internal bool IsCircle { get; init; }

    /// <summary>The last response code of those that were of no use.</summary>
    internal ResponseCode? Code { get; init; }

    /// <summary>Whether whoever asked had to stop, or left out what his own limits forbade: who waits along may go on alone.</summary>
    internal bool IsAbandoned { get; init; }

    /// <summary>Whether some server did answer, with an error or something else of no use: another question may fare better.</summary>
    internal bool HasAnswered { get; init; }

    /// <summary>The same for keeping: its exchange as octets alone.</summary>
    internal ZoneReply Unread() => Exchange is null ? this : this with { Exchange = Exchange.Unread() };

    /// <summary>The same for use: its exchange read.</summary>
    internal ZoneReply Read() => Exchange is null or { Message: not null } ? this : this with { Exchange = Exchange.Read() };
}
