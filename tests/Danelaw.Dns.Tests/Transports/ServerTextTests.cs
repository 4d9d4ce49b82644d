using System.Net;
using Danelaw.Dns.Names;
using Danelaw.Dns.Transports;

namespace Danelaw.Dns.Tests.Transports;

public sealed class ServerTextTests
{
    [Theory]
    [InlineData("192.0.2.1", TransportKind.Datagram, "192.0.2.1:53", null, null)]
    [InlineData(" 192.0.2.1:5353 ", TransportKind.Datagram, "192.0.2.1:5353", null, null)]
    [InlineData("2001:db8::1", TransportKind.Datagram, "[2001:db8::1]:53", null, null)]
    [InlineData("[2001:db8::1]", TransportKind.Datagram, "[2001:db8::1]:53", null, null)]
    [InlineData("[2001:db8::1]:5353", TransportKind.Datagram, "[2001:db8::1]:5353", null, null)]
    [InlineData("udp://192.0.2.1", TransportKind.Datagram, "192.0.2.1:53", null, null)]
    [InlineData("tcp://192.0.2.1:54", TransportKind.Tcp, "192.0.2.1:54", null, null)]
    [InlineData("tls://192.0.2.1", TransportKind.Tls, "192.0.2.1:853", "192.0.2.1", null)]
    [InlineData("tls://[2001:db8::1]:8853", TransportKind.Tls, "[2001:db8::1]:8853", "2001:db8::1", null)]
    [InlineData("TLS://Resolver.Example", TransportKind.Tls, "0.0.0.0:853", "resolver.example", null)]
    [InlineData("https://resolver.example/dns-query", TransportKind.Https, "0.0.0.0:443", "resolver.example", "/dns-query")]
    [InlineData("https://resolver.example/dns-query{?dns}", TransportKind.Https, "0.0.0.0:443", "resolver.example", "/dns-query")]
    [InlineData("https://resolver.example", TransportKind.Https, "0.0.0.0:443", "resolver.example", "/dns-query")]
    [InlineData("https://192.0.2.1:8443/q?x=1", TransportKind.Https, "192.0.2.1:8443", "192.0.2.1", "/q?x=1")]
    [InlineData("https://münchen.example./", TransportKind.Https, "0.0.0.0:443", "xn--mnchen-3ya.example", "/dns-query")]
    public void A_server_is_read_as_people_write_it(string text, TransportKind kind, string endPoint, string? host, string? path)
    {
        Assert.True(DnsServer.TryParse(text, out var server, out var fault), fault);
        Assert.Equal((kind, endPoint, host, path), (server.Kind, server.EndPoint.ToString(), server.HostName, server.Path));
        Assert.Equal(endPoint.StartsWith("0.0.0.0", StringComparison.Ordinal), server.NeedsAddress);
    }

