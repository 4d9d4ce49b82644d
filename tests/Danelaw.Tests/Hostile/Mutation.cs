using System.Globalization;
using Danelaw.Dns;

namespace Danelaw.Tests.Hostile;

/// <summary>Changes of a certificate, as a fuzzer makes them; of one seed always the same.</summary>
internal static class Mutation
{
    /// <summary>One to three changes, which leave no octet string as it was.</summary>
    internal static Octets Of(Octets certificate, Random random, out string words)
    {
        var octets = certificate.ToArray().ToList();
        var said = "";
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            var at = random.Next(octets.Count);
            var length = Math.Min(random.Next(1, 40), octets.Count - at);
            said = random.Next(7) switch
            {
                0 => Cut(octets, Math.Max(1, at)),
                1 => Flip(octets, at, random.Next(8)),
                2 => TakeOut(octets, at, length),
                3 => Double(octets, at, length),
                4 => Lie(octets, random),
                5 => Fill(octets, at, length, (byte)(random.Next(2) * 255)),
                _ => Nest(octets, at, random.Next(100, 400)),
            };
        }

        if (certificate.Span.SequenceEqual(octets.ToArray())) said = Flip(octets, octets.Count / 2, 0);
        words = said;
        return new(octets.ToArray());
    }

    private static string Cut(List<byte> octets, int at)
    {
        octets.RemoveRange(at, octets.Count - at);
        return "cut short";
    }

    private static string Flip(List<byte> octets, int at, int bit)
    {
        octets[at] ^= (byte)(1 << bit);
        return "a bit turned";
    }

    private static string TakeOut(List<byte> octets, int at, int length)
    {
        if (octets.Count > length) octets.RemoveRange(at, length);
        return "octets taken out";
    }

    private static string Double(List<byte> octets, int at, int length)
    {
        octets.InsertRange(at, octets.GetRange(at, length));
        return "octets doubled";
    }

    /// <summary>Lies about a length: a tag of DER, and behind it another number.</summary>
    private static string Lie(List<byte> octets, Random random)
    {
        int[] tags = [.. Enumerable.Range(0, octets.Count - 1).Where(i => octets[i] is 0x30 or 0x31 or 2 or 3 or 4 or 6)];
        if (tags.Length > 0) octets[tags[random.Next(tags.Length)] + 1] = (byte)(random.Next(4) switch { 0 => 0x80, 1 => 0x84, 2 => 0xFF, _ => random.Next(256) });
        return "a length changed";
    }

    private static string Fill(List<byte> octets, int at, int length, byte value)
    {
        for (var i = at; i < at + length; i++) octets[i] = value;
        return "octets made one";
    }

    private static string Nest(List<byte> octets, int at, int depth)
    {
        octets.InsertRange(at, Enumerable.Repeat(new byte[] { 0x30, 0x80 }, depth).SelectMany(pair => pair));
        return string.Create(CultureInfo.InvariantCulture, $"deeply nested");
    }
}
