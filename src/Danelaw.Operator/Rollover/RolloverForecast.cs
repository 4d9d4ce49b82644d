using System.Collections.Immutable;

namespace Danelaw.Operator.Rollover;

/// <summary>What a run does from a step on, where servers and endpoints follow at once and nothing fails. Pure: it lets the plan itself decide.</summary>
internal static class RolloverForecast
{
    /// <summary>From the offer of a key to the old one's end there are fewer looks at which something is done.</summary>
    private const int MostLooks = 12;

    /// <summary>All actions, in order, until something takes its time.</summary>
    /// <param name="step">The first step.</param>
    /// <param name="seen">What was seen before it.</param>
    /// <param name="margin">The margin of the roll.</param>
    /// <param name="isByHand">Whether a person publishes, who takes his time.</param>
    internal static ImmutableArray<RolloverAction> Of(RolloverStep step, RolloverObservation seen, TimeSpan margin, bool isByHand)
    {
        var planned = ImmutableArray.CreateBuilder<RolloverAction>();
        var phase = (RolloverPhase?)null;
        for (var look = 0; look < MostLooks && step.Refusal is null && !(step.Actions.IsEmpty && step.State.Phase == phase); look++)
        {
            // Told once and still waited for: it is down.
            if (look > 0 && step.Actions is [RolloverAction.Reload] && planned[^1] is RolloverAction.Reload) break;
            planned.AddRange(step.Actions);
            if (isByHand && step.Actions.Any(action => action is RolloverAction.Publish)) break;
            phase = step.State.Phase;
            seen = step.Actions.Aggregate(seen, (world, action) => After(world, step.State, action));
            step = RolloverPlan.Next(step.State, seen, margin);
        }

        return planned.ToImmutable();
    }

    private static RolloverObservation After(RolloverObservation seen, RolloverState state, RolloverAction action) => action switch
    {
        RolloverAction.Publish publish => seen with { Servers = [.. seen.Servers.Select(view => view.Records is { } has ? view with { Records = publish.From(has) } : view)] },
        RolloverAction.Install install => Loaded(seen with { Installed = seen.Installed.SetItem(install.Algorithm, install.Chain.Content) }, state, install.Chain),
        _ => Loaded(seen, state, null),
    };

    /// <summary>Every endpoint that answers shows what is in its file.</summary>
    private static RolloverObservation Loaded(RolloverObservation seen, RolloverState state, Chain? installed)
    {
        var chains = state.Slots.SelectMany(slot => slot.Chains).Append(installed).OfType<Chain>().ToArray();
        return seen with
        {
            Endpoints = [.. seen.Endpoints.Select(view => view.Key is not null && seen.Installed.TryGetValue(view.Algorithm, out var content) && chains.FirstOrDefault(chain => chain.Content == content) is { } shown
                ? view with { Key = shown.Key, Leaf = shown.Leaf, Meaning = shown.Meaning }
                : view)],
        };
    }
}
