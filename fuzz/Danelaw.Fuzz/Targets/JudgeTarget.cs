using System.Diagnostics.CodeAnalysis;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Validation;
using Danelaw.Fuzz.Driving;
using Danelaw.Fuzz.Targets.Judging;

namespace Danelaw.Fuzz.Targets;

/// <summary>
/// The whole judge: a question about a small signed Internet, and somebody who rewrites the reply to each question that the judge asks. What is called secure is what the zone
/// signed; nothing in a signed zone is called insecure; replies that nobody touched are never called bogus; nothing throws, and the limits of work hold.
/// Input: two octets for the name, one for the type, one of options, then steps (<see cref="Step"/>).
/// </summary>
internal sealed class JudgeTarget : FuzzTarget
{
    internal static readonly RecordType[] Types =
    [
        RecordType.A, RecordType.TLSA, RecordType.DS, RecordType.DNSKEY, RecordType.NSEC, RecordType.NSEC3, RecordType.TXT, RecordType.MX, RecordType.NS, RecordType.SOA,
        RecordType.CNAME, RecordType.DNAME, RecordType.ANY, RecordType.RRSIG, RecordType.AAAA, RecordType.NSEC3PARAM,
    ];

    private static readonly DomainName Excepted = DomainName.Parse("s.o.");

    private readonly Lazy<SignedWorld> _world;
    private readonly Lazy<KnownZones> _known;

    internal JudgeTarget(Lazy<SignedWorld> world) => (_world, _known) = (world, new(() => KnownZones.Of(world.Value)));

    internal override string Name => "judge";

    internal override int MaximumLength => 512;

    internal override void Run(byte[] input)
    {
        if (input.Length < 4) return;
        Coverage.Pause();
        var world = _world.Value;
        var draw = new Draw(input);
        var question = new Question(world.Names[draw.NextUInt16() % world.Names.Count], draw.Of(Types));
        var options = draw.Next();
        var excepted = (options & 8) != 0 ? Excepted : (DomainName?)null;
        var policy = new ValidationPolicy
        {
            Limits = (options & 2) == 0 ? Limits.Default : Few,
            Anchors = (options & 4) == 0 ? world.Anchors : world.MoreAnchors,
            NegativeAnchors = excepted is { } name ? [name] : [],
            AcceptSha1 = (options & 16) == 0,
            ClockSkew = (options & 32) == 0 ? 0 : 3600,
            Nsec3IterationLimit = (options & 64) == 0 ? 150 : 300,
        };
        var adversary = new Adversary(world, draw);
        var evidence = new Evidence(question, policy.Limits, (options & 1) == 0 ? null : _known.Value);
        Coverage.Resume();
        var done = Judge(adversary, evidence, policy);

        Coverage.Pause();
        var limits = policy.Limits;
        FuzzFinding.Unless(evidence.Work.Signatures <= limits.Signatures && (2 * evidence.Work.FailedSignatures) - evidence.Work.Signatures <= limits.FailedSignatures, "signatures are within the limits");
        FuzzFinding.Unless(evidence.Work.Hashes <= limits.Nsec3Hashes, "hashes are within the limit");
        GenuineAnswer.Check(world, done.Answer, excepted);
        if (!adversary.IsHonest || limits != Limits.Default) return;
        FuzzFinding.Unless(!done.Answer.IsFailure || done.Answer.Reason == LookupReason.AliasLoop, $"an honest answer is not called {done.Answer.Security}: {question.Name} {question.Type}: {done.Answer.Explanation}");
    }

    internal override IEnumerable<(string Name, byte[] Octets)> Seeds(string corpora)
    {
        var world = _world.Value;
        for (var name = 0; name < world.Names.Count; name += 5) yield return ($"honest-{name:d3}", Ask(name, name % Types.Length, name & 1));
        foreach (var text in new[] { "www.s.n.", "missing.s.h.", "missing.s.o.", "b.wild.s.n.", "evil.s.n.", "www.c.s.n.", "x.moved.s.h.", "_25._tcp.mx.s.n." })
        {
            var name = Index(world, text);
            for (var kind = StepKind.Drop; kind <= StepKind.AddKey; kind++)
                yield return ($"{text}{kind}", [.. Ask(name, kind == StepKind.Drop ? 1 : 0, (int)kind & 1), (byte)kind, 0x80, 0, 0, 1, 2, 3, 4, 5, 6, (byte)StepKind.AddSet, 0x31, 0, 40, 0]);
        }

        foreach (var attack in Attacks(world)) yield return attack;
    }

