using System.Text;
using Danelaw.Dns.Names;
using Danelaw.Dnssec.Signing.Sorting;

namespace Danelaw.Dnssec.Tests.Signing.Sorting;

public class OctetSorterTests
{
    [Theory]
    [InlineData(1 << 20, int.MaxValue, false)]
    [InlineData(4096, int.MaxValue, false)]
    [InlineData(4096, 2, true)]
    [InlineData(256, 0, true)]
    public void Entries_come_out_by_key_and_equal_keys_in_the_order_in_which_they_came(int chunk, int kept, bool usesFile)
    {
        using var sorter = new OctetSorter(new(chunk, kept, Path.GetTempPath()));
        var random = new Random(4);
        var entries = Enumerable.Range(0, 5000).Select(i => (Key: new string('a', random.Next(9)) + random.Next(300), Value: $"{i} {new string('x', random.Next(i % 97 == 0 ? 3000 : 20))}")).ToList();
        foreach (var (key, value) in entries) sorter.Add(Encoding.ASCII.GetBytes(key), Encoding.ASCII.GetBytes(value));

        var sorted = sorter.Sort();

        var found = new List<(string, string)>();
        while (sorted.MoveNext()) found.Add((Encoding.ASCII.GetString(sorted.Key), Encoding.ASCII.GetString(sorted.Payload)));
        Assert.Equal(entries.OrderBy(entry => entry.Key, StringComparer.Ordinal), found);
        Assert.Equal(usesFile, sorter.UsesFile);
    }

    [Fact]
    public void Nothing_sorted_is_nothing()
    {
        using var sorter = new OctetSorter(SortLimits.Default);

        Assert.False(sorter.Sort().MoveNext());
    }

    [Fact, Rfc(4034, "6.1")]
    public void Keys_have_the_canonical_order_of_names()
    {
        var random = new Random(41);
        var octets = new byte[] { 0, 1, 2, (byte)'A', (byte)'a', (byte)'b', (byte)'Z', 0xFF, (byte)'*' };
        var names = Enumerable.Range(0, 600).Select(_ =>
        {
            var name = DomainName.Root;
            for (var labels = random.Next(5); labels > 0; labels--)
            {
                var label = new byte[1 + random.Next(3)];
                for (var i = 0; i < label.Length; i++) label[i] = octets[random.Next(octets.Length)];
                Assert.True(name.TryPrepend(label, out var longer));
                name = longer;
            }

            return name;
        }).ToList();

        foreach (var left in names)
            foreach (var right in names)
                Assert.Equal(Math.Sign(left.CompareTo(right)), Math.Sign(Key(left).AsSpan().SequenceCompareTo(Key(right))));

        static byte[] Key(DomainName name)
        {
            var key = new byte[CanonicalKey.MaximumLength];
            return key[..CanonicalKey.Write(name, key)];
        }
    }

    [Fact]
    public void The_longest_name_of_the_worst_octets_has_a_key()
    {
        var name = DomainName.Root;
        foreach (var length in (int[])[63, 63, 63, 61])
        {
            Assert.True(name.TryPrepend(new byte[length], out var longer));
            name = longer;
        }

        var key = new byte[CanonicalKey.MaximumLength];

        Assert.Equal(255, name.Length);
        Assert.InRange(CanonicalKey.Write(name, Danelaw.Dns.Records.RecordType.A, key), 1, key.Length);
    }
}
