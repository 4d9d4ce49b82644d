namespace Danelaw.Testing;

/// <summary>How often random tests are repeated: a little in every run, much more in <c>./test --long</c>.</summary>
public static class LongRun
{
    private const int Factor = 50;

    /// <summary>Whether this run is the long one.</summary>
    public static bool IsOn { get; } = Environment.GetEnvironmentVariable("DANELAW_TEST_LONG") == "1";

    /// <summary>The number in ordinary runs, 50 times as many in the long one.</summary>
    public static int Times(int ordinary) => IsOn ? ordinary * Factor : ordinary;
}
