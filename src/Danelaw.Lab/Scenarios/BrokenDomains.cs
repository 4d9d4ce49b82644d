using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Danelaw.Checks;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Signing;
using Danelaw.Lab.Authority;
using Danelaw.Lab.Faults;
using Danelaw.Lab.Servers;
using Danelaw.Lab.Zones;

namespace Danelaw.Lab.Scenarios;

/// <summary>Domains whose mail stops, or of which nothing can be said.</summary>
internal static class BrokenDomains
{
    internal static void Add(World world)
    {
        Certificates(world);
        Handshakes(world);
        Lookups(world);
        Unreachable(world);
    }

    private static void Certificates(World world)
    {
        var (mismatch, _) = world.Simple("mismatch");
        mismatch.Tlsa("mx", world.Leaf(mismatch, "mx").ToTlsa(TlsaUsage.DaneEe));
        world.Domain(mismatch, CheckVerdict.Failing, FindingCodes.TlsaMismatch, "a new key, and the record was forgotten");

        var (pem, text) = world.Simple("pem-digest");
        var ofText = SHA256.HashData(Encoding.ASCII.GetBytes(PemEncoding.WriteString("CERTIFICATE", text.Der.Span) + "\n"));
        pem.Tlsa("mx", new TlsaData(TlsaUsage.DaneEe, TlsaSelector.PublicKey, TlsaMatching.Sha256, new Octets(ofText)).ToOctets());
        world.Domain(pem, CheckVerdict.Failing, FindingCodes.TlsaWrongDigest, "its record is the digest of a PEM text");

        var halfDual = world.Zone("half-dual");
        ImmutableArray<LabCertificate> both = [world.Leaf(halfDual, "mx"), world.Leaf(halfDual, "mx", LabKeyKind.Rsa2048)];
        world.Host(halfDual, "mx", new TlsPersonality { Identities = [.. both.Select(leaf => TlsIdentity.Of(leaf, world.Intermediate))] });
        halfDual.Mx(10, "mx").Tlsa("mx", both[0].ToTlsa(TlsaUsage.DaneEe));
        world.Domain(halfDual, CheckVerdict.Failing, FindingCodes.TlsaMismatch, "two keys, a record for the ECDSA one only");

        var (second, right) = world.Simple("second-address", nsec3: new Nsec3Options());
        second.Tlsa("mx", right.ToTlsa(TlsaUsage.DaneEe));
        world.Host(second, "mx", TlsIdentity.Of(world.Leaf(second, "mx"), world.Intermediate));
        world.Domain(second, CheckVerdict.Failing, FindingCodes.TlsaMismatch, "its second address shows another key");

        var expired = world.Zone("expired");
        world.Host(expired, "mx", TlsIdentity.Of(world.Leaf(expired, "mx", validFor: TimeSpan.FromDays(-3)), world.Intermediate));
        expired.Mx(10, "mx").Tlsa("mx", world.Intermediate.ToTlsa(TlsaUsage.DaneTa));
        world.Domain(expired, CheckVerdict.Failing, FindingCodes.TlsExpired, "DANE-TA, and the certificate has expired");

        var wrongName = world.Zone("wrong-name");
        world.Host(wrongName, "mx", TlsIdentity.Of(world.Leaf("www.wrong-name.lab"), world.Intermediate));
        wrongName.Mx(10, "mx").Tlsa("mx", world.Intermediate.ToTlsa(TlsaUsage.DaneTa));
        world.Domain(wrongName, CheckVerdict.Failing, FindingCodes.TlsNameMismatch, "DANE-TA, and the name is another one");

        var noAnchor = world.Zone("anchor-missing");
        world.Host(noAnchor, "mx", TlsIdentity.Of(world.Leaf(noAnchor, "mx"), world.Intermediate));
        noAnchor.Mx(10, "mx").Tlsa("mx", world.RootCertificate.ToTlsa(TlsaUsage.DaneTa));
        world.Domain(noAnchor, CheckVerdict.Failing, FindingCodes.TlsAnchorMissing, "the record names a root that is not sent");

        var forged = world.Zone("forged");
        var impostor = world.Authority.Issue(new CertificateOrder { Name = world.Intermediate.Name, IsAuthority = true });
        var leafOfImpostor = world.Authority.Issue(new CertificateOrder { Name = "mx.forged.lab", DnsNames = ["mx.forged.lab"], Issuer = impostor });
        world.Host(forged, "mx", TlsIdentity.Of(leafOfImpostor, world.Intermediate));
        forged.Mx(10, "mx").Tlsa("mx", world.Intermediate.ToTlsa(TlsaUsage.DaneTa));
        world.Domain(forged, CheckVerdict.Failing, FindingCodes.TlsaMismatch, "its authority is sent, but did not sign");
    }

