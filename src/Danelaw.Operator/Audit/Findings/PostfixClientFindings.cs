using System.Collections.Immutable;
using Danelaw.Checks;
using Danelaw.Operator.Audit.Files;
using Danelaw.Operator.Audit.Postfix;
using Danelaw.Operator.Audit.Postfix.Syntax;
using Danelaw.Operator.Changes;

namespace Danelaw.Operator.Audit.Findings;

/// <summary>What keeps this Postfix from authenticating others by DANE when it sends.</summary>
internal static class PostfixClientFindings
{
    internal static void Add(PostfixInstance instance, HostFiles files, ImmutableArray<NextHop> hops, FindingList findings)
    {
        var routes = Route.Of(instance, files);
        var general = routes.Where(route => route.IsGeneral).ToArray();
        var told = new HashSet<(string Name, Place? Place)>();
        foreach (var route in general) AddGeneral(instance, route, hops, told, findings);
        foreach (var group in routes.Where(route => !route.IsGeneral).GroupBy(route => route.Service)) AddSpecial(instance, group.Key, [.. group], general, findings);
        foreach (var service in Route.Clients(instance)) AddUnused(instance, service, routes, general, findings);
        AddRelay(instance, general, hops, findings);
        PostfixPolicyFindings.Add(instance, files, general.Length > 0 ? general[0].Service : null, [.. general.Select(route => route.NextHop)], findings);
    }

    internal static string SubjectOf(PostfixInstance instance, MasterService? service) =>
        $"postfix, sending{(service is null or { Name: "smtp" } ? "" : $" by {service.Name}")}{(instance.Directory == "/etc/postfix" ? "" : $" ({instance.Directory})")}";

    private static void AddGeneral(PostfixInstance instance, Route route, ImmutableArray<NextHop> hops, HashSet<(string Name, Place? Place)> told, FindingList findings)
    {
        var level = SecurityLevel.Of(instance, "smtp", route.Service);
        var subject = SubjectOf(instance, route.Service);
        if (!told.Add((level.Source.Name, level.Source.Place)) || !SecurityLevel.IsKnown(level.Value, isClient: true)) return;
        if (route.NextHop.Length > 0 && level.Value != "dane")
        {
            AddTowardsRelay(instance, route, hops, level, subject, findings);
            return;
        }

        if (level.Value is "encrypt" or "verify" or "secure" or "fingerprint")
        {
            // Somebody has asked for more than may: what that was meant to protect, a program does not know.
            findings.Warning(AuditCodes.PostfixOutboundOff, subject, level.Source.Place,
                $"Mail goes out without DANE ({level.Source.Name} = {level.Source.Raw}): {(level.Value == "encrypt" ? "whoever sits in between can show a certificate of his own (RFC 7672 §1.3), and servers without TLS get nothing" : "servers whose certificate does not pass get nothing, and nobody asks for their TLSA records")}.",
                "For destinations that have to be protected whatever the DNS says, smtp_tls_policy_maps; for all others: smtp_tls_security_level = dane, smtp_dns_support_level = dnssec. danelaw setup does not lower a level that demands TLS.");
            AddIncompatible(instance, route, subject, findings);
            return;
        }

        if (level.Value is not ("dane" or "dane-only"))
        {
            var (text, changes) = PostfixServerFindings.Set(instance, route.Service, level.Source, "smtp_tls_security_level", "dane");
            var dnssec = instance.Get("smtp_dns_support_level", route.Service);
            findings.Error(AuditCodes.PostfixOutboundOff, subject, level.Source.Place,
                level.IsOff
                    ? $"Mail goes out without TLS: {Off(level)}."
                    : $"Mail goes out without DANE ({level.Source.Name} = {level.Source.Value}): whoever sits in between can take TLS away or show a certificate of his own (RFC 7672 §1.3).",
                dnssec.Is("dnssec") ? text : $"postconf -e 'smtp_dns_support_level = dnssec', and a validating resolver on this host. Then: {text}",
                dnssec.Is("dnssec") ? changes : [new Change.SetParameter(instance.Directory, "smtp_dns_support_level", "dnssec"), .. changes]);

            // What would switch DANE off again once the level is mended is told with it.
            AddIncompatible(instance, route, subject, findings);
            return;
        }

        if (level.Value == "dane-only")
        {
            var (text, changes) = PostfixServerFindings.Set(instance, route.Service, level.Source, "smtp_tls_security_level", "dane");
            findings.Error(AuditCodes.PostfixDaneOnly, subject, level.Source.Place, "dane-only for every destination: mail to all domains without TLSA records, which is most of them, is deferred and comes back (TLS_README).", text, changes);
        }

        AddSupport(instance, route.Service, level, subject, findings);
        AddIncompatible(instance, route, subject, findings);
    }

