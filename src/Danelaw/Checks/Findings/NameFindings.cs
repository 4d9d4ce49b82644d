using System.Globalization;
using System.Net;
using Danelaw.Discovery;

namespace Danelaw.Checks.Findings;

/// <summary>What a host's name and addresses tell.</summary>
internal static class NameFindings
{
    internal static IEnumerable<Finding> Of(HostSubject subject)
    {
        var dns = subject.Facts.Dns;
        var name = subject.Name;
        if (dns.Host.Literal is { } literal && subject.Facts.Lead.Target is not null)
        {
            yield return new(FindingCodes.SrvTargetUnusable, Severity.Error, name,
                $"The SRV record names the address {literal}, where a host name must stand (RFC 2782). Many clients cannot connect there, and DANE cannot apply.",
                $"Give the machine at {literal} a name with an address record, and put that name into the SRV record.");
            yield break;
        }

        if (dns.Host.Literal is { } address)
        {
            yield return new(FindingCodes.MxAddress, Severity.Error, name,
                $"The MX record names the address {address}, where a host name must stand (RFC 5321 §5.1). Many senders cannot deliver there, and DANE cannot apply.",
                $"Give the machine at {address} a name with an address record, and put that name into the MX record.");
            yield break;
        }

        if (dns.Host.Preference is not null && dns.AliasTarget is { } outside && dns.AddressState == AddressState.InsecureBehindSecureAlias)
        {
            // R23: the records of the name itself are those that count, and its target could have none.
            yield return new(FindingCodes.MxAlias, Severity.Warning, name,
                $"{name} is an alias of {Say.Name(outside)}; an MX record must name a host itself (RFC 2181 §10.3, RFC 5321 §5.1). Some senders refuse it. {Say.Name(outside)} is not secured by DNSSEC, so only the TLSA records of {name} count (RFC 7672 §2.2.2).",
                $"Give {name} address records of its own in place of the alias, and leave its TLSA records where they are. Do not put {Say.Name(outside)} into the MX record: as long as it is not secure, nothing protects it.");
        }
        else if (dns.Host.Preference is not null && dns.AliasTarget is { } target)
        {
            yield return new(FindingCodes.MxAlias, Severity.Warning, name,
                $"{name} is an alias of {Say.Name(target)}; an MX record must name a host itself (RFC 2181 §10.3, RFC 5321 §5.1). Some senders refuse it, and TLSA records are looked for at {Say.Name(target)} first.",
                $"Put {Say.Name(target)} itself into the MX record, with its TLSA records at {Port(dns)}.{Say.Name(target)}.");
        }

        if (subject.Facts.Lead.Target is not null && dns.AliasTarget is { } end)
        {
            yield return new(FindingCodes.SrvTargetAlias, Severity.Warning, name,
                $"{name} is an alias of {Say.Name(end)}; an SRV record must name a host itself (RFC 2782). Some clients refuse it, and TLSA records are looked for at {Say.Name(end)} first.",
                $"Put {Say.Name(end)} itself into the SRV record, with its TLSA records at {Port(dns)}.{Say.Name(end)}.");
        }

        if (subject.Facts.Lead.Route is not null && Local(dns) is { Length: > 0 } local)
        {
            yield return new(FindingCodes.MxAddressLocal, Severity.Warning, name,
                $"{name} has the address {Say.List(local)}, which is every machine's own: a sender that goes there talks to itself, and gives the mail up (Postfix: mail loops back to myself). What this check saw there is of the machine that it runs on.",
                $"Give {name} the address at which it is reached from outside. Where {Say.Name(subject.Evidence.Route!.Domain)} is to take no mail, publish the null MX \"0 .\" in place of its MX records (RFC 7505).");
        }

        if (IsDoubled(subject))
        {
            var (meant, domain) = (WithoutDot(subject)!, Say.Name(subject.Evidence.Route!.ExpandedDomain));
            yield return new(FindingCodes.MxNameDoubled, Severity.Warning, name,
                $"{name} bears {domain} twice: in the zone file the dot behind {meant} is missing. It has an address all the same, as below a wildcard, so mail goes wherever that leads, and senders look for TLSA records at {Say.Owner(dns)}{(dns.TlsaState == TlsaState.None ? ", where there are none" : "")}.",
                $"Write \"{meant}.\" into the MX record, with the dot. If {name} is meant after all, leave it as it is.");
        }

        foreach (var finding in OfAddresses(subject)) yield return finding;
        if (subject.Facts.AddressesLeftOut > 0)
        {
            yield return new(FindingCodes.MxTooMany, Severity.Warning, name,
                string.Create(CultureInfo.InvariantCulture, $"{name} has {dns.Addresses.Length} addresses; the last {subject.Facts.AddressesLeftOut} were not connected to."), "");
        }
    }

