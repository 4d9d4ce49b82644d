using Danelaw.Operator.Audit.Files;
using Danelaw.Operator.Audit.Postfix;
using Danelaw.Operator.Audit.Postfix.Syntax;
using Danelaw.Operator.Audit.Postfix.Tables;

namespace Danelaw.Operator.Audit.Findings;

/// <summary>What takes STARTTLS out of the reply to EHLO on port 25, for all clients or for some.</summary>
internal static class PostfixHidingFindings
{
    private const string Keyword = "starttls";

    /// <summary>Tables of patterns are looked through as they are written: what they lead to stands in their text.</summary>
    private static readonly string[] PatternTables = ["cidr", "regexp", "pcre"];

    internal static void Add(PostfixInstance instance, Listener listener, string prefix, string subject, HostFiles files, FindingList findings)
    {
        foreach (var (service, name) in new[] { (listener.Service, prefix + "_discard_ehlo_keywords"), (listener.Smtpd, "smtpd_discard_ehlo_keywords") }.Distinct())
        {
            var discarded = instance.Get(name, service);
            if (!Has(discarded.Value)) continue;
            var rest = string.Join(", ", Words.OfList(discarded.Value).Where(word => !word.Equals(Keyword, StringComparison.OrdinalIgnoreCase)));
            var (text, changes) = PostfixServerFindings.Set(instance, service, discarded, name, rest);
            findings.Error(AuditCodes.PostfixStartTlsHidden, subject, discarded.Place, $"{name} takes STARTTLS out of the reply to EHLO: senders do not see it, and those that know DANE deliver nothing (RFC 7672 §9.2).", text, changes);
            break;
        }

        foreach (var (service, name) in new[] { (listener.Service, prefix + "_discard_ehlo_keyword_address_maps"), (listener.Smtpd, "smtpd_discard_ehlo_keyword_address_maps") }.Distinct())
        {
            var maps = instance.Get(name, service);
            var place = maps.Place ?? new(instance.Directory + "/main.cf", 0);
            var told = false;
            foreach (var word in Words.OfList(maps.Value))
            {
                if (!TableName.TryParse(word, out var table) || Find(table, place, files) is not { } hiding) continue;
                findings.Error(AuditCodes.PostfixStartTlsHidden, subject, hiding.Place, $"{name} has {table}, which hides STARTTLS from {(hiding.Key.Length > 0 ? hiding.Key : "some clients")}: those of them that know DANE deliver nothing (RFC 7672 §9.2).", "Take starttls out of that line.");
                told = true;
            }

            // postscreen's own default is smtpd's setting: once is enough.
            if (told) break;
        }
    }

    /// <summary>The first line of a table that hides STARTTLS; null where there is none, or the table cannot be read.</summary>
    private static TableEntry? Find(TableName table, Place place, HostFiles files)
    {
        if (table.Type == "static") return Has(table.Name) ? new("everybody", table.Name, place) : null;
        if (!PatternTables.Contains(table.Type)) return new TableReader(files).List(table, place).Entries.FirstOrDefault(entry => Has(entry.Value));
        if (table.Name is not ['/', ..] || files.Read(table.Name) is not { IsRead: true } file) return null;
        foreach (var line in LogicalLines.Read(file.Text, table.Name, []))
        {
            var words = Words.OfList(line.Text);
            if (words.Skip(1).Any(word => word.Equals(Keyword, StringComparison.OrdinalIgnoreCase))) return new(words[0], line.Text, new(table.Name, line.Line));
        }

        return null;
    }

    private static bool Has(string list) => Words.OfList(Words.Inner(list)).Contains(Keyword, StringComparer.OrdinalIgnoreCase);
}
