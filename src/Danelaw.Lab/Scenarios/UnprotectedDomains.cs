using Danelaw.Checks;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Signing;
using Danelaw.Lab.Servers;
using Danelaw.Lab.Zones;

namespace Danelaw.Lab.Scenarios;

/// <summary>Domains without DANE, or with DANE for a part of their hosts or records.</summary>
internal static class UnprotectedDomains
{
    internal static void Add(World world)
    {
        var (none, _) = world.Simple("no-tlsa");
        world.Domain(none, CheckVerdict.Unprotected, FindingCodes.TlsaNone, "signed, and no TLSA record");

        var (mistyped, meant) = world.Simple("mistyped");
        mistyped.Add(mistyped.Name("25._tcp.mx"), RecordType.TLSA, meant.ToTlsa(TlsaUsage.DaneEe));
        world.Domain(mistyped, CheckVerdict.Unprotected, FindingCodes.TlsaNone, "its record stands at 25._tcp: nobody asks");

        var unsigned = world.Zone("unsigned", delegation: DelegationManner.Insecure);
        var leaf = world.Leaf(unsigned, "mx");
        world.Host(unsigned, "mx", TlsIdentity.Of(leaf, world.Intermediate));
        unsigned.Mx(10, DomainName.Parse("mx1.provider.lab.")).Mx(20, "mx").Tlsa("mx", leaf.ToTlsa(TlsaUsage.DaneEe));
        world.Domain(unsigned, CheckVerdict.Unprotected, FindingCodes.MxInsecure, "not signed, though its host has DANE");

        var hostUnsigned = world.Zone("host-unsigned");
        hostUnsigned.Mx(10, unsigned.Name("mx"));
        world.Domain(hostUnsigned, CheckVerdict.Unprotected, FindingCodes.TlsaInsecure, "its host's TLSA record is not signed");

        var hostPlain = world.Zone("host-plain");
        hostPlain.Mx(10, unsigned.Name("plain"));
        world.Host(unsigned, "plain", TlsIdentity.Of(world.Leaf(unsigned, "plain"), world.Intermediate));
        world.Domain(hostPlain, CheckVerdict.Unprotected, FindingCodes.MxAddressInsecure, "signed, and its host's zone is not");

        var (tlsaUnsigned, _) = world.Simple("tlsa-unsigned");
        tlsaUnsigned.Alias(ZoneDraft.TlsaOwner("mx"), unsigned.Name(ZoneDraft.TlsaOwner("mx")));
        world.Domain(tlsaUnsigned, CheckVerdict.Unprotected, FindingCodes.TlsaInsecure, "TLSA by an alias into an unsigned zone");

        var (optOut, any) = world.Simple("opt-out", nsec3: new Nsec3Options { OptOut = true });
        optOut.Add(optOut.Name("*._tcp.mx"), RecordType.TLSA, any.ToTlsa(TlsaUsage.DaneEe));
        world.Domain(optOut, CheckVerdict.Unprotected, FindingCodes.TlsaInsecure, "TLSA from a wildcard in an opt-out zone");

        var unknown = world.Zone("unknown-algorithm", delegation: DelegationManner.UnknownAlgorithm);
        unknown.Mx(10, DomainName.Parse("mx2.provider.lab."));
        world.Domain(unknown, CheckVerdict.Unprotected, FindingCodes.MxInsecure, "signed by an algorithm that nobody knows");

        var depot = world.Zone("depot");
        var shop = world.Zone("shop", parent: depot, delegation: DelegationManner.Insecure);
        shop.Mx(10, DomainName.Parse("mx1.provider.lab."));
        world.Domain(shop, CheckVerdict.Unprotected, FindingCodes.MxInsecure, "an unsigned zone below a signed one");

        var noMail = world.Zone("null-mx").Mx(0, DomainName.Root);
        world.Domain(noMail, CheckVerdict.Unprotected, FindingCodes.MxNull, "takes no mail and says so");

        world.Domain(world.Top.Name("nowhere"), CheckVerdict.Unprotected, FindingCodes.MxNoDomain, "does not exist, in an opt-out span");
        Partly(world);
    }

    private static void Partly(World world)
    {
        var (pkix, leaf) = world.Simple("pkix");
        pkix.Tlsa("mx", leaf.ToTlsa(TlsaUsage.PkixEe)).Tlsa("mx", world.Intermediate.ToTlsa(TlsaUsage.PkixTa));
        world.Domain(pkix, CheckVerdict.Partial, FindingCodes.TlsaPkixUsage, "only PKIX usages, void on port 25");

        var (some, first) = world.Simple("some");
        some.Tlsa("mx", first.ToTlsa(TlsaUsage.DaneEe)).Mx(20, "backup");
        world.Host(some, "backup", TlsIdentity.Of(world.Leaf(some, "backup"), world.Intermediate));
        world.Domain(some, CheckVerdict.Partial, FindingCodes.MxSomeUnprotected, "the second host has no TLSA record");
    }
}
