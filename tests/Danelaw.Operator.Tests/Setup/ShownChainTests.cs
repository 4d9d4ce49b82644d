using Danelaw.Dns.Records;
using Danelaw.Operator.Changes;

namespace Danelaw.Operator.Tests.Setup;

/// <summary>Plans for hosts where one key has several certificates, a name a chain of its own, or the resolver more to say than the DNS.</summary>
public sealed class ShownChainTests
{
    [Fact]
    public async Task One_key_in_certificates_for_other_names_has_a_file_for_each()
    {
        using var host = new SetupHost().HowTo();
        host.Host.WriteKey("/etc/ssl/imap.key", host.Host.Leaf.PrivateKeyToPem()).Write("/etc/ssl/imap.pem", host.Reissue("imap.example.org", 30) + host.Host.Root.ToPem())
            .Write("/etc/dovecot/dovecot.conf", "ssl = yes\nssl_cert = </etc/letsencrypt/live/mx/fullchain.pem\nssl_key = </etc/letsencrypt/live/mx/privkey.pem\nlocal_name imap.example.org {\n  ssl_cert = </etc/ssl/imap.pem\n  ssl_key = </etc/ssl/imap.key\n}\n");
        var plan = await host.PlanAsync();
        var chains = plan.Steps.SelectMany(step => step.Changes).OfType<Change.WriteChain>().ToDictionary(change => change.File, change => change.Certificates[0].ToString());
        Assert.Equal(new Dictionary<string, string> { ["/var/lib/danelaw/chains/mx.example.org/ecdsa.pem"] = "/etc/letsencrypt/live/mx/fullchain.pem:1", ["/var/lib/danelaw/chains/mx.example.org/ecdsa-2.pem"] = "/etc/ssl/imap.pem:1" }, chains);
        Assert.Equal(["ecdsa.pem", "ecdsa.pem", "ecdsa-2.pem", "ecdsa-2.pem"], plan.Steps.SelectMany(step => step.Changes).OfType<Change.ReplaceWords>().OrderBy(change => change.Line).Select(change => Path.GetFileName(change.After)));
    }

    [Theory]
    [InlineData("DNS:mx.example.org")]
    [InlineData("")]
    public async Task Of_an_expired_certificate_and_its_renewal_with_the_same_key_the_renewal_is_shown_by_all(string alternative)
    {
        using var host = new SetupHost().HowTo();
        host.Host.Write("/etc/postfix/old.pem", host.Reissue("mx.example.org", -1, hasAlternative: alternative.Length > 0) + host.Host.Root.ToPem());
        host.Host.Write("/etc/postfix/main.cf", File.ReadAllText(host.Host.Here("/etc/postfix/main.cf")).Replace("/etc/letsencrypt/live/mx/fullchain.pem", "/etc/postfix/old.pem", StringComparison.Ordinal))
            .Write("/etc/dovecot/dovecot.conf", "ssl = yes\nssl_cert = </etc/letsencrypt/live/mx/fullchain.pem\nssl_key = </etc/letsencrypt/live/mx/privkey.pem\n");
        Assert.Equal("/etc/letsencrypt/live/mx/fullchain.pem:1", Assert.Single((await host.PlanAsync()).Steps.SelectMany(step => step.Changes).OfType<Change.WriteChain>()).Certificates[0].ToString());
    }

    [Theory, Rfc(7671, "8.1")]
    [InlineData(30, TlsaUsage.DaneEe)]
    [InlineData(30, TlsaUsage.DaneTa)]
    [InlineData(-1, TlsaUsage.DaneEe)]
    public async Task A_certificate_that_records_pin_is_not_replaced_by_a_later_one_for_its_key(int daysLeft, TlsaUsage usage)
    {
        using var host = new SetupHost().HowTo();
        var copy = host.Reissue("mx.example.org", daysLeft);
        using var issuer = new HostFolder();
        host.Host.Write("/etc/postfix/copy.pem", copy + issuer.Root.ToPem());
        host.Host.Write("/etc/postfix/main.cf", File.ReadAllText(host.Host.Here("/etc/postfix/main.cf")).Replace("/etc/letsencrypt/live/mx/fullchain.pem", "/etc/postfix/copy.pem", StringComparison.Ordinal));
        host.Published = [Pin(usage == TlsaUsage.DaneEe ? Der(copy) : issuer.Root.Der, usage)];
        Assert.Equal("/etc/postfix/copy.pem:1", Assert.Single((await host.PlanAsync()).Steps.SelectMany(step => step.Changes).OfType<Change.WriteChain>()).Certificates[0].ToString());

        // Beside the record of the key the certificate is free.
        host.Published = [.. host.Published, SetupHost.Record(host.Host.Leaf)];
        Assert.Equal("/etc/letsencrypt/live/mx/fullchain.pem:1", Assert.Single((await host.PlanAsync()).Steps.SelectMany(step => step.Changes).OfType<Change.WriteChain>()).Certificates[0].ToString());
    }

