using System.Net;
using CsCheck;
using Danelaw.Dns.Names;
using Danelaw.Fuzz.Targets;
using Danelaw.Probes;
using Danelaw.Probes.Dialogues;

namespace Danelaw.Tests.Probes;

/// <summary>The protocols of octets: LDAP, PostgreSQL, MySQL. What they say in order stands in <c>tests/Corpora/dialogues</c>.</summary>
public sealed class OctetDialogueTests
{
    private static readonly TlsProberOptions Options = new();

    /// <summary>An LDAP message that nobody asked for and nobody knows.</summary>
    private const string Unasked = "302102010078 1c0a010004000400 8a 13 312e332e362e312e342e312e33323437332e31";

    [Theory]
    [InlineData(ServiceProtocol.Ldap, "StartTLS: no whole reply in time")]
    [InlineData(ServiceProtocol.Postgres, "SSLRequest: no whole reply in time")]
    [InlineData(ServiceProtocol.Mysql, "greeting: no whole reply in time")]
    public async Task A_server_that_says_nothing_times_out(ServiceProtocol protocol, string detail)
    {
        var seen = await ProbeAsync(new HostileStream([], HostileEnd.Silent, TimeSpan.FromSeconds(1)), protocol);

        Assert.Equal((ProbeOutcome.TimedOut, detail), (seen.Outcome, seen.Detail));
    }

    [Theory]
    [InlineData(ServiceProtocol.Ldap, "30820fa0")]
    [InlineData(ServiceProtocol.Mysql, "a00f0000")]
    public async Task A_message_that_drips_octet_by_octet_is_cut_off_by_the_time_of_the_whole(ServiceProtocol protocol, string start)
    {
        var stream = new HostileStream([.. Octets(start), .. new byte[4000]], HostileEnd.Closed, TimeSpan.FromSeconds(1));

        var seen = await ProbeAsync(stream, protocol);

        Assert.Equal((ProbeOutcome.TimedOut, 11), (seen.Outcome, stream.Given));
    }

    [Fact, Rfc(4511, "4.4")]
    public async Task Endless_messages_that_nobody_asked_for_are_cut_off()
    {
        var message = Octets(Unasked);
        var stream = new HostileStream([.. Enumerable.Repeat(message, 20_000).SelectMany(octets => octets)], HostileEnd.Closed, TimeSpan.Zero);

        var seen = await ProbeAsync(stream, ServiceProtocol.Ldap);

        Assert.Equal((ProbeOutcome.ProtocolError, "StartTLS: the server sent more than the limit"), (seen.Outcome, seen.Detail));
        Assert.InRange(stream.Given, Options.MaximumLines * message.Length, (Options.MaximumLines * message.Length) + 4096);
    }

    [Fact]
    public async Task Endless_words_of_an_error_are_cut_off()
    {
        var octets = new byte[10_000_000];
        octets.AsSpan().Fill((byte)'x');
        octets[0] = (byte)'E';
        var stream = new HostileStream(octets, HostileEnd.Closed, TimeSpan.Zero);

        var seen = await ProbeAsync(stream, ServiceProtocol.Postgres);

        Assert.Equal((ProbeOutcome.StartTlsRefused, 301), (seen.Outcome, seen.Detail.Length));
        Assert.InRange(stream.Given, PostgresError.MaximumLength, PostgresError.MaximumLength + 4096);
    }

    [Theory]
    [InlineData(ServiceProtocol.Ldap, "3084ffffffff")]
    [InlineData(ServiceProtocol.Ldap, "308400989680")]
    [InlineData(ServiceProtocol.Mysql, "ffffff00")]
    public async Task A_message_of_megabytes_is_not_begun(ServiceProtocol protocol, string start)
    {
        var stream = new HostileStream([.. Octets(start), .. new byte[10_000_000]], HostileEnd.Closed, TimeSpan.Zero);

        var seen = await ProbeAsync(stream, protocol);

        Assert.Equal(ProbeOutcome.ProtocolError, seen.Outcome);
        Assert.EndsWith(": the server sent more than the limit", seen.Detail, StringComparison.Ordinal);
        Assert.InRange(stream.Given, 1, 4096);
    }

    [Fact]
    public async Task Room_is_made_only_for_what_has_come()
    {
        using var channel = new LineChannel(new MemoryStream([1, 2, 3]), Options, TimeProvider.System, CancellationToken.None);
        await channel.ReadExactlyAsync(1);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var (end, octets) = await channel.ReadExactlyAsync(Options.MaximumOctets);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Options.MaximumOctets / 4);
        Assert.Equal(LineEnd.Closed, end);
        Assert.Equal([2, 3], octets);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(65537)]
    [InlineData(int.MaxValue)]
    public async Task More_octets_than_the_limit_are_not_waited_for(int count)
    {
        using var channel = new LineChannel(new MemoryStream(new byte[100_000]), Options, TimeProvider.System, CancellationToken.None);

        Assert.Equal(LineEnd.TooLong, (await channel.ReadExactlyAsync(count)).End);
        Assert.True(channel.Unread.IsEmpty);
    }

    [Fact]
    public async Task The_transcript_has_the_octets_of_both_sides()
    {
        var seen = await ProbeAsync(new ScriptStream(DialogueScript.Load("ldap-busy").Lines, Dribble.ByByte), ServiceProtocol.Ldap);

        Assert.Equal(
            [
                "C: StartTLS, 31 octets: 301d02010177188016312e332e362e312e342e312e313436362e3230303337",
                "S: message, 14 octets: 300c02010178070a013304000400",
                "C: Unbind, 7 octets: 30050201024200",
            ],
            seen.Transcript);
    }

    [Fact]
    public void Whatever_octets_come_the_readers_answer_and_never_throw() => Gen.Byte.Array[0, 80].Sample(octets =>
    {
        Read(octets);
        return true;
    });

    [Fact]
    public void Whatever_octets_of_a_message_are_altered_the_readers_answer_and_never_throw()
    {
        byte[][] messages = [.. DialogueScript.Names.Select(DialogueScript.Load).SelectMany(script => script.Lines).Where(line => line.StartsWith("S<", StringComparison.Ordinal)).Select(ScriptOctets.Of)];
        Assert.True(messages.Length > 40);
        Gen.Select(Gen.Int[0, messages.Length - 1], Gen.Select(Gen.Int[0, 400], Gen.Byte).Array[1, 4]).Sample((which, changes) =>
        {
            byte[] octets = [.. messages[which]];
            foreach (var (at, octet) in changes) octets[at % octets.Length] = octet;
            Read(octets);
            return true;
        });
    }

    private static void Read(ReadOnlySpan<byte> octets)
    {
        LdapReply.TryRead(octets, out _);
        PostgresError.TextOf(octets);
        var payload = octets[Math.Min(octets.Length, MysqlGreeting.HeaderLength)..];
        MysqlGreeting.TryRead(payload, out _);
        MysqlGreeting.ErrorOf(payload);
    }

    private static byte[] Octets(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

    private static async Task<Observation> ProbeAsync(Stream stream, ServiceProtocol protocol)
    {
        var endPoint = new IPEndPoint(IPAddress.Loopback, 25);
        var time = stream is HostileStream hostile ? hostile.Clock : TimeProvider.System;
        using var total = new CancellationTokenSource(Options.TotalTime, time);
        return await new TlsProber(Options, time).ProbeAsync(stream, new(endPoint, endPoint, protocol, DomainName.Parse("host.example")), "probe.example", total.Token);
    }
}
