using System.Collections.Immutable;
using Danelaw.Certificates;
using Danelaw.Checks;
using Danelaw.Dns.Names;
using Danelaw.Lab.Authority;
using Danelaw.Operator.Audit.Files;
using Danelaw.Operator.Publishing;
using Danelaw.Operator.Rollover;
using Danelaw.Operator.Rollover.Keeping;
using Danelaw.Operator.Rollover.Observing;
using Danelaw.Operator.Rollover.Settings;
using Danelaw.Testing.Peers;
using Microsoft.Extensions.Time.Testing;

namespace Danelaw.Operator.Tests.Rollover.Running;

/// <summary>
/// A mail host with one key: real files, a real file of states and real commands; its zone with two servers and its endpoint are played. After each run
/// the law is held: what the endpoint shows is meant by what every server and every cache has.
/// </summary>
internal sealed class RollScene : IDisposable, IRolloverNetwork, IZonePublisher
{
    internal const int TimeToLive = 300;

    private readonly TestFolder _folder = new("roll");
    private readonly List<(DateTimeOffset Until, TlsaSet Set)> _caches = [];
    private readonly TlsaSet[] _servers = [TlsaSet.Empty, TlsaSet.Empty];
    private readonly CertificateAuthority _authority;
    private readonly LabCertificate _root;
    private TimeSpan _uptime = TimeSpan.FromHours(1);
    private string _boot = "boot";
    private RolloverStore? _store;

    internal RollScene()
    {
        _authority = new(Clock.GetUtcNow());
        _root = _authority.Issue(new() { Name = "Root", IsAuthority = true });
        Roll = new()
        {
            Name = "mx",
            Owners = [CheckTarget.Service(DomainName.Parse("mx.example.org."), 25, ServiceProtocolOf)],
            Chains = [new(Danelaw.Probes.KeyAlgorithm.Any, ChainPath, null, [new(_folder["live"], null)])],
            Reload = [["/usr/bin/touch", _folder["reloaded"]]],
            Publisher = new PublisherSettings.Manual(null),
            TimeToLive = TimeToLive,
            Margin = TimeSpan.FromSeconds(60),
        };
    }

