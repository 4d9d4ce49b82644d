using System.Collections.Immutable;
using Danelaw.Dns.Names;
using Danelaw.Operator.Audit.Acme;
using Danelaw.Operator.Audit.Certificates;
using Danelaw.Operator.Audit.Dovecot;
using Danelaw.Operator.Audit.Postfix;
using Danelaw.Operator.Audit.Resolving;

namespace Danelaw.Operator.Audit;

/// <summary>What was seen of a host's files and programs: evidence, immutable. Of private keys it holds the public halves only.</summary>
public sealed record HostFacts
{
    /// <summary>The host's name.</summary>
    public required string Host { get; init; }

    /// <summary>The instances of Postfix.</summary>
    public ImmutableArray<PostfixFacts> Postfix { get; init; } = [];

    /// <summary>Dovecot's configuration; null where there is none.</summary>
    public DovecotText? Dovecot { get; init; }

    /// <summary>What the web servers' configurations say wrongly.</summary>
    public ImmutableArray<WebFault> WebFaults { get; init; } = [];

    /// <summary>Mail servers that are installed and not examined, such as Exim.</summary>
    public ImmutableArray<string> OtherServers { get; init; } = [];

    /// <summary>Every chain that a server shows.</summary>
    public ImmutableArray<ChainFacts> Chains { get; init; } = [];

    /// <summary>The certificates that ACME clients keep renewed.</summary>
    public ImmutableArray<Lineage> Lineages { get; init; } = [];

    /// <summary>The chain files that danelaw rolls here: no key comes there that is not published.</summary>
    public ImmutableHashSet<string> RolledFiles { get; init; } = [];

    /// <summary>The owners of the TLSA records that roll with them.</summary>
    public ImmutableHashSet<DomainName> RolledOwners { get; init; } = [];

    /// <summary>Where the rolls look for what ACME clients bring: folders and files.</summary>
    internal ImmutableHashSet<string> RolledOffers { get; init; } = [];

    /// <summary>Where Postfix hands all mail to, in place of the destinations' own hosts.</summary>
    internal ImmutableArray<string> NextHops { get; init; } = [];

    /// <summary>resolv.conf; null where it could not be read.</summary>
    public ResolverFile? Resolver { get; init; }

    /// <summary>The addresses of this machine, loopback included; empty for files that are examined from elsewhere.</summary>
    public ImmutableArray<System.Net.IPAddress> Addresses { get; init; } = [];

    /// <summary>The option by which domains were given that no table lists; null without.</summary>
    public string? DomainsFrom { get; init; }

    /// <summary>What could not be seen.</summary>
    public ImmutableArray<Unseen> Unseen { get; init; } = [];

    /// <summary>Whether there is a mail server at all.</summary>
    public bool HasMailServer => !Postfix.IsEmpty || Dovecot is not null || !OtherServers.IsEmpty;
}
