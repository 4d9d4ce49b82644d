using System.Collections.Immutable;
using Danelaw.Discovery;

namespace Danelaw.Checks;

/// <summary>The verdict on a target from those on its hosts. Pure.</summary>
internal static class DomainJudge
{
    internal static (CheckVerdict Verdict, CheckReason Reason) Judge(CheckEvidence evidence, ImmutableArray<HostReport> hosts)
    {
        if (evidence.Target.Address is not null) return (CheckVerdict.Unprotected, CheckReason.AddressLiteral);
        if (evidence.Route is not { } route)
        {
            // A single service is judged as one host; what cannot be reached is not determined.
            var only = hosts[0];
            return (only.Verdict == CheckVerdict.Unreachable ? CheckVerdict.Undetermined : only.Verdict, only.Reason);
        }

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
