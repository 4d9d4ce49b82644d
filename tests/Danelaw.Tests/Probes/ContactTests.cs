using System.Net;
using Danelaw.Dns.Names;
using Danelaw.Probes;

namespace Danelaw.Tests.Probes;

/// <summary>Whom servers may write to is told where a protocol has a place for it, before the leave, and never decides anything.</summary>
public sealed class ContactTests
{
    [Theory]
    [InlineData(ServiceProtocol.Smtp, "S: 220 mx|C: EHLO probe.example|S: 250 mx|C: NOOP \"postmaster@example.org\"|S: 250 ok|C: QUIT|S: 221 bye")]
    [InlineData(ServiceProtocol.Smtp, "S: 220 mx|C: EHLO probe.example|S: 250 mx|C: NOOP \"postmaster@example.org\"|S: 501 no parameter allowed|C: QUIT|S: 221 bye")]
    [InlineData(ServiceProtocol.Submission, "S: 220 mx|C: EHLO probe.example|S: 250 mx|C: NOOP \"postmaster@example.org\"|S: 250 ok|C: QUIT|S: 221 bye")]
    [InlineData(ServiceProtocol.Lmtp, "S: 220 mx|C: LHLO probe.example|S: 250 mx|C: NOOP \"postmaster@example.org\"|S: 250 ok|C: QUIT|S: 221 bye")]
    [InlineData(ServiceProtocol.Imap, "S: * OK|C: a1 CAPABILITY|S: * CAPABILITY IMAP4rev1|S: a1 OK|C: a8 ID (\"support-url\" \"mailto:postmaster@example.org\")|S: * ID NIL|S: a8 OK|C: a9 LOGOUT|S: a9 OK")]
    [InlineData(ServiceProtocol.Imap, "S: * OK|C: a1 CAPABILITY|S: * CAPABILITY IMAP4rev1|S: a1 OK|C: a8 ID (\"support-url\" \"mailto:postmaster@example.org\")|S: a8 BAD unknown|C: a9 LOGOUT|S: a9 OK")]
    [InlineData(ServiceProtocol.Pop3, "S: +OK|C: CAPA|S: +OK|S: .|C: QUIT|S: +OK")]
    public async Task A_contact_is_told_before_the_leave_where_the_protocol_has_a_place_for_it(ServiceProtocol protocol, string script)
    {
        var server = new ScriptStream(script.Split('|'), Dribble.Whole);

        var seen = await ProbeAsync(server, protocol, "postmaster@example.org");

        Assert.Equal(ProbeOutcome.StartTlsNotOffered, seen.Outcome);
        Assert.True(server.IsDone);
    }

    [Fact]
    public async Task A_contact_that_is_a_URL_is_told_as_it_is()
    {
        var server = new ScriptStream("S: * OK|C: a1 CAPABILITY|S: * CAPABILITY IMAP4rev1|S: a1 OK|C: a8 ID (\"support-url\" \"https://example.org/checks\")|S: a8 OK|C: a9 LOGOUT|S: a9 OK".Split('|'), Dribble.Whole);

        await ProbeAsync(server, ServiceProtocol.Imap, "https://example.org/checks");

        Assert.True(server.IsDone);
    }

    [Theory]
    [InlineData("S: 220 mx|C: EHLO probe.example|S: 250 mx|C: NOOP \"postmaster@example.org\"|S: 421 enough|C: QUIT")]
    [InlineData("S: 220 mx|C: EHLO probe.example|S: 250 mx|C: NOOP \"postmaster@example.org\"")]
    public async Task A_server_that_goes_when_it_is_told_whom_to_write_to_has_said_all_before(string script)
    {
        var seen = await ProbeAsync(new ScriptStream(script.Split('|'), Dribble.Whole), ServiceProtocol.Smtp, "postmaster@example.org");

        Assert.Equal(ProbeOutcome.StartTlsNotOffered, seen.Outcome);
    }

    private static ValueTask<Observation> ProbeAsync(Stream server, ServiceProtocol protocol, string contact)
    {
        var endPoint = new IPEndPoint(IPAddress.Loopback, 25);
        return new TlsProber(new() { Contact = contact }, TimeProvider.System).ProbeAsync(server, new(endPoint, endPoint, protocol, DomainName.Parse("mx.example")), "probe.example", TestContext.Current.CancellationToken);
    }
}
