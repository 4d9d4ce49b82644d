using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;

namespace Danelaw.Checks.Recording;

/// <summary>
/// Keeps the lookups that ended because a limit was reached, time above all: the exchanges alone would not tell, since a recording answers at once.
/// All others are judged anew from the exchanges.
/// </summary>
/// <param name="inner">Answers the questions.</param>
internal sealed class RecordingLookup(ILookup inner) : ILookup
{
    private readonly ConcurrentDictionary<Question, Answer> _limited = new();

    internal ImmutableArray<Answer> Limited => [.. _limited.Values.OrderBy(answer => answer.Question.Name).ThenBy(answer => answer.Question.Type)];

    public async ValueTask<Answer> LookupAsync(DomainName name, RecordType type, CancellationToken cancellationToken = default)
    {
        var question = new Question(name, type);
        try
        {
            var answer = await inner.LookupAsync(name, type, cancellationToken).ConfigureAwait(false);
            if (answer is { IsFailure: true, Reason: LookupReason.LimitReached }) _limited.TryAdd(question, answer);
            return answer;
        }
        catch (OperationCanceledException)
        {
            _limited.TryAdd(question, CheckBudget.SpentAnswer(question));
            throw;
        }
    }
}

/// <summary>Answers what ended at a limit as it ended then, and asks for all else.</summary>
/// <param name="inner">Answers the questions.</param>
/// <param name="limited">The lookups that ended at a limit; they are failures, so a forged one can make nothing look better.</param>
internal sealed class ReplayLookup(ILookup inner, IEnumerable<Answer> limited) : ILookup
{
    private readonly FrozenDictionary<Question, Answer> _limited = limited.DistinctBy(answer => answer.Question).ToFrozenDictionary(answer => answer.Question);

    public ValueTask<Answer> LookupAsync(DomainName name, RecordType type, CancellationToken cancellationToken = default) =>
        _limited.TryGetValue(new(name, type), out var answer) ? ValueTask.FromResult(answer) : inner.LookupAsync(name, type, cancellationToken);
}
