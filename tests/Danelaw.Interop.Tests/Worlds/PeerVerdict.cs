using Danelaw.Interop.Tests.Lookup;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Worlds;

/// <summary>What delv and unbound make of one question of the signed world.</summary>
/// <param name="Name">The name asked.</param>
/// <param name="Type">The type asked.</param>
/// <param name="Unbound">The validating unbound's reply.</param>
/// <param name="Delv">delv's conclusion.</param>
internal sealed record PeerVerdict(string Name, string Type, DigReply Unbound, DelvAnswer Delv)
{
    /// <summary>What is right: what both say, or by the RFC where one is known to differ; null for a disagreement that is not known.</summary>
    public PeerStatus? Right => KnownDifference.Settle(Name, Type, Delv.Status, Unbound.Status, out _);

    /// <summary>The known difference that explains the peers' disagreement.</summary>
    public KnownDifference? Difference
    {
        get
        {
            KnownDifference.Settle(Name, Type, Delv.Status, Unbound.Status, out var difference);
            return difference;
        }
    }

    /// <summary>Both peers are asked every question of the world.</summary>
    public static async Task<IReadOnlyList<PeerVerdict>> AskAsync(SignedWorld world, CancellationToken cancellationToken)
    {
        var unbound = Dig.AskAsync(SignedWorld.ValidatingAddress, 53, world.Questions, cancellationToken: cancellationToken);
        var delv = new DelvAnswer[world.Questions.Count];
        await Parallel.ForAsync(0, delv.Length, new ParallelOptions { MaxDegreeOfParallelism = 3, CancellationToken = cancellationToken },
            async (i, token) => delv[i] = await world.Delv.AskAsync(world.Questions[i].Name, world.Questions[i].Type, token));
        return [.. (await unbound).Zip(delv, (reply, answer) => new PeerVerdict(reply.Name, reply.Type, reply, answer))];
    }
}
