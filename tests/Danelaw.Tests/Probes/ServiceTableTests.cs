using Danelaw.Checks;
using Danelaw.Dns.Names;
using Danelaw.Probes;

namespace Danelaw.Tests.Probes;

/// <summary>What holds for every row of the table, whoever adds one.</summary>
public sealed class ServiceTableTests
{
    public static TheoryData<ServiceProtocol> Spoken => [.. ServiceTable.All.Select(service => service.Protocol)];

    [Fact]
    public void No_protocol_and_no_scheme_stands_there_twice()
    {
        Assert.Distinct(ServiceTable.All.Select(service => service.Protocol));
        Assert.Distinct(ServiceTable.All.SelectMany(service => service.Schemes), StringComparer.OrdinalIgnoreCase);
    }

    [Theory, MemberData(nameof(Spoken))]
    public void A_service_s_own_text_leads_back_to_it(ServiceProtocol protocol)
    {
        var service = ServiceTable.Of(protocol);
        var port = service.Port == 0 ? (ushort)5000 : service.Port;
        var target = CheckTarget.Service(DomainName.Parse("host.example"), port, protocol);

        foreach (var scheme in service.Schemes)
        {
            Assert.True(CheckTarget.TryParse(target.Text.Replace(service.Schemes[0] + "://", scheme.ToUpperInvariant() + "://", StringComparison.Ordinal), out var again, out var fault), fault);
            Assert.Equal((target.Name, target.Port, target.Protocol), (again.Name, again.Port, again.Protocol));
        }
    }

    [Theory, MemberData(nameof(Spoken))]
    public void TLS_is_started_by_a_word_or_comes_at_once(ServiceProtocol protocol)
    {
        var service = ServiceTable.Of(protocol);

        Assert.Equal(service.StartTls is null, service.Before is null);
        Assert.True(service.Before is null || service.Within is null);
        Assert.False(service.TurnTlsOn.EndsWith('.'));
    }

    [Fact]
    public void A_port_tells_the_service_that_most_mean_by_it()
    {
        Assert.Equal(ServiceProtocol.Https, ServiceProtocols.AtPort(443));
        Assert.Equal(ServiceProtocol.Smtp, ServiceProtocols.AtPort(25));
        Assert.Null(ServiceProtocols.AtPort(0));
        Assert.Null(ServiceProtocols.AtPort(8443));
    }

    [Fact]
    public void Names_are_read_in_whatever_case_and_lead_to_the_usual_service()
    {
        Assert.All(ServiceProtocols.Names, name => Assert.True(ServiceProtocols.TryParse(name.ToUpperInvariant(), out _)));
        Assert.All(ServiceProtocols.StartTlsNames, name => Assert.True(ServiceProtocols.TryParseStartTls(name.ToUpperInvariant(), out _)));
        Assert.True(ServiceProtocols.TryParseStartTls("smtp", out var smtp));
        Assert.Equal(ServiceProtocol.Smtp, smtp);
        Assert.False(ServiceProtocols.TryParseStartTls("imaps", out _));
        Assert.False(ServiceProtocols.TryParse("gopher", out _));
    }

    [Fact]
    public async Task A_protocol_without_a_row_is_refused_and_nobody_is_connected_to()
    {
        var connections = 0;
        var server = new LoopbackServer((_, _) =>
        {
            connections++;
            return Task.CompletedTask;
        });
        await using (server)
        {
            // Each that has a name has a row by now; a number that is none of them has not.
            foreach (var protocol in Enum.GetValues<ServiceProtocol>().Except(ServiceTable.All.Select(service => service.Protocol)).Append((ServiceProtocol)999))
            {
                await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await new TlsProber(new(), TimeProvider.System).ProbeAsync(server.Target(protocol), TestContext.Current.CancellationToken));
                Assert.Throws<ArgumentOutOfRangeException>(() => CheckTarget.Service(DomainName.Parse("host.example"), 4000, protocol));
            }
        }

        Assert.Equal(0, connections);
    }
}
