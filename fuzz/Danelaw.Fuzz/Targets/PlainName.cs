using Danelaw.Dns.Names;

namespace Danelaw.Fuzz.Targets;

/// <summary>A name as a list of labels, and its relations written down in the plainest way: what <see cref="DomainName"/> is held against.</summary>
internal sealed class PlainName(List<byte[]> labels)
{
    /// <summary>The labels, the leftmost first.</summary>
    internal List<byte[]> Labels { get; } = labels;

    internal static PlainName Of(DomainName name)
    {
        var labels = new List<byte[]>();
        var wire = name.Wire;
        while (wire[0] != 0)
        {
            labels.Add(wire.Slice(1, wire[0]).ToArray());
            wire = wire[(1 + wire[0])..];
        }

        return new(labels);
    }

    /// <summary>RFC 4034 §6.1: by the rightmost label first, as octets in lower case, a missing label or octet first.</summary>
    internal int CompareTo(PlainName other)
    {
        for (var i = 1; i <= Math.Min(Labels.Count, other.Labels.Count); i++)
        {
            var (mine, theirs) = (Labels[^i], other.Labels[^i]);
            for (var at = 0; at < Math.Min(mine.Length, theirs.Length); at++)
                if (Lower(mine[at]) != Lower(theirs[at])) return Lower(mine[at]) < Lower(theirs[at]) ? -1 : 1;
            if (mine.Length != theirs.Length) return mine.Length < theirs.Length ? -1 : 1;
        }

        return Math.Sign(Labels.Count - other.Labels.Count);
    }

    internal bool IsAtOrBelow(PlainName ancestor) => Common(ancestor) == ancestor.Labels.Count;

    /// <summary>Whether it is the other name in lower case, octet by octet.</summary>
    internal bool IsLowerOf(PlainName other) => Labels.Count == other.Labels.Count && Labels.Zip(other.Labels).All(pair => pair.First.SequenceEqual(pair.Second.Select(Lower)));

    /// <summary>How many labels both have in common, from the right.</summary>
    internal int Common(PlainName other)
    {
        var common = 0;
        while (common < Math.Min(Labels.Count, other.Labels.Count) && Labels[^(common + 1)].Select(Lower).SequenceEqual(other.Labels[^(common + 1)].Select(Lower))) common++;
        return common;
    }

    private static byte Lower(byte octet) => octet is >= (byte)'A' and <= (byte)'Z' ? (byte)(octet + 32) : octet;
}
