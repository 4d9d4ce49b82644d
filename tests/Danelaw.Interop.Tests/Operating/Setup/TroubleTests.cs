using Danelaw.Interop.Tests.Mail;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Operating.Setup;

/// <summary>What setup says and does when something is in the way, or ends it in the middle, on a mail host as Debian leaves it.</summary>
[Collection(nameof(MailWorld)), Peer("postfix"), Peer("dovecot"), Peer("unbound"), Peer("bind")]
public sealed class TroubleTests(ITestOutputHelper output)
{
    private const string Main = "/etc/postfix/main.cf";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whatever_is_in_the_way_is_one_clear_error_and_nothing_is_half_done()
    {
        var authority = ServerCertificate.Root("Test Root").IssueAuthority("Test Authority");
        await using var world = await MailWorld.RiseAsync("");
        await using var home = await MailMachine.RiseAsync(world, MailWorld.Home, MailWorld.HomeAddress, authority.IssueServer([MailWorld.Mx]));
        await home.StartAsync();
        var publisher = home.WritePublisher();

        await home.Host.MustRunAsync(["mv", "/etc/postfix", "/etc/postfix.away"], Cancelled);
        await RefusedAsync(home, "There is no Postfix on this host.", publisher);
        await home.Host.MustRunAsync(["mv", "/etc/postfix.away", "/etc/postfix"], Cancelled);

        var text = home.Host.Read(Main);
        home.Append(Main, "smtpd_tls_cert_file\n");
        await RefusedAsync(home, $"{Main}:{text.Split('\n').Length}: ", publisher);
        await File.WriteAllTextAsync(home.Host[Main], text, Cancelled);

        home.Host.Write("/root/new.pem", authority.IssueServer([MailWorld.Mx], from: 2).ChainPem(), 0b110_000_000);
        await RefusedAsync(home, "and not yet", [.. publisher, "--certificate", "/root/new.pem"]);
        home.Host.Write("/root/new.pem", "-----BEGIN PRIVATE KEY-----\nMIIB\n", 0b110_000_000);
        await RefusedAsync(home, "/root/new.pem", [.. publisher, "--certificate", "/root/new.pem"]);

        foreach (var (secret, zone, said) in new[] { ("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "", "BADSIG"), (null, "zone = \"peer.lab\"\n", "peer.lab") })
        {
            home.WritePublisher(secret is null ? null : MailWorld.KeyFile(secret), zone);
            await RefusedAsync(home, said, publisher);
        }

        home.WritePublisher();
        var untouched = home.Picture();
        await home.Host.MustRunAsync(["bash", "-c", "mkdir -p /var/lib/danelaw && mount -t tmpfs -o size=64k,mode=755 tmpfs /var/lib/danelaw && head -c 61440 /dev/zero > /var/lib/danelaw/fill"], Cancelled);
        var full = await home.DanelawAsync(["setup", .. publisher]);
        output.WriteLine(full.Everything);
        Assert.True(full.ExitCode == 1, full.Everything);
        Assert.Contains("everything is as it was", full.Output, StringComparison.Ordinal);
        await home.Host.MustRunAsync(["umount", "/var/lib/danelaw"], Cancelled);
        Assert.Equal(untouched, home.Picture());
        Assert.Empty(await MailWorld.PublishedAsync($"_25._tcp.{MailWorld.Mx}"));
    }

    [Fact]
    public async Task What_is_not_seen_to_work_after_a_reload_is_put_back_and_the_servers_run_on_what_they_had()
    {
        await using var world = await MailWorld.RiseAsync("");
        await using var home = await MailMachine.RiseAsync(world, MailWorld.Home, MailWorld.HomeAddress, ServerCertificate.SelfSigned(MailWorld.Mx));
        await home.StartAsync();
        var publisher = home.WritePublisher();
        var before = home.Picture();

        // Somebody spoils the chain file the moment it is read by Postfix.
        await home.Host.LaunchAsync(["bash", "-c", $"(until grep -q chains {Main}; do sleep 0.01; done; for file in /var/lib/danelaw/chains/*/*.pem; do echo spoilt > $file; done) &"], Cancelled);
        var failed = await home.DanelawAsync(["setup", .. publisher]);
        output.WriteLine(failed.Everything);
        Assert.True(failed.ExitCode == 1, failed.Everything);
        Assert.Contains("Everything is as it was before.", failed.Output, StringComparison.Ordinal);
        Assert.Equal(before, home.Picture());
        Assert.Empty(await MailWorld.PublishedAsync($"_25._tcp.{MailWorld.Mx}"));
        var shown = await home.Host.RunAsync(["bash", "-c", "openssl s_client -starttls smtp -connect 127.0.0.1:25 < /dev/null"], Cancelled);
        Assert.Contains("BEGIN CERTIFICATE", shown.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Killed_in_the_middle_it_is_taken_back_or_done_anew()
    {
        var authority = ServerCertificate.Root("Test Root").IssueAuthority("Test Authority");
        await using var world = await MailWorld.RiseAsync("");
        await using var home = await MailMachine.RiseAsync(world, MailWorld.Home, MailWorld.HomeAddress, authority.IssueServer([MailWorld.Mx]));
        await home.StartAsync();
        string[] setup = ["setup", .. home.WritePublisher()];
        var before = home.Picture();
        foreach (var point in (string[])["in place:2", "tested:1"])
        {
            Assert.Equal(137, (await home.DanelawAsync(point, setup)).ExitCode);
            Assert.NotEqual(before, home.Picture());
            var undone = await home.DanelawAsync("setup", "--undo");
            Assert.True(undone.ExitCode == 0, undone.Everything);
            Assert.Equal(before, home.Picture());
        }

        Assert.Equal(137, (await home.DanelawAsync("published:1", setup)).ExitCode);
        var done = await home.DanelawAsync(setup);
        output.WriteLine(done.Everything);
        Assert.True(done.ExitCode == 0, done.Everything);
        Assert.Single(await MailWorld.PublishedAsync($"_25._tcp.{MailWorld.Mx}"));
        await home.ForgetAsync();
        var check = await home.DanelawAsync("check", MailWorld.Home);
        Assert.True(check.ExitCode == 0, check.Everything);
    }

    private async Task RefusedAsync(MailMachine home, string said, string[] options)
    {
        var before = home.Picture();
        var refused = await home.DanelawAsync(["setup", .. options]);
        output.WriteLine(refused.Everything);
        Assert.True(refused.ExitCode == 1, refused.Everything);
        Assert.Contains(said, refused.Everything, StringComparison.Ordinal);
        Assert.Equal(before, home.Picture());
    }
}
