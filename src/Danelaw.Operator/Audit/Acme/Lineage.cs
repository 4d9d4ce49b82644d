using System.Collections.Immutable;
using Danelaw.Certificates;

namespace Danelaw.Operator.Audit.Acme;

/// <summary>The ACME clients whose files are known.</summary>
public enum AcmeClient
{
    /// <summary>certbot.</summary>
    Certbot,

    /// <summary>acme.sh.</summary>
    AcmeSh,

    /// <summary>lego.</summary>
    Lego,
}

/// <summary>Whether the next renewal keeps the key.</summary>
public enum KeyAtRenewal
{
    /// <summary>It cannot be told.</summary>
    Unknown,

    /// <summary>A new key is made.</summary>
    Changed,

    /// <summary>The key stays.</summary>
    Kept,
}

/// <summary>A certificate that an ACME client keeps renewed.</summary>
public sealed record Lineage
{
    /// <summary>The client.</summary>
    public required AcmeClient Client { get; init; }

    /// <summary>The client's name for it.</summary>
    public required string Name { get; init; }

    /// <summary>Where the client keeps what it has of it, such as its renewal file.</summary>
    public required Place Place { get; init; }

    /// <summary>The folders that are the client's own: whatever a server reads there changes at the client's will.</summary>
    public ImmutableArray<string> Folders { get; init; } = [];

    /// <summary>The file of its private key; null where it is not known.</summary>
    public string? KeyFile { get; init; }

    /// <summary>The file of the certificate and its issuers; null where it is not known.</summary>
    public string? ChainFile { get; init; }

    /// <summary>The certificate that it has now, with its issuers; empty where it cannot be read.</summary>
    public ImmutableArray<CertificateSummary> Chain { get; init; } = [];

    /// <summary>Whether the next renewal keeps the key, and why that is known.</summary>
    public KeyAtRenewal Key { get; init; }

    /// <summary>When the client renews, as far as can be told; null otherwise.</summary>
    public DateTimeOffset? RenewalFrom { get; init; }

    /// <summary>The commands that it runs after a renewal.</summary>
    public ImmutableArray<string> Hooks { get; init; } = [];

    /// <summary>Whether the client tells danelaw rollover to look; null where nobody looked.</summary>
    internal LookNow? LookNow { get; init; }

    /// <inheritdoc/>
    public bool Equals(Lineage? other) => other is not null && Client == other.Client && Name == other.Name && Place == other.Place;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Client, Name, Place);
}
