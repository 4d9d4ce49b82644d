using System.Runtime.ExceptionServices;
using Danelaw.Interop.Tests.Mail;

namespace Danelaw.Interop.Tests.Worlds;

/// <summary>Raises what all test classes share once, when the first one asks.</summary>
public sealed class World : IAsyncDisposable
{
    private readonly Once<SignedWorld> _signed = new();
    private readonly Once<IReadOnlyList<PeerVerdict>> _verdicts = new();
    private readonly Once<MailServices> _mail = new();

    internal Task<SignedWorld> SignedAsync(CancellationToken cancellationToken) =>
        _signed.GetAsync(() => SignedWorld.StartAsync(cancellationToken), cancellationToken);

    internal async Task<IReadOnlyList<PeerVerdict>> PeerVerdictsAsync(CancellationToken cancellationToken)
    {
        var signed = await SignedAsync(cancellationToken);
        return await _verdicts.GetAsync(() => PeerVerdict.AskAsync(signed, cancellationToken), cancellationToken);
    }

    internal async Task<MailServices> MailAsync(CancellationToken cancellationToken)
    {
        var signed = await SignedAsync(cancellationToken);
        return await _mail.GetAsync(() => MailServices.StartAsync(signed, cancellationToken), cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_mail.Value is { } mail) await mail.DisposeAsync();
        if (_signed.Value is { } signed) await signed.DisposeAsync();
        _signed.Dispose();
        _verdicts.Dispose();
        _mail.Dispose();
    }

    /// <summary>A thing that is made once; what could not be made is not tried again by each of a hundred tests.</summary>
    private sealed class Once<T> : IDisposable
        where T : class
    {
        private readonly SemaphoreSlim _one = new(1, 1);
        private ExceptionDispatchInfo? _failed;

        public T? Value { get; private set; }

        public async Task<T> GetAsync(Func<Task<T>> make, CancellationToken cancellationToken)
        {
            await _one.WaitAsync(cancellationToken);
            try
            {
                _failed?.Throw();
                return Value ??= await make();
            }
            catch (Exception failure)
            {
                _failed ??= ExceptionDispatchInfo.Capture(failure);
                throw;
            }
            finally { _one.Release(); }
        }

        public void Dispose() => _one.Dispose();
    }
}
