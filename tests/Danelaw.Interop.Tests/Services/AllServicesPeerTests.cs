using System.Text.Json;
using Danelaw.Interop.Tests.Mail;
using Danelaw.Interop.Tests.Worlds;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Services;

/// <summary><c>check --all-services</c> of a domain that offers mail in every way, by Postfix, Dovecot and nginx, and of one that takes mail and nothing else.</summary>
public sealed class AllServicesPeerTests(World world)
{
    private static readonly int[] Ports = [25, 465, 587, 143, 993, 110, 995, 4190, 443];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact, Peer("postfix"), Peer("dovecot"), Peer("nginx")]
    public async Task Every_port_of_Postfix_Dovecot_and_nginx_is_found_and_what_is_not_there_is_no_failure()
    {
        var signed = await world.SignedAsync(Token);
        using var folder = new TestFolder("all-services");
        await Loopback.AddAsync([SrvPlan.AllAddress, SrvPlan.OnlyAddress], Token);
        var chain = folder.Write("chain.pem", signed.Mail.Srv.Imap.ChainPem());
        await using var postfix = await Postfix.StartAsync(folder,
        [
            new(SrvPlan.AllAddress, [chain]),
            new(SrvPlan.AllAddress, [chain]) { Port = 587 },
            new(SrvPlan.AllAddress, [chain]) { Port = 465, Settings = ["smtpd_tls_wrappermode = yes"] },
            new(SrvPlan.OnlyAddress, [chain]),
        ], Token);
        await using var dovecot = await Dovecot.StartAsync(folder, [new(SrvPlan.AllAddress, chain)], delivers: true, cancellationToken: Token);
        await using var nginx = await Nginx.StartAsync(folder, [new(SrvPlan.AllAddress, chain)], Token);

        var reports = await CommandReport.CheckAsync(signed, [SrvPlan.AllDomain, SrvPlan.OnlyDomain], Token, options: "--all-services");

        var all = reports[SrvPlan.AllDomain];
        Assert.True(all.Verdict == "verified", all.Line);
        Assert.Equal(Ports.Select(port => (port, "verified")), Hosts(all));
        Assert.All(all.Findings, code => Assert.Equal("TLS-KEY-NOT-ASKED", code));
        var only = reports[SrvPlan.OnlyDomain];
        Assert.True(only.Verdict == "verified", only.Line);
        Assert.Equal([(25, "verified")], Hosts(only));
        Assert.Empty(only.Findings);
    }

    private static IEnumerable<(int Port, string Verdict)> Hosts(CommandReport report)
    {
        using var document = JsonDocument.Parse(report.Line);
        return [.. document.RootElement.GetProperty("hosts").EnumerateArray().Select(host => (host.GetProperty("port").GetInt32(), host.GetProperty("verdict").GetString()!))];
    }
}
