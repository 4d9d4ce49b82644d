using System.Net;
using Danelaw.Dns.Names;
using Danelaw.Probes;

namespace Danelaw.Tests.Probes;

public sealed class DialogueTests
{
    private static readonly TlsProber Prober = new(new TlsProberOptions { HelloName = "probe.example" }, TimeProvider.System);

    public static TheoryData<string, Dribble> Scripts
    {
        get
        {
            var rows = new TheoryData<string, Dribble>();
            foreach (var name in DialogueScript.Names)
                foreach (var dribble in Enum.GetValues<Dribble>()) rows.Add(name, dribble);
            return rows;
        }
    }

    public static TheoryData<string> Names => [.. DialogueScript.Names];

    [Theory, MemberData(nameof(Scripts))]
    [Rfc(3207, "4"), Rfc(9051, "6.2.1"), Rfc(2595, "4"), Rfc(5804, "2.2"), Rfc(2033, "4.1"), Rfc(959, "4.2"), Rfc(2389, "3"), Rfc(4217, "4"), Rfc(3977, "3.4.2"), Rfc(4642, "2.2.1"), Rfc(2812, "2.3"), Rfc(4511, "4.14"), Rfc(4511, "4.4"), Rfc(4511, "5.1"), Rfc(6120, "5")]
    public async Task A_dialogue_ends_as_its_script_says_however_its_octets_arrive(string name, Dribble dribble)
    {
        var script = DialogueScript.Load(name);
        var server = new ScriptStream(script.Lines, dribble);

        var seen = await ProbeAsync(server, script.Protocol);

        Assert.Equal(script.Expected, server.SawClientHello && seen.Outcome == ProbeOutcome.HandshakeInterrupted ? "TLS" : seen.Outcome.ToString());
        Assert.Contains(script.Detail, seen.Detail, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Names))]
    public async Task A_dialogue_cut_at_any_octet_never_throws_and_never_reaches_TLS_before_consent(string name)
    {
        var script = DialogueScript.Load(name);
        var length = ScriptStream.LengthOf(script.Lines);
        for (var cut = 0; cut < length; cut++)
        {
            var server = new ScriptStream(script.Lines, Dribble.Whole, cut);

            var seen = await ProbeAsync(server, script.Protocol);

            Assert.NotEqual(ProbeOutcome.None, seen.Outcome);
            Assert.NotEqual(ProbeOutcome.Completed, seen.Outcome);
            Assert.False(server.SawClientHello && script.Expected == "TLS", $"TLS began when only {cut} of {length} octets had come");
        }
    }

    [Fact]
    public async Task The_transcript_keeps_both_sides_in_order()
    {
        var script = DialogueScript.Load("smtp-starttls-454");

        var seen = await ProbeAsync(new ScriptStream(script.Lines, Dribble.ByByte), script.Protocol);

        Assert.Equal(script.Lines, seen.Transcript);
    }

    [Theory]
    [InlineData("DATA")]
    [InlineData("MAIL")]
    [InlineData("RCPT")]
    [InlineData("AUTH")]
    [InlineData("LOGIN")]
    [InlineData("USER")]
    [InlineData("NICK")]
    [InlineData("PASS")]
    [InlineData("POST")]
    [InlineData("JOIN")]
    public void No_dialogue_begins_a_transaction_or_a_login(string verb)
    {
        var sources = Directory.GetFiles(Path.Combine(Repository.Root, "src", "Danelaw", "Probes", "Dialogues"), "*.cs");

        Assert.NotEmpty(sources);
        // RFC 4217 §4: in FTP, AUTH TLS is what STARTTLS is elsewhere; and what is looked for in a reply is not said.
        Assert.DoesNotContain(sources, path => File.ReadAllText(path)
            .Replace("\"AUTH TLS\"", "", StringComparison.Ordinal)
            .Replace("StartsWith(\"AUTH \"", "", StringComparison.Ordinal)
            .Contains($"\"{verb}", StringComparison.Ordinal));
    }

    private static ValueTask<Observation> ProbeAsync(Stream server, ServiceProtocol protocol)
    {
        var endPoint = new IPEndPoint(IPAddress.Loopback, 25);
        return Prober.ProbeAsync(server, new(endPoint, endPoint, protocol, DomainName.Parse("mx.example")), "probe.example", TestContext.Current.CancellationToken);
    }
}
