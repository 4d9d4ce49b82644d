using System.Text;
using Danelaw.Certificates;
using Danelaw.Dns.Names;

namespace Danelaw.Tests.Certificates;

public sealed class HostNamesTests
{
    [Theory, Rule("R46"), Rfc(7672, "3.2.3"), Rfc(9525, "6.3")]
    [InlineData("mx.example.org", "mx.example.org", true)]
    [InlineData("MX.EXAMPLE.org", "mx.example.ORG", true)]
    [InlineData("mx.example.org", "mx.example.com", false)]
    [InlineData("example.org", "mx.example.org", false)]
    [InlineData("mx.example.org", "example.org", false)]
    [InlineData("*.example.org", "mx.example.org", true)]
    [InlineData("*.EXAMPLE.org", "mx.example.org", true)]
    [InlineData("*.example.org", "xn--bcher-kva.example.org", true)]
    [InlineData("*.example.org", "_x.example.org", true)]
    [InlineData("*.example.org", "a.mx.example.org", false)]
    [InlineData("*.example.org", "example.org", false)]
    [InlineData("*.org", "example.org", false)]
    [InlineData("*", "example", false)]
    [InlineData("*.", "example", false)]
    [InlineData("*.*.org", "mx.example.org", false)]
    [InlineData("mx.*.org", "mx.example.org", false)]
    [InlineData("m*.example.org", "mx.example.org", false)]
    [InlineData("*x.example.org", "mx.example.org", false)]
    [InlineData("**.example.org", "mx.example.org", false)]
    [InlineData("mx.example.org.", "mx.example.org", false)]
    [InlineData(".example.org", "mx.example.org", false)]
    [InlineData("mx.example.org\0", "mx.example.org", false)]
    [InlineData("mx.example.org\0.attacker.example", "mx.example.org", false)]
    [InlineData("mx.example.org ", "mx.example.org", false)]
    [InlineData("", "mx.example.org", false)]
    [InlineData("", ".", false)]
    [InlineData(".", ".", false)]
    [InlineData("*.example.org", "\\*.example.org", false)]
    [InlineData("a.b.example.org", "a\\.b.example.org", false)]
    [InlineData("\u00FCber.example.org", "\\252ber.example.org", false)]
    public void A_presented_name_stands_for_a_name_or_not(string presented, string reference, bool expected) =>
        Assert.Equal(expected, HostNames.Matches(Encoding.Latin1.GetBytes(presented), DomainName.Parse(reference)));

    [Theory, Rule("R46"), Rfc(7672, "3.2.3"), Rfc(9525, "2")]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void The_common_name_counts_for_mail_where_no_DNS_name_is_and_nowhere_else(bool allowsCommonName, bool expected)
    {
        var nameless = new Forge { Subject = "mx.example.org", Extensions = [] };
        var addressOnly = nameless with { Extensions = [Extension.AlternativeNames((7, [192, 0, 2, 1]), (1, "mx.example.org"u8.ToArray()))] };
        var otherName = nameless with { Extensions = [Extension.DnsNames("a.example")] };

        Assert.Equal(expected, IsBorne(nameless, allowsCommonName));
        Assert.Equal(expected, IsBorne(addressOnly, allowsCommonName));
        Assert.False(IsBorne(otherName, allowsCommonName));
    }

    [Theory, Rule("R46")]
    [InlineData("mx.example.org", true)]
    [InlineData("*.example.org", true)]
    [InlineData("mx.example.org\0.attacker.example", false)]
    [InlineData("mx.example.org ", false)]
    [InlineData("m\u00FCx.example.org", false)]
    public void A_common_name_is_held_to_the_same_rules(string commonName, bool expected) =>
        Assert.Equal(expected, IsBorne(new Forge { Subject = "x", SubjectName = Forge.Name(commonName) }, allowsCommonName: true));

    [Fact, Rule("R45")]
    public void Any_of_the_reference_names_suffices_and_none_never_does()
    {
        Assert.True(PathCertificate.TryRead(Forge.Leaf("mx.example.org", "CA").Make(), out var certificate));
        Assert.True(HostNames.IsBorne(certificate, [DomainName.Parse("a.example"), DomainName.Parse("mx.example.org")], allowsCommonName: true));
        Assert.False(HostNames.IsBorne(certificate, [DomainName.Parse("a.example"), DomainName.Parse("b.example")], allowsCommonName: true));
        Assert.False(HostNames.IsBorne(certificate, [], allowsCommonName: true));
    }

    private static bool IsBorne(Forge forge, bool allowsCommonName)
    {
        Assert.True(PathCertificate.TryRead(forge.Make(), out var certificate));
        return HostNames.IsBorne(certificate, [DomainName.Parse("mx.example.org")], allowsCommonName);
    }
}
