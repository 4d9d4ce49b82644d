using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Anchors;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Resolution.Iteration;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Dnssec.Resolution;

/// <summary>
/// Asks recursive resolvers, or the authoritative servers from the root down; believes none of them, and judges every answer itself along a chain of signatures from a
/// trust anchor (RFC 4035 §4, §5). Safe for many lookups at once; they share one cache.
/// </summary>
public sealed partial class Resolver : ILookup
{
    private readonly ResolverOptions _options;
    private readonly ValidationPolicy _policy;
    private readonly TimeProvider _clock;
    private readonly ResolverCache _cache;
    private readonly IAuthorities _authorities;

    /// <summary>Makes a resolver with an empty cache.</summary>
    /// <param name="transport">Carries the queries.</param>
    /// <param name="options">Whom to ask and how to judge.</param>
    /// <param name="clock">Gives the time that signatures are judged at and the age of what is cached; it may stand still.</param>
    /// <exception cref="ArgumentException">No upstream, or a limit out of range.</exception>
    public Resolver(IDnsTransport transport, ResolverOptions options, TimeProvider clock)
        : this(transport, options, clock, TimeProvider.System)
    {
    }

    internal Resolver(IDnsTransport transport, ResolverOptions options, TimeProvider clock, TimeProvider timer)
        : this(options, clock, policy => options.Iteration is null ? new Upstreams(transport, options, timer) : new Iterator(transport, options, policy, timer, new Random()), timer)
    {
        ArgumentNullException.ThrowIfNull(transport);
    }

    /// <summary>Whether a trust anchor stands at a zone, so that nothing of it rests on the zones above.</summary>
    /// <param name="zone">The zone.</param>
    public bool HasAnchorAt(DomainName zone) => _policy.Anchors.Zones.Any(anchor => anchor.Zone == zone);

    /// <summary>Makes a resolver that asks whom it is given.</summary>
    internal Resolver(ResolverOptions options, TimeProvider clock, Func<ValidationPolicy, IAuthorities> authorities, TimeProvider? timer = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(clock);
        if (options.Upstreams.IsDefaultOrEmpty == options.Iteration is null) throw new ArgumentException("either upstreams are needed, at least one, or iteration without any", nameof(options));
        if (options.Iteration is { Tries: < 1 or > 20 } or { Port: < 1 or > ushort.MaxValue } or { UseIPv4: false, UseIPv6: false })
            throw new ArgumentException("iteration needs 1 to 20 tries, a port and a family of addresses", nameof(options));
        if (options.ClockSkew < TimeSpan.Zero) throw new ArgumentException("the clock skew is 0 or more", nameof(options));
        if (options.Nsec3IterationLimit is < 0 or > ushort.MaxValue) throw new ArgumentException("the NSEC3 iteration limit is 0 to 65535", nameof(options));
        if (options.Limits.Queries < 1 || options.Limits.Time <= TimeSpan.Zero) throw new ArgumentException("a lookup needs at least one query and some time", nameof(options));
        _options = options;
        _clock = clock;
        _policy = new()
        {
            Anchors = options.Anchors,
            NegativeAnchors = options.NegativeAnchors.IsDefault ? [] : options.NegativeAnchors,
            ClockSkew = (int)Math.Min(options.ClockSkew.TotalSeconds, int.MaxValue),
            AcceptSha1 = options.AcceptSha1,
            Nsec3IterationLimit = options.Nsec3IterationLimit,
            Limits = options.Limits,
        };
        _cache = new(options.CacheBytes, timer ?? TimeProvider.System);
        _authorities = authorities(_policy);
    }

    /// <inheritdoc/>
    public async ValueTask<Answer> LookupAsync(DomainName name, RecordType type, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        RequireAskedFor(type);
        var now = _clock.GetUtcNow();
        var question = new Question(name, type);
        if (_cache.TryGetAnswer(question, now, out var kept) || _cache.TryGetFailedAnswer(question, now, out kept)) return Respelt(kept, question);

        var evidence = new Evidence(question, _options.Limits, new KnownTrust(_cache, now));
        if (DecideByWhatIsKept(evidence, now) is { } answer) return answer;
        using var asking = _authorities.Begin(cancellationToken);
        answer = await DecideAsync(evidence, asking, now, given: null).ConfigureAwait(false);
        Keep(evidence, answer, now);
        return answer;
    }

