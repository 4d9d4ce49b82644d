using System.Collections.Immutable;
using System.Globalization;
using Danelaw.Checks.Findings;
using Danelaw.Discovery;
using Danelaw.Dnssec.Resolution;
using Danelaw.Probes;

namespace Danelaw.Checks;

/// <summary>The verdict's reason as one sentence, with the hosts concerned.</summary>
internal static class Explanations
{
    /// <summary>What is said of a check that a fault of ours has stopped.</summary>
    internal const string InternalFault = "A fault of Danelaw itself stopped this check, so nothing is known. It says nothing of the target.";

    internal static string Of(CheckEvidence evidence, ImmutableArray<HostReport> hosts, CheckOptions options, CheckVerdict verdict, CheckReason reason)
    {
        var name = Say.Name(evidence.Target.Name);
        var who = evidence.Audience;
        var mail = evidence.Route is null ? hosts : evidence.OfMail(hosts);
        return reason switch
        {
            CheckReason.None => "Nothing is known.",
            CheckReason.AllMatch => AllMatch(hosts),
            CheckReason.MxLookupFailed or CheckReason.SrvLookupFailed or CheckReason.AddressLookupFailed or CheckReason.TlsaLookupFailed when OfResolver(evidence, hosts, options, reason) is { } fault => fault,
            CheckReason.MxLookupFailed => $"The MX lookup of {name} failed, so senders keep mail for it and try again.",
            CheckReason.MxInsecure => Insecure(evidence, name),
            CheckReason.NullMx => $"{name} says that it takes no mail (null MX, RFC 7505).",
            CheckReason.NoSuchDomain => $"{name} does not exist.",
            CheckReason.AddressLookupFailed => $"The address lookup of {Names(hosts, reason)} failed, so {who.They} {who.Cannot} there.",
            CheckReason.AddressInsecure => $"The addresses of {Names(hosts, reason)} are not secured by DNSSEC, so DANE cannot apply.",
            CheckReason.NoAddress => $"{Names(hosts, reason)} {Have(hosts, reason)} no address.",
            CheckReason.TlsaLookupFailed => $"The TLSA lookup of {Names(hosts, reason)} failed, so {who.They} that know DANE {who.Cannot} there.",
            CheckReason.TlsaInsecure => $"The TLSA records of {Names(hosts, reason)} are not secured by DNSSEC, so nobody uses them.",
            CheckReason.NoTlsa => $"{Names(hosts, reason)} {Have(hosts, reason)} no TLSA records.",
            CheckReason.NoUsableTlsa => $"None of the TLSA records of {Names(hosts, reason)} can be used: {who.They} encrypt and cannot check to whom.",
            CheckReason.Mismatch or CheckReason.StartTlsNotOffered or CheckReason.StartTlsRefused or CheckReason.TlsFailed or CheckReason.PlainTextAfterStartTls => Failing(hosts, who),
            CheckReason.NoHandshake => $"Some address of {Names(hosts, reason)} answers and completes no handshake, so what it shows is not known.",
            CheckReason.SrvLookupFailed => $"The SRV lookup of {Owner(evidence)} failed, so clients cannot connect.",
            CheckReason.SrvInsecure => $"The SRV records of {Owner(evidence)}{(evidence.Srv is { Kind: ServiceRouteKind.None } ? ", or their absence," : "")} are not secured by DNSSEC, so whoever changes answers on the way can lead clients elsewhere, and DANE cannot apply.",
            CheckReason.NoSrv => $"There are no SRV records at {Owner(evidence)}, so nothing says where the service is.",
            CheckReason.ServiceNotOffered => $"{name} says that it does not offer this service (an SRV record with the target \".\", RFC 2782).",
            CheckReason.NoEndpointTested when hosts.IsEmpty => $"No SRV record of {Owner(evidence)} names a host and a port that could be connected to.",
            CheckReason.NoEndpointTested => $"No address of {Names(hosts, reason)} could be tested from here{Why(hosts, reason)}.",
            CheckReason.SomeHostsUnprotected => $"Some {who.Hosts} are protected and {Names(mail, CheckVerdict.Unprotected)} not: an attacker takes the weakest.",
            CheckReason.HostFailing => Failing(hosts, who),
            CheckReason.HostUndetermined => $"{Names(hosts, CheckVerdict.Undetermined, CheckVerdict.Unreachable)} could not be judged.",
            CheckReason.HostPartial => $"{who.TheyFirst} encrypt to {Names(hosts, CheckVerdict.Partial)} and cannot check to whom: no TLSA record there can be used.",
            CheckReason.AllHostsUnprotected => Unprotected(mail, who),
            CheckReason.AddressLiteral => evidence.Target.Address is { } address ? $"{address} is an address: TLSA records stand under names, so DANE does not apply." : $"{Names(hosts, reason)} is an address, so DANE does not apply.",
            CheckReason.TimeSpent => "The time for the check was spent before everything was looked at.",
            CheckReason.PossessionNotProven => $"What {Names(hosts, reason)} shows was seen, and no handshake proves that the key of it is held there.",
            CheckReason.LimitReached => "There is more to look at than a check does: hosts, addresses, or what a server sent to be judged.",
            CheckReason.InternalFault => InternalFault,
        };
    }