    private static string Off(SecurityLevel level) => level.Source.IsEmpty ? "smtp_tls_security_level is not set" : $"{level.Source.Name} = {level.Source.Raw}";

    /// <summary>All mail goes to one host, over TLS as its operator and this one have agreed: how it has to be spoken to, and whether the DNS knows it at all, is for them to say.</summary>
    private static void AddTowardsRelay(PostfixInstance instance, Route route, ImmutableArray<NextHop> hops, SecurityLevel level, string subject, FindingList findings)
    {
        // Where the DNS was asked, it is known that all mail goes out without DANE; else the way is taken as it was agreed.
        var isKnown = level.Value != "dane-only" && hops.Any(hop => hop.Text == route.NextHop && hop.Doubt is null);
        findings.Add(AuditCodes.PostfixOutboundOff, isKnown ? Severity.Warning : Severity.Note, subject, level.Source.Place,
            level.IsOff ? $"Mail goes to {route.NextHop} without TLS: {Off(level)}."
                : level.Value == "dane-only" ? $"Mail goes to {route.NextHop} by DANE or not at all."
                : $"Mail goes to {route.NextHop} without DANE ({level.Source.Name} = {level.Source.Raw}).",
            level.Value == "dane-only" ? "" : $"Where {route.NextHop} has TLSA records, smtp_tls_security_level = dane-only with smtp_dns_support_level = dnssec authenticates it by them. danelaw setup leaves the way to a relay host as it is.");
        if (level.Value == "dane-only") AddSupport(instance, route.Service, level, subject, findings);
        AddIncompatible(instance, route, subject, findings);
    }

    private static void AddSupport(PostfixInstance instance, MasterService service, SecurityLevel level, string subject, FindingList findings)
    {
        var support = instance.Get("smtp_dns_support_level", service);
        if (support.Is("dnssec")) return;
        var (text, changes) = PostfixServerFindings.Set(instance, service, support, "smtp_dns_support_level", "dnssec");
        findings.Error(AuditCodes.PostfixDnssecOff, subject, support.Place, $"The level is {level.Value}, and smtp_dns_support_level is {(support.IsEmpty ? "not set" : support.Value)}: without DNSSEC lookups Postfix {(level.Value == "dane-only" ? "keeps all mail back, and returns it in the end" : "leaves DANE out")} (postconf(5)).", text, changes);
    }

