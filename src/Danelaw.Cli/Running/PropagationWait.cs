using System.Collections.Immutable;
using System.Globalization;
using Danelaw.Dns.Names;
using Danelaw.Operator;
using Danelaw.Operator.Publishing.Propagation;
using Danelaw.Operator.Rollover;

namespace Danelaw.Cli.Running;

/// <summary>What the servers have.</summary>
/// <param name="Gate">How far they are.</param>
/// <param name="Views">What each said last.</param>
/// <param name="CachesNeed">How long caches may still keep what was there before; null while a server still gives it to them.</param>
internal sealed record Propagation(PropagationGate Gate, ImmutableArray<AuthoritativeView> Views, TimeSpan? CachesNeed);

/// <summary>Waits until every authoritative server has what was published.</summary>
/// <param name="servers">Asks them.</param>
/// <param name="clock">Measures the wait.</param>
/// <param name="voice">Where progress is shown.</param>
internal sealed class PropagationWait(Func<AuthoritativeServers> servers, TimeProvider clock, Voice voice)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    /// <summary>Looks until the gate opens or the time is over; once at least.</summary>
    /// <param name="gate">The gate, which may have seen the servers before.</param>
    /// <param name="owners">The owners.</param>
    /// <param name="limit">How long to wait.</param>
    /// <param name="take">What a server's answer counts as.</param>
    /// <param name="begun">The moment that the gate's clock begins at.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<Propagation> WaitAsync(PropagationGate gate, ImmutableArray<DomainName> owners, TimeSpan limit, Func<AuthoritativeView, ServerView> take, long begun, CancellationToken cancellationToken)
    {
        var started = clock.GetElapsedTime(begun);
        var pause = FirstPause;
        while (true)
        {
            var views = await servers().AskAsync(owners, cancellationToken).ConfigureAwait(false);
            var now = clock.GetElapsedTime(begun);
            gate = gate.See([.. views.Select(take)], now);
            var left = started + limit - now;
            if (gate.IsOpen || left <= TimeSpan.Zero) return new(gate, views, gate.CachesNeed(now));
            voice.Progress(Say(gate, left));
            await Task.Delay(pause < left ? pause : left, clock, cancellationToken).ConfigureAwait(false);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private static string Say(PropagationGate gate, TimeSpan left)
    {
        var missing = gate.Servers.Where(server => server.Standing != ServerStanding.Current).ToArray();
        var first = missing.Length == 0 ? "" : $", not {missing[0].Server}{(missing.Length > 1 ? string.Create(CultureInfo.InvariantCulture, $" and {missing.Length - 1} more") : "")}";
        return string.Create(CultureInfo.InvariantCulture, $"{gate.Servers.Length - missing.Length} of {gate.Servers.Length} have it{first}; {Duration.Say(left)} left");
    }
}
