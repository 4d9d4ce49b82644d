using System.Text.Json;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Mail;

/// <summary>A thousand domains that share ten mail hosts: what the hosts themselves count.</summary>
[Peer("postfix"), Peer("named")]
public sealed class ThousandDomainsTests
{
    private const int Domains = 1000, Hosts = 10, Algorithms = 3;
    private const string NameServer = "127.53.0.21";

    [Fact, Rule("R64")]
    public async Task Each_address_of_ten_shared_hosts_is_connected_to_once_for_each_kind_of_key()
    {
        var token = TestContext.Current.CancellationToken;
        using var folder = new TestFolder("crowd");
        string[] addresses = [.. Enumerable.Range(1, Hosts).SelectMany(i => new[] { $"127.26.0.{i}", $"127.26.1.{i}" })];
        await Loopback.AddAsync([NameServer, .. addresses], token);
        var (rsa, ecdsa) = (ServerCertificate.SelfSigned("mx.crowd", rsa: true), ServerCertificate.SelfSigned("mx.crowd"));
        string[] chains = [folder.Write("rsa.pem", rsa.ChainPem()), folder.Write("ecdsa.pem", ecdsa.ChainPem())];
        var zone = await BindZone.CreateAsync(folder, "crowd.", new DnssecPolicy(13), token);
        zone.Text = $"$TTL 300\ncrowd. SOA ns.crowd. hostmaster.crowd. 1 3600 600 86400 60\ncrowd. NS ns.crowd.\nns.crowd. A {NameServer}\n"
            + string.Concat(Enumerable.Range(1, Hosts).Select(i => $"mx{i}.crowd. A 127.26.0.{i}\nmx{i}.crowd. A 127.26.1.{i}\n_25._tcp.mx{i}.crowd. TLSA {rsa.Tlsa(3, 1, 1)}\n_25._tcp.mx{i}.crowd. TLSA {ecdsa.Tlsa(3, 1, 1)}\n"))
            + string.Concat(Enumerable.Range(0, Domains).Select(i => $"d{i}.crowd. MX 10 mx{(i % Hosts) + 1}.crowd.\n"));
        await using var bind = await Bind.StartAsync(folder, NameServer, 53, [zone], token);
        await bind.WaitUntilSignedAsync(token);
        await using var postfix = await Postfix.StartAsync(folder, [.. addresses.Select(address => new PostfixListener(address, chains))], token);

        // Whoever started it looked whether it listens, once at each address; the log is written a moment later.
        await UntilAsync(() => Connections(postfix) >= addresses.Length, token);
        var before = Connections(postfix);

        var run = await DanelawCommand.RunAsync(
            ["check", "@-", "--json", "--resolver", NameServer, "--trust-anchor", folder.Write("anchor.zone", zone.KeyAnchor()), "--helo", "probe.example", "--contact", "postmaster@probe.example"],
            string.Concat(Enumerable.Range(0, Domains).Select(i => $"d{i}.crowd\n")), token);

        var verdicts = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("verdict").GetString()).ToList();
        Assert.True(verdicts.Count == Domains && verdicts.All(verdict => verdict == "verified"), run.Error + run.Output[..Math.Min(4000, run.Output.Length)]);

        var expected = addresses.Length * Algorithms;
        await UntilAsync(() => Leaves(postfix).Count() >= expected, token);
        Assert.Equal((addresses.Length, expected), (before, Connections(postfix) - before));

        // Postfix counts what it was told: who may be written to, by each connection that shook hands. EdDSA, which it has not, did not.
        var told = Leaves(postfix).Count(line => line.Contains(" noop=1 quit=1 ", StringComparison.Ordinal));
        Assert.True(told == addresses.Length * 2, $"{told} of {string.Join('\n', Leaves(postfix).Take(6))}");
    }

    private static async Task UntilAsync(Func<bool> isSo, CancellationToken cancellationToken)
    {
        for (var i = 0; i < 200 && !isSo(); i++) await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellationToken);
    }

    private static int Connections(Postfix postfix) => postfix.Log.Split('\n').Count(line => line.Contains(": connect from ", StringComparison.Ordinal));

    private static IEnumerable<string> Leaves(Postfix postfix) => postfix.Log.Split('\n').Where(line => line.Contains(": disconnect from ", StringComparison.Ordinal) && line.Contains(" starttls=", StringComparison.Ordinal));
}
