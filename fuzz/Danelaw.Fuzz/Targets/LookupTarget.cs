using System.Collections.Immutable;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Validation;
using Danelaw.Fuzz.Driving;
using Danelaw.Fuzz.Targets.Judging;

namespace Danelaw.Fuzz.Targets;

/// <summary>
/// The resolver with its cache: several lookups after one another, between which time passes, and the adversary of <see cref="JudgeTarget"/> answers all that is asked, also what is
/// asked again because it was bogus. What holds of one answer holds of each, whatever the ones before left in the cache.
/// Input: one octet of options with the number of lookups, for each two octets for the name, one for the type, one for the time that passes before it; then steps.
/// </summary>
internal sealed class LookupTarget(Lazy<SignedWorld> world) : FuzzTarget
{
    private const int MaximumLookups = 4;
    private static readonly int[] Seconds = [0, 0, 1, 250, 301, 4000, 90000, 2000000];

    internal override string Name => "lookup";

    internal override int MaximumLength => 512;

    internal override void Run(byte[] input)
    {
        if (input.Length < 5) return;
        Coverage.Pause();
        var draw = new Draw(input);
        var options = draw.Next();
        var lookups = new List<(Question Question, int Seconds)>();
        for (var count = 1 + (options % MaximumLookups); count > 0; count--)
            lookups.Add((new(world.Value.Names[draw.NextUInt16() % world.Value.Names.Count], draw.Of(JudgeTarget.Types)), draw.Of(Seconds)));
        var adversary = new Adversary(world.Value, draw);
        var clock = new StandingClock();
        var limits = (options & 16) == 0 ? Limits.Default : Limits.Default with { Queries = 6, Signatures = 12 };
        var resolverOptions = new ResolverOptions { Upstreams = [SignedWorld.Server], Anchors = world.Value.Anchors, Limits = limits, CacheBytes = (options & 32) == 0 ? 1 << 20 : 1 << 12 };
        Coverage.Resume();

        var resolver = new Resolver(resolverOptions, clock, _ => new Authorities(adversary, limits), clock);
        foreach (var (question, seconds) in lookups)
        {
            clock.Pass(seconds);
            var lookup = resolver.LookupAsync(question.Name, question.Type, CancellationToken.None).AsTask();
            FuzzFinding.Unless(lookup.IsCompleted, "nothing is waited for");
            var answer = lookup.GetAwaiter().GetResult();
            Coverage.Pause();
            GenuineAnswer.Check(world.Value, answer);
            FuzzFinding.Unless(answer.Question.Type == question.Type && answer.Question.Name.EqualsExactly(question.Name), "the answer is to the question as it was asked");
            FuzzFinding.Unless(!clock.HasPassed || answer.Security != Security.Secure, $"nothing is secure when every signature has ended: {question.Name} {question.Type}: {answer.Explanation}");
            FuzzFinding.Unless(!adversary.IsHonest || clock.HasPassed || limits != Limits.Default || !answer.IsFailure || answer.Reason == LookupReason.AliasLoop, $"an honest answer is not called {answer.Security}: {question.Name} {question.Type}: {answer.Explanation}");
            Coverage.Resume();
        }
    }

    internal override IEnumerable<(string Name, byte[] Octets)> Seeds(string corpora)
    {
        // Neighbours in one zone, so that one lookup's proof could serve the next; the same again, later.
        foreach (var zone in new[] { "s.n.", "s.h.", "s.o.", "x.n.", "c.s.n.", "i.n." })
        {
            yield return ($"neighbours-{zone}", [3, .. Ask($"missing.{zone}", 0, 0), .. Ask($"www.missing.{zone}", 0, 0), .. Ask($"www.{zone}", 1, 2), .. Ask($"b.wild.{zone}", 0, 3)]);
            yield return ($"again-{zone}", [2, .. Ask($"www.{zone}", 0, 0), .. Ask($"www.{zone}", 0, 3), .. Ask($"www.{zone}", 0, 4)]);
            yield return ($"later-{zone}", [2, .. Ask($"missing.{zone}", 0, 0), .. Ask($"missing.{zone}", 0, 6), .. Ask($"www.{zone}", 0, 7)]);
            for (var kind = StepKind.Drop; kind <= StepKind.AddKey; kind++)
                yield return ($"{zone}{kind}", [3, .. Ask($"www.{zone}", 0, 0), .. Ask($"missing.{zone}", 0, 0), .. Ask($"_25._tcp.mx.{zone}", 1, 0), .. Ask($"www.{zone}", 0, 5), (byte)kind, 0x42, 0, 1, 2, 3]);
        }
    }

    private byte[] Ask(string name, int type, int time)
    {
        var index = JudgeTarget.Index(world.Value, name);
        return [(byte)(index >> 8), (byte)(index & 255), (byte)type, (byte)time];
    }

    private sealed class Authorities(Adversary adversary, Limits limits) : IAuthorities
    {
        private int _asked;

        private Reply Answer(Question question)
        {
            if (_asked < byte.MaxValue) _asked++;
            return adversary.Answer(question, _asked - 1);
        }

        public IAsking Begin(CancellationToken cancellationToken) => new Asking(this, limits.Queries);

        private sealed class Asking(Authorities authorities, int budget) : IAsking
        {
            private const int Elsewhere = 2;
            private int _left = budget;

            public ValueTask<ImmutableArray<Reply>> AskAsync(ImmutableArray<Question> questions) => ValueTask.FromResult(questions.Select(Ask).ToImmutableArray());

            public ValueTask<Reply?> AskAgainAsync(Question question, DnsServer? server, int attempt) => ValueTask.FromResult(attempt < Elsewhere ? Ask(question) : null);

            public void Dispose()
            {
            }

            private Reply Ask(Question question) => _left-- > 0
                ? authorities.Answer(question)
                : Reply.Read(new(new(question, SignedWorld.Server), ExchangeOutcome.NotAsked));
        }
    }

    /// <summary>A clock that moves when it is told to.</summary>
    private sealed class StandingClock : TimeProvider
    {
        private TimeSpan _passed;

        internal bool HasPassed => _passed >= SignedZone.Validity.Expiration - SignedZone.Now;

        internal void Pass(int seconds) => _passed += TimeSpan.FromSeconds(seconds);

        public override DateTimeOffset GetUtcNow() => SignedZone.Now + _passed;

        public override long GetTimestamp() => _passed.Ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;
    }
}
