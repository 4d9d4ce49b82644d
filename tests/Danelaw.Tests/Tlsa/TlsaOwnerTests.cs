using Danelaw.Dns.Names;
using Danelaw.Tlsa;

namespace Danelaw.Tests.Tlsa;

public sealed class TlsaOwnerTests
{
    [Theory, Rule("R01"), Rule("R25"), Rfc(6698, "3")]
    [InlineData(25, TlsaTransport.Tcp, "mail.example.com", "_25._tcp.mail.example.com.")]
    [InlineData(443, TlsaTransport.Tcp, "www.example.com", "_443._tcp.www.example.com.")]
    [InlineData(1, TlsaTransport.Udp, "example.com", "_1._udp.example.com.")]
    [InlineData(65535, TlsaTransport.Sctp, "xn--bcher-kva.example", "_65535._sctp.xn--bcher-kva.example.")]
    [InlineData(7, TlsaTransport.Tcp, ".", "_7._tcp.")]
    public void The_owner_is_port_transport_and_base(int port, TlsaTransport transport, string baseDomain, string expected)
    {
        Assert.True(TlsaOwner.TryFor(port, transport, DomainName.Parse(baseDomain), out var owner));
        Assert.Equal(expected, owner.ToString());
        Assert.True(TlsaOwner.TryRead(owner, out var portAgain, out var transportAgain, out var baseAgain));
        Assert.Equal((port, transport, DomainName.Parse(baseDomain)), (portAgain, transportAgain, baseAgain));
    }

    [Theory, Rule("R01")]
    [InlineData("_025._tcp.example.com")]
    [InlineData("_0._tcp.example.com")]
    [InlineData("25._tcp.example.com")]
    [InlineData("_._tcp.example.com")]
    [InlineData("_+5._tcp.example.com")]
    [InlineData("_65536._tcp.example.com")]
    [InlineData("_25._dccp.example.com")]
    [InlineData("_25.tcp.example.com")]
    [InlineData("_25")]
    [InlineData(".")]
    public void A_name_that_no_client_asks_is_no_owner(string name) =>
        Assert.False(TlsaOwner.TryRead(DomainName.Parse(name), out _, out _, out _));

    [Fact, Rule("R01")]
    public void Letters_of_the_transport_may_be_of_either_case() =>
        Assert.True(TlsaOwner.TryRead(DomainName.Parse("_25._TCP.example.com"), out _, out _, out _));

    [Theory, Rule("R01")]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(65536)]
    public void A_port_out_of_range_has_no_owner(int port) =>
        Assert.False(TlsaOwner.TryFor(port, DomainName.Parse("example.com"), out _));

    [Fact, Rule("R01")]
    public void A_base_that_leaves_no_room_has_no_owner()
    {
        var label = new string('a', 63);
        var name = DomainName.Parse($"{label}.{label}.{label}.{new string('a', 52)}");
        Assert.True(TlsaOwner.TryFor(1, name.Parent, out _));
        Assert.False(TlsaOwner.TryFor(65535, name, out _));
    }
}
