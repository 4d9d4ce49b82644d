using System.Net;
using System.Net.Sockets;
using Danelaw.Checks;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Zones;
using Danelaw.Lab;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Lab;

/// <summary>The lab as real tools see it: its zones judged by delv and unbound, its mail servers by OpenSSL.</summary>
[Peer("bind"), Peer("unbound"), Peer("openssl")]
public sealed class LabPeerTests
{
    private const string Secure = "secure";
    private const string Insecure = "insecure";
    private const string Failed = "failed";

    /// <summary>Every question whose answer is not secure.</summary>
    private static readonly Dictionary<string, string> Others = new()
    {
        ["unsigned.lab. MX"] = Insecure,
        ["mx.unsigned.lab. A"] = Insecure,
        ["plain.unsigned.lab. A"] = Insecure,
        ["_25._tcp.mx.unsigned.lab. TLSA"] = Insecure,
        ["_25._tcp.plain.unsigned.lab. TLSA"] = Insecure,
        ["_25._tcp.mx.tlsa-unsigned.lab. TLSA"] = Insecure,
        ["_25._tcp.mx.opt-out.lab. TLSA"] = Insecure,
        ["unknown-algorithm.lab. MX"] = Insecure,
        ["shop.depot.lab. MX"] = Insecure,
        ["wrong-ds.lab. MX"] = Failed,
        ["mx-expired.lab. MX"] = Failed,
        ["mx-servfail.lab. MX"] = Failed,
        ["mx.address-bogus.lab. A"] = Failed,
        ["mx.address-servfail.lab. A"] = Failed,
        ["mx.address-servfail.lab. AAAA"] = Failed,
        ["mx.v6-broken.lab. AAAA"] = Failed,
        ["_25._tcp.mx.tlsa-bogus.lab. TLSA"] = Failed,
        ["_25._tcp.mx.tlsa-servfail.lab. TLSA"] = Failed,
        ["_25._tcp.mx.tlsa-denied.lab. TLSA"] = Failed,
    };

