using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Zones;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Signing;
using Danelaw.Testing.Peers;
using static Danelaw.Interop.Tests.ZoneSigning.SigningTools;

namespace Danelaw.Interop.Tests.ZoneSigning;

/// <summary>A root zone that we signed, served by NSD, before unbound and delv.</summary>
[Peer("nsd"), Peer("unbound"), Peer("bind")]
public sealed class ServedZoneTests
{
    private const string Root = """
        $TTL 3600
        .             SOA    a.root-ns. hostmaster. 1 7200 900 1209600 300
        .             NS     a.root-ns.
        a.root-ns.    A      127.57.0.1
        www.a.        A      127.0.0.9
        *.wild.       TXT    "any"
        alias.        CNAME  www.a.
        old.          DNAME  a.
        cut.          NS     ns.cut.
        ns.cut.       A      127.57.0.9
        odd\000.      TYPE65280 \# 1 01
        """;

    public static TheoryData<SecurityAlgorithm, string> Cases()
    {
        var cases = new TheoryData<SecurityAlgorithm, string>();
        SecurityAlgorithm[] algorithms = [SecurityAlgorithm.RsaSha256, SecurityAlgorithm.EcdsaP256Sha256, SecurityAlgorithm.EcdsaP384Sha384, SecurityAlgorithm.Ed25519, SecurityAlgorithm.Ed448];
        foreach (var algorithm in algorithms)
            foreach (var denial in (string[])["NSEC", "NSEC3", "opt-out"]) cases.Add(algorithm, denial);
        return cases;
    }

    [Theory, MemberData(nameof(Cases)), Rfc(4035, "2"), Rfc(5155, "7.1")]
    public async Task Two_validators_find_every_answer_of_NSD_secure(SecurityAlgorithm algorithm, string denial)
    {
        Peer.RequireOwnNetwork();
        using var folder = new TestFolder("served");
        await Loopback.AddAsync(["127.57.0.1", "127.57.0.2", "127.57.0.3"], Cancelled);
        var key = SigningKey.Generate(algorithm, DnskeyFlags.KeySigning);
        var outcome = await SignAsync(Root, [key], Options(denial), folder["root"]);
        Assert.True(outcome.IsSigned, outcome.Fault);
        var anchor = ZoneWriter.ToLine(new ResourceRecord(DomainName.Root, RecordType.DNSKEY, RecordClass.IN, 3600, key.ToDnskey())) + "\n";
        const string hints = ". 3600 IN NS a.root-ns.\na.root-ns. 3600 IN A 127.57.0.1\n";
        await using var nsd = await Nsd.StartAsync(folder, "127.57.0.1", 53, [(".", await File.ReadAllTextAsync(folder["root"], Cancelled))], Cancelled);
        await using var unbound = await Unbound.StartAsync(folder, "127.57.0.2", 53, new UnboundOptions { RootHints = hints, Anchors = anchor }, Cancelled);
        await using var plain = await Unbound.StartAsync(folder, "127.57.0.3", 53, new UnboundOptions { RootHints = hints }, Cancelled);
        var delv = new Delv("127.57.0.3", 53, anchor, folder);

        // RFC 5155 §9.2: what an opt-out span denies, or lets a wildcard answer, is not secure.
        List<(string, string)> questions = [(".", "SOA"), (".", "DNSKEY"), ("www.a.", "A"), ("alias.", "A"), ("www.old.", "A"), ("www.a.", "MX"), ("a.", "A")];
        if (denial != "opt-out") questions.AddRange([("x.wild.", "TXT"), ("x.wild.", "A"), ("no-such-name.", "A"), ("no.such.www.a.", "A"), ("cut.", "DS")]);
        foreach (var reply in await Dig.AskAsync("127.57.0.2", 53, questions, cancellationToken: Cancelled))
            Assert.True(reply.Status == PeerStatus.Secure, $"unbound: {reply}\n{unbound.Log}");
        foreach (var (name, type) in questions)
        {
            var answer = await delv.AskAsync(name, type, Cancelled);
            Assert.True(answer.Status == PeerStatus.Secure, $"delv {name} {type}: {answer.Text}");
        }
    }
}