    /// <summary>RFC 6895 §3.1, RFC 9824 §3.5: types that a resolver asks nobody for.</summary>
    private static void RequireAskedFor(RecordType type)
    {
        if (!RecordTypes.IsAskedFor(type)) throw new ArgumentException($"nobody is asked for {RecordTypes.ToText(type)} (RFC 6895 §3.1, RFC 9824 §3.5)", nameof(type));
    }

    /// <summary>Asks a zone for its DNSKEY set, and judges it by anchors of that very zone. A set that these do not vouch for is asked for elsewhere as well.</summary>
    /// <param name="anchor">The zone, and the anchors that it is judged by, whatever those of the options are.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What it serves; of several sets the first that is vouched for, or else the first.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async ValueTask<ServedKeys> ObserveKeysAsync(TrustAnchor anchor, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(anchor);
        cancellationToken.ThrowIfCancellationRequested();
        var now = _clock.GetUtcNow();
        var question = new Question(anchor.Zone, RecordType.DNSKEY);
        using var asking = _authorities.Begin(cancellationToken);
        var replies = await asking.AskAsync([question]).ConfigureAwait(false);
        var first = ServedKeys.Judge(replies.First(reply => reply.Question.Equals(question)), anchor, _policy, now);
        var served = first;
        for (var attempt = 0; served.Security == Security.Bogus; attempt++)
        {
            if (await asking.AskAgainAsync(question, first.Server, attempt).ConfigureAwait(false) is not { } reply) return first;
            if (reply.Failure is null) served = ServedKeys.Judge(reply, anchor, _policy, now);
        }

