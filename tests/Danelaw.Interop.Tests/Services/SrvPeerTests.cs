using Danelaw.Interop.Tests.Mail;
using Danelaw.Interop.Tests.Worlds;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Services;

/// <summary>Services that SRV records lead to, at Dovecot and Prosody, by the command itself. The oracle of what is served is openssl s_client.</summary>
public sealed class SrvPeerTests(World world, ITestOutputHelper output)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact, Peer("dovecot"), Peer("openssl"), Rule("R70"), Rule("R71"), Rule("R72"), Rule("R73"), Rfc(7673, "3"), Rfc(6186, "3.2")]
    public async Task Dovecot_is_found_by_SRV_records()
    {
        var signed = await world.SignedAsync(Token);
        var plan = signed.Mail.Srv;
        using var folder = new TestFolder("srv");
        await Loopback.AddAsync([SrvPlan.MailAddress], Token);
        await using var dovecot = await Dovecot.StartAsync(folder, [new(SrvPlan.MailAddress, folder.Write("chain.pem", plan.Imap.ChainPem()))], oddPort: SrvPlan.OddPort, cancellationToken: Token);
        var oracle = await SClient.CheckAsync(SrvPlan.MailAddress, SrvPlan.OddPort, null, "imap.post.nsec", [signed.Mail.Authority.Tlsa(2, 0, 1)], cancellationToken: Token);
        Assert.True(oracle.Says == DaneSays.Verified, oracle.Text);

        await CompareAsync(signed,
        [
            ("_imaps._tcp.srv.post.nsec", "verified", "all-match", []),
            ("_imaps._tcp.srv-odd-port.post.nsec", "verified", "all-match", []),
            ("_imaps._tcp.srv-alias.post.nsec", "verified", "all-match", ["SRV-TARGET-ALIAS"]),
            ("_imaps._tcp.srv-wrong.post.nsec", "failing", "host-failing", ["TLSA-MISMATCH"]),
            ("_imaps._tcp.srv-two.post.nsec", "undetermined", "host-undetermined", ["MX-ADDRESS-LOOKUP-FAILED"]),
            ("_imaps._tcp.srv-not-offered.post.nsec", "unprotected", "service-not-offered", ["SRV-NOT-OFFERED"]),
            ("_imaps._tcp.right.post.nsec", "unprotected", "no-srv", ["SRV-NONE"]),
            ("_imaps._tcp.srv.post.optout", "unprotected", "srv-insecure", ["SRV-INSECURE"]),
            ("_imaps._tcp.srv.spoilt.nsec", "undetermined", "srv-lookup-failed", ["SRV-LOOKUP-FAILED"]),
        ]);
        await CompareAsync(signed, [("imaps://srv.post.nsec", "verified", "all-match", []), ("imaps://srv.post.optout", "unprotected", "srv-insecure", ["SRV-INSECURE"])], "--srv");
    }

    [Fact, Peer("prosody"), Peer("openssl"), Rule("R74"), Rfc(7673, "4.1"), Rfc(7590, "3.5"), Rfc(6120, "4.7.2")]
    public async Task Prosody_is_found_by_SRV_records_and_asked_for_the_domain_that_it_serves()
    {
        var signed = await world.SignedAsync(Token);
        var plan = signed.Mail.Srv;
        using var folder = new TestFolder("srv-chat");
        await Loopback.AddAsync([SrvPlan.ChatAddress], Token);

        // It knows the domain alone, and its certificate bears nothing else; the host is a name that only the DNS has.
        await using var prosody = await Prosody.StartAsync(folder, new(SrvPlan.ChatAddress, folder.Write("chat.pem", plan.Chat.ChainPem())), [SrvPlan.ChatDomain], cancellationToken: Token);
        var oracle = await SClient.CheckAsync(SrvPlan.ChatAddress, 5222, "xmpp", SrvPlan.ChatDomain, [signed.Mail.Authority.Tlsa(2, 0, 1)], domain: SrvPlan.ChatDomain, cancellationToken: Token);
        Assert.True(oracle.Says == DaneSays.Verified, oracle.Text);

        await CompareAsync(signed, [.. ((string[])["xmpp-client", "xmpp-server", "xmpps-client", "xmpps-server"]).Select(scheme => ($"{scheme}://{SrvPlan.ChatDomain}", "verified", "all-match", Array.Empty<string>()))]);

        // The host itself is none of its domains.
        await CompareAsync(signed, [($"xmpp-client://{SrvPlan.ChatHost}:5222", "undetermined", "no-endpoint-tested", ["TLS-UNTESTED"])]);
    }

    private async Task CompareAsync(SignedWorld signed, IReadOnlyList<(string Target, string Verdict, string Reason, string[] Findings)> rows, params string[] options)
    {
        var reports = await CommandReport.CheckAsync(signed, rows.Select(row => row.Target), Token, options: options);
        var wrong = new List<string>();
        foreach (var row in rows)
        {
            var report = reports[row.Target];
            output.WriteLine($"TELL: {row.Target,-42} {report.Verdict,-13}{report.Reason,-20}{string.Join(' ', report.Findings)}");

            // Dovecot closes without an alert when it is asked for a kind of key that it has not.
            if (report.Verdict != row.Verdict || report.Reason != row.Reason || !report.Findings.Where(finding => finding != "TLS-KEY-NOT-ASKED").SequenceEqual(row.Findings)) wrong.Add($"{row.Target}: {report.Verdict} ({report.Reason}), {string.Join(' ', report.Findings)}, not {row}:\n{report.Line}");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }
}
