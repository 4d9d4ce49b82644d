using Danelaw.Dns.Names;
using Danelaw.Operator.Publishing;
using Danelaw.Tlsa;

namespace Danelaw.Operator.Tests.Publishing;

public sealed class FormFieldsTests
{
    private static readonly TlsaRecord Record = TlsaRecord.TryParse("3 1 1 " + new string('a', 64), out var record, out _) ? record : default;

    [Theory]
    [InlineData("example.org.", "_25._tcp.mx.example.org.", "mx", "mx.example.org.", "_25._tcp.mx")]
    [InlineData("example.org.", "_25._tcp.example.org.", "@", "example.org.", "_25._tcp")]
    [InlineData("example.org.", "_25._tcp.a.b.Example.ORG.", "a.b", "a.b.Example.ORG.", "_25._tcp.a.b")]
    [InlineData("example.org.", "_443._udp.a\\.b.example.org.", "a\\.b", "a\\.b.example.org.", "_443._udp.a\\.b")]
    public void The_host_is_told_relative_and_absolute(string zone, string owner, string host, string absolute, string name)
    {
        var fields = FormFields.Of(DomainName.Parse(zone), DomainName.Parse(owner), Record, 300);

        Assert.Equal((host, absolute, name, owner), (fields.Host, fields.AbsoluteHost, fields.Name, fields.AbsoluteName));
    }

    [Theory, Rfc(7671, "6")]
    [InlineData("example.org.", "tlsa201._dane.example.org.", "tlsa201._dane")]
    [InlineData("_tcp.mx.example.org.", "_25._tcp.mx.example.org.", "_25")]
    public void What_an_alias_leads_to_is_told_by_its_whole_name(string zone, string place, string name)
    {
        var fields = FormFields.Of(DomainName.Parse(zone), DomainName.Parse(place), Record, 300);

        Assert.Equal((null, null, null, null, name, place), (fields.Port, fields.Protocol, fields.Host, fields.AbsoluteHost, fields.Name, fields.AbsoluteName));
    }

    [Fact]
    public void What_is_not_in_the_zone_is_refused()
    {
        Assert.Throws<ArgumentException>(() => FormFields.Of(DomainName.Parse("example.org."), DomainName.Parse("_25._tcp.mx.other.org."), Record, 300));
    }
}
