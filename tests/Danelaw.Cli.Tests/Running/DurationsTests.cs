using Danelaw.Cli.Running;

namespace Danelaw.Cli.Tests.Running;

public sealed class DurationsTests
{
    [Theory]
    [InlineData(0, "0s")]
    [InlineData(0.2, "1s")]
    [InlineData(59, "59s")]
    [InlineData(60, "1m")]
    [InlineData(754, "12m34s")]
    [InlineData(3600, "1h")]
    [InlineData(3900, "1h5m")]
    [InlineData(172800, "2d")]
    [InlineData(-5, "0s")]
    public void A_duration_is_said_in_at_most_two_units(double seconds, string said) => Assert.Equal(said, Durations.Say(TimeSpan.FromSeconds(seconds)));
}
