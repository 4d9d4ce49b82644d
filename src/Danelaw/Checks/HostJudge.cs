using System.Collections.Immutable;
using Danelaw.Certificates;
using Danelaw.Discovery;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Probes;
using Danelaw.Tlsa;
using Danelaw.Verification;
using Danelaw.Verification.Paths;

namespace Danelaw.Checks;

/// <summary>Judges one host: its endpoints, its records, its verdict. Pure.</summary>
/// <param name="options">What judges.</param>
/// <param name="now">When certificates must be valid.</param>
/// <param name="caller">Ends judging in the middle.</param>
internal sealed class HostJudge(CheckOptions options, DateTimeOffset now, CancellationToken caller)
{
    private readonly WorkBudget _work = new(options.MaximumWork * WorkBudget.Hosts, caller: caller);

    internal HostReport Judge(HostFacts facts)
    {
        var host = facts.Dns;
        var lead = facts.Lead;
        var policy = new DanePolicy { Service = lead.Kind, ReferenceNames = ReferenceNames(facts), ServiceReference = ServiceReferenceOf(lead), Roots = options.Roots, MaximumWork = options.MaximumWork };
        var work = new WorkBudget(policy.MaximumWork, _work, caller);
        var isUsable = host.Records.Any(record => record.UsabilityFor(lead.Kind) == Usability.Usable);
        var withCertificates = facts.Observations.Where(observation => !observation.Target.RawPublicKey).ToArray();
        var chains = ServedChain.Of(withCertificates.Where(IsShown).Select(observation => observation.Chain), host.Records, isUsable, policy, now, work);
        ImmutableArray<ServedChain> proven = [.. withCertificates.Where(observation => observation.Outcome == ProbeOutcome.Completed).Select(observation => chains[observation.Chain]).Distinct()];
        ImmutableArray<EndpointReport> endpoints =
        [
            .. facts.Observations.Select(observation => Report(observation, VerdictOn(observation)))
                .OrderBy(endpoint => host.Addresses.IndexOf(endpoint.Observation.Target.Address.Address))
                .ThenBy(endpoint => endpoint.Algorithm)
                .ThenBy(endpoint => endpoint.Observation.Target.Algorithm)
                .ThenBy(endpoint => endpoint.Observation.Target.RawPublicKey),
        ];
        ImmutableArray<RecordReport> records = [.. host.Records.Select(record => Judge(record, lead.Kind, MatchesOf))];
        var (verdict, reason) = Verdict(facts, endpoints, isUsable, chains.Values.Any(chain => chain.IsCutShort));
        var retired = ServedChain.Of(withCertificates.Where(observation => HandshakeFaults.IsOld(observation) && !observation.Chain.IsEmpty).Select(observation => observation.Chain), host.Records, isUsable, policy, now, work);
        return new()
        {
            Name = host.Host.Name,
            Service = lead.Protocol,
            Port = lead.Port,
            Preference = host.Host.Preference,
            Priority = lead.Target?.Priority,
            Weight = lead.Target?.Weight,
            Verdict = verdict,
            Reason = reason,
            Sender = lead.Srv is { } srv
                ? SenderDecision.JudgeTarget(host, srv, lead.Kind, RawKeys.SeenBySenders(endpoints, lead.Kind))
                : SenderDecision.Judge(host, lead.Route?.IsSecure ?? true, new(), lead.Kind, RawKeys.SeenBySenders(endpoints, lead.Kind)),
            Addresses = host.Addresses,
            TlsaBase = host.TlsaBase,
            TlsaAnswer = host.TlsaAnswer ?? facts.UnusedTlsa,
            Records = records,
            Endpoints = endpoints,
            Chains = proven,
            RetiredChains = [.. retired.Values],
        };

        DaneVerdict? VerdictOn(Observation observation) => !IsShown(observation) ? null
            : !observation.Target.RawPublicKey ? chains[observation.Chain].Verdict
            : isUsable ? DaneVerifier.JudgeRawPublicKey(observation.RawPublicKey, host.Records, policy) : null;

        ImmutableArray<RecordMatch> MatchesOf(TlsaRecord record)
        {
            var proving = proven.Where(chain => chain.Proves(record)).ToHashSet();
            return
            [
                .. endpoints.Where(endpoint => endpoint.Observation is { Outcome: ProbeOutcome.Completed } seen
                        && (seen.Target.RawPublicKey ? DaneVerifier.JudgeRawPublicKey(seen.RawPublicKey, [record], policy).IsMatch : proving.Contains(chains[seen.Chain])))
                    .Select(endpoint => new RecordMatch(endpoint.Observation.Target.Address, endpoint.Algorithm, endpoint.Observation.Target.RawPublicKey)),
            ];
        }
    }

