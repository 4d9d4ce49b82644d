using System.Collections.Frozen;
using System.Collections.Immutable;
using Danelaw.Dns;

namespace Danelaw.Certificates;

/// <summary>An intermediate of a public authority, as it stood on a day.</summary>
/// <param name="Name">Its common name.</param>
/// <param name="IsRetired">Whether nothing is issued from it any more; otherwise it is one of those in rotation.</param>
/// <param name="KeyKind">The kind of key of the certificates that it issues: RSA or ECDSA.</param>
/// <param name="AsOf">The day of which that is known.</param>
/// <param name="Source">Where it is said.</param>
public sealed record KnownIssuer(string Name, bool IsRetired, string KeyKind, DateOnly AsOf, string Source)
{
    /// <summary>Whose it is. Default: <see cref="IssuerCatalogue.Authority"/>.</summary>
    public string Authority { get; init; } = IssuerCatalogue.Authority;

    /// <summary>What the authority does with its issuers, as a phrase that follows its name; null for one that issues from all in rotation in turn.</summary>
    public string? Habit { get; init; }

    /// <summary>Why the next certificate may come from another, as a sentence. Of a retired one: that it will.</summary>
    public string Prospect
    {
        get
        {
            var day = AsOf.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
            if (IsRetired) return $"{Authority} does not issue from {Name} any more (since {day} at the latest; {Source})";
            return Habit is { } habit
                ? $"{Authority} {habit} ({Source}; as of {day}, recognised by its name)"
                : $"It is one of several: certificates for {KeyKind} keys come from {string.Join(", ", IssuerCatalogue.InRotation(KeyKind).Select(one => one.Name))} in turn ({Source}), and others take their place without notice";
        }
    }
}

/// <summary>
/// What is known of public authorities' intermediates, as of the dates that stand beside them: all of Let's Encrypt's, from which nearly all mail hosts with
/// an ACME client have theirs, and some of Google Trust Services, Sectigo, ZeroSSL, GlobalSign, DigiCert and Buypass. What is not in it is not judged.
/// </summary>
public static class IssuerCatalogue
{
    /// <summary>Whose intermediates are all in it.</summary>
    public const string Authority = "Let's Encrypt";

    private const string Rsa = "RSA", Ecdsa = "ECDSA";

    private static readonly FrozenDictionary<string, KnownIssuer> LetsEncrypt = Load();

    /// <summary>
    /// SHA-256 of the SubjectPublicKeyInfo of some of them, as people publish them in <c>2 1 1</c> records. A certificate need not be sent to be recognised by it, and a
    /// digest that was noted down wrongly recognises nothing.
    /// </summary>
    private static readonly FrozenDictionary<Octets, string> ByKey = new Dictionary<string, string>
    {
        ["60b87575447dcba2a36b7d11ac09fb24a9db406fee12d2cc90180517616e8a18"] = "Let's Encrypt Authority X3",
        ["b111dd8a1c2091a89bd4fd60c57f0716cce50feeff8137cdbee0326e02cf362b"] = "Let's Encrypt Authority X4",
        ["8d02536c887482bc34ff54e41d2ba659bf85b341a0a20afadb5813dcfbcf286d"] = "R3",
        ["e5545e211347241891c554a03934cde9b749664a59d26d615fe58f77990f2d03"] = "R4",
        ["276fe8a8c4ec7611565bf9fce6dcace9be320c1b5bea27596b2204071ed04f10"] = "E1",
        ["bd936e72b212ef6f773102c6b77d38f94297322efc25396bc3279422e0c89270"] = "E2",
        ["3586d4ecf070578cbd27aedce20b964e48bc149faeb9dad72f46b857869172b8"] = "E5",
        ["d016e1fe311948aca64f2de44ce86c9a51ca041df6103bb52a88eb3f761f57d7"] = "E6",
        ["cbbc559b44d524d6a132bdac672744da3407f12aae5d5f722c5f6c7913871c75"] = "E7",
        ["885bf0572252c6741dc9a52f5044487fef2a93b811cdedfad7624cc283b7cdd5"] = "E8",
        ["2bbad93ab5c79279ec121507f272cbe0c6647a3aae52e22f388afab426b4adba"] = "R10",
        ["6ddac18698f7f1f7e1c69b9bce420d974ac6f94ca8b2c761701623f99c767dc7"] = "R11",
        ["919c0df7a787b597ed056ace654b1de9c0387acf349f73734a4fd7b58cf612a4"] = "R12",
        ["025490860b498ab73c6a12f27a49ad5fe230fafe3ac8f6112c9b7d0aad46941d"] = "R13",
    }.ToFrozenDictionary(pair => new Octets(Convert.FromHexString(pair.Key)), pair => pair.Value);

    /// <summary>Those of Let's Encrypt from which certificates for a kind of key are issued in turn: which one it will be nobody chooses.</summary>
    /// <param name="keyKind">RSA or ECDSA.</param>
    public static ImmutableArray<KnownIssuer> InRotation(string keyKind) => [.. LetsEncrypt.Values.Where(issuer => !issuer.IsRetired && issuer.KeyKind == keyKind).OrderBy(issuer => issuer.Name, StringComparer.Ordinal)];

    /// <summary>What is known of an issuing certificate; null where nothing is.</summary>
    /// <param name="issuer">The certificate.</param>
    public static KnownIssuer? Find(CertificateSummary issuer)
    {
        ArgumentNullException.ThrowIfNull(issuer);
        if (!issuer.IsAuthority || PartOf(issuer.Subject, "CN=") is not { } name) return null;
        if (issuer.Subject.Contains(Authority, StringComparison.Ordinal)) return LetsEncrypt.GetValueOrDefault(name);
        if (PartOf(issuer.Subject, "O=") is not { } organization) return null;
        if (PublicIssuers.All.GetValueOrDefault((organization, name)) is { } known) return known;
        var family = Array.Find(PublicIssuers.Families, one => one.Organization == organization && name.StartsWith(one.Beginning, StringComparison.Ordinal)).Issuer;
        return family is null ? null : family with { Name = name };
    }

    /// <summary>What is known of an issuer by the digest of its key; null where nothing is.</summary>
    /// <param name="sha256">The SHA-256 digest of its SubjectPublicKeyInfo.</param>
    public static KnownIssuer? FindByKey(Octets sha256) => ByKey.TryGetValue(sha256, out var name) ? LetsEncrypt.GetValueOrDefault(name) : null;

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

    /// <summary>One attribute of a name in the form of RFC 4514.</summary>
    private static string? PartOf(string subject, string attribute)
    {
        foreach (var part in subject.Split(','))
        {
            var text = part.Trim();
            if (text.StartsWith(attribute, StringComparison.Ordinal)) return text[attribute.Length..];
        }

        return null;
    }
}
