using Danelaw.Operator.Audit.Beside;
using Danelaw.Operator.Audit.Files;
using Danelaw.Operator.Audit.Postfix;
using Danelaw.Operator.Audit.Postfix.Syntax;
using Danelaw.Operator.Audit.Postfix.Tables;
using Danelaw.Operator.Changes;

namespace Danelaw.Operator.Audit.Findings;

/// <summary>What the tables of TLS policies say against DANE.</summary>
internal static class PostfixPolicyFindings
{
    private static readonly string[] Weaker = ["none", "may", "encrypt", "verify", "secure", "fingerprint"];

    internal static void Add(PostfixInstance instance, HostFiles files, MasterService? service, string[] hops, FindingList findings)
    {
        var subject = PostfixClientFindings.SubjectOf(instance, service);
        var sites = instance.Get("smtp_tls_per_site", service);
        if (!sites.IsEmpty) findings.Warning(AuditCodes.PostfixDeprecated, subject, sites.Place, "smtp_tls_per_site is obsolete since Postfix 2.3, knows nothing of DANE and is gone in later releases.", "Move its lines to smtp_tls_policy_maps and take it out.");
        var maps = instance.Get("smtp_tls_policy_maps", service);
        var isDane = SecurityLevel.Of(instance, "smtp", service).Value is "dane" or "dane-only";
        var mayHaveDane = false;
        foreach (var word in Words.OfList(maps.Value))
        {
            if (!TableName.TryParse(word, out var table)) continue;
            if (table.Type == "static")
            {
                mayHaveDane |= IsDane(table.Name);
                AddStatic(instance, service, maps, word, Level(table.Name), isDane, findings);
                continue;
            }

            var listing = new TableReader(files).List(table, maps.Place ?? new(instance.Directory + "/main.cf", 0));
            if (isDane && listing.IsOracle) AddOracle(subject, table, maps.Place, files, findings);
            mayHaveDane |= listing.Unlisted.Length > 0 || listing.Entries.Any(entry => IsDane(entry.Value));
            AddTable(subject, listing, isDane, hops, findings);
            AddSupport(instance, service, listing, isDane, findings);
        }

        if (!isDane && mayHaveDane) AddInsecureMxPolicy(instance, service, subject, findings);
        if (isDane || mayHaveDane) AddChosenMxPolicy(instance, service, subject, findings);
    }

    /// <summary>static: answers for every destination that no table before it names.</summary>
    private static void AddStatic(PostfixInstance instance, MasterService? service, Setting maps, string word, string? level, bool isDane, FindingList findings)
    {
        var isOnly = level == "dane-only";
        if (!isOnly && !(isDane && Weaker.Contains(level))) return;
        var rest = string.Join(", ", Words.OfList(maps.Value).Where(other => !other.StartsWith("static:", StringComparison.Ordinal)));
        Change[] changes = service is null ? [new Change.SetParameter(instance.Directory, maps.Name, rest)] : PostfixServerFindings.Set(instance, service, maps, maps.Name, rest).Changes;
        findings.Error(isOnly ? AuditCodes.PostfixDaneOnly : AuditCodes.PostfixPolicyOverride, PostfixClientFindings.SubjectOf(instance, service), maps.Place,
            isOnly
                ? $"smtp_tls_policy_maps has {word}, for every destination that no table before it names: mail to all domains without TLSA records, which is most of them, is deferred and comes back (TLS_README)."
                : $"smtp_tls_policy_maps has {word}, which overrides smtp_tls_security_level for every destination that no table before it names: mail goes out without DANE.",
            $"Take {word} out of smtp_tls_policy_maps{(isOnly && !isDane ? ", and set smtp_tls_security_level = dane" : "")}.", changes);
    }

    /// <summary>Without DNSSEC lookups a line with dane does nothing, and one with dane-only keeps the mail back.</summary>
    private static void AddSupport(PostfixInstance instance, MasterService? service, TableListing listing, bool isDane, FindingList findings)
    {
        var support = instance.Get("smtp_dns_support_level", service);
        if (support.Is("dnssec")) return;
        var only = listing.Entries.Where(entry => Level(entry.Value) == "dane-only").ToArray();

        // That the general level comes to nothing is told already, and mended by the same.
        var lines = only.Length > 0 ? only : isDane ? [] : listing.Entries.Where(entry => IsDane(entry.Value)).ToArray();
        if (lines.Length == 0) return;
        Change[] changes = service is null ? [new Change.SetParameter(instance.Directory, support.Name, "dnssec")] : PostfixServerFindings.Set(instance, service, support, support.Name, "dnssec").Changes;
        findings.Error(AuditCodes.PostfixDnssecOff, PostfixClientFindings.SubjectOf(instance, service), lines[0].Place,
            $"{listing.Table} has {Level(lines[0].Value)} for {Names(lines)}, and smtp_dns_support_level is {(support.IsEmpty ? "not set" : support.Value)}: without DNSSEC lookups Postfix {(only.Length > 0 ? "keeps that mail back, and returns it in the end" : "leaves DANE out")} (postconf(5)).",
            $"{PostfixServerFindings.PostConf(instance)} -e 'smtp_dns_support_level = dnssec', and a validating resolver on this host.", changes);
    }

