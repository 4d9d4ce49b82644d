using System.Diagnostics;
using Danelaw.Interop.Tests.Worlds;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Lookup;

/// <summary><c>danelaw lookup --root-hints</c> against real NSD and BIND, sound and odd, on port 53 of a network of its own.</summary>
[Peer("nsd"), Peer("bind"), Peer("unbound")]
public sealed partial class IterationPeerTests(IterationPeerTests.Shared shared) : IClassFixture<IterationPeerTests.Shared>
{
    /// <summary>What is asked, and what must come out; beside it whether unbound is to say the same (it waits longer for dead servers than dig does for it).</summary>
    private static readonly (string Name, string Type, PeerStatus Status)[] Questions =
    [
        ("www.fine.lab.", "A", PeerStatus.Secure),
        ("_25._tcp.mx.fine.lab.", "TLSA", PeerStatus.Secure),
        ("x.wild.fine.lab.", "A", PeerStatus.Secure),
        ("missing.fine.lab.", "A", PeerStatus.Secure),
        ("big.fine.lab.", "TXT", PeerStatus.Secure),
        ("www.dead.lab.", "A", PeerStatus.Secure),
        ("www.lame.lab.", "A", PeerStatus.Secure),
        ("www.six.lab.", "A", PeerStatus.Secure),
        ("www.four.lab.", "A", PeerStatus.Secure),
        ("www.noedns.lab.", "A", PeerStatus.Insecure),
        ("host.with.empty.labels.ent.lab.", "A", PeerStatus.Secure),
        ("www.flood.lab.", "A", PeerStatus.Secure),
        ("www.glueless.lab.", "A", PeerStatus.Secure),
        ("www.half.lab.", "A", PeerStatus.Secure),
        ("www.circle-one.lab.", "A", PeerStatus.Failed),
        ("www.nowhere.lab.", "A", PeerStatus.Failed),
        ("www.parent.lab.", "A", PeerStatus.Secure),
        ("www.child.parent.lab.", "A", PeerStatus.Secure),
        ("missing.child.parent.lab.", "A", PeerStatus.Secure),
        ("child.parent.lab.", "DS", PeerStatus.Secure),
        ("child.parent.lab.", "DNSKEY", PeerStatus.Secure),
        ("www.bare.parent.lab.", "A", PeerStatus.Insecure),
        ("alias.parent.lab.", "A", PeerStatus.Secure),
        ("chain.parent.lab.", "A", PeerStatus.Secure),
        ("www.moved.parent.lab.", "A", PeerStatus.Secure),
        ("lab.", "NS", PeerStatus.Secure),
        ("lab.", "DS", PeerStatus.Secure),
        ("no-such-top.", "A", PeerStatus.Secure),
    ];

    [Fact, Rfc(9609, "3"), Rfc(1034, "5.3.3")]
    public async Task Whatever_servers_do_what_the_zones_hold_is_found_and_the_rest_explained()
    {
        var token = TestContext.Current.CancellationToken;
        var world = await shared.WorldAsync();
        var whom = (string[])["--root-hints", world.Folder.Write("hints.zone", IterationWorld.Hints)];
        var anchors = world.Folder.Write("anchors.zone", world.Anchors);

        // The command is built when sources have changed, which must not count.
        Assert.Equal(0, (await DanelawCommand.RunAsync(["--version"], cancellationToken: token)).ExitCode);
        var started = Stopwatch.GetTimestamp();
        var answers = await CommandAnswer.AskAsync(whom, anchors, Questions.Select(question => (question.Name, question.Type)), token);
        var took = Stopwatch.GetElapsedTime(started);

        var wrong = Questions.Where(question => answers[(question.Name, question.Type)].Status != question.Status).Select(question => $"{answers[(question.Name, question.Type)]}").ToList();
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(20));
        Assert.All(Questions.Where(question => question.Status == PeerStatus.Failed), question => Assert.NotNull(answers[(question.Name, question.Type)].ExtendedError));

        // unbound, from the same hints: asked twice, because it may still be waiting for a dead server when dig gives up.
        var questions = Questions.Where(question => question.Status != PeerStatus.Failed).ToList();
        _ = await Dig.AskAsync(IterationWorld.UnboundAddress, 53, [.. questions.Select(question => (question.Name, question.Type))], cancellationToken: token);
        var theirs = await Dig.AskAsync(IterationWorld.UnboundAddress, 53, [.. questions.Select(question => (question.Name, question.Type))], cancellationToken: token);
        Assert.Equal(questions.Select(question => $"{question.Name} {question.Type} {question.Status}"), theirs.Select(reply => $"{reply.Name} {reply.Type} {reply.Status}"));
    }

    [Fact]
    public async Task One_lookup_among_dead_servers_ends_in_time_and_names_them()
    {
        var token = TestContext.Current.CancellationToken;
        var world = await shared.WorldAsync();
        Assert.Equal(0, (await DanelawCommand.RunAsync(["--version"], cancellationToken: token)).ExitCode);
        var started = Stopwatch.GetTimestamp();

        var result = await DanelawCommand.RunAsync(
            ["lookup", "www.nowhere.lab.", "A", "--root-hints", world.Folder.Write("hints.zone", IterationWorld.Hints), "--trust-anchor", world.Folder.Write("anchors.zone", world.Anchors)],
            cancellationToken: token);

        Assert.Equal(3, result.ExitCode);
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(12));
        Assert.Contains("ns1.nowhere.lab. (127.60.0.101:53)", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("parent.lab")]
    [InlineData("dead.lab")]
    [InlineData("circle-one.lab")]
    public async Task A_check_from_the_root_is_replayed_to_the_same_words(string domain)
    {
        var token = TestContext.Current.CancellationToken;
        var world = await shared.WorldAsync();
        var evidence = world.Folder[$"{domain}.evidence"];

        var first = await DanelawCommand.RunAsync(
            ["check", domain, "--json", "--root-hints", world.Folder.Write("hints.zone", IterationWorld.Hints), "--trust-anchor", world.Folder.Write("anchors.zone", world.Anchors), "--save", evidence],
            cancellationToken: token);
        var second = await DanelawCommand.RunAsync(["check", "--replay", evidence, "--json"], cancellationToken: token);

        Assert.NotEmpty(first.Output);
        Assert.Equal(first.Output, second.Output);
        Assert.Equal(first.ExitCode, second.ExitCode);
    }

    /// <summary>The world of these tests.</summary>
    public sealed class Shared : IAsyncDisposable
    {
        private readonly Dictionary<string, ProgramResult> _results = [];
        private Task<IterationWorld>? _world;

        internal Task<IterationWorld> WorldAsync() => _world ??= IterationWorld.StartAsync(TestContext.Current.CancellationToken);

        /// <summary>What a command line says; several tests look at the same. They run one after the other.</summary>
        internal async Task<ProgramResult> OnceAsync(IReadOnlyList<string> arguments)
        {
            var line = string.Join(' ', arguments);
            if (!_results.TryGetValue(line, out var result)) _results.Add(line, result = await DanelawCommand.RunAsync(arguments, cancellationToken: TestContext.Current.CancellationToken));
            return result;
        }

        public async ValueTask DisposeAsync()
        {
            if (_world is { IsCompletedSuccessfully: true }) await (await _world).DisposeAsync();
        }
    }
}
