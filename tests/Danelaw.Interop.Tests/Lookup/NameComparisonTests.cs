using System.Diagnostics;
using Danelaw.Interop.Tests.Worlds;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Lookup;

/// <summary><c>danelaw lookup</c> beside delv and unbound, on every name of the signed world: verdict, response code and records.</summary>
[Peer("bind"), Peer("unbound"), Peer("nsd")]
public sealed class NameComparisonTests(World world, ITestOutputHelper output)
{
    [Theory]
    [InlineData(SignedWorld.ValidatingAddress, "the validating unbound")]
    [InlineData(SignedWorld.PlainAddress, "a forwarder that validates nothing")]
    public async Task Danelaw_agrees_with_delv_and_unbound_on_every_name(string upstream, string label) => await CompareAsync(_ => ["--resolver", upstream], $"through {label}");

    [Fact]
    public async Task Danelaw_iterating_from_the_root_hints_agrees_with_delv_and_unbound_on_every_name() =>
        await CompareAsync(signed => ["--root-hints", signed.Folder.Write("hints.zone", SignedWorld.RootHints)], "from the root hints");

    private async Task CompareAsync(Func<SignedWorld, string[]> whom, string label)
    {
        var token = TestContext.Current.CancellationToken;
        var signed = await world.SignedAsync(token);
        var verdicts = await world.PeerVerdictsAsync(token);

        var started = Stopwatch.GetTimestamp();
        var answers = await CommandAnswer.AskAsync(whom(signed), signed.AnchorFile, verdicts.Select(verdict => (verdict.Name, verdict.Type)), token);
        var took = Stopwatch.GetElapsedTime(started);

        var wrong = verdicts.Select(verdict => Disagreement(answers[(verdict.Name, verdict.Type)], verdict)).OfType<string>().ToList();
        output.WriteLine($"TELL: danelaw lookup {label}: {verdicts.Count} names and types beside delv and unbound, {wrong.Count} disagreements ({took.TotalSeconds:F1} s)");
        Assert.True(verdicts.Count >= 300);
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static string? Disagreement(CommandAnswer ours, PeerVerdict peers)
    {
        var where = $"{peers.Name} {peers.Type}";
        if (ours.Status != peers.Right)
            return $"{where}: Danelaw {ours.Status} ({ours.Reason}), unbound {peers.Unbound.Status}, delv {peers.Delv.Status}";
        if (ours.Status is PeerStatus.Bogus or PeerStatus.Failed)
        {
            if (ours.Answer.Count > 0) return $"{where}: {ours.Status}, and yet records are shown";
            return ours.ExtendedError is null ? $"{where}: {ours.Status} without an extended error" : null;
        }

        // Where unbound is known to be wrong, delv has the records.
        var (code, records) = peers.Unbound.Status == peers.Right || peers.Difference?.Peer == "delv"
            ? (peers.Unbound.ResponseCode, peers.Unbound.Answer)
            : ("NOERROR", ours.Answer);
        if (ours.ResponseCode != code) return $"{where}: Danelaw {ours.ResponseCode}, unbound {code}";
        var (mine, theirs) = (Comparable(ours.Answer), Comparable(records));
        return mine == theirs ? null : $"{where}: the records differ:\n  Danelaw {mine}\n  unbound {theirs}";
    }

    // The chain keeps its order; inside an RRset the order says nothing.
    private static string Comparable(IEnumerable<string> records)
    {
        var sets = new List<(string Key, List<string> Lines)>();
        foreach (var line in records.Select(RecordLine.Normalize))
        {
            var key = string.Join(' ', line.Split(' ').Take(2));
            if (sets.Count == 0 || sets[^1].Key != key) sets.Add((key, []));
            sets[^1].Lines.Add(line);
        }
        return string.Join(" | ", sets.SelectMany(set => set.Lines.Order(StringComparer.Ordinal)));
    }
}
