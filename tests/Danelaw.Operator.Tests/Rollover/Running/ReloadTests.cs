using System.Collections.Immutable;
using Danelaw.Dns.Names;
using Danelaw.Operator.Rollover;
using Danelaw.Operator.Rollover.Acting;
using Danelaw.Operator.Rollover.Settings;

namespace Danelaw.Operator.Tests.Rollover.Running;

/// <summary>What is told of a command that makes a server read its files anew: it is kept in the state and the history.</summary>
public sealed class ReloadTests
{
    [Theory]
    [InlineData("\"true\"", null)]
    [InlineData("\"sh\", \"-c\", \"echo out; echo the zone does not load >&2; exit 3\"", "the command sh -c echo out; echo the zone does not load >&2; exit 3 failed with status 3: the zone does not load")]
    [InlineData("\"sh\", \"-c\", \"echo said on the other stream; exit 3\"", "the command sh -c echo said on the other stream; exit 3 failed with status 3: said on the other stream")]
    [InlineData("\"false\"", "the command false failed with status 1")]
    [InlineData("\"/no/such/program\"", "the command /no/such/program failed: /no/such/program cannot be run: there is no such program")]
    [InlineData("\"sleep\", \"60\"", "the command sleep 60 failed: sleep did not end within 2 s, and was ended")]
    public async Task A_reload_that_fails_is_told_with_what_the_command_said_last(string command, string? failure) => Assert.Equal(failure, (await ReloadAsync(command)).Failure);

    [Fact]
    public async Task A_line_without_an_end_is_cut()
    {
        var failure = (await ReloadAsync("\"sh\", \"-c\", \"head -c 1000000 /dev/zero | tr '\\\\0' x; exit 3\"")).Failure!;

        Assert.EndsWith("xx…", failure, StringComparison.Ordinal);
        Assert.InRange(failure.Length, 300, 500);
    }

    private static async Task<ActionResult> ReloadAsync(string command)
    {
        var text = $"""
            [[roll]]
            name = "mx"
            owners = ["mx.example.org:25"]
            reload = [[{command}]]

            [[roll.chain]]
            file = "/var/lib/danelaw/chains/mx.pem"
            offers = ["/etc/letsencrypt/live/mx.example.org"]

            [roll.publisher]
            kind = "manual"
            """;
        Assert.True(RolloverSettingsText.TryRead(text, "/etc/danelaw/rollover.toml", out var settings, out var faults), string.Join('\n', faults));
        var roll = settings.Rolls[0] with { ReloadTime = TimeSpan.FromSeconds(command.Contains("sleep", StringComparison.Ordinal) ? 2 : 60) };
        var actor = new RollActor(_ => throw new InvalidOperationException("nobody publishes here"), (_, _) => null, FaultPoints.None, TimeProvider.System);
        return await actor.DoAsync(roll, new RolloverAction.Reload(), ImmutableDictionary<DomainName, DomainName>.Empty, isTimeToRepeat: false, TestContext.Current.CancellationToken);
    }
}
