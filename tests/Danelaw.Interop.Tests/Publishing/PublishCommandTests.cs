using System.Text.Json;
using Danelaw.Operator.Publishing;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Publishing;

/// <summary><c>danelaw publish</c> as users call it, against a BIND that signs its zone.</summary>
[Peer("bind")]
public sealed class PublishCommandTests(CommandMaster master) : IClassFixture<CommandMaster>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static string A => Master.Record('a').ToString();

    private static string B => Master.Record('b').ToString();

    private string Key => ((PublisherSettings.Update)master.Settings).KeyFile!;

    private string[] To => ["--to", "rfc2136", "--server", master.Address, "--key", Key];

    private async Task<ProgramResult> RunAsync(params string[] arguments) => await DanelawCommand.RunAsync(["publish", .. arguments, .. await master.AskingAsync(Cancelled)], cancellationToken: Cancelled);

    [Fact]
    public async Task A_record_is_shown_published_waited_for_added_to_replaced_and_removed()
    {
        string[] owner = ["mx1.pub.lab"];
        var dry = await RunAsync([.. owner, "--tlsa", A, "--ttl", "120", "--dry-run", .. To]);
        Assert.Equal((0, $"_25._tcp.mx1.pub.lab\n  + {A}\n    TTL 120\nThis is what would be published; nothing was changed.\n", ""), (dry.ExitCode, dry.Output, dry.Error));

        var done = await RunAsync([.. owner, "--tlsa", A, "--ttl", "120", .. To]);
        Assert.True(done.ExitCode == 0, done.Everything);
        Assert.StartsWith($"_25._tcp.mx1.pub.lab\n  + {A}\n    TTL 120\nPublished: the authoritative server has it, validly signed. Caches may keep what was there before for another ", done.Output, StringComparison.Ordinal);

        // No mail server of that name is there.
        Assert.Contains("danelaw: hint: whether mx1.pub.lab:25 shows what was published could not be seen\ndanelaw: hint: danelaw check mx1.pub.lab:25\n", done.Error, StringComparison.Ordinal);

        var again = await RunAsync([.. owner, "--tlsa", A, .. To]);
        Assert.Equal((0, $"_25._tcp.mx1.pub.lab  nothing to do\n    {A}\n    TTL 120\nNothing was to be done: every authoritative server has it, validly signed.\n"), (again.ExitCode, again.Output));

        var added = await RunAsync([.. owner, "--tlsa", B, "--json", .. To]);
        Assert.True(added.ExitCode == 0, added.Everything);
        using var document = JsonDocument.Parse(added.Output);
        Assert.Equal("published", document.RootElement.GetProperty("result").GetString());
        Assert.Equal(2, document.RootElement.GetProperty("owners")[0].GetProperty("after").GetArrayLength());

        var replaced = await RunAsync([.. owner, "--tlsa", B, "--replace", .. To]);
        Assert.True(replaced.ExitCode == 0, replaced.Everything);
        Assert.Contains($"\n  - {A}\n", replaced.Output, StringComparison.Ordinal);

        var removed = await RunAsync([.. owner, "--remove", "--all", .. To]);
        Assert.True(removed.ExitCode == 0, removed.Everything);
        Assert.True((await master.Publisher.ReadAsync(Master.Name("_25._tcp.mx1.pub.lab."), Cancelled)).Records.IsEmpty);
    }

    [Fact]
    public async Task Of_several_owners_all_are_published_or_none()
    {
        var several = await RunAsync(["mx2.pub.lab", "--port", "25", "--port", "465", "--tlsa", A, "--no-wait", .. To]);
        Assert.Equal((0, ""), (several.ExitCode, several.Error));
        Assert.Contains("_465._tcp.mx2.pub.lab\n", several.Output, StringComparison.Ordinal);

        // The key may change TLSA records in the zone only: the second name is an alias, and refused before anything is done.
        var refused = await RunAsync(["mx3.pub.lab", "alias.pub.lab", "--tlsa", A, .. To]);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("danelaw: error: _25._tcp.alias.pub.lab. is an alias of _25._tcp.mx.pub.lab.", refused.Error, StringComparison.Ordinal);
        Assert.True((await master.Publisher.ReadAsync(Master.Name("_25._tcp.mx3.pub.lab."), Cancelled)).Records.IsEmpty);
    }

    [Fact]
    public async Task What_is_taken_away_from_a_zone_without_DNSSEC_is_gone_when_its_servers_say_so()
    {
        var removed = await RunAsync([$"mx.{CommandMaster.BareZone}", "--remove", "--tlsa", A, "--wait", "20s", .. To]);

        Assert.True(removed.ExitCode == 0, removed.Everything);
        Assert.Contains("in a zone that is not signed", removed.Output, StringComparison.Ordinal);
    }

    [Fact, Rfc(4592, "3.3.1")]
    public async Task What_is_taken_away_below_a_wildcard_leaves_what_that_gives_and_the_wait_is_over()
    {
        var own = await RunAsync(["wild.pub.lab", "--tlsa", B, "--replace", "--wait", "20s", .. To]);
        Assert.True(own.ExitCode == 0, own.Everything);
        var removed = await RunAsync(["wild.pub.lab", "--remove", "--all", "--wait", "20s", .. To]);
        Assert.True(removed.ExitCode == 0, removed.Everything);
        Assert.Contains($"danelaw: hint: _25._tcp.wild.pub.lab: a wildcard answers there now, and gives it {Master.First}", removed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task By_hand_the_fields_are_told_and_a_wait_that_is_over_is_exit_3()
    {
        var told = await RunAsync("mx.pub.lab", "pub.lab", "--tlsa", B, "--to", "manual", "--wait", "1s");
        Assert.Equal(3, told.ExitCode);
        Assert.Contains("  Port              25\n  Protocol          tcp\n  Host              mx  (mx.pub.lab.)\n  or Name           _25._tcp.mx  (_25._tcp.mx.pub.lab.)\n  Usage             3\n  Selector          1\n  Matching type     1\n", told.Output, StringComparison.Ordinal);
        Assert.Contains("  Host              @  (pub.lab.)\n  or Name           _25._tcp  (_25._tcp.pub.lab.)\n", told.Output, StringComparison.Ordinal);
        Assert.Contains("Waiting: 0 of 2 authoritative servers have it.\n", told.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_server_refuses_is_exit_1_where_nobody_is_exit_3_and_no_secret_is_ever_told()
    {
        var bad = await RunAsync("mx4.pub.lab", "--tlsa", A, "--to", "rfc2136", "--server", master.Address, "--key", ((PublisherSettings.Update)master.Refusing).KeyFile!, "-v");
        Assert.Equal(1, bad.ExitCode);
        Assert.Contains("BADSIG", bad.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(UpdateKeys.OtherSecret, bad.Everything, StringComparison.Ordinal);

        var nobody = await RunAsync("mx4.pub.lab", "--tlsa", A, "--to", "rfc2136", "--server", "127.81.0.250", "--key", Key);
        Assert.Equal(3, nobody.ExitCode);
        Assert.Contains("connection refused", nobody.Error, StringComparison.Ordinal);

        var open = master.Folder.Write("open-key", File.ReadAllText(Key));
        TestFolder.SetMode(open, 0b110_100_100);
        var readable = await RunAsync("mx4.pub.lab", "--tlsa", A, "--to", "rfc2136", "--server", master.Address, "--key", open);
        Assert.Equal(2, readable.ExitCode);
        Assert.Contains("others may read", readable.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(UpdateKeys.Secret, readable.Everything, StringComparison.Ordinal);
    }
}
