using Danelaw.Operator.Publishing;
using Danelaw.Operator.Rollover;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Publishing;

/// <summary>The HTTP API of PowerDNS beyond the contract.</summary>
[Peer("pdns")]
public sealed class PowerDnsApiTests(PowerDnsApiMaster master) : PublisherContract<PowerDnsApiMaster>(master)
{
    private string Key => ((PublisherSettings.PowerDns)Master.Settings).KeyFile;

    [Fact]
    public async Task A_wrong_API_key_is_told_with_where_the_right_one_stands_and_without_either()
    {
        var result = await PublishAsync(Owner("key"), "", "a", settings: Master.Refusing);

        Assert.Equal(PublishOutcome.Refused, result.Outcome);
        Assert.Contains("refuses the API key", result.Detail, StringComparison.Ordinal);
        Assert.Contains("pdns.conf", result.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("something-else", result.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_file_that_others_may_read_is_refused()
    {
        var open = Master.Folder.Write("open", PowerDnsApiMaster.ApiKey);
        TestFolder.SetMode(open, 0b110_100_100);
        var result = await PublishAsync(Owner("open"), "", "a", settings: Master.With(open));

        Assert.Equal(PublishOutcome.Refused, result.Outcome);
        Assert.Contains("chmod", result.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain(PowerDnsApiMaster.ApiKey, result.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_server_id_and_a_zone_that_it_has_not_are_told()
    {
        Assert.Contains("server elsewhere", (await PublishAsync(Owner("id"), "", "a", settings: Master.With(Key, server: "elsewhere"))).Detail, StringComparison.Ordinal);
        Assert.Contains("has no zone lab.", (await PublishAsync(Owner("zone"), "", "a", settings: Master.With(Key, "lab."))).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_zone_whose_serial_stays_is_done_and_its_secondaries_are_told_of()
    {
        var kept = await PublishAsync(Publishing.Master.Name("_25._tcp.mx." + PowerDnsApiMaster.KeptZone), "", "a");
        Assert.Equal(PublishOutcome.Done, kept.Outcome);
        Assert.Contains($"set-meta {PowerDnsApiMaster.KeptZone} SOA-EDIT-API DEFAULT", kept.Detail, StringComparison.Ordinal);

        Assert.Equal(new(PublishOutcome.Done, ""), await PublishAsync(Publishing.Master.Name("_25._tcp.mx." + PowerDnsApiMaster.RaisedZone), "", "a"));
    }

    [Fact]
    public async Task A_name_below_a_delegation_is_refused() =>
        Assert.Contains("delegated", (await PublishAsync(Owner("mx.sub"), "", "a")).Detail, StringComparison.Ordinal);
}

/// <summary>By hand, with a person who does what he is told.</summary>
[Peer("bind")]
public sealed class ManualTests(ManualMaster master) : PublisherContract<ManualMaster>(master);

/// <summary>A zone file beyond the contract: NSD serves what the reload command has signed.</summary>
[Peer("nsd"), Peer("ldns")]
public sealed class ZoneFileTests(ZoneFileMaster master) : PublisherContract<ZoneFileMaster>(master)
{
    [Fact]
    public async Task On_a_full_disk_nothing_is_written_and_that_is_told()
    {
        var disk = Master.Folder["disk/.here"][..^6];
        var mounted = await PeerProcess.RunAsync(Peer.Require("mount"), ["-t", "tmpfs", "-o", "size=64k", "tmpfs", disk], cancellationToken: Cancelled);
        Assert.True(mounted.ExitCode == 0, mounted.Everything);
        try
        {
            var text = $"$TTL 600\n@ SOA ns1 h 7 1 1 1 1\n{string.Concat(Enumerable.Repeat("; so that there is no room for a second one\n", 1000))}";
            var file = Path.Combine(disk, "zone");
            await File.WriteAllTextAsync(file, text, Cancelled);
            var result = await PublishAsync(Owner("full"), "", "a", settings: new PublisherSettings.ZoneFile(file, Publishing.Master.Name(Publishing.Master.Zone), []));

            Assert.Equal(PublishOutcome.Refused, result.Outcome);
            Assert.Contains("no space is left on the disk; it is as it was", result.Detail, StringComparison.Ordinal);
            Assert.Equal(text, await File.ReadAllTextAsync(file, Cancelled));
            Assert.Equal([file], Directory.GetFiles(disk));
        }
        finally
        {
            await PeerProcess.RunAsync(Peer.Require("umount"), [disk], cancellationToken: Cancelled);
        }
    }

    [Fact]
    public async Task A_file_of_the_servers_own_user_stays_his_under_the_rights_of_the_unit_and_its_drop_in()
    {
        var unit = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "packaging", "systemd", "danelaw-rollover.service"), Cancelled);
        var capabilities = unit.Split('\n').First(line => line.StartsWith("CapabilityBoundingSet=", StringComparison.Ordinal))[22..].Split(' ').Append("CAP_DAC_READ_SEARCH").Select(name => "+" + name[4..].ToLowerInvariant());
        Assert.Contains("CapabilityBoundingSet=CAP_DAC_READ_SEARCH, for what root may not read", unit, StringComparison.Ordinal);
        var file = Master.Folder.Write("theirs/zone", "$TTL 600\n@ SOA ns1 h 7 1 1 1 1\n NS ns1\n");
        var given = await PeerProcess.RunAsync(Peer.Require("sh"), ["-c", $"chown 65534:65533 {file} && chmod 640 {file}"], cancellationToken: Cancelled);
        Assert.True(given.ExitCode == 0, given.Everything);
        string[] call = ["publish", "_25._tcp.theirs.pub.lab", "--tlsa", $"{Publishing.Master.First}", "--to", "zone-file", "--file", file, "--zone", "pub.lab", "--no-wait", "--allow-unsigned", .. await Master.AskingAsync(Cancelled)];
        await DanelawCommand.RunAsync(["--version"], cancellationToken: Cancelled);
        var run = await PeerProcess.RunAsync(Peer.Require("setpriv"), ["--no-new-privs", $"--bounding-set=-all,{string.Join(',', capabilities)}", "--inh-caps=-all", Path.Combine(Repository.Root, "danelaw"), .. call], limit: TimeSpan.FromSeconds(60), cancellationToken: Cancelled);
        var seen = await PeerProcess.RunAsync(Peer.Require("stat"), ["-c", "%u:%g %a", file], cancellationToken: Cancelled);

        Assert.True(run.ExitCode == 0, run.Everything);
        Assert.Equal("65534:65533 640", seen.Output.Trim());
        Assert.Contains("TLSA", await File.ReadAllTextAsync(file, Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reload_command_that_does_not_exist_puts_the_file_back()
    {
        var settings = (PublisherSettings.ZoneFile)Master.Settings with { Reload = ["/no/such/program"] };
        var before = await File.ReadAllTextAsync(settings.File, Cancelled);
        var result = await PublishAsync(Owner("back"), "", "a", settings: settings);

        Assert.Equal(PublishOutcome.Refused, result.Outcome);
        Assert.Contains("there is no such program", result.Detail, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllTextAsync(settings.File, Cancelled));
    }

    [Fact]
    public async Task BIND_reads_the_edited_file_as_we_meant_it()
    {
        var result = await PublishAsync(Owner("bind"), "", "ab");
        Assert.True(result.Outcome == PublishOutcome.Done, result.Detail);
        var file = ((PublisherSettings.ZoneFile)Master.Settings).File;
        var checkedZone = await PeerProcess.RunAsync(Peer.Require("named-checkzone"), ["-i", "none", "-k", "ignore", Publishing.Master.Zone, file], cancellationToken: Cancelled);

        Assert.True(checkedZone.ExitCode == 0, checkedZone.Everything);
        Assert.Equal(Set("ab"), (await Master.Publisher.ReadAsync(Owner("bind"), Cancelled)).Records);
    }
}

/// <summary>A hook program with a mock of a DNS host behind it.</summary>
[Peer("python")]
public sealed class HookTests(HookMaster master) : PublisherContract<HookMaster>(master)
{
    [Fact]
    public async Task A_program_that_breaks_the_protocol_or_takes_too_long_is_told()
    {
        async Task<MasteredSet> ReadAsync(string script, TimeSpan? limit = null) =>
            await ZonePublisher.Create(new PublisherSettings.Hook([Peer.Require("sh"), "-c", script], null), Master.Services with { ProgramLimit = limit ?? TimeSpan.FromSeconds(30) }).ReadAsync(Owner("odd"), Cancelled);

        Assert.Contains("not one JSON object", (await ReadAsync("echo nonsense")).Detail, StringComparison.Ordinal);
        Assert.Contains("no array", (await ReadAsync("echo '{}'")).Detail, StringComparison.Ordinal);
        Assert.Contains("no string such as", (await ReadAsync("echo '{\"records\":[3]}'")).Detail, StringComparison.Ordinal);
        Assert.Contains("ended with 77", (await ReadAsync("echo why >&2; exit 77")).Detail, StringComparison.Ordinal);
        Assert.Contains("did not end within 0.3 s", (await ReadAsync("sleep 30", TimeSpan.FromSeconds(0.3))).Detail, StringComparison.Ordinal);
        Assert.Equal((PublishOutcome.Done, TlsaSet.Empty), (await ReadAsync("exec 1>&1; echo '{\"records\":[],\"ttl\":null}'") is var set ? (set.Outcome, set.Records) : default));
    }
}
