using System.Collections.Immutable;
using Danelaw.Dns;
using Danelaw.Dns.Records;
using Danelaw.Tlsa;

namespace Danelaw.Operator.Rollover;

/// <summary>What one authoritative server says of one owner.</summary>
/// <param name="Owner">The owner, such as <c>_25._tcp.mx.example.org.</c></param>
/// <param name="Server">The server.</param>
/// <param name="Records">The RRset, validly signed; empty for its proven absence; null where the server did not answer, or not validly.</param>
/// <param name="TimeToLive">The largest TTL of the answer: that of the RRset and of the aliases that lead to it, or of its absence (RFC 2308 §5).</param>
public sealed record ServerView(string Owner, string Server, TlsaSet? Records, TimeSpan TimeToLive)
{
    /// <summary>For how long a resolver may go by the records that lead to the server: the largest TTL of the NS records of its zone and of the zone above, and of its addresses. Default: zero.</summary>
    public TimeSpan NamedFor { get; init; }
}

/// <summary>What one endpoint shows to a client of one algorithm.</summary>
/// <param name="Endpoint">The address and port.</param>
/// <param name="Algorithm">The algorithm.</param>
/// <param name="Key">The SHA-256 of the SubjectPublicKeyInfo shown in a completed handshake; null where none was completed.</param>
public sealed record EndpointView(string Endpoint, string Algorithm, Octets? Key)
{
    /// <summary>Whether there was no address to connect to: nothing is known of it, not even that it shows no key. Default false.</summary>
    internal bool HasNoAddress { get; init; }

    /// <summary>The SHA-256 of the certificate that it shows; empty where none was seen.</summary>
    public Octets Leaf { get; init; }

    /// <summary>Every record with a digest that means what it shows. Default: that of the key by its SHA-256, or none.</summary>
    public TlsaSet Meaning { get; init; } = Key is { } key ? TlsaSet.Of(new TlsaRecord(TlsaUsage.DaneEe, TlsaSelector.PublicKey, TlsaMatching.Sha256, key)) : TlsaSet.Empty;
}

/// <summary>A chain that an ACME client or a person has brought.</summary>
/// <param name="Algorithm">The algorithm of its key.</param>
/// <param name="Chain">The chain.</param>
public sealed record Offer(string Algorithm, Chain Chain);

/// <summary>What was seen at one moment: evidence, immutable.</summary>
public sealed record RolloverObservation
{
    /// <summary>The moment, for waits.</summary>
    public required Uptime Uptime { get; init; }

    /// <summary>The time by the clock, for certificates.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Every owner at every authoritative server of its zone.</summary>
    public required ImmutableArray<ServerView> Servers { get; init; }

    /// <summary>The same of names that were owners of the roll, and that the settings name no more.</summary>
    public ImmutableArray<ServerView> Former { get; init; } = [];

    /// <summary>The same of names that never were owners of the roll, as far as they have records: other ports of its hosts, other names in its certificates.</summary>
    public ImmutableArray<ServerView> Beside { get; init; } = [];

    /// <summary>What the plan lets gate it beside the owners: former ones, and servers that the zone has no more.</summary>
    internal ImmutableArray<ServerView> Aside { get; init; } = [];

    /// <summary>Whether a server is among those that has gone while it was silent: what it gives to whoever still asks it nobody has seen.</summary>
    internal bool IsOneLost { get; init; }

    /// <summary>All that a sender may still be led to.</summary>
    internal IEnumerable<ServerView> Everywhere => Aside.IsEmpty ? Servers : Servers.Concat(Aside);

    /// <summary>Every endpoint of every owner, for every algorithm.</summary>
    public required ImmutableArray<EndpointView> Endpoints { get; init; }

    /// <summary>What stands in the chain files, by algorithm: the SHA-256 of each file.</summary>
    public required ImmutableDictionary<string, Octets> Installed { get; init; }

    /// <summary>The chains that were brought, the newest first, those of our own last; and those that are shown, as the settings mean them now.</summary>
    public ImmutableArray<Offer> Offers { get; init; } = [];

    /// <summary>The records that are to mean the keys made ahead, by algorithm, as the settings say now.</summary>
    public ImmutableDictionary<string, TlsaSet> Standby { get; init; } = ImmutableDictionary<string, TlsaSet>.Empty;
}
