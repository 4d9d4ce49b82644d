using System.Collections.Immutable;
using Danelaw.Dns.Records;

namespace Danelaw.Tlsa;

/// <summary>Digest agility (R48, RFC 7671 §9): where a client may choose between digests of one usage and selector, only the strongest counts, beside full data.</summary>
public static class DigestAgility
{
    /// <summary>Keeps, for each usage and selector, the records with full data and those with the strongest digest in use there.</summary>
    /// <param name="usable">Records that can be used; unusable ones must be gone before (RFC 7671 §9).</param>
    /// <param name="order">The digests, the strongest first; one that is not listed ranks below those that are.</param>
    /// <returns>What remains, in the order given.</returns>
    public static ImmutableArray<TlsaRecord> Apply(ImmutableArray<TlsaRecord> usable, ImmutableArray<TlsaMatching> order)
    {
        var strongest = new Dictionary<(TlsaUsage, TlsaSelector), int>();
        foreach (var record in usable)
        {
            if (record.Matching == TlsaMatching.Full) continue;
            var rank = Rank(record.Matching, order);
            if (!strongest.TryGetValue((record.Usage, record.Selector), out var known) || rank < known) strongest[(record.Usage, record.Selector)] = rank;
        }

        return [.. usable.Where(record => record.Matching == TlsaMatching.Full || Rank(record.Matching, order) == strongest[(record.Usage, record.Selector)])];
    }

    private static int Rank(TlsaMatching matching, ImmutableArray<TlsaMatching> order)
    {
        var place = order.IsDefault ? -1 : order.IndexOf(matching);
        return place >= 0 ? place : byte.MaxValue + byte.MaxValue - (byte)matching;
    }
}