    /// <summary>The seeds that chance would take long to make.</summary>
    private static IEnumerable<(string Name, byte[] Octets)> Attacks(SignedWorld world)
    {
        for (var i = 0; i < world.Sets.Count; i++)
        {
            // Data of another time in the place of what there is now.
            var set = world.Sets[i];
            if (set.Records[0].Data.Span is not [192, 0, 2, 13]) continue;
            yield return ($"old-{i:d3}", [.. Ask(Index(world, set.Owner.ToString()), 0, 0), (byte)StepKind.DropType, 0x10, 0, (byte)StepKind.DropSignatures, 0x10, 0, (byte)StepKind.AddSet, 0x30, (byte)(i >> 8), (byte)(i & 255), 0]);
        }

        foreach (var (name, key) in new[] { ("www.x.n.", 0), ("www.y.h.", 2), ("www.y.h.", 3), ("www.y.h.", 4), ("www.sub.x.n.", 0), ("www.sub.x.n.", 1) })
        {
            // Keys of every kind beside the adversary's own, and the set signed anew: with the right key or another.
            byte[] sign = [(byte)StepKind.SignSet, 0x4E, 0, 0, (byte)key, 0];
            foreach (byte algorithm in new byte[] { 1, 5, 8, 10, 13, 14, 15, 16 })
            {
                byte[] anyKey = [(byte)StepKind.AddKey, 0xFE, algorithm, 0, 0, 68, .. Enumerable.Range(0, 116).Select(i => (byte)(i % 7 == 0 ? 3 : 5 * i % 256))];
                yield return ($"key-{name}{key}-{algorithm:d2}", [.. Ask(Index(world, name), 0, 0), .. anyKey, .. sign]);
            }

            yield return ($"signed-{name}{key}", [.. Ask(Index(world, name), 0, 0), .. sign]);
            byte[] forge = [(byte)StepKind.AddForged, 0x9E, 2, 2, 3, 2, (byte)key, 2, 1, (byte)key, 0];
            yield return ($"forged-{name}{key}", [.. Ask(Index(world, name), 0, 0), .. forge, .. sign]);
            yield return ($"only-{name}{key}", [.. Ask(Index(world, name), 0, 0), (byte)StepKind.DropType, 0x1E, 3, .. forge, .. sign]);
        }

        for (byte option = 4; option < 128; option <<= 1)
            foreach (var name in new[] { "www.s.h.", "missing.s.o.", "www.y.h.", "www.d.u.n.", "missing.i.n.", "mx.s.o." })
                yield return ($"option-{option:d2}-{name}", Ask(Index(world, name), 0, option));
    }

    internal static int Index(SignedWorld world, string name) => Math.Max(0, world.Names.ToList().IndexOf(DomainName.Parse(name)));

    private static Limits Few => Limits.Default with { Signatures = 6, FailedSignatures = 1, Nsec3Hashes = 4, Aliases = 1, DenialRecords = 2, SignaturesPerSet = 1, KeysPerTag = 1, Digests = 1, Queries = 5 };

    private static byte[] Ask(int name, int type, int options) => [(byte)(name >> 8), (byte)(name & 255), (byte)type, (byte)options];

    /// <summary>Asks and judges in turn, as a resolver does.</summary>
    private static ChainVerdict.Done Judge(Adversary adversary, Evidence evidence, ValidationPolicy policy)
    {
        var asked = 0;
        while (true)
        {
            switch (ChainOfTrust.Judge(evidence, policy, SignedZone.Now))
            {
                case ChainVerdict.Done done: return done;
                case ChainVerdict.Needs needs:
                    FuzzFinding.Unless(!needs.Questions.IsEmpty, $"judging {evidence.Question} comes to an end");
                    foreach (var question in needs.Questions)
                    {
                        FuzzFinding.Unless(!evidence.TryGet(question, out _), $"{question} is asked for once");
                        evidence.Add(asked < policy.Limits.Queries ? adversary.Answer(question, asked) : Reply.Failed(question, new(LookupReason.LimitReached, "the queries allowed are spent")));
                        asked++;
                    }

                    break;
            }
        }
    }

    /// <summary>What earlier lookups found out about the zones, as a cache has it.</summary>
    private sealed class KnownZones : IKnownTrust
    {
        private readonly Dictionary<DomainName, ZoneTrust> _zones = [];
        private readonly Dictionary<DomainName, ZoneCut> _cuts = [];

        internal static KnownZones Of(SignedWorld world)
        {
            var known = new KnownZones();
            var policy = new ValidationPolicy { Anchors = world.Anchors };
            foreach (var name in world.Names.Where(name => name.LabelCount > 0 && name.GetLabel(0).SequenceEqual("www"u8)))
            {
                var evidence = new Evidence(new(name, RecordType.A), Limits.Default);
                _ = Judge(new Adversary(world, new Draw([])), evidence, policy);
                foreach (var (zone, trust) in evidence.Zones) known._zones.TryAdd(zone, trust);

                // Some cuts stay unknown, so that they are asked for.
                foreach (var (cut, kind) in evidence.Cuts.Where(each => each.Value.Kind != CutKind.None)) known._cuts.TryAdd(cut, kind);
            }

            return known;
        }

        public bool TryGetZone(DomainName zone, [NotNullWhen(true)] out ZoneTrust? trust) => _zones.TryGetValue(zone, out trust);

        public bool TryGetCut(DomainName name, [NotNullWhen(true)] out ZoneCut? cut) => _cuts.TryGetValue(name, out cut);
    }
}
