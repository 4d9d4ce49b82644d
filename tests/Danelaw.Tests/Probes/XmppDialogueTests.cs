using System.Net;
using Danelaw.Dns.Names;
using Danelaw.Fuzz.Targets;
using Danelaw.Probes;

namespace Danelaw.Tests.Probes;

/// <summary>Whom a stream is said to be for; the rest of the dialogue stands in scripts.</summary>
public sealed class XmppDialogueTests
{
    [Theory, Rfc(6120, "4.7.2"), Rfc(7622, "3.2.1")]
    [InlineData(ServiceProtocol.XmppClient, "jabber:client", "example.org", "\"example.org\"")]
    [InlineData(ServiceProtocol.XmppServer, "jabber:server", "example.org", "\"example.org\"")]
    [InlineData(ServiceProtocol.XmppServer, "jabber:server", null, "\"host.example\"")]
    [InlineData(ServiceProtocol.XmppClient, "jabber:client", "xn--bcher-kva.example", "\"b\" c3 bc \"cher.example\"")]
    [InlineData(ServiceProtocol.XmppClient, "jabber:client", "xn--zz--.example", "\"xn--zz--.example\"")]
    [InlineData(ServiceProtocol.XmppClient, "jabber:client", "a'b<c&d.example", "\"a&apos;b&lt;c&amp;d.example\"")]
    [InlineData(ServiceProtocol.XmppClient, "jabber:client", ".", "\".\"")]
    public async Task A_stream_is_for_the_domain_that_is_served_in_its_own_letters(ServiceProtocol protocol, string content, string? domain, string to)
    {
        var server = new ScriptStream(
            [$"C< \"<?xml version='1.0'?><stream:stream xmlns='{content}' xmlns:stream='http://etherx.jabber.org/streams' to='\" {to} \"' version='1.0'>\"", "X"], Dribble.Whole);
        var endPoint = new IPEndPoint(IPAddress.Loopback, 5222);
        var target = new ProbeTarget(endPoint, endPoint, protocol, DomainName.Parse("host.example")) { ServiceName = domain is null ? null : DomainName.Parse(domain) };

        var seen = await new TlsProber(new(), TimeProvider.System).ProbeAsync(server, target, "probe.example", TestContext.Current.CancellationToken);

        Assert.Equal((ProbeOutcome.Closed, 1), (seen.Outcome, seen.Transcript.Length));
    }

    [Theory]
    [InlineData('<')]
    [InlineData('>')]
    [InlineData('/')]
    [InlineData('\'')]
    [InlineData('=')]
    [InlineData('!')]
    [InlineData(':')]
    [InlineData(' ')]
    [InlineData('\0')]
    [InlineData('\u00ff')]
    public async Task A_stream_with_any_octet_altered_is_an_outcome(char altered)
    {
        var octets = DialogueScript.Load("xmpp-optional").Lines.Where(line => line[0] == 'S').SelectMany(ScriptOctets.Of).ToArray();
        for (var i = 0; i < octets.Length; i++)
        {
            var spoilt = (byte[])octets.Clone();
            spoilt[i] = (byte)altered;
            var endPoint = new IPEndPoint(IPAddress.Loopback, 5222);

            var seen = await new TlsProber(new(), TimeProvider.System).ProbeAsync(
                new HostileStream(spoilt, HostileEnd.Closed, TimeSpan.Zero), new(endPoint, endPoint, ServiceProtocol.XmppClient, DomainName.Parse("mx.example")), "probe.example", TestContext.Current.CancellationToken);

            Assert.NotEqual(ProbeOutcome.None, seen.Outcome);
            Assert.NotEqual(ProbeOutcome.Completed, seen.Outcome);
        }
    }
}
