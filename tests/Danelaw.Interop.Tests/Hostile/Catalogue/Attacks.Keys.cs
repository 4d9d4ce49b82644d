using System.Collections.Immutable;
using Danelaw.Dns;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Signing;
using Danelaw.Interop.Tests.Hostile.Catalogue.Realm;
using static Danelaw.Interop.Tests.Hostile.Catalogue.Victims;

namespace Danelaw.Interop.Tests.Hostile.Catalogue;

internal static partial class Attacks
{
    /// <summary>What is done to the zone's keys.</summary>
    private static IEnumerable<Attack> Keys()
    {
        Attack Key(string does, string stoppedBy, string rule, Func<Deal, IEnumerable<ResourceRecord>> keys, ImmutableArray<Question>? victims = null, Func<Deal, DnsMessage>? elsewhere = null, Outcome expected = Outcome.Refused, string[]? guards = null) =>
            OnAll(Aim.Keys, does, stoppedBy, rule, victims ?? MxTlsa, deal => deal.Asks(deal.Zone.Apex, RecordType.DNSKEY) ? deal.Answered(keys(deal)) : elsewhere?.Invoke(deal) ?? deal.Reply) with { Expected = expected, Guards = [.. guards ?? []] };
        Attack Reply(string does, string stoppedBy, string rule, Func<Deal, DnsMessage> change, Outcome expected = Outcome.Refused, string[]? guards = null) =>
            OnAll(Aim.Keys, does, stoppedBy, rule, MxTlsa, deal => deal.Asks(deal.Zone.Apex, RecordType.DNSKEY) ? change(deal) : deal.Reply) with { Expected = expected, Guards = [.. guards ?? []] };
        const string Arithmetic = "the key set's signature does not verify over what is there";
        ImmutableArray<Question> twoKeys = In("sec.hash.", ("_25._tcp.mx", RecordType.TLSA));

        // Data signed by a key that he would like to be in the set.
        static DnsMessage ByFresh(Deal deal) => deal.IsVictims ? deal.Answered(deal.Impostor.Sign(deal.Zone.Bare(deal.Victim.Name, deal.Victim.Type).Forged(), deal.Impostor.Fresh, deal.Zone.Apex)) : deal.Reply;
        static IReadOnlyList<ResourceRecord> Genuine(Deal deal) => deal.Zone.Signed(deal.Zone.Apex, RecordType.DNSKEY);
        static ResourceRecord Record(Deal deal, Octets key) => new(deal.Zone.Apex, RecordType.DNSKEY, RecordClass.IN, 3600, key);

        yield return Key("takes the signatures off the keys", "a key set has to be signed by a key that the DS set names", "RFC 4035 §5.2", deal => Genuine(deal).Without(record => record.Type == RecordType.RRSIG), guards: ["dnssec-key-set-signed"]);
        yield return Reply("answers that there are no keys", "the DS set demands keys", "RFC 4035 §5.2", deal => deal.Denied(ResponseCode.NoError));
        yield return Reply("answers that there are no keys, with the neighbour's proof for it", "the DS set demands keys", "RFC 4035 §5.2", deal => deal.Denied(ResponseCode.NoError, deal.Parent.NoData(deal.Zone.Apex)));
        yield return Reply("answers that the zone does not exist", "the DS set demands keys", "RFC 4035 §5.2", deal => deal.Denied(ResponseCode.NameError, deal.Parent.NameError(deal.Parent.Apex.Prepend("zzz-no-such-zone"))));
        yield return Reply("answers the key question with SERVFAIL", "a failed lookup is evidence of nothing", "RFC 4035 §4.3", deal => deal.Denied(ResponseCode.ServerFailure));
        yield return Key("gives the neighbour's keys under the zone's name", "no key is named by the DS set", "RFC 4035 §5.2", deal => deal.Sibling.Signed(deal.Sibling.Apex, RecordType.DNSKEY).At(deal.Zone.Apex));
        yield return Key("gives the parent's keys under the zone's name", "no key is named by the DS set", "RFC 4035 §5.2", deal => deal.Parent.Signed(deal.Parent.Apex, RecordType.DNSKEY).At(deal.Zone.Apex));
        yield return Key("adds a key of his own and signs data with it", Arithmetic, "RFC 4035 §5.2", deal => [.. Genuine(deal), Record(deal, deal.Impostor.Fresh.ToDnskey())], elsewhere: ByFresh);
        yield return Key("adds a key of his own, signs the key set with it, and data too", "the key set has to be signed by a key that the DS set names", "RFC 4035 §5.2",
            deal => [.. deal.Impostor.Sign([.. Genuine(deal).Where(record => record.Type == RecordType.DNSKEY), Record(deal, deal.Impostor.Fresh.ToDnskey())], deal.Impostor.Fresh, deal.Zone.Apex)], elsewhere: ByFresh, guards: ["dnssec-key-set-signed"]);
        yield return Key("adds a key of his own, signs the key set with it beside the genuine signature, and data too", "the key set has to be signed by a key that the DS set names", "RFC 4035 §5.2",
            deal => [.. deal.Impostor.Sign([.. Genuine(deal).Where(record => record.Type == RecordType.DNSKEY), Record(deal, deal.Impostor.Fresh.ToDnskey())], deal.Impostor.Fresh, deal.Zone.Apex), .. Genuine(deal).Where(record => record.Type == RecordType.RRSIG)], elsewhere: ByFresh);
        yield return Key("gives a key set of his own key alone, signed by it, and data too", "no key is named by the DS set", "RFC 4035 §5.2", deal => deal.Impostor.Sign([Record(deal, deal.Impostor.Fresh.ToDnskey())], deal.Impostor.Fresh, deal.Zone.Apex), elsewhere: ByFresh, guards: ["dnssec-digest-fits"]);
        yield return Key("gives a key set of one key of his with the tag that the DS set names, signed by it, and data too", "the digest is not that of the key", "RFC 4034 App. B",
            deal => deal.Impostor.Sign([Record(deal, deal.Scene.Colliding(deal.Zone.Apex).ToDnskey())], deal.Scene.Colliding(deal.Zone.Apex), deal.Zone.Apex),
            elsewhere: deal => deal.IsVictims ? deal.Answered(deal.Impostor.Sign(deal.Zone.Bare(deal.Victim.Name, deal.Victim.Type).Forged(), deal.Scene.Colliding(deal.Zone.Apex), deal.Zone.Apex)) : deal.Reply, guards: ["dnssec-digest-fits"]);
        yield return Key("adds a key of his with the tag of the zone's key, signs the set with it, and data too", "the key that signs must be the one that the DS set names", "RFC 4034 App. B",
            deal => deal.Impostor.Sign([.. Genuine(deal).Where(record => record.Type == RecordType.DNSKEY), Record(deal, deal.Scene.Colliding(deal.Zone.Apex).ToDnskey())], deal.Scene.Colliding(deal.Zone.Apex), deal.Zone.Apex),
            elsewhere: deal => deal.IsVictims ? deal.Answered(deal.Impostor.Sign(deal.Zone.Bare(deal.Victim.Name, deal.Victim.Type).Forged(), deal.Scene.Colliding(deal.Zone.Apex), deal.Zone.Apex)) : deal.Reply);
        yield return Key("adds sixty keys with the tag of the zone's key", Arithmetic, "RFC 4034 App. B", deal => [.. Enumerable.Range(0, 60).Select(i => Record(deal, SameTag(Genuine(deal)[0].Data, i))), .. Genuine(deal)], guards: ["limit-keys-per-tag"]);
        yield return Key("takes the zone signing key out of the set", Arithmetic, "RFC 4035 §5.2", deal => Genuine(deal).Without(record => record.Type == RecordType.DNSKEY && record.Data.Span[1] == 0), twoKeys);
        yield return Key("takes the key signing key out of the set", "the key that the DS set names is missing", "RFC 4035 §5.2", deal => Genuine(deal).Without(record => record.Type == RecordType.DNSKEY && record.Data.Span[1] == 1), twoKeys);
        yield return Key("replaces the zone signing key by his own, and signs data with it", Arithmetic, "RFC 4035 §5.2", deal => Genuine(deal).Each(RecordType.DNSKEY, record => record.Data.Span[1] == 0 ? Record(deal, deal.Impostor.Fresh.WithFlags(DnskeyFlags.Zone).ToDnskey()) : record), twoKeys,
            deal => deal.IsVictims ? deal.Answered(deal.Impostor.Sign(deal.Zone.Bare(deal.Victim.Name, deal.Victim.Type).Forged(), deal.Impostor.Fresh.WithFlags(DnskeyFlags.Zone), deal.Zone.Apex)) : deal.Reply);
        yield return Key("sets the revoke flag of the keys", "the key is another one then, and a revoked key validates nothing", "RFC 5011 §2.1", deal => Genuine(deal).Each(RecordType.DNSKEY, record => record.WithOctet(1, octet => (byte)(octet | 0x80))), guards: ["dnssec-key-revoked"]);
        yield return Key("clears the zone key flag of the keys", "the key is another one then, and no zone key", "RFC 4034 §2.1.1", deal => Genuine(deal).Each(RecordType.DNSKEY, record => record.WithOctet(0, octet => (byte)(octet & 0xfe))), guards: ["dnssec-zone-key-bit"]);
        yield return Key("writes another protocol into the keys", "the key is another one then, and no DNSSEC key", "RFC 4034 §2.1.2", deal => Genuine(deal).Each(RecordType.DNSKEY, record => record.WithOctet(2, _ => 4)), guards: ["dnssec-key-protocol"]);
        yield return Key("writes an unknown algorithm into the keys", "an unknown algorithm counts only in a DS set that verifies", "RFC 4035 §5.2", deal => Genuine(deal).Each(RecordType.DNSKEY, record => record.WithOctet(3, _ => 200)), elsewhere: Bare);
        yield return Key("adds an octet to the keys", "no key is named by the DS set", "RFC 4034 §2.1.4", deal => Genuine(deal).Each(RecordType.DNSKEY, record => record with { Data = Octets.Copy([.. record.Data.Span, 0]) }));
        yield return Key("cuts the keys short", "no key is named by the DS set", "RFC 4034 §2.1.4", deal => Genuine(deal).Each(RecordType.DNSKEY, record => record with { Data = record.Data.Slice(0, 5) }));
        yield return Key("replays the key set with signatures that have ended", "a signature is in force until its end", "RFC 4035 §5.3.1", deal => deal.Scene[deal.Zone.Apex, Era.Expired].Signed(deal.Zone.Apex, RecordType.DNSKEY), guards: ["dnssec-expired"]);
        yield return Key("shows the key set with signatures that have not begun", "a signature is in force from its inception on", "RFC 4035 §5.3.1", deal => deal.Scene[deal.Zone.Apex, Era.Future].Signed(deal.Zone.Apex, RecordType.DNSKEY), guards: ["dnssec-not-yet"]);
        yield return Reply("moves the key set into the additional section", "what stands there answers nothing", "RFC 2181 §5.4.1", deal => deal.Reply with { Answers = [], Authorities = [], Additionals = deal.Reply.Answers });
        yield return Reply("answers the key question with an alias that another name has", "an alias cannot stand at an apex", "RFC 4035 §5.2", deal => deal.Answered([.. deal.Sibling.Signed(DomainName.Parse($"alias.{deal.Sibling.Apex}"), RecordType.CNAME).At(deal.Zone.Apex), .. deal.Evil.Signed(deal.Evil.Apex, RecordType.DNSKEY)]));
        yield return Key("leads to a zone within the zone: his key and a DS set of his at the name itself, both signed by his key", "a DS set is signed by the zone above", "RFC 4035 §5.2", deal => Genuine(deal), elsewhere: deal =>
            deal.Asks(deal.Victim.Name, RecordType.DS) ? deal.Answered(deal.Impostor.Sign([Ds(deal.Victim.Name, deal.Impostor.Fresh.ToDs(deal.Victim.Name))], deal.Impostor.Fresh, deal.Zone.Apex))
            : deal.Asks(deal.Victim.Name, RecordType.DNSKEY) ? deal.Answered(deal.Impostor.Sign([new(deal.Victim.Name, RecordType.DNSKEY, RecordClass.IN, 3600, deal.Impostor.Fresh.ToDnskey())], deal.Impostor.Fresh, deal.Victim.Name))
            : deal.IsVictims ? deal.Answered(deal.Impostor.Sign(deal.Zone.Bare(deal.Victim.Name, deal.Victim.Type).Forged(), deal.Impostor.Fresh, deal.Victim.Name))
            : deal.Reply);
        yield return OnAll(Aim.Keys, "gives keys of his own for the root", "the anchors are given, not asked for", "RFC 4035 §5", MxTlsa, deal => deal.Asks(DomainName.Root, RecordType.DNSKEY) ? deal.Answered(deal.Impostor.Sign([new(DomainName.Root, RecordType.DNSKEY, RecordClass.IN, 3600, deal.Impostor.Fresh.ToDnskey())], deal.Impostor.Fresh, DomainName.Root)) : deal.Reply);
        yield return OnAll(Aim.Keys, "adds a key of his own to the root's keys, and signs them with it", "the anchors are given, not asked for", "RFC 4035 §5", MxTlsa, deal => deal.Asks(DomainName.Root, RecordType.DNSKEY) ? deal.Answered(deal.Impostor.Sign([.. deal.Scene["."].Bare(DomainName.Root, RecordType.DNSKEY), new(DomainName.Root, RecordType.DNSKEY, RecordClass.IN, 3600, deal.Impostor.Fresh.ToDnskey())], deal.Impostor.Fresh, DomainName.Root)) : deal.Reply);
    }

    /// <summary>A key of no use with the same tag: two octets of it changed against each other, by another amount each time.</summary>
    private static Octets SameTag(Octets key, int number)
    {
        var octets = key.ToArray();
        // Words are summed: swapping two of them leaves the tag alone.
        var one = 4 + (2 * (number % 8));
        var other = 20 + (2 * (number / 8 % 5));
        (octets[one], octets[one + 1], octets[other], octets[other + 1]) = (octets[other], octets[other + 1], octets[one], octets[one + 1]);
        (octets[6], octets[7], octets[8 + (2 * (number / 40))], octets[9 + (2 * (number / 40))]) = (octets[8 + (2 * (number / 40))], octets[9 + (2 * (number / 40))], octets[6], octets[7]);
        return new Octets(octets);
    }
}