    private static IEnumerable<Finding> OfAddresses(HostSubject subject)
    {
        var dns = subject.Facts.Dns;
        var name = subject.Name;

        // A null MX beside others is told of the domain.
        if (dns.Host is { Name.IsRoot: true, Preference: not null }) yield break;
        if (dns.AliasAnswer is { HasFailed: true } alias)
        {
            yield return new(FindingCodes.MxAddressLookupFailed, Severity.Error, name,
                $"Whether {name} is a secure alias cannot be found out: {LookupWords.Of(alias)}. {subject.Audience.TheyFirst} that know DANE {subject.Audience.Cannot} there.", LookupWords.Mend(alias, subject.Options, subject.Zones));
        }

        // Both families fail for one cause, mostly, and are asked at one place.
        foreach (var alike in dns.AddressAnswers.Where(answer => answer.HasFailed).GroupBy(answer => (answer.Security, answer.Reason, answer.Failure?.Zone, answer.Failure?.Rule)))
        {
            var answer = alike.First();
            var lookup = alike.Count() > 1 ? "A and AAAA lookups" : $"{Dns.Records.RecordTypes.ToText(answer.Question.Type)} lookup";
            yield return dns.AddressState == AddressState.Failed
                ? new(FindingCodes.MxAddressLookupFailed, Severity.Error, name, $"The {lookup} of {name} failed: {LookupWords.Of(answer)}. {LookupWords.Consequence(answer, subject.Options, name, $"{subject.Audience.TheyFirst} {subject.Audience.Cannot} there.")}", LookupWords.Mend(answer, subject.Options, subject.Zones))
                : new(FindingCodes.MxAddressLookupFailed, Severity.Warning, name, $"The {lookup} of {name} failed: {LookupWords.Of(answer)}. What the other family has was judged; some {subject.Audience.They} give up because of this.", LookupWords.Mend(answer, subject.Options, subject.Zones));
        }

        switch (dns.AddressState)
        {
            case AddressState.None when subject.Evidence.Route is not { Kind: MailRouteKind.NoSuchDomain }:
                if (subject is { Options.Families: AddressFamilies.Both, Evidence.Route.Kind: MailRouteKind.Implicit, Facts.Lead.Route: not null })
                {
                    yield return new(FindingCodes.MxNoAddress, Severity.Error, name, $"{name} has no MX record, and neither an IPv4 nor an IPv6 address of its own, so {subject.Audience.They} {subject.Audience.Cannot} there.",
                        $"Publish an MX record that names the mail host of {name}; where it is to take no mail, the null MX \"0 .\" (RFC 7505).");
                    break;
                }

                yield return new(FindingCodes.MxNoAddress, subject.Evidence.Hosts.Length > 1 ? Severity.Warning : Severity.Error, name,
                    subject.Options.Families switch
                    {
                        AddressFamilies.Both => $"{name} has neither an IPv4 nor an IPv6 address, so {subject.Audience.They} {subject.Audience.Cannot} there.{Doubled(subject)}",
                        AddressFamilies.IPv4 => $"{name} has no IPv4 address, and no other was asked for.",
                        AddressFamilies.IPv6 => $"{name} has no IPv6 address, and no other was asked for.",
                    },
                    subject switch
                    {
                        { Facts.Dns.Host.Preference: not null } => GiveAddress(subject),
                        { Facts.Lead.Target: not null } => $"Give {name} an address, or take it out of the SRV records.",
                        _ => $"Give {name} an address.",
                    });
                break;
            case AddressState.Insecure:
            case AddressState.InsecureBehindSecureAlias when dns.TlsaState != TlsaState.Secure:
                if (dns.Addresses.IsEmpty && subject.Evidence.Route is not { Kind: MailRouteKind.NoSuchDomain })
                    yield return new(FindingCodes.MxNoAddress, Severity.Warning, name, $"{name} has no address, and nothing proves that: {LookupWords.WhyInsecure(Insecure(dns))}.{Doubled(subject)}", GiveAddress(subject));
                else if (!dns.Addresses.IsEmpty)
                    yield return new(FindingCodes.MxAddressInsecure, Severity.Warning, name, $"The addresses of {name} are not secure: {LookupWords.WhyInsecure(Insecure(dns))}. TLSA records protect nobody here.", SignFirst(subject));
                break;
            case AddressState.Failed:
            case AddressState.None:
            case AddressState.Secure:
            case AddressState.InsecureBehindSecureAlias:
                break;
        }
    }