    [Fact, Rfc(7671, "5.1")]
    public async Task An_expired_certificate_in_a_chain_file_stays_while_records_pin_it()
    {
        const string Owned = "/var/lib/danelaw/chains/mx.example.org/ecdsa.pem";
        using var host = new SetupHost();
        var expired = host.Reissue("mx.example.org", -1);
        host.Host.WriteKey(Owned, host.Host.Leaf.PrivateKeyToPem() + expired + host.Host.Root.ToPem());
        host.Host.Write("/etc/postfix/main.cf", File.ReadAllText(host.Host.Here("/etc/postfix/main.cf")).Replace(HostFolder.ChainFile, Owned, StringComparison.Ordinal));
        host.WriteLineage("mx", host.Host.Leaf);
        host.Published = [];
        Assert.Equal("/etc/letsencrypt/live/mx/fullchain.pem:1", Assert.Single((await host.PlanAsync()).Steps.SelectMany(step => step.Changes).OfType<Change.WriteChain>()).Certificates[0].ToString());
        host.Published = [Pin(Der(expired), TlsaUsage.DaneEe)];
        Assert.Empty((await host.PlanAsync()).Steps.SelectMany(step => step.Changes).OfType<Change.WriteChain>());
    }

    [Fact, Rfc(7671, "5.1")]
    public async Task Who_shows_a_pinned_certificate_and_who_its_renewal_have_a_file_each()
    {
        using var host = new SetupHost().HowTo();
        var copy = host.Reissue("mx.example.org", -1);
        host.Host.Write("/etc/postfix/copy.pem", copy + host.Host.Root.ToPem()).Write("/etc/dovecot/dovecot.conf", "ssl = yes\nssl_cert = </etc/letsencrypt/live/mx/fullchain.pem\nssl_key = </etc/letsencrypt/live/mx/privkey.pem\n");
        host.Host.Write("/etc/postfix/main.cf", File.ReadAllText(host.Host.Here("/etc/postfix/main.cf")).Replace("/etc/letsencrypt/live/mx/fullchain.pem", "/etc/postfix/copy.pem", StringComparison.Ordinal));
        host.Published = [Pin(Der(copy), TlsaUsage.DaneEe)];
        var plan = await host.PlanAsync();
        Assert.False(plan.IsRefused);
        Assert.Equal(["/etc/postfix/copy.pem:1 ecdsa.pem", "/etc/letsencrypt/live/mx/fullchain.pem:1 ecdsa-2.pem"], plan.Steps.SelectMany(step => step.Changes).OfType<Change.WriteChain>().Select(change => $"{change.Certificates[0]} {Path.GetFileName(change.File)}"));
        Assert.All(plan.Steps.SelectMany(step => step.Changes).OfType<Change.ReplaceWords>(), change => Assert.EndsWith("/ecdsa-2.pem", change.After, StringComparison.Ordinal));
    }

    private static Danelaw.Dns.Octets Der(string pem)
    {
        using var certificate = System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPem(pem);
        return new(certificate.RawData);
    }

    private static Danelaw.Tlsa.TlsaRecord Pin(Danelaw.Dns.Octets certificate, TlsaUsage usage)
    {
        Assert.True(Danelaw.Tlsa.TlsaRecord.TryCreate(certificate, usage, TlsaSelector.Certificate, TlsaMatching.Sha256, out var record, out _));
        return record;
    }

