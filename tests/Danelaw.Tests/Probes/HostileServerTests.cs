using System.Net;
using System.Net.Sockets;
using System.Text;
using Danelaw.Dns.Names;
using Danelaw.Probes;
using Microsoft.Extensions.Time.Testing;

namespace Danelaw.Tests.Probes;

/// <summary>Servers that drip, flood and stall, over a clock that only they move.</summary>
public sealed class HostileServerTests
{
    /// <summary>Only so that a limit which is gone fails a test and does not hang it.</summary>
    private static readonly TimeSpan AtMost = TimeSpan.FromSeconds(20);

    private const string XmppFeatures = "<stream:stream xmlns:stream='http://etherx.jabber.org/streams' version='1.0'><stream:features>";

    private static readonly TlsProberOptions Options = new() { HelloName = "probe.example" };

    [Fact]
    public async Task A_server_that_says_nothing_times_out()
    {
        var seen = await ProbeAsync(new HostileStream([], HostileEnd.Silent, TimeSpan.FromSeconds(1)));

        Assert.Equal((ProbeOutcome.TimedOut, "greeting: no whole reply in time"), (seen.Outcome, seen.Detail));
    }

    [Fact]
    public async Task A_reply_that_drips_octet_by_octet_is_cut_off_by_the_time_of_the_whole_reply()
    {
        var stream = new HostileStream(Encoding.ASCII.GetBytes("220 " + new string('x', 4000) + "\r\n"), HostileEnd.Closed, TimeSpan.FromSeconds(1));

        var seen = await ProbeAsync(stream);

        Assert.Equal(ProbeOutcome.TimedOut, seen.Outcome);
        Assert.Equal(11, stream.Given);
    }

    [Fact]
    public async Task The_time_for_the_whole_probe_ends_many_slow_replies()
    {
        // Every reply is in time for itself: eleven seconds each.
        var script = new[] { "220 mx\r\n", "250-mx\r\n250 STARTTLS\r\n", "220 go\r\n" };
        var stream = new HostileStream([.. script.Select(Encoding.ASCII.GetBytes)], TimeSpan.FromSeconds(11));

        var seen = await ProbeAsync(stream);

        Assert.Equal((ProbeOutcome.TimedOut, "STARTTLS: no whole reply in time"), (seen.Outcome, seen.Detail));
    }

    [Theory]
    [InlineData(ServiceProtocol.Smtp, "220-spam and more spam\r\n")]
    [InlineData(ServiceProtocol.Imap, "* OK hello\r\n")]
    [InlineData(ServiceProtocol.Pop3, "+OK hello\r\n")]
    [InlineData(ServiceProtocol.Sieve, "\"SPAM\"\r\n")]
    [InlineData(ServiceProtocol.Lmtp, "250-spam\r\n", "220 mx\r\n")]
    [InlineData(ServiceProtocol.Ftp, "220-spam\r\n")]
    [InlineData(ServiceProtocol.Ftp, " SPAM\r\n", "220 ready\r\n211-Features:\r\n")]
    [InlineData(ServiceProtocol.Nntp, "SPAM\r\n", "200 ready\r\n101 list\r\n")]
    [InlineData(ServiceProtocol.Irc, "NOTICE * :spam\r\n")]
    [InlineData(ServiceProtocol.Irc, "PING :spam\r\n")]
    [InlineData(ServiceProtocol.Irc, ":irc.example CAP * LS * :spam\r\n")]
    [InlineData(ServiceProtocol.XmppClient, " ")]
    [InlineData(ServiceProtocol.XmppClient, "<a>", XmppFeatures)]
    [InlineData(ServiceProtocol.XmppServer, "<a xmlns='urn:spam'>spam</a>", XmppFeatures)]
    public async Task Endless_lines_are_cut_off(ServiceProtocol protocol, string line, string before = "")
    {
        var stream = new HostileStream(Encoding.ASCII.GetBytes(before + string.Concat(Enumerable.Repeat(line, 100_000))), HostileEnd.Closed, TimeSpan.Zero);

        var seen = await ProbeAsync(stream, protocol);

        Assert.Equal(ProbeOutcome.ProtocolError, seen.Outcome);
        Assert.InRange(stream.Given, 1, Options.MaximumOctets + 4096);
    }