    private static bool IsShown(Observation observation) => observation.Outcome is ProbeOutcome.Completed or ProbeOutcome.CertificateSeen;

    /// <summary>R45, RFC 7672 §3.2.2, R74, RFC 7673 §4.1: which names a certificate under DANE-TA may bear. DANE-EE asks for none (R41).</summary>
    private static ImmutableArray<DomainName> ReferenceNames(HostFacts facts)
    {
        var host = facts.Dns;
        ImmutableArray<DomainName> names = facts.Lead switch
        {
            // "SRV is secure: The reference identifiers SHALL include both the service domain and the SRV target server host name"; else "MUST NOT include" it.
            { Target: not null, Srv: { IsSecure: true } srv } => [host.TlsaBase, host.Host.Name, srv.Domain],
            { Target: not null, Srv: { } srv } => [srv.Domain],

            // A single service, or a host given by hand: the base, and the name as given (RFC 7671 §7).
            { Route: null } => [host.TlsaBase, host.Host.Name],

            // No MX records: the base and the original domain, which is the host's name.
            { Route.Kind: not MailRouteKind.MxRecords } => [host.TlsaBase, host.Host.Name],

            // "the original next-hop domain … MUST be included as a second reference identifier", the expanded one as a third.
            { Route: { IsSecure: true } route } => [host.TlsaBase, route.Domain, route.ExpandedDomain],

            // Insecure MX: "the MX hostname is the only reference identifier"; of a secure alias also the base, which counts in every case.
            _ => [host.TlsaBase, host.Host.Name],
        };
        return [.. names.Distinct()];
    }

    /// <summary>RFC 9525 §6.2: who was found by SRV records may be called by the service and the domain that was asked for; at XMPP, where clients always ask, also without any.</summary>
    private static ServiceReference? ServiceReferenceOf(HostLead lead)
    {
        var service = ServiceTable.Of(lead.Protocol);
        if (service.Srv is not { } name || (lead.Srv is null && !service.AsksSrvFirst)) return null;

        // XEP-0368: with TLS at once the service has a name of its own in the DNS, and is the same.
        ImmutableArray<string> names = service.Protocol switch
        {
            ServiceProtocol.XmppClientTls => [name, "xmpp-client"],
            ServiceProtocol.XmppServerTls => [name, "xmpp-server"],
            _ => [name],
        };
        return new(lead.Srv?.Domain ?? lead.Host.Name, names, service.AsksSrvFirst);
    }

    private static EndpointReport Report(Observation observation, DaneVerdict? verdict)
    {
        var shown = LeafKey.AlgorithmOf(observation);

        // A certificate whose key nobody has proven can be the wrong one; that it is the right one says nothing of who showed it.
        if (observation.Outcome != ProbeOutcome.Completed && verdict is { IsMatch: true }) verdict = null;
        return new(observation, verdict)
        {
            Algorithm = shown == KeyAlgorithm.Any ? observation.Target.Algorithm : shown,
        };
    }

    private RecordReport Judge(TlsaRecord record, ServiceKind service, Func<TlsaRecord, ImmutableArray<RecordMatch>> matchesOf)
    {
        var usability = record.UsabilityFor(service);
        if (usability != Usability.Usable) return new(record, RecordState.Unusable, usability);

        // Each record for itself: whether a stronger digest stands beside it does not change what it matches.
        if (matchesOf(record) is { IsEmpty: false } matches) return new(record, RecordState.Matching, usability) { Matches = matches };
        if (options.Next.IsEmpty) return new(record, RecordState.Other, usability);
        return new(record, options.Next.Any(next => IsOf(record, next)) ? RecordState.Next : RecordState.Stale, usability);
    }

    /// <summary>Whether a record is that of the certificate or key to come.</summary>
    private static bool IsOf(TlsaRecord record, Octets next) =>
        Certificate.TryRead(next, out var certificate) ? record.Matches(certificate) : record.MatchesKey(next);