    internal FakeTimeProvider Clock { get; } = new(new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));

    internal RollSettings Roll { get; set; }

    internal string ChainPath => _folder["chains/mx.pem"];

    internal string StatePath => _folder["state/rollover.db"];

    /// <summary>What the endpoint shows; null while it is down.</summary>
    internal CertificateSummary? Shown { get; set; }

    internal TlsaSet Master { get; set; } = TlsaSet.Empty;

    /// <summary>A server that gets nothing new; -1 for none.</summary>
    internal int Stuck { get; set; } = -1;

    /// <summary>A server that says nothing; -1 for none.</summary>
    internal int Silent { get; set; } = -1;

    /// <summary>Whether no server gets anything new.</summary>
    internal bool IsFrozen { get; set; }

    internal string? Refusal { get; set; }

    /// <summary>What stands at owners that the settings name no more; null where nothing is said of it.</summary>
    internal TlsaSet? Left { get; set; } = TlsaSet.Empty;

    /// <summary>What stands at names that are no owners of the roll.</summary>
    internal Dictionary<DomainName, TlsaSet> Beside { get; } = [];

    /// <summary>An owner whose records stand at another; none by default.</summary>
    internal (DomainName Owner, DomainName Place)? Alias { get; set; }

    /// <summary>Why the master cannot be read; null when it can.</summary>
    internal string? Unread { get; set; }

    internal PublishOutcome PublishedAs { get; set; } = PublishOutcome.Done;

    /// <summary>What the master says of what it has done.</summary>
    internal string PublishedWith { get; set; } = "";

    /// <summary>What stands in the way of publishing; empty for nothing.</summary>
    internal string Obstacle { get; set; } = "";

    internal int Rehearsals { get; private set; }

    /// <summary>Whether the servers' answers never come.</summary>
    internal bool IsHanging { get; set; }

    internal int Publications { get; private set; }

    internal int Reads { get; private set; }

    /// <summary>How long the master takes to say nothing; zero where it answers.</summary>
    internal TimeSpan Hangs { get; set; }

    /// <summary>What happens while a run looks; null for nothing.</summary>
    internal Func<Task>? WhileLooking { get; set; }
    /// <summary>The owner as the answers have it.</summary>
    internal string OwnerSeen { get; set; } = "_25._tcp.mx.example.org.";

    internal static DomainName Owner => DomainName.Parse("_25._tcp.mx.example.org.");

    private static Danelaw.Probes.ServiceProtocol ServiceProtocolOf => Danelaw.Probes.ServiceProtocol.Smtp;

    public void Dispose()
    {
        _store?.Dispose();
        _folder.Dispose();
    }

    /// <summary>A certificate as the ACME client makes it.</summary>
    internal LabCertificate Issue(LabCertificate? sameKeyAs = null, TimeSpan? validFor = null, LabKeyKind kind = default, string[]? names = null)
    {
        var order = new CertificateOrder { KeyKind = kind, Name = "mx.example.org", DnsNames = [.. names ?? ["mx.example.org"]], Issuer = _root, ValidFrom = Clock.GetUtcNow() - Clock.Start, ValidFor = Clock.GetUtcNow() - Clock.Start + (validFor ?? TimeSpan.FromDays(90)) };
        return sameKeyAs is null ? _authority.Issue(order) : _authority.Issue(order, sameKeyAs);
    }

    /// <summary>What certbot leaves behind.</summary>
    internal LabCertificate Offer(LabCertificate? certificate = null)
    {
        certificate ??= Issue();
        _folder.Write("live/privkey.pem", certificate.PrivateKeyToPem());
        _folder.Write("live/fullchain.pem", certificate.ToPem() + _root.ToPem());
        return certificate;
    }

    internal void WriteLive(string name, string text) => _folder.Write("live/" + name, text);

    /// <summary>A host that has been taken up and shows its first key.</summary>
    internal async Task<LabCertificate> BeginAsync(LabCertificate? first = null)
    {
        first = Offer(first);
        Shown = SummaryOf(first);
        var result = await RunAsync();
        Assert.True(result.Verdict == RollVerdict.Done, string.Join('\n', [result.Verdict.ToString(), .. result.Faults, .. result.Problems]));
        return first;
    }

    /// <summary>Where journals of setup are looked for; none are there by default.</summary>
    internal string SetupJournals => Path.GetDirectoryName(StatePath) + "/setup";

    internal string StandbyPath => _folder["state/standby/.here"][..^6];

    internal RolloverRunner Runner(Func<RunnerOptions, RunnerOptions>? with = null)
    {
        _store ??= RolloverStore.Open(StatePath) ?? throw new InvalidOperationException("another has it");
        var options = new RunnerOptions { Patience = TimeSpan.Zero, Files = new HostFiles("/"), StandbyFolder = StandbyPath, SetupJournals = SetupJournals, Uptime = () => new(_boot, _uptime) };
        return new(_store, this, _ => this, with?.Invoke(options) ?? options, Clock);
    }

    internal async Task<RollResult> RunAsync(bool isAsked = false)
    {
        var runner = Runner();
        var result = isAsked ? await runner.AskAsync(Roll, TestContext.Current.CancellationToken) : await runner.RunAsync(Roll, TestContext.Current.CancellationToken);
        HoldTheLaw();
        return result;
    }

    /// <summary>Runs again and again, time passing, until all is done.</summary>
    internal async Task<RollResult> RunToTheEndAsync(TimeSpan step, int most = 100)
    {
        for (var i = 0; i < most; i++)
        {
            var result = await RunAsync();
            if (result.Verdict != RollVerdict.Waiting) return result;
            Pass(step);
        }

        throw new InvalidOperationException("it never ended");
    }

    internal void Pass(TimeSpan time)
    {
        // A cache is filled just before and just after time passes.
        Fill();
        Clock.Advance(time);
        _uptime += time;
        _caches.RemoveAll(cache => cache.Until < Clock.GetUtcNow());
        Fill();
        HoldTheLaw();
    }

    internal void Reboot() => (_boot, _uptime) = (_boot + "+", TimeSpan.FromSeconds(10));

    /// <summary>As after kill -9: nothing of the process is left.</summary>
    internal void Forget()
    {
        _store?.Dispose();
        _store = null;
    }

    internal RolloverStore Store => _store!;

    internal KeptRoll? Kept() => _store!.Read("mx");

    internal string History() => string.Join('\n', _store!.Events("mx", 1000).Select(one => one.What));

    internal static CertificateSummary SummaryOf(LabCertificate certificate) => CertificateSummary.TryRead(certificate.Der, out var summary) ? summary : throw new InvalidOperationException();

    internal static TlsaSet RecordOf(LabCertificate certificate) => TlsaSet.Of(RecordOf(certificate.PublicKeyInfo));

    private static Danelaw.Tlsa.TlsaRecord RecordOf(Danelaw.Dns.Octets publicKey) =>
        Danelaw.Tlsa.TlsaRecord.TryCreateFromKey(publicKey, Danelaw.Dns.Records.TlsaUsage.DaneEe, Danelaw.Dns.Records.TlsaMatching.Sha256, out var record, out var fault) ? record : throw new InvalidOperationException(fault);

    public async Task<ServerSight> AskServersAsync(RollSettings roll, CancellationToken cancellationToken = default)
    {
        if (WhileLooking is { } meanwhile) await meanwhile();
        if (IsHanging) await Task.Delay(Timeout.InfiniteTimeSpan, Clock, cancellationToken);
        Spread();
        var former = roll.Former.SelectMany(name => Enumerable.Range(0, 2).Select(server => new ServerView(name.ToString(), $"ns{server}", Beside.TryGetValue(name, out var set) ? set : Left, TimeSpan.FromSeconds(TimeToLive))));
        return new ServerSight([.. former, .. Enumerable.Range(0, 2).Select(server => new ServerView(OwnerSeen, $"ns{server}", server == Silent ? null : _servers[server], TimeSpan.FromSeconds(TimeToLive)))], Alias is { } alias ? ImmutableDictionary<DomainName, DomainName>.Empty.Add(alias.Owner, alias.Place) : ImmutableDictionary<DomainName, DomainName>.Empty, Silent < 0 ? [] : [$"ns{Silent} says nothing"])
        {
            Beside = [.. roll.Beside.Where(Beside.ContainsKey).Select(name => new ServerView(name.ToString(), "ns0", Beside[name], TimeSpan.FromSeconds(TimeToLive)))],
        };
    }

    public Task<EndpointSight> AskEndpointsAsync(RollSettings roll, CancellationToken cancellationToken = default)
    {
        // The server reads its chain file when it was told to.
        var mark = Path.Combine(_folder.Root, "reloaded");
        if (File.Exists(mark) && File.Exists(ChainPath))
        {
            File.Delete(mark);
            Assert.True(PemObject.TryReadAll(File.ReadAllText(ChainPath), out var objects, out var fault), fault);
            Shown = CertificateSummary.TryRead(objects[1].Data, out var leaf) ? leaf : null;
            LeafShown = ChainFile.Digest(objects[1].Data.Span);
        }

        HoldTheLaw();
        return Task.FromResult(new EndpointSight([new("127.0.0.1:25", "any", Shown is null ? null : ChainFile.Digest(Shown.PublicKey.Span)) { Leaf = LeafShown }], [], Refusal));
    }

    internal Danelaw.Dns.Octets LeafShown { get; private set; }

    public ValueTask<MasteredSet> ReadAsync(DomainName owner, CancellationToken cancellationToken = default)
    {
        Reads++;
        Clock.Advance(Hangs);
        return ValueTask.FromResult(Hangs > TimeSpan.Zero ? new MasteredSet(PublishOutcome.Unknown, TlsaSet.Empty, null, "it did not end in time") : Unread is not null ? new MasteredSet(PublishOutcome.Refused, TlsaSet.Empty, null, Unread) : PublishedAs == PublishOutcome.Unreachable ? new MasteredSet(PublishOutcome.Unreachable, TlsaSet.Empty, null, "no answer in time") : new MasteredSet(PublishOutcome.Done, Master, TimeToLive, ""));
    }

    public ValueTask<PublishResult> RehearseAsync(DomainName owner, CancellationToken cancellationToken = default)
    {
        Rehearsals++;
        return ValueTask.FromResult(new PublishResult(Obstacle.Length > 0 ? PublishOutcome.Refused : PublishOutcome.Done, Obstacle));
    }

    public ValueTask<PublishResult> PublishAsync(PublishRequest request, CancellationToken cancellationToken = default)
    {
        Assert.Equal((Owner, Master), (request.Owner, request.Before));
        if (PublishedAs != PublishOutcome.Done) return ValueTask.FromResult(new PublishResult(PublishedAs, "the key is not allowed to"));
        Publications++;
        Master = request.After;
        return ValueTask.FromResult(new PublishResult(PublishOutcome.Done, PublishedWith));
    }

    private void Spread()
    {
        for (var server = 0; server < 2; server++)
        {
            if (!IsFrozen && server != Stuck && server != Silent) _servers[server] = Master;
        }
    }

    private void Fill()
    {
        for (var server = 0; server < 2; server++) _caches.Add((Clock.GetUtcNow().AddSeconds(TimeToLive), _servers[server]));
    }

    private void HoldTheLaw()
    {
        if (Shown is null) return;
        var shown = RecordOf(Shown.PublicKey);
        var issuer = shown with { Usage = Danelaw.Dns.Records.TlsaUsage.DaneTa, Data = ChainFile.Digest(_root.PublicKeyInfo.Span) };
        foreach (var set in _servers.Concat(_caches.Where(cache => cache.Until >= Clock.GetUtcNow()).Select(cache => cache.Set)))
            Assert.True(set.IsEmpty || set.Records.Contains(shown) || set.Records.Contains(issuer), $"a sender sees {set}, and {shown} is shown");
    }
}
