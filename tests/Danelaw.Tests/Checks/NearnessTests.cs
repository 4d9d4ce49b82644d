using Danelaw.Checks;
using Danelaw.Probes;

namespace Danelaw.Tests.Checks;

/// <summary>What is said of a host with which no TLS came about: a closed port, a silent server and one that speaks are told apart.</summary>
public sealed class NearnessTests
{
    [Theory]
    [InlineData(ProbeOutcome.Refused, "connection refused", "no address of the host takes a connection from here", "connection refused")]
    [InlineData(ProbeOutcome.Refused, "no route to this host", "no address of the host takes a connection from here", "no route to this host")]
    [InlineData(ProbeOutcome.TimedOut, "no connection in time", "no address of the host takes a connection from here", "no connection in time")]
    [InlineData(ProbeOutcome.TimedOut, "greeting: no whole reply in time", "the host takes connections and says nothing", "connected, but it says nothing (greeting: no whole reply in time)")]
    [InlineData(ProbeOutcome.Closed, "greeting: the server closed the connection", "the host takes connections and says nothing", "connected, but it hangs up without a word (greeting: the server closed the connection)")]
    [InlineData(ProbeOutcome.TimedOut, "EHLO: no whole reply in time", "the host speaks, and no TLS comes about with it", "it speaks and then falls silent (EHLO: no whole reply in time)", "S: 220 mx ESMTP")]
    [InlineData(ProbeOutcome.Closed, "421 going down", "the host speaks, and no TLS comes about with it", "it speaks and then hangs up (421 going down)", "S: 220 mx ESMTP")]
    [InlineData(ProbeOutcome.GreetingRefused, "554 go away", "the host speaks, and no TLS comes about with it", "it does not want to talk to us (554 go away)")]
    public async Task What_happened_is_said_of_the_host_and_of_its_address(ProbeOutcome outcome, string detail, string sender, string words, params string[] transcript)
    {
        var report = await World.Sound().Serve("192.0.2.1", 25, KeyAlgorithm.Any, target => new() { Target = target, Outcome = outcome, Detail = detail, Transcript = [.. transcript] }).CheckAsync("example.org");

        Assert.StartsWith(sender + ": ", report.Hosts[0].Sender.Text, StringComparison.Ordinal);
        Assert.Equal($"No address of mx.example.org could be tested from here: {words}.", report.Explanation);
        Assert.Contains($"could not be tested: {words}. That says nothing of its certificate.", Assert.Single(report.Findings, finding => finding.Code == FindingCodes.TlsUntested).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no connection in time", "many block port 25 going out")]
    [InlineData("greeting: no whole reply in time", "The port is open")]
    public async Task A_port_that_took_the_connection_is_not_called_blocked(string detail, string mend)
    {
        var report = await World.Sound().Refuse("192.0.2.1", ProbeOutcome.TimedOut, detail: detail).CheckAsync("example.org");

        Assert.Contains(mend, Assert.Single(report.Findings, finding => finding.Code == FindingCodes.TlsUntested).Mend, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_route_to_a_host_is_not_mended_by_letting_it_listen()
    {
        var report = await World.Sound().Refuse("192.0.2.1", ProbeOutcome.Refused, detail: "no route to this host").CheckAsync("example.org");

        Assert.StartsWith("Look whether the machine is up", Assert.Single(report.Findings, finding => finding.Code == FindingCodes.TlsUntested).Mend, StringComparison.Ordinal);
    }
}
