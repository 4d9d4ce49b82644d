using System.Globalization;
using Danelaw.Operator.Audit.Files;
using Danelaw.Operator.Audit.Postfix;
using Danelaw.Operator.Audit.Postfix.Syntax;
using Danelaw.Operator.Changes;

namespace Danelaw.Operator.Audit.Findings;

/// <summary>What keeps senders that know DANE from delivering to this Postfix: STARTTLS, certificates and versions on the ports where mail comes in.</summary>
internal static class PostfixServerFindings
{
    private static readonly string[] Stages = ["client", "helo", "sender", "relay", "recipient", "data", "end_of_data"];

    internal static void Add(PostfixInstance instance, HostFiles files, FindingList findings)
    {
        foreach (var listener in Listener.Of(instance))
        {
            if (listener.IsLoopback) continue;
            var subject = SubjectOf(instance, listener);
            if (listener.IsPublic) AddPublic(instance, listener, subject, files, findings);
            else if (listener.Port is 465 or 587) AddSubmission(instance, listener, subject, findings);
            else continue;
            AddCertificate(instance, listener, subject, findings);
            AddProtocols(instance, listener, subject, findings);
        }
    }

    internal static string SubjectOf(PostfixInstance instance, Listener listener) => string.Create(CultureInfo.InvariantCulture,
        $"postfix, port {listener.Port}{(listener.Address.Length > 0 ? $" at {listener.Address}" : "")}{(instance.Directory == "/etc/postfix" ? "" : $" ({instance.Directory})")}");

    /// <summary>The way to give a service another value: in its own line where it has one there, in main.cf otherwise.</summary>
    internal static (string Text, Change[] Changes) Set(PostfixInstance instance, MasterService service, Setting setting, string name, string value)
    {
        var key = Key(service);
        if (!IsOwn(service, setting)) return ($"{PostConf(instance)} -e '{name} = {value}' && {Reload(instance)}", [new Change.SetParameter(instance.Directory, name, value)]);
        if (setting.Name == name) return ($"In master.cf, service {key}: -o {name}={value} in place of {setting.Name}={setting.Raw}.", [new Change.SetServiceOption(instance.Directory, key, name, value)]);

        // A parameter of before 2.3 stands for the level: without it main.cf's holds.
        var removal = new Change.SetServiceOption(instance.Directory, key, setting.Name, null);
        return SecurityLevel.Of(instance, name[..name.IndexOf('_', StringComparison.Ordinal)], null).Value == value
            ? ($"In master.cf, service {key}: take out -o {setting.Name}={setting.Raw}.", [removal])
            : ($"In master.cf, service {key}: -o {name}={value} in place of {setting.Name}={setting.Raw}.", [new Change.SetServiceOption(instance.Directory, key, name, value), removal]);
    }

    /// <summary>The way to lower something for a service where mail from everybody comes in, and for no other: where others rely on what main.cf says, the service is given its own.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="service">The service.</param>
    /// <param name="setting">Where its value comes from.</param>
    /// <param name="name">The parameter to set.</param>
    /// <param name="value">Its value.</param>
    /// <param name="read">Where the value of any other service comes from.</param>
    private static (string Text, Change[] Changes) SetAlone(PostfixInstance instance, MasterService service, Setting setting, string name, string value, Func<MasterService, Setting> read)
    {
        var speakers = Listener.Of(instance).Where(listener => listener.IsPublic).SelectMany(listener => listener.Speakers).ToHashSet();
        if (!setting.IsSet || IsOwn(service, setting) || !instance.Services.Any(other => other.Command == "smtpd" && !speakers.Contains(other) && ReferenceEquals(read(other).Place, setting.Place))) return Set(instance, service, setting, name, value);
        return ($"{PostConf(instance)} -P '{Key(service)}/{name}={value}' && {Reload(instance)}", [new Change.SetServiceOption(instance.Directory, Key(service), name, value)]);
    }

