using System.Collections.Immutable;
using Danelaw.Dns.Names;

namespace Danelaw.Operator.Setup;

/// <summary>What is wanted of a setup. Immutable; the defaults are those of the command.</summary>
public sealed record SetupOptions
{
    /// <summary>Where Danelaw keeps what it owns on a host.</summary>
    public const string DefaultState = "/var/lib/danelaw";

    /// <summary>The folder of chain files and journals. Default <see cref="DefaultState"/>.</summary>
    public string StateFolder { get; init; } = DefaultState;

    /// <summary>The certificate with its issuers that the servers are to show; null for the one that they show now, or that an ACME client keeps for their name.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>Its private key; null where that stands in the certificate's file.</summary>
    public string? KeyFile { get; init; }

    /// <summary>The names for which records are made; empty for the MX host names that lead to this host.</summary>
    public ImmutableArray<DomainName> Names { get; init; } = [];

    /// <summary>The ports for which records are made, each 1 to 65535. Default 25: that is where senders look.</summary>
    public ImmutableArray<int> Ports { get; init; } = [25];

    /// <summary>The TTL of records that are new, in seconds. Default 3600: short enough for a key that has to be changed in a hurry (RFC 7671 §13).</summary>
    public uint TimeToLive { get; init; } = 3600;

    /// <summary>Whether records are published by a publisher. Default false: a person does it.</summary>
    public bool HasPublisher { get; init; }

    /// <summary>The folder of chain files.</summary>
    public string ChainFolder => StateFolder + "/chains";

    /// <summary>The folder of journals, one for each setup.</summary>
    public string JournalFolder => StateFolder + "/setup";
}
