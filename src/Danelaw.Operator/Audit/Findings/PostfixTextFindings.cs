using System.Globalization;
using Danelaw.Operator.Audit.Postfix;
using Danelaw.Operator.Changes;

namespace Danelaw.Operator.Audit.Findings;

/// <summary>What main.cf and master.cf say wrongly, twice, or in words of the past.</summary>
internal static class PostfixTextFindings
{
    /// <summary>Parameters of before 2.3, warned of from 3.9 on, and the levels that stand for them (DEPRECATION_README).</summary>
    private static readonly Dictionary<string, (string New, string WhenYes)> Old = new(StringComparer.Ordinal)
    {
        ["smtpd_use_tls"] = ("smtpd_tls_security_level", "may"),
        ["smtpd_enforce_tls"] = ("smtpd_tls_security_level", "may"),
        ["smtp_use_tls"] = ("smtp_tls_security_level", "may"),
        ["smtp_enforce_tls"] = ("smtp_tls_security_level", "encrypt"),
        ["lmtp_use_tls"] = ("lmtp_tls_security_level", "may"),
        ["lmtp_enforce_tls"] = ("lmtp_tls_security_level", "encrypt"),
        ["postscreen_use_tls"] = ("postscreen_tls_security_level", "may"),
        ["postscreen_enforce_tls"] = ("postscreen_tls_security_level", "encrypt"),
    };

    internal static void Add(PostfixInstance instance, FindingList findings)
    {
        foreach (var fault in instance.Main.Faults.Concat(instance.Master.Faults).Concat(instance.ExpansionFaults()))
        {
            if (fault.IsFatal) findings.Error(AuditCodes.PostfixSyntax, "postfix", fault.Place, $"{Capital(fault.Text)}. Postfix does not start with it, and reads nothing new until then.", "Mend the line; postfix check tells whether it is read.");
            else findings.Warning(AuditCodes.PostfixSyntax, "postfix", fault.Place, $"{Capital(fault.Text)}. Postfix leaves the line out.", "Take the blanks at its beginning away, or the line out.");
        }

        foreach (var definition in instance.Overridden())
        {
            var last = instance.Get(definition.Name);
            if (last.Raw == definition.Value)
            {
                findings.Note(AuditCodes.PostfixOverridden, "postfix", definition.Place, string.Create(CultureInfo.InvariantCulture, $"{definition.Name} is set here and again, to the same, in line {last.Place!.Line}."), "Take one of the two lines out.");
                continue;
            }

            findings.Warning(AuditCodes.PostfixOverridden, "postfix", definition.Place, string.Create(CultureInfo.InvariantCulture, $"{definition.Name} = {definition.Value} has no effect: line {last.Place!.Line} sets it again, to '{last.Raw}', and the last one counts."), "Take out the line that is not meant.");
        }

        foreach (var (name, (current, level)) in Old)
        {
            var setting = instance.Get(name);
            if (setting.IsSet) AddOld(instance, setting, current, level, findings);
        }

        foreach (var service in instance.Master.Services)
        {
            foreach (var option in service.Options)
            {
                if (!Old.TryGetValue(option.Name, out var replacement)) continue;
                var hasLevel = !instance.Get(replacement.New, service).IsEmpty;
                findings.Warning(AuditCodes.PostfixDeprecated, $"postfix, {service.Name}/{service.Type}", option.Place,
                    hasLevel
                        ? $"-o {option.Name}={option.Value} does nothing, because {replacement.New} is set; later releases do not know it (3.9 warns)."
                        : $"-o {option.Name}={option.Value} is a parameter of before Postfix 2.3; later releases do not know it (3.9 warns).",
                    $"In master.cf, service {PostfixServerFindings.Key(service)}: take out -o {option.Name}={option.Value}.",
                    new Change.SetServiceOption(instance.Directory, PostfixServerFindings.Key(service), option.Name, null));
            }
        }
    }

    private static void AddOld(PostfixInstance instance, Setting setting, string current, string level, FindingList findings)
    {
        var replacement = instance.Get(current);
        Change[] changes = replacement.IsEmpty && setting.IsYes
            ? [new Change.SetParameter(instance.Directory, current, level), new Change.RemoveParameter(instance.Directory, setting.Name)]
            : [new Change.RemoveParameter(instance.Directory, setting.Name)];
        findings.Warning(AuditCodes.PostfixDeprecated, "postfix", setting.Place,
            replacement.IsEmpty
                ? $"{setting.Name} is a parameter of before Postfix 2.3; later releases do not know it (3.9 warns)."
                : $"{setting.Name} does nothing, because {current} is set; later releases do not know it (3.9 warns).",
            replacement.IsEmpty && setting.IsYes
                ? $"{PostfixServerFindings.PostConf(instance)} -e '{current} = {level}' && {PostfixServerFindings.PostConf(instance)} -X {setting.Name}"
                : $"{PostfixServerFindings.PostConf(instance)} -X {setting.Name}",
            changes);
    }

    private static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
}
