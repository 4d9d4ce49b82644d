using System.Collections.Immutable;
using System.Net;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dnssec.Resolution;

namespace Danelaw.Servers;

/// <summary>All that a survey of a zone's servers gathered. Immutable.</summary>
/// <param name="Question">What it is about, or the first of several such.</param>
/// <param name="Answer">What the resolver in use says of it.</param>
public sealed record ServerEvidence(Question Question, Answer Answer)
{
    /// <summary>What else is asked for in the same zone.</summary>
    public ImmutableArray<Question> Further { get; init; } = [];

    /// <summary>Whether the zone lies on the way of a check, which asks for more than one thing.</summary>
    internal bool IsOnTheWay { get; init; }

    /// <summary>All that is asked for.</summary>
    public IEnumerable<Question> Questions => Further.Prepend(Question);

    /// <summary>The zone; null when it could not be found.</summary>
    public DomainName? Zone { get; init; }

    /// <summary>The validated lookup of the zone's NS records, also one that failed; null when no zone was found.</summary>
    public Answer? NameServers { get; init; }

    /// <summary>Whether the servers are those that the zone above names, because the zone's own NS records could not be had.</summary>
    public bool IsDelegation { get; init; }

    /// <summary>A lookup below the zone that failed: if that name is a zone of its own, other servers than these matter. Null for none.</summary>
    public Answer? Doubt { get; init; }

    /// <summary>Name servers without an address that could be had.</summary>
    public ImmutableArray<DomainName> WithoutAddress { get; init; } = [];

    /// <summary>Name servers whose names are aliases (RFC 2181 §10.3).</summary>
    public ImmutableArray<DomainName> Aliases { get; init; } = [];

    /// <summary>Addresses that were left out because there are more than a survey asks.</summary>
    public int LeftOut { get; init; }

    /// <summary>The addresses of the servers, those left out aside.</summary>
    public ImmutableArray<(DomainName Host, IPAddress Address)> Addresses { get; init; } = [];

    /// <summary>What servers of the zone above say of its DS set; empty where they were not asked, or trust begins at the zone itself.</summary>
    public ImmutableArray<ServerProbe> Above { get; init; } = [];

    /// <summary>Whether the servers were not asked to the end, so that nothing is known of them.</summary>
    public bool IsCutShort { get; init; }

    /// <summary>The questions asked, address by address.</summary>
    public ImmutableArray<ServerProbe> Probes { get; init; } = [];
}