    [Theory]
    [InlineData("", "the resolver's address is missing")]
    [InlineData("resolver.example", "'resolver.example' is not an IP address; a resolver reached by plain DNS is given by its address")]
    [InlineData("192.0.2", "'192.0.2' is not an IP address; a resolver reached by plain DNS is given by its address")]
    [InlineData("192.0.2.256", "'192.0.2.256' is not an IP address; a resolver reached by plain DNS is given by its address")]
    [InlineData("0x7f.0.0.1", "'0x7f.0.0.1' is not an IP address; a resolver reached by plain DNS is given by its address")]
    [InlineData("192.0.2.1:", "'' is not a port: a number from 1 to 65535")]
    [InlineData("192.0.2.1:0", "'0' is not a port: a number from 1 to 65535")]
    [InlineData("192.0.2.1:65536", "'65536' is not a port: a number from 1 to 65535")]
    [InlineData("192.0.2.1:+53", "'+53' is not a port: a number from 1 to 65535")]
    [InlineData("[2001:db8::1", "'[2001:db8::1' does not close its bracket as in [2001:db8::1]:53")]
    [InlineData("[2001:db8::1]53", "'[2001:db8::1]53' does not close its bracket as in [2001:db8::1]:53")]
    [InlineData("[192.0.2.1]:53", "'192.0.2.1' in brackets is not an IPv6 address")]
    [InlineData("0.0.0.0", "0.0.0.0 means every address of a machine and cannot be asked")]
    [InlineData("quic://192.0.2.1", "'quic' is no way to reach a resolver: only tls:// and https:// (or an address alone) are known")]
    [InlineData("tls://", "the resolver's host is missing")]
    [InlineData("tls://a b", "'a b' is neither an IP address nor a host name")]
    [InlineData("tls://192.0.2.999", "'192.0.2.999' is neither an IP address nor a host name")]
    [InlineData("https://user@resolver.example/", "'user@resolver.example' is neither an IP address nor a host name")]
    [InlineData("https://resolver.example/a b", "the path '/a b' of the resolver's URL has a character that a URL cannot bear there")]
    [InlineData("https://resolver.example/#x", "the path '/#x' of the resolver's URL has a character that a URL cannot bear there")]
    public void What_is_no_server_is_told_in_one_sentence(string text, string expected)
    {
        Assert.False(DnsServer.TryParse(text, out var server, out var fault));
        Assert.Null(server);
        Assert.Equal(expected, fault);
    }

    [Theory]
    [InlineData("192.0.2.1:53")]
    [InlineData("[2001:db8::1]:53")]
    [InlineData("tcp://192.0.2.1:53")]
    [InlineData("tls://[2001:db8::1]:853")]
    [InlineData("tls://resolver.example:853")]
    [InlineData("https://resolver.example:443/dns-query")]
    [InlineData("https://[2001:db8::1]:443/dns-query")]
    public void What_a_server_is_written_as_can_be_read_again(string text)
    {
        Assert.True(DnsServer.TryParse(text, out var server, out _));
        Assert.Equal(text, server.ToString());
    }

    [Theory]
    [InlineData("", "127.0.0.1:53")]
    [InlineData("nameserver\nnameserver  \nsearch example\noptions edns0\n", "127.0.0.1:53")]
    [InlineData("# nameserver 192.0.2.9\n; nameserver 192.0.2.8\n nameserver 192.0.2.7\n", "127.0.0.1:53")]
    [InlineData("nameserver 192.0.2.1\nnameserver\t2001:db8::1 \r\nnameserver 192.0.2.1 # again\nnameserver bad\n", "192.0.2.1:53 [2001:db8::1]:53")]
    [InlineData("nameserver 0.0.0.0\nnameserver ::\n", "127.0.0.1:53 [::1]:53")]
    public void The_systems_servers_are_read_and_without_any_it_is_this_machine(string text, string expected) =>
        Assert.Equal(expected, string.Join(' ', ResolverConfiguration.Read(new StringReader(text)).Servers));

    [Fact]
    public void A_configuration_that_is_missing_or_no_file_is_as_good_as_empty()
    {
        Assert.Equal("127.0.0.1:53", Assert.Single(ResolverConfiguration.ReadFile("/nonexistent/resolv.conf").Servers).ToString());
        Assert.Equal("127.0.0.1:53", Assert.Single(ResolverConfiguration.ReadFile("/etc").Servers).ToString());
    }

    [Fact]
    public void The_hosts_file_is_read_without_regard_to_case()
    {
        var hosts = HostsFile.Read(new StringReader("127.0.0.1 localhost\n192.0.2.1\tResolver.Example resolver # resolver2\n2001:db8::1 resolver.example\nbad resolver.example\n192.0.2.7\n"));
        Assert.Equal([IPAddress.Parse("192.0.2.1"), IPAddress.Parse("2001:db8::1")], hosts.Find(DomainName.Parse("resolver.EXAMPLE")));
        Assert.Empty(hosts.Find(DomainName.Parse("resolver2")));
    }
}
