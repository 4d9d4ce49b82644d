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
        var listeners = Listener.Of(instance);
        foreach (var listener in listeners)
        {
            if (listener.IsLoopback) continue;
            var subject = SubjectOf(instance, listener);
            if (listener.Port == 25) AddPublic(instance, listener, subject, files, findings);
            else if (listener.Port is 465 or 587) AddSubmission(instance, listener, subject, findings);
            else continue;
            AddCertificate(instance, listener, subject, findings);
            AddProtocols(instance, listener, subject, findings);
        }
    }

    internal static string SubjectOf(PostfixInstance instance, Listener listener) => string.Create(CultureInfo.InvariantCulture,
        $"postfix, port {listener.Port}{(listener.Address.Length > 0 ? $" at {listener.Address}" : "")}{(instance.Directory == "/etc/postfix" ? "" : $" ({instance.Directory})")}");

    /// <summary>The way to give a service another value: in its own line where it has one there, in main.cf otherwise.</summary>
    internal static (string Text, Change Change) Set(PostfixInstance instance, MasterService service, Setting setting, string name, string value)
    {
        if (service.Options.Any(option => ReferenceEquals(option.Place, setting.Place)))
        {
            return setting.Name == name
                ? ($"In master.cf, service {service.Name}/{service.Type}: -o {name}={value} in place of {setting.Name}={setting.Raw}.", new Change.SetServiceOption(instance.Directory, Key(service), name, value))
                : ($"In master.cf, service {service.Name}/{service.Type}: take out -o {setting.Name}={setting.Raw}.", new Change.SetServiceOption(instance.Directory, Key(service), setting.Name, null));
        }

        return ($"{PostConf(instance)} -e '{name} = {value}' && {Reload(instance)}", new Change.SetParameter(instance.Directory, name, value));
    }

    internal static string Key(MasterService service) => $"{service.Name}/{service.Type}";

    internal static string PostConf(PostfixInstance instance) => instance.Directory == "/etc/postfix" ? "postconf" : $"postconf -c {instance.Directory}";

    internal static string Reload(PostfixInstance instance) => instance.Directory == "/etc/postfix" ? "postfix reload" : $"postfix -c {instance.Directory} reload";

    private static void AddPublic(PostfixInstance instance, Listener listener, string subject, HostFiles files, FindingList findings)
    {
        // postscreen says STARTTLS in place of smtpd, by settings of its own that follow smtpd's by default.
        var prefix = listener.IsScreened ? "postscreen" : "smtpd";
        var greeter = listener.Service;
        var level = SecurityLevel.Of(instance, prefix, greeter);

        // Whom it knows already it hands to smtpd at once, which then says EHLO's reply itself.
        if (listener.Behind is { } behind && !level.IsOff && !level.IsDemanding) (prefix, greeter, level) = ("smtpd", behind, SecurityLevel.Of(instance, "smtpd", behind));
        var wrapper = instance.Get("smtpd_tls_wrappermode", listener.Smtpd);
        if (wrapper.IsYes)
        {
            var (text, change) = Set(instance, listener.Smtpd, wrapper, "smtpd_tls_wrappermode", "no");
            findings.Error(AuditCodes.PostfixWrapper, subject, wrapper.Place, "TLS begins at once on port 25, where senders speak SMTP first and STARTTLS after (RFC 3207): no mail can come in.", text, change);
        }
        else if (level.IsOff)
        {
            var (text, change) = Set(instance, greeter, level.Source, prefix + "_tls_security_level", "may");
            findings.Error(AuditCodes.PostfixStartTlsOff, subject, level.Source.Place, "STARTTLS is not offered on port 25. Once TLSA records are published, every sender that knows DANE needs it and delivers nothing (RFC 7672 §2.2).", text, change);
        }
        else if (level.IsDemanding)
        {
            var (text, change) = Set(instance, greeter, level.Source, prefix + "_tls_security_level", "may");
            findings.Error(AuditCodes.PostfixTlsDemanded, subject, level.Source.Place,
                $"TLS is demanded on port 25 ({level.Source.Name} = {level.Source.Value}): senders without TLS are refused. DANE needs no such thing, it is the sender that insists (postconf(5): not on a publicly referenced server).", text, change);
        }

        AddRestrictions(instance, listener, subject, findings);
        PostfixHidingFindings.Add(instance, listener, listener.IsScreened ? "postscreen" : "smtpd", subject, files, findings);
    }

    /// <summary>postconf(5): reject_plaintext_session refuses every client that has not begun TLS.</summary>
    private static void AddRestrictions(PostfixInstance instance, Listener listener, string subject, FindingList findings)
    {
        foreach (var stage in Stages)
        {
            var setting = instance.Get($"smtpd_{stage}_restrictions", listener.Smtpd);
            if (!setting.IsSet || !Words.OfList(setting.Value).Contains("reject_plaintext_session")) continue;
            var rest = string.Join(", ", Words.OfList(setting.Value).Where(word => word != "reject_plaintext_session"));
            var (text, change) = Set(instance, listener.Smtpd, setting, setting.Name, rest);
            findings.Error(AuditCodes.PostfixTlsDemanded, subject, setting.Place,
                $"TLS is demanded on port 25 (reject_plaintext_session in {setting.Name}): senders without TLS are refused. DANE needs no such thing, it is the sender that insists (postconf(5): not on a publicly referenced server).", text, change);
        }
    }

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
                $"In master.cf, service {listener.Service.Name}/inet: take out smtpd_tls_wrappermode.", new Change.SetServiceOption(instance.Directory, Key(listener.Service), "smtpd_tls_wrappermode", null));
        }
        else if (listener.Port == 587 && !level.IsDemanding)
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
        var (text, change) = Set(instance, listener.Smtpd, protocols, protocols.Name, instance.Version is { } version && !version.IsAtLeast(3, 6) ? "!SSLv2, !SSLv3, !TLSv1, !TLSv1.1" : ">=TLSv1.2");
        findings.Error(AuditCodes.PostfixProtocols, subject, protocols.Place, $"{protocols.Name} = {protocols.Value} leaves out TLS 1.2 and 1.3; senders speak nothing older (RFC 8996, RFC 7671 §3).", text, change);
    }
}
