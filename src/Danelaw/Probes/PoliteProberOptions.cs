namespace Danelaw.Probes;

/// <summary>How often servers are connected to in one run. Immutable.</summary>
public sealed record PoliteProberOptions
{
    /// <summary>How many connections go to one address within any minute, 1 or more; 0 for as many as there are to make. Default 60.</summary>
    public int ConnectionsPerMinute { get; init; } = 60;

    /// <summary>How long an observation is shared, counted from when it was made; zero for not at all. Default 10 minutes.</summary>
    public TimeSpan Keep { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How many observations are kept at most, 1 or more; beyond it the oldest go. Default 10,000.</summary>
    public int Capacity { get; init; } = 10_000;
}
