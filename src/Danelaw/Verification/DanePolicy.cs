using System.Collections.Immutable;
using Danelaw.Certificates;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Verification;

/// <summary>What a chain is judged by, beside the records and the clock.</summary>
public sealed record DanePolicy
{
    /// <summary>Whose rules hold. By default those of SMTP, which honour the fewest usages.</summary>
    public ServiceKind Service { get; init; }

    /// <summary>The names of which the certificate must bear one, A-labels, for every usage but DANE-EE (R45). By default none, so that only DANE-EE can match.</summary>
    public ImmutableArray<DomainName> ReferenceNames { get; init; } = [];

    /// <summary>The service that the certificate may bear by an SRV-ID or XmppAddr instead (RFC 9525 §6.2, RFC 6120 §13.7.1.2). By default none.</summary>
    internal ServiceReference? ServiceReference { get; init; }

    /// <summary>The authorities that PKIX-TA and PKIX-EE rest on (RFC 7671 §5.3, §5.4); DANE-TA never looks at them. By default none, so that no PKIX usage matches.</summary>
    public TrustStore? Roots { get; init; }

    /// <summary>The digests, the strongest first (RFC 7671 §9). By default SHA-512, then SHA-256. A digest that is not listed ranks below those that are.</summary>
    public ImmutableArray<TlsaMatching> DigestOrder { get; init; } = [TlsaMatching.Sha512, TlsaMatching.Sha256];

    /// <summary>How much work a judgement may cost (docs/decisions/0294). What is left undone for want of it is <see cref="DaneReason.LimitReached"/>.</summary>
    internal int MaximumWork { get; init; } = Paths.WorkBudget.OfHost;
}