    /// <summary>Postfix leaves DANE out with these, and says so only in its log (its dane_init()).</summary>
    private static void AddIncompatible(PostfixInstance instance, Route route, string subject, FindingList findings)
    {
        var service = route.Service;
        var isOnly = SecurityLevel.Of(instance, "smtp", service).Value == "dane-only";
        var lookup = instance.Get("smtp_host_lookup", service);
        if (!Words.OfList(lookup.Value).Contains("dns", StringComparer.OrdinalIgnoreCase))
        {
            var (text, changes) = PostfixServerFindings.Set(instance, service, lookup, "smtp_host_lookup", string.Join(", ", Words.OfList(lookup.Value).Prepend("dns")));
            Tell(lookup, $"smtp_host_lookup = {lookup.Value} asks the system's own lookup, which knows nothing of DNSSEC: Postfix leaves DANE out.", text, changes);
        }

        foreach (var name in new[] { "ignore_mx_lookup_error", "disable_dns_lookups", "smtp_tls_wrappermode" })
        {
            var setting = instance.Get(name, service);
            if (!setting.IsYes) continue;
            var (text, changes) = PostfixServerFindings.Set(instance, service, setting, name, "no");
            Tell(setting, name switch
            {
                "ignore_mx_lookup_error" => "ignore_mx_lookup_error = yes: a lookup that somebody suppresses becomes delivery to the domain's own address. Postfix leaves DANE out with it.",
                "disable_dns_lookups" => "disable_dns_lookups = yes: neither MX nor TLSA records are looked up.",
                _ => "smtp_tls_wrappermode = yes: TLS is begun at once, where MX hosts speak STARTTLS.",
            }, text, changes);
        }

        var resolver = instance.Get("smtp_dns_resolver_options", service);
        if (Words.OfList(resolver.Value).FirstOrDefault(word => word is "res_defnames" or "res_dnsrch") is { } option)
        {
            var rest = string.Join(", ", Words.OfList(resolver.Value).Where(word => word is not ("res_defnames" or "res_dnsrch")));
            var (text, changes) = PostfixServerFindings.Set(instance, service, resolver, "smtp_dns_resolver_options", rest);
            Tell(resolver, $"smtp_dns_resolver_options has {option}, which lets the resolver change names: Postfix leaves DANE out.", text, changes);
        }

        var protocols = instance.Get("smtp_tls_mandatory_protocols", service);
        if (!ProtocolSet.HasModern(protocols.Value))
        {
            var (text, changes) = PostfixServerFindings.Set(instance, service, protocols, protocols.Name, instance.Version is { } version && !version.IsAtLeast(3, 6) ? "!SSLv2, !SSLv3, !TLSv1, !TLSv1.1" : ">=TLSv1.2");
            findings.Error(AuditCodes.PostfixProtocols, subject, protocols.Place, $"{protocols.Name} = {protocols.Value} leaves out TLS 1.2 and 1.3 (RFC 8996).", text, changes);
        }

        void Tell(Setting setting, string what, string mend, Change[] changes)
        {
            // A relay host may be reached by nothing else: it stands in /etc/hosts only, or speaks TLS from the first octet.
            // With dane-only nothing passes.
            if (route.NextHop.Length > 0 && isOnly) findings.Error(AuditCodes.PostfixDaneIncompatible, subject, setting.Place, $"{what} The level is dane-only: all mail to {route.NextHop} is kept back.", $"{mend} Or another level than dane-only, as {route.NextHop} needs it: danelaw setup leaves that to you.");
            else if (route.NextHop.Length > 0) findings.Note(AuditCodes.PostfixDaneIncompatible, subject, setting.Place, $"{what} Mail goes to {route.NextHop}, which may need it: danelaw setup leaves it as it is.", mend);
            else findings.Error(AuditCodes.PostfixDaneIncompatible, subject, setting.Place, what, mend, changes);
        }
    }

    private static void AddSpecial(PostfixInstance instance, MasterService service, Route[] routes, Route[] general, FindingList findings)
    {
        if (general.Any(route => route.Service == service)) return;
        var level = SecurityLevel.Of(instance, "smtp", service);
        if (level.Value is "dane" or "dane-only") AddSwitches(instance, service, routes, level, findings);
        if (level.Value is "dane" or "dane-only" || general.Length == 0 || SecurityLevel.Of(instance, "smtp", general[0].Service).Value is not ("dane" or "dane-only")) return;

        // Of main.cf's own level the general route has spoken. What stands in the service's line was meant for those destinations, or was copied.
        if (!PostfixServerFindings.IsOwn(service, level.Source) && level.Source.Place is not null) return;
        var names = Names(routes);
        findings.Warning(AuditCodes.PostfixTransportOverride, SubjectOf(instance, service), level.Source.Place ?? service.Place,
            $"Mail for {names} goes out by {service.Name}, whose level is {level.Value}: without DANE.",
            $"If that is not meant: in master.cf, service {PostfixServerFindings.Key(service)}: take out -o {level.Source.Name}={level.Source.Raw}.");
    }

    /// <summary>What stands in the service's own line and makes Postfix leave DANE out: main.cf's settings are told with the general route.</summary>
    private static void AddSwitches(PostfixInstance instance, MasterService service, Route[] routes, SecurityLevel level, FindingList findings)
    {
        foreach (var name in new[] { "smtp_dns_support_level", "smtp_host_lookup", "ignore_mx_lookup_error", "disable_dns_lookups", "smtp_dns_resolver_options" })
        {
            var setting = instance.Get(name, service);
            var isWell = name switch
            {
                "smtp_dns_support_level" => setting.Is("dnssec"),
                "smtp_host_lookup" => Words.OfList(setting.Value).Contains("dns", StringComparer.OrdinalIgnoreCase),
                "smtp_dns_resolver_options" => !Words.OfList(setting.Value).Any(word => word is "res_defnames" or "res_dnsrch"),
                _ => !setting.IsYes,
            };
            if (isWell || !PostfixServerFindings.IsOwn(service, setting)) continue;

            // A host that mail is handed to by name may need it; with dane-only nothing gets there either way.
            findings.Add(AuditCodes.PostfixTransportOverride, level.Value == "dane-only" ? Severity.Error : routes.All(route => route.NextHop.Length > 0) ? Severity.Note : Severity.Warning, SubjectOf(instance, service), setting.Place,
                $"Mail for {Names(routes)} goes out by {service.Name} with {name} = {setting.Raw}: Postfix {(level.Value == "dane-only" ? "keeps it back, because the level is dane-only" : "leaves DANE out")}.",
                $"If that is not meant: in master.cf, service {PostfixServerFindings.Key(service)}: take out -o {name}={setting.Raw}.");
        }
    }

