using System.Threading.Channels;

namespace Danelaw.Dnssec.Signing.Streaming;

/// <summary>
/// One thread makes pieces of work, several do them, and the results are taken in the order in which the pieces were made. Only a few pieces exist at a time:
/// whoever is ahead waits. The first failure ends all of it and is thrown.
/// </summary>
internal static class OrderedWork
{
    /// <param name="pieces">Makes the pieces; enumerated by one thread.</param>
    /// <param name="workers">What each of the threads does with a piece.</param>
    /// <param name="take">Takes the pieces in order when they are done; called by one thread at a time.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal static async Task RunAsync<T>(IEnumerable<T> pieces, IReadOnlyList<Action<T>> workers, Action<T> take, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var room = (2 * workers.Count) + 2;
        var toDo = Channel.CreateBounded<Piece<T>>(new BoundedChannelOptions(room) { SingleWriter = true });
        var inOrder = Channel.CreateBounded<Piece<T>>(new BoundedChannelOptions(room) { SingleWriter = true, SingleReader = true });
        var tasks = new List<Task> { Guarded(MakeAsync) };
        foreach (var worker in workers) tasks.Add(Guarded(token => WorkAsync(worker, token)));
        tasks.Add(Guarded(TakeAsync));
        await Task.WhenAll(tasks).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        foreach (var task in tasks)
            if (task is Task<Exception?> { Result: { } failure }) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);

        async Task MakeAsync(CancellationToken token)
        {
            foreach (var value in pieces)
            {
                var piece = new Piece<T>(value);
                await inOrder.Writer.WriteAsync(piece, token).ConfigureAwait(false);
                await toDo.Writer.WriteAsync(piece, token).ConfigureAwait(false);
            }

            inOrder.Writer.Complete();
            toDo.Writer.Complete();
        }

        async Task WorkAsync(Action<T> worker, CancellationToken token)
        {
            await foreach (var piece in toDo.Reader.ReadAllAsync(token).ConfigureAwait(false))
            {
                worker(piece.Value);
                piece.Done.SetResult();
            }
        }

        async Task TakeAsync(CancellationToken token)
        {
            await foreach (var piece in inOrder.Reader.ReadAllAsync(token).ConfigureAwait(false))
            {
                await piece.Done.Task.WaitAsync(token).ConfigureAwait(false);
                take(piece.Value);
            }
        }

        // A failure ends the others too; what they then throw says nothing new.
        Task<Exception?> Guarded(Func<CancellationToken, Task> work) => Task.Run(async () =>
        {
            try
            {
                await work(ending.Token).ConfigureAwait(false);
                return null;
            }
            catch (OperationCanceledException) when (ending.IsCancellationRequested)
            {
                return null;
            }
#pragma warning disable CA1031 // Thrown again as it is, once every thread has ended.
            catch (Exception failure)
            {
                await ending.CancelAsync().ConfigureAwait(false);
                return failure;
            }
#pragma warning restore CA1031
        }, CancellationToken.None);
    }

    private sealed class Piece<T>(T value)
    {
        internal T Value { get; } = value;

        internal TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