    /// <summary>The table of verdicts on a host, clause by clause.</summary>
    private (CheckVerdict Verdict, CheckReason Reason) Verdict(HostFacts facts, ImmutableArray<EndpointReport> endpoints, bool isUsable, bool isCutShort)
    {
        var host = facts.Dns;
        if (host.Host.Literal is not null) return (CheckVerdict.Unprotected, CheckReason.AddressLiteral);
        switch (host.AddressState)
        {
            case AddressState.Failed:
                var failed = host.AliasAnswer is { HasFailed: true } alias ? alias : host.AddressAnswers.FirstOrDefault(answer => answer.HasFailed);
                return (CheckVerdict.Undetermined, failed is not null && CheckBudget.IsSpent(failed) ? CheckReason.TimeSpent : CheckReason.AddressLookupFailed);
            case AddressState.None:
                // Of one family alone it is not proven that there is none: nobody asked for the other, unless the name itself does not exist.
                return (CheckVerdict.Unreachable, options.Families == AddressFamilies.Both || host.AddressAnswers.Any(answer => answer.IsNameError) ? CheckReason.NoAddress : CheckReason.NoEndpointTested);
            case AddressState.Insecure when facts.Lead.IsSecure:
                return (CheckVerdict.Unprotected, CheckReason.AddressInsecure);
            case AddressState.Insecure:
            case AddressState.InsecureBehindSecureAlias:
            case AddressState.Secure:
                break;
        }

        // R72: "this protocol does not apply", whatever the host has.
        if (!facts.Lead.IsSecure) return (CheckVerdict.Unprotected, CheckReason.SrvInsecure);
        return host.TlsaState switch
        {
            TlsaState.Failed => (CheckVerdict.Undetermined, host.TlsaAnswer is { } answer && CheckBudget.IsSpent(answer) ? CheckReason.TimeSpent : CheckReason.TlsaLookupFailed),
            TlsaState.NotAsked or TlsaState.None => (CheckVerdict.Unprotected, host.AddressState == AddressState.Secure ? CheckReason.NoTlsa : CheckReason.AddressInsecure),
            TlsaState.Insecure => (CheckVerdict.Unprotected, CheckReason.TlsaInsecure),
            TlsaState.Secure => Verdict(RawKeys.Counted(endpoints, facts.Lead.Kind), facts.Lead.Kind, isUsable, facts.AddressesLeftOut > 0 || isCutShort),
        };
    }

    private static (CheckVerdict Verdict, CheckReason Reason) Verdict(ImmutableArray<EndpointReport> endpoints, ServiceKind service, bool isUsable, bool isCutShort)
    {
        // What stops mail outranks everything that could not be looked at.
        if (endpoints.Any(endpoint => endpoint.Verdict is { IsMatch: false, Reason: not DaneReason.LimitReached })) return (CheckVerdict.Failing, CheckReason.Mismatch);
        if (endpoints.Any(endpoint => endpoint.Observation.Outcome == ProbeOutcome.PlainTextAfterStartTls)) return (CheckVerdict.Failing, CheckReason.PlainTextAfterStartTls);
        if (endpoints.Any(endpoint => endpoint.Observation.Outcome == ProbeOutcome.StartTlsNotOffered)) return (CheckVerdict.Failing, CheckReason.StartTlsNotOffered);
        if (endpoints.Any(endpoint => endpoint.Observation.Outcome == ProbeOutcome.StartTlsRefused)) return (CheckVerdict.Failing, CheckReason.StartTlsRefused);
        if (endpoints.Any(endpoint => endpoint.Observation.Outcome == ProbeOutcome.HandshakeFailed)) return (CheckVerdict.Failing, CheckReason.TlsFailed);

        // Not even tried: for want of time, or because there are too many, or because judging it asks for too much, or because a recording does not hold it.
        if (endpoints.Any(endpoint => CheckBudget.IsSpent(endpoint.Observation))) return (CheckVerdict.Undetermined, CheckReason.TimeSpent);
        if (isCutShort) return (CheckVerdict.Undetermined, CheckReason.LimitReached);
        if (endpoints.Any(endpoint => endpoint.Observation.Outcome == ProbeOutcome.None)) return (CheckVerdict.Undetermined, CheckReason.NoEndpointTested);

        // R28: a handshake that was not completed proves no possession of a key, so it verifies nothing.
        if (!RawKeys.SeenBySenders(endpoints, service).Any(endpoint => endpoint.Observation.Outcome == ProbeOutcome.Completed))
        {
            return endpoints.Any(endpoint => endpoint.Observation.Outcome == ProbeOutcome.CertificateSeen)
                ? (CheckVerdict.Undetermined, CheckReason.PossessionNotProven)
                : (CheckVerdict.Unreachable, CheckReason.NoEndpointTested);
        }

        // It took the connection and shows nobody what it has: that is an answer, and no match (docs/decisions/0294).
        if (RawKeys.SeenBySenders(endpoints, service).Any(HasBrokenOff)) return (CheckVerdict.Undetermined, CheckReason.NoHandshake);
        return isUsable ? (CheckVerdict.Verified, CheckReason.AllMatch) : (CheckVerdict.Partial, CheckReason.NoUsableTlsa);
    }

    /// <summary>Whether an address answered, as it does everybody, and shook no hands. When it is asked for one kind of key that proves nothing: so do many that have none.</summary>
    private static bool HasBrokenOff(EndpointReport endpoint) =>
        endpoint.Observation is { Outcome: ProbeOutcome.HandshakeInterrupted or ProbeOutcome.ProtocolError, Target: { Algorithm: KeyAlgorithm.Any, RawPublicKey: false } };
}
