using System.Formats.Asn1;
using Danelaw.Certificates;
using Danelaw.Dns.Names;

namespace Danelaw.Tests.Certificates;

/// <summary>SRV-ID and XmppAddr, right, wrong and malformed.</summary>
public sealed class ServiceNamesTests
{
    private const string Srv = "1.3.6.1.5.5.7.8.7";
    private const string Xmpp = "1.3.6.1.5.5.7.8.5";

    [Theory, Rule("R74"), Rfc(4985, "2"), Rfc(9525, "6.2"), Rfc(6120, "13.7.1.2")]
    [InlineData(Srv, "_imaps.example.org", "imaps", true)]
    [InlineData(Srv, "_IMAPS.EXAMPLE.org", "imaps", true)]
    [InlineData(Srv, "_imap.example.org", "imaps", false)]
    [InlineData(Srv, "imaps.example.org", "imaps", false)]
    [InlineData(Srv, "_imaps._tcp.example.org", "imaps", false)]
    [InlineData(Srv, "_imaps.mail.example.org", "imaps", false)]
    [InlineData(Srv, "_imaps.*.org", "imaps", false)]
    [InlineData(Srv, "_imaps.*.example.org", "imaps", false)]
    [InlineData(Srv, "_imaps.example.org.", "imaps", false)]
    [InlineData(Srv, "_imaps.example.org ", "imaps", false)]
    [InlineData(Srv, "_imaps.example\\046org", "imaps", false)]
    [InlineData(Srv, "_imaps.", "imaps", false)]
    [InlineData(Srv, "_.example.org", "imaps", false)]
    [InlineData(Srv, "", "imaps", false)]
    [InlineData(Srv, "_xmpp-server.example.org", "xmpp-server", true)]
    [InlineData(Srv, "_xmpp-client.example.org", "xmpp-server", false)]
    [InlineData(Xmpp, "example.org", "xmpp-server", true)]
    [InlineData(Xmpp, "EXAMPLE.org", "xmpp-server", true)]
    [InlineData(Xmpp, "example.org", "imaps", false)]
    [InlineData(Xmpp, "juliet@example.org", "xmpp-server", false)]
    [InlineData(Xmpp, "example.org/balcony", "xmpp-server", false)]
    [InlineData(Xmpp, "*.example.org", "xmpp-server", false)]
    [InlineData(Xmpp, "chat.example.org", "xmpp-server", false)]
    [InlineData(Xmpp, "example.org\0.example.net", "xmpp-server", false)]
    public void A_name_is_one_of_the_service_or_not(string oid, string text, string service, bool expected) =>
        Assert.Equal(expected, IsBorne(Other(oid, text), service));

    [Theory, Rfc(6120, "13.7.1.4"), Rfc(5891, "4.4")]
    [InlineData("b\u00FCcher.example", true)]
    [InlineData("xn--bcher-kva.example", true)]
    [InlineData("bucher.example", false)]
    [InlineData("bu\u0308cher.example", false)]
    public void An_XmppAddr_has_the_letters_of_its_language(string text, bool expected) =>
        Assert.Equal(expected, ServiceNames.Matches(new(GeneralNameKind.OtherName, new(Other(Xmpp, text))), new(DomainName.Parse("xn--bcher-kva.example"), ["xmpp-client"], true)));

