using System.Diagnostics;
using Danelaw.Interop.Tests.Mail;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Services;

/// <summary>Every service that Danelaw checks, on the real server for it, with the right records and with wrong ones; beside the other tools that can.</summary>
[Collection(nameof(MatrixPeers))]
[Peer("postfix"), Peer("exim"), Peer("opensmtpd"), Peer("dovecot"), Peer("prosody"), Peer("slapd"), Peer("vsftpd"), Peer("inn"), Peer("inspircd"), Peer("postgresql"), Peer("mariadb"), Peer("unbound"), Peer("nginx"), Peer("gnutls-serv")]
[Peer("danetool"), Peer("openssl"), Peer("ldns"), Peer("posttls-finger")]
public sealed class ServiceMatrixTests(MatrixPeers matrix, ITestOutputHelper output)
{
    private const string NotAsked = "TLS-KEY-NOT-ASKED";

    /// <summary>The protocols that are told by <c>--starttls</c> as well as by a scheme.</summary>
    private static readonly string[] ToldByOption = ["ldap", "postgres", "mysql"];

    [Fact, Rfc(2033, "4.1"), Rfc(4217, "4"), Rfc(4511, "4.14"), Rfc(4642, "2.2.1"), Rfc(5804, "2.2"), Rfc(6120, "5"), Rfc(7671, "5.1"), Rfc(7671, "5.2"), Rfc(7672, "8.1"), Rfc(7858, "3.1"), Rfc(8484, "5")]
    public async Task Danelaw_and_every_tool_say_of_every_service_what_its_cell_says()
    {
        var token = TestContext.Current.CancellationToken;
        var (signed, rows) = (matrix.Signed, matrix.Rows);
        output.WriteLine($"TELL: {rows.Count} rows; the servers rose in {matrix.RoseIn.TotalSeconds:F1} s");

        var started = Stopwatch.GetTimestamp();
        var reports = await CommandReport.CheckAsync(signed, rows.Select(row => row.Target), token);
        output.WriteLine($"TELL: danelaw took {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s");
        var wrong = new List<string>();
        foreach (var startTls in ToldByOption)
        {
            var row = rows.Single(row => row.Service.Scheme == startTls && row.Condition == Condition.Right);
            var report = Assert.Single(await CommandReport.CheckAsync(signed, [$"{row.Host}:{row.Port}"], token, options: ["--starttls", startTls, "--no-servers"])).Value;
            if (report.Verdict != row.Danelaw) wrong.Add($"{row.Host}:{row.Port} --starttls {startTls}: danelaw says {report.Verdict} ({report.Reason}):\n{report.Line}");
        }

        // Who leaves before a session is no fault in a server's log.
        Assert.DoesNotContain("FATAL", matrix.Peers.PostgreSqlLog(), StringComparison.Ordinal);
        Assert.DoesNotContain("incomplete startup packet", matrix.Peers.PostgreSqlLog(), StringComparison.Ordinal);

        started = Stopwatch.GetTimestamp();
        var tools = new (DaneReply? Danetool, DaneReply? SClient, DaneReply? LdnsDane, DaneReply? Finger)[rows.Count];
        await Parallel.ForAsync(0, rows.Count, new ParallelOptions { MaxDegreeOfParallelism = 6, CancellationToken = token }, async (i, stop) =>
        {
            var row = rows[i];
            tools[i] = (
                row.Danetool is null ? null : await Danetool.CheckAsync(row.Host, row.Port, row.Service.Danetool, signed.Folder, stop),
                row.SClient is null ? null : await SClient.CheckAsync(row.Address, row.Port, row.Service.SClient, row.Host, signed.Mail.Services.Tlsa(row.Condition), domain: row.Service.SClient is "xmpp" or "xmpp-server" ? row.Host : null, cancellationToken: stop),
                row.LdnsDane is null ? null : await LdnsDane.CheckAsync(row.Host, row.Port, stop),
                row.Finger is null ? null : await PosttlsFinger.CheckAsync($"[{row.Host}]:{row.Port}", signed.Folder, row.Service.Finger, stop));
        });
        output.WriteLine($"TELL: the tools took {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s");

        output.WriteLine($"TELL: {"service, server, condition",-52} {"danelaw",-13}{"danetool",-13}{"s_client",-13}{"ldns-dane",-13}{"posttls-finger",-13}");
        foreach (var (row, (danetool, client, ldns, finger)) in rows.Zip(tools))
        {
            var report = reports[row.Target];
            output.WriteLine($"TELL: {$"{row.Service.Scheme}, {row.Peer.Name}, {row.Condition.Text()}",-52} {report.Verdict,-13}{danetool?.Says.Text(),-13}{client?.Says.Text(),-13}{ldns?.Says.Text(),-13}{finger?.Says.Text(),-13}{string.Join(' ', report.Findings)}");
            if (report.Verdict != row.Danelaw) wrong.Add($"{row.Target}: danelaw says {report.Verdict} ({report.Reason}), not {row.Danelaw}:\n{report.Line}");
            if (!row.Peer.ClosesUnasked && report.Findings.Contains(NotAsked)) wrong.Add($"{row.Target}: a kind of key was not asked for:\n{report.Line}");
            if (row.Finding is null ? report.Findings.Any(finding => finding != NotAsked) : !report.Findings.Contains(row.Finding)) wrong.Add($"{row.Target}: danelaw finds {string.Join(' ', report.Findings)}, not {row.Finding ?? "nothing"}:\n{report.Line}");
            Compare(row, "danetool", row.Danetool, danetool);
            Compare(row, "s_client", row.SClient, client);
            Compare(row, "ldns-dane", row.LdnsDane, ldns);
            Compare(row, "posttls-finger", row.Finger, finger);
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));

        void Compare(MatrixRow row, string tool, DaneSays? expected, DaneReply? reply)
        {
            if (reply?.Says != expected) wrong.Add($"{row.Target}: {tool} says {reply?.Says}, not {expected}:\n{reply?.Text}");
        }
    }
}
