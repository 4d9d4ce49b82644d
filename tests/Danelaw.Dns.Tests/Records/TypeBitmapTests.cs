using CsCheck;
using Danelaw.Dns.Records;

namespace Danelaw.Dns.Tests.Records;

public sealed class TypeBitmapTests
{
    [Theory, Rfc(4034, "4.1.2")]
    [InlineData("", true)]
    [InlineData("00 01 40", true)]
    [InlineData("00 01 40 01 01 40", true)]
    [InlineData("FF 20 0000000000000000000000000000000000000000000000000000000000000001", true)]
    [InlineData("01 01 40 00 01 40", false)] // windows descend
    [InlineData("00 01 40 00 01 40", false)] // a window twice
    [InlineData("00 00", false)] // an empty window
    [InlineData("00 00 01 01 40", false)]
    [InlineData("00 01 00", false)] // a trailing zero octet
    [InlineData("00 02 40 00", false)]
    [InlineData("00 21 000000000000000000000000000000000000000000000000000000000000000001", false)] // 33 octets
    [InlineData("00", false)]
    [InlineData("00 01", false)]
    [InlineData("00 02 40", false)]
    [InlineData("00 01 40 01", false)]
    public void Windows_ascend_and_have_1_to_32_octets_the_last_not_zero(string hex, bool expected)
    {
        Assert.Equal(expected, TypeBitmap.IsWellFormed(Wire.Hex(hex)));
        Assert.Equal(expected, TypeBitmap.TryRead(new(Wire.Hex(hex)), out _));
    }

    [Fact, Rfc(4034, "4.1.2")]
    public void The_types_listed_are_those_contained()
    {
        var types = TypeBitmap.Create(RecordType.CAA, RecordType.A, RecordType.NS, (RecordType)65535);

        Assert.Equal("000160" + "010140" + "ff20" + new string('0', 62) + "01", types.ToOctets().ToHex());
        Assert.True(types.Contains(RecordType.A));
        Assert.True(types.Contains((RecordType)65535));
        Assert.False(types.Contains(RecordType.SOA));
        Assert.False(types.Contains(RecordType.None));
        Assert.False(types.Contains(RecordType.URI));
        Assert.False(types.Contains((RecordType)65534));
        Assert.Equal("A NS CAA TYPE65535", types.ToString());
    }

    [Fact]
    public void What_is_made_of_types_lists_exactly_those_in_ascending_order()
    {
        Gen.UShort.Array[0, 40].Sample(
            numbers =>
            {
                var made = TypeBitmap.Create(numbers.Select(number => (RecordType)number));
                var listed = new List<ushort>();
                foreach (var type in made) listed.Add((ushort)type);
                return TypeBitmap.IsWellFormed(made.ToOctets().Span)
                    && listed.SequenceEqual(numbers.Distinct().Order())
                    && listed.TrueForAll(number => made.Contains((RecordType)number));
            },
            iter: LongRun.Times(2_000),
            seed: "0N0XIzNsQ0O2");
    }
}
