using System.Collections.Immutable;
using System.Net;
using Danelaw.Checks;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Transports;
using Danelaw.Operator.Audit.Postfix;
using Danelaw.Operator.Audit.Resolving;
using Danelaw.Operator.Changes;

namespace Danelaw.Operator.Audit.Findings;

/// <summary>Whether the resolver that Postfix will use can be trusted with DANE: on this host, validating, its word not taken away.</summary>
internal static class ResolverFindings
{
    internal static void Add(ResolverFile? resolver, ImmutableArray<IPAddress> own, ImmutableArray<ResolverProbe> probes, ImmutableArray<PostfixFacts> instances, FindingList findings, ICollection<Unseen> unseen)
    {
        if (resolver is not null) AddFile(resolver, own, instances, findings);
        foreach (var probe in probes) AddProbe(probe, resolver, findings, unseen);
        foreach (var facts in instances) AddChroot(facts, resolver, findings);
    }

    private static void AddFile(ResolverFile resolver, ImmutableArray<IPAddress> own, ImmutableArray<PostfixFacts> instances, FindingList findings)
    {
        var place = new Place(resolver.Path, 0);
        foreach (var server in resolver.Servers.Where(server => !IPAddress.IsLoopback(server) && !own.Contains(server)))
        {
            findings.Error(AuditCodes.ResolverRemote, "resolver", place, $"The resolver {server} is on another host: whoever sits in between can say of any answer that it was validated, and Postfix believes it (RFC 7672 §2.1.1, R10).", "Run a validating resolver here (apt-get install unbound), and in its place: nameserver 127.0.0.1");
        }

        if (resolver.TrustsAuthenticData || instances.IsEmpty) return;
        var isOld = instances.Any(facts => facts.Instance.Version is { } version && !AsksForItself(version));
        var line = resolver.OptionsLine > 0 ? new Place(resolver.Path, resolver.OptionsLine) : place;
        findings.Add(AuditCodes.ResolverTrustAd, isOld ? Severity.Error : Severity.Note, "resolver", line,
            isOld
                ? "Without options trust-ad the C library (glibc 2.31 and later) takes away the resolver's word that an answer was validated: to this release of Postfix everything is insecure, and DANE is off."
                : "options trust-ad is not set. This release of Postfix asks for the resolver's word by itself; other programs do not get it.",
            "Add a line to resolv.conf: options edns0 trust-ad", new Change.ReplaceLines(resolver.Path, int.MaxValue, 0, ["options edns0 trust-ad"]));
    }

    /// <summary>RES_TRUSTAD is asked for from 3.5.1, 3.4.11, 3.3.9 and 3.2.14 on.</summary>
    private static bool AsksForItself(PostfixVersion version) => version.Has(new(3, 5, 1), new(3, 4, 11), new(3, 3, 9), new(3, 2, 14));

    private static void AddProbe(ResolverProbe probe, ResolverFile? resolver, FindingList findings, ICollection<Unseen> unseen)
    {
        var place = resolver is null ? null : new Place(resolver.Path, 0);
        if (probe.Root != ExchangeOutcome.Replied)
        {
            findings.Error(AuditCodes.ResolverSilent, "resolver", place, $"The resolver {probe.Server} does not answer: no mail can go out.", "See that it runs, or name another one in resolv.conf.");
        }
        else if (!probe.IsAuthentic)
        {
            findings.Error(AuditCodes.ResolverNotValidating, "resolver", place, $"The resolver {probe.Server} does not say of the root zone, which is signed, that it was validated (no AD bit): to Postfix everything is insecure, and DANE is off.", "unbound: auto-trust-anchor-file, module-config: \"validator iterator\". BIND: dnssec-validation auto. systemd-resolved: DNSSEC=yes, or unbound in its place.");
        }
        else if (probe.Bogus != ExchangeOutcome.Replied || probe.IsBogusAuthentic)
        {
            unseen.Add(new($"whether the resolver {probe.Server} refuses forged answers", $"{DomainNames.Text(probe.BogusName)}, which is to be wrong, {(probe.IsBogusAuthentic ? "is answered here, and validated" : "was not answered at all")}; name another one with --bogus-name"));
        }
        else if (probe.BogusCode != ResponseCode.ServerFailure)
        {
            findings.Error(AuditCodes.ResolverNotValidating, "resolver", place, $"The resolver {probe.Server} answers {ResponseCodes.ToText(probe.BogusCode!.Value)} for {probe.BogusName}, whose signatures are wrong, where SERVFAIL is due: forged answers pass.", "Switch its validation on: unbound: val-permissive-mode: no. BIND: dnssec-validation auto.");
        }
    }

    private static void AddChroot(PostfixFacts facts, ResolverFile? resolver, FindingList findings)
    {
        if (!facts.IsChrooted || resolver is null) return;
        if (facts.ChrootResolver is not { } copy)
        {
            // Without a file the C library asks 127.0.0.1 (resolv.conf(5)), which is well where the resolver is just there.
            if (resolver.Servers[0].Equals(IPAddress.Loopback)) return;
            findings.Error(AuditCodes.PostfixChrootResolver, "postfix, sending", facts.Client, $"Postfix's SMTP client runs in a chroot that has no copy of {resolver.Path}: it asks 127.0.0.1, and not {string.Join(", ", resolver.Servers)}.", $"cp {resolver.Path} into etc/ below the queue directory, and postfix reload (Debian copies it when Postfix is started: systemctl restart postfix).");
            return;
        }

        if (copy.AsksAs(resolver)) return;
        findings.Error(AuditCodes.PostfixChrootResolver, "postfix, sending", new(copy.Path, 0), $"Postfix's SMTP client runs in a chroot and reads {copy.Path}, which is not as {resolver.Path}: it asks {string.Join(", ", copy.Servers)}{(resolver.TrustsAuthenticData && !copy.TrustsAuthenticData ? " without trust-ad" : "")}.", $"cp {resolver.Path} {copy.Path} && postfix reload (Debian copies it when Postfix is started: systemctl restart postfix).");
    }
}
