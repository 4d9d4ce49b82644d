using System.Net;
using Danelaw.Dns;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Servers;

namespace Danelaw.Tests.Servers;

/// <summary>What is read out of a server's reply.</summary>
public class ServerProbeTests
{
    private static readonly Question Asked = new(DomainName.Parse("example.org."), RecordType.MX);

    [Fact]
    public void The_digest_of_an_answer_knows_no_case_no_order_and_no_TTL()
    {
        var digest = Digest(Mx("mx1.example.org.", 300), Mx("mx2.example.org.", 300));

        Assert.Equal(8, digest.Length);
        Assert.Equal(digest, Digest(Mx("MX2.Example.org.", 60), Mx("mx1.example.ORG.", 60)));
        Assert.NotEqual(digest, Digest(Mx("mx1.example.org.", 300)));
    }

    [Fact]
    public void The_digest_of_an_alias_is_that_of_the_alias_alone()
    {
        var alias = new ResourceRecord(Asked.Name, RecordType.CNAME, RecordClass.IN, 300, new NameData(DomainName.Parse("example.net.")).ToOctets());

        Assert.Equal(Digest(alias), Digest(alias, Mx("mx.example.net.", 300) with { Owner = DomainName.Parse("example.net.") }));
    }

    private static ResourceRecord Mx(string host, uint timeToLive) => new(Asked.Name, RecordType.MX, RecordClass.IN, timeToLive, new MxData(10, DomainName.Parse(host)).ToOctets());

    private static string Digest(params ResourceRecord[] answers)
    {
        var message = new DnsMessage { Flags = MessageFlags.Response | MessageFlags.AuthoritativeAnswer, Questions = [Asked], Answers = [.. answers] };
        var exchange = new Exchange(new(Asked, new(TransportKind.Datagram, new(IPAddress.Loopback, 53))), ExchangeOutcome.Replied, new Octets(message.Write())) { Message = message };
        return new ServerProbe(Asked.Name, IPAddress.Loopback, false, ServerQuestion.Answer).With(exchange, TimeSpan.Zero).Digest;
    }
}
