namespace Danelaw.Testing.Peers;

/// <summary>The command as users have it from a checkout: <c>./danelaw</c>, which <c>./test</c> has built.</summary>
public static class DanelawCommand
{
    private static readonly string Program = Path.Combine(Repository.Root, "danelaw");
    // Were it not built yet, it would say so on stderr in the middle of a test.
    private static readonly Lazy<Task<ProgramResult>> Built = new(() => PeerProcess.RunAsync(Program, ["--version"], limit: TimeSpan.FromMinutes(5)));

    /// <summary>Runs it to its end.</summary>
    /// <param name="arguments">Verb, targets and options.</param>
    /// <param name="input">What it reads from <c>-</c>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<ProgramResult> RunAsync(IEnumerable<string> arguments, string? input = null, CancellationToken cancellationToken = default)
    {
        await RequireAsync();
        return await PeerProcess.RunAsync(Program, arguments, input, TimeSpan.FromSeconds(170), cancellationToken: cancellationToken);
    }

    /// <summary>Runs it to its end on a machine whose clock is set, which <c>--now</c> is not.</summary>
    /// <param name="now">What the clock shows as it starts, in whole seconds.</param>
    /// <param name="arguments">Verb, targets and options.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<ProgramResult> RunAtAsync(DateTimeOffset now, IEnumerable<string> arguments, CancellationToken cancellationToken = default)
    {
        await RequireAsync();
        // Timers and the dates of files stay what they are.
        return await PeerProcess.RunAsync("env", ["FAKETIME_DONT_FAKE_MONOTONIC=1", "NO_FAKE_STAT=1", Peer.Require("faketime"), $"@{now.ToUnixTimeSeconds()}", Program, .. arguments], null, TimeSpan.FromSeconds(170), cancellationToken: cancellationToken);
    }

    private static async Task RequireAsync()
    {
        var built = await Built.Value;
        if (built.ExitCode != 0) throw new InvalidOperationException($"./danelaw does not run: {built.Everything}");
    }
}
