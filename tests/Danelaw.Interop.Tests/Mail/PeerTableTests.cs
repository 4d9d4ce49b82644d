using Danelaw.Interop.Tests.Worlds;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Mail;

/// <summary>What the peers say of real Postfix, Dovecot and nginx servers: the cells that Danelaw's verdicts stand beside.</summary>
[Peer("postfix"), Peer("dovecot"), Peer("nginx"), Peer("danetool"), Peer("openssl")]
public sealed class PeerTableTests(World world, ITestOutputHelper output)
{
    [Fact]
    public async Task Every_peer_says_of_every_mail_domain_what_its_cell_says()
    {
        var token = TestContext.Current.CancellationToken;
        var signed = await world.SignedAsync(token);
        var mail = await world.MailAsync(token);
        output.WriteLine($"the mail servers rose in {mail.RiseTime.TotalSeconds:F1} s");
        var wrong = new List<string>();
        await Parallel.ForEachAsync(MailTable.Rows, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = token }, async (row, stop) =>
        {
            var host = signed.Mail[row.Domain];
            var finger = await PosttlsFinger.CheckAsync(host.Domain, stop);
            var danetool = await Danetool.CheckAsync(host.Host, 25, "smtp", signed.Folder, stop);
            var client = await SClient.CheckAsync(host.Address, 25, "smtp", host.Host, host.Tlsa, cancellationToken: stop);
            lock (wrong)
                foreach (var (peer, expected, reply) in new (string, DaneSays?, DaneReply)[] { ("posttls-finger", row.Finger, finger), ("danetool", row.Danetool, danetool), ("s_client", row.SClient, client) })
                    if (expected is null ? reply.Says is not (DaneSays.Verified or DaneSays.Refused) : reply.Says != expected) wrong.Add($"{row.Domain}: {peer} says {reply.Says}, not {expected}:\n{reply.Text}");
        });
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }
}
