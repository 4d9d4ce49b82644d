using System.Collections.Immutable;

namespace Danelaw.Dnssec.Resolution.Iteration;

/// <summary>
/// Which address of a zone is asked next: those asked least often for this question first, of these such that serve the zone and reply; among those about equally fast
/// one is drawn, which also spreads the questions (RFC 5452 §4.4). Now and then any of them is drawn, so that a server that has become faster is noticed.
/// </summary>
internal static class ServerChoice
{
    /// <summary>Milliseconds that make no difference.</summary>
    private const int Band = 25;

    /// <summary>One in so many questions explores.</summary>
    private const int Exploration = 32;

    /// <summary>Chooses.</summary>
    /// <param name="servers">The zone's addresses.</param>
    /// <param name="asked">Those asked so far for this question, each as often as it was asked.</param>
    /// <param name="tries">How often one address is asked at most.</param>
    /// <param name="now">Milliseconds of the iteration's timer.</param>
    /// <param name="dice">Draws.</param>
    /// <returns>Null when each was asked often enough.</returns>
    internal static ZoneServer? Next(ImmutableArray<ZoneServer> servers, List<ZoneServer>? asked, int tries, long now, Dice dice)
    {
        // Once for each: others that are at work change what it is made of.
        Span<long> ranks = servers.Length <= Few ? stackalloc long[servers.Length] : new long[servers.Length];
        var best = long.MaxValue;
        for (var i = 0; i < ranks.Length; i++) best = Math.Min(best, ranks[i] = Rank(servers[i], asked, tries, now));
        if (best == long.MaxValue) return null;

        var (rank, rtt) = (best >> RttBits, (int)(best & RttMask));
        var limit = dice.Draw(Exploration) == 0 ? int.MaxValue : rtt + Band;
        var fitting = 0;
        foreach (var its in ranks)
            if (Fits(its)) fitting++;
        var drawn = fitting == 1 ? 0 : dice.Draw(fitting);
        for (var i = 0; i < ranks.Length; i++)
            if (Fits(ranks[i]) && drawn-- == 0) return servers[i];
        return null;

        bool Fits(long its) => its >> RttBits == rank && (its & RttMask) <= limit;
    }

    /// <summary>So many ranks stand on the stack.</summary>
    private const int Few = 64;

    private const int RttBits = 16;
    private const long RttMask = (1 << RttBits) - 1;

    /// <summary>The smaller the better: times asked, lame, silent, round-trip time.</summary>
    private static long Rank(ZoneServer server, List<ZoneServer>? asked, int tries, long now)
    {
        var times = 0;
        if (asked is not null)
        {
            foreach (var one in asked)
                if (ReferenceEquals(one, server)) times++;
            if (times >= tries) return long.MaxValue;
        }

        long rank = times;
        rank = (rank << 1) | (server.IsLame(now) ? 1L : 0L);
        rank = (rank << 1) | (server.IsDown(now) ? 1L : 0L);
        return (rank << RttBits) | (uint)Math.Min(server.State.Rtt, (int)RttMask);
    }
}