    /// <summary>Whether a setting stands in a service's own line.</summary>
    internal static bool IsOwn(MasterService service, Setting setting) => setting.IsSet && service.Options.Any(option => ReferenceEquals(option.Place, setting.Place));

    internal static string Key(MasterService service) => $"{service.Name}/{service.Type}";

    internal static string PostConf(PostfixInstance instance) => instance.Directory == "/etc/postfix" ? "postconf" : $"postconf -c {instance.Directory}";

    internal static string Reload(PostfixInstance instance) => instance.Directory == "/etc/postfix" ? "postfix reload" : $"postfix -c {instance.Directory} reload";

    private static void AddPublic(PostfixInstance instance, Listener listener, string subject, HostFiles files, FindingList findings)
    {
        var wrapper = instance.Get("smtpd_tls_wrappermode", listener.Smtpd);
        if (wrapper.IsYes)
        {
            var (text, changes) = SetAlone(instance, listener.Smtpd, wrapper, wrapper.Name, "no", other => instance.Get(wrapper.Name, other));
            findings.Error(AuditCodes.PostfixWrapper, subject, wrapper.Place, $"TLS begins at once on {PortOf(listener)}, where senders speak SMTP first and STARTTLS after (RFC 3207): no mail can come in.", text, changes);
        }

        foreach (var speakers in listener.Speakers.Select(service => (Service: service, Level: LevelOf(instance, service))).GroupBy(speaker => (speaker.Level.Source.Name, speaker.Level.Source.Place))) AddLevel(instance, listener, [.. speakers.Select(speaker => speaker.Service)], speakers.First().Level, subject, findings);

        AddProxy(instance, listener, subject, findings);
        AddRestrictions(instance, listener, subject, findings);
        PostfixHidingFindings.Add(instance, listener, listener.IsScreened ? "postscreen" : "smtpd", subject, files, findings);
    }

    /// <summary>postscreen says STARTTLS in place of smtpd, by settings of its own that follow smtpd's by default; whom it knows already it hands to smtpd at once, which then says EHLO's reply itself.</summary>
    private static SecurityLevel LevelOf(PostfixInstance instance, MasterService service) =>
        service.Command == "postscreen" && SecurityLevel.Of(instance, "postscreen", service) is { Source.IsSet: true } own ? own : SecurityLevel.Of(instance, "smtpd", service);

    private static void AddLevel(PostfixInstance instance, Listener listener, MasterService[] services, SecurityLevel level, string subject, FindingList findings)
    {
        var name = level.Source.Name[..level.Source.Name.IndexOf('_', StringComparison.Ordinal)] + "_tls_security_level";
        if (level.IsOff)
        {
            var (text, changes) = All(service => Set(instance, service, level.Source, name, "may"));
            findings.Error(AuditCodes.PostfixStartTlsOff, subject, level.Source.Place, $"STARTTLS is not offered on {PortOf(listener)}. Once TLSA records are published, every sender that knows DANE needs it and delivers nothing (RFC 7672 §2.2).", text, changes);
        }
        else if (level.IsDemanding)
        {
            var (text, changes) = All(service => SetAlone(instance, service, level.Source, name, "may", other => SecurityLevel.Of(instance, "smtpd", other).Source));
            findings.Error(AuditCodes.PostfixTlsDemanded, subject, level.Source.Place,
                $"TLS is demanded on {PortOf(listener)} ({level.Source.Name} = {level.Source.Value}): senders without TLS are refused. DANE needs no such thing, it is the sender that insists (postconf(5): not on a publicly referenced server).", text, changes);
        }

        (string Text, Change[] Changes) All(Func<MasterService, (string Text, Change[] Changes)> mend)
        {
            var mends = services.Select(mend).ToArray();
            return (string.Join(" ", mends.Select(one => one.Text).Distinct()), [.. mends.SelectMany(one => one.Changes).Distinct()]);
        }
    }

