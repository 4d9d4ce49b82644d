using System.Collections.Frozen;
using Danelaw.Certificates;

namespace Danelaw.Operator.Audit.Acme;

/// <summary>An intermediate that its authority does not issue from any more.</summary>
/// <param name="Name">Its common name.</param>
/// <param name="Since">When that was said, or came to be.</param>
/// <param name="Source">Where it is said.</param>
internal sealed record RetiredIssuer(string Name, DateOnly Since, string Source);

/// <summary>
/// What is known of public authorities' intermediates, as of the dates that stand beside them. It is no list of all: what is not in it
/// is not judged.
/// </summary>
internal static class IssuerCatalogue
{
    private const string Organisation = "Let's Encrypt";
    private const string Chains = "letsencrypt.org/certificates as of 2021-08-10", NewChains = "letsencrypt.org/2024/04/12/changes-to-issuance-chains";

    private static readonly FrozenDictionary<string, RetiredIssuer> LetsEncrypt = new RetiredIssuer[]
    {
        new("Let's Encrypt Authority X1", new(2021, 8, 10), Chains),
        new("Let's Encrypt Authority X2", new(2021, 8, 10), Chains),
        new("Let's Encrypt Authority X3", new(2021, 8, 10), Chains),
        new("Let's Encrypt Authority X4", new(2021, 8, 10), Chains),
        new("R3", new(2024, 6, 6), NewChains),
        new("R4", new(2024, 6, 6), NewChains),
        new("E1", new(2024, 6, 6), NewChains),
        new("E2", new(2024, 6, 6), NewChains),
    }.ToFrozenDictionary(issuer => issuer.Name, StringComparer.Ordinal);

    /// <summary>What is known against an issuing certificate; null where nothing is.</summary>
    /// <param name="issuer">The certificate.</param>
    internal static RetiredIssuer? Find(CertificateSummary issuer) =>
        issuer.IsAuthority && issuer.Subject.Contains(Organisation, StringComparison.Ordinal) && CommonName(issuer.Subject) is { } name ? LetsEncrypt.GetValueOrDefault(name) : null;

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