    /// <summary>What is said where every answer that failed says nothing of its zone, because the resolver in use is at fault; null otherwise.</summary>
    private static string? OfResolver(CheckEvidence evidence, ImmutableArray<HostReport> hosts, CheckOptions options, CheckReason reason)
    {
        var (answers, subject) = reason switch
        {
            CheckReason.MxLookupFailed => (evidence.Route is { } route ? [route.MxAnswer] : Array.Empty<Answer>(), Say.Name(evidence.Target.Name)),
            CheckReason.SrvLookupFailed => (evidence.Srv is { } srv ? [srv.SrvAnswer] : [], Say.Name(evidence.Target.Name)),
            CheckReason.AddressLookupFailed => ([.. evidence.Hosts.SelectMany(host => host.Dns.AddressAnswers).Where(answer => answer.HasFailed)], Names(hosts, reason)),
            _ => ([.. evidence.Hosts.Select(host => host.Dns.TlsaAnswer).OfType<Answer>().Where(answer => answer.HasFailed)], Names(hosts, reason)),
        };
        if (answers.Length == 0 || LookupWords.OfResolver(answers[0], options) is not { } fault || !answers.All(answer => LookupWords.OfResolver(answer, options) is not null)) return null;
        return $"{fault} ({answers[0].Explanation}), so nothing is known of {subject}.";
    }

    private static string AllMatch(ImmutableArray<HostReport> hosts)
    {
        var endpoints = hosts.Sum(host => host.Endpoints.Count(endpoint => endpoint.Verdict is { IsMatch: true }));
        return string.Create(CultureInfo.InvariantCulture, $"Every certificate shown ({endpoints}) matches the TLSA records of {Say.List(hosts.Where(host => host.Verdict == CheckVerdict.Verified).Select(host => Place(host, hosts)))}.");
    }

    private static string Insecure(CheckEvidence evidence, string name) => evidence.Route is { Kind: MailRouteKind.Implicit }
        ? $"{name} is not secured by DNSSEC, so whoever changes answers on the way can lead its mail elsewhere."
        : $"The MX records of {name} are not secured by DNSSEC, so whoever changes answers on the way can lead its mail elsewhere.";

