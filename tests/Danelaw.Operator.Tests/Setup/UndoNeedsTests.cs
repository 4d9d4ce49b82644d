using Danelaw.Operator.Rollover;
using Danelaw.Operator.Setup;

namespace Danelaw.Operator.Tests.Setup;

/// <summary>Servers that are put back find a key with its certificate, and nothing that is still needed is taken away.</summary>
public sealed class UndoNeedsTests : IDisposable
{
    private const string Chain = "/var/lib/danelaw/chains/mx.example.org/ecdsa.pem";

    private readonly SetupHost _host = new SetupHost { Published = [] }.HowTo();
    private readonly ScriptedWitness _witness = new();
    private readonly ScriptedPrograms _programs = new();
    private readonly SetClock _clock = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _host.Dispose();

    private SetupRun Run() => _clock.Run(_host, _programs, _witness);

    private async Task SetUpAsync()
    {
        var plan = await _host.PlanAsync();
        plan = plan with { Steps = [.. plan.Steps.Where(step => step.Stage is SetupStage.Chains or SetupStage.Records)] };
        Assert.Equal(SetupResult.Done, (await Run().ApplyAsync(plan, null, Cancelled)).Result);
        _witness.Records = new(RecordsState.Absent, "");
    }

    private bool IsThere => File.Exists(_host.Host.Here(Chain));

    [Fact]
    public async Task Settings_that_name_a_certificate_which_is_gone_are_not_put_back()
    {
        await SetUpAsync();
        Directory.Delete(_host.Host.Here("/etc/letsencrypt"), recursive: true);
        var before = _host.Picture();
        foreach (var result in new[] { (await Run().PreviewUndoAsync(Undo.Plain, Cancelled)).Messages, (await Run().UndoAsync(Undo.Plain, Cancelled)).Messages })
            Assert.StartsWith("The settings of before would have port 25 read /etc/letsencrypt/live/mx/privkey.pem and /etc/letsencrypt/live/mx/fullchain.pem again, and /etc/letsencrypt/live/mx/privkey.pem does not exist: no TLS would be offered there any more.", Assert.Single(result), StringComparison.Ordinal);
        Assert.Equal(before, _host.Picture());

        // Whoever insists keeps the key, which is nowhere else.
        var key = await File.ReadAllTextAsync(_host.Host.Here(Chain), Cancelled);
        var undone = await Undo.AfterTheWaitAsync(Run(), _witness, _clock, Undo.Forced);
        Assert.Equal((SetupResult.Undone, false), (undone.Result, IsThere));
        var told = Assert.Single(undone.Messages, message => message.StartsWith($"No other file here holds the key of {Chain}: a copy is kept in ", StringComparison.Ordinal));
        Assert.Equal(key, await File.ReadAllTextAsync(_host.Host.Here(told.Split(" in ")[^1].TrimEnd('.')), Cancelled));
    }

    [Fact]
    public async Task What_was_no_chain_before_setup_either_keeps_nobody()
    {
        File.Delete(_host.Host.Here("/etc/letsencrypt/archive/mx/privkey1.pem"));
        using var given = new SetupHost { Published = [], Options = new() { CertificateFile = "/root/new.pem" } }.HowTo();
        File.Delete(given.Host.Here("/etc/letsencrypt/archive/mx/privkey1.pem"));
        given.Host.WriteKey("/root/new.pem", given.Host.Leaf.PrivateKeyToPem() + given.Host.Leaf.ToPem() + given.Host.Root.ToPem());
        var plan = await given.PlanAsync();
        Assert.False(plan.IsRefused, string.Join('\n', plan.Obstacles.Select(obstacle => obstacle.What)));
        plan = plan with { Steps = [.. plan.Steps.Where(step => step.Stage == SetupStage.Chains)] };
        Assert.Equal(SetupResult.Done, (await _clock.Run(given, _programs, _witness).ApplyAsync(plan, null, Cancelled)).Result);
        _witness.Records = new(RecordsState.Absent, "");
        Assert.Equal(SetupResult.Undone, (await _clock.Run(given, _programs, _witness).UndoAsync(Undo.NeverPublished, Cancelled)).Result);
    }

