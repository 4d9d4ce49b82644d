using System.Collections.Immutable;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dnssec.Resolution;

namespace Danelaw.Servers;

/// <summary>All that a survey of a zone's servers gathered. Immutable.</summary>
/// <param name="Question">What it is about.</param>
/// <param name="Answer">What the resolver in use says of it.</param>
public sealed record ServerEvidence(Question Question, Answer Answer)
{
    /// <summary>The zone; null when it could not be found.</summary>
    public DomainName? Zone { get; init; }

    /// <summary>The validated lookup of the zone's NS records; null when no zone was found.</summary>
    public Answer? NameServers { get; init; }

    /// <summary>Name servers without an address that could be had.</summary>
    public ImmutableArray<DomainName> WithoutAddress { get; init; } = [];

    /// <summary>Addresses that were left out because there are more than a survey asks.</summary>
    public int LeftOut { get; init; }

    /// <summary>The questions asked, address by address.</summary>
    public ImmutableArray<ServerProbe> Probes { get; init; } = [];
}
