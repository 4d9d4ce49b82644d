using Danelaw.Interop.Tests.Mail;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Operating.Setup;

/// <summary>A mail host with a web server that shows the same certificate, as certbot and Debian leave both, set up with <c>--rollover</c>.</summary>
[Collection(nameof(MailWorld)), Peer("postfix"), Peer("dovecot"), Peer("nginx"), Peer("unbound"), Peer("bind")]
public sealed class RenewalTests(ITestOutputHelper output)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact, Rfc(7671, "8.1")]
    public async Task A_renewal_by_certbot_reaches_no_server_before_its_record_is_published()
    {
        var authority = ServerCertificate.Root("Test Root").IssueAuthority("Test Authority");
        var first = authority.IssueServer([MailWorld.Mx]);
        await using var world = await MailWorld.RiseAsync("");
        await using var home = await MailMachine.RiseAsync(world, MailWorld.Home, MailWorld.HomeAddress, first);
        home.Host.Write("/etc/nginx/sites-enabled/default", $"server {{\n    listen 443 ssl;\n    server_name {MailWorld.Mx};\n    ssl_certificate {MailMachine.Live}/fullchain.pem; # certbot's\n    ssl_certificate_key {MailMachine.Live}/privkey.pem;\n}}\n");
        await home.StartAsync();
        await home.Host.LaunchAsync(["nginx"], Cancelled);
        await home.InstallDanelawAsync();
        var publisher = home.WritePublisher();
        string[] setup = ["setup", "--rollover", "--ttl", "1", .. publisher];
        var before = home.Picture();

        var done = await home.DanelawAsync(setup);
        output.WriteLine(done.Everything);
        Assert.True(done.ExitCode == 0, done.Everything);
        output.WriteLine(home.Host.Read("/etc/danelaw/rollover.toml"));
        Assert.Contains($"offers = [\"{MailMachine.Live}\"]", home.Host.Read("/etc/danelaw/rollover.toml"), StringComparison.Ordinal);
        Assert.Contains("rollover run", home.Host.Read("/etc/systemd/system/danelaw-rollover.service"), StringComparison.Ordinal);
        Assert.Contains("/var/lib/danelaw/chains/", home.Host.Read("/etc/nginx/sites-enabled/default"), StringComparison.Ordinal);
        await home.Host.MustRunAsync(["nginx", "-t"], Cancelled);
        var status = await home.DanelawAsync("rollover", "status");
        output.WriteLine(status.Everything);
        Assert.True(status.ExitCode == 0, status.Everything);
        var web = await home.DanelawAsync("check", $"https://{MailWorld.Mx}");
        Assert.True(web.ExitCode is 4, web.Everything);

        var after = home.Picture();
        var again = await home.DanelawAsync(setup);
        Assert.True(again.ExitCode == 0, again.Everything);
        Assert.Contains("there is nothing to do", again.Output, StringComparison.Ordinal);
        Assert.Equal(after, home.Picture());

        // certbot renews, and its hook says "look now": the new key is published, and shown by nobody yet.
        var second = authority.IssueServer([MailWorld.Mx]);
        home.WriteLineage(second, 2);
        var looked = await home.DanelawAsync("rollover", "run", "--patience", "5s");
        Assert.True(looked.ExitCode == 3, looked.Everything);
        Assert.Equal(new[] { first.Tlsa(3, 1, 1), second.Tlsa(3, 1, 1) }.Order(StringComparer.Ordinal), await MailWorld.PublishedAsync($"_25._tcp.{MailWorld.Mx}"));
        await home.ForgetAsync();
        var check = await home.DanelawAsync("check", MailWorld.Home);
        Assert.True(check.ExitCode == 0, check.Everything);

        // The files of before lead to the new key, and caches may have the old record alone: nothing is taken back.
        var waiting = await home.DanelawAsync("setup", "--undo");
        output.WriteLine(waiting.Everything);
        Assert.True(waiting.ExitCode == 3, waiting.Everything);
        home.WriteLineage(first);
        File.Delete(home.Host["/etc/letsencrypt/archive/mx/privkey2.pem"]);
        File.Delete(home.Host["/etc/letsencrypt/archive/mx/fullchain2.pem"]);
        var (withdrawn, undone) = await home.UndoAsync(publisher);
        output.WriteLine(withdrawn.Everything + undone.Everything);
        Assert.True(undone.ExitCode == 0, undone.Everything);
        Assert.Equal(before, home.Picture());
    }
}
