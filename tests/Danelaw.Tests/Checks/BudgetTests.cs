using System.Collections.Concurrent;
using Danelaw.Checks;
using Danelaw.Checks.Recording;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;
using Danelaw.Probes;

namespace Danelaw.Tests.Checks;

/// <summary>The time for a check, how much of it goes on at once, and who may end it.</summary>
public sealed class BudgetTests
{
    [Theory]
    [InlineData("example.org. MX", CheckVerdict.Undetermined, CheckReason.TimeSpent)]
    [InlineData("mx.example.org. A", CheckVerdict.Undetermined, CheckReason.TimeSpent)]
    [InlineData("_25._tcp.mx.example.org. TLSA", CheckVerdict.Undetermined, CheckReason.TimeSpent)]
    public async Task A_lookup_that_takes_all_the_time_leaves_the_domain_undetermined_for_want_of_time(string slow, CheckVerdict verdict, CheckReason reason)
    {
        // The slow answer comes when the time is over, and everything after it finds no time left.
        var world = World.Sound();
        if (slow.EndsWith(" A", StringComparison.Ordinal)) world.Absent("mx.example.org", RecordType.AAAA);
        var report = await new DaneChecker(new Slow(world, slow), world, new(), world.Clock).CheckAsync(Target, null, TestContext.Current.CancellationToken);

        Assert.Equal((verdict, reason), (report.Verdict, report.Reason));
        Assert.NotEqual("", report.Explanation);
        Assert.Empty(world.Probed);
    }

    [Fact]
    public async Task A_server_that_takes_all_the_time_leaves_the_host_undetermined_and_no_mismatch()
    {
        var world = World.Sound();

        var report = await new DaneChecker(world, new SlowProber(world), new(), world.Clock).CheckAsync(Target, null, TestContext.Current.CancellationToken);

        Assert.Equal((CheckVerdict.Undetermined, CheckReason.TimeSpent), (report.Verdict, report.Reason));
        Assert.Contains(report.Findings, finding => finding.Code == FindingCodes.TlsUntested);
    }

    [Fact]
    public async Task A_mismatch_that_was_seen_outranks_the_time_that_was_spent()
    {
        var world = World.Sound().Address("mx.example.org", "192.0.2.1", "192.0.2.2").Serve("192.0.2.1", World.OtherEcLeaf);

        var report = await new DaneChecker(world, new SlowProber(world, "192.0.2.2"), new(), world.Clock).CheckAsync(Target, null, TestContext.Current.CancellationToken);

        Assert.Equal(CheckVerdict.Failing, report.Verdict);
    }

    [Fact]
    public async Task The_caller_s_cancellation_ends_the_check_with_its_own_token()
    {
        using var caller = new CancellationTokenSource();
        var world = World.Sound();
        world.Reply("example.org", RecordType.MX, question =>
        {
            caller.Cancel();
            throw new OperationCanceledException();
        });

        var exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new DaneChecker(world, world, new(), world.Clock).CheckAsync(Target, null, caller.Token));

