using Danelaw.Interop.Tests.Worlds;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Mail;

/// <summary>Danelaw and the peers on real Postfix, Dovecot and nginx servers, in a table whose every cell is asserted.</summary>
[Peer("postfix"), Peer("dovecot"), Peer("nginx"), Peer("danetool"), Peer("openssl")]
public sealed class PeerTableTests(World world, ITestOutputHelper output)
{
    [Fact]
    public async Task Danelaw_and_every_peer_say_of_every_mail_domain_what_its_cell_says()
    {
        var token = TestContext.Current.CancellationToken;
        var signed = await world.SignedAsync(token);
        await world.MailAsync(token);
        var reports = await CommandReport.CheckAsync(signed, MailTable.Rows.Select(row => row.Domain), token);
        var peers = new (DaneReply Finger, DaneReply Danetool, DaneReply SClient)[MailTable.Rows.Count];
        await Parallel.ForAsync(0, peers.Length, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = token }, async (i, stop) =>
        {
            var host = signed.Mail[MailTable.Rows[i].Domain];
            peers[i] = (
                await PosttlsFinger.CheckAsync(host.Domain, signed.Folder, cancellationToken: stop),
                await Danetool.CheckAsync(host.Host, 25, "smtp", signed.Folder, stop),
                await SClient.CheckAsync(host.Address, 25, "smtp", host.Host, host.Tlsa, cancellationToken: stop));
        });

        var wrong = new List<string>();
        output.WriteLine($"TELL: {"mail domain (Postfix, port 25)",-32} {"danelaw",-13}{"posttls-finger",-15}{"danetool",-13}{"s_client",-13}");
        foreach (var (row, (finger, danetool, client)) in MailTable.Rows.Zip(peers))
        {
            var report = reports[row.Domain];
            output.WriteLine($"TELL: {row.Domain,-32} {report.Verdict,-13}{finger.Says.Text(),-15}{danetool.Says.Text(),-13}{client.Says.Text(),-9} {row.Finding}{(row.Difference is null ? "" : $"\nTELL:     {row.Difference}")}");
            if (report.Verdict != row.Danelaw) wrong.Add($"{row.Domain}: danelaw says {report.Verdict} ({report.Reason}), not {row.Danelaw}:\n{report.Line}");
            if (row.Finding is null ? report.Findings.Count > 0 : !report.Findings.Contains(row.Finding)) wrong.Add($"{row.Domain}: danelaw finds {string.Join(' ', report.Findings)}, not {row.Finding ?? "nothing"}:\n{report.Line}");
            Compare(row.Domain, "posttls-finger", row.Finger, finger);
            Compare(row.Domain, "danetool", row.Danetool, danetool);
            Compare(row.Domain, "s_client", row.SClient, client);
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));

        void Compare(string domain, string peer, DaneSays? expected, DaneReply reply)
        {
            if (expected is null ? reply.Says is not (DaneSays.Verified or DaneSays.Refused) : reply.Says != expected) wrong.Add($"{domain}: {peer} says {reply.Says}, not {expected}:\n{reply.Text}");
        }
    }

    [Fact]
    public async Task Danelaw_and_every_peer_say_of_usages_that_need_a_trust_store_what_their_cells_say()
    {
        var token = TestContext.Current.CancellationToken;
        var signed = await world.SignedAsync(token);
        await world.MailAsync(token);
        // A trust store is given in each run, so that the machine's own plays no part.
        var (root, stranger) = (signed.Folder.Write("root.pem", signed.Mail.Root.Pem), signed.Folder.Write("stranger.pem", ServerCertificate.Root("Nobody's Root").Pem));
        var trusting = await CommandReport.CheckAsync(signed, PkixRow.All.Where(row => row.Trusted).Select(row => row.Target), token, options: ["--ca-file", root]);
        var others = await CommandReport.CheckAsync(signed, PkixRow.All.Where(row => !row.Trusted).Select(row => row.Target), token, options: ["--ca-file", stranger]);

        var wrong = new List<string>();
        output.WriteLine($"TELL: {"PKIX usages (Dovecot, nginx)",-36} {"danelaw",-13}{"danetool",-13}{"s_client",-13}");
        foreach (var row in PkixRow.All)
        {
            var report = (row.Trusted ? trusting : others)[row.Target];
            var danetool = await Danetool.CheckAsync(PkixRow.Host, row.Port, null, signed.Folder, token);
            var client = await SClient.CheckAsync(MailPlan.PkixAddress, row.Port, null, PkixRow.Host, [row.Tlsa(signed.Mail)], row.Trusted ? root : stranger, cancellationToken: token);
            output.WriteLine($"TELL: {row.Target + (row.Trusted ? ", root trusted" : ""),-36} {report.Verdict,-13}{danetool.Says.Text(),-13}{client.Says.Text(),-13}{(row.Difference is null ? "" : $"\nTELL:     {row.Difference}")}");
            if (report.Verdict != row.Danelaw) wrong.Add($"{row.Target}: danelaw says {report.Verdict} ({report.Reason}), not {row.Danelaw}:\n{report.Line}");
            if (danetool.Says != row.Danetool) wrong.Add($"{row.Target}: danetool says {danetool.Says}, not {row.Danetool}:\n{danetool.Text}");
            if (client.Says != row.SClient) wrong.Add($"{row.Target}: s_client says {client.Says}, not {row.SClient}:\n{client.Text}");
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }
}