    [Fact]
    public async Task A_reply_of_long_lines_is_cut_off_by_its_octets()
    {
        // A hundred lines are allowed, and none is too long; together they are.
        var line = "220-" + new string('x', 2000) + "\r\n";
        var stream = new HostileStream(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(line, 100)) + "220 mx\r\n"), HostileEnd.Closed, TimeSpan.Zero);

        var seen = await ProbeAsync(stream);

        Assert.Equal(ProbeOutcome.ProtocolError, seen.Outcome);
        Assert.InRange(stream.Given, 1, Options.MaximumOctets + 4096);
    }

    [Theory]
    [InlineData(ServiceProtocol.Smtp, "220 ")]
    [InlineData(ServiceProtocol.Imap, "* OK ")]
    [InlineData(ServiceProtocol.Pop3, "+OK ")]
    [InlineData(ServiceProtocol.Sieve, "\"")]
    [InlineData(ServiceProtocol.Lmtp, "220 ")]
    [InlineData(ServiceProtocol.Ftp, "220-")]
    [InlineData(ServiceProtocol.Nntp, "200 ")]
    [InlineData(ServiceProtocol.Irc, ":irc.example CAP * LS :")]
    [InlineData(ServiceProtocol.XmppClient, "<")]
    [InlineData(ServiceProtocol.XmppClient, "<stream:stream from='")]
    [InlineData(ServiceProtocol.XmppServer, XmppFeatures)]
    [InlineData(ServiceProtocol.XmppServer, XmppFeatures + "<![CDATA[")]
    public async Task A_line_of_ten_megabytes_is_cut_off(ServiceProtocol protocol, string start)
    {
        var octets = new byte[10_000_000];
        octets.AsSpan().Fill((byte)'x');
        Encoding.ASCII.GetBytes(start).CopyTo(octets, 0);
        var stream = new HostileStream(octets, HostileEnd.Closed, TimeSpan.Zero);

        var seen = await ProbeAsync(stream, protocol);

        Assert.Equal(ProbeOutcome.ProtocolError, seen.Outcome);
        Assert.InRange(stream.Given, 1, Options.MaximumLine + 4096);
    }

    [Fact]
    public async Task A_server_that_stalls_in_the_handshake_is_told_by_the_handshake_s_own_limit()
    {
        var stream = new HostileStream([.. new[] { "220 mx\r\n", "250-mx\r\n250 STARTTLS\r\n", "220 go\r\n" }.Select(Encoding.ASCII.GetBytes)], TimeSpan.Zero, HostileEnd.Silent, TimeSpan.FromSeconds(1));

        var begun = stream.Clock.GetUtcNow();
        var seen = await ProbeAsync(stream);

        Assert.Equal((ProbeOutcome.HandshakeInterrupted, Options.HandshakeTime), (seen.Outcome, stream.Clock.GetUtcNow() - begun));
    }

    [Fact]
    public async Task The_time_for_the_whole_probe_counts_from_the_connection()
    {
        var accepted = new TaskCompletionSource();
        var clock = new FakeTimeProvider();
        await using var server = new LoopbackServer(async (stream, _) =>
        {
            accepted.SetResult();
            await stream.ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false);
        });

        var probing = new TlsProber(Options with { TotalTime = TimeSpan.FromSeconds(5) }, clock).ProbeAsync(server.Target(ServiceProtocol.Smtp), TestContext.Current.CancellationToken).AsTask();
        await accepted.Task;
        clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(ProbeOutcome.TimedOut, (await probing.WaitAsync(AtMost, TimeProvider.System, TestContext.Current.CancellationToken)).Outcome);
    }

    [Fact]
    public async Task Words_are_cut_to_a_few_hundred_characters()
    {
        var seen = await ProbeAsync(new HostileStream(Encoding.ASCII.GetBytes("554 " + new string('x', 5000) + "\r\n"), HostileEnd.Closed, TimeSpan.Zero));

        Assert.Equal(ProbeOutcome.GreetingRefused, seen.Outcome);
        Assert.InRange(seen.Detail.Length, 100, 301);
        Assert.All(seen.Transcript, line => Assert.InRange(line.Length, 1, 204));
    }

    [Fact]
    public async Task A_connection_that_is_never_accepted_times_out()
    {
        // The queue of a listener that accepts nobody is full; what comes then is left without an answer.
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        using var first = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await first.ConnectAsync(listener.LocalEndPoint!, TestContext.Current.CancellationToken);
        var clock = new FakeTimeProvider();

        var probing = new TlsProber(Options, clock).ProbeAsync(new(new(IPAddress.Loopback, 25), (IPEndPoint)listener.LocalEndPoint!, ServiceProtocol.Smtp, DomainName.Parse("mx.example")), TestContext.Current.CancellationToken);
        clock.Advance(Options.ConnectTime);

        Assert.Equal(ProbeOutcome.TimedOut, (await probing.AsTask().WaitAsync(AtMost, TimeProvider.System, TestContext.Current.CancellationToken)).Outcome);
    }

    private static async Task<Observation> ProbeAsync(HostileStream stream, ServiceProtocol protocol = ServiceProtocol.Smtp)
    {
        var endPoint = new IPEndPoint(IPAddress.Loopback, 25);
        using var total = new CancellationTokenSource(Options.TotalTime, stream.Clock);
        return await new TlsProber(Options, stream.Clock).ProbeAsync(stream, new(endPoint, endPoint, protocol, DomainName.Parse("mx.example")), "probe.example", total.Token);
    }
}
