using Danelaw.Dns.Messages;
using Danelaw.Dns.Records;
using Danelaw.Interop.Tests.Hostile.Catalogue.Realm;

namespace Danelaw.Interop.Tests.Hostile.Catalogue;

/// <summary>An attacker without a plan: changes genuine replies record by record, at random. The same seed does the same to the same question.</summary>
internal static class Mutation
{
    /// <summary>An attack that is made of chance.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="victim">Whose lookup is disturbed.</param>
    public static Attack Of(int seed, Question victim) => new()
    {
        Id = $"seed {seed}",
        Aim = Aim.Signatures,
        Does = "changes replies at random",
        StoppedBy = "everything",
        Rule = "RFC 4035 §5",
        Victims = [victim],
        Expected = Outcome.RefusedOrWithstood,
        Change = deal => Change(deal, new Random(unchecked((seed * 486187739) + Fingerprint(deal.Question)))),
    };

    private static DnsMessage Change(Deal deal, Random random)
    {
        // Half of the replies are left alone: who changes everything gets nowhere.
        if (!deal.IsVictims && random.Next(2) == 0) return deal.Reply;
        var reply = deal.Reply;
        for (var steps = 1 + random.Next(4); steps > 0; steps--) reply = Step(deal with { Reply = reply }, random);
        return reply;
    }

    private static DnsMessage Step(Deal deal, Random random)
    {
        var reply = deal.Reply;
        switch (random.Next(12))
        {
            case 0: return reply with { ResponseCode = Pick(random, ResponseCode.NoError, ResponseCode.NameError, ResponseCode.ServerFailure, ResponseCode.Refused, ResponseCode.YXDomain) };
            case 1: return reply with { Flags = reply.Flags ^ Pick(random, MessageFlags.AuthenticData, MessageFlags.AuthoritativeAnswer, MessageFlags.CheckingDisabled, MessageFlags.RecursionAvailable) };
            case 2: return reply.Stripped();
            case 3: return reply.Forged();
            case 4: return reply with { Answers = reply.Authorities, Authorities = reply.Answers };
            case 5:
                // The answer to something else in place of this one.
                var zone = Pick(random, deal.Scene.Zones);
                var other = Pick(random, zone.Records);
                return reply with { Answers = [.. zone.Bare(other.Owner, other.Type), .. zone.Signatures(other.Owner, other.Type)] };
            case 6: return reply with { ResponseCode = Pick(random, ResponseCode.NoError, ResponseCode.NameError), Answers = [], Authorities = [.. SomeDenial(deal, random)] };
            case 7: return reply with { Authorities = [.. reply.Authorities, .. SomeDenial(deal, random)] };
            case 8: return reply with { Answers = [.. Shuffled(reply.Answers, deal, random)] };
            case 9: return reply with { Authorities = [.. Shuffled(reply.Authorities, deal, random)] };
            case 10:
                var whose = Pick(random, deal.Evil, deal.EvilChild);
                ResourceRecord[] his = [.. reply.Answers.Where(record => record.Type != RecordType.RRSIG).Forged()];
                return his.Length == 0 ? reply : reply with { Answers = [.. his.GroupBy(record => (record.Owner, record.Type)).SelectMany(set => deal.Impostor.Sign(set, deal.Impostor.KeyOf(whose.Apex), Pick(random, whose.Apex, deal.Zone.Apex)))] };
            default: return reply with { Additionals = [.. reply.Additionals, .. Shuffled(reply.Answers, deal, random).Forged()] };
        }
    }

    /// <summary>Records of denial from somewhere, some of them signed at another time, never such as the zone still stands by though it has changed.</summary>
    private static IEnumerable<ResourceRecord> SomeDenial(Deal deal, Random random)
    {
        GenuineZone[] near = [deal.Zone, deal.Parent, deal.Sibling, deal.Evil, deal.Scene["."]];
        for (var count = 1 + random.Next(3); count > 0; count--)
        {
            var zone = Pick(random, near);
            ResourceRecord[] denials = [.. zone.Of(zone.UsesNsec3 ? RecordType.NSEC3 : RecordType.NSEC)];
            var record = Pick(random, denials);
            if (random.Next(2) == 0) foreach (var soa in zone.Soa) yield return soa;
            foreach (var part in zone.Signed(record.Owner, record.Type)) yield return part;
        }
    }

    /// <summary>Records dropped, doubled, put into another order, renamed, or changed in an octet.</summary>
    private static IEnumerable<ResourceRecord> Shuffled(IEnumerable<ResourceRecord> records, Deal deal, Random random)
    {
        ResourceRecord[] all = [.. records];
        random.Shuffle(all);
        foreach (var record in all)
        {
            switch (random.Next(8))
            {
                case 0: break;
                case 1:
                    yield return record;
                    yield return record;
                    break;
                case 2 when record.Data.Length > 0:
                    var at = random.Next(record.Data.Length);
                    yield return record.WithOctet(at, octet => (byte)(octet ^ (1 << random.Next(8))));
                    break;
                case 3: yield return record with { Owner = Pick(random, deal.Victim.Name, deal.Zone.Apex, deal.Sibling.Apex, Pick(random, deal.Zone.Records).Owner) }; break;
                case 4: yield return record with { TimeToLive = (uint)random.Next() }; break;
                case 5: yield return record with { Type = Pick(random, RecordType.TXT, deal.Victim.Type, RecordType.CNAME) }; break;
                default: yield return record; break;
            }
        }
    }

    private static T Pick<T>(Random random, params IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];

    // The same in every run, unlike GetHashCode.
    private static int Fingerprint(Question question)
    {
        var sum = (int)question.Type;
        foreach (var octet in question.Name.ToCanonical().Wire) sum = unchecked((sum * 31) + octet);
        return sum;
    }
}
