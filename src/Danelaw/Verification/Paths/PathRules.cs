using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Danelaw.Certificates;
using Danelaw.Dns.Names;

namespace Danelaw.Verification.Paths;

/// <summary>What a path must keep beside its signatures (RFC 5280 §6.1, with the anchor's own certificate held to the same, as RFC 7671 §5.2 wants for selector 0).</summary>
internal static class PathRules
{
    /// <summary>Looks for the first rule that a path breaks.</summary>
    /// <param name="path">The certificates, the server's own first; the last one is the anchor, or signed by a bare key.</param>
    /// <param name="endsInKey">Whether the anchor is a bare key above the last certificate.</param>
    /// <param name="policy">The names that count.</param>
    /// <param name="now">The time at which each certificate must be valid.</param>
    /// <param name="signatures">Knows the keys.</param>
    /// <returns>The fault; null when the path is sound.</returns>
    public static PathFault? FindFault(ImmutableArray<PathCertificate> path, bool endsInKey, DanePolicy policy, DateTimeOffset now, SignatureMemory signatures) =>
        signatures.IsTooWeak(path[0].Frame.PublicKey) ? new(DaneReason.TooWeak, $"{path[0].Label} has an RSA key below 1024 bits")
        : FindUnreadable(path)
        ?? FindUnauthorized(path, endsInKey)
        ?? FindTooLong(path)
        ?? FindConstraint(path)
        ?? FindUnknown(path)
        ?? FindPurpose(path)
        ?? FindDate(path, now)
        ?? FindName(path, policy);

    /// <summary>What looking costs, in units of work: names are held against every constraint above them.</summary>
    public static int CostOf(ImmutableArray<PathCertificate> path)
    {
        const int ComparisonsOfUnit = 128;
        long comparisons = 0;
        var names = 0;
        foreach (var certificate in path)
        {
            comparisons += ((certificate.Extensions.NameConstraints is { } constraints ? constraints.Permitted.Length + constraints.Excluded.Length : 0) * (long)names) + 1;
            names += 1 + (certificate.Extensions.AlternativeNames?.Length ?? 0);
        }

        comparisons += path[0].Extensions.AlternativeNames?.Length ?? 0;
        return (int)Math.Min(1 + (comparisons / ComparisonsOfUnit), int.MaxValue);
    }

    private static PathFault? FindUnreadable(ImmutableArray<PathCertificate> path)
    {
        foreach (var certificate in path)
            if (certificate.Extensions.Fault is { } fault) return new(DaneReason.MalformedCertificate, $"{certificate.Label} cannot be judged: {fault}");
        return null;
    }

    private static PathFault? FindUnauthorized(ImmutableArray<PathCertificate> path, bool endsInKey)
    {
        for (var i = 1; i < path.Length; i++)
        {
            var isAnchor = i == path.Length - 1 && !endsInKey;
            var extensions = path[i].Extensions;

            // RFC 5280 §6.1.4 (k): an authority says so. An anchor from before basic constraints, which a record or store names all the
            // same, may be of version 1 if it issued itself, or say it by its key usage; OpenSSL agrees.
            var isAuthority = extensions.HasBasicConstraints
                ? extensions.IsAuthority
                : isAnchor && ((path[i].Frame.Version < 3 && path[i].IsSelfIssued) || extensions.KeyUsage is not null);
            if (!isAuthority) return new(DaneReason.NotAnAuthority, $"{path[i].Label} signed another certificate but is no certificate authority (RFC 5280 §6.1.4)");

            // RFC 5280 §6.1.4 (n): where a key usage is given, it allows signing certificates.
            if (extensions.KeyUsage is { } usage && !usage.HasFlag(KeyUsages.CertificateSigning)) return new(DaneReason.NotAnAuthority, $"the key of {path[i].Label} may not sign certificates (RFC 5280 §4.2.1.3)");
        }

        return null;
    }

    private static PathFault? FindTooLong(ImmutableArray<PathCertificate> path)
    {
        // RFC 5280 §4.2.1.9: authorities that issued themselves do not count, nor does the last certificate.
        var below = 0;
        for (var i = 1; i < path.Length; i++)
        {
            if (path[i].Extensions.PathLength is { } length && length < below)
                return new(DaneReason.PathTooLong, string.Create(CultureInfo.InvariantCulture, $"{path[i].Label} allows {length} authorities below it, and there are {below} (RFC 5280 §4.2.1.9)"));
            if (!path[i].IsSelfIssued) below++;
        }

        return null;
    }

