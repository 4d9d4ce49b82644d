using CsCheck;
using Danelaw.Dns.Names;

namespace Danelaw.Dns.Tests.Names;

public sealed class DomainNameTests
{
    /// <summary>Names of up to six labels over octets that make trouble: case, dots, zero, the borders of plain ASCII.</summary>
    private static readonly Gen<DomainName> Names =
        Gen.Int[0, 11].Select(index => "aAbzZ.\\\0\u00FF@[*"[index]).Select(character => (byte)character)
            .Array[1, 12].List[0, 6].Select(labels => labels.Aggregate(DomainName.Root, (name, label) => name.TryPrepend(label, out var longer) ? longer : name));

    /// <summary>RFC 4034 §6.1's own example, in its order.</summary>
    private static readonly string[] CanonicalOrder =
        ["example", "a.example", "yljkjljk.a.example", "Z.a.example", "zABC.a.EXAMPLE", "z.example", @"\001.z.example", "*.z.example", @"\200.z.example"];

    [Fact, Rfc(4034, "6.1")]
    public void Names_sort_in_the_canonical_order_of_the_RFC()
    {
        var names = CanonicalOrder.Select(DomainName.Parse).ToList();
        for (var i = 0; i < names.Count; i++)
            for (var j = 0; j < names.Count; j++)
                Assert.Equal(i.CompareTo(j), Math.Sign(names[i].CompareTo(names[j])));
    }

    [Fact, Rfc(4343, "3")]
    public void Equality_and_hash_ignore_the_case_of_ASCII_letters_and_nothing_else()
    {
        Assert.Equal(DomainName.Parse("MX.Example.ORG"), DomainName.Parse("mx.eXample.org"));
        Assert.Equal(DomainName.Parse("MX.Example.ORG").GetHashCode(), DomainName.Parse("mx.eXample.org").GetHashCode());
        Assert.NotEqual(DomainName.Parse("a@b"), DomainName.Parse("a`b"));
        Assert.NotEqual(DomainName.Parse("a[b"), DomainName.Parse("a{b"));
        Assert.NotEqual(DomainName.Parse(@"\200"), DomainName.Parse(@"\232"));
    }

    [Fact]
    public void Label_borders_count_and_not_the_text() =>
        Assert.False(DomainName.Parse("notexample.org").IsAtOrBelow(DomainName.Parse("example.org")));

    [Fact]
    public void A_dot_within_a_label_is_no_border() =>
        Assert.False(DomainName.Parse(@"x\.example.org").IsAtOrBelow(DomainName.Parse("example.org")));

    [Fact]
    public void A_label_whose_length_looks_like_a_letter_is_not_folded()
    {
        // A label of 0x41 octets cannot exist, but content may look like length octets: 1 'A' against 1 'a' inside and outside.
        Assert.True(DomainName.TryFromWire([2, 1, (byte)'A', 0], out var left));
        Assert.True(DomainName.TryFromWire([1, (byte)'A', 0], out var right));
        Assert.NotEqual(left, right);
        Assert.False(left.IsBelow(right));
    }

    [Fact]
    public void Canonical_order_is_total() => Gen.Select(Names, Names, Names).Sample((a, b, c) =>
        Math.Sign(a.CompareTo(b)) == -Math.Sign(b.CompareTo(a))
        && (a.CompareTo(b) == 0) == a.Equals(b)
        && (a.CompareTo(b) > 0 || b.CompareTo(c) > 0 || a.CompareTo(c) <= 0), seed: "7Ja-TYcgXu81", iter: 20_000);

    [Fact]
    public void IsAtOrBelow_agrees_with_lists_of_labels() => Gen.Select(Names, Names).Sample((a, b) =>
        a.IsAtOrBelow(b) == Labels(a).TakeLast(Labels(b).Count).SequenceEqual(Labels(b)) && (Labels(a).Count >= Labels(b).Count || !a.IsAtOrBelow(b)), seed: "7Ja-TYcgXu81", iter: 20_000);

