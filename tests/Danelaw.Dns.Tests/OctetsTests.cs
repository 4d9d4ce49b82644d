namespace Danelaw.Dns.Tests;

public sealed class OctetsTests
{
    [Fact]
    public void Octets_compare_by_content_wherever_they_lie()
    {
        var left = new Octets(new byte[] { 9, 1, 2, 3, 9 }.AsMemory(1, 3));
        var right = Octets.Copy([1, 2, 3]);
        Assert.Equal(left, right);
        Assert.Equal(left.GetHashCode(), right.GetHashCode());
        Assert.NotEqual(left, Octets.Copy([1, 2]));
    }

    [Fact]
    public void The_default_is_empty() => Assert.Equal(default, Octets.Copy([]));

    [Theory]
    [InlineData("", true)]
    [InlineData("00fF", true)]
    [InlineData("0", false)]
    [InlineData("0g", false)]
    [InlineData("00 ff", false)]
    public void Hexadecimal_digits_are_read_strictly(string digits, bool isGood)
    {
        Assert.Equal(isGood, Octets.TryParseHex(digits, out var octets));
        Assert.Equal(isGood ? digits.ToLowerInvariant() : "", octets.ToHex());
    }

    [Fact]
    public void A_slice_outside_is_the_callers_mistake()
    {
        var octets = Octets.Copy([1, 2, 3]);
        Assert.Equal(Octets.Copy([2, 3]), octets.Slice(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => octets.Slice(2, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => octets.Slice(4, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => octets.Slice(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => octets.Slice(0, -1));
    }
}
