using System.Collections.Immutable;
using System.Security.Cryptography;
using Danelaw.Checks;
using Danelaw.Dns;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Signing;
using Danelaw.Lab.Authority;
using Danelaw.Lab.Faults;
using Danelaw.Lab.Servers;
using Danelaw.Lab.Zones;

namespace Danelaw.Lab.Scenarios;

/// <summary>Domains that are verified, some of them with something worth telling.</summary>
internal static class SoundDomains
{
    internal static void Add(World world)
    {
        Plain(world);
        Keys(world);
        TrustAnchors(world);
        Names(world);
        Records(world);
    }

    private static void Plain(World world)
    {
        var (good, certificate) = world.Simple("good");
        good.Tlsa("mx", certificate.ToTlsa(TlsaUsage.DaneEe));
        world.Domain(good, CheckVerdict.Verified, null, "one host, one record 3 1 1, all is well");

        var provider = world.Zone("provider", SecurityAlgorithm.EcdsaP384Sha384);
        foreach (var label in (string[])["mx1", "mx2"])
        {
            var leaf = world.Leaf(provider, label);
            world.Host(provider, label, TlsIdentity.Of(leaf, world.Intermediate));
            provider.Tlsa(label, leaf.ToTlsa(TlsaUsage.DaneEe));
        }

        provider.Mx(10, "mx1").Mx(20, "mx2");
        world.Domain(provider, CheckVerdict.Verified, null, "two hosts, each with its record");

        var hosted = world.Zone("hosted", SecurityAlgorithm.Ed25519);
        hosted.Mx(10, provider.Name("mx1")).Mx(20, provider.Name("mx2"));
        world.Domain(hosted, CheckVerdict.Verified, null, "its mail is taken by provider.lab");

        var implicitMx = world.Zone("implicit", SecurityAlgorithm.Ed25519, new Nsec3Options());
        var itsOwn = world.Leaf(implicitMx, "");
        world.Host(implicitMx, "", TlsIdentity.Of(itsOwn, world.Intermediate));
        implicitMx.Tlsa("", itsOwn.ToTlsa(TlsaUsage.DaneEe));
        world.Domain(implicitMx, CheckVerdict.Verified, null, "no MX record: the domain is its own host");

        var (expired, old) = (world.Zone("expired-ee"), world.Leaf("something.else.example", validFor: TimeSpan.FromDays(-30)));
        world.Host(expired, "mx", TlsIdentity.Of(old, world.Intermediate));
        expired.Mx(10, "mx").Tlsa("mx", old.ToTlsa(TlsaUsage.DaneEe));
        world.Domain(expired, CheckVerdict.Verified, null, "DANE-EE: neither date nor name counts");
    }

    private static void Keys(World world)
    {
        var rsa = world.Zone("rsa", nsec3: new Nsec3Options { Iterations = 5, Salt = Octets.Copy([0xDA, 0x9E]) }, keys: [world.Keys.Sha256]);
        var rsaLeaf = world.Leaf(rsa, "mx", LabKeyKind.Rsa2048);
        world.Host(rsa, "mx", TlsIdentity.Of(rsaLeaf, world.Intermediate));
        rsa.Mx(10, "mx").Tlsa("mx", rsaLeaf.ToTlsa(TlsaUsage.DaneEe));
        world.Domain(rsa, CheckVerdict.Verified, null, "an RSA key, in a zone signed by RSA");

        var dual = world.Zone("dual", nsec3: new Nsec3Options());
        ImmutableArray<LabCertificate> both = [world.Leaf(dual, "mx"), world.Leaf(dual, "mx", LabKeyKind.Rsa2048)];
        world.Host(dual, "mx", new TlsPersonality { Identities = [.. both.Select(leaf => TlsIdentity.Of(leaf, world.Intermediate))] });
        dual.Mx(10, "mx");
        foreach (var leaf in both) dual.Tlsa("mx", leaf.ToTlsa(TlsaUsage.DaneEe));
        world.Domain(dual, CheckVerdict.Verified, null, "an ECDSA and an RSA key, a record each");

        var tls13 = world.Zone("tls13");
        ImmutableArray<LabCertificate> newest = [world.Leaf(tls13, "mx"), world.Leaf(tls13, "mx", LabKeyKind.Rsa2048)];
        world.Host(tls13, "mx", new TlsPersonality { Identities = [.. newest.Select(leaf => TlsIdentity.Of(leaf, world.Intermediate))], Versions = TlsVersions.Only13 });
        tls13.Mx(10, "mx");
        foreach (var leaf in newest) tls13.Tlsa("mx", leaf.ToTlsa(TlsaUsage.DaneEe));
        world.Domain(tls13, CheckVerdict.Verified, null, "two keys, and TLS 1.3 alone");

        var eddsa = world.Zone("eddsa", SecurityAlgorithm.Ed448);
        var modern = world.Leaf(eddsa, "mx", LabKeyKind.Ed25519);
        world.Host(eddsa, "mx", TlsIdentity.Of(modern, world.Intermediate));
        eddsa.Mx(10, "mx").Tlsa("mx", modern.ToTlsa(TlsaUsage.DaneEe));
        world.Domain(eddsa, CheckVerdict.Verified, null, "an Ed25519 key, in a zone signed by Ed448");

        var sha1 = world.Zone("old-sha1", nsec3: new Nsec3Options { Iterations = 10, Salt = Octets.Copy([1, 2, 3, 4]) }, keys: [world.Keys.Sha1]);
        var leafOfOld = world.Leaf(sha1, "mx");
        world.Host(sha1, "mx", TlsIdentity.Of(leafOfOld, world.Intermediate));
        sha1.Mx(10, "mx").Tlsa("mx", leafOfOld.ToTlsa(TlsaUsage.DaneEe));
        world.Domain(sha1, CheckVerdict.Verified, FindingCodes.DnssecSha1, "the zone is still signed with SHA-1");
    }

