using System.Net;
using Danelaw.Checks;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;
using Danelaw.Operator.Setup;
using Danelaw.Operator.Tests.Audit.Beside;

namespace Danelaw.Operator.Tests.Setup;

/// <summary>Where senders ask for no TLSA records.</summary>
public sealed class UnaskedTests
{
    private const string Host = "mx.customer.example.";

    private static readonly DomainName Owner = DomainName.Parse("_25._tcp." + Host);

    public static TheoryData<string, bool> Hosts => new() { { "insecure", true }, { "absent", true }, { "secure", false }, { "failed", false }, { "insecure and failed", true } };

    [Theory, Rfc(7672, "2.2.2")]
    [MemberData(nameof(Hosts))]
    public async Task Where_addresses_are_insecure_or_absent_no_sender_asks(string addresses, bool isUnasked)
    {
        using var host = new HostFolder();
        var lookup = new ScriptedLookup();
        Answer[] answers = addresses switch
        {
            "insecure" => [ScriptedLookup.Address(Host, "192.0.2.7")],
            "secure" => [ScriptedLookup.Secure(Host, RecordType.A, new Danelaw.Dns.Octets(IPAddress.Parse("192.0.2.7").GetAddressBytes()))],
            "failed" => [ScriptedLookup.Failed(Host, RecordType.A), ScriptedLookup.Failed(Host, RecordType.AAAA)],
            "insecure and failed" => [ScriptedLookup.Address(Host, "192.0.2.7"), ScriptedLookup.Failed(Host, RecordType.AAAA)],
            _ => [],
        };
        foreach (var answer in answers) lookup.Add(answer);
        var tools = new SetupWitnessTools
        {
            Transport = null!,
            Lookup = () => lookup,
            Servers = (_, _) => throw new InvalidOperationException(),
            Prober = null!,
            Options = new CheckOptions(),
            BogusName = Owner,
            Audit = _ => throw new InvalidOperationException(),
            Clock = TimeProvider.System,
        };
        Assert.Equal(isUnasked, (await new SetupWitness(host.Files, [IPAddress.Loopback], Owner, tools).UnaskedAsync([Owner], TestContext.Current.CancellationToken)).Contains(Owner));
    }
}
