using Danelaw.Operator.Rollover.Keeping;

namespace Danelaw.Cli.Running;

/// <summary>Looks again and again. Nobody is there to begin it anew, so that no look's fault ends it; one that is the same at every look is told once.</summary>
/// <param name="every">The time between two looks.</param>
/// <param name="clock">The time.</param>
internal sealed class Vigil(TimeSpan every, TimeProvider clock)
{
    /// <summary>Tells a fault.</summary>
    public required Action<Exception> Tell { get; init; }

    /// <summary>Looks until it is ended.</summary>
    /// <param name="look">One look.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="RolloverStoreException">The state cannot be used at the first look: whoever has just begun it is there to mend that.</exception>
    /// <exception cref="MisuseException">The same of the settings.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task KeepAsync(Func<Task> look, CancellationToken cancellationToken)
    {
        var (hasLooked, told) = (false, "");
        while (true)
        {
            try
            {
                await look().ConfigureAwait(false);
                told = "";
            }
            catch (Exception fault) when (!hasLooked && fault is RolloverStoreException or MisuseException)
            {
                throw;
            }
#pragma warning disable CA1031 // That is what it is for: the plan survives being killed anywhere, so that the next look goes on.
            catch (Exception fault) when (fault is not BrokenPipeException && !cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                var what = $"{fault.GetType().Name} {fault.Message}";
                if (told != what) Tell(fault);
                told = what;
            }

            hasLooked = true;
            await Task.Delay(every, clock, cancellationToken).ConfigureAwait(false);
        }
    }
}