    [Fact]
    public async Task A_server_that_would_not_read_its_files_of_before_is_told_nothing_and_nothing_is_taken_away()
    {
        await SetUpAsync();
        _programs.Calls.Clear();
        _programs.Failing["postfix check"] = "fatal: bad dictionary";
        var undone = await Run().UndoAsync(Undo.Plain, Cancelled);
        Assert.Equal((SetupResult.Stuck, true), (undone.Result, IsThere));
        Assert.Contains("would not read them (postfix check: fatal: bad dictionary)", undone.Messages[^1], StringComparison.Ordinal);
        Assert.DoesNotContain("postfix reload", _programs.Calls);
        _programs.Failing.Clear();
        Assert.Equal(SetupResult.Undone, (await Run().UndoAsync(Undo.Plain, Cancelled)).Result);
        Assert.False(IsThere);
    }

    [Theory]
    [InlineData("ssl_certificate " + Chain, "/etc/nginx/nginx.conf:5 names it")]
    [InlineData("ssl_certificate /etc/ssl/$ssl_server_name.pem", "nginx's certificate at /etc/nginx/nginx.conf:5 may name it")]
    public async Task A_chain_file_that_settings_name_which_came_later_stays(string line, string why)
    {
        await SetUpAsync();
        _host.Host.Write("/etc/nginx/nginx.conf", $"events {{ }}\nhttp {{\n  server {{\n    listen 443 ssl;\n    {line};\n    ssl_certificate_key {Chain};\n  }}\n}}\n");
        var undone = await Run().UndoAsync(Undo.Plain, Cancelled);
        Assert.Equal((SetupResult.Undone, true), (undone.Result, IsThere));
        Assert.DoesNotContain("/var/lib/danelaw/chains", await File.ReadAllTextAsync(_host.Host.Here("/etc/postfix/main.cf"), Cancelled), StringComparison.Ordinal);
        Assert.StartsWith($"{Chain} stays, because {why}", Assert.Single(undone.Messages), StringComparison.Ordinal);

        // The next setup finds it, and its undo puts it back.
        _witness.Records = new(RecordsState.Verified, "");
        await SetUpAsync();
        Assert.Equal(SetupResult.Undone, (await Run().UndoAsync(Undo.Plain, Cancelled)).Result);
        Assert.True(IsThere);
    }

    [Theory, Rfc(7671, "8.1")]
    [InlineData("ssl_certificate " + Chain)]
    [InlineData("ssl_certificate /etc/ssl/$ssl_server_name.pem")]
    public async Task A_chain_file_that_an_undo_has_left_is_one_of_the_next_setup(string line)
    {
        await SetUpAsync();
        _host.Host.Write("/etc/nginx/nginx.conf", $"events {{ }}\nhttp {{\n  server {{\n    listen 443 ssl;\n    {line};\n    ssl_certificate_key {Chain};\n  }}\n}}\n");
        Assert.Equal((SetupResult.Undone, true), ((await Run().UndoAsync(Undo.Plain, Cancelled)).Result, IsThere));
        _witness.Records = new(RecordsState.Verified, "");
        await SetUpAsync();

        // The rollover brings another key into it, whose record is in caches: the one of before is not shown again at once.
        var next = _host.Host.Authority.Issue(new() { Name = "mx.example.org", DnsNames = ["mx.example.org"], Issuer = _host.Host.Root });
        _host.Host.WriteKey(Chain, next.PrivateKeyToPem() + next.ToPem() + _host.Host.Root.ToPem());
        (_witness.Records, _witness.Published) = (new(RecordsState.Verified, ""), TlsaSet.Of(SetupHost.Record(next)));
        var waiting = await Run().UndoAsync(Undo.Plain, Cancelled);
        Assert.Equal(SetupResult.Waiting, waiting.Result);
        Assert.Contains(Chain, await File.ReadAllTextAsync(_host.Host.Here("/etc/postfix/main.cf"), Cancelled), StringComparison.Ordinal);

        // Nor does a roll of that file publish meanwhile.
        Assert.Contains(Danelaw.Operator.Setup.Applying.Journal.Open(_host.Host.Files, _host.Options.JournalFolder), journal => journal.Entry.IsUndoAwaited && journal.Entry.Chains.Contains(Chain));
        Assert.Equal(SetupResult.Undone, (await Undo.AfterTheWaitAsync(Run(), _witness, _clock, Undo.Plain)).Result);
        Assert.True(IsThere);
    }