        Assert.Equal(caller.Token, exception.CancellationToken);
    }

    [Fact]
    public async Task Never_more_connections_at_once_than_allowed_and_one_at_most_to_an_address()
    {
        var world = World.Sound();
        world.Mx("example.org", [.. Enumerable.Range(0, 10).Select(i => (10, $"mx{i}.example.org"))]);
        for (var i = 0; i < 10; i++) world.Address($"mx{i}.example.org", $"192.0.2.{i / 2}", "192.0.2.99").Tlsa($"_25._tcp.mx{i}.example.org", World.EcRecord);
        var counting = new CountingProber();

        await new DaneChecker(world, counting, new() { Concurrency = 3 }, world.Clock).CheckAsync(Target, null, TestContext.Current.CancellationToken);

        Assert.Equal(20, counting.Made);
        Assert.InRange(counting.MostAtOnce, 1, 3);
        Assert.Equal(1, counting.MostToOneAddress);
    }

    [Fact]
    public async Task One_connection_at_most_to_an_address_from_all_the_checks_of_a_run()
    {
        var world = World.Sound();
        for (var i = 0; i < 8; i++) world.Mx($"example{i}.org", (10, $"mx{i}.example.org")).Address($"mx{i}.example.org", "192.0.2.1").Tlsa($"_25._tcp.mx{i}.example.org", World.EcRecord);
        var counting = new CountingProber();
        var checker = new DaneChecker(world, counting, new(), world.Clock);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => checker.CheckAsync(CheckTarget.MailDomain(DomainName.Parse($"example{i}.org")), null, TestContext.Current.CancellationToken))));

        Assert.Equal((8, 1), (counting.Made, counting.MostToOneAddress));
    }

    [Fact]
    public async Task A_check_whose_time_ends_while_another_is_at_the_address_is_undetermined_and_waits_no_longer()
    {
        var world = World.Sound();
        var there = new TaskCompletionSource();
        var leave = new TaskCompletionSource();
        var checker = new DaneChecker(world, new HeldProber(world, there, leave), new(), world.Clock);
        var first = checker.CheckAsync(Target, null, TestContext.Current.CancellationToken);
        await there.Task;

        var second = checker.CheckAsync(Target, null, TestContext.Current.CancellationToken);
        world.Clock.Advance(TimeSpan.FromSeconds(45));

        Assert.Equal((CheckVerdict.Undetermined, CheckReason.TimeSpent), ((await second).Verdict, (await second).Reason));
        leave.SetResult();
        await first;
        Assert.Equal(CheckVerdict.Verified, (await checker.CheckAsync(Target, null, TestContext.Current.CancellationToken)).Verdict);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_check_that_waits_for_its_turn_loses_no_time_by_it_where_that_is_wished(bool isRecorded)
    {
        var world = World.Sound();
        var there = new TaskCompletionSource();
        var leave = new TaskCompletionSource();
        var polite = new PoliteProber(new HeldProber(world, there, leave), world.Clock, new());

        // The first has a prober that minds no time limit; the second waits for an hour.
        var first = CheckAsync();
        await there.Task;
        var second = CheckAsync();
        world.Clock.Advance(TimeSpan.FromHours(1));
        Assert.False(second.IsCompleted);
        leave.SetResult();

        Assert.Equal(CheckVerdict.Verified, (await second).Verdict);
        Assert.Equal((CheckVerdict.Undetermined, CheckReason.TimeSpent), ((await first).Verdict, (await first).Reason));

        // Each check has a recording of its own.
        Task<CheckReport> CheckAsync() => new DaneChecker(world, isRecorded ? new RecordingProber(polite) : polite, new() { WaitsForItsTurn = true }, world.Clock).CheckAsync(Target, null, TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_check_does_itself_takes_its_time_whether_it_waits_for_its_turn_or_not(bool waits)
    {
        var world = World.Sound();

        var report = await new DaneChecker(new Slow(world, "mx.example.org. A"), world, new() { WaitsForItsTurn = waits }, world.Clock).CheckAsync(Target, null, TestContext.Current.CancellationToken);
        Assert.Equal(CheckReason.TimeSpent, report.Hosts[0].Reason);

        report = await new DaneChecker(world, new SlowProber(world), new() { WaitsForItsTurn = waits }, world.Clock).CheckAsync(Target, null, TestContext.Current.CancellationToken);
        Assert.Equal((CheckVerdict.Undetermined, CheckReason.TimeSpent), (report.Verdict, report.Reason));
    }

    [Fact]
    public async Task Many_checks_of_hosts_at_one_address_keep_to_what_it_gets_a_minute_and_all_are_made()
    {
        var world = World.Sound();
        for (var i = 0; i < 6; i++) world.Mx($"example{i}.org", (10, $"mx{i}.example.org")).Address($"mx{i}.example.org", "192.0.2.1").Tlsa($"_25._tcp.mx{i}.example.org", World.EcRecord);
        var polite = new PoliteProber(world, world.Clock, new() { ConnectionsPerMinute = 3 });
        var checker = new DaneChecker(world, polite, new() { WaitsForItsTurn = true }, world.Clock);

        var checks = Enumerable.Range(0, 6).Select(i => checker.CheckAsync(CheckTarget.MailDomain(DomainName.Parse($"example{i}.org")), null, TestContext.Current.CancellationToken)).ToArray();

        // What it prefers, RSA and EdDSA of each: eighteen, in six minutes and not in one.
        for (var minute = 1; minute <= 6; minute++)
        {
            while (world.Probed.Count < 3 * minute) await Task.Delay(1, TestContext.Current.CancellationToken);
            Assert.Equal(3 * minute, world.Probed.Count);
            world.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.All(await Task.WhenAll(checks), report => Assert.Equal(CheckVerdict.Verified, report.Verdict));
        Assert.Equal(18, world.Probed.Count);
    }

    [Fact]
    public async Task The_other_kinds_of_key_are_asked_for_only_where_the_first_handshake_was_completed()
    {
        var world = World.Sound().Address("mx.example.org", "192.0.2.1", "192.0.2.2").Refuse("192.0.2.2", ProbeOutcome.StartTlsNotOffered);

        await world.CheckAsync("example.org");

        Assert.Equal(["192.0.2.1 Any", "192.0.2.1 Eddsa", "192.0.2.1 Rsa", "192.0.2.2 Any"], world.Probed.Select(target => $"{target.Address.Address} {target.Algorithm}").Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(KeyAlgorithm.Rsa, "Any Ecdsa Eddsa")]
    [InlineData(KeyAlgorithm.Ecdsa, "Any Rsa Eddsa")]
    public async Task Of_a_server_that_shows_one_kind_of_key_the_others_are_asked_for(KeyAlgorithm shown, string asked)
    {
        var world = World.Sound().Serve("192.0.2.1", shown == KeyAlgorithm.Rsa ? World.RsaLeaf : World.EcLeaf);

        await world.CheckAsync("example.org");

        Assert.Equal(asked, string.Join(' ', world.Probed.Select(target => target.Algorithm)));
    }

    [Fact]
    public async Task Connections_go_where_the_rules_say_and_the_report_names_the_real_address()
    {
        var world = World.Sound();
        Assert.True(ConnectToRule.TryParse(":25:127.0.0.1:2525", out var rule, out _));

        var report = await world.CheckAsync("example.org", new() { ConnectTo = [rule] });

        Assert.All(world.Probed, target => Assert.Equal("127.0.0.1:2525", target.ConnectTo.ToString()));
        Assert.All(report.Hosts[0].Endpoints, endpoint => Assert.Equal("192.0.2.1:25", endpoint.Observation.Target.Address.ToString()));
    }

    [Fact]
    public async Task Progress_tells_each_stage_in_order()
    {
        var world = World.Sound();
        var told = new Listener();

        await new DaneChecker(world, world, new(), world.Clock).CheckAsync(Target, told, TestContext.Current.CancellationToken);

        Assert.Equal([CheckStage.FindingHosts, CheckStage.LookingUp, CheckStage.LookingUp, CheckStage.Probing, CheckStage.Probing, CheckStage.Done], told.Steps.Select(step => step.Stage));
    }

    [Fact]
    public async Task A_report_does_not_depend_on_the_order_in_which_answers_come()
    {
        var quick = Wide();
        var slow = Wide();

        var first = await quick.CheckAsync("example.org");
        var second = await new DaneChecker(new Shuffled(slow), slow, new(), slow.Clock).CheckAsync(Target, null, TestContext.Current.CancellationToken);

        Assert.Equal(ReportText.Of(first), ReportText.Of(second));
    }

    private static CheckTarget Target => CheckTarget.MailDomain(DomainName.Parse("example.org"));

    private static World Wide()
    {
        var world = new World();
        world.Mx("example.org", [.. Enumerable.Range(0, 6).Select(i => (10 + (i % 2), $"mx{i}.example.org"))]);
        for (var i = 0; i < 6; i++)
            world.Address($"mx{i}.example.org", $"192.0.2.{i}", $"2001:db8::{i}").Tlsa($"_25._tcp.mx{i}.example.org", World.EcRecord).Serve($"192.0.2.{i}", i == 3 ? World.OtherEcLeaf : World.EcLeaf);
        return world;
    }

    /// <summary>Answers one question only when the clock has passed every limit.</summary>
    private sealed class Slow(World world, string slow) : ILookup
    {
        public async ValueTask<Answer> LookupAsync(DomainName name, RecordType type, CancellationToken cancellationToken = default)
        {
            if ($"{name} {RecordTypes.ToText(type)}" != slow) return await world.LookupAsync(name, type, cancellationToken);
            world.Clock.Advance(TimeSpan.FromSeconds(45));
            cancellationToken.ThrowIfCancellationRequested();
            throw new InvalidOperationException("the time should be over");
        }
    }

    private sealed class SlowProber(World world, string? slow = null) : IProber
    {
        public async ValueTask<Observation> ProbeAsync(ProbeTarget target, CancellationToken cancellationToken = default)
        {
            if (slow is not null && target.Address.Address.ToString() != slow) return await world.ProbeAsync(target, cancellationToken);
            world.Clock.Advance(TimeSpan.FromSeconds(45));
            cancellationToken.ThrowIfCancellationRequested();
            throw new InvalidOperationException("the time should be over");
        }
    }

    /// <summary>The first probe waits for the test; the others are answered at once.</summary>
    private sealed class HeldProber(World world, TaskCompletionSource there, TaskCompletionSource leave) : IProber
    {
        public async ValueTask<Observation> ProbeAsync(ProbeTarget target, CancellationToken cancellationToken = default)
        {
            if (there.TrySetResult()) await leave.Task;
            return await world.ProbeAsync(target, cancellationToken);
        }
    }

    private sealed class CountingProber : IProber
    {
        private readonly ConcurrentDictionary<string, int> _perAddress = new();
        private int _now;

        public int Made { get; private set; }

        public int MostAtOnce { get; private set; }

        public int MostToOneAddress { get; private set; }

        public async ValueTask<Observation> ProbeAsync(ProbeTarget target, CancellationToken cancellationToken = default)
        {
            var address = target.ConnectTo.Address.ToString();
            lock (_perAddress)
            {
                Made++;
                MostAtOnce = Math.Max(MostAtOnce, ++_now);
                MostToOneAddress = Math.Max(MostToOneAddress, _perAddress.AddOrUpdate(address, 1, (_, count) => count + 1));
            }

            for (var i = 0; i < 20; i++) await Task.Yield();
            lock (_perAddress)
            {
                _now--;
                _perAddress[address]--;
            }

            return new() { Target = target, Outcome = ProbeOutcome.Refused };
        }
    }

    private sealed class Shuffled(World world) : ILookup
    {
        private int _count;

        public async ValueTask<Answer> LookupAsync(DomainName name, RecordType type, CancellationToken cancellationToken = default)
        {
            var turns = Interlocked.Increment(ref _count) * 7 % 5 * 10;
            for (var i = 0; i < turns; i++) await Task.Yield();
            return await world.LookupAsync(name, type, cancellationToken);
        }
    }

    private sealed class Listener : IProgress<CheckProgress>
    {
        public List<CheckProgress> Steps { get; } = [];

        public void Report(CheckProgress value) => Steps.Add(value);
    }
}
