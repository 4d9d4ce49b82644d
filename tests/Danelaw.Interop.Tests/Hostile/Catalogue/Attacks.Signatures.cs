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
    /// <summary>What is done to answers and to the signatures over them.</summary>
    private static IEnumerable<Attack> Signatures()
    {
        Attack Sig(string does, string stoppedBy, string rule, Func<Deal, DnsMessage> change, ImmutableArray<Question>? victims = null, Outcome expected = Outcome.Refused, string[]? guards = null) =>
            OnVictim(Aim.Signatures, does, stoppedBy, rule, victims ?? MxTlsa, change) with { Expected = expected, Guards = [.. guards ?? []] };
        const string NoProof = "a set without signature is insecure only where an unsigned delegation is proven";
        const string Arithmetic = "the signature does not verify over what is there";

        yield return Sig("replaces the data and strips their signature", NoProof, "RFC 4035 §5", deal => deal.Reply.Stripped().Forged(), guards: ["dnssec-no-signature-no-insecurity"]);
        yield return OnAll(Aim.Signatures, "replaces the data, strips every signature and every denial, and says AD", NoProof, "RFC 4035 §4.9.3", MxTlsa,
            deal => deal.Reply.Stripped().Forged() with { Flags = deal.Reply.Flags | MessageFlags.AuthenticData }) with { Guards = ["dnssec-no-signature-no-insecurity"] };
        yield return Sig("replaces the data and keeps the signature", Arithmetic, "RFC 4035 §5.3.3", deal => deal.Reply.Forged());
        yield return Sig("adds a record to a signed set", Arithmetic, "RFC 4035 §5.3.3", deal => deal.Reply with { Answers = [.. deal.Reply.Answers, .. deal.Reply.Answers.Forged().Where(record => record.Type == deal.Victim.Type).Take(1)] });
        yield return Sig("takes a record out of a signed set", Arithmetic, "RFC 4035 §5.3.3", deal => deal.Reply with { Answers = deal.Reply.Answers.RemoveAt(0) }, Www);
        yield return Sig("flips one bit of the signature", Arithmetic, "RFC 4035 §5.3.3", deal => deal.Reply with { Answers = [.. deal.Reply.Answers.Each(RecordType.RRSIG, record => record.WithOctet(^9, octet => (byte)(octet ^ 1)))] });
        yield return Sig("cuts the signature short", Arithmetic, "RFC 4034 §3.1.8", deal => deal.Reply with { Answers = [.. deal.Reply.Answers.WithSignatures(view => view with { Signature = view.Signature.Slice(0, view.Signature.Length - 1) })] });
        yield return Sig("empties the signature", Arithmetic, "RFC 4034 §3.1.8", deal => deal.Reply with { Answers = [.. deal.Reply.Answers.WithSignatures(view => view with { Signature = default })] });
        yield return Sig("makes the signature longer by an octet", Arithmetic, "RFC 4034 §3.1.8", deal => deal.Reply with { Answers = [.. deal.Reply.Answers.WithSignatures(view => view with { Signature = Octets.Copy([.. view.Signature.Span, 0]) })] });

        // Genuine records of another place.
        yield return Sig("gives the same name's records of another zone, signature and all, under this name", "the signer must be the zone that holds the name", "RFC 4035 §5.3.1",
            deal => deal.Answered(deal.Sibling.Signed(DomainName.Parse($"_25._tcp.mx.{deal.Sibling.Apex}"), RecordType.TLSA).At(deal.Victim.Name)), guards: ["dnssec-signer-name"]);
        yield return Sig("gives another name's records of the same zone under this name", Arithmetic, "RFC 4034 §3.1.8.1", deal => deal.Answered(deal.Zone.Signed(deal.In("_25._tcp.other"), RecordType.TLSA).At(deal.Victim.Name)));
        yield return Sig("puts another set's signature on the genuine data", Arithmetic, "RFC 4034 §3.1.8.1",
            deal => deal.Answered([.. deal.Zone.Bare(deal.Victim.Name, deal.Victim.Type), .. deal.Zone.Signatures(deal.In("_25._tcp.other"), RecordType.TLSA).At(deal.Victim.Name)]));
        yield return Sig("puts the signature over another type of the same name on the data", "the type covered must be the set's", "RFC 4035 §5.3.1",
            deal => deal.Answered([.. deal.Zone.Bare(deal.Victim.Name, deal.Victim.Type), .. deal.Zone.Signatures(deal.Victim.Name, RecordType.AAAA).WithSignatures(view => view with { TypeCovered = RecordType.A })]), Www);
        yield return Sig("answers with the signed records of the name that was not asked for", "what nobody asked for is no answer, and nothing is denied by it", "RFC 4035 §5.4", deal => deal.Answered(deal.Zone.Signed(deal.In("_25._tcp.other"), RecordType.TLSA)), guards: ["dnssec-denial-needs-proof"]);
        yield return Sig("answers a question for A with the name's signed AAAA records", "a type that was not asked for is no answer", "RFC 4035 §5.4", deal => deal.Answered(deal.Zone.Signed(deal.Victim.Name, RecordType.AAAA)), Www, guards: ["dnssec-denial-needs-proof"]);

        // Signatures of his own.
        yield return Sig("signs data of his own with his own key in the zone's name", "the key is not in the zone's key set", "RFC 4035 §5.3.1", deal => deal.Answered(deal.Impostor.Sign(deal.Zone.Bare(deal.Victim.Name, deal.Victim.Type).Forged(), deal.Impostor.Fresh, deal.Zone.Apex)));
        yield return Sig("signs data of his own in the zone's name and writes the tag of the zone's key into the signature", Arithmetic, "RFC 4035 §5.3.3",
            deal => deal.Answered(deal.Impostor.SignAs(deal.Zone.Bare(deal.Victim.Name, deal.Victim.Type).Forged(), deal.Impostor.Fresh, deal.Zone.Apex, TagOf(deal.Zone))));
        yield return Sig("signs data of his own with a key that has the tag of the zone's key", Arithmetic, "RFC 4034 App. B",
            deal => deal.Answered(deal.Impostor.Sign(deal.Zone.Bare(deal.Victim.Name, deal.Victim.Type).Forged(), deal.Scene.Colliding(deal.Zone.Apex), deal.Zone.Apex)));
        yield return Sig("signs data of his own in the name of the zone above", "the key is not in that zone's key set", "RFC 4035 §5.3.1",
            deal => deal.Answered(deal.Impostor.SignAs(deal.Zone.Bare(deal.Victim.Name, deal.Victim.Type).Forged(), deal.Impostor.Fresh, deal.Parent.Apex, TagOf(deal.Parent))));
        yield return Sig("signs the data in the name of his own zone beside it", "the signer must be the zone that holds the name", "RFC 4035 §5.3.1",
            deal => deal.Answered(deal.Impostor.Sign(deal.Zone.Bare(deal.Victim.Name, deal.Victim.Type).Forged(), deal.Impostor.KeyOf(deal.Evil.Apex), deal.Evil.Apex)), guards: ["dnssec-signer-name"]);
        yield return Sig("signs the data in the name of his own zone below it", "the signer must be the zone that holds the name", "RFC 4035 §5.3.1",
            deal => deal.Answered(deal.Impostor.Sign(deal.Zone.Bare(deal.Victim.Name, deal.Victim.Type).Forged(), deal.Impostor.KeyOf(deal.EvilChild.Apex), deal.EvilChild.Apex)), guards: ["dnssec-signer-name"]);
        yield return Sig("signs the data with the key of his own zone and names the attacked zone as signer", "the key is not in that zone's key set", "RFC 4035 §5.3.1",
            deal => deal.Answered(deal.Impostor.Sign(deal.Zone.Bare(deal.Victim.Name, deal.Victim.Type).Forged(), deal.Impostor.KeyOf(deal.EvilChild.Apex), deal.Zone.Apex)));
        yield return Sig("has a zone of his own sign as if the owner stood in it, and puts its key into the answer", "keys come by the DS set alone", "RFC 4035 §5.2",
            deal => deal.Answered([.. deal.Impostor.Sign(deal.Zone.Bare(deal.Victim.Name, deal.Victim.Type).Forged(), deal.Impostor.Fresh, deal.Victim.Name), .. deal.Impostor.Sign([new ResourceRecord(deal.Victim.Name, RecordType.DNSKEY, RecordClass.IN, 3600, deal.Impostor.Fresh.ToDnskey())], deal.Impostor.Fresh, deal.Victim.Name)]));

        // The fields of the signature.
        yield return Sig("writes one label fewer into the signature, as if a wildcard had made the set", Arithmetic, "RFC 4035 §5.3.2", deal => deal.Reply with { Answers = [.. deal.Reply.Answers.WithSignatures(view => view with { Labels = (byte)(view.Labels - 1) })] });
        yield return Sig("writes more labels into the signature than the name has", "more labels than the owner has are a fault", "RFC 4035 §5.3.1", deal => deal.Reply with { Answers = [.. deal.Reply.Answers.WithSignatures(view => view with { Labels = (byte)(view.Labels + 1) })] }, guards: ["dnssec-labels-above"]);
        yield return Sig("raises the original TTL in the signature and the TTL", Arithmetic, "RFC 4035 §5.3.3",
            deal => deal.Reply with { Answers = [.. deal.Reply.Answers.WithSignatures(view => view with { OriginalTtl = 86400 }).Select(record => record with { TimeToLive = 86400 })] });
        yield return Sig("raises the TTL of the records", "the TTL is capped by the original TTL", "RFC 4035 §5.3.3", deal => deal.Reply with { Answers = [.. deal.Reply.Answers.Select(record => record with { TimeToLive = 604800 })] }, expected: Outcome.Withstood, guards: ["dnssec-original-ttl"]);
        yield return Sig("makes the signature end later", Arithmetic, "RFC 4035 §5.3.3", deal => deal.Reply with { Answers = [.. deal.Reply.Answers.WithSignatures(view => view with { Expiration = view.Expiration + 86400 })] });
        yield return Sig("replays former records whose signatures have ended", "a signature is in force until its end", "RFC 4035 §5.3.1", deal => deal.Answered(deal.Scene[deal.Zone.Apex, Era.Expired].Signed(deal.Victim.Name, deal.Victim.Type)), guards: ["dnssec-expired"]);
        yield return Sig("replays former records and writes a later end into their signatures", Arithmetic, "RFC 4035 §5.3.3",
            deal => deal.Answered(deal.Scene[deal.Zone.Apex, Era.Expired].Signed(deal.Victim.Name, deal.Victim.Type).WithSignatures(view => view with { Expiration = view.Expiration + (90 * 86400) })));
        yield return Sig("shows records that are signed for a time to come", "a signature is in force from its inception on", "RFC 4035 §5.3.1", deal => deal.Answered(deal.Scene[deal.Zone.Apex, Era.Future].Signed(deal.Victim.Name, deal.Victim.Type)), guards: ["dnssec-not-yet"]);
        yield return Sig("shows records signed for a time to come, their inception put back", Arithmetic, "RFC 4035 §5.3.3",
            deal => deal.Answered(deal.Scene[deal.Zone.Apex, Era.Future].Signed(deal.Victim.Name, deal.Victim.Type).WithSignatures(view => view with { Inception = view.Inception - (90 * 86400) })));
        yield return Sig("turns the times of the signature around", "a signature that ends before it begins is in force at no time", "RFC 4034 §3.1.5",
            deal => deal.Reply with { Answers = [.. deal.Reply.Answers.WithSignatures(view => view with { Inception = view.Expiration, Expiration = view.Inception })] });
        yield return Sig("writes an unknown algorithm into the signature", "an unknown algorithm counts only in a DS set that verifies", "RFC 4035 §5.2", deal => deal.Reply with { Answers = [.. deal.Reply.Answers.WithSignatures(view => view with { Algorithm = 200 })] });
        yield return Sig("replaces the data and writes an unknown algorithm into the signature", "an unknown algorithm counts only in a DS set that verifies", "RFC 4035 §5.2", deal => deal.Reply.Forged() with { Answers = [.. deal.Reply.Forged().Answers.WithSignatures(view => view with { Algorithm = 253 })] });
        yield return Sig("writes RSA/SHA-1 into the signature", "key and signature have one algorithm", "RFC 4035 §5.3.1", deal => deal.Reply with { Answers = [.. deal.Reply.Answers.WithSignatures(view => view with { Algorithm = 5 })] }, guards: ["dnssec-signature-algorithm"]);
        yield return Sig("writes another key tag into the signature", "a key of that tag is not there", "RFC 4035 §5.3.1", deal => deal.Reply with { Answers = [.. deal.Reply.Answers.WithSignatures(view => view with { KeyTag = (ushort)(view.KeyTag ^ 1) })] });
        yield return Sig("names the zone above as signer in the genuine signature", "the signer must be the zone that holds the name", "RFC 4035 §5.3.1", deal => deal.Reply with { Answers = [.. deal.Reply.Answers.WithSignatures(view => view with { SignerName = deal.Parent.Apex })] });
        yield return Sig("names the owner as signer in the genuine signature", "the owner is no zone", "RFC 4035 §5.3.1", deal => deal.Reply with { Answers = [.. deal.Reply.Answers.WithSignatures(view => view with { SignerName = deal.Victim.Name })] });
        yield return Sig("strips the stronger of two algorithms' signatures, the data left alone", "one valid path suffices", "RFC 6840 §5.11", deal => deal.Reply with { Answers = [.. deal.Reply.Answers.Without(record => AlgorithmOf(record) == 13)] }, Two, Outcome.Withstood);
        yield return Sig("strips the stronger of two algorithms' signatures and replaces the data", Arithmetic, "RFC 6840 §5.11", deal => deal.Reply.Forged() with { Answers = [.. deal.Reply.Forged().Answers.Without(record => AlgorithmOf(record) == 13)] }, Two);
        yield return Sig("replaces the data and leaves only a signature of an algorithm that is not known", "an unknown algorithm counts only in a DS set that verifies", "RFC 4035 §5.2",
            deal => deal.Reply.Forged() with { Answers = [.. deal.Reply.Forged().Answers.Without(record => AlgorithmOf(record) == 13).WithSignatures(view => view with { Algorithm = 17 })] }, Two);
        yield return Sig("puts three signatures of his own before the genuine one", "each signature is tried, within the limit", "RFC 4035 §5.3.3",
            deal => deal.Reply with { Answers = [.. Enumerable.Range(1, 3).SelectMany(i => deal.Set.Where(record => record.Type == RecordType.RRSIG).Select(record => record.WithOctet(^i, octet => (byte)(octet ^ 0x55)))), .. deal.Reply.Answers] }, expected: Outcome.Withstood);
        yield return Sig("buries the genuine signature under a hundred others", "work is bounded; a spent limit is no verdict", "RFC 4035 §5.3.3",
            deal => deal.Reply with { Answers = [.. Enumerable.Range(1, 100).SelectMany(i => deal.Set.Where(record => record.Type == RecordType.RRSIG).Select(record => record.WithOctet(^(1 + (i % 40)), octet => (byte)(octet ^ i)))), .. deal.Reply.Answers] },
            expected: Outcome.RefusedOrWithstood, guards: ["limit-signatures-per-set"]);

        // Wildcards.
        yield return Sig("gives a wildcard's records for a name that is there", "the proof that no closer name exists cannot be given", "RFC 4035 §5.3.4", deal => deal.Answered([.. deal.Zone.Signed(deal.In("*.wild"), RecordType.A).At(deal.Victim.Name)]), There, guards: ["dnssec-expansion-needs-proof"]);
        yield return Sig("gives a wildcard's records for a name that is there, with the proof for another name", "the proof must be for this name", "RFC 4035 §5.3.4",
            deal => deal.Answered(deal.Zone.Signed(deal.In("*.wild"), RecordType.A).At(deal.Victim.Name)).WithAuthority([.. deal.Zone.Covering(deal.In("x.wild")), .. deal.Zone.Covering(deal.In("zzz.wild"))]), There);
        yield return Sig("gives a wildcard's records without the proof that no closer name exists", "an expansion needs its proof", "RFC 4035 §5.3.4", deal => deal.Reply with { Authorities = [] }, Wild, guards: ["dnssec-expansion-needs-proof"]);
        yield return Sig("gives a wildcard's records for a name outside it", Arithmetic, "RFC 4035 §5.3.2", deal => deal.Answered(deal.Zone.Signed(deal.In("*.wild"), RecordType.A).At(deal.Victim.Name)).WithAuthority(deal.Zone.Covering(deal.In("mx0"))), Www);
        yield return Sig("gives a wildcard's records for a name in a signed zone below it", "the wildcard ends at the cut", "RFC 4592 §4.2", deal =>
        {
            var above = deal.Parent;
            return deal.Answered(above.Signed(DomainName.Parse($"*.wild.{above.Apex}"), RecordType.A).At(deal.Victim.Name)).WithAuthority([.. above.Matching(deal.Zone.Apex), .. above.Covering(deal.Zone.Apex.Prepend("x"))]);
        }, InEach("deep.wild.sec.", ("www", RecordType.A)));

        // Spelling, order, place.
        yield return Sig("sends every record three times", "duplicates are one record", "RFC 4034 §6.3", deal => deal.Reply with { Answers = [.. deal.Reply.Answers, .. deal.Reply.Answers, .. deal.Reply.Answers] }, Www, Outcome.Withstood);
        yield return Sig("spells the owner in other letters", "names are compared without case", "RFC 4034 §6.2", deal => deal.Reply with { Answers = [.. deal.Reply.Answers.Select(record => record with { Owner = Upper(record.Owner) })] }, expected: Outcome.Withstood);
        yield return Sig("spells the names in the data in other letters", "names in MX are signed in lower case", "RFC 4034 §6.2",
            deal => deal.Reply with { Answers = [.. deal.Reply.Answers.Each(RecordType.MX, record => MxData.TryRead(record.Data, out var mx) ? record with { Data = (mx with { Exchange = Upper(mx.Exchange) }).ToOctets() } : record)] },
            InEach("sec.", ("", RecordType.MX)), Outcome.Withstood);
        yield return Sig("spells the signer in other letters", "the signer is signed in lower case", "RFC 6840 §5.1", deal => deal.Reply with { Answers = [.. deal.Reply.Answers.WithSignatures(view => view with { SignerName = Upper(view.SignerName) })] }, expected: Outcome.Withstood, guards: ["codec-rrsig-case"]);
        yield return Sig("adds an octet to the data", Arithmetic, "RFC 4034 §6.2", deal => deal.Reply with { Answers = [.. deal.Reply.Answers.Each(deal.Victim.Type, record => record with { Data = Octets.Copy([.. record.Data.Span, 0]) })] }, Www);
        yield return Sig("puts the answer into class CHAOS", "the class asked for is IN", "RFC 4035 §5.3.1", deal => deal.Reply with { Answers = [.. deal.Reply.Answers.Select(record => record with { Class = (RecordClass)3 })] });
        yield return Sig("puts the signature into another section", "a set's signature stands in its section", "RFC 4035 §3.1.1", deal => deal.Reply with { Answers = deal.Reply.Answers.RemoveAll(record => record.Type == RecordType.RRSIG), Authorities = [.. deal.Reply.Answers.Where(record => record.Type == RecordType.RRSIG)] },
            expected: Outcome.RefusedOrWithstood);
        yield return Sig("puts the answer into the additional section", "what stands there answers nothing", "RFC 2181 §5.4.1", deal => deal.Reply with { Answers = [], Additionals = deal.Reply.Answers }, guards: ["dnssec-denial-needs-proof"]);
        yield return Sig("adds signed and unsigned records of other names to every section", "what nobody asked for is not judged and not kept", "RFC 2181 §5.4.1", deal => deal.Reply with
        {
            Answers = [.. deal.Reply.Answers, .. deal.Zone.Bare(deal.In("www"), RecordType.A).Forged()],
            Authorities = [.. deal.Reply.Authorities, .. deal.Impostor.Sign(deal.Zone.Bare(deal.In("www"), RecordType.A).Forged(), deal.Impostor.KeyOf(deal.Evil.Apex), deal.Evil.Apex)],
            Additionals = [.. deal.Zone.Bare(deal.In("www"), RecordType.A).Forged(), .. deal.Zone.Bare(deal.In("ns"), RecordType.A).Forged()],
        }, expected: Outcome.Withstood);
    }

    private static ushort TagOf(GenuineZone zone) => DnskeyData.TryRead(zone.Bare(zone.Apex, RecordType.DNSKEY).First().Data, out var key) ? key.KeyTag() : (ushort)0;

    private static int AlgorithmOf(ResourceRecord record) => record.Type == RecordType.RRSIG && RrsigData.TryRead(record.Data, out var view) ? view.Algorithm : 0;

    private static DomainName Upper(DomainName name) => DomainName.Parse(name.ToString().ToUpperInvariant());
}
