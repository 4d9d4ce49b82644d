using System.Collections.Immutable;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Dnssec.Resolution.Iteration;

/// <summary>The asking of one lookup that iterates.</summary>
internal sealed class IterativeAsking : IAsking
{
    /// <summary>Other servers of a zone that are asked for what turned out to be bogus, before the delegation itself is looked at anew.</summary>
    private const int MaximumOthers = 2;

    private readonly Iterator _iterator;
    private readonly CancellationToken _cancellationToken;
    private readonly CancellationTokenSource _deadline;
    private readonly CancellationTokenSource? _both;
    private readonly Errand _errand;
    private Dictionary<Question, List<DnsServer>>? _doubted;

    internal IterativeAsking(Iterator iterator, Limits limits, CancellationToken cancellationToken)
    {
        (_iterator, _cancellationToken) = (iterator, cancellationToken);
        _deadline = new(limits.Time, iterator.Timer);
        if (cancellationToken.CanBeCanceled) _both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _deadline.Token);
        _errand = new(new Budget(limits, (_both ?? _deadline).Token)) { IsJudged = true };
    }

    /// <inheritdoc/>
    public async ValueTask<ImmutableArray<Reply>> AskAsync(ImmutableArray<Question> questions)
    {
        var replies = new List<Reply>(4);
        if (questions is [var only])
        {
            await AskAsync(only, replies).ConfigureAwait(false);
        }
        else
        {
            var tasks = questions.Select(async question =>
            {
                var its = new List<Reply>(2);
                await AskAsync(question, its).ConfigureAwait(false);
                return its;
            });
            foreach (var its in await Task.WhenAll(tasks).ConfigureAwait(false)) replies.AddRange(its);
        }

        _cancellationToken.ThrowIfCancellationRequested();
        return [.. replies];
    }

    /// <inheritdoc/>
    public async ValueTask<Reply?> AskAgainAsync(Question question, DnsServer? server, int attempt)
    {
        _doubted ??= [];
        if (!_doubted.TryGetValue(question, out var doubted)) _doubted.Add(question, doubted = []);
        if (server is not null && !doubted.Contains(server)) doubted.Add(server);

        var above = question.Type == RecordType.DS && !question.Name.IsRoot ? question.Name.Parent : question.Name;
        var nearest = attempt > MaximumOthers ? null : await _iterator.Delegations.FindNearestAsync(above, _errand).ConfigureAwait(false);
        if (nearest is null) return null;
        _iterator.Inquiries.Forget(nearest.Zone, question);
        var hasOthers = nearest.Servers.Any(each => !doubted.Contains(each.State.Server));
        ZoneReply found;
        if (attempt < MaximumOthers && (hasOthers || attempt == 0))
        {
            found = await AskElsewhereAsync(nearest, question, doubted).ConfigureAwait(false);

            // A zone of one server is asked once more: what came may not have been its own.
            if (attempt == 0 && found.Exchange is null && !found.IsAbandoned) found = await AskElsewhereAsync(nearest, question, []).ConfigureAwait(false);
            if (found.Exchange?.Query.Server is { } asked && !doubted.Contains(asked)) doubted.Add(asked);

            // Another server may know of a cut that the first one hid: the reply is further down.
            if (found.Kind == ReplyKind.Referral && !IsOwnSigners(question, found)) found = (await new Descent(_iterator, question, _errand).RunAsync().ConfigureAwait(false)).Reply;
        }
        else
        {
            // The zone may have moved since the zone above was asked, or somebody else may have referred us.
            if (attempt > doubted.Count + 1) return null;
            _iterator.Delegations.Remove(nearest);
            found = (await new Descent(_iterator, question, _errand).RunAsync().ConfigureAwait(false)).Reply;
        }

        _cancellationToken.ThrowIfCancellationRequested();
        return Read(question, found);
    }

    /// <summary>Ends what nobody waits for any more.</summary>
    public void Dispose()
    {
        _deadline.Cancel();
        _both?.Dispose();
        _deadline.Dispose();
    }

    private async ValueTask<ZoneReply> AskElsewhereAsync(Delegation nearest, Question question, List<DnsServer> except) =>
        _errand.Budget.Took(await new ZoneInquiry(_iterator, new Inquiry(), nearest, question, isPart: false, _errand) { Except = except }.RunAsync().ConfigureAwait(false));

    private async Task AskAsync(Question question, List<Reply> replies)
    {
        var found = await new Descent(_iterator, question, _errand).RunAsync().ConfigureAwait(false);
        replies.Add(Read(question, found.Reply));
        if (found.Referrals is not null)
            foreach (var (exchange, parent, child) in found.Referrals) replies.Add(Reply.OfReferral(exchange, parent, child));
        if (found.Keys is null) return;
        foreach (var task in found.Keys)
        {
            // What failed here is asked for by name if it turns out to be needed.
            var keys = await task.ConfigureAwait(false);
            if (keys.Kind == ReplyKind.Answer) replies.Add(Read(keys.Exchange!.Query.Question, keys));
        }
    }

    /// <summary>Whether a referral is the reply itself: to the question for the DS set of just the zone that it leads to.</summary>
    private static bool IsOwnSigners(Question question, ZoneReply found) => question.Type == RecordType.DS && found.Delegation is { } child && child.Zone.Equals(question.Name);

    private static Reply Read(Question question, ZoneReply found) => found.Kind switch
    {
        ReplyKind.Answer => Reply.Read(found.Exchange!, found.Zone),
        ReplyKind.Referral when !IsOwnSigners(question, found) => throw new InvalidOperationException($"{question} ended at a referral to {found.Delegation?.Zone}"),
        ReplyKind.Referral => Reply.OfReferral(found.Exchange!, found.Zone, question.Name),

        // On the way to the name a part of it may have been asked for: what failed is the question itself.
        ReplyKind.Useless => Reply.Failed(question, found.Failure! with { Blamed = question }, found.Code, found.Server, found.Zone),
    };
}
