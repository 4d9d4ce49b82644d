using System.Collections.Immutable;
using Danelaw.Dns.Names;
using Danelaw.Operator.Publishing;
using Danelaw.Operator.Rollover.Settings;
using Danelaw.Operator.Setup.Renewing;

namespace Danelaw.Operator.Setup;

/// <summary>What is wanted of a setup. Immutable; the defaults are those of the command.</summary>
public sealed record SetupOptions
{
    /// <summary>Where Danelaw keeps what it owns on a host.</summary>
    public const string DefaultState = "/var/lib/danelaw";

    /// <summary>Where the journals of setups are on a host.</summary>
    public const string DefaultJournals = DefaultState + Journals;

    private const string Journals = "/setup";

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

    /// <summary>Where the zone is changed; null where a person does it.</summary>
    public PublisherSettings? Publisher { get; init; }

    /// <summary>Whether renewals are to be carried on by <c>danelaw rollover</c>: its settings, its timer and the ACME client's hook are installed.</summary>
    public bool WantsRollover { get; init; }

    /// <summary>What is run as danelaw: the program, and where that only runs the command the file that it runs. Default <c>/usr/bin/danelaw</c>, where a package puts it.</summary>
    public ImmutableArray<string> Command { get; init; } = [PackagedFile.Command];

    /// <summary>The rollover's settings. Default <c>/etc/danelaw/rollover.toml</c>.</summary>
    public string RolloverFile { get; init; } = RolloverSettings.DefaultFile;

    /// <summary>Where the rollover keeps its state.</summary>
    public string RolloverStateFile => StateFolder + "/rollover.db";

    /// <summary>The folder of chain files.</summary>
    public string ChainFolder => StateFolder + "/chains";

    /// <summary>The folder of journals, one for each setup.</summary>
    public string JournalFolder => StateFolder + Journals;
}
