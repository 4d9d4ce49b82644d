using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Records;

namespace Danelaw.HostileWorld;

/// <summary>An authoritative server at one address, over UDP and TCP.</summary>
internal sealed class Server : IDisposable
{
    private const int StraysPerReply = 2000;

    private readonly Socket _udp;
    private readonly TcpListener _tcp;
    private readonly IReadOnlyList<ServedZone> _zones;
    private int _queries;

    private Server(IPEndPoint local, IReadOnlyList<ServedZone> zones)
    {
        _zones = zones;
        Address = local.Address;
        _udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 4 << 20 };
        _udp.Bind(local);
        _tcp = new TcpListener(local);
        _tcp.Start();
    }

    internal IPAddress Address { get; }

    internal int Queries => Volatile.Read(ref _queries);

    internal static Server Start(IPEndPoint local, IReadOnlyList<ServedZone> zones)
    {
        var server = new Server(local, zones);
        _ = WatchAsync(server.ServeUdpAsync());
        _ = WatchAsync(server.ServeTcpAsync());
        return server;
    }

    /// <summary>A fault of this program must not look like one of the resolver.</summary>
    private static async Task WatchAsync(Task work)
    {
        try
        {
            await work;
        }
        catch (Exception fault)
        {
            Environment.FailFast(fault.ToString());
        }
    }

    public void Dispose()
    {
        _udp.Dispose();
        _tcp.Dispose();
    }

    private async Task ServeUdpAsync()
    {
        var buffer = new byte[65535];
        while (true)
        {
            try
            {
                var received = await _udp.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0));
                var octets = buffer.AsMemory(0, received.ReceivedBytes);
                if (TellQueries(octets) is { } told)
                {
                    await _udp.SendToAsync(told, received.RemoteEndPoint);
                    continue;
                }

                Interlocked.Increment(ref _queries);
                if (Find(octets) is not var (zone, query)) continue;
                if (zone.Conduct == Conduct.Silent) continue;
                var reply = zone.Conduct is Conduct.Drips or Conduct.Mute ? Truncated(query).Write() : zone.Conduct == Conduct.Noise ? Noise(query) : zone.Reply(query, isTcp: false);
                if (zone.Conduct == Conduct.Floods) await FloodAsync(reply, received.RemoteEndPoint);
                await _udp.SendToAsync(reply, received.RemoteEndPoint);
            }
            catch (SocketException)
            {
                // An asker that went away.
            }
        }
    }

    private async Task FloodAsync(byte[] reply, EndPoint asker)
    {
        var stray = reply.ToArray();
        for (var i = 1; i <= StraysPerReply; i++)
        {
            // Ids wrap; never the right one.
            BinaryPrimitives.WriteUInt16BigEndian(stray, unchecked((ushort)((reply[0] << 8) + reply[1] + i)));
            await _udp.SendToAsync(stray, asker);
        }
    }

    private async Task ServeTcpAsync()
    {
        while (true) _ = WatchAsync(AnswerTcpAsync(await _tcp.AcceptTcpClientAsync()));
    }

    private async Task AnswerTcpAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                var head = new byte[2];
                while (await stream.ReadAtLeastAsync(head, 2, throwOnEndOfStream: false) == 2)
                {
                    var octets = new byte[BinaryPrimitives.ReadUInt16BigEndian(head)];
                    await stream.ReadExactlyAsync(octets);
                    Interlocked.Increment(ref _queries);
                    if (Find(octets) is not var (zone, query)) return;
                    if (zone.Conduct is Conduct.Mute or Conduct.Silent) await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, CancellationToken.None);
                    var reply = zone.Reply(query, isTcp: true);
                    var framed = new byte[reply.Length + 2];
                    BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)reply.Length);
                    reply.CopyTo(framed, 2);
                    if (zone.Conduct != Conduct.Drips)
                    {
                        await stream.WriteAsync(framed);
                        continue;
                    }

                    foreach (var octet in framed)
                    {
                        await stream.WriteAsync(new[] { octet });
                        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
                    }
                }
            }
            catch (IOException)
            {
                // An asker that went away.
            }
        }
    }

    private byte[]? TellQueries(ReadOnlyMemory<byte> octets)
    {
        if (!DnsMessage.TryRead(octets, out var query, out _) || query.Questions is not [{ Type: RecordType.TXT } question] || !question.Name.Equals(Text.Name("queries."))) return null;
        var count = Text.Record("queries.", RecordType.TXT, Queries.ToString(CultureInfo.InvariantCulture));
        return new DnsMessage { Id = query.Id, Questions = query.Questions, Flags = MessageFlags.Response | MessageFlags.AuthoritativeAnswer, Answers = [count] }.Write();
    }

    private (ServedZone Zone, DnsMessage Query)? Find(ReadOnlyMemory<byte> octets)
    {
        if (!DnsMessage.TryRead(octets.ToArray(), out var query, out _) || query.Questions is not [var question]) return null;
        var best = _zones.Where(zone => question.Name.IsAtOrBelow(zone.Apex)).MaxBy(zone => zone.Apex.LabelCount);
        return best is null ? null : (best, query);
    }

    private static DnsMessage Truncated(DnsMessage query) => new() { Id = query.Id, Questions = query.Questions, Flags = MessageFlags.Response | MessageFlags.AuthoritativeAnswer | MessageFlags.Truncated };

    private static byte[] Noise(DnsMessage query)
    {
        var octets = new byte[1200];
        new Random(query.Id).NextBytes(octets);
        new DnsMessage { Id = query.Id, Questions = query.Questions, Flags = MessageFlags.Response | MessageFlags.AuthoritativeAnswer }.Write().AsSpan().CopyTo(octets);
        octets.AsSpan(6, 6).Fill(0xFF);
        return octets;
    }
}
