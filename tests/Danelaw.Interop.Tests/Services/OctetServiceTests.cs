using Danelaw.Interop.Tests.Mail;
using Danelaw.Interop.Tests.Worlds;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Services;

/// <summary>
/// OpenLDAP, PostgreSQL, MariaDB and unbound (DoT, DoH) as services that are checked: with the right record, with one of another key, and without TLS.
/// The oracle is openssl s_client, which has dialogues of its own.
/// </summary>
public sealed class OctetServiceTests(World world, ITestOutputHelper output)
{
    private const string Right = "services.post.nsec", Wrong = "services-wrong.post.nsec", Plain = "services-plain.post.nsec";
    private static readonly string[] Addresses = [MailPlan.ServiceAddress, MailPlan.WrongServiceAddress];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact, Peer("slapd"), Peer("openssl"), Rfc(4511, "4.14")]
    public async Task OpenLDAP_is_checked_by_StartTLS_and_by_TLS_at_once()
    {
        var signed = await world.SignedAsync(Token);
        using var folder = new TestFolder("slapd");
        using var plainFolder = new TestFolder("slapd-plain");
        await using var server = await Slapd.StartAsync(folder, Addresses, signed.Mail.Service.ChainPem(), Token);
        await using var plain = await Slapd.StartAsync(plainFolder, [MailPlan.PlainServiceAddress], null, Token);

        await CompareAsync(signed, "ldap", 389, "ldap", isMissing: true);
        await CompareAsync(signed, "ldaps", 636, null, isMissing: false);
    }

    [Fact, Peer("postgresql"), Peer("openssl")]
    public async Task PostgreSQL_is_checked_by_its_SSLRequest()
    {
        var signed = await world.SignedAsync(Token);
        using var folder = new TestFolder("postgres", isInMemory: true);
        using var plainFolder = new TestFolder("postgres-plain", isInMemory: true);
        await using var server = await PostgreSql.StartAsync(folder, 5432, "password", "", Addresses, signed.Mail.Service.ChainPem(), Token);
        await using var plain = await PostgreSql.StartAsync(plainFolder, 5432, "password", "", [MailPlan.PlainServiceAddress], cancellationToken: Token);

        await CompareAsync(signed, "postgres", 5432, "postgres", isMissing: true);

        // Whoever leaves before a session is no fault in its log.
        Assert.DoesNotContain("FATAL", server.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("incomplete startup packet", server.Log, StringComparison.Ordinal);
    }

    [Fact, Peer("mariadb"), Peer("openssl")]
    public async Task MariaDB_is_checked_by_its_SSLRequest()
    {
        var signed = await world.SignedAsync(Token);
        using var folder = new TestFolder("mariadb", isInMemory: true);
        using var plainFolder = new TestFolder("mariadb-plain", isInMemory: true);

        // It greets only hosts from which somebody may log in.
        const string script = "CREATE USER probe@'%' IDENTIFIED BY 'password';";
        await using var server = await MariaDb.StartAsync(folder, 3306, script, Addresses, signed.Mail.Service.ChainPem(), Token);
        await using var plain = await MariaDb.StartAsync(plainFolder, 3306, script, [MailPlan.PlainServiceAddress], cancellationToken: Token);

        await CompareAsync(signed, "mysql", 3306, "mysql", isMissing: true);
    }

    [Fact, Peer("unbound"), Peer("openssl"), Rfc(7858, "3.1"), Rfc(8484, "5")]
    public async Task Unbound_is_checked_as_DNS_over_TLS_and_over_HTTPS()
    {
        var signed = await world.SignedAsync(Token);
        using var folder = new TestFolder("unbound");
        var chain = folder.Write("server.pem", signed.Mail.Service.ChainPem());
        await using var server = await Unbound.StartAsync(folder, MailPlan.ServiceAddress, 5300, new UnboundOptions
        {
            RootHints = SignedWorld.RootHints,
            Extra = string.Concat(Addresses.Select(address => $"interface: {address}@853\n  interface: {address}@8443\n  ")) + $"tls-port: 853\n  https-port: 8443\n  tls-service-key: \"{chain}\"\n  tls-service-pem: \"{chain}\"",
        }, Token);

        await CompareAsync(signed, "dot", 853, null, isMissing: false);
        await CompareAsync(signed, "doh", 8443, null, isMissing: false);
    }

    private async Task CompareAsync(SignedWorld signed, string scheme, int port, string? startTls, bool isMissing)
    {
        List<(string Host, string Address, string Tlsa, string Verdict, string[] Findings, DaneSays Oracle)> rows =
        [
            (Right, MailPlan.ServiceAddress, signed.Mail.Service.Tlsa(3, 1, 1), "verified", [], DaneSays.Verified),
            (Wrong, MailPlan.WrongServiceAddress, signed.Mail.Authority.Tlsa(3, 1, 1), "failing", ["TLSA-MISMATCH"], DaneSays.Refused),
        ];
        if (isMissing) rows.Add((Plain, MailPlan.PlainServiceAddress, signed.Mail.Service.Tlsa(3, 1, 1), "failing", ["TLS-STARTTLS-MISSING"], DaneSays.Nothing));

        // Named by its scheme, and by how TLS is started at a port.
        var reports = new Dictionary<string, CommandReport>(await CommandReport.CheckAsync(signed, rows.Select(row => $"{scheme}://{row.Host}:{port}"), Token));
        if (startTls is not null)
            foreach (var (target, report) in await CommandReport.CheckAsync(signed, rows.Select(row => $"{row.Host}:{port}"), Token, options: ["--starttls", startTls])) reports.Add(target, report);
        Assert.Equal(startTls is null ? rows.Count : 2 * rows.Count, reports.Count);

        var wrong = new List<string>();
        foreach (var row in rows)
        {
            var oracle = await SClient.CheckAsync(row.Address, port, startTls, row.Host, [row.Tlsa], cancellationToken: Token);
            if (oracle.Says != row.Oracle) wrong.Add($"{scheme}://{row.Host}: s_client says {oracle.Says}:\n{oracle.Text}");
            foreach (var (target, report) in reports.Where(each => each.Key.Contains(row.Host, StringComparison.Ordinal)))
            {
                output.WriteLine($"TELL: {target,-40} {report.Verdict,-12}{oracle.Says,-12}{string.Join(' ', report.Findings)}");

                // slapd by GnuTLS closes without an alert when it is asked for a kind of key that it has not.
                if (report.Verdict != row.Verdict || !report.Findings.Where(finding => finding != "TLS-KEY-NOT-ASKED").SequenceEqual(row.Findings)) wrong.Add($"{target}: danelaw says {report.Verdict} ({report.Reason}), finds {string.Join(' ', report.Findings)}:\n{report.Line}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }
}
