using System.Collections.Immutable;
using System.Net;
using Danelaw.Dns.Names;
using Danelaw.Dnssec.Resolution;
using Danelaw.Tlsa;

namespace Danelaw.Discovery;

/// <summary>What is known of a host's addresses (RFC 7672 §2.2.2). Closed.</summary>
public enum AddressState
{
    /// <summary>No family could be looked up, or the alias could not: nothing is known.</summary>
    Failed = 0,

    /// <summary>There is securely none (R15).</summary>
    None,

    /// <summary>They, or their absence, are insecure, and no secure alias leads to them: no TLSA is looked up (R14).</summary>
    Insecure,

    /// <summary>They are insecure, and the name itself is a secure alias: TLSA at the name itself counts (R23).</summary>
    InsecureBehindSecureAlias,

    /// <summary>They are secure, and every alias to them.</summary>
    Secure,
}

/// <summary>What is known of a host's TLSA records (RFC 7672 §2.2.3). Closed.</summary>
public enum TlsaState
{
    /// <summary>A lookup failed or is bogus: this host must not be connected to (R09).</summary>
    Failed = 0,

    /// <summary>They were not looked up, because DANE cannot apply.</summary>
    NotAsked,

    /// <summary>There is none at any candidate.</summary>
    None,

    /// <summary>There are some, and none of them is secure.</summary>
    Insecure,

    /// <summary>There are secure ones, usable or not.</summary>
    Secure,
}

/// <summary>What the DNS says of one host and port: evidence, immutable.</summary>
public sealed record HostEvidence
{
    /// <summary>The host as the MX record or the target has it.</summary>
    public required MailHost Host { get; init; }

    /// <summary>The port.</summary>
    public ushort Port { get; init; }

    /// <summary>The address lookups, A before AAAA.</summary>
    public ImmutableArray<Answer> AddressAnswers { get; init; } = [];

    /// <summary>The CNAME lookup that tells whether an alias itself is secure (R13); null when it was not needed.</summary>
    public Answer? AliasAnswer { get; init; }

    /// <summary>What is known of the addresses.</summary>
    public AddressState AddressState { get; init; }

    /// <summary>The addresses, IPv4 before IPv6, in numeric order, each once.</summary>
    public ImmutableArray<IPAddress> Addresses { get; init; } = [];

    /// <summary>The TLSA lookups in the order in which the candidates were tried (R22).</summary>
    public ImmutableArray<Answer> TlsaAnswers { get; init; } = [];

    /// <summary>What is known of the TLSA records.</summary>
    public TlsaState TlsaState { get; init; }

    /// <summary>The TLSA base domain (R21 to R24): also the name for SNI (R51). The host's name when no secure TLSA was found.</summary>
    public DomainName TlsaBase { get; init; }

    /// <summary>The secure records in canonical order; empty unless <see cref="TlsaState"/> says that there are some.</summary>
    public ImmutableArray<TlsaRecord> Records { get; init; } = [];

    /// <summary>The TLSA lookup that decided: the one that failed, or found secure records, or else the first that found insecure ones, or otherwise the last; null when none was made.</summary>
    public Answer? TlsaAnswer => (TlsaState == TlsaState.Insecure ? TlsaAnswers.FirstOrDefault(answer => answer.Records is not null) : null) ?? TlsaAnswers.LastOrDefault();

    /// <summary>Whether one address family could not be looked up while the other answered.</summary>
    public bool HasFailedFamily => AddressState != AddressState.Failed && AddressAnswers.Any(answer => answer.HasFailed);

    /// <summary>The name at the end of the host's aliases, as the first address lookup that found it has it; null when the host is no alias.</summary>
    public DomainName? AliasTarget => AddressAnswers.FirstOrDefault(answer => !answer.HasFailed && answer.IsAlias)?.FinalName;

    /// <summary>Every lookup in the order of the walk.</summary>
    public IEnumerable<Answer> Lookups => [.. AddressAnswers, .. AliasAnswer is null ? ImmutableArray<Answer>.Empty : [AliasAnswer], .. TlsaAnswers];
}
