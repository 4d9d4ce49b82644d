namespace Danelaw.Operator.Tests;

public sealed class DurationTests
{
    [Theory]
    [InlineData(0, "0 s")]
    [InlineData(119.2, "120 s")]
    [InlineData(120, "2 min")]
    [InlineData(119 * 60, "119 min")]
    [InlineData((119 * 60) + 1, "2 h")]
    [InlineData((2 * 3600) + 601, "2 h 11 min")]
    [InlineData((48 * 3600) - 1, "48 h")]
    [InlineData(48 * 3600, "48 h")]
    [InlineData((48 * 3600) + 1, "2 days 1 h")]
    [InlineData((72 * 3600) - 1, "3 days")]
    [InlineData(239 * 3600, "9 days 23 h")]
    [InlineData(241 * 3600, "10 days")]
    public void A_duration_is_told_in_two_units_at_most(double seconds, string expected) => Assert.Equal(expected, Duration.Say(TimeSpan.FromSeconds(seconds)));
}