    /// <summary>With tests after the greeting postscreen offers STARTTLS itself, and leaves TLS to tlsproxy(8).</summary>
    private static void AddProxy(PostfixInstance instance, Listener listener, string subject, FindingList findings)
    {
        if (!listener.IsTestedLate(instance) || LevelOf(instance, listener.Service).IsOff) return;
        if (listener.Proxy(instance) is not { } proxy)
        {
            findings.Error(AuditCodes.PostfixTlsProxy, subject, listener.Service.Place, "postscreen tests clients after the greeting and offers them STARTTLS, for which it needs tlsproxy, and there is no such service in master.cf: STARTTLS is answered with 454, and senders that know DANE deliver nothing (POSTSCREEN_README).",
                $"In master.cf: tlsproxy unix - - {listener.Service.Chroot} - 0 tlsproxy. Then {Reload(instance)}.");
        }
        else if (ConfiguredChain.Of(instance, proxy, "tlsproxy").IsEmpty)
        {
            findings.Error(AuditCodes.PostfixNoCertificate, subject, proxy.Place, "postscreen tests clients after the greeting, and tlsproxy, which does TLS for it, has no certificate: it reads those of main.cf, not those in the line of the smtpd behind. STARTTLS is answered with 454.", "Set smtpd_tls_chain_files in main.cf to a file with the private key, the certificate and its issuers, in this order.");
        }
    }

    /// <summary>postconf(5): reject_plaintext_session refuses every client that has not begun TLS.</summary>
    private static void AddRestrictions(PostfixInstance instance, Listener listener, string subject, FindingList findings)
    {
        foreach (var stage in Stages)
        {
            var setting = instance.Get($"smtpd_{stage}_restrictions", listener.Smtpd);
            if (!setting.IsSet || !Words.OfList(setting.Value).Contains("reject_plaintext_session")) continue;
            var rest = string.Join(", ", Words.OfList(setting.Value).Where(word => word != "reject_plaintext_session"));
            var (text, changes) = SetAlone(instance, listener.Smtpd, setting, setting.Name, rest, other => instance.Get(setting.Name, other));
            findings.Error(AuditCodes.PostfixTlsDemanded, subject, setting.Place,
                $"TLS is demanded on {PortOf(listener)} (reject_plaintext_session in {setting.Name}): senders without TLS are refused. DANE needs no such thing, it is the sender that insists (postconf(5): not on a publicly referenced server).", text, changes);
        }
    }

    private static string PortOf(Listener listener) => string.Create(CultureInfo.InvariantCulture, $"port {listener.Port}{(listener.IsProxied ? ", which a proxy hands clients over to" : "")}");

    private static void AddSubmission(PostfixInstance instance, Listener listener, string subject, FindingList findings)
    {
        var wrapper = instance.Get("smtpd_tls_wrappermode", listener.Smtpd);
        var level = SecurityLevel.Of(instance, "smtpd", listener.Smtpd);
        if (listener.Port == 465 && !wrapper.IsYes)
        {
            findings.Error(AuditCodes.PostfixWrapper, subject, wrapper.Place ?? listener.Service.Place, "Port 465 is for TLS at once (RFC 8314 §3.3), and smtpd_tls_wrappermode is not set there: mail programs cannot connect.",
                $"In master.cf, service {listener.Service.Name}/inet: -o smtpd_tls_wrappermode=yes.", new Change.SetServiceOption(instance.Directory, Key(listener.Service), "smtpd_tls_wrappermode", "yes"));
        }
        else if (listener.Port == 587 && wrapper.IsYes)
        {
            findings.Error(AuditCodes.PostfixWrapper, subject, wrapper.Place, "TLS begins at once on port 587, where mail programs speak STARTTLS (RFC 6409).",
                IsOwn(listener.Service, wrapper) ? $"In master.cf, service {listener.Service.Name}/inet: take out smtpd_tls_wrappermode." : $"In master.cf, service {listener.Service.Name}/inet: -o smtpd_tls_wrappermode=no.",
                new Change.SetServiceOption(instance.Directory, Key(listener.Service), "smtpd_tls_wrappermode", IsOwn(listener.Service, wrapper) ? null : "no"));
        }
        else if (listener.Port == 587 && !level.IsDemanding && SecurityLevel.IsKnown(level.Value, isClient: false))
        {
            findings.Warning(AuditCodes.PostfixSubmissionPlain, subject, listener.Service.Options.Any(option => ReferenceEquals(option.Place, level.Source.Place)) ? level.Source.Place : listener.Service.Place,
                level.IsOff ? "Submission without TLS: passwords travel in clear." : "Submission works without TLS too: a mail program that is misled sends its password in clear (RFC 8314 §4.1).",
                $"In master.cf, service {listener.Service.Name}/inet: -o smtpd_tls_security_level=encrypt, once no program or device here sends without TLS. danelaw setup leaves that to you.");
        }
    }