    [Fact]
    public async Task A_forced_undo_tells_the_servers_that_read_their_files_names_the_other_and_ends()
    {
        _host.Host.Write("/etc/nginx/nginx.conf", "events { }\nhttp {\n  server {\n    listen 443 ssl;\n    ssl_certificate /etc/letsencrypt/live/mx/fullchain.pem;\n    ssl_certificate_key /etc/letsencrypt/live/mx/privkey.pem;\n  }\n}\n");
        _host.Host.Write("/run/nginx.pid", $"{Environment.ProcessId}\n");
        await SetUpAsync();
        Assert.Contains(Chain, await File.ReadAllTextAsync(_host.Host.Here("/etc/nginx/nginx.conf"), Cancelled), StringComparison.Ordinal);
        _programs.Calls.Clear();
        _programs.Failing["nginx -t"] = "cannot load certificate";
        Assert.Equal(SetupResult.Stuck, (await Run().UndoAsync(Undo.Plain, Cancelled)).Result);
        Assert.DoesNotContain("postfix reload", _programs.Calls);
        var undone = await Run().UndoAsync(Undo.Forced, Cancelled);
        Assert.Equal((SetupResult.Undone, false), (undone.Result, IsThere));
        Assert.Contains("postfix reload", _programs.Calls);
        Assert.DoesNotContain("nginx -s reload", _programs.Calls);
        Assert.StartsWith("Nginx does not read its files of before (nginx -t: cannot load certificate)", Assert.Single(undone.Messages), StringComparison.Ordinal);
        Assert.Null(await Run().RecoverAsync(Cancelled));
        Assert.Equal(SetupResult.Nothing, (await Run().UndoAsync(Undo.Plain, Cancelled)).Result);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_file_that_is_back_and_was_mended_since_is_nobody_elses_change(bool bySetup)
    {
        await SetUpAsync();
        _programs.Failing["postfix check"] = "fatal: bad dictionary";
        Assert.Equal(SetupResult.Stuck, (await Run().UndoAsync(Undo.Plain, Cancelled)).Result);
        Assert.Contains("danelaw setup --undo --force", (await Assert.ThrowsAsync<SetupException>(async () => await Run().RecoverAsync(Cancelled))).Message, StringComparison.Ordinal);
        _programs.Failing.Clear();
        File.AppendAllText(_host.Host.Here("/etc/postfix/main.cf"), "# mended\n");
        if (bySetup) Assert.Contains("what it had done was taken back", await Run().RecoverAsync(Cancelled), StringComparison.Ordinal);
        else Assert.Equal(SetupResult.Undone, (await Run().UndoAsync(Undo.Plain, Cancelled)).Result);
        Assert.False(IsThere);
        Assert.EndsWith("# mended\n", await File.ReadAllTextAsync(_host.Host.Here("/etc/postfix/main.cf"), Cancelled), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("reloaded", false)]
    [InlineData("put back", true)]
    public async Task A_setup_that_was_interrupted_is_taken_back_beside_a_server_that_is_broken_anyway(string point, bool isFailing)
    {
        var plan = await _host.PlanAsync();
        plan = plan with { Steps = [.. plan.Steps.Where(step => step.Stage == SetupStage.Chains)] };
        if (isFailing) _programs.Failing["postfix reload"] = "fatal";
        await Assert.ThrowsAsync<OperationCanceledException>(async () => await _clock.Run(_host, _programs, _witness, at => { if (at == point) throw new OperationCanceledException(); }).ApplyAsync(plan, null, Cancelled));
        _programs.Failing.Clear();
        _programs.Failing["postfix check"] = "fatal: bad dictionary";
        Assert.Contains("what it had done was taken back", await Run().RecoverAsync(Cancelled), StringComparison.Ordinal);
        Assert.False(IsThere);
    }
}
