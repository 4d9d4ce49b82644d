using System.Diagnostics;
using Danelaw.Interop.Tests.Worlds;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Services;

/// <summary><c>danelaw tlsa create --live</c> at every service of the matrix, on the real server for it: the record is that of the key which the server was given.</summary>
[Collection(nameof(MatrixPeers))]
[Peer("postfix"), Peer("exim"), Peer("opensmtpd"), Peer("dovecot"), Peer("prosody"), Peer("slapd"), Peer("vsftpd"), Peer("inn"), Peer("inspircd"), Peer("postgresql"), Peer("mariadb"), Peer("unbound"), Peer("nginx"), Peer("gnutls-serv")]
public sealed class LiveRecordTests(MatrixPeers matrix, ITestOutputHelper output)
{
    [Fact, Rfc(6698, "2.1"), Rfc(7672, "8.1")]
    public async Task Each_key_that_a_server_shows_has_its_record_and_who_shows_none_gets_none()
    {
        var token = TestContext.Current.CancellationToken;

        // What a host's records say plays no part here, nor how long a certificate is valid: a server is asked once for the keys that it shows.
        MatrixRow[] rows = [.. matrix.Rows.Where(row => row.Condition.Site() != SiteKind.Expired).DistinctBy(row => (row.Peer, row.Service, row.Condition.Site()))];
        var results = new ProgramResult[rows.Length];
        var started = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(0, rows.Length, new ParallelOptions { MaxDegreeOfParallelism = 6, CancellationToken = token }, async (i, stop) =>
            results[i] = await DanelawCommand.RunAsync(["tlsa", "create", "--live", rows[i].Target, "--resolver", SignedWorld.PlainAddress, "--trust-anchor", matrix.Signed.AnchorFile], cancellationToken: stop));
        output.WriteLine($"TELL: tlsa create --live at {rows.Length} servers took {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s");

        var wrong = new List<string>();
        foreach (var (row, result) in rows.Zip(results))
        {
            string[] shown = row.Peer.CannotSign ? [] : [.. matrix.Signed.Mail.Services.Shown(row.Condition.Site()).Select(data => $"_{row.Port}._tcp.{row.Host}. IN TLSA {data}".ToUpperInvariant())];
            var made = result.Output.ToUpperInvariant().Split('\n', StringSplitOptions.RemoveEmptyEntries);
            var isSaid = shown.Length > 0 ? result.ExitCode == 0 && result.Error.Length == 0 : result.ExitCode == 3 && result.Error.StartsWith("danelaw: error: ", StringComparison.Ordinal);
            if (!isSaid || !made.ToHashSet().SetEquals(shown) || made.Length != shown.Length) wrong.Add($"{row.Target} on {row.Peer.Name}, {row.Condition.Text()}: {result.Everything}\nand not {string.Join('\n', shown)}");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }
}
