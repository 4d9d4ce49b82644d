using Danelaw.Dnssec.Resolution.Iteration;

namespace Danelaw.Dnssec.Tests.Resolution.Iteration;

public class HostFaultsTests
{
    private const int Threads = 8;
    private const int PerThread = 20_000;

    /// <summary>Searches for the addresses of several servers, and of both families, write to it while the inquiry reads.</summary>
    [Fact]
    public async Task What_several_searches_note_at_once_is_all_there()
    {
        var faults = new HostFaults();

        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Factory.StartNew(
            () =>
            {
                for (var i = 0; i < PerThread; i++)
                {
                    faults.Add(thread % 2 == 0 ? $"ns{i}.one. {HostFaults.Circle}" : $"ns{i}.two. does not exist");
                    if (i % 1000 == 0) _ = faults.IsCircle;
                }
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));

        Assert.Equal(Threads * PerThread, faults.ToArray().Count(fault => fault is not null));
        Assert.False(faults.IsCircle);
    }

    [Fact]
    public void It_is_a_circle_when_everything_that_was_looked_for_lies_on_one()
    {
        var faults = new HostFaults();

        Assert.False(faults.IsCircle);
        faults.Add($"ns.one. {HostFaults.Circle}");
        Assert.True(faults.IsCircle);
        faults.Add("ns.two. does not exist");
        Assert.False(faults.IsCircle);
    }

    [Fact]
    public void A_limit_of_the_lookup_itself_is_not_forgotten_over_one_of_all_lookups()
    {
        var faults = new HostFaults();

        Assert.Equal((false, false), (faults.IsOverLimit, faults.IsOverOwnLimit));
        faults.NoteLimit(isOwn: false);
        Assert.Equal((true, false), (faults.IsOverLimit, faults.IsOverOwnLimit));
        faults.NoteLimit(isOwn: true);
        faults.NoteLimit(isOwn: false);
        Assert.Equal((true, true), (faults.IsOverLimit, faults.IsOverOwnLimit));
    }
}
