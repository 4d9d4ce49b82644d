using System.Diagnostics;
using Danelaw.Dns.Messages;
using Danelaw.Interop.Tests.Worlds;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Lookup;

/// <summary>Danelaw beside delv and unbound, on every name of the signed world.</summary>
[Peer("bind"), Peer("unbound"), Peer("nsd")]
public sealed class NameComparisonTests(World world, ITestOutputHelper output)
{
    [Theory]
    [InlineData(SignedWorld.ValidatingAddress, "the validating unbound")]
    [InlineData(SignedWorld.PlainAddress, "the plain forwarder")]
    public async Task Danelaw_agrees_with_delv_and_unbound_on_every_name(string upstream, string label)
    {
        var token = TestContext.Current.CancellationToken;
        var signed = await world.SignedAsync(token);
        var verdicts = await world.PeerVerdictsAsync(token);
        var started = Stopwatch.GetTimestamp();
        await using var danelaw = new LibraryLookup(upstream, 53, signed.Anchors);
        var wrong = new List<string>();
        await Parallel.ForEachAsync(verdicts, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = token }, async (verdict, stop) =>
        {
            var answer = await danelaw.AskAsync(verdict.Name, verdict.Type, stop);
            var status = LibraryLookup.StatusOf(answer);
            var code = answer.ResponseCode is null ? "-" : ResponseCodes.ToText(answer.ResponseCode.Value);
            lock (wrong)
            {
                if (status != verdict.Right) wrong.Add($"{verdict.Name} {verdict.Type}: Danelaw {status} ({answer.Reason}: {answer.Explanation}), unbound {verdict.Unbound.Status}, delv {verdict.Delv.Status}");
                else if (status is PeerStatus.Secure or PeerStatus.Insecure && verdict.Unbound.ResponseCode != "SERVFAIL" && code != verdict.Unbound.ResponseCode) wrong.Add($"{verdict.Name} {verdict.Type}: Danelaw {code}, unbound {verdict.Unbound.ResponseCode}");
            }
        });
        output.WriteLine($"TELL: lookup through {label}: {verdicts.Count} questions, {wrong.Count} disagreements ({Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s)");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }
}