    private static void TrustAnchors(World world)
    {
        var anchor = world.Zone("anchor", SecurityAlgorithm.Ed25519);
        world.Host(anchor, "mx", TlsIdentity.Of(world.Leaf(anchor, "mx"), world.Intermediate));
        anchor.Mx(10, "mx").Tlsa("mx", world.Intermediate.ToTlsa(TlsaUsage.DaneTa));
        world.Domain(anchor, CheckVerdict.Verified, null, "DANE-TA: the record names the authority");

        var full = world.Zone("anchor-2-0-0", keys: [world.Keys.Sha512]);
        world.Host(full, "mx", TlsIdentity.Of(world.Leaf(full, "mx"), world.Intermediate));
        full.Mx(10, "mx").Tlsa("mx", world.RootCertificate.ToTlsa(TlsaUsage.DaneTa, TlsaSelector.Certificate, TlsaMatching.Full));
        world.Domain(full, CheckVerdict.Verified, FindingCodes.TlsaFullData, "the record holds the root, not sent");

        var key = world.Zone("anchor-2-1-0");
        world.Host(key, "mx", TlsIdentity.Of(world.Leaf(key, "mx"), world.Intermediate));
        key.Mx(10, "mx").Tlsa("mx", world.RootCertificate.ToTlsa(TlsaUsage.DaneTa, TlsaSelector.PublicKey, TlsaMatching.Full));
        world.Domain(key, CheckVerdict.Verified, null, "the record holds the root's key, not sent");

        var expiring = world.Zone("expiring");
        world.Host(expiring, "mx", TlsIdentity.Of(world.Leaf(expiring, "mx", validFor: TimeSpan.FromDays(5)), world.Intermediate));
        expiring.Mx(10, "mx").Tlsa("mx", world.Intermediate.ToTlsa(TlsaUsage.DaneTa));
        world.Domain(expiring, CheckVerdict.Verified, FindingCodes.TlsExpiresSoon, "DANE-TA, and five days are left");
    }

    private static void Names(World world)
    {
        var (alias, leaf) = world.Simple("tlsa-alias", nsec3: new Nsec3Options());
        alias.Add(alias.Name("_dane"), RecordType.TLSA, leaf.ToTlsa(TlsaUsage.DaneEe)).Alias(ZoneDraft.TlsaOwner("mx"), alias.Name("_dane"));
        world.Domain(alias, CheckVerdict.Verified, null, "the TLSA name is an alias of another");

        var mxAlias = world.Zone("mx-alias");
        var real = world.Leaf(mxAlias, "real");
        world.Host(mxAlias, "real", TlsIdentity.Of(real, world.Intermediate));
        mxAlias.Mx(10, "mx").Alias("mx", mxAlias.Name("real")).Tlsa("real", real.ToTlsa(TlsaUsage.DaneEe));
        world.Domain(mxAlias, CheckVerdict.Verified, FindingCodes.MxAlias, "the MX host is an alias, against RFC 2181");

        var moved = world.Zone("moved");
        var target = world.Zone("moved-to", nsec3: new Nsec3Options());
        var there = world.Leaf(target, "mx.in");
        world.Host(target, "mx.in", TlsIdentity.Of(there, world.Intermediate));
        target.Tlsa("mx.in", there.ToTlsa(TlsaUsage.DaneEe));
        moved.Mx(10, "mx.old").Add(moved.Name("old"), RecordType.DNAME, new NameData(target.Name("in")).ToOctets());
        world.Domain(moved, CheckVerdict.Verified, FindingCodes.MxAlias, "its host was moved by a DNAME record");

        var (wildcard, any) = world.Simple("wildcard", nsec3: new Nsec3Options());
        wildcard.Add(wildcard.Name("*._tcp.mx"), RecordType.TLSA, any.ToTlsa(TlsaUsage.DaneEe));
        world.Domain(wildcard, CheckVerdict.Verified, null, "the TLSA record comes from a wildcard");

        var (submission, taken) = world.Simple("submission");
        submission.Tlsa("mx", taken.ToTlsa(TlsaUsage.DaneEe)).Add(submission.Name("_587._tcp.mx"), RecordType.TLSA, taken.ToTlsa(TlsaUsage.DaneEe))
            .Add(submission.Name("_submission._tcp"), RecordType.SRV, new SrvData(0, 1, 587, submission.Name("mx")).ToOctets());
        world.Domain(submission, CheckVerdict.Verified, null, "an SRV record says where to submit mail");

        var sni = world.Zone("sni");
        var (right, other) = (world.Leaf(sni, "mx"), world.Leaf(sni, "default"));
        world.Host(sni, "mx", new TlsPersonality
        {
            Identities = [TlsIdentity.Of(other, world.Intermediate)],
            ByServerName = ImmutableDictionary<string, ImmutableArray<TlsIdentity>>.Empty.Add(World.TextOf(sni.Name("mx")), [TlsIdentity.Of(right, world.Intermediate)]),
        });
        sni.Mx(10, "mx").Tlsa("mx", right.ToTlsa(TlsaUsage.DaneEe));
        world.Domain(sni, CheckVerdict.Verified, null, "the certificate depends on the SNI");

        var (broken, sound) = world.Simple("v6-broken");
        broken.Tlsa("mx", sound.ToTlsa(TlsaUsage.DaneEe));
        world.Fault(broken.Name("mx"), RecordType.AAAA, ReplyFaultKind.ServerFailure);
        world.Domain(broken, CheckVerdict.Verified, FindingCodes.MxAddressLookupFailed, "the lookup of its IPv6 addresses fails");
    }

