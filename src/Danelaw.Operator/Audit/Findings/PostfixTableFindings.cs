using Danelaw.Operator.Audit.Files;
using Danelaw.Operator.Audit.Postfix;
using Danelaw.Operator.Audit.Postfix.Syntax;
using Danelaw.Operator.Audit.Postfix.Tables;

namespace Danelaw.Operator.Audit.Findings;

/// <summary>Tables that Postfix reads from a file made by postmap(1): it does not look at the text, so that a change there alone changes nothing.</summary>
internal static class PostfixTableFindings
{
    /// <summary>The parameters whose tables are read here as text: what is said of them holds of Postfix only where it has them so.</summary>
    private static readonly string[] Parameters =
    [
        "smtp_tls_policy_maps", "transport_maps", "tls_server_sni_maps", "smtpd_discard_ehlo_keyword_address_maps", "smtp_discard_ehlo_keyword_address_maps", "sender_dependent_relayhost_maps",
        "sender_dependent_default_transport_maps", "virtual_alias_domains", "virtual_alias_maps", "virtual_mailbox_domains", "relay_domains", "mydestination",
    ];

    internal static void Add(PostfixInstance instance, HostFiles files, FindingList findings)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var parameter in Parameters)
        {
            foreach (var service in instance.Services.Where(service => service.Options.Any(option => option.Name == parameter)).Prepend(null))
            {
                var setting = instance.Get(parameter, service);
                if (!setting.IsSet) continue;
                foreach (var word in Words.OfList(setting.Value))
                {
                    if (TableName.TryParse(word, out var table) && IndexOf(table) is { } index && seen.Add(index)) Look(parameter, table, index, setting.Place, files, findings);
                }
            }
        }
    }

    private static void Look(string parameter, TableName table, string index, Place? place, HostFiles files, FindingList findings)
    {
        var make = $"postmap {(parameter == "tls_server_sni_maps" ? "-F " : "")}{table}";
        var text = files.Look(table.Name);
        var made = files.Look(index);
        if (made.State == FileState.Missing)
        {
            findings.Error(AuditCodes.PostfixTableStale, $"postfix, {table}", place, $"{parameter} names {table}, and {index}, which Postfix reads, does not exist: every look-up in it fails, and the mail that it is asked for is put off (451).", text.IsRead ? make : $"Write {table.Name}, then: {make}");
        }
        else if (text.IsRead && made.IsRead && files.ChangedAt(text) is { } written && files.ChangedAt(made) is { } built && written > built)
        {
            findings.Warning(AuditCodes.PostfixTableStale, $"postfix, {table}", place, $"{table.Name} was changed after {index} was made of it: Postfix goes by what stood there before, and what is said here of that table need not hold.", make);
        }
    }

    /// <summary>The file that Postfix reads in place of the text (DATABASE_README); null for a type that reads its text or has none.</summary>
    private static string? IndexOf(TableName table) => table.Name is not ['/', ..] ? null : table.Type switch
    {
        "hash" or "btree" => table.Name + ".db",
        "lmdb" => table.Name + ".lmdb",
        "cdb" => table.Name + ".cdb",
        _ => null,
    };
}
