using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Validation;
using Danelaw.Probes;

namespace Danelaw.Checks;

/// <summary>The time and the concurrency of one check. What no time is left for is an outcome like any other.</summary>
internal sealed class CheckBudget : ILookup, IProber, IDisposable
{
    internal const string Spent = "the time for the check was spent before";

    private readonly ILookup _lookup;
    private readonly IPatientProber _prober;
    private readonly CheckTime _time;
    private readonly bool _waitsForItsTurn;
    private readonly CancellationTokenSource _limitOrCaller;
    private readonly CancellationToken _caller;
    private readonly TimeProvider _clock;
    private readonly SemaphoreSlim _lookups;
    private readonly SemaphoreSlim _probes;

    internal CheckBudget(ILookup lookup, IPatientProber prober, CheckOptions options, TimeProvider time, CancellationToken caller)
    {
        _lookup = lookup;
        _prober = prober;
        _caller = caller;
        _clock = time;
        _waitsForItsTurn = options.WaitsForItsTurn;
        _time = new(options.WholeTime, time, _waitsForItsTurn);
        _limitOrCaller = CancellationTokenSource.CreateLinkedTokenSource(_time.End, caller);
        _lookups = new(options.Concurrency);
        _probes = new(options.Concurrency);
    }

    /// <summary>What a lookup concluded for which no time was left.</summary>
    internal static Answer SpentAnswer(Question question) => new()
    {
        Question = question,
        FinalName = question.Name,
        Security = Security.Indeterminate,
        Reason = LookupReason.LimitReached,
        Explanation = Spent,
        ExtendedError = new(0, Spent),
    };

    internal static bool IsSpent(Answer answer) => answer.IsFailure && answer.Explanation == Spent;

    internal static bool IsSpent(Observation observation) => observation.Outcome == ProbeOutcome.None && observation.Detail == Spent;

    internal static Observation SpentObservation(ProbeTarget target) => new() { Target = target, Detail = Spent };

    /// <summary>Ends with the time for the check, or by the caller.</summary>
    internal CancellationToken Limit => _limitOrCaller.Token;

    /// <summary>Something of the check is being done until what is returned is disposed: its time runs.</summary>
    internal IDisposable Work() => _time.Work();

    public ValueTask<Answer> LookupAsync(DomainName name, RecordType type, CancellationToken cancellationToken = default) => AskAsync(name, type, _limitOrCaller.Token);

    /// <summary>Gathers what may as well be left out: for a while, and no longer than the time for the check lasts.</summary>
    /// <param name="limit">How long.</param>
    /// <param name="gather">Gathers it; its lookups end with the token that it is given.</param>
    internal async Task<T> AsideAsync<T>(TimeSpan limit, Func<CancellationToken, Task<T>> gather)
    {
        using var time = new CancellationTokenSource(limit, _clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(time.Token, _limitOrCaller.Token);
        return await gather(both.Token).ConfigureAwait(false);
    }

    /// <summary>Looks up what may as well be left out; ended by its limit, it is a lookup for which no time was left.</summary>
    internal ValueTask<Answer> LookAsideAsync(DomainName name, RecordType type, CancellationToken limit) => AskAsync(name, type, limit);

    private async ValueTask<Answer> AskAsync(DomainName name, RecordType type, CancellationToken limit)
    {
        using var work = _time.Work();
        var isMine = await TryEnterAsync(_lookups).ConfigureAwait(false);
        try
        {
            // Asked even when the time is over, with a token that says so: whoever records the check then knows of the question.
            return await _lookup.LookupAsync(name, type, limit).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _caller.ThrowIfCancellationRequested();
            return SpentAnswer(new(name, type));
        }
        finally
        {
            if (isMine) _lookups.Release();
        }
    }

    public async ValueTask<Observation> ProbeAsync(ProbeTarget target, CancellationToken cancellationToken = default)
    {
        using var turn = await WaitForTurnAsync(target).ConfigureAwait(false);
        using var work = _time.Work();
        var isMine = await TryEnterAsync(_probes).ConfigureAwait(false);
        try
        {
            // Without a turn too, with a token that says so: whoever records the check then knows of the endpoint.
            return turn is null
                ? await _prober.WithoutTurn.ProbeAsync(target, _limitOrCaller.Token).ConfigureAwait(false)
                : await turn.LookAsync(_limitOrCaller.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _caller.ThrowIfCancellationRequested();
            return SpentObservation(target);
        }
        finally
        {
            if (isMine) _probes.Release();
        }
    }

    public void Dispose()
    {
        _limitOrCaller.Dispose();
        _time.Dispose();
        _lookups.Dispose();
        _probes.Dispose();
    }

    /// <summary>A turn at an endpoint; null when the time is over.</summary>
    private async ValueTask<ITurn?> WaitForTurnAsync(ProbeTarget target)
    {
        try
        {
            if (_time.End.IsCancellationRequested) return null;
            return await _prober.EnterAsync(target, _waitsForItsTurn ? _caller : _limitOrCaller.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _caller.ThrowIfCancellationRequested();
            return null;
        }
    }

    private async ValueTask<bool> TryEnterAsync(SemaphoreSlim gate)
    {
        try
        {
            await gate.WaitAsync(_limitOrCaller.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            _caller.ThrowIfCancellationRequested();
            return false;
        }
    }
}
