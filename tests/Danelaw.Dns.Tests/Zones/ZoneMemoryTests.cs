using Danelaw.Dns.Zones;

namespace Danelaw.Dns.Tests.Zones;

/// <summary>What looks at the memory of the whole process, and therefore runs while nothing else does.</summary>
[Collection("Alone")]
public sealed class ZoneMemoryTests
{
    [Fact]
    public void A_long_zone_takes_no_more_memory_than_a_short_one()
    {
        static long Live(int records)
        {
            using var reader = new ZoneReader(new RepeatingReader("host 60 IN A 192.0.2.1\n", records), new());
            var count = 0;
            while (reader.TryRead(out _, out _)) count++;
            Assert.Equal(records, count);
            return GC.GetTotalMemory(forceFullCollection: true);
        }

        Live(10);
        var few = Live(10);
        Assert.InRange(Live(300_000) - few, -1_000_000, 1_000_000);
    }

    /// <summary>The same text again and again.</summary>
    private sealed class RepeatingReader(string text, int times) : TextReader
    {
        private long _at;

        public override int Read(Span<char> buffer)
        {
            var read = 0;
            for (; read < buffer.Length && _at < (long)text.Length * times; read++, _at++) buffer[read] = text[(int)(_at % text.Length)];
            return read;
        }

        public override int ReadBlock(Span<char> buffer) => Read(buffer);
    }
}

/// <summary>Tests that measure what the whole process does: they run one after another when the others have ended.</summary>
[CollectionDefinition("Alone", DisableParallelization = true)]
public sealed class AloneCollection;