    private static string Names(Route[] routes) => string.Join(", ", routes.Take(5).Select(route => route.From)) + (routes.Length > 5 ? ", …" : "");

    private static void AddUnused(PostfixInstance instance, MasterService service, IReadOnlyCollection<Route> routes, Route[] general, FindingList findings)
    {
        if (service.Name is "smtp" or "relay" || routes.Any(route => route.Service == service)) return;
        if (SecurityLevel.Of(instance, "smtp", service).Value is not ("dane" or "dane-only")) return;
        var isNeeded = general.Length > 0 && SecurityLevel.Of(instance, "smtp", general[0].Service).Value is not ("dane" or "dane-only");
        findings.Add(AuditCodes.PostfixTransportUnused, isNeeded ? Severity.Error : Severity.Note, SubjectOf(instance, service), service.Place,
            isNeeded
                ? $"The service {service.Name} would send with DANE, and nothing leads to it: neither default_transport nor a line of transport_maps. All mail goes out without."
                : $"The service {service.Name} sends with DANE, and nothing leads to it. With smtp_tls_security_level = dane for all mail it is not needed.",
            isNeeded ? $"{PostfixServerFindings.PostConf(instance)} -e 'smtp_tls_security_level = dane' 'smtp_dns_support_level = dnssec', and take the service {service.Name} out of master.cf." : $"Take the service {service.Name} out of master.cf.");
    }

    private static void AddRelay(PostfixInstance instance, Route[] general, ImmutableArray<NextHop> hops, FindingList findings)
    {
        foreach (var route in general)
        {
            if (route.NextHop.Length == 0) continue;
            var (subject, place) = (SubjectOf(instance, route.Service), instance.Get("relayhost").Place ?? route.Place);
            var level = SecurityLevel.Of(instance, "smtp", route.Service).Value;
            var bare = hops.Where(hop => hop.Text == route.NextHop && hop.Doubt is null).SelectMany(hop => hop.Bare).Select(host => host.Name.ToString().TrimEnd('.')).Distinct().ToArray();
            if (level is "dane" or "dane-only" && bare.Length > 0)
            {
                findings.Add(AuditCodes.PostfixRelayHost, level == "dane" ? Severity.Warning : Severity.Error, subject, place,
                    $"All mail goes through {route.NextHop}, and {string.Join(" and ", bare)} {(bare.Length == 1 ? "has" : "have")} no TLSA records there that DNSSEC secures: {(level == "dane" ? "it goes out without DANE" : "the level is dane-only, and it is kept back")}. Whether the destinations are authenticated is up to that host.",
                    $"Ask whoever runs it for TLSA records, or take relayhost out, so that mail goes to its destinations' own hosts. Or name its certificate in smtp_tls_policy_maps: {route.NextHop} secure.");
                continue;
            }

            findings.Note(AuditCodes.PostfixRelayHost, subject, place,
                $"All mail goes through {route.NextHop}: {(level is "dane" or "dane-only" ? $"DANE here protects the way to that host at most{(hops.Any(hop => hop.Text == route.NextHop && hop.Doubt is null) ? "" : ", and only where it has TLSA records that DNSSEC secures")}" : "DANE has no part in it here")}. Whether the destinations are authenticated is up to it.",
                "Run danelaw doctor there too.");
        }

        foreach (var service in general.Select(route => route.Service).Distinct())
        {
            var fallback = instance.Get("smtp_fallback_relay", service);
            if (!fallback.IsEmpty) findings.Note(AuditCodes.PostfixRelayHost, SubjectOf(instance, service), fallback.Place, $"Mail that cannot be delivered to its own MX hosts, because DANE fails there too, goes to {fallback.Value}. Whether the destinations are authenticated then is up to that host.", "Run danelaw doctor there too.");
            var bySender = instance.Get("sender_dependent_relayhost_maps", service);
            if (!bySender.IsEmpty) findings.Note(AuditCodes.PostfixRelayHost, SubjectOf(instance, service), bySender.Place, $"Mail of some senders goes through the hosts of {bySender.Value}: DANE here protects the way to those only.", "Run danelaw doctor there too.");
        }
    }
}
