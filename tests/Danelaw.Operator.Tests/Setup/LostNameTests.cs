using System.Net;
using Danelaw.Checks;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Operator.Setup;
using Danelaw.Probes;

namespace Danelaw.Operator.Tests.Setup;

/// <summary>Whether a resolver that takes another's place knows what the other one knew.</summary>
public sealed class LostNameTests
{
    private static readonly DomainName Database = DomainName.Parse("db.corp.example.");

    [Theory]
    [InlineData("nameserver 10.0.0.53\n", "10.0.0.53 A", "the resolver at 127.0.0.1 does not know db.corp.example, which this host's configuration leads to and 10.0.0.53 knows: give it the way there (in unbound a forward-zone for corp.example")]
    [InlineData("nameserver 10.0.0.53\n", "10.0.0.53 A, 127.0.0.1 AAAA", null)]
    [InlineData("nameserver 10.0.0.53\nnameserver 10.0.0.54\n", "10.0.0.54 MX", "10.0.0.54 knows")]
    [InlineData("nameserver 10.0.0.53\n", "", null)]
    [InlineData("nameserver 127.0.0.1\n", "127.0.0.1 A", null)]
    public async Task A_name_is_lost_that_the_servers_of_today_know_alone(string resolver, string known, string? expected)
    {
        using var host = new HostFolder();
        host.Write("/etc/resolv.conf", resolver);
        var tools = new SetupWitnessTools
        {
            Transport = new ScriptedTransport(known.Split(", ")),
            Lookup = () => throw new InvalidOperationException(),
            Servers = (_, _) => throw new InvalidOperationException(),
            Prober = new NoProber(),
            Options = new CheckOptions(),
            BogusName = Database,
            Audit = _ => throw new InvalidOperationException(),
            Clock = TimeProvider.System,
        };
        var lost = await new SetupWitness(host.Files, [IPAddress.Loopback], Database, tools).LostAsync([Database], TestContext.Current.CancellationToken);
        if (expected is null) Assert.Null(lost);
        else Assert.Contains(expected, lost, StringComparison.Ordinal);
    }

    /// <summary>Has a record of the type that is asked for where the script says so.</summary>
    private sealed class ScriptedTransport(string[] known) : IDnsTransport
    {
        public ValueTask<Exchange> ExchangeAsync(DnsQuery query, CancellationToken cancellationToken = default)
        {
            var record = new ResourceRecord(query.Question.Name, query.Question.Type, RecordClass.IN, 60, new(new byte[] { 10, 0, 0, 7 }));
            var message = new DnsMessage { Answers = known.Contains($"{query.Server.EndPoint.Address} {query.Question.Type}") ? [record] : [] };
            return ValueTask.FromResult(new Exchange(query, ExchangeOutcome.Replied) { Message = message });
        }
    }

    private sealed class NoProber : IProber
    {
        public ValueTask<Observation> ProbeAsync(ProbeTarget target, CancellationToken cancellationToken = default) => throw new InvalidOperationException();
    }
}