        return served;
    }

    /// <summary>The answer that what is kept gives; null when something has to be asked.</summary>
    private Answer? DecideByWhatIsKept(Evidence evidence, DateTimeOffset now)
    {
        while (true)
        {
            switch (ChainOfTrust.Judge(evidence, _policy, now))
            {
                case ChainVerdict.Done done: return done.Answer.Security == Security.Bogus ? null : done.Answer;
                case ChainVerdict.Needs needs when !AddKnown(evidence, needs.Questions, now): return null;
            }
        }
    }

    /// <summary>Adds the replies that can be made of what is kept; false when there is none.</summary>
    private bool AddKnown(Evidence evidence, ImmutableArray<Question> questions, DateTimeOffset now)
    {
        var isKnown = false;
        if (!evidence.MayUseKnown) return isKnown;
        foreach (var question in questions)
        {
            if (_cache.TryCompose(question, now, out var reply) && !ChainOfTrust.MayDecide(reply, _policy)) reply = null;
            if (reply is null && !_cache.TryGetFailure(question, now, out reply)) continue;
            evidence.Add(reply);
            isKnown = true;
        }

        return isKnown;
    }

    /// <summary>Asks and judges in turn. What turns out to be bogus is asked for again elsewhere, and judged again (RFC 6840 §5.9).</summary>
    /// <param name="evidence">What there is so far.</param>
    /// <param name="asking">Asks for more.</param>
    /// <param name="now">The time of the verdict.</param>
    /// <param name="given">A question whose reply stands, whatever it is, because it is what is judged; null for none.</param>
    private async ValueTask<Answer> DecideAsync(Evidence evidence, IAsking asking, DateTimeOffset now, Question? given)
    {
        var doubted = new Dictionary<Question, int>();
        while (true)
        {
            var done = await JudgeAsync(evidence, asking, now).ConfigureAwait(false);
            if (done.Answer.Security != Security.Bogus) return done.Answer;

            // A zone may have changed its keys since they were kept.
            if (evidence.TryForgetKnown()) continue;
            if (done.Blamed is not { } blamed || blamed == given || !evidence.TryGet(blamed, out var doubtful)) return done.Answer;
            var isMended = false;
            while (!isMended)
            {
                doubted.TryGetValue(blamed, out var attempt);
                doubted[blamed] = attempt + 1;
                if (await asking.AskAgainAsync(blamed, doubtful.Server, attempt).ConfigureAwait(false) is not { } reply) return done.Answer;
                if (reply.Failure is not null) continue;
                evidence.Add(reply);
                var again = await JudgeAsync(evidence, asking, now).ConfigureAwait(false);
                if (!again.Answer.IsFailure) return again.Answer;

                // Something else being at fault now means that this one has been mended.
                isMended = again.Answer.Security == Security.Bogus && again.Blamed != blamed && again.Blamed is not null;
                if (!isMended) evidence.Add(doubtful);
            }
        }
    }

    private async ValueTask<ChainVerdict.Done> JudgeAsync(Evidence evidence, IAsking asking, DateTimeOffset now)
    {
        while (true)
        {
            switch (ChainOfTrust.Judge(evidence, _policy, now))
            {
                case ChainVerdict.Done done: return done;
                case ChainVerdict.Needs needs:
                    if (needs.Questions.IsEmpty) throw new InvalidOperationException($"judging {evidence.Question} came to no end");
                    if (AddKnown(evidence, needs.Questions, now)) break;
                    foreach (var reply in await asking.AskAsync(needs.Questions).ConfigureAwait(false))
                    {
                        evidence.Offer(reply);
                        NoteFailure(reply, now);
                    }

                    foreach (var question in needs.Questions)
                        if (!evidence.TryGet(question, out _)) throw new InvalidOperationException($"{question} was asked and brought no reply");
                    break;
            }
        }
    }

    /// <summary>RFC 9520 §3.2: what failed is not asked again at once.</summary>
    private void NoteFailure(Reply reply, DateTimeOffset now)
    {
        if (_options.KeepsAnswersOnly) return;
        switch (reply.Failure?.Reason)
        {
            case null:
                _cache.ForgetFailure(reply.Question);
                break;
            case LookupReason.TimedOut or LookupReason.Unreachable or LookupReason.ServerFailed or LookupReason.MalformedReply:
                _cache.AddFailure(reply, now);
                break;
        }
    }

    private void Keep(Evidence evidence, Answer answer, DateTimeOffset now)
    {
        if (_options.CacheBytes <= 0) return;

        // What is secure is kept as sets, of which the answer can be made again, and others too.
        if (!answer.IsFailure && !_options.KeepsAnswersOnly) _cache.Add(evidence.VerifiedSets, evidence.Work, now);
        foreach (var (name, zone) in evidence.Zones) _cache.Add(name, zone, now);
        foreach (var (name, cut) in evidence.Cuts)
        {
            // That a name is no cut can be told again from the record of denial there.
            if (cut.Kind != CutKind.None || _options.KeepsAnswersOnly || !_cache.TryCompose(new(name, RecordType.DS), now, out _)) _cache.Add(name, cut, now);
        }

        if (answer.IsFailure)
        {
            if (!_options.KeepsAnswersOnly) _cache.AddFailedAnswer(answer, now);
            return;
        }

        _cache.ForgetFailedAnswer(answer.Question);
        if (_options.KeepsAnswersOnly || answer.Security != Security.Secure || answer.Question.Type == RecordType.ANY || IsDeniedForOneAnswer(answer, now)) _cache.Add(answer, now);
    }

    /// <summary>Whether what denies an answer was made for it alone, so that it cannot be made again of what is kept: then it is kept itself (RFC 2308 §5).</summary>
    private bool IsDeniedForOneAnswer(Answer answer, DateTimeOffset now) => answer.Records is null && !_cache.TryCompose(new(answer.FinalName, answer.Question.Type), now, out _);

    /// <summary>A kept answer with the question spelt as it was asked this time.</summary>
    private static Answer Respelt(Answer kept, Question question)
    {
        if (kept.Question.Name.EqualsExactly(question.Name)) return kept;
        return kept with { Question = question, FinalName = kept.IsAlias ? kept.FinalName : question.Name };
    }

    private sealed class KnownTrust(ResolverCache cache, DateTimeOffset now) : IKnownTrust
    {
        public bool TryGetZone(DomainName zone, [NotNullWhen(true)] out ZoneTrust? trust) => cache.TryGetZone(zone, now, out trust);

        public bool TryGetCut(DomainName name, [NotNullWhen(true)] out ZoneCut? cut) => cache.TryGetCut(name, now, out cut);
    }
}
