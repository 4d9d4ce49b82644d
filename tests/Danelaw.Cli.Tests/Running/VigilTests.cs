using Danelaw.Cli.Running;
using Danelaw.Operator.Rollover.Keeping;

namespace Danelaw.Cli.Tests.Running;

public sealed class VigilTests
{
    private readonly List<string> _told = [];

    private Vigil Vigil() => new(TimeSpan.Zero, TimeProvider.System) { Tell = fault => _told.Add(fault.Message) };

    [Fact]
    public async Task No_look_s_fault_ends_it_and_the_same_fault_is_told_once()
    {
        using var end = new CancellationTokenSource();
        string?[] faults = [null, "one", "one", "other", null, "one"];
        var looks = 0;
        var watch = Vigil().KeepAsync(
            () =>
            {
                var fault = faults[looks++];
                if (looks == faults.Length) end.Cancel();
                return fault is null || looks == faults.Length ? Task.CompletedTask : throw new KeyNotFoundException(fault);
            },
            end.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watch);
        Assert.Equal(["one", "other"], _told);
    }

    [Fact]
    public async Task A_state_that_cannot_be_used_when_it_begins_ends_it()
    {
        await Assert.ThrowsAsync<RolloverStoreException>(() => Vigil().KeepAsync(() => throw new RolloverStoreException("/state", "the disk is full", new IOException()), TestContext.Current.CancellationToken));
        Assert.Empty(_told);
    }
}
