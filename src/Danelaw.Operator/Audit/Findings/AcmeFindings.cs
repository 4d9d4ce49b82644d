using System.Globalization;
using Danelaw.Checks;
using Danelaw.Operator.Audit.Acme;
using Danelaw.Operator.Audit.Certificates;
using Danelaw.Operator.Setup;

namespace Danelaw.Operator.Audit.Findings;

/// <summary>What the next renewal will do to mail.</summary>
internal static class AcmeFindings
{
    private const string LiveMend = "Let the servers read a chain file of their own, into which a key comes only once its record is published and twice the TTL has passed: danelaw setup moves them there, danelaw rollover brings the keys.";

    private const string ChainFolder = SetupOptions.DefaultState + "/chains/";

    /// <param name="host">The certificates that ACME clients keep renewed, what servers show, and which of it danelaw rolls.</param>
    /// <param name="pinned">Whether TLSA records are published that the key of a chain matches: a renewal that changes it breaks them.</param>
    /// <param name="pinnedWhole">Whether one of them means the whole certificate: then a renewal breaks it that keeps the key.</param>
    /// <param name="now">The time.</param>
    /// <param name="findings">Where to add.</param>
    internal static void Add(HostFacts host, Func<ChainFacts, bool> pinned, Func<ChainFacts, bool> pinnedWhole, DateTimeOffset now, FindingList findings)
    {
        foreach (var lineage in host.Lineages)
        {
            var readers = host.Chains.Where(chain => chain.Files.Any(file => lineage.Folders.Any(folder => file.PassesThrough(folder)))).ToArray();
            var isPinned = false;
            foreach (var reader in readers)
            {
                var hasTlsa = pinned(reader);
                isPinned |= hasTlsa;
                if (lineage.Key == KeyAtRenewal.Kept && !pinnedWhole(reader))
                {
                    findings.Add(AuditCodes.AcmeLiveFolder, hasTlsa ? Severity.Warning : Severity.Note, reader.Use.Subject, reader.Use.Place,
                        $"The server reads {reader.Use.Files[^1]}, which {Name(lineage.Client)} replaces at its own time, with the same key ({lineage.Place}). {(hasTlsa ? "The published TLSA records go on matching" : "TLSA records that mean the key go on matching")} for as long as that stays so: a renewal without it, by another command or a new setting, leaves {(hasTlsa ? "them matching nothing, and mail from senders that know DANE stops" : "them matching nothing")}.",
                        LiveMend);
                    continue;
                }

                findings.Add(AuditCodes.AcmeLiveFolder, hasTlsa ? Severity.Error : Severity.Warning, reader.Use.Subject, reader.Use.Place,
                    $"The server reads {reader.Use.Files[^1]}, which {Name(lineage.Client)} replaces at its own time{(lineage.Key == KeyAtRenewal.Kept ? "" : ", with a new key")}: at the next renewal{When(lineage, now)} {(hasTlsa ? "the published TLSA records match nothing any more, and mail from senders that know DANE stops" : "any TLSA record that pins this key would match nothing")}. A client's hooks come too late: its files are switched before they run.",
                    LiveMend);
            }

            var change = lineage.Key switch
            {
                KeyAtRenewal.Kept => "keeps the key",
                KeyAtRenewal.Changed => "makes a new key",
                KeyAtRenewal.Unknown => "makes a new key unless the command that renews says otherwise (lego renew --reuse-key)",
            };
            if (readers.Length == 0 && CopyOf(lineage, host) is { } copy)
            {
                AddCopy(lineage, copy, change, pinned(copy), host, now, findings);
            }
            else if (readers.Length == 0)
            {
                findings.Note(AuditCodes.AcmeRenewal, $"{Name(lineage.Client)}, {lineage.Name}", lineage.Place, $"{Name(lineage.Client)} {change} at the next renewal{When(lineage, now)}. No server that was examined reads its files.");
            }
            else if (isPinned && lineage.Key != KeyAtRenewal.Kept)
            {
                findings.Error(AuditCodes.AcmeKeyChanges, $"{Name(lineage.Client)}, {lineage.Name}", lineage.Place, $"{Name(lineage.Client)} {change} at the next renewal{When(lineage, now)}, and TLSA records pin the key of today: mail from senders that know DANE stops then.", HowToKeep(lineage));
            }
            else
            {
                findings.Note(AuditCodes.AcmeRenewal, $"{Name(lineage.Client)}, {lineage.Name}", lineage.Place, $"{Name(lineage.Client)} {change} at the next renewal{When(lineage, now)}.");
            }
        }
    }

