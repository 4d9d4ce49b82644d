using System.Collections.Frozen;
using System.Collections.Immutable;
using Danelaw.Certificates;

namespace Danelaw.Operator.Audit.Acme;

/// <summary>An intermediate of a public authority, as it stood on a day.</summary>
/// <param name="Name">Its common name.</param>
/// <param name="IsRetired">Whether nothing is issued from it any more; otherwise it is one of those in rotation.</param>
/// <param name="KeyKind">The kind of key of the certificates that it issues: RSA or ECDSA.</param>
/// <param name="AsOf">The day of which that is known.</param>
/// <param name="Source">Where it is said.</param>
internal sealed record KnownIssuer(string Name, bool IsRetired, string KeyKind, DateOnly AsOf, string Source);

/// <summary>
/// What is known of public authorities' intermediates, as of the dates that stand beside them: Let's Encrypt, from which nearly all mail hosts with an
/// ACME client have theirs. It is no list of all: what is not in it is not judged.
/// </summary>
internal static class IssuerCatalogue
{
    internal const string Authority = "Let's Encrypt";

    private const string Rsa = "RSA", Ecdsa = "ECDSA";

    private static readonly FrozenDictionary<string, KnownIssuer> LetsEncrypt = Load();

    /// <summary>Those from which certificates for a kind of key are issued in turn: which one it will be nobody chooses.</summary>
    /// <param name="keyKind">RSA or ECDSA.</param>
    internal static ImmutableArray<KnownIssuer> InRotation(string keyKind) => [.. LetsEncrypt.Values.Where(issuer => !issuer.IsRetired && issuer.KeyKind == keyKind).OrderBy(issuer => issuer.Name, StringComparer.Ordinal)];

    /// <summary>What is known of an issuing certificate; null where nothing is.</summary>
    /// <param name="issuer">The certificate.</param>
    internal static KnownIssuer? Find(CertificateSummary issuer) =>
        issuer.IsAuthority && issuer.Subject.Contains(Authority, StringComparison.Ordinal) && CommonName(issuer.Subject) is { } name ? LetsEncrypt.GetValueOrDefault(name) : null;

    private static FrozenDictionary<string, KnownIssuer> Load()
    {
        var all = new List<KnownIssuer>();
        Add(true, new(2021, 8, 10), "letsencrypt.org/certificates as of 2021-08-10", Rsa, "Let's Encrypt Authority X1", "Let's Encrypt Authority X2", "Let's Encrypt Authority X3", "Let's Encrypt Authority X4");
        const string Moved = "letsencrypt.org/2024/04/12/changes-to-issuance-chains";
        Add(true, new(2024, 6, 6), Moved, Rsa, "R3", "R4");
        Add(true, new(2024, 6, 6), Moved, Ecdsa, "E1", "E2");

        // The page of that day lists eight in rotation; the four of before are not among them.
        const string Page = "letsencrypt.org/certificates as of 2026-01-08";
        var day = new DateOnly(2026, 1, 8);
        Add(true, day, Page, Rsa, "R10", "R11");
        Add(true, day, Page, Ecdsa, "E5", "E6");
        Add(false, day, Page, Rsa, "R12", "R13", "YR1", "YR2");
        Add(false, day, Page, Ecdsa, "E7", "E8", "YE1", "YE2");
        return all.ToFrozenDictionary(issuer => issuer.Name, StringComparer.Ordinal);

        void Add(bool isRetired, DateOnly asOf, string source, string keyKind, params ReadOnlySpan<string> names)
        {
            foreach (var name in names) all.Add(new(name, isRetired, keyKind, asOf, source));
        }
    }

    /// <summary>The common name of a name in the form of RFC 4514.</summary>
    private static string? CommonName(string subject)
    {
        foreach (var part in subject.Split(','))
        {
            var text = part.Trim();
            if (text.StartsWith("CN=", StringComparison.Ordinal)) return text["CN=".Length..];
        }

        return null;
    }
}
