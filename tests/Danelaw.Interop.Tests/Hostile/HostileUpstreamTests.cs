using System.Net;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Validation;
using Danelaw.Interop.Tests.Lookup;
using Danelaw.Interop.Tests.Worlds;
using Danelaw.Testing.Forwarding;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Hostile;

/// <summary>Danelaw and unbound behind the same hostile upstream, in front of the signed world: what unbound refuses we refuse, what it takes we take.</summary>
[Peer("unbound"), Peer("bind")]
public sealed class HostileUpstreamTests(World world, ITestOutputHelper output)
{
    private static readonly IPEndPoint Upstream = new(IPAddress.Parse(SignedWorld.PlainAddress), 53);
    private static readonly IReadOnlyList<Conduct> All = [.. Conducts.Honest(), .. Conducts.Failures()];

    public static TheoryData<string> Names => [.. All.Select(conduct => conduct.Name)];

    [Theory, MemberData(nameof(Names))]
    [Rule("R03"), Rule("R05"), Rfc(4035, "5.3.1"), Rfc(4035, "5.4"), Rfc(5155, "8.4")]
    public async Task An_upstream_that(string does)
    {
        var token = TestContext.Current.CancellationToken;
        var signed = await world.SignedAsync(token);
        var conduct = All.Single(each => each.Name == does);
        // An address of its own, so that nothing is left over from another conduct.
        var address = $"127.53.2.{1 + All.Index().Single(each => each.Item == conduct).Index}";
        await Loopback.AddAsync([address], token);
        await using var forwarder = RewritingForwarder.Start(new IPEndPoint(IPAddress.Parse(address), 53), Upstream, conduct.Answer);

        var expected = await ExpectedAsync(signed, conduct, address, token);
        await using var danelaw = new LibraryLookup(address, 53, signed.Anchors, new DnsTransportOptions { Timeout = TimeSpan.FromMilliseconds(300), Tries = 2 });
        foreach (var ((name, type), right) in conduct.Questions.Zip(expected))
        {
            var answer = await danelaw.AskAsync(name, type, token);
            var ours = LibraryLookup.StatusOf(answer);
            output.WriteLine($"an upstream that {does}: {name} {type}: {ours} ({answer.Reason}: {answer.Explanation}), right is {right}");
            // RFC 7672 §2.1.1: bogus and unresolved are the same failure; both are SERVFAIL at unbound.
            if (right is PeerStatus.Secure or PeerStatus.Insecure) Assert.Equal(right, ours);
            else Assert.True(ours is PeerStatus.Bogus or PeerStatus.Failed, $"{name} {type} is taken as {ours}: {answer.Explanation}");
            // What is refused shows no data, and says why.
            if (answer.IsFailure)
            {
                Assert.Empty(answer.Chain);
                Assert.NotNull(answer.ExtendedError);
            }
        }
    }

    [Fact, Rule("R05")]
    public async Task An_upstream_that_is_down_leaves_the_answer_indeterminate()
    {
        var token = TestContext.Current.CancellationToken;
        var signed = await world.SignedAsync(token);
        await using var danelaw = new LibraryLookup(SignedWorld.NobodyAddress, 53, signed.Anchors);

        var answer = await danelaw.AskAsync("_25._tcp.mx.a13.nsec.", "TLSA", token);

        Assert.Equal((Security.Indeterminate, LookupReason.Unreachable), (answer.Security, answer.Reason));
        Assert.Empty(answer.Chain);
    }

    private static async Task<IReadOnlyList<PeerStatus>> ExpectedAsync(SignedWorld signed, Conduct conduct, string address, CancellationToken cancellationToken)
    {
        if (conduct.Expected is { } written) return [.. conduct.Questions.Select(_ => written)];
        await using var unbound = await Unbound.StartAsync(signed.Folder, address, 5353, new UnboundOptions { ForwardTo = address + "@53", Anchors = signed.Anchors }, cancellationToken);
        var replies = await Dig.AskAsync(address, 5353, conduct.Questions, cancellationToken: cancellationToken);
        return [.. replies.Select(reply => reply.Status)];
    }
}