    [Theory, Rfc(7672, "8.1")]
    [InlineData("mx.example.org", false, true)]
    [InlineData(".example.org", false, true)]
    [InlineData("mail.example.net", false, false)]
    [InlineData("mx.example.org", true, false)]
    public async Task Nothing_is_published_for_a_name_that_another_chain_is_shown_for(string key, bool isSame, bool isRefused)
    {
        using var host = new SetupHost().HowTo();
        var other = isSame ? host.Host.Leaf : host.Host.Authority.Issue(new() { Name = "mx.example.org", DnsNames = ["mx.example.org"], Issuer = host.Host.Root });
        File.AppendAllText(host.Host.Here("/etc/postfix/main.cf"), "tls_server_sni_maps = hash:/etc/postfix/sni\n");
        host.Host.WriteKey("/etc/ssl/sni.pem", other.PrivateKeyToPem() + other.ToPem()).Write("/etc/postfix/sni", $"{key} /etc/ssl/sni.pem\n");
        var plan = await host.PlanAsync();
        Assert.Equal(isRefused, plan.IsRefused);
        Assert.Equal(isRefused, plan.Obstacles.Any(obstacle => obstacle.What.Contains($"a chain of its own for {key} (/etc/ssl/sni.pem)", StringComparison.Ordinal) && obstacle.Place is { File: "/etc/postfix/sni" }));

        // What is shown for other names is no proof that a sender sees the right key.
        if (!isRefused) Assert.All(plan.Expected.Where(service => service.Port == 25), service => Assert.Equal([host.Host.Leaf.PublicKeyInfo], service.Keys));
    }

    [Fact]
    public async Task With_a_rollover_a_chain_by_name_would_stay_behind_even_with_the_same_key()
    {
        using var host = new SetupHost { Options = new() { WantsRollover = true } }.HowTo();
        File.AppendAllText(host.Host.Here("/etc/postfix/main.cf"), "tls_server_sni_maps = inline:{mx.example.org=/etc/ssl/sni.pem}\n");
        host.Host.WriteKey("/etc/ssl/sni.pem", host.Host.Leaf.PrivateKeyToPem() + host.Host.Leaf.ToPem());
        Assert.True((await host.PlanAsync()).IsRefused);
    }

    [Fact]
    public async Task The_names_that_servers_lead_to_are_asked_of_the_new_resolver_first()
    {
        using var host = new SetupHost().HowTo();
        File.AppendAllText(host.Host.Here("/etc/postfix/main.cf"), "virtual_mailbox_domains = mysql:/etc/postfix/sql.cf\nvirtual_alias_maps = proxy:ldap:/etc/postfix/ldap.cf\nsmtpd_milters = inet:filter.corp.example:11332, unix:/run/x, inet:127.0.0.1:8891, inet:scan:783\ntransport_maps = hash:/etc/postfix/transport\n");
        host.Host.Write("/etc/resolv.conf", "search corp.example\nnameserver 10.0.0.53\n").Write("/etc/hosts", "10.0.0.9 backup.corp.example\n")
            .Write("/etc/postfix/sql.cf", "hosts = db.corp.example db2:3306 unix:/run/mysql.sock 10.0.0.7\nuser = x\npassword = y\n").Write("/etc/postfix/ldap.cf", "server_host = ldap://dir.corp.example:389\n")
            .Write("/etc/postfix/transport", "example.net smtp:[inside.corp.example]:2525\nexample.com smtp:[backup.corp.example]\n")
            .Write("/etc/dovecot/dovecot.conf", "ssl = yes\npassdb {\n  args = /etc/dovecot/sql.conf.ext\n}\n").Write("/etc/dovecot/sql.conf.ext", "connect = host=users.corp.example dbname=mail password=x\n");
        var plan = await host.PlanAsync();
        Assert.Equal(["db.corp.example.", "db2.corp.example.", "dir.corp.example.", "filter.corp.example.", "inside.corp.example.", "scan.corp.example.", "users.corp.example."], plan.Steps.SelectMany(step => step.Names).Select(name => name.ToString()).Order(StringComparer.Ordinal));
        Assert.Contains("db.corp.example", plan.Steps.Single(step => !step.Names.IsEmpty).Proof, StringComparison.Ordinal);
    }
}
