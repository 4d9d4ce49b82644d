using Danelaw.Dns.Records;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Dnssec.Resolution.Caching;

/// <summary>
/// How many octets the things in the cache hold: objects as the runtime lays them out on 64 bits. A test compares the sum with what the heap holds.
/// What is shared with the zone above is counted there.
/// </summary>
internal static class CacheCosts
{
    /// <summary>A remembered failure beside its ground and the name of its zone.</summary>
    internal const int Failure = 136;

    /// <summary>A key that was imported: our objects, and what OpenSSL has behind them (for a point of P-256 2.1 KB, and 0.6 KB for the context that verifies).</summary>
    private const int ImportedKey = 3000;
    private const int Object = 64;

    internal static int Of(Answer answer)
    {
        var cost = (Object * 3) + Of(answer.Explanation) + (8 * answer.Trust.Length);
        foreach (var link in answer.Chain) cost += Object + Of(link.Records);
        foreach (var note in answer.Notes) cost += Object + Of(note.Text);
        return cost;
    }

    internal static int Of(ZoneTrust trust)
    {
        var cost = (Object * 2) + (8 * trust.Links.Length);
        if (trust.Keys is { } keys)
        {
            cost += Object + (keys.Keys.Length * (Object + ImportedKey));
            foreach (var key in keys.Keys) cost += CacheEntry.ArrayCost(key.Data.Length);
        }

        if (!trust.Links.IsEmpty) cost += Object * 3 + Of(trust.Links[^1].Keys) + Of(trust.Links[^1].DelegationSigners);
        foreach (var note in trust.Notes) cost += Object + Of(note.Text);
        return cost;
    }

    internal static int Of(ZoneCut cut) => (Object * 3) + Of(cut.DelegationSigners) + (cut.Ground is null ? 0 : Of(cut.Ground));

    internal static int Of(Ground ground) => Object + Of(ground.Text);

    private static int Of(string text) => 24 + (2 * text.Length);

    private static int Of(RecordSet? records)
    {
        if (records is null) return 0;
        var cost = Object + CacheEntry.ArrayCost(records.Owner.Length) + CacheEntry.ArrayCost(16 * records.Data.Length);
        foreach (var data in records.Data) cost += CacheEntry.ArrayCost(data.Length);
        return cost;
    }
}
