using CsCheck;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution.Caching;
using Danelaw.Dnssec.Tests.Worlds;

namespace Danelaw.Dnssec.Tests.Resolution.Caching;

/// <summary>What the store holds, and what it lets go first.</summary>
public class StoreTests
{
    private static readonly DateTimeOffset Now = TestZone.Now;

    [Fact]
    public void The_bound_is_never_passed() =>
        Gen.Select(Gen.Int[0, 60_000], Gen.Select(Gen.Int[0, 400], Gen.Int[0, 4000], Gen.Int[0, 3], Gen.Int[0, 500]).Array[0, 400]).Sample(
            (capacity, steps) =>
            {
                var gone = new HashSet<CacheEntry>();
                var store = new CacheStore(capacity, entry => Assert.True(gone.Add(entry)));
                var added = new List<CacheEntry>();
                foreach (var (name, length, action, seconds) in steps)
                {
                    var now = Now.AddSeconds(seconds);
                    if (action == 0) store.TryGet(EntryKind.Set, Text.Name($"n{name}.lab."), RecordType.TXT, now, out _);
                    else if (action == 1 && added.Count > 0) store.Remove(added[name % added.Count]);
                    else if (Entry($"n{name}.lab.", length, now.AddSeconds(300)) is var entry && store.Add(entry, now)) added.Add(entry);
                    Assert.InRange(store.Octets, 0, capacity);
                }

                // Nothing is lost: what was added is there, or was told to have gone.
                Assert.Equal(added.Count - gone.Count, store.Count);
                Assert.Equal(added.Where(entry => !gone.Contains(entry)).Sum(entry => (long)entry.Cost), store.Octets);
            },
            iter: LongRun.Times(200));

    [Fact]
    public void A_walk_over_many_names_drives_out_nothing_that_is_in_use()
    {
        var store = new CacheStore(200_000);
        for (var i = 0; i < 20; i++)
        {
            store.Add(Entry($"tld{i}.", 1000, Now.AddDays(1)), Now);
            Assert.True(store.TryGet(EntryKind.Set, Text.Name($"tld{i}."), RecordType.TXT, Now, out _));
        }

        for (var i = 0; i < 10_000; i++) store.Add(Entry($"n{i}.lab.", 1000, Now.AddDays(1)), Now);

        for (var i = 0; i < 20; i++) Assert.True(store.TryGet(EntryKind.Set, Text.Name($"tld{i}."), RecordType.TXT, Now, out _));
    }

    [Fact]
    public void What_was_in_use_and_is_no_more_goes_in_the_end()
    {
        var store = new CacheStore(200_000);
        for (var round = 0; round < 10; round++)
        {
            for (var i = 0; i < 1000; i++)
            {
                store.Add(Entry($"r{round}n{i}.lab.", 1000, Now.AddDays(1)), Now);
                store.TryGet(EntryKind.Set, Text.Name($"r{round}n{i}.lab."), RecordType.TXT, Now, out _);
            }
        }

        Assert.False(store.TryGet(EntryKind.Set, Text.Name("r0n1.lab."), RecordType.TXT, Now, out _));
        Assert.True(store.TryGet(EntryKind.Set, Text.Name("r9n999.lab."), RecordType.TXT, Now, out _));
    }

    [Fact]
    public void Many_threads_share_a_store()
    {
        var store = new CacheStore(100_000);
        Parallel.For(0, 8, thread =>
        {
            var random = new Random(thread);
            for (var i = 0; i < 5_000; i++)
            {
                var name = $"n{random.Next(500)}.lab.";
                if (store.TryGet(EntryKind.Set, Text.Name(name), RecordType.TXT, Now, out var entry)) Assert.Equal(Text.Name(name), entry.Name);
                else store.Add(Entry(name, random.Next(1000), Now.AddDays(1)), Now);
            }
        });
        Assert.InRange(store.Octets, 50_000, 100_000);
    }

    private static CacheEntry Entry(string text, int length, DateTimeOffset until)
    {
        var name = Text.Name(text);
        var octets = new byte[name.Length + length];
        name.Wire.CopyTo(octets);
        return new(EntryKind.Set, octets, name, RecordType.TXT) { Until = until.UtcTicks, Cost = CacheEntry.Size + CacheEntry.ArrayCost(octets.Length) };
    }
}