    private static void AddTable(string subject, TableListing listing, bool isDane, string[] hops, FindingList findings)
    {
        var weaker = new List<TableEntry>();
        foreach (var entry in listing.Entries)
        {
            if (Level(entry.Value) is not { } level) continue;
            if (entry.Key == "*")
            {
                // Policies are looked up by next-hop and its parents; no lookup has the key *.
                findings.Warning(AuditCodes.PostfixPolicyUnused, subject, entry.Place, $"The line '* {entry.Value}' of {listing.Table} is never looked up: Postfix asks for the destination and its parent domains, not for *.", "Take the line out; what holds for all other destinations is smtp_tls_security_level.");
            }
            else if (Weaker.Contains(level) && isDane)
            {
                if (hops.Contains(entry.Key, StringComparer.OrdinalIgnoreCase))
                    findings.Warning(AuditCodes.PostfixPolicyOverride, subject, entry.Place, $"All mail goes through {entry.Key}, and {listing.Table} has the level {level} for it: it goes out without DANE.", $"Where that host has TLSA records: take the line out, or put {entry.Key} dane-only in its place.");
                else weaker.Add(entry);
            }
        }

        if (weaker.Count == 0) return;
        findings.Note(AuditCodes.PostfixPolicyOverride, subject, weaker[0].Place, $"{listing.Table} has levels of its own for {Names(weaker)}: mail there goes out without DANE even where TLSA records exist.", "Where that is not meant any more, take the lines out.");
    }

    /// <summary>
    /// Programs that answer for MTA-STS: postfix-mta-sts-resolver says <c>secure</c> also for domains with TLSA records, and Postfix then
    /// looks for none (its README warns of it); RFC 8461 §2 forbids that.
    /// </summary>
    private static void AddOracle(string subject, TableName table, Place? place, HostFiles files, FindingList findings)
    {
        var ask = $"postmap -q example.org {table}";
        if (table.Type == "socketmap" && StsResolver.Read(files) is { } resolver && resolver.Serves(table.Name))
        {
            findings.Error(AuditCodes.StsOverridesDane, subject, place, $"{table} is postfix-mta-sts-resolver ({resolver.File}): for a domain with an MTA-STS policy it says secure, and Postfix then looks for no TLSA records there. MTA-STS must not stand in for DANE (RFC 8461 §2).",
                $"Take {table} out of smtp_tls_policy_maps, or put a policy server that looks for DANE first in its place; {ask} shows what it says.");
            return;
        }

        findings.Note(AuditCodes.PostfixPolicyOverride, subject, place, $"{table} answers one destination at a time, and cannot be listed: for whom it says another level than dane, mail goes out without DANE.", $"Ask it: {ask}");
    }

    private static void AddInsecureMxPolicy(PostfixInstance instance, MasterService? service, string subject, FindingList findings)
    {
        if (instance.Version is not { } version || !PostfixDefaults.HasWrongInsecureMxPolicy(version)) return;
        var policy = instance.Get("smtp_tls_dane_insecure_mx_policy", service);
        if (policy.IsSet) return;
        findings.Warning(AuditCodes.PostfixInsecureMxPolicy, subject, null,
            $"Postfix {version} takes smtp_tls_dane_insecure_mx_policy for may where DANE comes from a policy table: hosts with TLSA records behind an unsigned MX are then not authenticated (mended in 3.6.17, 3.7.13, 3.8.8, 3.9.2, 3.10.0).",
            $"{PostfixServerFindings.PostConf(instance)} -e 'smtp_tls_dane_insecure_mx_policy = dane' && {PostfixServerFindings.Reload(instance)}",
            new Change.SetParameter(instance.Directory, "smtp_tls_dane_insecure_mx_policy", "dane"));
    }

    /// <summary>What somebody has set by hand; the wrong default of some releases is another matter.</summary>
    private static void AddChosenMxPolicy(PostfixInstance instance, MasterService? service, string subject, FindingList findings)
    {
        var policy = instance.Get("smtp_tls_dane_insecure_mx_policy", service);
        if (!policy.IsSet || policy.Is("dane")) return;
        findings.Warning(AuditCodes.PostfixInsecureMxPolicy, subject, policy.Place,
            $"smtp_tls_dane_insecure_mx_policy = {policy.Value}: hosts with TLSA records are not authenticated where the MX record that leads to them is not signed (RFC 7672 §2.2.1; the default is dane).",
            $"If that is not meant: {PostfixServerFindings.PostConf(instance)} -X smtp_tls_dane_insecure_mx_policy && {PostfixServerFindings.Reload(instance)}");
    }

    private static string Names(IReadOnlyCollection<TableEntry> entries) => string.Join(", ", entries.Take(5).Select(entry => entry.Key)) + (entries.Count > 5 ? $" and {entries.Count - 5} more" : "");

    private static bool IsDane(string policy) => Level(policy) is "dane" or "dane-only";

    /// <summary>The first word of a policy.</summary>
    private static string? Level(string policy) => Words.OfList(Words.Inner(policy)) is [var first, ..] ? first.ToLowerInvariant() : null;
}