    [Fact, Rfc(5280, "4.2.1.6")]
    public void What_is_not_exactly_such_a_name_is_none_and_spoils_no_other()
    {
        var right = Other(Srv, "_imaps.example.org");
        Assert.True(IsBorne(right, "imaps"));

        // Cut at every octet, and with one more.
        for (var length = 0; length < right.Length; length++) Assert.False(IsBorne(right[..length], "imaps"), $"{length}");
        Assert.False(IsBorne([.. right, 0], "imaps"));
        Assert.False(IsBorne(Other(Srv, "_imaps.example.org", UniversalTagNumber.UTF8String), "imaps"));
        Assert.False(IsBorne(Other(Xmpp, "example.org", UniversalTagNumber.IA5String), "xmpp-server"));
        Assert.False(IsBorne(Other("1.3.6.1.5.5.7.8.9", "_imaps.example.org"), "imaps"));

        // Two values, an implicit tag, a value that is not ASCII, a value that is no UTF-8, a name as long as a certificate.
        Assert.False(IsBorne(Raw(Srv, writer => { Write(writer, "_imaps.example.org"); Write(writer, "_imaps.example.org"); }), "imaps"));
        Assert.False(IsBorne(Extension.Encode(writer => { writer.WriteObjectIdentifier(Srv); Write(writer, "_imaps.example.org"); }), "imaps"));
        Assert.False(IsBorne(Raw(Srv, writer => writer.WriteEncodedValue([0x16, 2, 0xC3, 0xBC])), "imaps"));
        Assert.False(IsBorne(Raw(Xmpp, writer => writer.WriteEncodedValue([0x0C, 1, 0xFF])), "xmpp-server"));
        Assert.False(IsBorne(Other(Srv, "_imaps." + new string('a', 100_000)), "imaps"));

        var spoiled = Leaf(Extension.AlternativeNames((0, [1, 2, 3]), (2, "imap.example.net"u8.ToArray())));
        Assert.False(ServiceNames.IsBorne(spoiled, new(DomainName.Parse("example.org"), ["imaps"], false), []));
        Assert.True(HostNames.IsBorne(spoiled, [DomainName.Parse("imap.example.net")], allowsCommonName: false));
    }

    [Theory, Rule("R43"), Rfc(4985, "4")]
    [InlineData("example.org", "", true)]
    [InlineData("", "example.net", true)]
    [InlineData("example.net", "", false)]
    [InlineData("", "org", false)]
    public void Constraints_on_DNS_names_bind_it_too(string permitted, string excluded, bool expected)
    {
        var constraints = Extension.NameConstraints(permitted.Length > 0 ? [Extension.Dns(permitted)] : [], excluded.Length > 0 ? [Extension.Dns(excluded)] : []);
        var issuer = Read(Forge.Root("Some CA") with { Extensions = [Extension.Authority(), constraints] });

        Assert.Equal(expected, ServiceNames.IsBorne(Leaf(Constructed(Other(Srv, "_imaps.example.org"))), new(DomainName.Parse("example.org"), ["imaps"], false), [issuer]));
    }

    /// <summary>The extension with one otherName.</summary>
    internal static Extension Constructed(params byte[][] names) => new("2.5.29.17", false, Extension.Encode(writer =>
    {
        using (writer.PushSequence())
        {
            foreach (var name in names)
            {
                var head = name.Length < 128 ? (byte[])[0xA0, (byte)name.Length] : [0xA0, 0x83, (byte)(name.Length >> 16), (byte)(name.Length >> 8), (byte)name.Length];
                writer.WriteEncodedValue([.. head, .. name]);
            }
        }
    }));

    /// <summary>What stands below the tag of an otherName.</summary>
    internal static byte[] Other(string oid, string text, UniversalTagNumber? type = null) =>
        Raw(oid, writer => writer.WriteCharacterString(type ?? (oid == Xmpp ? UniversalTagNumber.UTF8String : UniversalTagNumber.IA5String), text));

    private static byte[] Raw(string oid, Action<AsnWriter> value) => Extension.Encode(writer =>
    {
        writer.WriteObjectIdentifier(oid);
        using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0))) value(writer);
    });

    private static void Write(AsnWriter writer, string text) => writer.WriteCharacterString(UniversalTagNumber.IA5String, text);

    private static bool IsBorne(byte[] other, string service) =>
        ServiceNames.Matches(new(GeneralNameKind.OtherName, new(other)), new(DomainName.Parse("example.org"), [service], service.StartsWith("xmpp", StringComparison.Ordinal)));

    private static PathCertificate Leaf(Extension names) => Read(new Forge { Subject = "leaf", Issuer = "Some CA", Extensions = [names] });

    private static PathCertificate Read(Forge forge)
    {
        Assert.True(PathCertificate.TryRead(forge.Make(), out var certificate));
        return certificate;
    }
}
