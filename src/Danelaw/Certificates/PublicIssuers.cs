using System.Collections.Frozen;

namespace Danelaw.Certificates;

/// <summary>Intermediates of other public authorities than Let's Encrypt, each with where it is said, and as of when. They are recognised by their names.</summary>
internal static class PublicIssuers
{
    private const string Rsa = "RSA", Ecdsa = "ECDSA";

    /// <summary>By authority, as it stands in the subject (O), and common name.</summary>
    internal static readonly FrozenDictionary<(string Organization, string Name), KnownIssuer> All = Load().ToFrozenDictionary(one => (one.Organization, one.Issuer.Name), one => one.Issuer);

    /// <summary>Authorities that put the time into their issuers' names: every one of them is replaced by plan.</summary>
    internal static readonly (string Organization, string Beginning, KnownIssuer Issuer)[] Families =
    [
        ("GlobalSign nv-sa", "GlobalSign Atlas ", new("GlobalSign Atlas", false, "", new(2021, 7, 13), "support.globalsign.com/atlas/atlas-tls/atlas-tls-ica-rotations-2021") { Authority = "GlobalSign", Habit = "replaces its Atlas issuers every quarter, on the second Monday, and says that none may be pinned" }),
    ];

    private static IEnumerable<(string Organization, KnownIssuer Issuer)> Load()
    {
        const string Google = "Google Trust Services", GoogleHabit = "issues from several in turn, replaces them by plan, and discourages that any is pinned";
        const string GooglePage = "developers.google.com/public-key-infrastructure/updates/march2024-intermediates";
        yield return (Google, new("WR1", false, Rsa, new(2024, 3, 31), GooglePage) { Authority = Google, Habit = GoogleHabit });
        yield return (Google, new("WE1", false, Ecdsa, new(2026, 8, 21), "seen as the issuer of public certificates; " + GooglePage) { Authority = Google, Habit = GoogleHabit });

        // Announced in March 2024 for the near future; the day itself is not said.
        yield return (Google + " LLC", new("GTS CA 1P5", true, Rsa, new(2026, 11, 27), GooglePage) { Authority = Google });

        const string Sectigo = "Sectigo Limited", SectigoPage = "sectigo.com/knowledge-base/detail/Sectigo-Public-Root-CAs-Migration";
        foreach (var (kind, before, day) in new[] { ("DV", "Domain", new DateOnly(2025, 6, 2)), ("OV", "Organization", new(2025, 5, 15)), ("EV", "Extended", new(2025, 4, 15)) })
        {
            foreach (var (letter, name, key) in new[] { ("R", "RSA", Rsa), ("E", "ECC", Ecdsa) })
            {
                yield return (Sectigo, new($"Sectigo Public Server Authentication CA {kind} {letter}36", false, key, day, SectigoPage) { Authority = "Sectigo", Habit = "took it in place of another in 2025, from one day to the next, and says that none is to be pinned" });
                yield return (Sectigo, new($"Sectigo {name} {before} Validation Secure Server CA", true, key, day, SectigoPage) { Authority = "Sectigo" });
            }
        }

        foreach (var (name, key) in new[] { ("ZeroSSL RSA Domain Secure Site CA", Rsa), ("ZeroSSL ECC Domain Secure Site CA", Ecdsa) })
            yield return ("ZeroSSL", new(name, false, key, new(2025, 11, 23), "seen as the issuer of public certificates") { Authority = "ZeroSSL", Habit = "promises nobody that the next certificate comes from it too" });

        // The service has ended, its last certificates too.
        yield return ("Buypass AS-983163327", new("Buypass Class 2 CA 5", true, Rsa, new(2025, 10, 31), "github.com/fabriziosalmi/certmate/releases/tag/v2.16.1, developer.bring.com of 2025-09-26") { Authority = "Buypass" });

        const string DigiCert = "DigiCert Inc", FirstPage = "knowledge.digicert.com/alerts/DigiCert-ICA-Update of 2020-07-30", SecondPage = "docs.digicert.com, change log of 2020-11-02: DigiCert ICA Update";
        foreach (var name in new[] { "GeoTrust RSA CA 2018", "RapidSSL RSA CA 2018" }) yield return (DigiCert, new(name, true, Rsa, new(2020, 7, 30), FirstPage) { Authority = "DigiCert" });
        string[] replaced =
        [
            "DigiCert SHA2 Secure Server CA", "DigiCert Baltimore CA-2 G2", "DigiCert Global CA G2", "DigiCert ECC Secure Server CA", "DigiCert Baltimore CA-1 G2", "DigiCert Global CA G3",
            "DigiCert Trusted Server CA G4", "DigiCert ECC Extended Validation Server CA", "DigiCert Assured ID CA G2", "DigiCert Extended Validation CA G3", "DigiCert High Assurance CA-3", "DigiCert EV Server CA G4",
        ];
        foreach (var name in replaced) yield return (DigiCert, new(name, true, name.Contains("ECC", StringComparison.Ordinal) ? Ecdsa : Rsa, new(2020, 11, 2), SecondPage) { Authority = "DigiCert" });
    }
}
