using System.Collections.Immutable;
using Danelaw.Discovery;

namespace Danelaw.Checks;

/// <summary>The verdict on a target from those on its hosts. Pure.</summary>
internal static class DomainJudge
{
    internal static (CheckVerdict Verdict, CheckReason Reason) Judge(CheckEvidence evidence, ImmutableArray<HostReport> hosts)
    {
        if (evidence.Target.Address is not null) return (CheckVerdict.Unprotected, CheckReason.AddressLiteral);
        if (evidence.Srv is { } srv) return Judge(srv, evidence, hosts);
        if (evidence.Route is not { } route)
        {
            return Alone(hosts[0]);
        }

        var whole = Judge(route, evidence, evidence.OfMail(hosts));
        return evidence.Services.IsEmpty ? whole : WithServices(whole, evidence, hosts);
    }

    /// <summary>
    /// What other services do counts where DANE is promised: whoever breaks that promise makes the whole fail, and what cannot be found out leaves it open.
    /// A service without TLSA records promises nothing, and takes nothing from the protection of mail.
    /// </summary>
    private static (CheckVerdict Verdict, CheckReason Reason) WithServices((CheckVerdict Verdict, CheckReason Reason) whole, CheckEvidence evidence, ImmutableArray<HostReport> hosts)
    {
        HostReport[] promised = [.. evidence.Hosts.Zip(hosts).Where(pair => pair.First.Lead.Route is null && pair.First.IsPromised).Select(pair => pair.Second)];
        if (whole.Verdict == CheckVerdict.Failing) return whole;
        if (promised.Any(host => host.Verdict == CheckVerdict.Failing)) return (CheckVerdict.Failing, CheckReason.HostFailing);
        if (whole.Verdict == CheckVerdict.Undetermined) return whole;
        if (promised.Any(host => host.Verdict is CheckVerdict.Undetermined or CheckVerdict.Unreachable)) return (CheckVerdict.Undetermined, CheckReason.HostUndetermined);
        if (evidence.Services.FirstOrDefault(service => service.Srv is { Kind: ServiceRouteKind.Failed }) is { Srv: { } failed })
            return (CheckVerdict.Undetermined, CheckBudget.IsSpent(failed.SrvAnswer) ? CheckReason.TimeSpent : CheckReason.SrvLookupFailed);
        if (evidence.Services.Any(service => service.HostsLeftOut > 0)) return (CheckVerdict.Undetermined, CheckReason.LimitReached);
        return promised.Any(host => host.Verdict == CheckVerdict.Partial) ? (CheckVerdict.Partial, CheckReason.HostPartial) : whole;
    }

    private static (CheckVerdict Verdict, CheckReason Reason) Judge(MailRoute route, CheckEvidence evidence, ImmutableArray<HostReport> hosts)
    {
        switch (route.Kind)
        {
            case MailRouteKind.Failed:
                return (CheckVerdict.Undetermined, CheckBudget.IsSpent(route.MxAnswer) ? CheckReason.TimeSpent : CheckReason.MxLookupFailed);
            case MailRouteKind.NullMx:
                return (CheckVerdict.Unprotected, CheckReason.NullMx);
            case MailRouteKind.MxRecords:
            case MailRouteKind.Implicit:
            case MailRouteKind.NoSuchDomain:
                break;
        }

        // R17: whatever the hosts have, whoever can change the MX answer leads mail past them.
        if (!route.IsSecure) return (CheckVerdict.Unprotected, route.Kind == MailRouteKind.NoSuchDomain ? CheckReason.NoSuchDomain : CheckReason.MxInsecure);
        return Worst(hosts, evidence.HostsLeftOut > 0, route.Kind == MailRouteKind.NoSuchDomain);
    }

    private static (CheckVerdict Verdict, CheckReason Reason) Judge(ServiceRoute srv, CheckEvidence evidence, ImmutableArray<HostReport> hosts) => srv.Kind switch
    {
        ServiceRouteKind.Failed => (CheckVerdict.Undetermined, CheckBudget.IsSpent(srv.SrvAnswer) ? CheckReason.TimeSpent : CheckReason.SrvLookupFailed),
        ServiceRouteKind.NotOffered => (CheckVerdict.Unprotected, CheckReason.ServiceNotOffered),
        ServiceRouteKind.None => hosts.IsEmpty ? (CheckVerdict.Unprotected, CheckReason.NoSrv) : Alone(hosts[0]),

        // R72: whatever the hosts have, whoever can change the SRV answer leads clients past them.
        ServiceRouteKind.Records when !srv.IsSecure => (CheckVerdict.Unprotected, CheckReason.SrvInsecure),
        ServiceRouteKind.Records when hosts.IsEmpty => (CheckVerdict.Undetermined, CheckReason.NoEndpointTested),
        ServiceRouteKind.Records => Worst(hosts, evidence.HostsLeftOut > 0, isNameError: false),
    };

    /// <summary>A single service is judged as one host; what cannot be reached is not determined.</summary>
    private static (CheckVerdict Verdict, CheckReason Reason) Alone(HostReport only) => (only.Verdict == CheckVerdict.Unreachable ? CheckVerdict.Undetermined : only.Verdict, only.Reason);

    private static (CheckVerdict Verdict, CheckReason Reason) Worst(ImmutableArray<HostReport> hosts, bool isCutShort, bool isNameError)
    {
        if (hosts.Any(host => host.Verdict == CheckVerdict.Failing)) return (CheckVerdict.Failing, CheckReason.HostFailing);

        // A host that securely has no address takes no mail and stops none, as long as another one remains.
        var remaining = hosts.RemoveAll(host => host is { Verdict: CheckVerdict.Unreachable, Reason: CheckReason.NoAddress });
        if (remaining.IsEmpty) return (CheckVerdict.Undetermined, isNameError ? CheckReason.NoSuchDomain : CheckReason.NoAddress);
        if (remaining.FirstOrDefault(host => host.Verdict is CheckVerdict.Undetermined or CheckVerdict.Unreachable) is { } open)
            return (CheckVerdict.Undetermined, remaining.Length == 1 ? open.Reason : CheckReason.HostUndetermined);
        if (isCutShort) return (CheckVerdict.Undetermined, CheckReason.LimitReached);
        if (remaining.Any(host => host.Verdict == CheckVerdict.Partial)) return (CheckVerdict.Partial, CheckReason.HostPartial);
        var verified = remaining.Count(host => host.Verdict == CheckVerdict.Verified);
        if (verified == remaining.Length) return (CheckVerdict.Verified, CheckReason.AllMatch);

        // R16: an attacker chooses the weakest host, so protection of some is not protection of the domain.
        return verified > 0 ? (CheckVerdict.Partial, CheckReason.SomeHostsUnprotected) : (CheckVerdict.Unprotected, CheckReason.AllHostsUnprotected);
    }
}
