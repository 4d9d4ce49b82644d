using System.Net;
using System.Net.Sockets;
using Danelaw.Dns.Transports;

namespace Danelaw.Dns.Tests.Transports;

/// <summary>The same over the sockets that every system has.</summary>
public sealed class OrdinaryDatagramTests : DatagramTests
{
    private protected override DatagramSockets Sockets => new OrdinarySockets();
}

/// <inheritdoc cref="OrdinaryDatagramTests"/>
public sealed class OrdinaryCookieTests : CookieTests
{
    private protected override DatagramSockets Sockets => new OrdinarySockets();
}

/// <summary>What only the sockets that one thread waits for have to keep.</summary>
public sealed class PolledSocketTests : TransportTest
{
    [Fact]
    public void On_Linux_they_are_taken() => Assert.Equal(OperatingSystem.IsLinux(), DatagramSockets.Best() is PolledSockets);

    [Fact]
    public async Task The_thread_may_end_between_any_two_queries()
    {
        if (!OperatingSystem.IsLinux()) return;
        await using var server = new LoopbackServer(asked => asked.SendAsync(asked.Reply(7)));
        await using var transport = new DnsTransport(Patient, TimeProvider.System, new PolledSockets(lingerTime: 0));
        for (var i = 0; i < 200; i++) Assert.Equal(7, Last(await transport.ExchangeAsync(Ask(server), Token)));
    }

    [Fact]
    public async Task Very_many_queries_at_once_get_each_its_own_reply()
    {
        await using var server = new LoopbackServer(asked => asked.SendAsync(asked.Reply(asked.Question[2])));

        // The server's socket does not hold so many unread, and drops the rest where its process has to wait.
        await using var transport = new DnsTransport(Patient with { Timeout = TimeSpan.FromSeconds(10), Tries = 6 }, TimeProvider.System, Sockets);
        var letters = Enumerable.Range(0, 520).Select(i => (char)('a' + (i % 26))).ToArray();
        var exchanges = await Task.WhenAll(letters.Select(letter => transport.ExchangeAsync(Ask(server, name: $"m{letter}il.example."), Token).AsTask()));
        Assert.Equal(letters.Select(letter => (byte)letter), exchanges.Select(Last));
    }

    [Fact]
    public async Task Waits_that_are_cancelled_while_replies_come_leave_nothing_behind()
    {
        var sockets = Sockets;
        using var silent = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var endPoint = (IPEndPoint)silent.Client.LocalEndPoint!;
        for (var i = 0; i < 300; i++)
        {
            using var end = new CancellationTokenSource();
            using var socket = sockets.Open(endPoint);
            await socket.SendAsync(new byte[] { 1, 2, 3 }, Token);
            var asked = await silent.ReceiveAsync(Token);
            var buffer = new byte[16];
            var wait = socket.ReceiveAsync(buffer, end.Token).AsTask();
            var cancelled = Task.Run(end.Cancel, Token);
            if (i % 2 == 0) await silent.SendAsync(new byte[] { 4, 5 }, asked.RemoteEndPoint, Token);
            await cancelled;

            // Either came first; the one token is the caller's, and the next wait, with another, gets what was not read.
            var isRead = false;
            try
            {
                Assert.Equal(2, await wait);
                isRead = true;
            }
            catch (OperationCanceledException fault)
            {
                Assert.Equal(end.Token, fault.CancellationToken);
            }

            if (isRead || i % 2 != 0) await silent.SendAsync(new byte[] { 4, 5 }, asked.RemoteEndPoint, Token);
            Assert.Equal(2, await socket.ReceiveAsync(buffer, Token));
        }
    }

    [Fact]
    public async Task A_closed_port_is_told_as_such_and_a_place_that_is_taken_anew_hears_nothing_of_it()
    {
        var sockets = Sockets;
        var closed = new IPEndPoint(IPAddress.Loopback, FreePort());
        await using var server = new LoopbackServer(asked => asked.SendAsync(asked.Reply(7)));
        for (var i = 0; i < 50; i++)
        {
            using (var socket = sockets.Open(closed))
            {
                await socket.SendAsync(new byte[] { 1 }, Token);
                if (i % 2 == 0) Assert.Equal(SocketError.ConnectionRefused, (await Assert.ThrowsAsync<SocketException>(async () => await socket.ReceiveAsync(new byte[1], Token))).SocketErrorCode);
            }

            await using var transport = new DnsTransport(Patient, TimeProvider.System, sockets);
            Assert.Equal(7, Last(await transport.ExchangeAsync(Ask(server), Token)));
        }
    }

    private static int FreePort()
    {
        using var socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.Client.LocalEndPoint!).Port;
    }
}
