using System.Collections.Immutable;
using Danelaw.Discovery;
using Danelaw.Probes;
using Danelaw.Tlsa;
using Danelaw.Verification;

namespace Danelaw.Checks;

/// <summary>What a sender does with a host (RFC 7672 §2.2). Closed.</summary>
public enum SenderAction
{
    /// <summary>Nothing is known: defer.</summary>
    Defer = 0,

    /// <summary>Go on to the next host; defer when none is left.</summary>
    SkipHost,

    /// <summary>DANE does not apply, and the domain's MTA-STS policy decides (RFC 8461 §2, R69).</summary>
    FollowMtaSts,

    /// <summary>TLS when it is offered, plain text otherwise (R30).</summary>
    DeliverOpportunistically,

    /// <summary>TLS is demanded, without authentication (R29).</summary>
    DeliverUnauthenticatedTls,

    /// <summary>TLS and a match are demanded, and were found (R28).</summary>
    DeliverAuthenticated,
}

/// <summary>What a sender does with a host, and by which rule. A pure function of the evidence that a verdict is made of.</summary>
/// <param name="Action">What it does.</param>
/// <param name="Rule">The rule of <c>docs/rules.md</c>, such as <c>R28</c>.</param>
/// <param name="Text">One sentence for people, without capital and full stop.</param>
public sealed partial record SenderDecision(SenderAction Action, string Rule, string Text)
{
    /// <summary>Nothing is known.</summary>
    public static SenderDecision Unknown { get; } = new(SenderAction.Defer, "R07", "a sender keeps the mail and tries again later");

    /// <summary>Whether a delivery may be logged as secure delivery to the domain: authenticated, and the MX records secure (R17).</summary>
    public bool IsSecureDelivery { get; init; }

    /// <summary>What SMTP TLS reporting calls it (RFC 8460 §4.3): <c>tlsa-invalid</c>, <c>dnssec-invalid</c>, <c>starttls-not-supported</c>, <c>dane-required</c> or <c>validation-failure</c>; empty when there is nothing to report.</summary>
    public string ReportAs { get; init; } = "";

    /// <summary>Decides what the MX lookup alone decides.</summary>
    /// <param name="route">Where mail goes.</param>
    /// <param name="policy">What the sender has decided beforehand.</param>
    /// <returns>The decision, or null when the hosts decide, one after another (R16).</returns>
    public static SenderDecision? JudgeRoute(MailRoute route, SenderPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(route);
        ArgumentNullException.ThrowIfNull(policy);
        if (route.Kind == MailRouteKind.Failed) return new(SenderAction.Defer, "R07", "the MX lookup failed, so a sender keeps the mail and tries again later") { ReportAs = "dnssec-invalid" };

        // R17, R31: an insecure MX set can have been exchanged on the way; who demands DANE must not follow it.
        if (policy.Level == SenderLevel.Mandatory && !route.IsSecure)
            return new(SenderAction.Defer, "R31", "DANE is mandatory and the MX records are insecure, so a sender keeps the mail") { ReportAs = "dane-required" };
        return null;
    }

    /// <summary>Decides about one host.</summary>
    /// <param name="host">What the DNS says of it.</param>
    /// <param name="isMxSecure">Whether a secure lookup led to the host; true for a host that was named by hand (R19).</param>
    /// <param name="policy">What the sender has decided beforehand.</param>
    /// <param name="service">Whose rules hold.</param>
    /// <param name="endpoints">What was seen of the host; default before anything was.</param>
    public static SenderDecision Judge(HostEvidence host, bool isMxSecure, SenderPolicy policy, ServiceKind service = ServiceKind.Smtp, ImmutableArray<EndpointReport> endpoints = default)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(policy);
        if (policy.Level == SenderLevel.Disabled) return new(SenderAction.DeliverOpportunistically, "R32", "DANE is disabled for this destination by policy");
        if (Stop(host, service) is { } stop) return policy.Level == SenderLevel.AuditOnly ? Audit(stop) : stop;
        if (host.TlsaState is TlsaState.NotAsked or TlsaState.None or TlsaState.Insecure) return WithoutDane(host, policy, service);

