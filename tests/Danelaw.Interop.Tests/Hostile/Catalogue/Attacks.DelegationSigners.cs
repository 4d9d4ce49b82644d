using System.Collections.Immutable;
using Danelaw.Dns;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Interop.Tests.Hostile.Catalogue.Realm;
using static Danelaw.Interop.Tests.Hostile.Catalogue.Victims;

namespace Danelaw.Interop.Tests.Hostile.Catalogue;

internal static partial class Attacks
{
    /// <summary>What is done so that a signed zone seems unsigned, or signed by others.</summary>
    private static IEnumerable<Attack> DelegationSigners()
    {
        const string OnlyProof = "only an authenticated denial of DS at a delegation makes a zone insecure";
        const string Arithmetic = "the DS set's signature does not verify over what is there";

        // Denies the DS set of the victim's zone in some way, and serves the zone stripped and with data of his own.
        Attack Downgrade(string does, string stoppedBy, string rule, Func<Deal, IEnumerable<ResourceRecord>> denial, ImmutableArray<Question>? victims = null, string[]? guards = null) =>
            OnAll(Aim.DelegationSigners, $"{does}, and strips the zone", stoppedBy, rule, victims ?? MxTlsa, deal => deal.DecidesDs(deal.Zone.Apex) ? deal.WithDs(deal.Zone.Apex, [], denial(deal)) : Bare(deal)) with { Guards = [.. guards ?? []] };

        // Gives another DS set, and leaves the zone as it is.
        Attack Signers(string does, string stoppedBy, string rule, Func<Deal, IEnumerable<ResourceRecord>> signers, ImmutableArray<Question>? victims = null, Func<Deal, DnsMessage>? elsewhere = null, string[]? guards = null) =>
            OnAll(Aim.DelegationSigners, does, stoppedBy, rule, victims ?? MxTlsa, deal => deal.DecidesDs(deal.Zone.Apex) ? deal.WithDs(deal.Zone.Apex, signers(deal), []) : elsewhere?.Invoke(deal) ?? deal.Reply) with { Guards = [.. guards ?? []] };

        yield return Downgrade("denies the DS set without proof", OnlyProof, "RFC 4035 §5.2", _ => [], guards: ["dnssec-no-signature-no-insecurity"]);
        yield return Downgrade("denies the DS set with the parent's SOA alone", OnlyProof, "RFC 4035 §5.2", deal => deal.Parent.Soa, guards: ["dnssec-denial-needs-proof"]);
        yield return Downgrade("denies the DS set by the denial for an unsigned zone beside it", "the records neither match nor cover the name", "RFC 4035 §5.2, RFC 5155 §8.6", deal => DenialOfPlain(deal), guards: ["dnssec-nsec3-opt-out"]);
        yield return Downgrade("moves the denial for an unsigned zone beside it to the zone's name", Arithmetic, "RFC 4035 §5.2", deal => DenialOfPlain(deal).Select(record => record.Type is RecordType.NSEC || record.Covers(RecordType.NSEC) ? record with { Owner = deal.Zone.Apex } : record), In("sec.nsec.", ("_25._tcp.mx", RecordType.TLSA)));
        yield return Downgrade("denies the DS set by the parent's record of its own apex", "the record is of another name", "RFC 4035 §5.2", deal => deal.Parent.NoData(deal.Parent.Apex));
        yield return Downgrade("denies the DS set by the zone's own record in the parent, which lists DS", "the bitmap lists DS", "RFC 4035 §5.2", deal => deal.Parent.NoData(deal.Zone.Apex), guards: ["dnssec-type-bit"]);
        yield return Downgrade("denies the DS set by the record of the zone's own apex", "a record with the SOA bit is the child's, who does not know", "RFC 6840 §4.4", deal => deal.Zone.NoData(deal.Zone.Apex), guards: ["dnssec-child-side-denies-no-ds"]);
        yield return Downgrade("denies the DS set by the proof that a name beside it does not exist", "the records neither match nor cover the name", "RFC 4035 §5.2", deal => deal.Parent.NameError(DomainName.Parse($"zzz-no-such-zone.{deal.Parent.Apex}")));
        yield return Downgrade("denies the DS set by the root's denial for the top-level domain", "a parent's record at a cut says nothing of names below it", "RFC 6840 §4.1", deal => deal.Scene["."].NoData(DomainName.Parse(deal.Tree)), guards: ["dnssec-parent-side-denies-ds-only"]);
        yield return Downgrade("denies the DS set by records of denial of the neighbour, who proves likewise", "the signer must be the zone above", "RFC 4035 §5.2", deal => [.. deal.Sibling.Soa, .. deal.Sibling.Covering(DomainName.Parse($"sec.{deal.Sibling.Apex}"))]);
        yield return Downgrade("denies the DS set by NSEC3 records of another top-level domain, moved under this one", Arithmetic, "RFC 5155 §8.1", deal => deal.Scene["opt."].Matching(DomainName.Parse("opt.")).Concat(deal.Scene["opt."].Covering(DomainName.Parse("plain.opt.")))
            .Select(record => record.Owner.TryReplaceSuffix(DomainName.Parse("opt."), DomainName.Parse("hash."), out var moved) ? record with { Owner = moved } : record), In("sec.hash.", ("_25._tcp.mx", RecordType.TLSA)));
        yield return Downgrade("denies the DS set by the opt-out span that holds an unsigned zone", "the next closer name is not covered", "RFC 5155 §8.6", deal => [.. deal.Parent.Soa, .. deal.Parent.Matching(deal.Parent.Apex), .. deal.Parent.Covering(DomainName.Parse("plain.opt."))], In("sec.opt.", ("_25._tcp.mx", RecordType.TLSA)), ["dnssec-nsec3-opt-out"]);
        yield return Downgrade("denies the DS set by an opt-out span of the zone above the one above", "the zone above the cut has to deny", "RFC 5155 §8.6", deal => [.. deal.Scene["opt."].Soa, .. deal.Scene["opt."].Matching(DomainName.Parse("opt.")), .. deal.Scene["opt."].Covering(DomainName.Parse("plain.opt."))], In("child.sec.opt.", ("_25._tcp.mx", RecordType.TLSA)));
        yield return Downgrade("sets the opt-out flag in the parent's records and denies the DS set by them", Arithmetic, "RFC 5155 §8.6", deal => [.. deal.Parent.Matching(deal.Parent.Apex), .. deal.Parent.Covering(DomainName.Parse("zzz.hash.")).Each(RecordType.NSEC3, record => WithNsec3(record, nsec3 => nsec3 with { Flags = 1 }))], In("sec.hash.", ("_25._tcp.mx", RecordType.TLSA)));
        yield return Downgrade("takes DS out of the bitmap of the zone's record in the parent", Arithmetic, "RFC 4035 §5.2", deal => deal.Parent.Matching(deal.Zone.Apex).Each(RecordType.NSEC, record => Nsec(record.Owner, NsecData.TryRead(record.Data, out var nsec) ? nsec.NextName : default, RecordType.NS, RecordType.RRSIG, RecordType.NSEC)).Each(RecordType.NSEC3, record => WithNsec3(record, nsec3 => nsec3 with { Types = TypeBitmap.Create(RecordType.NS) })), guards: ["dnssec-denials-verify"]);
        yield return Downgrade("has his own zone deny the DS set in a record that spans it", "the signer must be the zone above", "RFC 4035 §5.2", deal => deal.Impostor.Sign([Nsec(deal.Zone.Apex, DomainName.Parse($"zzz.{deal.Tree}"), RecordType.NS)], deal.Impostor.KeyOf(deal.Evil.Apex), deal.Evil.Apex));
        yield return Downgrade("denies the DS set in a record that his own key signs in the parent's name", Arithmetic, "RFC 4035 §5.2", deal => deal.Impostor.SignAs([Nsec(deal.Zone.Apex, DomainName.Parse($"zzz.{deal.Tree}"), RecordType.NS)], deal.Impostor.Fresh, deal.Parent.Apex, TagOf(deal.Parent)), guards: ["dnssec-denials-verify"]);
        yield return Downgrade("denies the DS set by records from when the zone was not signed, whose signatures have ended", "a signature is in force until its end", "RFC 4035 §5.3.1", deal => deal.Scene[deal.Parent.Apex, Era.Expired].NoData(deal.Zone.Apex), [.. In("sec.nsec.", ("_25._tcp.mx", RecordType.TLSA)), .. In("sec.hash.", ("_25._tcp.mx", RecordType.TLSA))], ["dnssec-expired"]);
        yield return Downgrade("denies the DS set by records whose signatures have not begun", "a signature is in force from its inception on", "RFC 4035 §5.3.1", deal => deal.Scene[deal.Parent.Apex, Era.Future].NoData(deal.Zone.Apex), [.. In("sec.nsec.", ("_25._tcp.mx", RecordType.TLSA)), .. In("sec.hash.", ("_25._tcp.mx", RecordType.TLSA))], ["dnssec-not-yet"]);
        yield return Downgrade("denies the DS set by records from when the zone was not signed, whose signatures have not ended", "nothing: the parent has signed that, and its word stands until the signature's end", "RFC 4033 §8.1", deal => deal.Scene[deal.Parent.Apex, Era.Stale].NoData(deal.Zone.Apex), [.. In("sec.nsec.", ("_25._tcp.mx", RecordType.TLSA)), .. In("sec.hash.", ("_25._tcp.mx", RecordType.TLSA))])
            with { Expected = Outcome.Allowed, Allowance = "a replay of a denial of DS that the parent signed and that is still valid" };
        yield return Downgrade("denies the DS set by the name of a set that is no delegation", "without the NS bit there is no delegation", "RFC 4035 §5.2", deal => deal.Zone.NoData(deal.In("www")), guards: ["dnssec-delegation-needs-ns-bit"]);

        // A zone within the zone: he denies DS at names where no cut is.
        yield return OnAll(Aim.DelegationSigners, "shows the genuine denial of DS at the name itself, which is no delegation, and strips its records", "without the NS bit there is no delegation", "RFC 4035 §5.2", Www,
            deal => deal.IsVictims ? deal.Reply.Stripped().Forged() with { Authorities = [.. deal.Zone.NoData(deal.Victim.Name)] } : deal.Reply) with { Guards = ["dnssec-delegation-needs-ns-bit"] };
        yield return OnAll(Aim.DelegationSigners, "answers the DS question with SERVFAIL, and strips the zone", "a failed lookup is evidence of nothing", "RFC 4035 §4.3", MxTlsa, deal => deal.Asks(deal.Zone.Apex, RecordType.DS) ? deal.Denied(ResponseCode.ServerFailure) : deal.IsReferral(deal.Zone.Apex) ? deal.WithDs(deal.Zone.Apex, [], []) : Bare(deal)) with { Guards = ["dnssec-failed-ds-lookup"] };
        yield return OnAll(Aim.DelegationSigners, "answers the DS question with an alias that another name has, and strips the zone", "an alias proves no cut", "RFC 4035 §5.2", MxTlsa, deal => deal.DecidesDs(deal.Zone.Apex) ? deal.WithDs(deal.Zone.Apex, deal.Sibling.Signed(DomainName.Parse($"alias.{deal.Sibling.Apex}"), RecordType.CNAME).At(deal.Zone.Apex), []) : Bare(deal));

        // Another DS set.
        yield return Signers("names his own key in the DS set and keeps the signature", Arithmetic, "RFC 4035 §5.2", deal => [Ds(deal.Zone.Apex, deal.Impostor.Fresh.ToDs(deal.Zone.Apex)), .. deal.Parent.Signatures(deal.Zone.Apex, RecordType.DS)]);
        yield return Signers("names his own key in a DS set that his key signs in the parent's name, and serves keys and data of his own", "the parent's key set does not hold that key", "RFC 4035 §5.2", deal => deal.Impostor.Sign([Ds(deal.Zone.Apex, deal.Impostor.Fresh.ToDs(deal.Zone.Apex))], deal.Impostor.Fresh, deal.Parent.Apex), elsewhere: Own);
        yield return Signers("has his own zone beside it sign a DS set of his, and serves keys and data of his own", "a DS set is signed by the zone above", "RFC 4035 §5.2", deal => deal.Impostor.Sign([Ds(deal.Zone.Apex, deal.Impostor.Fresh.ToDs(deal.Zone.Apex))], deal.Impostor.KeyOf(deal.Evil.Apex), deal.Evil.Apex), elsewhere: Own, guards: ["dnssec-signer-name"]);
        yield return Signers("signs a DS set by the key that it names, in the zone's own name, and serves keys and data of his own", "a DS set is never signed by the child", "RFC 4035 §5.2, RFC 6840 §4.4", deal => deal.Impostor.Sign([Ds(deal.Zone.Apex, deal.Impostor.Fresh.ToDs(deal.Zone.Apex))], deal.Impostor.Fresh, deal.Zone.Apex), elsewhere: Own, guards: ["dnssec-ds-is-the-parents"]);
        yield return Signers("gives the genuine DS set of his own zone, and his zone's keys, under the zone's name", Arithmetic, "RFC 4035 §5.2", deal => deal.Parent.Signed(deal.Evil.Apex, RecordType.DS).At(deal.Zone.Apex), elsewhere: deal => deal.Asks(deal.Zone.Apex, RecordType.DNSKEY) ? deal.Answered(deal.Evil.Signed(deal.Evil.Apex, RecordType.DNSKEY).At(deal.Zone.Apex)) : deal.Reply);
        yield return Signers("strips the DS set's signature", "a DS set without signature is none", "RFC 4035 §5.2", deal => deal.Parent.Bare(deal.Zone.Apex, RecordType.DS));
        yield return Signers("adds a DS of unknown algorithm", Arithmetic, "RFC 4035 §5.2", deal => [.. deal.Parent.Signed(deal.Zone.Apex, RecordType.DS), Ds(deal.Zone.Apex, new DsData(4711, 200, 2, Octets.Copy(new byte[32])).ToOctets())]);
        yield return Signers("leaves a DS of unknown algorithm alone, and strips the zone", Arithmetic, "RFC 4035 §5.2", deal => [.. deal.Parent.Signed(deal.Zone.Apex, RecordType.DS).Each(RecordType.DS, record => record.WithOctet(2, _ => 200))], elsewhere: Bare);
        yield return Signers("leaves a DS of unknown digest alone, and strips the zone", Arithmetic, "RFC 4035 §5.2", deal => [.. deal.Parent.Signed(deal.Zone.Apex, RecordType.DS).Each(RecordType.DS, record => record.WithOctet(3, _ => 200))], elsewhere: Bare);
        yield return Signers("signs a DS set of unknown algorithm with his own key in the parent's name, and strips the zone", "the parent's key set does not hold that key", "RFC 4035 §5.2", deal => deal.Impostor.SignAs([Ds(deal.Zone.Apex, new DsData(4711, 200, 2, Octets.Copy(new byte[32])).ToOctets())], deal.Impostor.Fresh, deal.Parent.Apex, TagOf(deal.Parent)), elsewhere: Bare);
        yield return Signers("leaves the DS with a SHA-1 digest alone of three", Arithmetic, "RFC 4509 §3", deal => deal.Parent.Signed(deal.Zone.Apex, RecordType.DS).Without(record => record.Type == RecordType.DS && record.Data.Span[3] != 1), In("digests.nsec.", ("_25._tcp.mx", RecordType.TLSA)));
        yield return Signers("flips a bit of the digest", Arithmetic, "RFC 4035 §5.2", deal => deal.Parent.Signed(deal.Zone.Apex, RecordType.DS).Each(RecordType.DS, record => record.WithOctet(^1, octet => (byte)(octet ^ 1))));
        yield return Signers("moves the DS set of a former signing by the parent, ended, to the zone", "a signature is in force until its end", "RFC 4035 §5.3.1", deal => deal.Scene[deal.Parent.Apex, Era.Expired].Signed(DomainName.Parse($"sib.{deal.Tree}"), RecordType.DS).At(deal.Zone.Apex));
        yield return Signers("shows the DS set of a zone below instead", "the DS set is of another name", "RFC 4035 §5.2", deal => deal.Zone.Signed(DomainName.Parse($"child.sec.{deal.Tree}"), RecordType.DS));
        yield return Downgrade("denies the DS set of a zone below one above the limit of NSEC3 iterations by its record there, which lists DS", "the bitmap lists DS, however costly the hash", "RFC 9276 §3.2", deal => deal.Parent.NoData(deal.Zone.Apex), In("child.high.hash.", ("www", RecordType.A)));
        yield return Downgrade("denies the DS set of a zone below one above the limit of NSEC3 iterations by records of another name", "the records neither match nor cover the name", "RFC 9276 §3.2", deal => deal.Parent.NameError(DomainName.Parse("zzz.high.hash.")), In("child.high.hash.", ("www", RecordType.A)));
    }

