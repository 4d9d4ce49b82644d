using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Anchors;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Signing;
using Microsoft.Extensions.Time.Testing;
using static Danelaw.Conformance.Tests.Rfc5011.FollowedZone;

namespace Danelaw.Conformance.Tests.Rfc5011;

/// <summary>RFC 5011 §2.3 in a process that runs on and on: when it asks, and by which anchors it judges then.</summary>
public sealed class FollowingResolverTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("danelaw-following").FullName;
    private readonly WatchedClock _clock = new();
    private readonly FollowedZone _zone = new(".", Key("a"));
    private readonly List<DateTimeOffset> _asked = [];
    private readonly List<Judge> _made = [];
    private SigningKey[] _published = [Key("a")];
    private SigningKey[] _signing = [Key("a")];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string File => Path.Combine(_folder, "state");

    [Fact, Rfc(5011, "2.3")]
    public async Task It_asks_at_once_and_then_whenever_that_is_due()
    {
        var following = Open();

        // Half of a TTL of two days; until then nobody is asked, however often the file is looked at.
        _zone.TimeToLive = 2 * 86400;
        await StepUntilAsync(following, Begin.AddDays(3));

        Assert.Equal([Begin, Begin.AddDays(1), Begin.AddDays(2), Begin.AddDays(3)], _asked);
    }

    [Fact, Rfc(5011, "2.3")]
    public async Task While_it_runs_the_clock_alone_drives_it()
    {
        var following = Open();
        using var end = new CancellationTokenSource();
        var running = following.RunAsync(end.Token);

        // Half of a TTL of a day; the file is looked at every hour.
        for (var hour = 0; hour < 12; hour++)
        {
            await _clock.Waiting.WaitAsync(TestContext.Current.CancellationToken);
            Assert.Single(_asked);
            _clock.Advance(TimeSpan.FromHours(1));
        }

        await _clock.Waiting.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal([Begin, Begin.AddHours(12)], _asked);

        await end.CancelAsync();
        var ended = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal(end.Token, ended.CancellationToken);
    }

    [Fact, Rfc(5011, "2.4.1"), Rfc(5011, "2.2")]
    public async Task A_new_key_becomes_an_anchor_after_its_hold_down_and_lookups_are_judged_by_it()
    {
        var following = Open();
        _published = [Key("a"), Key("b")];

        await StepUntilAsync(following, Begin.AddDays(29));
        Assert.DoesNotContain(Key("b").ToDnskey(), following.Anchors.Zones.Single().Keys);
        Assert.Single(_made);

        await StepUntilAsync(following, Begin.AddDays(31));
        Assert.Contains(Key("b").ToDnskey(), following.Anchors.Zones.Single().Keys);

        // A resolver of its own for the new anchors: what was verified before is not what is trusted now.
        Assert.Equal(2, _made.Count);
        await following.LookupAsync(DomainName.Root, RecordType.NS, TestContext.Current.CancellationToken);
        Assert.Equal([0, 1], _made.Select(judge => judge.Lookups));
        Assert.Same(following.Anchors, _made[1].Anchors);
    }

    [Fact, Rfc(5011, "2.1")]
    public async Task A_key_that_revokes_itself_is_trusted_no_more_though_the_file_cannot_be_written()
    {
        _published = _signing = [Key("a"), Key("b")];
        var following = Open();
        await StepUntilAsync(following, Begin.AddDays(31));
        Assert.Equal(2, following.Anchors.Zones.Single().Keys.Length);

        // Somebody spoils the file: nothing goes into it, and what is in it is not believed.
        var sound = await System.IO.File.ReadAllTextAsync(File, TestContext.Current.CancellationToken);
        await System.IO.File.WriteAllTextAsync(File, "spoilt", TestContext.Current.CancellationToken);
        _published = _signing = [Revoking("a"), Key("b")];
        await StepUntilAsync(following, Begin.AddDays(32));
        Assert.Equal([Key("b").ToDnskey()], following.Anchors.Zones.Single().Keys);
        Assert.NotNull(following.Fault);
        Assert.Equal("spoilt", await System.IO.File.ReadAllTextAsync(File, TestContext.Current.CancellationToken));

        // The file of before comes back, in which the key is still good: what was seen meanwhile counts.
        await System.IO.File.WriteAllTextAsync(File, sound, TestContext.Current.CancellationToken);
        _published = _signing = [Key("b")];
        await following.StepAsync(TestContext.Current.CancellationToken);
        Assert.Equal([Key("b").ToDnskey()], following.Anchors.Zones.Single().Keys);
        await StepUntilAsync(following, Begin.AddDays(33));
        Assert.Null(following.Fault);
        Assert.Equal([Key("b").ToDnskey()], Open().Anchors.Zones.Single().Keys);
    }

    [Fact, Rfc(5011, "2.3")]
    public async Task What_another_process_has_kept_is_taken_over_within_an_hour()
    {
        _published = _signing = [Key("a"), Key("b")];
        var (one, other) = (Open(), Open());
        await StepUntilAsync(one, Begin.AddDays(31));

        // The other has slept meanwhile; nothing is due, and the file says more than it knows.
        var asked = _asked.Count;
        var pause = await other.StepAsync(TestContext.Current.CancellationToken);

        Assert.Equal(asked, _asked.Count);
        Assert.InRange(pause, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        Assert.Equal(2, other.Anchors.Zones.Single().Keys.Length);
    }

    [Fact]
    public void A_file_that_is_damaged_is_refused_at_the_beginning()
    {
        System.IO.File.WriteAllText(File, "spoilt");

        Assert.False(FollowingResolver.TryOpen(new(File, _clock), Anchors, anchors => new Judge(anchors), Observe, _clock, out var following, out var fault));
        Assert.Null(following);
        Assert.NotEmpty(fault!);
    }

    private static TrustAnchors Anchors =>
        TrustAnchors.TryCreate([new(DomainName.Root, RecordType.DNSKEY, RecordClass.IN, 0, Key("a").ToDnskey())], out var anchors, out _) ? anchors : throw new InvalidOperationException();

    private FollowingResolver Open()
    {
        Assert.True(FollowingResolver.TryOpen(new(File, _clock), Anchors, Make, Observe, _clock, out var following, out var fault), fault);
        return following!;
    }

    private Judge Make(TrustAnchors anchors)
    {
        _made.Add(new(anchors));
        return _made[^1];
    }

    private ValueTask<ServedKeys> Observe(ILookup lookup, TrustAnchor anchor, CancellationToken cancellationToken)
    {
        _asked.Add(_clock.GetUtcNow());
        _zone.Now = _clock.GetUtcNow();
        return ValueTask.FromResult(_zone.Serve(_published, _signing, anchor: anchor));
    }

    private async Task StepUntilAsync(FollowingResolver following, DateTimeOffset end)
    {
        while (true)
        {
            var pause = await following.StepAsync(TestContext.Current.CancellationToken);
            if (_clock.GetUtcNow() + pause > end) break;
            _clock.Advance(pause);
        }
    }

    /// <summary>A resolver that counts what it is asked.</summary>
    private sealed class Judge(TrustAnchors anchors) : ILookup
    {
        public TrustAnchors Anchors { get; } = anchors;

        public int Lookups { get; private set; }

        public ValueTask<Answer> LookupAsync(DomainName name, RecordType type, CancellationToken cancellationToken = default)
        {
            Lookups++;
            return ValueTask.FromResult(new Answer { Question = new(name, type) });
        }
    }

    /// <summary>Tells when somebody begins to wait: time may pass then.</summary>
    private sealed class WatchedClock() : FakeTimeProvider(Begin)
    {
        public SemaphoreSlim Waiting { get; } = new(0);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            Waiting.Release();
            return timer;
        }
    }
}
