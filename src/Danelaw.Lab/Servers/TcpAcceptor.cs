using System.Net;
using System.Net.Sockets;

namespace Danelaw.Lab.Servers;

/// <summary>Takes connections on one address and port and serves each on its own until the lab closes.</summary>
internal sealed class TcpAcceptor : IAsyncDisposable
{
    private readonly Socket _socket;
    private readonly Func<Socket, CancellationToken, Task> _serve;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    private TcpAcceptor(Socket socket, Func<Socket, CancellationToken, Task> serve)
    {
        _socket = socket;
        _serve = serve;
        _loop = Task.Run(AcceptAsync);
    }

    /// <summary>Binds and begins to accept.</summary>
    /// <exception cref="SocketException">The address or port is not to be had.</exception>
    internal static TcpAcceptor Start(IPEndPoint endPoint, Func<Socket, CancellationToken, Task> serve)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(endPoint);
            socket.Listen();
            return new TcpAcceptor(socket, serve);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _socket.Dispose();
        await _loop.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var sessions = new List<Task>();
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                sessions.Add(ServeAsync(await _socket.AcceptAsync(_stop.Token).ConfigureAwait(false)));
                sessions.RemoveAll(session => session.IsCompleted);
            }
            catch (SocketException)
            {
                // That connection was gone before it was taken.
            }
            catch (Exception end) when (end is OperationCanceledException or ObjectDisposedException)
            {
                break;
            }
        }

        await Task.WhenAll(sessions).ConfigureAwait(false);
    }

    private async Task ServeAsync(Socket socket)
    {
        using (socket)
        {
            try
            {
                await Task.Run(() => _serve(socket, _stop.Token)).ConfigureAwait(false);
            }
            catch (Exception end) when (end is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // The other side has gone or was silent too long, or the lab closes.
            }
        }
    }
}
