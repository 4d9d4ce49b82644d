using Danelaw.Operator.Publishing.Propagation;
using Danelaw.Operator.Rollover;
using Danelaw.Tlsa;

namespace Danelaw.Operator.Tests.Publishing;

public sealed class PropagationGateTests
{
    private const string Owner = "_25._tcp.mx.example.org.";

    private static readonly TlsaSet Old = Set("aa");
    private static readonly TlsaSet New = Set("aa", "bb");

    private static TlsaSet Set(params string[] letters) => TlsaSet.Of(letters.Select(letter => TlsaRecord.TryParse($"3 1 1 {string.Concat(Enumerable.Repeat(letter, 32))}", out var record, out _) ? record : default));

    private static ServerView View(string server, TlsaSet? records, int timeToLive = 300, string owner = Owner) => new(owner, server, records, TimeSpan.FromSeconds(timeToLive));

    private static TimeSpan At(int seconds) => TimeSpan.FromSeconds(seconds);

    [Fact, Rfc(7671, "8.1")]
    public void It_opens_when_the_last_server_has_the_set_and_caches_need_the_largest_TTL_from_then_on()
    {
        var gate = PropagationGate.For([new(Owner, New)]);
        gate = gate.See([View("a", New), View("b", Old, 900)], At(0));
        Assert.False(gate.IsOpen);
        gate = gate.See([View("a", New), View("b", New)], At(10));
        Assert.Equal((true, At(890)), (gate.IsOpen, gate.CachesNeed(At(20))));
        Assert.Equal(TimeSpan.Zero, gate.CachesNeed(At(5000)));
    }

    [Fact]
    public void It_closes_again_when_a_server_goes_back_or_falls_silent_and_the_wait_begins_anew()
    {
        var gate = PropagationGate.For([new(Owner, New)]).See([View("a", New), View("b", New)], At(0));
        Assert.True(gate.IsOpen);
        gate = gate.See([View("a", New), View("b", null)], At(5));
        Assert.Equal((false, null), (gate.IsOpen, gate.CachesNeed(At(5))));
        gate = gate.See([View("a", New), View("b", New)], At(9));
        Assert.Equal((At(0), At(9), At(9)), (gate.Servers[0].Since, gate.Servers[1].Since, gate.HeldSince));
    }

    [Fact]
    public void More_records_than_were_wanted_are_another_set() =>
        Assert.Equal(ServerStanding.Other, PropagationGate.For([new(Owner, Old)]).See([View("a", New)], At(0)).Servers[0].Standing);

    [Fact]
    public void Nobody_asked_for_an_owner_keeps_it_closed()
    {
        var gate = PropagationGate.For([new(Owner, New), new("_465._tcp.mx.example.org.", New)]);
        Assert.False(gate.See([], At(0)).IsOpen);
        Assert.False(gate.See([View("a", New)], At(0)).IsOpen);
        Assert.True(gate.See([View("a", New), View("a", New, owner: "_465._TCP.MX.example.org.")], At(0)).IsOpen);
    }

    [Fact]
    public void Without_an_owner_there_is_no_gate() => Assert.Throws<ArgumentException>(() => PropagationGate.For([]));
}
