using System.Net;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Resolution;
using Danelaw.Operator.Publishing.Signing;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Publishing;

/// <summary>The way of a zone from unsigned to secure, step by step, at real servers of it and of the zone above.</summary>
[Peer("nsd"), Peer("ldns")]
public sealed class ZoneSigningTests : IDisposable
{
    private const string Top = "top.lab.";
    private const string Zone = "kid.top.lab.";
    private const string TopAddress = "127.83.0.1";
    private const string First = "127.83.0.2";
    private const string Second = "127.83.0.3";

    private readonly TestFolder _folder = new("signing");
    private string _anchors = "";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static string ZoneText => $"$TTL 300\n{Zone} SOA ns1.{Zone} h.{Zone} 1 7200 900 1209600 300\n{Zone} NS ns1.{Zone}\n{Zone} NS ns2.{Zone}\nns1.{Zone} A {First}\nns2.{Zone} A {Second}\n";

    public void Dispose() => _folder.Dispose();

    [Fact, Rfc(4035, "5.2"), Rfc(7344, "4")]
    public async Task A_zone_becomes_secure_step_by_step_and_each_step_is_told()
    {
        Peer.RequireOwnNetwork();
        await Loopback.AddAsync([TopAddress, First, Second], Cancelled);
        var (top, kid) = (new LdnsZone(_folder, Top), new LdnsZone(_folder, Zone) { Text = ZoneText });
        _anchors = await top.AddKeyAsync(13, cancellationToken: Cancelled);
        var key = await kid.AddKeyAsync(13, cancellationToken: Cancelled);
        var signed = await kid.SignAsync(new(), Cancelled);
        var signer = await kid.DelegationSignerAsync(key, cancellationToken: Cancelled);
        var foreign = await kid.DelegationSignerAsync(await kid.AddKeyAsync(13, used: false, cancellationToken: Cancelled), cancellationToken: Cancelled);
        await using var second = new Turn();
        await using var first = new Turn();
        await using var above = new Turn();

        // Nothing is signed.
        await first.SetAsync(() => ServeAsync(First, Zone, ZoneText));
        await second.SetAsync(() => ServeAsync(Second, Zone, ZoneText));
        await above.SetAsync(async () => await ServeAsync(TopAddress, Top, await TopAsync(top, "")));
        var report = await JudgeAsync();
        Assert.Equal((ZoneSigningState.Unsigned, SigningSoftware.Nsd, 0), (report.State, report.Software, report.Keys.Length));
        Assert.Contains(SigningAdvice.ToSign(report.Software, Master.Name(Zone)), line => line.StartsWith("danelaw zone sign kid.top.lab", StringComparison.Ordinal));

        // One server has it signed.
        await first.SetAsync(() => ServeAsync(First, Zone, signed));
        report = await JudgeAsync();
        Assert.Equal(ZoneSigningState.PartlySigned, report.State);
        Assert.Contains("ns2.kid.top.lab. 127.83.0.3", report.Reason, StringComparison.Ordinal);

        // Both have; the zone above has no DS record.
        await second.SetAsync(() => ServeAsync(Second, Zone, signed));
        report = await JudgeAsync();
        Assert.Equal(ZoneSigningState.AwaitingSigner, report.State);
        var ds = Assert.Single(report.Keys).Signer;
        Assert.Contains($"{ds.KeyTag} 13 2 {ds.Digest.ToHex()}", string.Join(' ', signer.Split([' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries)), StringComparison.OrdinalIgnoreCase);

        // It has that of another key.
        await above.SetAsync(async () => await ServeAsync(TopAddress, Top, await TopAsync(top, foreign)));
        report = await JudgeAsync();
        Assert.Equal(ZoneSigningState.Broken, report.State);

        // It has the right one.
        await above.SetAsync(async () => await ServeAsync(TopAddress, Top, await TopAsync(top, signer)));
        report = await JudgeAsync();
        Assert.True(report.State == ZoneSigningState.Secure, report.Reason);

        // A server of the zone that is away is not secure.
        await second.SetAsync(null);
        Assert.NotEqual(ZoneSigningState.Secure, (await JudgeAsync()).State);

        // A name that is no zone.
        Assert.Equal(ZoneSigningState.NoZone, (await JudgeAsync("www.kid.top.lab.")).State);
    }

    private async Task<string> TopAsync(LdnsZone top, string signers)
    {
        top.Text = $"$TTL 300\n{Top} SOA ns.{Top} h.{Top} 1 7200 900 1209600 300\n{Top} NS ns.{Top}\nns.{Top} A {TopAddress}\n{Zone} NS ns1.{Zone}\n{Zone} NS ns2.{Zone}\nns1.{Zone} A {First}\nns2.{Zone} A {Second}\n{signers}";
        return await top.SignAsync(new(), Cancelled);
    }

    private Task<Nsd> ServeAsync(string address, string zone, string text) => Nsd.StartAsync(_folder, address, 53, [(zone, text)], Cancelled);

    private async Task<ZoneSigningReport> JudgeAsync(string zone = Zone)
    {
        Assert.True(TrustAnchors.TryRead(new StringReader(_anchors), "", out var anchors, out var fault), fault?.ToString());
        Assert.True(RootHints.TryCreate([new(Master.Name(Top), RecordType.NS, RecordClass.IN, 600, new(Master.Name("ns." + Top).Wire.ToArray())), new(Master.Name("ns." + Top), RecordType.A, RecordClass.IN, 600, new(IPAddress.Parse(TopAddress).GetAddressBytes()))], out var hints, out var unfit), unfit);
        var transport = new DnsTransport(new() { Timeout = TimeSpan.FromSeconds(3), Tries = 3 }, TimeProvider.System);
        await using (transport)
            return ZoneSigningJudge.Judge(await new ZoneSigningSurvey(new() { Iteration = new() { Hints = hints }, Anchors = anchors }, transport, TimeProvider.System).AskAsync(Master.Name(zone), Cancelled));
    }

    /// <summary>A place at which one server after the other stands.</summary>
    private sealed class Turn : IAsyncDisposable
    {
        private Nsd? _now;

        public async Task SetAsync(Func<Task<Nsd>>? next)
        {
            if (_now is not null) await _now.DisposeAsync();
            _now = next is null ? null : await next();
        }

        public async ValueTask DisposeAsync() => await SetAsync(null);
    }
}