    /// <summary>Denials that rest on an opt-out span: insecure by RFC 5155 §9.2, and so unbound has it; BIND calls them secure.</summary>
    private static readonly HashSet<string> OptOutDenials = ["unsigned.lab. DS", "nowhere.lab. DS", "nowhere.lab. MX", "x.y.z.nowhere.lab. TXT", "_26._tcp.mx.opt-out.lab. AAAA"];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact, Rfc(4035, "3.1"), Rfc(5155, "7.2"), Rfc(5155, "9.2")]
    public async Task Delv_and_unbound_find_every_answer_of_the_lab_secure_but_those_that_are_meant_to_be_otherwise()
    {
        await using var lab = await MiniInternet.StartAsync(new MiniInternetOptions { Seed = 5, IsOdd = true }, Cancelled);
        using var folder = new TestFolder("lab");
        await using var unbound = await StartUnboundAsync(lab, folder);
        var anchors = folder.Write("anchors.conf", lab.DelvAnchors + "\n");
        var questions = Questions(lab);

        var differences = new List<string>();
        await Parallel.ForEachAsync(questions, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Cancelled }, async (question, token) =>
        {
            var expected = Others.GetValueOrDefault(question, Secure);
            var words = question.Split(' ');
            var delv = await DelvAsync(lab.Upstream.EndPoint, anchors, words, token);
            var status = await UnboundAsync(unbound.EndPoint, words, token);
            lock (differences)
            {
                if (delv.Status != expected) differences.Add($"{question}: delv says {delv.Status}, expected {expected}\n{delv.Text}");
                if (status.Status != (OptOutDenials.Contains(question) ? Insecure : expected)) differences.Add($"{question}: unbound says {status.Status}, expected {expected}\n{status.Text}");
            }
        });

        Assert.True(differences.Count == 0, string.Join('\n', differences));
        Assert.Empty(Others.Keys.Except(questions));
    }

    [Fact]
    public async Task OpenSSL_finds_verified_what_is_verified_and_failing_what_is_failing()
    {
        await using var lab = await MiniInternet.StartAsync(cancellationToken: Cancelled);
        var differences = new List<string>();
        var judged = 0;
        await Parallel.ForEachAsync(lab.Hosts.Where(host => host.Manner == Danelaw.Lab.Servers.MailManner.Ordinary), new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Cancelled }, async (host, token) =>
        {
            var name = DomainName.Parse(host.Name);
            // OpenSSL is shown the ECDSA certificate of a dual server, and knows neither of a second address nor of an alias.
            var domain = lab.Domains.Where(domain => name.IsAtOrBelow(domain.Name)).MaxBy(domain => domain.Name.LabelCount);
            var records = Tlsa(lab, name);
            if (domain is null || records.Count == 0 || domain.Verdict is not (CheckVerdict.Verified or CheckVerdict.Failing) || Label(domain) is "half-dual" or "second-address" or "opt-out") return;

            var result = await PeerProcess.RunAsync(
                Peer.Require("openssl"),
                ["s_client", "-starttls", "smtp", "-connect", $"{host.Addresses[0]}:{lab.MailPort}", "-servername", host.Name, "-dane_tlsa_domain", host.Name, "-dane_ee_no_namechecks", "-no-CApath", "-no-CAfile", .. records.SelectMany(record => (string[])["-dane_tlsa_rrdata", record])],
                "QUIT\r\n",
                cancellationToken: token);
            var isVerified = result.Output.Contains("Verification: OK", StringComparison.Ordinal) && result.Output.Contains("\nNew, TLSv", StringComparison.Ordinal);
            Interlocked.Increment(ref judged);
            lock (differences)
                if (isVerified != (domain.Verdict == CheckVerdict.Verified)) differences.Add($"{host.Name} ({domain.Verdict}): {result.Everything}");
        });

        Assert.True(differences.Count == 0, string.Join('\n', differences));
        Assert.InRange(judged, 30, lab.Hosts.Length);
    }

    private static string Label(LabDomain domain) => System.Text.Encoding.ASCII.GetString(domain.Name.GetLabel(0));

    /// <summary>The records that stand at the host's own TLSA name, or at the wildcard or alias that it leads to.</summary>
    private static List<string> Tlsa(MiniInternet lab, DomainName host)
    {
        var zone = lab.Namespace.ZoneFor(host, RecordType.A);
        var owner = host.Prepend("_tcp").Prepend("_25");
        return [.. zone.Records.Where(record => record.Type == RecordType.TLSA && (record.Owner == owner || Label(record.Owner) is "_dane" or "*")).Select(record => RecordText.Format(RecordType.TLSA, record.Data))];

        static string Label(DomainName name) => System.Text.Encoding.ASCII.GetString(name.GetLabel(0));
    }

    private static List<string> Questions(MiniInternet lab)
    {
        var questions = new List<string> { ". DNSKEY", ". SOA", "lab. DS", "lab. DNSKEY", "unsigned.lab. DS", "good.lab. DS", "nowhere.lab. DS", "x.y.z.nowhere.lab. TXT", "old.moved.lab. DNAME", "_tcp.mx.good.lab. A", "_26._tcp.mx.wildcard.lab. A", "_26._tcp.mx.opt-out.lab. AAAA" };
        questions.AddRange(lab.Domains.Select(domain => $"{domain.Name.ToCanonical()} MX"));
        foreach (var host in lab.Hosts.Select(host => host.Name).Append("mx.mx-alias.lab").Append("mx.old.moved.lab").Append("mx.no-address.lab").Distinct())
            questions.AddRange([$"{host}. A", $"{host}. AAAA", $"_25._tcp.{host}. TLSA"]);
        // All of an unsigned zone is insecure, and DS stands above it.
        questions.RemoveAll(question => question.EndsWith("unsigned.lab. AAAA", StringComparison.Ordinal) && question.Contains(".unsigned.", StringComparison.Ordinal));
        return [.. questions.Distinct()];
    }

    private static async Task<(string Status, string Text)> DelvAsync(IPEndPoint server, string anchors, string[] question, CancellationToken token)
    {
        var result = await PeerProcess.RunAsync(Peer.Require("delv"), [$"@{server.Address}", "-p", $"{server.Port}", "-a", anchors, "+root=.", question[0], question[1]], cancellationToken: token);
        var text = result.Everything;
        // An alias into an unsigned zone is validated only as far as the alias.
        var status = text.Contains("unsigned answer", StringComparison.Ordinal) ? Insecure : text.Contains("fully validated", StringComparison.Ordinal) ? Secure : Failed;
        return (status, text);
    }

    private static async Task<(string Status, string Text)> UnboundAsync(IPEndPoint server, string[] question, CancellationToken token)
    {
        var result = await PeerProcess.RunAsync(Peer.Require("kdig"), [$"@{server.Address}", "-p", $"{server.Port}", "+dnssec", "+timeout=10", question[0], question[1]], cancellationToken: token);
        var text = result.Everything;
        var status = !text.Contains("status: NOERROR", StringComparison.Ordinal) && !text.Contains("status: NXDOMAIN", StringComparison.Ordinal) ? Failed
            : text.Contains(" ad;", StringComparison.Ordinal) || text.Contains(" ad ", StringComparison.Ordinal) ? Secure : Insecure;
        return (status, text);
    }

    private static async Task<(PeerProcess Process, IPEndPoint EndPoint)> StartProcessAsync(MiniInternet lab, TestFolder folder)
    {
        var endPoint = FreeEndPoint(lab.Upstream.EndPoint.Address);
        var configuration = folder.Write("unbound.conf", $"""
            server:
              interface: {endPoint.Address}@{endPoint.Port}
              access-control: 127.0.0.0/8 allow
              do-not-query-localhost: no
              do-ip6: no
              username: ""
              chroot: ""
              directory: "{folder.Root}"
              pidfile: "{folder["unbound.pid"]}"
              use-syslog: no
              log-servfail: yes
              trust-anchor-file: "{folder.Write("root.ds", lab.Anchor + "\n")}"
              num-threads: 1
            remote-control:
              control-enable: no
            forward-zone:
              name: "."
              forward-addr: {lab.Upstream.EndPoint.Address}@{lab.Upstream.EndPoint.Port}

            """);
        var process = PeerProcess.Start(Peer.Require("unbound"), "-d", "-c", configuration);
        await process.WaitForPortAsync(endPoint.Address, endPoint.Port, Cancelled);
        return (process, endPoint);
    }

    private static async Task<Unbound> StartUnboundAsync(MiniInternet lab, TestFolder folder)
    {
        var (process, endPoint) = await StartProcessAsync(lab, folder);
        return new Unbound(process, endPoint);
    }

    private static IPEndPoint FreeEndPoint(IPAddress address)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(address, 0));
        return (IPEndPoint)socket.LocalEndPoint!;
    }

    private sealed record Unbound(PeerProcess Process, IPEndPoint EndPoint) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Process.DisposeAsync();
    }
}
