using System.Collections.Immutable;
using Danelaw.Dns;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using static Danelaw.Interop.Tests.Hostile.Catalogue.Victims;

namespace Danelaw.Interop.Tests.Hostile.Catalogue;

internal static partial class Attacks
{
    /// <summary>What is done with CNAME and DNAME.</summary>
    private static IEnumerable<Attack> Aliases()
    {
        Attack Ali(string does, string stoppedBy, string rule, Func<Deal, DnsMessage> change, ImmutableArray<Question>? victims = null, Outcome expected = Outcome.Refused, string[]? guards = null) =>
            OnVictim(Aim.Aliases, does, stoppedBy, rule, victims ?? Alias, change) with { Expected = expected, Guards = [.. guards ?? []] };
        const string Unsigned = "an alias bears a signature like everything else";
        ImmutableArray<Question> belowDname = InEach("sec.", ("host.tree", RecordType.A));
        ImmutableArray<Question> chain = InEach("sec.", ("chain1", RecordType.A));
        ImmutableArray<Question> wildAlias = [.. In("sec.nsec.", ("x.wildalias", RecordType.A)), .. In("sec.hash.", ("x.wildalias", RecordType.A))];
        ImmutableArray<Question> thereAlias = InEach("sec.", ("there.wildalias", RecordType.A));

        // CNAME.
        yield return Ali("sends an alias of his own to a name that is signed", Unsigned, "RFC 4035 §5", deal => deal.Answered([Cname(deal.Victim.Name, Evil(deal)), .. deal.Evil.Signed(Evil(deal), RecordType.A)]), Www);
        yield return Ali("sends an alias of his own to an unsigned zone", Unsigned, "RFC 4035 §5", deal => deal.Answered([Cname(deal.Victim.Name, DomainName.Parse($"www.plain.{deal.Tree}"))]), Www);
        yield return Ali("signs an alias by the key of his own zone beside it", "the signer must be the zone that holds the name", "RFC 4035 §5.3.1", deal => deal.Answered([.. deal.Impostor.Sign([Cname(deal.Victim.Name, Evil(deal))], deal.Impostor.KeyOf(deal.Evil.Apex), deal.Evil.Apex), .. deal.Evil.Signed(Evil(deal), RecordType.A)]), Www, guards: ["dnssec-signer-name"]);
        yield return Ali("signs an alias by his own key in the zone's name", "the key is not in the zone's key set", "RFC 4035 §5.3.1", deal => deal.Answered([.. deal.Impostor.SignAs([Cname(deal.Victim.Name, Evil(deal))], deal.Impostor.Fresh, deal.Zone.Apex, TagOf(deal.Zone)), .. deal.Evil.Signed(Evil(deal), RecordType.A)]), Www);
        yield return Ali("moves the genuine alias of another name, which leads to his zone, to this name", "the signature is over the other owner", "RFC 4034 §3.1.8.1", deal => deal.Answered([.. deal.Zone.Signed(deal.In("to-evil"), RecordType.CNAME).At(deal.Victim.Name), .. deal.Evil.Signed(Evil(deal), RecordType.A)]), Www);
        yield return Ali("moves the same name's genuine alias of another zone to this name", "the signer must be the zone that holds the name", "RFC 4035 §5.3.1", deal => deal.Answered([.. deal.Sibling.Signed(DomainName.Parse($"alias.{deal.Sibling.Apex}"), RecordType.CNAME).At(deal.Victim.Name), .. deal.Sibling.Signed(DomainName.Parse($"www.{deal.Sibling.Apex}"), RecordType.A)]), guards: ["dnssec-signer-name"]);
        yield return Ali("leads the genuine alias elsewhere", "the signature is over the target", "RFC 4035 §5.3.3", deal => deal.Answered([Cname(deal.Victim.Name, Evil(deal)), .. deal.Zone.Signatures(deal.Victim.Name, RecordType.CNAME), .. deal.Evil.Signed(Evil(deal), RecordType.A)]));
        yield return Ali("strips the alias's signature", Unsigned, "RFC 4035 §5", deal => deal.Reply with { Answers = deal.Reply.Answers.RemoveAll(record => record.Covers(RecordType.CNAME)) }, guards: ["dnssec-no-signature-no-insecurity"]);
        yield return Ali("adds a second target to the alias", "an alias has one target", "RFC 2181 §10.1", deal => deal.Reply with { Answers = [Cname(deal.Victim.Name, Evil(deal)), .. deal.Reply.Answers] });
        yield return Ali("leaves the alias out and gives the target's data under the alias's name", "the signature is over the other owner", "RFC 4034 §3.1.8.1", deal => deal.Answered(deal.Zone.Signed(deal.In("www"), RecordType.A).At(deal.Victim.Name)));
        yield return Ali("leaves the alias out and gives the target's data under the target's name", "what nobody asked for is no answer, and nothing is denied by it", "RFC 4035 §5.4", deal => deal.Answered(deal.Zone.Signed(deal.In("www"), RecordType.A)), guards: ["dnssec-denial-needs-proof"]);
        yield return Ali("replaces the target's data and strips their signature", "the alias is secure, its target's data are not", "RFC 4035 §5", deal => deal.Reply with { Answers = [.. deal.Zone.Signed(deal.Victim.Name, RecordType.CNAME), .. deal.Zone.Bare(deal.In("www"), RecordType.A).Forged()] }) with { Expected = Outcome.RefusedOrWithstood };
        yield return Ali("replaces the target's data by signed data of another name", "the signature is over the other owner", "RFC 4034 §3.1.8.1", deal => deal.Reply with { Answers = [.. deal.Zone.Signed(deal.Victim.Name, RecordType.CNAME), .. deal.Zone.Signed(deal.In("other"), RecordType.A).At(deal.In("www"))] }) with { Expected = Outcome.RefusedOrWithstood };
        yield return Ali("gives the target's data, signed in the name of his own zone", "the signer must be the zone that holds the name", "RFC 4035 §5.3.1", deal => deal.Reply with { Answers = [.. deal.Zone.Signed(deal.Victim.Name, RecordType.CNAME), .. deal.Impostor.Sign(deal.Zone.Bare(deal.In("www"), RecordType.A).Forged(), deal.Impostor.KeyOf(deal.Evil.Apex), deal.Evil.Apex)] }, guards: ["dnssec-signer-name"]) with { Expected = Outcome.RefusedOrWithstood };
        yield return Ali("sends the alias alone", "what the reply does not say is asked for", "RFC 1034 §3.6.2", deal => deal.Answered(deal.Zone.Signed(deal.Victim.Name, RecordType.CNAME)), expected: Outcome.Withstood);
        yield return Ali("turns the order of a chain of aliases around", "records of a section have no order", "RFC 1034 §3.6.2", deal => deal.Reply with { Answers = [.. deal.Reply.Answers.Reverse()] }, chain, Outcome.Withstood);
        yield return Ali("leaves a link of a chain of aliases out", "what the reply does not say is asked for", "RFC 1034 §3.6.2", deal => deal.Reply with { Answers = deal.Reply.Answers.RemoveAll(record => record.Owner == deal.In("chain2")) }, chain, Outcome.RefusedOrWithstood);
        yield return Ali("makes a link of a chain of aliases lead back to its beginning", "the signature is over the target", "RFC 4035 §5.3.3", deal => deal.Reply with { Answers = [.. deal.Reply.Answers.Select(record => record.Type == RecordType.CNAME && record.Owner == deal.In("chain2") ? Cname(record.Owner, deal.Victim.Name) : record)] }, chain) with { Expected = Outcome.RefusedOrWithstood };
        yield return Ali("sends an unsigned alias to itself", Unsigned, "RFC 4035 §5", deal => deal.Answered(Cname(deal.Victim.Name, deal.Victim.Name)), Www, guards: ["dnssec-circle"]);
        yield return Ali("sends a thousand unsigned aliases, one leading to the next", Unsigned, "RFC 4035 §5", deal => deal.Answered([Cname(deal.Victim.Name, deal.In("c0")), .. Enumerable.Range(0, 1000).Select(i => Cname(deal.In($"c{i}"), deal.In($"c{i + 1}")))]), Www);
        yield return Ali("says NXDOMAIN of an alias whose target is there", "the answer that is signed is an answer", "RFC 6604 §3", deal => deal.Reply with { ResponseCode = ResponseCode.NameError }, expected: Outcome.RefusedOrWithstood);
        yield return Ali("leaves out the alias and proves that its target's neighbour is not there", "the records neither match nor cover the name", "RFC 4035 §5.4", deal => deal.Denied(ResponseCode.NameError, deal.Zone.NameError(deal.In("zzz-no-such-name"))));
        yield return Ali("answers a name that is no alias with the alias that a wildcard makes", "the proof that no closer name exists cannot be given", "RFC 4035 §5.3.4", deal => deal.Answered([.. deal.Zone.Signed(deal.In("*.wildalias"), RecordType.CNAME).At(deal.Victim.Name), .. deal.Zone.Signed(deal.In("www"), RecordType.A)]), thereAlias, guards: ["dnssec-expansion-needs-proof"]);
        yield return Ali("answers a name that is no alias with a wildcard's alias and the proof for another name", "the proof must be for this name", "RFC 4035 §5.3.4", deal => deal.Answered([.. deal.Zone.Signed(deal.In("*.wildalias"), RecordType.CNAME).At(deal.Victim.Name), .. deal.Zone.Signed(deal.In("www"), RecordType.A)]).WithAuthority(deal.Zone.Covering(deal.In("x.wildalias"))), thereAlias);
        yield return Ali("takes the proof away from the alias that a wildcard makes", "an expansion needs its proof", "RFC 4035 §5.3.4", deal => deal.Reply with { Authorities = [] }, wildAlias, guards: ["dnssec-expansion-needs-proof"]);
        yield return Ali("adds unsigned aliases and data of names that nobody asked for", "what nobody asked for is not judged and not kept", "RFC 2181 §5.4.1", deal => deal.Reply with { Answers = [.. deal.Reply.Answers, Cname(deal.In("other"), Evil(deal)), Cname(deal.Zone.Apex, Evil(deal))] }, expected: Outcome.Withstood);
        yield return Ali("follows the genuine alias to another zone and forges the data there", "each link is judged in its own zone", "RFC 4035 §5", deal => deal.Reply with { Answers = [.. deal.Zone.Signed(deal.Victim.Name, RecordType.CNAME), .. deal.Scene[$"child.sec.{deal.Tree}"].Bare(DomainName.Parse($"www.child.sec.{deal.Tree}"), RecordType.A).Forged()] }, InEach("sec.", ("across", RecordType.A)))
            with { Expected = Outcome.RefusedOrWithstood };
        yield return Ali("follows the genuine alias to another zone and forges the data there, signed in the name of the alias's zone", "the signer must be the zone that holds the name", "RFC 4035 §5.3.1", deal => deal.Reply with { Answers = [.. deal.Zone.Signed(deal.Victim.Name, RecordType.CNAME), .. deal.Impostor.SignAs([new(DomainName.Parse($"www.child.sec.{deal.Tree}"), RecordType.A, RecordClass.IN, 300, Octets.Copy([192, 0, 2, 66]))], deal.Impostor.Fresh, deal.Zone.Apex, TagOf(deal.Zone))] }, InEach("sec.", ("across", RecordType.A)))
            with { Expected = Outcome.RefusedOrWithstood };

        // DNAME.
        yield return Ali("leads the CNAME of a DNAME elsewhere", "the CNAME must be the one that the DNAME makes", "RFC 6672 §5.3.1", deal => deal.Answered([.. deal.Zone.Signed(deal.In("tree"), RecordType.DNAME), Cname(deal.Victim.Name, Evil(deal)), .. deal.Evil.Signed(Evil(deal), RecordType.A)]), belowDname, Outcome.RefusedOrWithstood, ["dnssec-dname-cname"]);
        yield return Ali("leaves the DNAME out and gives the CNAME that it makes", Unsigned, "RFC 6672 §5.3.1", deal => deal.Answered([Cname(deal.Victim.Name, deal.In("host.target")), .. deal.Zone.Signed(deal.In("host.target"), RecordType.A)]), belowDname) with { Expected = Outcome.RefusedOrWithstood };
        yield return Ali("leaves out the CNAME that the DNAME makes", "it is made here", "RFC 6672 §3.1", deal => deal.Reply with { Answers = deal.Reply.Answers.RemoveAll(record => record.Type == RecordType.CNAME) }, belowDname, Outcome.Withstood);
        yield return Ali("leads the DNAME elsewhere", "the signature is over the target", "RFC 4035 §5.3.3", deal => deal.Answered([Dname(deal.In("tree"), deal.Evil.Apex), .. deal.Zone.Signatures(deal.In("tree"), RecordType.DNAME), Cname(deal.Victim.Name, deal.Evil.Apex.Prepend("host"))]), belowDname);
        yield return Ali("replays another DNAME of the zone above the name", "the signature is over the other owner", "RFC 4034 §3.1.8.1", deal => deal.Answered([.. deal.Zone.Signed(deal.In("bush"), RecordType.DNAME).At(deal.In("tree")), Cname(deal.Victim.Name, deal.In("host.www"))]), belowDname);
        yield return Ali("puts a DNAME of the zone over a name that stands beside it", "a DNAME renames what is below it alone", "RFC 6672 §2.2", deal => deal.Answered([.. deal.Zone.Signed(deal.In("tree"), RecordType.DNAME), Cname(deal.Victim.Name, deal.In("host.target")), .. deal.Zone.Signed(deal.In("host.target"), RecordType.A)]), Www);
        yield return Ali("puts an unsigned DNAME over the zone", Unsigned, "RFC 4035 §5", deal => deal.Answered([Dname(deal.Zone.Apex, deal.Evil.Apex), Cname(deal.Victim.Name, Evil(deal)), .. deal.Evil.Signed(Evil(deal), RecordType.A)]), Www);
        yield return Ali("puts a DNAME over the top-level domain, signed by his own zone", "the signer must be the zone that holds the name", "RFC 4035 §5.3.1", deal => deal.Answered([.. deal.Impostor.Sign([Dname(deal.Parent.Apex, deal.Evil.Apex)], deal.Impostor.KeyOf(deal.Evil.Apex), deal.Evil.Apex), Cname(deal.Victim.Name, DomainName.Parse($"www.sec.{deal.Evil.Apex}"))]), Www, guards: ["dnssec-signer-name"]);
        yield return Ali("moves a signed DNAME of his own zone over the attacked one", "the signer must be the zone that holds the name", "RFC 4035 §5.3.1", deal => deal.Answered([.. deal.Evil.Signed(DomainName.Parse($"tree.{deal.Evil.Apex}"), RecordType.DNAME).At(deal.Zone.Apex), Cname(deal.Victim.Name, DomainName.Parse($"www.target.{deal.Evil.Apex}"))]), Www);
        yield return Ali("strips the DNAME's signature", Unsigned, "RFC 6672 §5.3.1", deal => deal.Reply with { Answers = deal.Reply.Answers.RemoveAll(record => record.Covers(RecordType.DNAME)) }, belowDname);
        yield return Ali("adds a second DNAME", "a DNAME has one target", "RFC 6672 §2.4", deal => deal.Reply with { Answers = [Dname(deal.In("tree"), deal.Evil.Apex), .. deal.Reply.Answers] }, belowDname);
        yield return Ali("says YXDOMAIN of a name below a DNAME", "the DNAME's target fits", "RFC 6672 §2.2", deal => deal.Reply with { ResponseCode = ResponseCode.YXDomain, Answers = [.. deal.Zone.Signed(deal.In("tree"), RecordType.DNAME)] }, belowDname, Outcome.RefusedOrWithstood);
    }

    private static DomainName Evil(Deal deal) => deal.Evil.Apex.Prepend("www");

    private static ResourceRecord Cname(DomainName owner, DomainName target) => new(owner, RecordType.CNAME, RecordClass.IN, 300, new NameData(target).ToOctets());

    private static ResourceRecord Dname(DomainName owner, DomainName target) => new(owner, RecordType.DNAME, RecordClass.IN, 300, new NameData(target).ToOctets());
}