    private static PathFault? FindConstraint(ImmutableArray<PathCertificate> path)
    {
        for (var i = 1; i < path.Length; i++)
        {
            if (path[i].Extensions.NameConstraints is not { } constraints) continue;
            for (var j = 0; j < i; j++)
            {
                // RFC 5280 §6.1.3 (b), (c): an authority's new certificate for itself is exempt, the server's never.
                if (j > 0 && path[j].IsSelfIssued) continue;
                if (constraints.FindViolation(path[j]) is { } violation)
                    return new(DaneReason.NameConstraintViolated, $"{path[j].Label} breaks the name constraints of {path[i].Label}: {violation} (RFC 5280 §4.2.1.10)");
            }
        }

        return null;
    }

    private static PathFault? FindUnknown(ImmutableArray<PathCertificate> path)
    {
        foreach (var certificate in path)
            if (certificate.Extensions.UnknownCritical is { } oid) return new(DaneReason.UnknownCriticalExtension, $"{certificate.Label} has a critical extension that is not known here, {oid} (RFC 5280 §4.2)");
        return null;
    }

    private static PathFault? FindPurpose(ImmutableArray<PathCertificate> path)
    {
        // RFC 5280 §4.2.1.12. As in OpenSSL an authority's list of purposes binds what it issues, and "any purpose" does not name this one.
        foreach (var certificate in path)
            if (certificate.Extensions.Purposes is { } purposes && !purposes.Contains(ObjectIdentifiers.ServerAuthentication))
                return new(DaneReason.WrongPurpose, $"{certificate.Label} is not for TLS servers by its extended key usage (RFC 5280 §4.2.1.12)");
        if (path[0].Extensions.IsForOthersByNetscape) return new(DaneReason.WrongPurpose, $"{path[0].Label} is not for TLS servers by its Netscape certificate type, which OpenSSL goes by");
        return path[0].Extensions.KeyUsage is { } usage && (usage & (KeyUsages.DigitalSignature | KeyUsages.KeyEncipherment | KeyUsages.KeyAgreement)) == 0
            ? new(DaneReason.WrongPurpose, $"the key of {path[0].Label} may not be used in TLS by its key usage (RFC 5280 §4.2.1.3)")
            : null;
    }

    private static PathFault? FindDate(ImmutableArray<PathCertificate> path, DateTimeOffset now)
    {
        // RFC 5280 §4.1.2.5: valid through the last second.
        now = DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds());
        PathFault? notYet = null;
        foreach (var certificate in path)
        {
            if (!Validity.TryRead(certificate.Frame.Validity.Span, out var validity)) return new(DaneReason.MalformedCertificate, $"the dates of {certificate.Label} cannot be read");
            if (now > validity.NotAfter) return new(DaneReason.Expired, $"{certificate.Label} expired on {Show(validity.NotAfter)} (RFC 5280 §6.1.3)");
            if (now < validity.NotBefore) notYet ??= new(DaneReason.NotYetValid, $"{certificate.Label} is not valid before {Show(validity.NotBefore)} (RFC 5280 §6.1.3)");
        }

        return notYet;
    }

    private static PathFault? FindName(ImmutableArray<PathCertificate> path, DanePolicy policy)
    {
        var leaf = path[0];
        var allowsCommonName = policy.Service == ServiceKind.Smtp;
        if (!policy.ReferenceNames.IsDefaultOrEmpty && HostNames.IsBorne(leaf, policy.ReferenceNames, allowsCommonName)) return null;
        if (policy.ServiceReference is { } service && ServiceNames.IsBorne(leaf, service, path.AsSpan()[1..])) return null;
        var section = allowsCommonName ? "RFC 7672 §3.2.2" : "RFC 9525 §6";
        var wanted = policy.ReferenceNames.IsDefaultOrEmpty ? "any name, and none was given" : string.Join(" or ", policy.ReferenceNames.Select(HostNames.Show));
        return new(DaneReason.NameMismatch, $"{leaf.Label} does not bear {wanted} ({section}); {Borne(leaf, allowsCommonName)}");
    }

    /// <summary>The names that a certificate does bear, for the label shows a common name, which counts beside no other.</summary>
    private static string Borne(PathCertificate leaf, bool allowsCommonName)
    {
        const int most = 4;
        string[] names = [.. HostNames.PresentedBy(leaf, allowsCommonName).Where(name => name.Length <= DomainName.MaximumLength && HostNames.IsPlain(name.Span)).Select(name => Encoding.ASCII.GetString(name.Span)).Take(most + 1)];
        var hasDns = leaf.Extensions.AlternativeNames?.Any(name => name.Kind == GeneralNameKind.Dns) ?? false;
        if (names.Length == 0 && !allowsCommonName && !hasDns) return "it bears no DNS name, and a common name does not count (RFC 9525 §2)";
        if (names.Length == 0) return "it bears no host name";
        var shown = string.Join(", ", names.Take(most)) + (names.Length > most ? " and more" : "");
        return hasDns ? $"it bears {shown}, and beside DNS names a common name does not count ({(allowsCommonName ? "RFC 7672 §3.2.3" : "RFC 9525 §2")})" : $"it bears {shown}";
    }

    private static string Show(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
