using System.Collections.Immutable;
using System.Globalization;
using Danelaw.Checks;
using Danelaw.Operator.Audit.Acme;
using Danelaw.Operator.Audit.Certificates;

namespace Danelaw.Operator.Audit.Findings;

/// <summary>What the next renewal will do to mail.</summary>
internal static class AcmeFindings
{
    /// <param name="lineages">The certificates that ACME clients keep renewed.</param>
    /// <param name="chains">What servers show.</param>
    /// <param name="pinned">Whether TLSA records are published that the key of a chain matches: a renewal that changes it breaks them.</param>
    /// <param name="findings">Where to add.</param>
    internal static void Add(ImmutableArray<Lineage> lineages, ImmutableArray<ChainFacts> chains, Func<ChainFacts, bool> pinned, FindingList findings)
    {
        foreach (var lineage in lineages)
        {
            var readers = chains.Where(chain => chain.Files.Any(file => lineage.Folders.Any(folder => file.PassesThrough(folder)))).ToArray();
            var isPinned = false;
            foreach (var reader in readers)
            {
                var hasTlsa = pinned(reader);
                isPinned |= hasTlsa;
                findings.Add(AuditCodes.AcmeLiveFolder, hasTlsa ? Severity.Error : Severity.Warning, reader.Use.Subject, reader.Use.Place,
                    $"The server reads {reader.Use.Files[^1]}, which {Name(lineage.Client)} replaces at its own time{(lineage.Key == KeyAtRenewal.Kept ? "" : ", with a new key")}: at the next renewal{When(lineage)} {(hasTlsa ? "the published TLSA records match nothing any more, and mail from senders that know DANE stops" : "any TLSA record that pins this key would match nothing")}. A client's hooks come too late: its files are switched before they run.",
                    "Let the servers read a chain file of their own, into which a key comes only once its record is published (danelaw tlsa create) and twice the TTL has passed.");
            }

            var change = lineage.Key switch
            {
                KeyAtRenewal.Kept => "keeps the key",
                KeyAtRenewal.Changed => "makes a new key",
                KeyAtRenewal.Unknown => "makes a new key unless the command that renews says otherwise (lego renew --reuse-key)",
            };
            if (readers.Length == 0)
            {
                findings.Note(AuditCodes.AcmeRenewal, $"{Name(lineage.Client)}, {lineage.Name}", lineage.Place, $"{Name(lineage.Client)} {change} at the next renewal{When(lineage)}. No server that was examined reads its files.");
            }
            else if (isPinned && lineage.Key != KeyAtRenewal.Kept)
            {
                findings.Error(AuditCodes.AcmeKeyChanges, $"{Name(lineage.Client)}, {lineage.Name}", lineage.Place, $"{Name(lineage.Client)} {change} at the next renewal{When(lineage)}, and TLSA records pin the key of today: mail from senders that know DANE stops then.", lineage.Client switch
                {
                    AcmeClient.Certbot => $"Keep the key: certbot reconfigure --cert-name {lineage.Name} --reuse-key (before certbot 2.3: reuse_key = True in {lineage.Place.File}).",
                    AcmeClient.AcmeSh => "Keep the key: acme.sh --renew without --always-force-new-domain-key.",
                    AcmeClient.Lego => "Keep the key: lego renew --reuse-key.",
                });
            }
            else
            {
                findings.Note(AuditCodes.AcmeRenewal, $"{Name(lineage.Client)}, {lineage.Name}", lineage.Place, $"{Name(lineage.Client)} {change} at the next renewal{When(lineage)}.");
            }
        }
    }

    internal static string Name(AcmeClient client) => client switch
    {
        AcmeClient.Certbot => "certbot",
        AcmeClient.AcmeSh => "acme.sh",
        AcmeClient.Lego => "lego",
    };

    private static string When(Lineage lineage) => lineage.RenewalFrom is { } time ? $" (from {time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)} on)" : "";
}
