using Danelaw.Operator.Audit.Postfix;
using Danelaw.Operator.Audit.Postfix.Syntax;
using Danelaw.Operator.Changes;

namespace Danelaw.Operator.Audit.Findings;

/// <summary>
/// Words for levels of TLS that Postfix does not know, and the parameters of before 2.3 that stand for levels. To be asked last: what other mends set is
/// set to that alone.
/// </summary>
internal static class PostfixLevelFindings
{
    /// <summary>Parameters of before 2.3, warned of from 3.9 on (DEPRECATION_README), and whose level they stand for.</summary>
    private static readonly Dictionary<string, string> Old = new(StringComparer.Ordinal)
    {
        ["smtpd_use_tls"] = "smtpd",
        ["smtpd_enforce_tls"] = "smtpd",
        ["smtp_use_tls"] = "smtp",
        ["smtp_enforce_tls"] = "smtp",
        ["lmtp_use_tls"] = "lmtp",
        ["lmtp_enforce_tls"] = "lmtp",
        ["postscreen_use_tls"] = "postscreen",
        ["postscreen_enforce_tls"] = "postscreen",
    };

    internal static void Add(PostfixInstance instance, FindingList findings)
    {
        AddUnknown(instance, findings);
        foreach (var (name, prefix) in Old)
        {
            if (instance.Get(name) is { IsSet: true } setting) AddOld(instance, setting, prefix, findings);
        }

        var speakers = Listener.Of(instance).Where(listener => listener.IsPublic).SelectMany(listener => listener.Speakers).ToHashSet();
        foreach (var service in instance.Services)
        {
            foreach (var option in service.Options)
            {
                if (Old.TryGetValue(option.Name, out var prefix)) AddOld(instance, service, option, prefix, prefix is "smtpd" or "postscreen" && speakers.Contains(service), findings);
            }
        }
    }

    private static void AddUnknown(PostfixInstance instance, FindingList findings)
    {
        var told = new HashSet<Place>(ReferenceEqualityComparer.Instance);
        foreach (var service in instance.Services)
        {
            if (service.Command is not ("smtpd" or "postscreen" or "tlsproxy" or "smtp" or "lmtp")) continue;
            var isClient = service.Command is "smtp" or "lmtp";
            var level = instance.Get(service.Command + "_tls_security_level", service);
            if (level.IsEmpty || level.Place is not { } place || SecurityLevel.IsKnown(level.Value, isClient) || !told.Add(place)) continue;
            findings.Error(AuditCodes.PostfixSyntax, "postfix", place,
                $"{level.Name} = {level.Value}: that is no level of a {(isClient ? "client" : "server")}. Every {service.Command} process ends at once (fatal: Invalid TLS level), and {(isClient ? "no mail goes out" : "no mail comes in")} by {service.Name}/{service.Type}.",
                $"In its place: {level.Name} = {(isClient ? "dane" : "may")}.");
        }
    }

    private static void AddOld(PostfixInstance instance, Setting setting, string prefix, FindingList findings)
    {
        var current = prefix + "_tls_security_level";
        var isDead = !instance.Get(current).IsEmpty;

        // postscreen speaks to everybody: more than may is not wanted there.
        var meant = SecurityLevel.Of(instance, prefix, null);
        var value = Planned(instance, current, findings) ?? (prefix == "postscreen" && meant.IsDemanding ? "may" : meant.Value);
        var isNeeded = !isDead && value != "none";
        Change[] changes = isNeeded ? [new Change.SetParameter(instance.Directory, current, value), new Change.RemoveParameter(instance.Directory, setting.Name)] : [new Change.RemoveParameter(instance.Directory, setting.Name)];
        var postConf = PostfixServerFindings.PostConf(instance);
        findings.Warning(AuditCodes.PostfixDeprecated, "postfix", setting.Place, Said(setting.Name, current, isDead), $"{(isNeeded ? $"{postConf} -e '{current} = {value}' && " : "")}{postConf} -X {setting.Name}", changes);
    }

    /// <param name="instance">The instance.</param>
    /// <param name="service">The service.</param>
    /// <param name="option">Its setting.</param>
    /// <param name="prefix">Whose level it stands for.</param>
    /// <param name="isPublic">Whether mail from everybody comes in by it: then no more than may is wanted.</param>
    /// <param name="findings">Where to add.</param>
    private static void AddOld(PostfixInstance instance, MasterService service, ServiceOption option, string prefix, bool isPublic, FindingList findings)
    {
        var (current, key) = (prefix + "_tls_security_level", PostfixServerFindings.Key(service));
        var isDead = !instance.Get(current, service).IsEmpty;
        var isMended = findings.Changes.OfType<Change.SetServiceOption>().Any(change => change.Directory == instance.Directory && change.Service == key && (change.Name == option.Name || (change.Name == current && change.Value is not null)));
        var value = isPublic ? "may" : SecurityLevel.Of(instance, prefix, service).Value;
        var around = Planned(instance, current, findings) ?? SecurityLevel.Of(instance, prefix, null).Value;
        var isNeeded = !isDead && !isMended && value != around;
        var removal = new Change.SetServiceOption(instance.Directory, key, option.Name, null);
        Change[] changes = isNeeded ? [new Change.SetServiceOption(instance.Directory, key, current, value), removal] : [removal];
        findings.Warning(AuditCodes.PostfixDeprecated, $"postfix, {key}", option.Place, Said($"-o {option.Name}={option.Value}", current, isDead),
            isNeeded ? $"In master.cf, service {key}: -o {current}={value} in place of -o {option.Name}={option.Value}." : $"In master.cf, service {key}: take out -o {option.Name}={option.Value}.", changes);
    }

    /// <summary>What another mend sets a parameter of main.cf to; null where none does.</summary>
    private static string? Planned(PostfixInstance instance, string name, FindingList findings) =>
        findings.Changes.OfType<Change.SetParameter>().LastOrDefault(change => change.Directory == instance.Directory && change.Name == name)?.Value;

    private static string Said(string what, string current, bool isDead) => isDead
        ? $"{what} does nothing, because {current} is set; later releases do not know it (3.9 warns)."
        : $"{what} is a parameter of before Postfix 2.3; later releases do not know it (3.9 warns).";
}
