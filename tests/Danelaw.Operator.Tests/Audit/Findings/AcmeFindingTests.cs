using System.Text;
using Danelaw.Operator.Audit.Acme;

namespace Danelaw.Operator.Tests.Audit.Findings;

/// <summary>What ACME clients keep, and who reads it.</summary>
public sealed class AcmeFindingTests
{
    private static HostFolder Certbot(string parameters)
    {
        var host = new HostFolder();
        host.WriteKey("/etc/letsencrypt/archive/mx/privkey1.pem", host.Leaf.PrivateKeyToPem())
            .Write("/etc/letsencrypt/archive/mx/fullchain1.pem", host.Leaf.ToPem() + host.Root.ToPem())
            .Link("/etc/letsencrypt/live/mx/privkey.pem", "../../archive/mx/privkey1.pem")
            .Link("/etc/letsencrypt/live/mx/fullchain.pem", "../../archive/mx/fullchain1.pem")
            .Write("/etc/letsencrypt/renewal/mx.conf", $"version = 2.1.0\narchive_dir = /etc/letsencrypt/archive/mx\nfullchain = /etc/letsencrypt/live/mx/fullchain.pem\n[renewalparams]\n{parameters}");
        return host;
    }

    private static HostFolder ReadByPostfix(HostFolder host, string key, string chain) =>
        host.Write("/etc/postfix/main.cf", HostFolder.MainCf.Replace($"smtpd_tls_chain_files = {HostFolder.ChainFile}", $"smtpd_tls_chain_files = {key}, {chain}", StringComparison.Ordinal));

    [Fact]
    public async Task A_server_that_reads_the_live_folder_is_told_and_so_is_the_change_of_key()
    {
        using var host = ReadByPostfix(Certbot("key_type = ecdsa\n"), "/etc/letsencrypt/live/mx/privkey.pem", "/etc/letsencrypt/live/mx/fullchain.pem");
        Assert.Equal(["warning ACME-LIVE-FOLDER /etc/postfix/main.cf:5"], await host.FindAsync());
        var lineage = Assert.Single((await host.ReadAsync()).Lineages);
        Assert.Equal((AcmeClient.Certbot, "mx", KeyAtRenewal.Changed), (lineage.Client, lineage.Name, lineage.Key));
        Assert.Equal(HostFolder.Now.AddDays(60), lineage.RenewalFrom!.Value, TimeSpan.FromHours(2));
    }

    [Fact]
    public async Task A_link_to_the_live_folder_is_the_live_folder()
    {
        using var host = Certbot("").Link("/etc/ssl/mail/key.pem", "/etc/letsencrypt/live/mx/privkey.pem").Link("/etc/ssl/mail/chain.pem", "/etc/letsencrypt/live/mx/fullchain.pem");
        ReadByPostfix(host, "/etc/ssl/mail/key.pem", "/etc/ssl/mail/chain.pem");
        Assert.Equal(["warning ACME-LIVE-FOLDER /etc/postfix/main.cf:5"], await host.FindAsync());
    }

    [Theory]
    [InlineData("reuse_key = True\n", KeyAtRenewal.Kept)]
    [InlineData("reuse_key = False\n", KeyAtRenewal.Changed)]
    public async Task Certbot_says_whether_the_key_stays(string parameters, KeyAtRenewal expected)
    {
        using var host = Certbot(parameters + "renew_hook = systemctl reload postfix\n");
        var lineage = Assert.Single((await host.ReadAsync()).Lineages);
        Assert.Equal(expected, lineage.Key);
        Assert.Equal(["systemctl reload postfix"], lineage.Hooks);
        Assert.Equal(["note ACME-RENEWAL /etc/letsencrypt/renewal/mx.conf"], (await host.ExamineAsync()).Findings.Select(HostFolder.Say));
    }

    [Fact]
    public async Task Acme_sh_keeps_the_key_unless_it_is_told_otherwise()
    {
        using var host = new HostFolder();
        var hook = Convert.ToBase64String(Encoding.UTF8.GetBytes("systemctl reload postfix"));
        host.Write("/root/.acme.sh/mx_ecc/fullchain.cer", host.Leaf.ToPem())
            .Write("/root/.acme.sh/mx_ecc/mx.conf", $"Le_Domain='mx'\nLe_NextRenewTime='1785000000'\nLe_ReloadCmd='__ACME_BASE64__START_{hook}__ACME_BASE64__END_'\n");
        var lineage = Assert.Single((await host.ReadAsync()).Lineages);
        Assert.Equal((AcmeClient.AcmeSh, "mx", KeyAtRenewal.Kept), (lineage.Client, lineage.Name, lineage.Key));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1785000000), lineage.RenewalFrom);
        Assert.Equal(["systemctl reload postfix"], lineage.Hooks);
        host.Write("/root/.acme.sh/mx_ecc/mx.conf", "Le_ForceNewDomainKey='1'\n");
        Assert.Equal(KeyAtRenewal.Changed, Assert.Single((await host.ReadAsync()).Lineages).Key);
    }

    [Fact]
    public async Task Lego_says_nothing_of_the_key()
    {
        using var host = new HostFolder();
        host.Write("/etc/lego/certificates/mx.crt", host.Leaf.ToPem()).Write("/etc/lego/certificates/mx.issuer.crt", host.Root.ToPem());
        var lineage = Assert.Single((await host.ReadAsync()).Lineages);
        Assert.Equal((AcmeClient.Lego, "mx", KeyAtRenewal.Unknown), (lineage.Client, lineage.Name, lineage.Key));
    }
}
