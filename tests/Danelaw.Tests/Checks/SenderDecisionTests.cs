using Danelaw.Checks;
using Danelaw.Discovery;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Validation;
using Danelaw.Probes;
using Danelaw.Tlsa;
using Danelaw.Verification;

namespace Danelaw.Tests.Checks;

public sealed class SenderDecisionTests
{
    private static readonly SenderPolicy Mandatory = new() { Level = SenderLevel.Mandatory };

    [Fact, Rule("R28"), Rfc(7672, "2.2")]
    public void Usable_secure_records_demand_TLS_and_a_match()
    {
        var decision = Judge(Host(TlsaState.Secure, World.EcRecord));

        Assert.Equal((SenderAction.DeliverAuthenticated, "R28", true), (decision.Action, decision.Rule, decision.IsSecureDelivery));
    }

    [Fact, Rule("R28")]
    public async Task Without_a_match_a_sender_goes_on_to_the_next_host()
    {
        var host = Assert.Single((await World.Sound().Serve("192.0.2.1", World.OtherEcLeaf).CheckAsync("example.org")).Hosts);

        Assert.Equal((SenderAction.SkipHost, "R28", "validation-failure"), (host.Sender.Action, host.Sender.Rule, host.Sender.ReportAs));
    }

    [Fact, Rule("R28"), Rfc(8460, "4.3")]
    public async Task Without_STARTTLS_a_sender_does_not_fall_back_to_plain_text()
    {
        var host = Assert.Single((await World.Sound().Refuse("192.0.2.1", ProbeOutcome.StartTlsNotOffered).CheckAsync("example.org")).Hosts);

        Assert.Equal((SenderAction.SkipHost, "R28", "starttls-not-supported"), (host.Sender.Action, host.Sender.Rule, host.Sender.ReportAs));
    }

    [Fact, Rule("R29"), Rfc(7672, "2.2")]
    public void Only_unusable_records_demand_TLS_and_no_authentication()
    {
        var decision = Judge(Host(TlsaState.Secure, World.EcRecord with { Usage = (TlsaUsage)7 }));

        Assert.Equal((SenderAction.DeliverUnauthenticatedTls, "R29"), (decision.Action, decision.Rule));
        Assert.False(decision.IsSecureDelivery);
    }

    [Fact, Rule("R29")]
    public async Task Only_unusable_records_never_allow_plain_text()
    {
        var world = World.Sound().Tlsa("_25._tcp.mx.example.org", World.EcRecord with { Usage = (TlsaUsage)7 }).Refuse("192.0.2.1", ProbeOutcome.StartTlsNotOffered);

        Assert.Equal(SenderAction.SkipHost, Assert.Single((await world.CheckAsync("example.org")).Hosts).Sender.Action);
    }

    [Theory, Rule("R30"), Rfc(7672, "2.2")]
    [InlineData(TlsaState.None)]
    [InlineData(TlsaState.Insecure)]
    [InlineData(TlsaState.NotAsked)]
    public void Without_secure_records_TLS_is_opportunistic(TlsaState state)
    {
        var decision = Judge(Host(state));

        Assert.Equal((SenderAction.DeliverOpportunistically, "R30"), (decision.Action, decision.Rule));
    }

    [Theory, Rule("R31"), Rfc(7672, "6")]
    [InlineData(TlsaState.None)]
    [InlineData(TlsaState.Insecure)]
    [InlineData(TlsaState.NotAsked)]
    public void Mandatory_DANE_delivers_nowhere_without_secure_records(TlsaState state)
    {
        var decision = Judge(Host(state), policy: Mandatory);

        Assert.Equal((SenderAction.SkipHost, "R31", "dane-required"), (decision.Action, decision.Rule, decision.ReportAs));
    }

    [Fact, Rule("R31")]
    public void Mandatory_DANE_delivers_nowhere_with_unusable_records()
    {
        Assert.Equal((SenderAction.SkipHost, "R31"), Short(Judge(Host(TlsaState.Secure, World.EcRecord with { Usage = (TlsaUsage)7 }), policy: Mandatory)));
    }

    [Fact, Rule("R17"), Rule("R31"), Rfc(7672, "2.2.1")]
    public void Mandatory_DANE_waits_when_the_MX_set_is_insecure()
    {
        Assert.Equal((SenderAction.Defer, "R31"), Short(SenderDecision.JudgeRoute(Route(MailRouteKind.MxRecords, Security.Insecure), Mandatory)!));
        Assert.Null(SenderDecision.JudgeRoute(Route(MailRouteKind.MxRecords, Security.Insecure), new()));
        Assert.Null(SenderDecision.JudgeRoute(Route(MailRouteKind.MxRecords, Security.Secure), Mandatory));
    }

