using System.Net;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Tracing;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Lookup;

/// <summary>PowerDNS makes denials as it answers, and in shapes of its own: one NSEC that is the wildcard's and covers the name at once, the NSEC of an alias's target beside the wildcard's proof. Our verdicts are unbound's, and the trace tells each proof.</summary>
[Peer("pdns"), Peer("unbound")]
public sealed class PowerDnsWildcardTests
{
    private const string Authority = "127.72.0.1";
    private const string Validating = "127.72.0.2";

    private const string Text = $"""
        $TTL 300
        wild.lab. SOA ns.wild.lab. host.wild.lab. 1 3600 600 86400 60
        wild.lab. NS ns.wild.lab.
        ns.wild.lab. A {Authority}
        *.wild.lab. A 192.0.2.1
        *.wild.lab. MX 10 mail.wild.lab.
        mail.wild.lab. A 192.0.2.2
        *.sub.wild.lab. TXT "x"
        m.sub.wild.lab. A 192.0.2.4
        *.c.wild.lab. CNAME mail.wild.lab.
        leaf.ent.wild.lab. A 192.0.2.7
        *._tcp.k.wild.lab. TLSA 3 1 1 0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f21

        """;

    private static readonly (string Name, string Type)[] Questions =
    [
        ("x.wild.lab.", "A"), ("x.wild.lab.", "TXT"), ("a.b.wild.lab.", "MX"), ("a.b.wild.lab.", "TLSA"), ("x.sub.wild.lab.", "TXT"), ("x.sub.wild.lab.", "A"), ("sub.wild.lab.", "A"), ("y.m.sub.wild.lab.", "TXT"),
        ("x.c.wild.lab.", "A"), ("x.c.wild.lab.", "MX"), ("_25._tcp.k.wild.lab.", "TLSA"), ("_25._tcp.k.wild.lab.", "A"), ("_26._tcp.mail.wild.lab.", "TLSA"), ("x.ent.wild.lab.", "A"), ("x.wild.lab.", "DS"),
    ];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory, Rfc(4035, "3.1.3.3"), Rfc(4035, "3.1.3.4"), Rfc(5155, "7.2.5"), Rfc(5155, "7.2.6")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Wildcards_of_PowerDNS_are_judged_as_by_unbound_and_each_proof_is_told(bool usesNsec3)
    {
        Peer.RequireOwnNetwork();
        using var folder = new TestFolder("pdns-wildcards");
        await Loopback.AddAsync([Authority, Validating], Cancelled);
        var zone = new LdnsZone(folder, "wild.lab.");
        var anchor = (await zone.AddKeyAsync(13, cancellationToken: Cancelled)).Split(';')[0] + "\n";
        await using var pdns = await PowerDns.StartAsync(folder, Authority, 53, [new("wild.lab.", Text, zone.PrivateKeyFiles[0], usesNsec3)], Cancelled);
        await using var unbound = await Unbound.StartAsync(folder, Validating, 53, new() { Anchors = anchor, Extra = $"stub-zone:\n  name: \"wild.lab.\"\n  stub-addr: {Authority}" }, Cancelled);
        await using var transport = new DnsTransport(new(), TimeProvider.System);
        var resolver = new Resolver(transport, new() { Anchors = LibraryLookup.ReadAnchors(anchor), CacheBytes = 0, Upstreams = [new(TransportKind.Datagram, new(IPAddress.Parse(Authority), 53))] }, TimeProvider.System);

        var theirs = await Dig.AskAsync(Validating, 53, Questions, cancellationToken: Cancelled);
        for (var i = 0; i < Questions.Length; i++)
        {
            var (name, type) = Questions[i];
            var trace = await resolver.TraceAsync(DomainName.Parse(name), RecordTypes.TryParse(type, out var parsed) ? parsed : throw new FormatException(type), Cancelled);

            Assert.Equal((name, type, theirs[i].Status, theirs[i].ResponseCode), (name, type, LibraryLookup.StatusOf(trace.Answer), trace.Answer.ResponseCode is { } code ? Dns.Messages.ResponseCodes.ToText(code) : null));
            Assert.Equal(PeerStatus.Secure, theirs[i].Status);
            Assert.All(trace.Steps, step => Assert.True(IsTold(step), $"{name} {type}: {step}"));
        }
    }

    /// <summary>Of records their signature and, where a wildcard made them, the proof; of a denial each name that it rests on.</summary>
    private static bool IsTold(TracedStep step) => step switch
    {
        { Set: { IsSigned: true } set } => !set.Signatures.Any(signature => signature.IsExpanded) || step.Denial is { IsProven: true } proof && proof.Records.Any(record => record.Covers is { } covers && covers.Equals(proof.Name)),
        { Denial: { IsProven: true } denial } => denial.Records.Any(record => record.Matches is not null || record.Covers is not null),
        _ => false,
    };
}