    /// <summary>What would have a renewal looked at once, where a roll waits for what the client brings. The timer comes within five minutes: a note.</summary>
    /// <param name="host">The certificates, and what is rolled.</param>
    /// <param name="findings">Where to add.</param>
    internal static void AddHooks(HostFacts host, FindingList findings)
    {
        foreach (var lineage in host.Lineages.Where(lineage => lineage.ChainFile is not null && host.RolledOffers.Contains(RenewalFacts.OfferOf(lineage).Path)))
        {
            if (lineage.LookNow is not { IsSaid: false, IsRoots: true } look) continue;
            var mend = look.ToDo.Length > 0 ? look.ToDo + "." : "sudo danelaw setup --rollover";
            findings.Note(AuditCodes.AcmeHookMissing, $"{Name(lineage.Client)}, {lineage.Name}", look.Change is { Line: > 0 } change ? new(change.File, change.Line) : lineage.Place,
                $"danelaw rollover has charge of what {Name(lineage.Client)} brings here, and nothing that {Name(lineage.Client)} runs after a renewal tells it to look: it looks when its timer comes.", mend, look.Change is { } line ? [line] : []);
        }
    }

    /// <summary>The chain that shows the client's key from files of its own: somebody, mostly a hook of the client, copies it there.</summary>
    private static ChainFacts? CopyOf(Lineage lineage, HostFacts host) =>
        lineage.Chain is [var leaf, ..] ? host.Chains.FirstOrDefault(chain => chain.Keys.Contains(leaf.PublicKey)) : null;

    private static void AddCopy(Lineage lineage, ChainFacts copy, string change, bool isPinned, HostFacts host, DateTimeOffset now, FindingList findings)
    {
        var subject = $"{Name(lineage.Client)}, {lineage.Name}";
        var file = copy.Use.Files[^1];
        if (copy.Use.Files.Any(host.RolledFiles.Contains))
        {
            findings.Note(AuditCodes.AcmeRenewal, subject, lineage.Place, $"{Name(lineage.Client)} {change} at the next renewal{When(lineage, now)}. danelaw rollover has charge of {file}: a new key comes there once its record is published and known everywhere.");
        }
        else if (copy.Use.Files.All(one => one.StartsWith(ChainFolder, StringComparison.Ordinal)))
        {
            // No client's hook writes there: the key of today stays until danelaw brings another, and its certificate ends.
            findings.Warning(AuditCodes.AcmeRenewal, subject, lineage.Place, $"{Name(lineage.Client)} {change} at the next renewal{When(lineage, now)}. {copy.Use.Subject} goes on showing the key of today, from {file}: nothing brings renewed certificates there yet.", "sudo danelaw setup --rollover");
        }
        else if (isPinned && lineage.Key != KeyAtRenewal.Kept)
        {
            var hooks = lineage.Hooks.IsEmpty ? "whoever copies it" : $"its hook ({lineage.Hooks[0]})";
            findings.Error(AuditCodes.AcmeKeyChanges, subject, lineage.Place,
                $"{Name(lineage.Client)} {change} at the next renewal{When(lineage, now)}. {copy.Use.Subject} shows a copy of the key of today, from {file}, and TLSA records pin it: once {hooks} brings the new one there, mail from senders that know DANE stops.",
                $"{HowToKeep(lineage)} Or let danelaw rollover bring it: it publishes a new key before any server shows it.");
        }
        else
        {
            findings.Note(AuditCodes.AcmeRenewal, subject, lineage.Place, $"{Name(lineage.Client)} {change} at the next renewal{When(lineage, now)}. {copy.Use.Subject} shows a copy of it, from {file}.");
        }
    }

    private static string HowToKeep(Lineage lineage) => lineage.Client switch
    {
        AcmeClient.Certbot => $"Keep the key: certbot reconfigure --cert-name {lineage.Name} --reuse-key (before certbot 2.3: reuse_key = True in {lineage.Place.File}).",
        AcmeClient.AcmeSh => "Keep the key: acme.sh --renew without --always-force-new-domain-key.",
        AcmeClient.Lego => "Keep the key: lego renew --reuse-key.",
    };

    internal static string Name(AcmeClient client) => client switch
    {
        AcmeClient.Certbot => "certbot",
        AcmeClient.AcmeSh => "acme.sh",
        AcmeClient.Lego => "lego",
    };

    /// <summary>When it comes; one that is long due did not run.</summary>
    private static string When(Lineage lineage, DateTimeOffset now) => lineage.RenewalFrom is not { } time ? ""
        : time > now ? $" (from {time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)} on)" : $" (due since {time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)})";
}
