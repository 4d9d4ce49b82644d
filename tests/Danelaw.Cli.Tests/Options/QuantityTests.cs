using Danelaw.Cli.Options;
using Danelaw.Cli.Running;

namespace Danelaw.Cli.Tests.Options;

public sealed class QuantityTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("2", 2)]
    [InlineData("1.5", 1.5)]
    [InlineData("500ms", 0.5)]
    [InlineData("90s", 90)]
    [InlineData("5m", 300)]
    [InlineData("1h30m", 5400)]
    [InlineData("2d", 172800)]
    public void Durations_are_read_as_people_write_them(string text, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Quantity.Duration("--clock-skew", text, TimeSpan.Zero, TimeSpan.FromDays(10)));

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("1x")]
    [InlineData("h")]
    [InlineData("1 h")]
    [InlineData("11d")]
    [InlineData("1e9")]
    [InlineData("1..2")]
    [InlineData("99999999999999999999999999999d")]
    public void What_is_no_duration_is_misuse(string text) =>
        Assert.Throws<MisuseException>(() => Quantity.Duration("--clock-skew", text, TimeSpan.Zero, TimeSpan.FromDays(10)));

    [Theory]
    [InlineData("2026-11-26T12:00:00Z", 1795694400)]
    [InlineData("2026-11-26T13:00:00+01:00", 1795694400)]
    [InlineData("2026-11-26t12:00:00z", 1795694400)]
    [InlineData("2026-11-26 12:00:00.000Z", 1795694400)]
    [InlineData("2026-11-26T12:00:00.123456789Z", 1795694400)]
    [InlineData("1795694400", 1795694400)]
    [InlineData("0", 0)]
    public void Times_are_RFC_3339_or_seconds(string text, long seconds) => Assert.Equal(seconds, Quantity.Time("--now", text).ToUnixTimeSeconds());

    [Theory]
    [InlineData("")]
    [InlineData("today")]
    [InlineData("2026-11-26")]
    [InlineData("2026-11-26T12:00:00")]
    [InlineData("2026-13-26T12:00:00Z")]
    [InlineData("-5")]
    [InlineData("999999999999999999")]
    public void What_is_no_time_is_misuse(string text) => Assert.Throws<MisuseException>(() => Quantity.Time("--now", text));

    [Theory]
    [InlineData("65536", 65536)]
    [InlineData("64K", 65536)]
    [InlineData("64M", 67108864)]
    [InlineData("1GiB", 1073741824)]
    public void Sizes_may_have_a_unit(string text, long octets) => Assert.Equal(octets, Quantity.Size("--cache-size", text, 0, 1L << 40));

    [Theory]
    [InlineData("M")]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("9999999999999G")]
    [InlineData("1T")]
    public void What_is_no_size_is_misuse(string text) => Assert.Throws<MisuseException>(() => Quantity.Size("--cache-size", text, 0, 1L << 40));
}
