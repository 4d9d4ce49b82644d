using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Threading.Tasks.Sources;

namespace Danelaw.Dns.Transports;

/// <summary>
/// Sockets of Linux that one thread waits for by epoll: seven system calls a query, where .NET's take eleven and ten objects. What comes in is read and gone on with on the thread pool. The thread
/// starts with the first query and ends when there has been none for a while.
/// </summary>
/// <param name="lingerTime">Milliseconds without any socket after which the thread ends.</param>
[SupportedOSPlatform("linux")]
internal sealed class PolledSockets(int lingerTime = 2000) : DatagramSockets
{
    private const int EventsAtOnce = 64;

    private readonly Lock _lock = new();
    private readonly Stack<int> _free = new();
    private Place[] _places = new Place[64];
    private int _used;
    private int _open;
    private Libc.Descriptor? _poll;
    private bool _isRunning;

    /// <inheritdoc/>
    internal override DatagramSocket Open(IPEndPoint server)
    {
        var descriptor = Libc.OpenDatagram(server.AddressFamily);
        try
        {
            Libc.Connect(descriptor, server);
            return Enter(descriptor);
        }
        catch (SocketException)
        {
            descriptor.Dispose();
            throw;
        }
    }

    private Polled Enter(Libc.Descriptor descriptor)
    {
        lock (_lock)
        {
            var poll = _poll ??= Libc.OpenPoll();
            if (!_free.TryPop(out var at))
            {
                at = _used++;
                if (at == _places.Length) Array.Resize(ref _places, at * 2);
            }

            // Events bear the number of the place and how often it has been taken: one that comes too late wakes nobody.
            ref var place = ref _places[at];
            place.Turn = unchecked(place.Turn + 1);
            var made = new Polled(this, poll, descriptor, ((ulong)place.Turn << 32) | (uint)at);
            place.Socket = made;
            _open++;
            if (!_isRunning)
            {
                _isRunning = true;
                new Thread(() => Run(poll)) { IsBackground = true, Name = "Danelaw UDP" }.Start();
            }

            return made;
        }
    }

    private void Leave(ulong number)
    {
        lock (_lock)
        {
            _places[PlaceOf(number)].Socket = null;
            _free.Push(PlaceOf(number));
            _open--;
        }
    }

    private static int PlaceOf(ulong number) => (int)(number & int.MaxValue);

    private Polled? Find(ulong number)
    {
        lock (_lock)
        {
            var place = _places[PlaceOf(number)];
            return place.Turn == (uint)(number >> 32) ? place.Socket : null;
        }
    }

    private void Run(Libc.Descriptor poll)
    {
        var (size, dataAt) = Libc.Event;
        Span<byte> events = stackalloc byte[EventsAtOnce * size];
        while (true)
        {
            var count = Libc.Wait(poll, events, lingerTime);
            for (var i = 0; i < count; i++) Find(MemoryMarshal.Read<ulong>(events[((i * size) + dataAt)..]))?.Wake();
            if (count > 0) continue;
            lock (_lock)
            {
                if (_open > 0) continue;
                _isRunning = false;
                return;
            }
        }
    }

    private struct Place
    {
        internal Polled? Socket;
        internal uint Turn;
    }

    private sealed class Polled(PolledSockets sockets, Libc.Descriptor poll, Libc.Descriptor descriptor, ulong number) : DatagramSocket, IValueTaskSource<int>, IThreadPoolWorkItem
    {
        /// <summary>Who wakes the waiting one is settled in one step, from <see cref="Waiting"/> to one of the other two.</summary>
        private const int Idle = 0, Waiting = 1, HasEvent = 2, IsCancelled = 3;

        private ManualResetValueTaskSourceCore<int> _source;
        private CancellationTokenRegistration _registration;
        private CancellationToken _cancellationToken;
        private Memory<byte> _buffer;
        private int _state;
        private bool _isWatched;
        private bool _isClosed;

        internal override IPAddress LocalAddress => Libc.LocalAddress(descriptor);

        internal override ValueTask SendAsync(ReadOnlyMemory<byte> octets, CancellationToken cancellationToken)
        {
            Libc.Send(descriptor, octets.Span);
            return ValueTask.CompletedTask;
        }

        internal override ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();

            // Right after the query nothing can have come; behind a datagram that did not fit the next may stand.
            if (_isWatched && Libc.Receive(descriptor, buffer.Span) is >= 0 and var received) return new(received);
            _source.Reset();
            (_buffer, _cancellationToken) = (buffer, cancellationToken);
            Volatile.Write(ref _state, Waiting);
            _registration = cancellationToken.UnsafeRegister(static socket => ((Polled)socket!).Cancel(), this);
            Watch();
            return new(this, _source.Version);
        }

        /// <summary>There is something to read, or an error to be told.</summary>
        internal void Wake()
        {
            if (Interlocked.CompareExchange(ref _state, HasEvent, Waiting) == Waiting) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        /// <inheritdoc/>
        void IThreadPoolWorkItem.Execute()
        {
            if (Volatile.Read(ref _state) == IsCancelled)
            {
                _source.SetException(new OperationCanceledException(_cancellationToken));
                return;
            }

            int received;
            try
            {
                received = Libc.Receive(descriptor, _buffer.Span);
            }
            catch (SocketException fault)
            {
                _source.SetException(fault);
                return;
            }

            if (received >= 0)
            {
                _source.SetResult(received);
                return;
            }

            // The kernel found the datagram's checksum wrong when it was to be read. A cancellation meanwhile has found nobody waiting.
            Volatile.Write(ref _state, Waiting);
            if (_cancellationToken.IsCancellationRequested) Cancel();
            else Watch();
        }

        int IValueTaskSource<int>.GetResult(short token)
        {
            _registration.Unregister();
            Volatile.Write(ref _state, Idle);
            return _source.GetResult(token);
        }

        ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _source.GetStatus(token);

        void IValueTaskSource<int>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
            _source.OnCompleted(continuation, state, token, flags);

        public override void Dispose()
        {
            if (_isClosed) return;
            _isClosed = true;
            sockets.Leave(number);
            descriptor.Dispose();
        }

        private void Cancel()
        {
            if (Interlocked.CompareExchange(ref _state, IsCancelled, Waiting) == Waiting) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        private void Watch()
        {
            try
            {
                Libc.Watch(poll, _isWatched ? Libc.Modify : Libc.Add, descriptor, number);
                _isWatched = true;
            }
            catch (SocketException fault)
            {
                // Unless a cancellation came first, nobody else will complete the wait.
                if (Interlocked.CompareExchange(ref _state, HasEvent, Waiting) == Waiting) _source.SetException(fault);
            }
        }
    }
}
