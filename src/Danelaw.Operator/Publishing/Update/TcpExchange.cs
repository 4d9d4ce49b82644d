using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Danelaw.Operator.Publishing.Update;

/// <summary>One message to a server over TCP, and its reply: an update is not sent by UDP, which may deliver it twice, or truncated.</summary>
internal static class TcpExchange
{
    /// <summary>Sends a message and reads the reply.</summary>
    /// <param name="server">The server.</param>
    /// <param name="message">The message, without the length before it (RFC 1035 §4.2.2).</param>
    /// <param name="limit">The time for all of it.</param>
    /// <param name="time">Measures it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The reply; or whether the message may have arrived all the same, and what went wrong, as a phrase.</returns>
    internal static async ValueTask<(byte[]? Reply, bool MayHaveArrived, string Fault)> SendAsync(IPEndPoint server, ReadOnlyMemory<byte> message, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        var isConnected = false;
        try
        {
            await socket.ConnectAsync(server, both.Token).ConfigureAwait(false);
            isConnected = true;
            using var stream = new NetworkStream(socket);
            var frame = new byte[2 + message.Length];
            BinaryPrimitives.WriteUInt16BigEndian(frame, (ushort)message.Length);
            message.CopyTo(frame.AsMemory(2));
            await stream.WriteAsync(frame, both.Token).ConfigureAwait(false);
            var length = new byte[2];
            await stream.ReadExactlyAsync(length, both.Token).ConfigureAwait(false);
            var reply = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
            await stream.ReadExactlyAsync(reply, both.Token).ConfigureAwait(false);
            return (reply, true, "");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, isConnected, $"{server} did not answer over TCP within {limit.TotalSeconds:0.#} s");
        }
        catch (OperationCanceledException)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (EndOfStreamException)
        {
            return (null, isConnected, $"{server} closed the connection without an answer");
        }
        catch (SocketException fault)
        {
            return (null, isConnected, $"{server} cannot be reached over TCP: {fault.SocketErrorCode switch { SocketError.ConnectionRefused => "connection refused", SocketError.NetworkUnreachable or SocketError.HostUnreachable => "no route to it", _ => fault.SocketErrorCode.ToString() }}");
        }
        catch (IOException)
        {
            return (null, isConnected, $"{server} broke the connection");
        }
    }
}