    [Fact, Rule("R07")]
    public void A_failed_MX_lookup_delays_the_mail()
    {
        Assert.Equal((SenderAction.Defer, "R07"), Short(SenderDecision.JudgeRoute(Route(MailRouteKind.Failed, Security.Bogus), new())!));
    }

    [Fact, Rule("R17"), Rfc(7672, "2.2.1")]
    public void An_insecure_MX_set_allows_DANE_and_never_counts_as_secure_delivery()
    {
        var decision = SenderDecision.Judge(Host(TlsaState.Secure, World.EcRecord), isMxSecure: false, new());

        Assert.Equal((SenderAction.DeliverAuthenticated, "R17", false), (decision.Action, decision.Rule, decision.IsSecureDelivery));
    }

    [Fact, Rule("R32"), Rfc(7672, "9.1")]
    public void Only_an_explicit_policy_turns_DANE_off_or_to_watching()
    {
        var host = Host(TlsaState.Failed);

        Assert.Equal(SenderLevel.Opportunistic, new SenderPolicy().Level);
        Assert.Equal((SenderAction.SkipHost, "R09"), Short(Judge(host)));
        Assert.Equal((SenderAction.DeliverOpportunistically, "R32"), Short(Judge(host, policy: new() { Level = SenderLevel.AuditOnly })));
        Assert.Equal((SenderAction.DeliverOpportunistically, "R32"), Short(Judge(host, policy: new() { Level = SenderLevel.Disabled })));
    }

    [Fact, Rule("R33"), Rfc(7671, "10.3")]
    public void A_client_that_demands_DANE_does_not_connect_when_no_record_is_usable()
    {
        var decision = SenderDecision.Judge(Host(TlsaState.Secure, World.EcRecord with { Usage = (TlsaUsage)7 }), true, new(), ServiceKind.Other);

        Assert.Equal((SenderAction.SkipHost, "R33"), Short(decision));
    }

    [Theory, Rule("R69"), Rfc(8461, "2")]
    [InlineData(TlsaState.Failed, SenderAction.SkipHost)]
    [InlineData(TlsaState.Secure, SenderAction.DeliverAuthenticated)]
    [InlineData(TlsaState.None, SenderAction.FollowMtaSts)]
    [InlineData(TlsaState.NotAsked, SenderAction.FollowMtaSts)]
    public void MTA_STS_decides_only_where_DANE_does_not_apply(TlsaState state, SenderAction action)
    {
        Assert.Equal(action, Judge(Host(state, World.EcRecord), policy: new() { HasMtaSts = true }).Action);
    }

    [Fact, Rule("R69")]
    public async Task MTA_STS_does_not_override_a_DANE_that_fails()
    {
        var report = await World.Sound().Serve("192.0.2.1", World.OtherEcLeaf).CheckAsync("example.org");
        var seen = report.Hosts[0].Endpoints;

        Assert.Equal(SenderAction.SkipHost, SenderDecision.Judge(Host(TlsaState.Secure, World.EcRecord), true, new() { HasMtaSts = true }, ServiceKind.Smtp, seen).Action);
    }

    [Theory]
    [InlineData(AddressState.Failed, "R08")]
    [InlineData(AddressState.None, "R15")]
    [Rule("R08"), Rule("R15")]
    public void A_host_without_usable_addresses_is_skipped(AddressState state, string rule)
    {
        Assert.Equal((SenderAction.SkipHost, rule), Short(Judge(Host(TlsaState.NotAsked) with { AddressState = state })));
    }

    private static (SenderAction, string) Short(SenderDecision decision) => (decision.Action, decision.Rule);

    private static SenderDecision Judge(HostEvidence host, SenderPolicy? policy = null) => SenderDecision.Judge(host, true, policy ?? new());

    private static HostEvidence Host(TlsaState state, params TlsaRecord[] records) => new()
    {
        Host = new(DomainName.Parse("mx.example.org"), 10, null),
        Port = 25,
        AddressState = state == TlsaState.NotAsked ? AddressState.Insecure : AddressState.Secure,
        Addresses = [System.Net.IPAddress.Loopback],
        TlsaState = state,
        Records = state == TlsaState.Secure ? [.. records] : [],
    };

    private static MailRoute Route(MailRouteKind kind, Security security) => new()
    {
        Kind = kind,
        MxAnswer = new Answer { Question = new(DomainName.Parse("example.org"), RecordType.MX), Security = security, ResponseCode = ResponseCode.NoError },
    };
}