    private static void Records(World world)
    {
        var (rollover, leaf) = world.Simple("rollover");
        rollover.Tlsa("mx", leaf.ToTlsa(TlsaUsage.DaneEe)).Tlsa("mx", world.Leaf(rollover, "mx").ToTlsa(TlsaUsage.DaneEe));
        world.Domain(rollover, CheckVerdict.Verified, FindingCodes.TlsaUnmatched, "two records, one of them matches nothing");

        var (sha512, strong) = world.Simple("sha512");
        sha512.Tlsa("mx", strong.ToTlsa(TlsaUsage.DaneEe, TlsaSelector.PublicKey, TlsaMatching.Sha512));
        world.Domain(sha512, CheckVerdict.Verified, FindingCodes.TlsaOnlySha512, "only SHA-512, which not everybody knows");

        var (whole, renewed) = world.Simple("selector-0");
        whole.Tlsa("mx", renewed.ToTlsa(TlsaUsage.DaneEe, TlsaSelector.Certificate));
        world.Domain(whole, CheckVerdict.Verified, FindingCodes.TlsaSelectorCertificate, "3 0 1, which breaks at the next renewal");

        var (kinds, sent) = world.Simple("two-kinds");
        kinds.Tlsa("mx", sent.ToTlsa(TlsaUsage.DaneEe)).Tlsa("mx", world.RootCertificate.ToTlsa(TlsaUsage.DaneTa));
        world.Domain(kinds, CheckVerdict.Verified, FindingCodes.TlsaCombination, "3 1 1 is right, 2 1 1 matches nothing");

        var (nothing, beside) = world.Simple("empty-digest");
        nothing.Tlsa("mx", beside.ToTlsa(TlsaUsage.DaneEe)).Tlsa("mx", new TlsaData(TlsaUsage.DaneEe, TlsaSelector.PublicKey, TlsaMatching.Sha256, new Octets(SHA256.HashData([]))).ToOctets());
        world.Domain(nothing, CheckVerdict.Verified, FindingCodes.TlsaEmptyDigest, "a good record, and the digest of nothing");

        var (slow, kept) = world.Simple("long-ttl");
        slow.Tlsa("mx", kept.ToTlsa(TlsaUsage.DaneEe), timeToLive: 86400);
        world.Domain(slow, CheckVerdict.Verified, FindingCodes.TlsaTtlLong, "a TLSA record that is kept for a day");

        var (unusable, served) = world.Simple("tlsa-unusable");
        unusable.Tlsa("mx", served.ToTlsa(TlsaUsage.DaneEe)).Tlsa("mx", served.ToTlsa((TlsaUsage)4)).Tlsa("mx", served.ToTlsa(TlsaUsage.DaneEe).Slice(0, 20));
        world.Domain(unusable, CheckVerdict.Verified, FindingCodes.TlsaUnusable, "a good record and two unusable ones");

        var (large, one) = world.Simple("tlsa-large");
        large.Tlsa("mx", one.ToTlsa(TlsaUsage.DaneEe));
        for (var i = 0; i < 40; i++) large.Tlsa("mx", new TlsaData(TlsaUsage.DaneEe, TlsaSelector.PublicKey, TlsaMatching.Sha256, new Octets(SHA256.HashData([(byte)i]))).ToOctets());
        world.Domain(large, CheckVerdict.Verified, FindingCodes.TlsaSetLarge, "41 records, which no datagram can bear");

        var (twoDs, signed) = world.Simple("extra-ds");
        twoDs.Tlsa("mx", signed.ToTlsa(TlsaUsage.DaneEe));
        twoDs.HasDsOfAnotherAlgorithm = true;
        world.Domain(twoDs, CheckVerdict.Verified, FindingCodes.DnssecAlgorithmUnused, "a DS for an algorithm that signs nothing");
    }
}