    [Fact]
    public void Text_and_wire_form_are_one_name() => Names.Sample(name =>
        DomainName.Parse(name.ToString()).EqualsExactly(name) && DomainName.TryFromWire(name.Wire, out var again) && again.EqualsExactly(name), seed: "7Ja-TYcgXu81", iter: 20_000);

    [Fact, Rfc(4034, "6.2")]
    public void The_canonical_form_is_equal_and_has_no_capital() => Names.Sample(name =>
        name.ToCanonical().Equals(name) && !name.ToCanonical().Wire.ToArray().Any(octet => octet is >= (byte)'A' and <= (byte)'Z'), seed: "7Ja-TYcgXu81", iter: 5_000);

    [Fact]
    public void The_common_ancestor_is_the_longest_suffix_of_both() => Gen.Select(Names, Names).Sample((a, b) =>
    {
        var common = a.CommonAncestor(b);
        return a.IsAtOrBelow(common) && b.IsAtOrBelow(common)
            && (common.LabelCount == Math.Min(a.LabelCount, b.LabelCount) || a.Suffix(common.LabelCount + 1) != b.Suffix(common.LabelCount + 1));
    }, seed: "7Ja-TYcgXu81", iter: 5_000);

    [Theory, Rfc(6672, "2.2")]
    [InlineData("www.old.example", "old.example", "new.example.net", "www.new.example.net.")]
    [InlineData("a.b.old.example", "old.example", ".", "a.b.")]
    public void A_suffix_can_be_replaced_as_DNAME_does(string name, string from, string to, string expected)
    {
        Assert.True(DomainName.Parse(name).TryReplaceSuffix(DomainName.Parse(from), DomainName.Parse(to), out var moved));
        Assert.Equal(expected, moved.ToString());
    }

    [Fact, Rfc(6672, "2.2")]
    public void A_replacement_that_would_be_too_long_is_refused()
    {
        var longest = DomainName.Parse(string.Join('.', Enumerable.Repeat(new string('a', 63), 3)));
        Assert.False(DomainName.Parse(new string('b', 63) + ".x").TryReplaceSuffix(DomainName.Parse("x"), longest, out _));
    }

    [Fact]
    public void Wire_form_is_refused_when_it_is_cut_runs_over_or_holds_a_pointer()
    {
        var wire = DomainName.Parse("mx.example.org").Wire.ToArray();
        for (var length = 0; length < wire.Length; length++) Assert.False(DomainName.TryFromWire(wire.AsSpan(0, length), out _));
        Assert.False(DomainName.TryFromWire([.. wire, 0], out _));
        Assert.False(DomainName.TryFromWire([0xC0, 0x00], out _));
        Assert.False(DomainName.TryFromWire([0x40, 0x00], out _));
        Assert.False(DomainName.TryFromWire([0x80, 0x00], out _));
    }

    [Fact]
    public void A_wildcard_is_a_lone_asterisk_in_front()
    {
        Assert.True(DomainName.Parse("*.example").IsWildcard);
        Assert.False(DomainName.Parse("**.example").IsWildcard);
        Assert.False(DomainName.Parse("a.*.example").IsWildcard);
        Assert.False(DomainName.Root.IsWildcard);
    }

    [Fact]
    public void The_default_is_the_root()
    {
        Assert.True(default(DomainName).IsRoot);
        Assert.Equal(".", default(DomainName).ToString());
        Assert.Equal(DomainName.Parse("."), default);
        Assert.Equal(new byte[] { 0 }, default(DomainName).Wire.ToArray());
        Assert.Equal(DomainName.Root, default(DomainName).Parent);
    }

    private static List<string> Labels(DomainName name) =>
        [.. Enumerable.Range(0, name.LabelCount).Select(index => Convert.ToHexString(name.ToCanonical().GetLabel(index)))];
}