    private static ResourceRecord Ds(DomainName zone, Octets data) => new(zone, RecordType.DS, RecordClass.IN, 3600, data);

    /// <summary>The genuine denial of DS for the unsigned zone beside the victim's.</summary>
    private static IEnumerable<ResourceRecord> DenialOfPlain(Deal deal)
    {
        var plain = DomainName.Parse($"plain.{deal.Tree}");
        var top = deal.Scene[deal.Tree];
        return deal.Tree == "opt." ? [.. top.Soa, .. top.Matching(top.Apex), .. top.Covering(plain)] : top.NoData(plain);
    }

    /// <summary>Everything of the victim's zone without signatures and with data of the attacker's.</summary>
    private static DnsMessage Bare(Deal deal) => deal.Question.Name.IsAtOrBelow(deal.Zone.Apex) ? deal.Reply.Stripped().Forged() : deal.Reply;

    /// <summary>The victim's zone as the attacker would sign it, with a key of his own.</summary>
    private static DnsMessage Own(Deal deal) =>
        deal.Asks(deal.Zone.Apex, RecordType.DNSKEY) ? deal.Answered(deal.Impostor.Sign([new(deal.Zone.Apex, RecordType.DNSKEY, RecordClass.IN, 3600, deal.Impostor.Fresh.ToDnskey())], deal.Impostor.Fresh, deal.Zone.Apex))
        : deal.IsVictims ? deal.Answered(deal.Impostor.Sign(deal.Zone.Bare(deal.Victim.Name, deal.Victim.Type).Forged(), deal.Impostor.Fresh, deal.Zone.Apex))
        : deal.Reply;
}
