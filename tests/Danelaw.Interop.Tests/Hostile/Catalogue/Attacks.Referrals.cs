using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Interop.Tests.Hostile.Catalogue.Realm;
using static Danelaw.Interop.Tests.Hostile.Catalogue.Victims;

namespace Danelaw.Interop.Tests.Hostile.Catalogue;

internal static partial class Attacks
{
    /// <summary>What is done to referrals, name servers and their addresses: only who iterates meets it.</summary>
    private static IEnumerable<Attack> Referrals()
    {
        Attack Ref(string does, string stoppedBy, string rule, Func<Deal, DnsMessage> change, Outcome expected = Outcome.Refused, ImmutableArray<Question>? victims = null, string[]? guards = null) =>
            OnAll(Aim.Referrals, does, stoppedBy, rule, victims ?? MxTlsa, change) with { Expected = expected, InStub = false, Guards = [.. guards ?? []] };
        const string Chain = "a referral says whom to ask, never what is true";
        const string Down = "referrals lead down only, and towards the name";

        // Away to his own servers.
        yield return Ref("refers to his own servers with the genuine DS set, and forges there", Chain, "RFC 4035 §5", deal => IsHis(deal) ? Bare(Taken(deal)) : Referred(deal, [ToHim(deal, deal.Zone.Apex)], Hers(deal)));
        yield return Ref("refers to his own servers with the genuine DS set, and replays the genuine records there", "the records are the zone's own, whoever hands them over", "RFC 4035 §5", deal => IsHis(deal) ? Taken(deal).Reply : Referred(deal, [ToHim(deal, deal.Zone.Apex)], Hers(deal)), Outcome.RefusedOrWithstood, guards: ["iterate-servers-anew"]);
        yield return Ref("refers to his own servers, leaves out the DS set, and forges there", "only an authenticated denial of DS makes a zone insecure", "RFC 4035 §5.2", deal => IsHis(deal) ? Bare(Taken(deal)) : Referred(deal, [ToHim(deal, deal.Zone.Apex)], []), guards: ["iterate-referral-ds"]);
        yield return Ref("refers to his own servers with a DS set of his own, and signs there", "the DS set is signed by the zone above", "RFC 4035 §5.2", deal => IsHis(deal) ? Own(Taken(deal)) : Referred(deal, [ToHim(deal, deal.Zone.Apex)], deal.Impostor.Sign([Ds(deal.Zone.Apex, deal.Impostor.Fresh.ToDs(deal.Zone.Apex))], deal.Impostor.KeyOf(deal.Evil.Apex), deal.Evil.Apex)), guards: ["dnssec-signer-name"]);
        yield return Ref("leads the zone's own name server to his address by glue, and forges there", Chain, "RFC 4035 §5", deal => IsHis(deal) ? Bare(Taken(deal)) : deal.IsReferral(deal.Zone.Apex) ? deal.Reply with { Additionals = [.. deal.Reply.Additionals.Where(record => record.Type != RecordType.A), A(deal.In("ns"), RealmPlan.Address(RealmPlan.Attacker))] } : deal.Reply, guards: ["iterate-servers-anew"]);
        yield return Ref("refers from the root to his own servers as those of the zone, past the zones between", Chain, "RFC 4035 §5", deal => IsHis(deal) ? Bare(Taken(deal)) : deal.IsReferral(DomainName.Parse(deal.Tree)) ? deal.Reply with { Authorities = [ToHim(deal, deal.Zone.Apex)], Additionals = [Glue(deal)] } : deal.Reply);
        yield return Ref("gives his own server as the root's, and forges everything there", "the anchors are given, not asked for", "RFC 9609 §5", deal => deal.Asks(DomainName.Root, RecordType.NS) ? deal.Answered([ToHim(deal, DomainName.Root)]) with { Additionals = [Glue(deal)] } : IsHis(deal) ? Taken(deal).Reply.Stripped().Forged() : deal.Reply, guards: ["iterate-priming", "iterate-servers-anew"]);
        yield return Ref("refers to a zone within the zone, at the name itself, without DS, and forges there", "the zone's own record denies that a cut is there", "RFC 4035 §5.2", deal => IsHis(deal) ? Taken(deal).Reply.Stripped().Forged() : deal.Question.Name.IsAtOrBelow(deal.Victim.Name) ? deal.Reply with { Flags = deal.Reply.Flags & ~MessageFlags.AuthoritativeAnswer, Answers = [], Authorities = [ToHim(deal, deal.Victim.Name)], Additionals = [Glue(deal)] } : deal.Reply, victims: Www);
        yield return Ref("refers to a zone within the zone with the genuine proof of another, unsigned one", "the records neither match nor cover the name", "RFC 4035 §5.2", deal => IsHis(deal) ? Taken(deal).Reply.Stripped().Forged() : deal.IsVictims ? deal.Reply with { Flags = deal.Reply.Flags & ~MessageFlags.AuthoritativeAnswer, Answers = [], Authorities = [ToHim(deal, deal.Victim.Name), .. DenialOfPlain(deal).Where(record => record.Type != RecordType.SOA && !record.Covers(RecordType.SOA))], Additionals = [Glue(deal)] } : deal.Reply, victims: Www, guards: ["dnssec-delegation-needs-ns-bit"]);

        // Poison in what goes beside.
        yield return Ref("names himself as the zone's server beside every answer", "the servers of a zone are those that the zone above refers to", "RFC 2181 §5.4.1", deal => deal.Reply.Answers.IsEmpty ? deal.Reply : deal.Reply with { Authorities = [ToHim(deal, deal.Zone.Apex), .. deal.Reply.Authorities], Additionals = [.. deal.Reply.Additionals, Glue(deal)] }, Outcome.Withstood, guards: ["iterate-bailiwick"]);
        yield return Ref("adds his address as that of every name server to every reply", "addresses of other zones' names are not the zone's to give", "RFC 2181 §5.4.1", deal => deal.Reply with { Additionals = [.. deal.Reply.Additionals, .. ((string[])["a.root-ns.", $"ns.{deal.Tree}", $"ns.sib.{deal.Tree}", "ns.two.nsec."]).Select(name => A(DomainName.Parse(name), RealmPlan.Address(RealmPlan.Attacker)))] }, Outcome.RefusedOrWithstood, guards: ["iterate-bailiwick"]);
        yield return Ref("lets the servers of his own zone name him as server of the zone beside it", "a zone refers to names below it alone", "RFC 2181 §5.4.1", deal => deal.Question.Name.IsAtOrBelow(deal.Evil.Apex) && !deal.Reply.Answers.IsEmpty ? deal.Reply with { Authorities = [.. deal.Reply.Authorities, ToHim(deal, DomainName.Parse($"sec.{deal.Tree}")), ToHim(deal, DomainName.Parse(deal.Tree))], Additionals = [.. deal.Reply.Additionals, Glue(deal), A(DomainName.Parse($"ns.sec.{deal.Tree}"), RealmPlan.Address(RealmPlan.Attacker)), A(DomainName.Parse($"ns.{deal.Tree}"), RealmPlan.Address(RealmPlan.Attacker))] } : deal.Reply, Outcome.Withstood, InEach("evil.", ("www", RecordType.A)), guards: ["iterate-bailiwick"]);
        yield return Ref("adds a referral for another zone to the genuine one", Down, "RFC 1034 §5.3.3", deal => deal.IsReferral(deal.Zone.Apex) ? deal.Reply with { Authorities = [.. deal.Reply.Authorities, ToHim(deal, DomainName.Parse($"sib.{deal.Tree}"))], Additionals = [.. deal.Reply.Additionals, Glue(deal)] } : deal.Reply, Outcome.Withstood);
        yield return Ref("gives referrals a TTL of years", "nothing is kept for longer than a day", "RFC 8767 §4", deal => deal.Reply with { Authorities = [.. deal.Reply.Authorities.Each(RecordType.NS, record => record with { TimeToLive = int.MaxValue })] }, Outcome.Withstood);
        yield return Ref("gives referrals a TTL of 0", "a referral is followed at once", "RFC 2181 §8", deal => deal.Reply with { Authorities = [.. deal.Reply.Authorities.Each(RecordType.NS, record => record with { TimeToLive = 0 })] }, Outcome.Withstood);

        // Nowhere, back, around.
        yield return Ref("refers back to the zone itself", Down, "RFC 1034 §5.3.3", deal => InZone(deal) ? Lead(deal, deal.Zone.Apex) : deal.Reply, guards: ["iterate-referrals-down"]);
        yield return Ref("refers up to the root", Down, "RFC 1034 §5.3.3", deal => InZone(deal) ? Lead(deal, DomainName.Root) : deal.Reply, guards: ["iterate-referrals-down"]);
        yield return Ref("refers to the zone beside it", Down, "RFC 1034 §5.3.3", deal => InZone(deal) ? Lead(deal, deal.Sibling.Apex) : deal.Reply, guards: ["iterate-referrals-down"]);
        yield return Ref("refers to the name's own children", Down, "RFC 1034 §5.3.3", deal => InZone(deal) ? Lead(deal, deal.Victim.Name.Prepend("below")) : deal.Reply);
        yield return Ref("refers to servers whose names are in one another's zones", "circles are noticed and limited", "RFC 1912 §2.8", deal => deal.IsReferral(deal.Zone.Apex) ? deal.Reply with { Authorities = [.. Hers(deal), new(deal.Zone.Apex, RecordType.NS, RecordClass.IN, 3600, new NameData(DomainName.Parse($"ns.sib.{deal.Tree}")).ToOctets())], Additionals = [] }
            : deal.IsReferral(deal.Sibling.Apex) ? deal.Reply with { Authorities = [new(deal.Sibling.Apex, RecordType.NS, RecordClass.IN, 3600, new NameData(deal.In("ns")).ToOctets())], Additionals = [] } : deal.Reply, guards: ["iterate-circle"]);
        yield return Ref("refers to a hundred servers that are not there", "lookups of servers' addresses are limited", "RFC 9520 §3.1", deal => deal.IsReferral(deal.Zone.Apex) ? deal.Reply with { Authorities = [.. Hers(deal), .. Enumerable.Range(0, 100).Select(i => new ResourceRecord(deal.Zone.Apex, RecordType.NS, RecordClass.IN, 3600, new NameData(DomainName.Parse(string.Create(CultureInfo.InvariantCulture, $"n{i}.no-such-zone.{deal.Tree}"))).ToOctets()))], Additionals = [] } : deal.Reply, guards: ["iterate-limit-addresses"]);
        yield return Ref("gives addresses that nobody can have as glue", "such addresses are not asked", "RFC 1122 §3.2.1.3", deal => deal.IsReferral(deal.Zone.Apex) ? deal.Reply with { Additionals = [A(deal.In("ns"), "0.0.0.0"), A(deal.In("ns"), "255.255.255.255"), A(deal.In("ns"), "224.0.0.1")] } : deal.Reply);

        // Servers that lie about their part.
        yield return Ref("lets the server of the zone above answer in place of the zone, with forged data", Chain, "RFC 4035 §5", deal => deal.IsReferral(deal.Zone.Apex) && deal.IsVictims ? deal.Answered(deal.Zone.Bare(deal.Victim.Name, deal.Victim.Type).Forged()) : deal.Reply, Outcome.RefusedOrWithstood, InEach("sec.", ("", RecordType.A)));
        yield return Ref("lets the server of the zone above answer in place of the zone, with genuine data", "the records are the zone's own, whoever hands them over", "RFC 4035 §5", deal => deal.IsReferral(deal.Zone.Apex) && deal.IsVictims ? deal.Answered(deal.Set) : deal.Reply, Outcome.RefusedOrWithstood, InEach("sec.", ("", RecordType.A)));
        yield return Ref("says NXDOMAIN to every question that shows only a part of the name", "such a word on a part of the name does not end the search", "RFC 9156 §2.3", deal => InZone(deal) && !deal.IsVictims && deal.Question.Type == RecordType.A ? deal.Denied(ResponseCode.NameError) : deal.Reply, Outcome.RefusedOrWithstood, InEach("sec.", ("a.b.ent", RecordType.A)), guards: ["iterate-empty-non-terminal"]);
        yield return Ref("denies the places above the name by the proof for another name", "such a word on a part of the name does not end the search", "RFC 9156 §2.3", deal => InZone(deal) && !deal.IsVictims && deal.Question.Type == RecordType.A ? deal.Denied(ResponseCode.NameError, deal.Zone.NameError(deal.In("zzz-no-such-name"))) : deal.Reply, Outcome.RefusedOrWithstood, InEach("sec.", ("a.b.ent", RecordType.A)));
        yield return Ref("refuses everything about the zone", "a refusal is evidence of nothing", "RFC 4035 §4.3", deal => InZone(deal) ? deal.Denied(ResponseCode.Refused) : deal.Reply);
        yield return Ref("clears AA in the zone's answers", "who does not serve the zone is not believed", "RFC 2181 §5.4.1", deal => InZone(deal) ? deal.Reply with { Flags = deal.Reply.Flags & ~MessageFlags.AuthoritativeAnswer } : deal.Reply, Outcome.RefusedOrWithstood, guards: ["iterate-lame-without-authority"]);
        yield return Ref("sets AA in referrals", "what refers is a referral", "RFC 1034 §5.3.3", deal => deal.Reply.Answers.IsEmpty && deal.Reply.Authorities.Any(record => record.Type == RecordType.NS) ? deal.Reply with { Flags = deal.Reply.Flags | MessageFlags.AuthoritativeAnswer } : deal.Reply, Outcome.RefusedOrWithstood);
        yield return Ref("spells referrals in capitals", "names are compared without case", "RFC 4343 §3", deal => deal.Reply with { Authorities = [.. deal.Reply.Authorities.Each(RecordType.NS, record => record with { Owner = Upper(record.Owner) })] }, Outcome.Withstood);
        yield return Ref("puts an alias in place of the referral", "an alias bears a signature like everything else", "RFC 4035 §5", deal => deal.IsReferral(deal.Zone.Apex) ? deal.Answered(Cname(deal.Question.Name, Evil(deal))) : deal.Reply);
        yield return Ref("answers the DS question by the child's own denial", "the DS set is the parent's", "RFC 4035 §3.1.4.1", deal => deal.DecidesDs(deal.Zone.Apex) ? deal.Denied(ResponseCode.NoError, deal.Zone.NoData(deal.Zone.Apex)) : Bare(deal), guards: ["dnssec-child-side-denies-no-ds"]);
    }

