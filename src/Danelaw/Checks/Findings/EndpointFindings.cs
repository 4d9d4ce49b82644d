using System.Globalization;
using Danelaw.Discovery;
using Danelaw.Dns;
using Danelaw.Probes;
using Danelaw.Verification;

namespace Danelaw.Checks.Findings;

/// <summary>What connecting to a host told.</summary>
internal static class EndpointFindings
{
    internal static IEnumerable<Finding> Of(HostSubject subject)
    {
        // Endpoints that say the same are one finding.
        foreach (var group in subject.Report.Endpoints.GroupBy(Same))
        {
            EndpointReport[] endpoints = [.. group];
            foreach (var finding in Of(subject, endpoints)) yield return finding;
        }
    }

    private static (ProbeOutcome, KeyAlgorithm, bool, Octets, DaneReason, string) Same(EndpointReport endpoint) => (
        endpoint.Observation.Outcome,
        endpoint.Observation.Outcome == ProbeOutcome.Completed || IsBrokenOff(endpoint.Observation) ? KeyAlgorithm.Any : endpoint.Observation.Target.Algorithm,
        endpoint.Observation.Target.RawPublicKey,
        endpoint.Observation.Chain.IsEmpty ? endpoint.Observation.RawPublicKey : endpoint.Observation.Chain[0],
        endpoint.Verdict?.Reason ?? DaneReason.None,
        IsBrokenOff(endpoint.Observation) ? "" : endpoint.Observation.Detail);

    /// <summary>Whether the server broke off when it was asked for one kind of key, as many do that have none: the kinds are told in one sentence.</summary>
    private static bool IsBrokenOff(Observation seen) => seen.Outcome == ProbeOutcome.HandshakeInterrupted && seen.Target.Algorithm != KeyAlgorithm.Any && !seen.Target.RawPublicKey;