    private static string Failing(ImmutableArray<HostReport> hosts, Audience who)
    {
        var failing = hosts.Where(host => host.Verdict == CheckVerdict.Failing).ToArray();
        var names = Say.List(failing.Select(host => Place(host, hosts)));
        if (failing.All(host => Audience.Of(host.Service) == Audience.Of(failing[0].Service))) who = Audience.Of(failing[0].Service);
        else who = Audience.Both;
        var (have, their, s) = failing.Length == 1 ? ("has", "its", "s") : ("have", "their", "");
        return failing.Select(host => host.Reason).Distinct().ToArray() switch
        {
            [CheckReason.Mismatch] => $"A certificate of {names} does not match the TLSA records, so {who.They} that check {who.Refuse}.",
            [CheckReason.StartTlsNotOffered] => $"{names} {have} TLSA records and do{(s.Length > 0 ? "es" : "")} not offer STARTTLS, so {who.They} that check {who.Refuse}.",
            [CheckReason.StartTlsRefused] => $"{names} {have} TLSA records and refuse{s} STARTTLS, so {who.They} that check {who.Refuse}.",
            [CheckReason.TlsFailed] => $"{names} {have} TLSA records and {their} TLS handshake fails, so {who.They} that check {who.Refuse}.",
            [CheckReason.PlainTextAfterStartTls] => $"{names} send{s} plain text after {(s.Length > 0 ? "it" : "they")} agreed to TLS: an attack on the way, or a broken server.",
            _ => $"{who.TheyFirst} that check {who.Refuse} to {names}.",
        };
    }

    private static string Unprotected(ImmutableArray<HostReport> hosts, Audience who) => hosts.Where(host => host.Verdict == CheckVerdict.Unprotected).Select(host => host.Reason).Distinct().ToArray() switch
    {
        [CheckReason.NoTlsa] => $"{Names(hosts, CheckVerdict.Unprotected)} {Have(hosts, CheckReason.NoTlsa)} no TLSA records.",
        [CheckReason.TlsaInsecure] => $"The TLSA records of {Names(hosts, CheckVerdict.Unprotected)} are not secured by DNSSEC, so nobody uses them.",
        [CheckReason.AddressInsecure] => $"The addresses of {Names(hosts, CheckVerdict.Unprotected)} are not secured by DNSSEC, so DANE cannot apply.",
        [CheckReason.AddressLiteral] => $"{Names(hosts, CheckVerdict.Unprotected)} {(hosts.Count(host => host.Verdict == CheckVerdict.Unprotected) == 1 ? "is an address" : "are addresses")}, so DANE does not apply.",
        _ => $"None of the {who.Hosts} ({Names(hosts, CheckVerdict.Unprotected)}) has TLSA records that count.",
    };

    /// <summary>What happened at the addresses; a few ways are enough for a sentence.</summary>
    private static string Why(ImmutableArray<HostReport> hosts, CheckReason reason)
    {
        var seen = hosts.Where(host => host.Reason == reason).SelectMany(host => host.Endpoints).Select(endpoint => endpoint.Observation).Where(seen => seen.Outcome != ProbeOutcome.None).Select(Contact.Words).Distinct().ToArray();
        return seen.Length is 0 or > 2 ? "" : $": {string.Join("; ", seen)}";
    }

    /// <summary>The host, and its port where several are told of.</summary>
    private static string Place(HostReport host, ImmutableArray<HostReport> hosts) =>
        hosts.Any(other => other.Port != host.Port) ? string.Create(CultureInfo.InvariantCulture, $"{Say.Name(host.Name)}:{host.Port}") : Say.Name(host.Name);

    /// <summary>The SRV owner that the target means, or those whose lookup failed.</summary>
    private static string Owner(CheckEvidence evidence) =>
        Say.List(evidence.Services.Select(service => service.Srv).OfType<ServiceRoute>().Where(srv => evidence.Srv is not null || srv.Kind == ServiceRouteKind.Failed).Select(srv => Say.Name(srv.SrvAnswer.Question.Name)));

    private static string Have(ImmutableArray<HostReport> hosts, CheckReason reason) => hosts.Count(host => host.Reason == reason) == 1 ? "has" : "have";

    private static string Names(ImmutableArray<HostReport> hosts, CheckReason reason) => Say.List(hosts.Where(host => host.Reason == reason).Select(host => Place(host, hosts)));

    private static string Names(ImmutableArray<HostReport> hosts, params ReadOnlySpan<CheckVerdict> verdicts)
    {
        var names = new List<string>();
        foreach (var host in hosts)
            if (verdicts.Contains(host.Verdict)) names.Add(Place(host, hosts));
        return Say.List(names);
    }
}