    private static void AddCertificate(PostfixInstance instance, Listener listener, string subject, FindingList findings)
    {
        var level = SecurityLevel.Of(instance, "smtpd", listener.Smtpd);
        if (level.IsOff && !instance.Get("smtpd_tls_wrappermode", listener.Smtpd).IsYes) return;
        var files = ConfiguredChain.Of(instance, listener.Smtpd);
        var sni = instance.Get("tls_server_sni_maps", listener.Smtpd);
        if (files.IsEmpty && !sni.IsEmpty)
        {
            findings.Error(AuditCodes.PostfixSniNoDefault, subject, sni.Place,
                "tls_server_sni_maps has certificates by name, and there is none for clients that send no name or another one: they get 454 after STARTTLS. DANE senders may send the domain's name or none (RFC 7672 §8.1).",
                "Set smtpd_tls_chain_files to the chain file of the MX host name.");
        }
        else if (files.IsEmpty)
        {
            findings.Error(AuditCodes.PostfixNoCertificate, subject, instance.Get("smtpd_tls_chain_files", listener.Smtpd).Place ?? level.Source.Place, "TLS is on, and no certificate is configured: STARTTLS is answered with 454, or not offered.", "Set smtpd_tls_chain_files to a file with the private key, the certificate and its issuers, in this order.");
        }
        else if (files.FirstOrDefault(file => file.KeyParameter is not null) is { } pair)
        {
            findings.Warning(AuditCodes.PostfixTwoFiles, subject, pair.Certificate.Place,
                $"{pair.Certificate.Name} and {pair.KeyParameter} name two files. While they are replaced one after the other, a server that starts in between has a key and a certificate that do not belong together, and answers STARTTLS with 454 (postconf(5), smtpd_tls_chain_files).",
                "Put private key, certificate and issuers into one file, in this order, and name it in smtpd_tls_chain_files (Postfix 3.4 and later).");
        }
    }

    private static void AddProtocols(PostfixInstance instance, Listener listener, string subject, FindingList findings)
    {
        var level = SecurityLevel.Of(instance, "smtpd", listener.Smtpd);
        if (level.IsOff) return;
        var protocols = instance.Get(level.IsDemanding ? "smtpd_tls_mandatory_protocols" : "smtpd_tls_protocols", listener.Smtpd);
        if (ProtocolSet.HasModern(protocols.Value)) return;
        var (text, changes) = Set(instance, listener.Smtpd, protocols, protocols.Name, instance.Version is { } version && !version.IsAtLeast(3, 6) ? "!SSLv2, !SSLv3, !TLSv1, !TLSv1.1" : ">=TLSv1.2");
        findings.Error(AuditCodes.PostfixProtocols, subject, protocols.Place, $"{protocols.Name} = {protocols.Value} leaves out TLS 1.2 and 1.3; senders speak nothing older (RFC 8996, RFC 7671 §3).", text, changes);
    }
}