    /// <summary>Whether his own server answers, who would refuse what is asked.</summary>
    private static bool IsHis(Deal deal) => deal.Reply.ResponseCode == ResponseCode.Refused;

    /// <summary>His server's refusal as the answer that the zone itself would give.</summary>
    private static Deal Taken(Deal deal)
    {
        var zone = deal.Scene.Holder(deal.Question.Name, deal.Question.Type);
        ResourceRecord[] set = [.. zone.Bare(deal.Question.Name, deal.Question.Type), .. zone.Signatures(deal.Question.Name, deal.Question.Type)];
        var reply = set.Length > 0 ? deal.Answered(set) : deal.Denied(ResponseCode.NoError, zone.Soa);
        return deal with { Reply = reply with { Flags = reply.Flags | MessageFlags.AuthoritativeAnswer } };
    }

    private static bool InZone(Deal deal) => deal.Question.Name.IsAtOrBelow(deal.Zone.Apex) && deal.Question.Type is not (RecordType.DS or RecordType.DNSKEY) && (deal.Reply.Flags & MessageFlags.AuthoritativeAnswer) != 0;

    private static DnsMessage Referred(Deal deal, IEnumerable<ResourceRecord> servers, IEnumerable<ResourceRecord> signers) =>
        deal.IsReferral(deal.Zone.Apex) ? deal.Reply with { Authorities = [.. servers, .. signers], Additionals = [Glue(deal)] } : deal.Reply;

    private static DnsMessage Lead(Deal deal, DomainName zone) =>
        deal.Reply with { Flags = deal.Reply.Flags & ~MessageFlags.AuthoritativeAnswer, ResponseCode = ResponseCode.NoError, Answers = [], Authorities = [ToHim(deal, zone)], Additionals = [Glue(deal)] };

    /// <summary>The genuine DS set of the victim's zone.</summary>
    private static IReadOnlyList<ResourceRecord> Hers(Deal deal) => deal.Parent.Signed(deal.Zone.Apex, RecordType.DS);

    private static ResourceRecord ToHim(Deal deal, DomainName zone) => new(zone, RecordType.NS, RecordClass.IN, 604800, new NameData(DomainName.Parse($"ns.evil.{deal.Tree}")).ToOctets());

    private static ResourceRecord Glue(Deal deal) => A(DomainName.Parse($"ns.evil.{deal.Tree}"), RealmPlan.Address(RealmPlan.Attacker));

    private static ResourceRecord A(DomainName owner, string address) => new(owner, RecordType.A, RecordClass.IN, 300, AddressData.ToOctets(IPAddress.Parse(address)));
}
