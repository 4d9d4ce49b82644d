using Danelaw.Dnssec.Validation;

namespace Danelaw.Dnssec.Tests.Validation;

public class SerialTimeTests
{
    [Theory, Rfc(1982, "3.2"), Rfc(4034, "3.1.5")]
    [InlineData(0u, 1u, 1)]
    [InlineData(1u, 0u, -1)]
    [InlineData(uint.MaxValue, 0u, 1)]
    [InlineData(0u, uint.MaxValue, -1)]
    [InlineData(0u, 0x7FFFFFFFu, int.MaxValue)]
    [InlineData(0xFFFFFFF0u, 0x10u, 0x20)]
    public void Differences_are_those_of_serial_numbers(uint from, uint to, int seconds) => Assert.Equal(seconds, new SerialTime(from).SecondsTo(new(to)));

    [Theory, Rfc(1982, "3.2")]
    [InlineData(0u, 0x80000000u)]
    [InlineData(0x80000000u, 0u)]
    public void Half_the_circle_counts_as_earlier_in_both_directions(uint from, uint to) => Assert.Equal(int.MinValue, new SerialTime(from).SecondsTo(new(to)));

    [Theory]
    [InlineData("2026-06-15T12:00:00Z", "2026-07-01T00:00:00Z")]
    [InlineData("2106-02-07T06:28:15Z", "2106-02-07T06:28:17Z")]
    [InlineData("2106-02-07T06:28:17Z", "2106-02-07T06:28:15Z")]
    [InlineData("2038-01-19T03:14:07Z", "2038-01-19T03:14:08Z")]
    [InlineData("9999-12-31T23:59:59Z", "9999-12-31T23:59:58Z")]
    [InlineData("0001-01-01T00:00:00Z", "0001-01-01T00:00:01Z")]
    public void A_serial_time_is_the_moment_nearest_to_now(string now, string moment)
    {
        var expected = DateTimeOffset.Parse(moment);

        Assert.Equal(expected, SerialTime.From(expected).Near(DateTimeOffset.Parse(now)));
    }

    [Fact]
    public void A_moment_beyond_the_calendar_is_its_end() =>
        Assert.Equal(DateTime.MaxValue.Ticks, new SerialTime(SerialTime.From(DateTimeOffset.MaxValue).Seconds + 1000).Near(DateTimeOffset.MaxValue).Ticks);
}