    private static IEnumerable<Finding> Of(HostSubject subject, EndpointReport[] endpoints)
    {
        var seen = endpoints[0].Observation;
        var who = subject.Audience;
        var isPromised = subject.Facts.Dns.TlsaState == TlsaState.Secure;
        var where = $"{subject.Place} at {Say.List(endpoints.Select(endpoint => endpoint.Observation.Target.Address.Address.ToString()).Distinct())}";
        switch (seen.Outcome)
        {
            case ProbeOutcome.Completed:
                if (HandshakeFaults.HasSmallGroup(seen))
                    yield return new(FindingCodes.TlsKeySmall, Severity.Warning, subject.Name,
                        $"{where} exchanges keys by too small a group: {seen.Detail} (RFC 9325 §4.5 wants 2048). Postfix takes it; programs that keep OpenSSL's limits as Debian sets them end the connection there (dh key too small).",
                        $"Let it offer ECDHE, or give it a group of 2048 bits or more (RFC 7919){(subject.Service == ServiceKind.Smtp ? "; Postfix has one of its own where smtpd_tls_dh1024_param_file is empty" : "")}.");
                foreach (var finding in OfShown(subject, endpoints, where)) yield return finding;
                break;
            case ProbeOutcome.StartTlsNotOffered:
                yield return new(FindingCodes.TlsStartTlsMissing, isPromised ? Severity.Error : Severity.Warning, subject.Name,
                    $"{where} does not offer STARTTLS ({seen.Detail})." + (isPromised ? $" Its TLSA records promise TLS, so {who.They} that check {who.Refuse}." : ""),
                    ServiceTable.Of(seen.Target.Protocol).TurnTlsOn + (isPromised ? ", or take the TLSA records out. Look for a firewall that strips it." : "."));
                break;
            case ProbeOutcome.StartTlsRefused:
                yield return new(FindingCodes.TlsStartTlsRefused, isPromised ? Severity.Error : Severity.Warning, subject.Name,
                    $"{where} offers STARTTLS and then refuses it: {seen.Detail}." + (isPromised ? $" {who.TheyFirst} that check {who.Refuse}." : ""),
                    "The server's log says why; mostly it cannot read its certificate or key (owner, mode, or a key that does not belong to the certificate).");
                break;
            case ProbeOutcome.PlainTextAfterStartTls:
                yield return new(FindingCodes.TlsInjection, Severity.Error, subject.Name,
                    $"{where} sent plain text after it agreed to TLS ({seen.Detail}). Somebody on the way injects replies (CVE-2011-0411), or the server is broken. Some senders break off there; others, Postfix among them, throw the text away and go on.",
                    "Check from another network. If it stays, the server or something right before it does it: bring it up to date, and take filters out of the way.");
                break;
            case ProbeOutcome.CertificateSeen:
                yield return new(FindingCodes.TlsPossessionUnproven, Severity.Warning, subject.Name,
                    $"{where} shows {(seen.Target.RawPublicKey ? LeafKey.NameOf(seen.Target) : LeafKey.NameOf(endpoints[0].Algorithm))} when it is asked for one, and the handshake does not come to its end: {seen.Detail}. So nothing proves that the key is held there, and a record that matches it would prove nothing.", Mend(seen));
                foreach (var finding in OfShown(subject, endpoints, where)) yield return finding;
                break;
            case ProbeOutcome.HandshakeFailed or ProbeOutcome.HandshakeInterrupted when RawKeys.IsForOthers(endpoints[0], subject.Report.Endpoints):
                yield return RawKeyFindings.Alone(subject, seen, where);
                break;
            case ProbeOutcome.HandshakeFailed when seen.Detail.StartsWith(HandshakeFaults.NotProven, StringComparison.Ordinal):
                yield return new(FindingCodes.TlsPossessionUnproven, isPromised ? Severity.Error : Severity.Warning, subject.Name,
                    $"TLS with {where} fails: {seen.Detail}. Whoever shows a certificate without its key is not whom it names, or is broken." + (isPromised ? $" {who.TheyFirst} that check {who.Refuse} there." : ""),
                    "If the server is yours, see that its certificate and its key belong together, and that nothing between you and it ends TLS. If that is so, somebody is in between.");
                break;
            case ProbeOutcome.HandshakeFailed:
                var isOld = HandshakeFaults.IsOld(seen);
                yield return new(isOld ? FindingCodes.TlsVersionOld : FindingCodes.TlsHandshakeFailed, isPromised ? Severity.Error : Severity.Warning, subject.Name,
                    $"TLS with {where} fails: {seen.Detail}." + (isPromised ? $" {who.TheyFirst} that check {who.Refuse}." : "") + WouldMatch(subject, seen),
                    isOld ? $"Turn TLSv1.2 and TLSv1.3 on{(subject.Service == ServiceKind.Smtp ? " (Postfix: smtpd_tls_protocols = >=TLSv1.2)" : "")}; if the software knows neither, replace it."
                    : HandshakeFaults.DemandsCertificate(seen) ? $"Let it demand no certificate of its clients{(subject.Service == ServiceKind.Smtp ? " (Postfix: smtpd_tls_req_ccert = no)" : "")}."
                    : "The server's log says why; look at its certificate, its key and the ciphers it allows.");
                break;
            case ProbeOutcome.AlgorithmNotAsked:
                yield return new(FindingCodes.TlsKeyNotAsked, Severity.Note, subject.Name, $"{where}{Port(subject, seen)}: {seen.Detail}. If the server has such a key, whether it matches is not known.", "");
                break;
            case ProbeOutcome.HandshakeInterrupted when seen.Target.Algorithm != KeyAlgorithm.Any || seen.Target.RawPublicKey:
                yield return new(FindingCodes.TlsKeyNotAsked, Severity.Note, subject.Name, $"{where}{(Port(subject, seen) is { Length: > 0 } port ? port + "," : "")} breaks off when asked for {string.Join(" or ", endpoints.Select(endpoint => LeafKey.NameOf(endpoint.Observation.Target)).Distinct())} alone, as servers do that have none. If it has one, whether it matches is not known.", "");
                break;
            case ProbeOutcome.AlgorithmNotOffered:
                if (seen.Target.RawPublicKey) yield return RawKeyFindings.NotOffered(subject, seen, where);
                break;
            case ProbeOutcome.None:
            case ProbeOutcome.Refused:
            case ProbeOutcome.TimedOut:
            case ProbeOutcome.Closed:
            case ProbeOutcome.GreetingRefused:
            case ProbeOutcome.ProtocolError:
            case ProbeOutcome.HandshakeInterrupted:
                yield return Untested(subject, seen, where);
                break;
        }
    }

