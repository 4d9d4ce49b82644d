using System.Runtime.CompilerServices;
using Danelaw.Dns;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Tests.Worlds;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Dnssec.Tests.Resolution.Caching;

/// <summary>What the cache says that it holds is what the heap holds. These tests run alone: others would be measured too.</summary>
[Collection("Alone")]
public class MemoryTests
{
    private static readonly DateTimeOffset Now = TestZone.Now;

    [Fact]
    public void Answers_are_counted_as_what_they_are()
    {
        AssertCounted(cache =>
        {
            for (var i = 0; i < 20_000; i++)
            {
                var name = Text.Name($"host{i}.example.lab.");
                cache.Add(new Answer
                {
                    Question = new(name, RecordType.A),
                    Security = Security.Insecure,
                    TimeToLive = 300,
                    Explanation = $"lab. proves that the delegation of host{i}.example.lab. has no DS (RFC 4035 §5.2)",
                    Chain = [new(new(name, RecordType.A, RecordClass.IN, 300, [new Octets(new byte[4])]), Security.Insecure)],
                    FinalName = name,
                }, Now);
            }
        });
    }

    [Theory]
    [InlineData(RecordType.TLSA)]
    [InlineData(RecordType.NSEC)]
    [InlineData(RecordType.NSEC3)]
    public void Secure_sets_are_counted_as_what_they_are(RecordType type)
    {
        var dnskey = TestKeys.Get("memory").ToDnskey();
        Assert.True(DnskeyData.TryRead(dnskey, out var view));
        var key = new ZoneKey(dnskey, view);
        var zones = Enumerable.Range(0, 1000).Select(i => Text.Name($"zone{i}.lab.")).ToArray();
        AssertCounted(cache =>
        {
            var sets = new Dictionary<SignedSet, VerifiedSet>();
            for (var i = 0; i < 40_000; i++)
            {
                var zone = zones[i % zones.Length];
                var hash = System.Security.Cryptography.SHA256.HashData(BitConverter.GetBytes(i))[..Nsec3Hash.Length];
                var owner = Text.Name($"name{i}.{zone}");
                if (type == RecordType.NSEC3) Assert.True(Nsec3Hash.TryToOwner(hash, zone, out owner));
                var data = type switch
                {
                    RecordType.NSEC => new NsecData(Text.Name($"name{i}0.{zone}"), TypeBitmap.Create(RecordType.A, RecordType.NSEC, RecordType.RRSIG)).ToOctets(),
                    RecordType.NSEC3 => new Nsec3Data(1, 0, 0, default, new(hash), TypeBitmap.Create(RecordType.A, RecordType.RRSIG)).ToOctets(),
                    _ => new Octets(new byte[35]),
                };
                var set = new SignedSet(owner, type);
                set.Add(new ResourceRecord(owner, type, RecordClass.IN, 3600, data));
                var signature = new RrsigData(type, 13, (byte)owner.LabelCount, 3600, 2_000_000_000, 1_700_000_000, key.Tag, zone, new(new byte[64]));
                sets.Clear();
                sets.Add(set, new(Reply.Compose(new(owner, type), ResponseCode.NoError, zone, null, null), new() { Signature = signature, Key = key, TimeToLive = 3600 }));
                cache.Add(sets, new(new()), Now);
            }
        });
    }

    // What the heap loses when the cache is let go: between the two looks nothing else happens, while filling it takes long enough for other tests' leftovers to go.
    private static void AssertCounted(Action<ResolverCache> fill)
    {
        var kept = new ResolverCache?[1];
        var counted = Fill(kept, fill);
        var with = HeapOctets();
        kept[0] = null;
        var held = with - HeapOctets();
        TestContext.Current.SendDiagnosticMessage($"counted {counted}, held {held}");
        Assert.InRange(counted / (double)held, 0.95, 1.2);
    }

    // A method of its own, so that no local of the caller's keeps the cache.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static long Fill(ResolverCache?[] kept, Action<ResolverCache> fill)
    {
        var cache = new ResolverCache(1 << 30, TimeProvider.System);
        fill(cache);
        kept[0] = cache;
        return cache.Octets;
    }

    private static long HeapOctets()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
