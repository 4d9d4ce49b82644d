using Danelaw.Dns;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Signing;
using Danelaw.Dnssec.Validation;
using Danelaw.Fuzz.Driving;

namespace Danelaw.Fuzz.Targets.Judging;

/// <summary>Somebody who rewrites every reply as the input says. He has every genuine record, and the key of one zone of his own; no other key.</summary>
internal sealed class Adversary
{
    private const int MaximumSteps = 24;
    private static readonly ResponseCode[] Codes = [ResponseCode.NoError, ResponseCode.NameError, ResponseCode.YXDomain, ResponseCode.ServerFailure, ResponseCode.Refused];
    private static readonly ExchangeOutcome[] Outcomes = [ExchangeOutcome.TimedOut, ExchangeOutcome.Unreachable, ExchangeOutcome.Malformed, ExchangeOutcome.Closed, ExchangeOutcome.NotAsked, ExchangeOutcome.None];
    private static readonly uint[] TimesToLive = [0, 1, 300, 86400, int.MaxValue];

    private readonly SignedWorld _world;
    private readonly List<Step> _steps = [];

    internal Adversary(SignedWorld world, Draw draw)
    {
        _world = world;
        while (!draw.IsAtEnd && _steps.Count < MaximumSteps) _steps.Add(Step.Read(draw));
    }

    /// <summary>Whether he leaves everything as it is.</summary>
    internal bool IsHonest => _steps.Count == 0;

    /// <summary>What comes of a question.</summary>
    /// <param name="question">The question.</param>
    /// <param name="number">How many came before it.</param>
    internal Reply Answer(Question question, int number)
    {
        Coverage.Pause();
        var draft = new ReplyDraft(_world.Reply(question));
        var outcome = ExchangeOutcome.Replied;

        // Who rewrites replies rewrites referrals too, and so leads us to believe that we ask the servers of this zone or that.
        DomainName? zone = null;
        foreach (var step in _steps)
        {
            if (!Concerns(step, question, number)) continue;
            var draw = new Draw(step.Choices);
            switch (step.Kind)
            {
                case StepKind.Drop: draft.Drop(draw); break;
                case StepKind.DropType: draft.DropType(draw.Of(JudgeTarget.Types)); break;
                case StepKind.DropSignatures: draft.DropSignatures(draw.Of(JudgeTarget.Types)); break;
                case StepKind.AddRecord: draft.Add(draw, [_world.Records[draw.NextUInt16() % _world.Records.Count]]); break;
                case StepKind.AddSet: draft.Add(draw, _world.Sets[draw.NextUInt16() % _world.Sets.Count].All); break;
                case StepKind.AddRenamed: draft.Add(draw, _world.Sets[draw.NextUInt16() % _world.Sets.Count].As(Name(draw, question)).All); break;
                case StepKind.Alter: draft.Alter(draw); break;
                case StepKind.SetTimeToLive: draft.Change(draw, record => record with { TimeToLive = draw.Of(TimesToLive) }); break;
                case StepKind.SetCode: draft.Code = draw.Of(Codes); break;
                case StepKind.Fail: outcome = draw.Of(Outcomes); break;
                case StepKind.AddForged: draft.Add(draw, Forge(draw, question)); break;
                case StepKind.AnswerOther: draft = new(_world.Reply(new(Name(draw, question), draw.Of(JudgeTarget.Types)))); break;
                case StepKind.Raw: draft.TakeRaw(step.Choices); break;
                case StepKind.Move: draft.Move(draw); break;
                case StepKind.Rename: draft.Change(draw, record => record with { Owner = Name(draw, question) }); break;
                case StepKind.Repeat: draft.Repeat(draw); break;
                case StepKind.ServedBy: zone = question.Name.Suffix(draw.Below(question.Name.LabelCount + 1)); break;
                case StepKind.SignSet: draft.Sign(draw, set => RecordSetSigner.Sign(set, draw.Of(_world.HostileKeys), draw.Below(2) == 0 ? set.Owner : Name(draw, question), SignedZone.Validity)); break;
                case StepKind.AddKey: draft.Prepend(0, AnyKey(draw, question)); break;
                case StepKind.SetFlags: draft.Flags = (MessageFlags)draw.NextUInt16() & (MessageFlags)0x87B0; break;
            }
        }

        var query = new DnsQuery(question, SignedWorld.Server);
        var exchange = outcome == ExchangeOutcome.Replied ? new Exchange(query, outcome) { Message = draft.ToMessage(question) } : new Exchange(query, outcome);
        Coverage.Resume();
        return Reply.Read(exchange, zone);
    }

    private bool Concerns(Step step, Question question, int number) => step.Number switch
    {
        Step.Every => true,
        Step.Own => _world.Holder(question.Name, question.Type).Standing == ZoneStanding.Hostile,
        Step.Keys => question.Type == RecordType.DNSKEY,
        Step.Delegations => question.Type == RecordType.DS,
        _ => step.Number == number,
    };

    private DomainName Name(Draw draw, Question question)
    {
        var choice = draw.Next();
        return choice < 64 ? question.Name.Suffix(choice % (question.Name.LabelCount + 1)) : _world.Names[((choice << 8) | draw.Next()) % _world.Names.Count];
    }

    /// <summary>A key of any form where keys are asked for, and everywhere a signature that claims to be by it.</summary>
    private List<ResourceRecord> AnyKey(Draw draw, Question question)
    {
        var algorithm = (byte)(draw.Next() % 20);
        var key = new DnskeyData((ushort)(draw.Below(4) == 3 ? draw.Next() : 257), (byte)(draw.Below(8) == 7 ? 1 : 3), algorithm, new(draw.Take(draw.Below(128))));
        var (start, end) = (SignedZone.Validity.InceptionSeconds, SignedZone.Validity.ExpirationSeconds);
        var zone = _world.Holder(question.Name, question.Type).Apex;
        var signature = new RrsigData(question.Type, algorithm, (byte)question.Name.LabelCount, 300, end, start, key.KeyTag(), zone, new(draw.Take(64)));
        var record = new ResourceRecord(question.Name, RecordType.RRSIG, RecordClass.IN, 300, signature.ToOctets());
        return question.Type == RecordType.DNSKEY ? [new(question.Name, RecordType.DNSKEY, RecordClass.IN, 300, key.ToOctets()), record] : [record];
    }

    /// <summary>A set of his own making, signed with a key that he has, in whosever name he likes.</summary>
    private List<ResourceRecord> Forge(Draw draw, Question question)
    {
        var (owner, signer, type) = (Name(draw, question), Name(draw, question), draw.Of(JudgeTarget.Types));
        var data = draw.Below(4) switch
        {
            0 => new Octets(draw.Take(4)),
            1 => new NameData(Name(draw, question)).ToOctets(),
            2 => type == RecordType.DS ? draw.Of(_world.HostileKeys).ToDs(owner) : draw.Of(_world.HostileKeys).ToDnskey(),
            _ => _world.Records[draw.NextUInt16() % _world.Records.Count].Data,
        };
        var set = new RecordSet(owner, type, RecordClass.IN, draw.Of(TimesToLive), [data]);
        if (draw.Below(8) == 7) return [.. set.Records];
        return [.. set.Records, RecordSetSigner.Sign(set, draw.Of(_world.HostileKeys), signer, SignedZone.Validity)];
    }
}