    /// <summary>What the records make of a certificate that was shown in a version that nobody may go on with: whether the version is all that is to be mended.</summary>
    private static string WouldMatch(HostSubject subject, Observation seen)
    {
        if (subject.Report.RetiredChains.FirstOrDefault(chain => ServedChain.ByContent.Comparer.Equals(chain.Certificates, seen.Chain)) is not { Verdict: { } verdict } shown) return "";
        var matching = subject.Report.Records.Where(record => record.Usability == Tlsa.Usability.Usable && shown.Proves(record.Record)).Select(record => ChainJudge.Describe(record.Record)).ToArray();
        return matching.Length == 0 || !verdict.IsMatch
            ? " The certificate that it shows in that version would not match its TLSA records either."
            : $" The certificate that it shows in that version would match {Say.List(matching)}: only the version stands in the way.";
    }

    /// <summary>The port, where neither the place nor the protocol of mail between servers says it.</summary>
    private static string Port(HostSubject subject, Observation seen) =>
        seen.Target.Address.Port == 25 || subject.Place != subject.Name ? "" : string.Create(CultureInfo.InvariantCulture, $", port {seen.Target.Address.Port}");

    private static IEnumerable<Finding> OfShown(HostSubject subject, EndpointReport[] endpoints, string where) =>
        endpoints[0].Observation.Target.RawPublicKey ? RawKeyFindings.Of(subject, endpoints[0], where) : CertificateFindings.Of(subject, endpoints, where);

    private static Finding Untested(HostSubject subject, Observation seen, string where)
    {
        var what = seen.Target is { Algorithm: KeyAlgorithm.Any, RawPublicKey: false } ? where : $"{where}, asked for {LeafKey.NameOf(seen.Target)},";

        // A machine without IPv6 must not cry at every host that has it, as long as it saw the host at all.
        var severity = LocalCauses.IsLocal(seen) && subject.Report.Endpoints.Any(endpoint => endpoint.Observation.Outcome == ProbeOutcome.Completed) ? Severity.Note : Severity.Warning;
        return new(FindingCodes.TlsUntested, severity, subject.Name, $"{what} could not be tested: {Words(seen)}. That says nothing of its certificate.", Mend(seen));
    }

    private static string Words(Observation seen) => CheckBudget.IsSpent(seen) ? CheckBudget.Spent : Contact.Words(seen);

    private static string Mend(Observation seen) => seen.Outcome switch
    {
        ProbeOutcome.Refused when seen.Detail == LocalCauses.NoDescriptors => "Let the process open more files (ulimit -n 4096 in the shell, LimitNOFILE=4096 in a systemd unit), or look at fewer targets at once (--concurrency).",
        ProbeOutcome.TimedOut or ProbeOutcome.Closed when Contact.Of(seen) == Nearness.Silent =>
            "The port is open, so nothing keeps connections out: look whether the server is overloaded (its log, its limit of processes), makes strangers wait for its greeting, or something before it takes connections in its place.",
        ProbeOutcome.TimedOut when seen.Target.Address.Port == 25 && Contact.Of(seen) == Nearness.NotConnected => "Check from another network: many block port 25 going out. If it stays, look whether the server and its firewall let it in.",
        ProbeOutcome.Refused when seen.Detail == LocalCauses.NoHost => "Look whether the machine is up and the address is right, and whether routers or firewalls on the way let it through; check from another network.",
        ProbeOutcome.Refused when seen.Target.Address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 => "Check from a network with IPv6; if it stays, the server does not listen on this address.",
        ProbeOutcome.GreetingRefused => "Check again later, or from another network: it may limit strangers, or list this address.",
        ProbeOutcome.Refused => "Look whether the server listens on this address and port.",
        ProbeOutcome.None => "Run the check again.",
        ProbeOutcome.TimedOut or ProbeOutcome.Closed or ProbeOutcome.ProtocolError or ProbeOutcome.HandshakeInterrupted or ProbeOutcome.Completed or ProbeOutcome.StartTlsNotOffered
            or ProbeOutcome.StartTlsRefused or ProbeOutcome.PlainTextAfterStartTls or ProbeOutcome.HandshakeFailed or ProbeOutcome.AlgorithmNotOffered or ProbeOutcome.AlgorithmNotAsked or ProbeOutcome.CertificateSeen
            => "Check again later; if it stays, the server's log says why.",
    };
}
