using System.Collections.Immutable;
using Danelaw.Discovery;
using Danelaw.Dns.Names;
using Danelaw.Dnssec.Resolution;
using Danelaw.Probes;
using Danelaw.Servers;
using Danelaw.Tlsa;
using Danelaw.Verification;

namespace Danelaw.Checks;

/// <summary>What a check concluded about one target: everything that text and JSON show, and nothing that depends on elapsed time or on the order of replies.</summary>
public sealed record CheckReport
{
    /// <summary>The target as it was given.</summary>
    public required string Target { get; init; }

    /// <summary>The verdict on the whole.</summary>
    public CheckVerdict Verdict { get; init; }

    /// <summary>Why.</summary>
    public CheckReason Reason { get; init; }

    /// <summary>The reason as a sentence for people.</summary>
    public string Explanation { get; init; } = "";

    /// <summary>The services that were looked for, and how; empty where the target itself says which host it means.</summary>
    public ImmutableArray<ServiceReport> Services { get; init; } = [];

    /// <summary>The hosts by preference or priority, then in canonical order of their names.</summary>
    public ImmutableArray<HostReport> Hosts { get; init; } = [];

    /// <summary>What was found, the gravest first.</summary>
    public ImmutableArray<Finding> Findings { get; init; } = [];

    /// <summary>The name servers of the zones on the way, zone by zone in the order of the walk; empty when they were not asked. No verdict rests on them.</summary>
    public ImmutableArray<ServerReport> Zones { get; init; } = [];

    /// <summary>What these rest on; null when they were not asked.</summary>
    internal ServerTour? ServerTour { get; init; }

    /// <summary>Every lookup that was made, in the order of the walk (not of the replies); of those that only looked for misplaced records the ones that found some.</summary>
    public ImmutableArray<Answer> Lookups { get; init; } = [];

    /// <summary>What whoever checks many targets tells of one whose check was ended by an exception: nothing is known of it (<see cref="CheckReason.InternalFault"/>).</summary>
    /// <param name="target">The target as it was given.</param>
    public static CheckReport OfFault(string target) => new() { Target = target, Verdict = CheckVerdict.Undetermined, Reason = CheckReason.InternalFault, Explanation = Explanations.InternalFault };
}

/// <summary>A service that was looked for.</summary>
/// <param name="Service">The service.</param>
/// <param name="IsOffered">Whether there is a host for it.</param>
/// <param name="Srv">What the SRV records say; null where none were asked for.</param>
public sealed record ServiceReport(ServiceProtocol Service, bool IsOffered, ServiceRoute? Srv);

/// <summary>What a check concluded about one host.</summary>
public sealed record HostReport
{
    /// <summary>The name, as the MX record or the target has it.</summary>
    public DomainName Name { get; init; }

    /// <summary>What is spoken there.</summary>
    public ServiceProtocol Service { get; init; } = ServiceProtocol.Smtp;

    /// <summary>The port.</summary>
    public ushort Port { get; init; } = 25;

    /// <summary>The priority of the SRV record that names it; null when none does.</summary>
    public ushort? Priority { get; init; }

    /// <summary>The weight of the SRV record that names it; null when none does.</summary>
    public ushort? Weight { get; init; }

    /// <summary>The MX preference; null when there is no MX record.</summary>
    public ushort? Preference { get; init; }

    /// <summary>The verdict.</summary>
    public CheckVerdict Verdict { get; init; }

    /// <summary>Why.</summary>
    public CheckReason Reason { get; init; }

    /// <summary>What a sender does here.</summary>
    public SenderDecision Sender { get; init; } = SenderDecision.Unknown;

    /// <summary>The addresses, IPv4 before IPv6, in numeric order.</summary>
    public ImmutableArray<System.Net.IPAddress> Addresses { get; init; } = [];

    /// <summary>The TLSA base domain in use (R21 to R24); the host's own name when none was found.</summary>
    public DomainName TlsaBase { get; init; }

    /// <summary>The lookup of the TLSA records that decided; null when none was made.</summary>
    public Answer? TlsaAnswer { get; init; }

    /// <summary>The records in canonical order, each with its state.</summary>
    public ImmutableArray<RecordReport> Records { get; init; } = [];

    /// <summary>What was seen, by address and by kind of key.</summary>
    public ImmutableArray<EndpointReport> Endpoints { get; init; } = [];

    /// <summary>The chains whose key the server has proven, each once.</summary>
    internal ImmutableArray<ServedChain> Chains { get; init; } = [];

    /// <summary>The chains that were shown in a retired version of TLS alone, each once: what they would match counts for nothing (R34).</summary>
    internal ImmutableArray<ServedChain> RetiredChains { get; init; } = [];
}

/// <summary>A TLSA record and what it turned out to be.</summary>
/// <param name="Record">The record.</param>
/// <param name="State">Its state.</param>
/// <param name="Usability">Why it is unusable, or <see cref="Usability.Usable"/>.</param>
public sealed record RecordReport(TlsaRecord Record, RecordState State, Usability Usability)
{
    /// <summary>What proved it, in the order of the endpoints: by this two records of a server with two keys are told from a current one and another. Empty unless it is matching.</summary>
    public ImmutableArray<RecordMatch> Matches { get; init; } = [];
}

/// <summary>A key that a record matches, and where it was shown and proven.</summary>
/// <param name="Address">The address and port.</param>
/// <param name="Algorithm">The kind of key.</param>
/// <param name="IsRawPublicKey">Whether it was shown without a certificate (RFC 7250).</param>
public sealed record RecordMatch(System.Net.IPEndPoint Address, KeyAlgorithm Algorithm, bool IsRawPublicKey);

/// <summary>One address asked for one kind of key.</summary>
/// <param name="Observation">What was seen.</param>
/// <param name="Verdict">What was concluded from the chain; null without a completed handshake or without usable records.</param>
public sealed record EndpointReport(Observation Observation, DaneVerdict? Verdict)
{
    /// <summary>The kind of key: that of the certificate shown, or else that which was asked for.</summary>
    public KeyAlgorithm Algorithm { get; init; }
}
