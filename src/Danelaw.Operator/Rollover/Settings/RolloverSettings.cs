using System.Collections.Immutable;
using System.Net;
using Danelaw.Checks;
using Danelaw.Operator.Publishing;
using Danelaw.Probes;
using Danelaw.Tlsa;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Operator.Rollover.Settings;

/// <summary>What is to be rolled on this machine, as its file of settings says (docs/rollover.md). Immutable; every path in it is absolute.</summary>
/// <param name="StateFile">The SQLite file in which the state is kept.</param>
/// <param name="Rolls">The rolls; their names, chain files and owners are all different.</param>
public sealed record RolloverSettings(string StateFile, ImmutableArray<RollSettings> Rolls)
{
    /// <summary>Where the settings stand unless another file is named.</summary>
    public const string DefaultFile = "/etc/danelaw/rollover.toml";

    /// <summary>Where the state is kept unless the settings say otherwise.</summary>
    public const string DefaultStateFile = "/var/lib/danelaw/rollover.db";

    /// <summary>The folder of keys made ahead: beside the file of states.</summary>
    public string StandbyFolder => Path.Combine(Path.GetDirectoryName(StateFile)!, "standby");
}

/// <summary>One key, or one for each algorithm, with every TLSA RRset that pins it. All of it rolls together, gated by the slowest.</summary>
public sealed record RollSettings
{
    internal static readonly TimeSpan DefaultMargin = TimeSpan.FromMinutes(10), DefaultReloadTime = TimeSpan.FromMinutes(1);

    /// <summary>What people call it: letters, digits, <c>-</c>, <c>_</c> and <c>.</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The services that show the key: host, port and protocol. One at least.</summary>
    public required ImmutableArray<CheckTarget> Owners { get; init; }

    /// <summary>Where the key is looked at on the wire; empty for every address of every owner's host.</summary>
    public ImmutableArray<CheckTarget> Endpoints { get; init; } = [];

    /// <summary>Addresses that lead to this machine although none of its interfaces has them (address translation).</summary>
    public ImmutableArray<IPAddress> Addresses { get; init; } = [];

    /// <summary>The kinds of records that mean a chain. Default: 3 1 1 alone (RFC 7672 §3.1).</summary>
    public ImmutableArray<RecordKind> Records { get; init; } = [RecordKind.Default];

    /// <summary>The TTL of the records in seconds, 0 to 2,147,483,647. Default: 3600.</summary>
    public uint TimeToLive { get; init; } = 3600;

    /// <summary>Added to every wait, for servers that cannot be seen. Default: ten minutes.</summary>
    public TimeSpan Margin { get; init; } = DefaultMargin;

    /// <summary>The chain files. One at least; where there are several, each has an algorithm of its own.</summary>
    public required ImmutableArray<ChainSettings> Chains { get; init; }

    /// <summary>What makes the servers read the chain files anew, each a program and its arguments; no shell is asked.</summary>
    public required ImmutableArray<ImmutableArray<string>> Reload { get; init; }

    /// <summary>How long one of these commands may take. Default: a minute.</summary>
    public TimeSpan ReloadTime { get; init; } = DefaultReloadTime;

    /// <summary>Where the zone is mastered.</summary>
    public required PublisherSettings Publisher { get; init; }

    /// <summary>Whether records at the owners that mean none of these keys stay. Default: they do.</summary>
    public bool KeepsForeign { get; init; } = true;

    /// <summary>Owner names that the roll has had, and that are still looked at; nothing is published there.</summary>
    internal ImmutableArray<DomainName> Former { get; init; } = [];

    /// <summary>Owner names that the roll has never had, and at which its keys may be pinned all the same; nothing is published there.</summary>
    internal ImmutableArray<DomainName> Beside { get; init; } = [];

    /// <summary>The owner names of the TLSA RRsets.</summary>
    internal IEnumerable<DomainName> TlsaOwners
    {
        get
        {
            foreach (var service in Owners)
            {
                if (TlsaOwner.TryFor(service.Port, service.Name, out var owner)) yield return owner;
            }
        }
    }

    /// <inheritdoc/>
    public bool Equals(RollSettings? other) => other is not null && Name == other.Name;

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Name);
}

/// <summary>A chain file of Danelaw's own: private key, certificate and issuers in one file, which servers read.</summary>
/// <param name="Algorithm">The kind of its key; <see cref="KeyAlgorithm.Any"/> where it is the only file of the roll.</param>
/// <param name="File">The file.</param>
/// <param name="Group">The group that may read it; null for its owner alone.</param>
/// <param name="Offers">Where chains are brought, in the order in which they are looked at.</param>
public sealed record ChainSettings(KeyAlgorithm Algorithm, string File, string? Group, ImmutableArray<OfferSource> Offers);

/// <summary>A place to which an ACME client, or a person, brings certificates.</summary>
/// <param name="Path">A folder of certbot (<c>live/NAME</c>), acme.sh or lego, or a PEM file with the certificate and its issuers.</param>
/// <param name="KeyFile">The file with the private key; null where it stands in the same file, or beside it under the client's own name for it.</param>
public sealed record OfferSource(string Path, string? KeyFile);

/// <summary>The three numbers of a TLSA record.</summary>
/// <param name="Usage">The usage.</param>
/// <param name="Selector">The selector.</param>
/// <param name="Matching">The matching type.</param>
public readonly record struct RecordKind(TlsaUsage Usage, TlsaSelector Selector, TlsaMatching Matching)
{
    /// <summary>3 1 1.</summary>
    public static RecordKind Default => new(TlsaUsage.DaneEe, TlsaSelector.PublicKey, TlsaMatching.Sha256);

    /// <inheritdoc/>
    public override string ToString() => $"{(byte)Usage} {(byte)Selector} {(byte)Matching}";
}