    private static string GiveAddress(HostSubject subject) => WithoutDot(subject) is { } meant
        ? $"If {meant} was meant, the dot at the end of the name is missing in the zone file, which puts the zone's own name behind it: write \"{meant}.\". Otherwise give {subject.Name} an address, or take it out of the MX records."
        : $"Give {subject.Name} an address, or take it out of the MX records.";

    /// <summary>Whether mail goes to a name that bears the domain's twice, since that has an address: what is told of it then says what its records lack.</summary>
    internal static bool IsDoubled(HostSubject subject) => subject.Facts.Dns is { Host.Preference: not null, Addresses.IsEmpty: false } && Doubled(subject).Length > 0;

    /// <summary>A name that bears the domain's twice is no guess.</summary>
    private static string Doubled(HostSubject subject) =>
        WithoutDot(subject) is { } meant && subject.Evidence.Route is { } route && meant.EndsWith("." + Say.Name(route.ExpandedDomain), StringComparison.OrdinalIgnoreCase)
            ? $" The name bears {Say.Name(route.ExpandedDomain)} twice: in the zone file the dot behind {meant} is missing." : "";

    /// <summary>Addresses that mean the machine itself that goes there. Of the rest of 127/8 the owner of a lab may make use.</summary>
    private static string[] Local(HostEvidence dns) =>
        [.. dns.Addresses.Where(address => address.Equals(IPAddress.Loopback) || address.Equals(IPAddress.IPv6Loopback) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) || address.Equals(IPAddress.Loopback.MapToIPv6())).Select(address => address.ToString())];

    /// <summary>What stands before the mail domain in the name of its host, where that looks like a whole name; null otherwise.</summary>
    private static string? WithoutDot(HostSubject subject)
    {
        var (name, domain) = (subject.Name, subject.Evidence.Route is { } route ? Say.Name(route.ExpandedDomain) : "");
        return domain.Length > 0 && name.EndsWith("." + domain, StringComparison.OrdinalIgnoreCase) && name[..^(domain.Length + 1)] is { } before && before.Contains('.', StringComparison.Ordinal) ? before : null;
    }

    /// <summary>Signing comes first; what to publish then is known already.</summary>
    internal static string SignFirst(HostSubject subject)
    {
        var target = subject.Facts.Dns.AliasTarget ?? subject.Facts.Dns.Host.Name;
        var lines = subject.LinesForServedKeys();
        var sign = LookupWords.Secure(Insecure(subject.Facts.Dns), target, subject.Evidence, subject.Options) + " Or use a mail host whose zone is signed.";
        return lines.Length == 0 || subject.Facts.UnusedTlsa?.Records is not null ? sign : $"{sign} Then publish, for what is served now:\n{lines}";
    }

    private static Dnssec.Resolution.Answer Insecure(HostEvidence dns) => dns.AddressAnswers.FirstOrDefault(answer => !answer.HasFailed && answer.Records is not null) ?? dns.AddressAnswers[0];

    private static string Port(HostEvidence dns) => string.Create(CultureInfo.InvariantCulture, $"_{dns.Port}._tcp");
}