    private static void Handshakes(World world)
    {
        Manner("no-starttls", MailManner.WithoutStartTls, FindingCodes.TlsStartTlsMissing, "STARTTLS is not offered");
        Manner("starttls-454", MailManner.RefusesStartTls, FindingCodes.TlsStartTlsRefused, "STARTTLS is offered and then refused");
        Manner("injection", MailManner.TalksAfterStartTls, FindingCodes.TlsInjection, "plain text follows the reply to STARTTLS");

        var noTls = world.Zone("tls-alert");
        var leaf = world.Leaf(noTls, "mx");
        world.Host(noTls, "mx", new TlsPersonality { Identities = [TlsIdentity.Of(leaf, world.Intermediate)], RefusesHandshakes = true });
        noTls.Mx(10, "mx").Tlsa("mx", leaf.ToTlsa(TlsaUsage.DaneEe));
        world.Domain(noTls, CheckVerdict.Failing, FindingCodes.TlsHandshakeFailed, "every TLS handshake ends with an alert");

        var old = world.Zone("tls11");
        var retired = world.Leaf(old, "mx");
        world.Host(old, "mx", new TlsPersonality { Identities = [TlsIdentity.Of(retired, world.Intermediate)], Versions = TlsVersions.Only11 });
        old.Mx(10, "mx").Tlsa("mx", retired.ToTlsa(TlsaUsage.DaneEe));
        world.Domain(old, CheckVerdict.Failing, FindingCodes.TlsVersionOld, "speaks TLS 1.1 at most");

        void Manner(string label, MailManner manner, string finding, string description)
        {
            var (zone, certificate) = world.Simple(label, manner);
            zone.Tlsa("mx", certificate.ToTlsa(TlsaUsage.DaneEe));
            world.Domain(zone, CheckVerdict.Failing, finding, description);
        }
    }

    private static void Lookups(World world)
    {
        var wrongDs = world.Zone("wrong-ds", delegation: DelegationManner.WrongKey);
        wrongDs.Mx(10, DomainName.Parse("mx1.provider.lab."));
        world.Domain(wrongDs, CheckVerdict.Undetermined, FindingCodes.MxLookupFailed, "its DS names a key that it does not have");

        Broken("mx-expired").Break("", RecordType.MX, RecordFaultKind.SignatureExpired);
        Tell(FindingCodes.MxLookupFailed, "the signature of its MX records has ended");

        world.Fault(Broken("mx-servfail").Apex, RecordType.MX, ReplyFaultKind.ServerFailure);
        Tell(FindingCodes.MxLookupFailed, "the lookup of its MX records fails");

        Broken("address-bogus").Break("mx", RecordType.A, RecordFaultKind.DataAltered);
        Tell(FindingCodes.MxAddressLookupFailed, "its host's address is not the signed one");

        var addressFails = Broken("address-servfail");
        world.Fault(addressFails.Name("mx"), RecordType.A, ReplyFaultKind.ServerFailure);
        world.Fault(addressFails.Name("mx"), RecordType.AAAA, ReplyFaultKind.ServerFailure);
        Tell(FindingCodes.MxAddressLookupFailed, "the lookup of its host's addresses fails");

        Broken("tlsa-bogus").Break(ZoneDraft.TlsaOwner("mx"), RecordType.TLSA, RecordFaultKind.SignatureBroken);
        Tell(FindingCodes.TlsaLookupFailed, "the signature of its TLSA record is wrong");

        world.Fault(Broken("tlsa-servfail").Name(ZoneDraft.TlsaOwner("mx")), RecordType.TLSA, ReplyFaultKind.ServerFailure);
        Tell(FindingCodes.TlsaLookupFailed, "TLSA questions are answered with SERVFAIL");

        // The record for IMAP keeps the denial of AAAA at mx from telling of port 25 too (RFC 8198).
        var (denied, forImap) = world.Simple("tlsa-denied");
        denied.Add(denied.Name("_143._tcp.mx"), RecordType.TLSA, forImap.ToTlsa(TlsaUsage.DaneEe));
        world.Fault(denied.Name(ZoneDraft.TlsaOwner("mx")), RecordType.TLSA, ReplyFaultKind.WithoutDenials);
        world.Domain(denied, CheckVerdict.Undetermined, FindingCodes.TlsaLookupFailed, "its lack of TLSA records is not proven");

        ZoneDraft? last = null;

        ZoneDraft Broken(string label)
        {
            var (zone, certificate) = world.Simple(label);
            last = zone;
            return zone.Tlsa("mx", certificate.ToTlsa(TlsaUsage.DaneEe));
        }

        void Tell(string finding, string description) => world.Domain(last!, CheckVerdict.Undetermined, finding, description);
    }

    private static void Unreachable(World world)
    {
        var (busy, certificate) = world.Simple("greeting-421", MailManner.RefusesGreeting);
        busy.Tlsa("mx", certificate.ToTlsa(TlsaUsage.DaneEe));
        world.Domain(busy, CheckVerdict.Undetermined, FindingCodes.TlsUntested, "the server greets with 421");

        var closed = world.Zone("closed").Address("mx", world.NewAddress());
        closed.Mx(10, "mx").Tlsa("mx", world.Leaf(closed, "mx").ToTlsa(TlsaUsage.DaneEe));
        world.Domain(closed, CheckVerdict.Undetermined, FindingCodes.TlsUntested, "nobody listens at its address");

        var noAddress = world.Zone("no-address");
        noAddress.Mx(10, "mx").Tlsa("mx", world.Leaf(noAddress, "mx").ToTlsa(TlsaUsage.DaneEe));
        world.Domain(noAddress, CheckVerdict.Undetermined, FindingCodes.MxNoAddress, "its host has no address");

        world.Domain(world.Top.Name("nowhere.good"), CheckVerdict.Undetermined, FindingCodes.MxNoDomain, "does not exist, as its parent proves");

        var literal = world.Zone("mx-address").Mx(10, DomainName.Parse(world.NewAddress().ToString()));
        world.Domain(literal, CheckVerdict.Unprotected, FindingCodes.MxAddress, "its MX record names an address");
    }
}
