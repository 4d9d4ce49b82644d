using System.Collections.Immutable;

namespace Danelaw.Lab.Authority;

/// <summary>What a certificate is to be.</summary>
public sealed record CertificateOrder
{
    /// <summary>The common name of the subject.</summary>
    public required string Name { get; init; }

    /// <summary>The DNS names of the subject, without a closing dot; none by default.</summary>
    public ImmutableArray<string> DnsNames { get; init; } = [];

    /// <summary>Who issues it; null, the default, when it is to be its own issuer.</summary>
    public LabCertificate? Issuer { get; init; }

    /// <summary>The kind of key; P-256 by default.</summary>
    public LabKeyKind KeyKind { get; init; }

    /// <summary>Whether it may issue others; false by default.</summary>
    public bool IsAuthority { get; init; }

    /// <summary>For an authority: how many authorities may stand below it; null, the default, for no bound.</summary>
    public int? PathLength { get; init; }

    /// <summary>When it begins, counted from the lab's time; an hour before it by default.</summary>
    public TimeSpan ValidFrom { get; init; } = TimeSpan.FromHours(-1);

    /// <summary>When it ends, counted from the lab's time; 90 days after it by default, before it for one that has expired.</summary>
    public TimeSpan ValidFor { get; init; } = TimeSpan.FromDays(90);
}
