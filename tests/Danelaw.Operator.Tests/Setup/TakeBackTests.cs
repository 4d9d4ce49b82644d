using System.Text.Json.Nodes;
using Danelaw.Operator.Setup;

namespace Danelaw.Operator.Tests.Setup;

/// <summary>What is taken back comes in an order in which no server is left without what it reads, and can be taken up again.</summary>
public sealed class TakeBackTests : IDisposable
{
    private readonly SetupHost _host = new SetupHost { Published = [] }.HowTo();
    private readonly ScriptedPrograms _programs = new();
    private readonly ScriptedWitness _witness = new() { Records = new(RecordsState.Absent, "") };
    private readonly SetClock _clock = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private sealed class Killed : Exception;

    public void Dispose() => _host.Dispose();

    private SetupRun Run(Action<string>? mark = null) => _clock.Run(_host, _programs, _witness, mark);

    private string Here(string path) => _host.Host.Here(path);

    private const string Main = "/etc/postfix/main.cf", ChainFile = "/var/lib/danelaw/chains/mx.example.org/ecdsa.pem";

    private async Task<SetupOutcome> ApplyAsync()
    {
        var plan = await _host.PlanAsync();
        plan = plan with { Steps = [.. plan.Steps.Where(step => step.Reloads.All(reload => reload.Service != ManagedService.Unbound))] };
        var outcome = await Run().ApplyAsync(plan, null, Cancelled);
        _clock.Pass(TimeSpan.FromMinutes(1));
        return outcome;
    }

    private Task<SetupOutcome> UndoAsync() => Run().UndoAsync(Undo.NeverPublished, Cancelled).AsTask();

    private IEnumerable<(string Path, JsonObject Journal)> Journals() =>
        Directory.EnumerateFiles(Here("/var/lib/danelaw/setup"), "manifest.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(path => (path, JsonNode.Parse(File.ReadAllText(path))!.AsObject()));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_file_that_cannot_be_put_back_keeps_the_chain_file_that_it_names_and_no_server_is_told(bool isTwice)
    {
        var before = _host.Picture();
        await ApplyAsync();
        if (isTwice)
        {
            await File.AppendAllTextAsync(Here(Main), "smtp_host_lookup = native\n", Cancelled);
            await ApplyAsync();
        }

        // Where it is written aside stands what cannot be written to.
        Directory.CreateDirectory(Here("/etc/postfix/.main.cf.danelaw-new"));
        _programs.Calls.Clear();
        var undone = await Run().UndoAsync(Undo.NeverPublished with { IsForced = isTwice }, Cancelled);
        Assert.Equal(SetupResult.Stuck, undone.Result);
        Assert.Contains("/etc/postfix/main.cf: ", undone.Messages[^1], StringComparison.Ordinal);
        Assert.Contains(ChainFile, await File.ReadAllTextAsync(Here(Main), Cancelled), StringComparison.Ordinal);
        Assert.True(File.Exists(Here(ChainFile)));
        Assert.DoesNotContain("postfix reload", _programs.Calls);
        Directory.Delete(Here("/etc/postfix/.main.cf.danelaw-new"));
        Assert.Equal(SetupResult.Undone, (await Run().UndoAsync(Undo.NeverPublished with { IsForced = isTwice }, Cancelled)).Result);
        Assert.Equal(before, _host.Picture());
        Assert.Contains("postfix reload", _programs.Calls);
    }

    [Fact]
    public async Task A_copy_that_is_damaged_keeps_no_other_file_from_being_put_back()
    {
        var master = await File.ReadAllTextAsync(Here("/etc/postfix/master.cf"), Cancelled);
        await ApplyAsync();
        var (path, journal) = Journals().First();
        var main = journal["files"]!.AsArray().First(file => (string?)file!["path"] == Main)!;
        File.Delete(Path.Combine(Path.GetDirectoryName(path)!, (string)main["backup"]!));
        Assert.NotEqual(master, await File.ReadAllTextAsync(Here("/etc/postfix/master.cf"), Cancelled));
        var undone = await UndoAsync();
        Assert.Equal(SetupResult.Stuck, undone.Result);
        Assert.Contains("the copy of /etc/postfix/main.cf, is missing or damaged", Assert.Single(undone.Messages), StringComparison.Ordinal);
        Assert.Equal(master, await File.ReadAllTextAsync(Here("/etc/postfix/master.cf"), Cancelled));
        Assert.True(File.Exists(Here(ChainFile)));
    }

    [Fact]
    public async Task Killed_after_its_folders_are_gone_the_next_run_takes_it_back_once_more()
    {
        var before = _host.Picture();
        await ApplyAsync();
        await Assert.ThrowsAsync<Killed>(async () => await Run(point => { if (point == "folder taken away" && !Directory.Exists(Here("/var/lib/danelaw/chains"))) throw new Killed(); }).UndoAsync(Undo.NeverPublished, Cancelled));
        Assert.False(Directory.Exists(Here("/var/lib/danelaw/chains")));
        Assert.Equal(SetupResult.Undone, (await UndoAsync()).Result);
        Assert.Equal(before, _host.Picture());
    }

    [Fact]
    public async Task A_server_that_did_not_read_what_is_back_is_told_by_the_next_run_and_the_setups_before_stay()
    {
        await ApplyAsync();
        await File.AppendAllTextAsync(Here(Main), "smtp_host_lookup = native\n", Cancelled);
        var before = _host.Picture();
        _programs.Failing["postfix reload"] = "postfix: fatal: no";
        var outcome = await ApplyAsync();
        Assert.Equal((SetupResult.Stuck, before), (outcome.Result, _host.Picture()));
        Assert.EndsWith("Mend that, and run danelaw setup again: it begins with what is left of this.", outcome.Messages[1], StringComparison.Ordinal);
        _programs.Failing.Clear();
        _programs.Calls.Clear();
        Assert.NotNull(await Run().RecoverAsync(Cancelled));
        Assert.Contains("postfix reload", _programs.Calls);
        Assert.Equal(before, _host.Picture());
        Assert.Equal("Applied", (string?)Journals().First().Journal["state"]);
        Assert.Null(await Run().RecoverAsync(Cancelled));
    }

    [Fact]
    public async Task Setups_are_taken_back_in_their_order_though_the_clock_was_set_back_between_them()
    {
        var before = _host.Picture();
        await ApplyAsync();
        _clock.Now -= TimeSpan.FromHours(1);
        await File.AppendAllTextAsync(Here(Main), "smtp_host_lookup = native\n", Cancelled);
        await ApplyAsync();
        Assert.Equal(SetupResult.Undone, (await Run().UndoAsync(Undo.NeverPublished with { IsForced = true }, Cancelled)).Result);
        Assert.Equal(before, _host.Picture());
    }

    [Fact]
    public async Task A_journal_that_cannot_be_read_is_not_passed_over()
    {
        await ApplyAsync();
        var before = _host.Picture();
        var path = Journals().First().Path;
        File.Delete(path);
        Directory.CreateDirectory(path);
        Assert.EndsWith("manifest.json cannot be read", (await Assert.ThrowsAsync<SetupException>(UndoAsync)).Message, StringComparison.Ordinal);
        Assert.Equal(before, _host.Picture());
    }
}