        var isUsable = host.Records.Any(record => record.UsabilityFor(service) == Usability.Usable);
        var decision = isUsable ? Authenticated(isMxSecure, service, endpoints) : Unauthenticated(policy, service, endpoints);
        return policy.Level == SenderLevel.AuditOnly && decision.Action == SenderAction.SkipHost ? Audit(decision) : decision;
    }

    /// <summary>What makes a sender leave the host before it connects.</summary>
    private static SenderDecision? Stop(HostEvidence host, ServiceKind service) => host switch
    {
        // R08: this host is out; the others are not.
        { AddressState: AddressState.Failed } => new(SenderAction.SkipHost, "R08", "the address lookup failed: " + Leaves(service)) { ReportAs = "dnssec-invalid" },
        { AddressState: AddressState.None } or { AddressState: not AddressState.Failed, Addresses.IsEmpty: true } => new(SenderAction.SkipHost, "R15", "the host has no address: " + Leaves(service)),

        // R09: no connection at all; sending without TLSA would be what an attacker wants who suppresses it.
        { TlsaState: TlsaState.Failed } => new(SenderAction.SkipHost, "R09", "the TLSA lookup failed, and nobody connects without it: " + Leaves(service)) { ReportAs = "dnssec-invalid" },
        _ => null,
    };

    private static SenderDecision WithoutDane(HostEvidence host, SenderPolicy policy, ServiceKind service)
    {
        var rule = host.Host.Literal is not null ? "R20" : "R30";
        if (policy.Level == SenderLevel.Mandatory) return new(SenderAction.SkipHost, "R31", "DANE is mandatory and the host has no secure TLSA records, so a sender goes on to the next host") { ReportAs = "dane-required" };
        if (service == ServiceKind.Other) return new(SenderAction.DeliverOpportunistically, "R33", "DANE does not apply; a client checks the certificate as it would anywhere else");
        return policy.HasMtaSts
            ? new(SenderAction.FollowMtaSts, "R69", "DANE does not apply, so the domain's MTA-STS policy decides")
            : new(SenderAction.DeliverOpportunistically, rule, "a sender uses TLS if it is offered, asks nobody who the server is, and sends in clear otherwise");
    }

    /// <summary>R29: TLS without a question who the server is; plain text is out, because the records promise TLS.</summary>
    private static SenderDecision Unauthenticated(SenderPolicy policy, ServiceKind service, ImmutableArray<EndpointReport> endpoints)
    {
        if (policy.Level == SenderLevel.Mandatory) return new(SenderAction.SkipHost, "R31", "DANE is mandatory and no TLSA record can be used, so a sender goes on to the next host") { ReportAs = "tlsa-invalid" };
        if (service == ServiceKind.Other) return new(SenderAction.SkipHost, "R33", "no TLSA record can be used, so a client that demands DANE does not connect") { ReportAs = "tlsa-invalid" };
        return WhenSeen(endpoints, endpoint => endpoint.Observation.Outcome == ProbeOutcome.Completed, "R29", service)
            ?? new(SenderAction.DeliverUnauthenticatedTls, "R29", "no TLSA record can be used: a sender demands TLS and cannot ask who the server is") { ReportAs = "tlsa-invalid" };
    }

    /// <summary>R28: TLS and a match, at one of the addresses.</summary>
    private static SenderDecision Authenticated(bool isMxSecure, ServiceKind service, ImmutableArray<EndpointReport> endpoints)
    {
        if (WhenSeen(endpoints, endpoint => endpoint.Verdict is { IsMatch: true }, "R28", service) is { } refused) return refused;
        var some = !endpoints.IsDefaultOrEmpty && endpoints.Any(endpoint => IsRefusal(endpoint)) ? ", but not at every address or with every key" : "";

        // R17: authenticated, but nothing proves that the host is the domain's; it must not be logged as secure delivery.
        return isMxSecure
            ? new(SenderAction.DeliverAuthenticated, "R28", (service == ServiceKind.Smtp ? "a sender" : "a client") + " demands TLS and a certificate that matches the TLSA records" + (endpoints.IsDefaultOrEmpty ? "" : ", and finds them") + some) { IsSecureDelivery = true }
            : new(SenderAction.DeliverAuthenticated, "R17", "the MX records are insecure: a sender may use the host's TLSA records, and must not call that secure delivery to the domain" + some);
    }

    /// <summary>Null as long as nothing was looked at, or an address serves; otherwise why a sender goes on.</summary>
    private static SenderDecision? WhenSeen(ImmutableArray<EndpointReport> endpoints, Func<EndpointReport, bool> serves, string rule, ServiceKind service)
    {
        if (endpoints.IsDefaultOrEmpty || endpoints.Any(serves)) return null;
        var noTls = endpoints.Any(endpoint => endpoint.Observation.Outcome is ProbeOutcome.StartTlsNotOffered or ProbeOutcome.StartTlsRefused);
        if (endpoints.Any(endpoint => endpoint.Observation.Outcome == ProbeOutcome.Completed))
            return new(SenderAction.SkipHost, rule, "no certificate matches the TLSA records: " + Leaves(service)) { ReportAs = "validation-failure" };
        return endpoints.Any(IsRefusal)
            ? new(SenderAction.SkipHost, rule, "the TLSA records promise TLS and it cannot be had: " + Leaves(service)) { ReportAs = noTls ? "starttls-not-supported" : "validation-failure" }
            : new(SenderAction.SkipHost, "R15", WithoutTls(endpoints) + ": " + Leaves(service));
    }

    /// <summary>What came of a host that neither refused TLS nor shook hands: of its addresses the one that came nearest to it.</summary>
    private static string WithoutTls(ImmutableArray<EndpointReport> endpoints) => endpoints.Max(endpoint => Contact.Of(endpoint.Observation)) switch
    {
        Nearness.None => "no address of the host was tried",
        Nearness.NotConnected => "no address of the host takes a connection from here",
        Nearness.Silent => "the host takes connections and says nothing",
        Nearness.Spoke => "the host speaks, and no TLS comes about with it",
    };

    private static string Leaves(ServiceKind service) => service switch
    {
        ServiceKind.Smtp => "a sender goes on to the next host, and keeps the mail when there is none",
        ServiceKind.Other => "a client does not connect",
    };

    private static bool IsRefusal(EndpointReport endpoint) => endpoint.Observation.Outcome switch
    {
        ProbeOutcome.Completed or ProbeOutcome.CertificateSeen => endpoint.Verdict is { IsMatch: false },
        ProbeOutcome.StartTlsNotOffered or ProbeOutcome.StartTlsRefused or ProbeOutcome.PlainTextAfterStartTls or ProbeOutcome.HandshakeFailed => true,
        ProbeOutcome.None or ProbeOutcome.Refused or ProbeOutcome.TimedOut or ProbeOutcome.Closed or ProbeOutcome.GreetingRefused or ProbeOutcome.ProtocolError
            or ProbeOutcome.HandshakeInterrupted or ProbeOutcome.AlgorithmNotOffered or ProbeOutcome.AlgorithmNotAsked => false,
    };

    /// <summary>R32: told, and stops nothing.</summary>
    private static SenderDecision Audit(SenderDecision decision) => decision with { Action = SenderAction.DeliverOpportunistically, Rule = "R32", Text = "only watched by policy: " + decision.Text };
}
