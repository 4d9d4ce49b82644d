using System.Globalization;
using Danelaw.Cli.Options;
using Danelaw.Operator;
using Danelaw.Operator.Publishing;
using Danelaw.Operator.Rollover;

namespace Danelaw.Cli.Rendering.Operating;

/// <summary>Rolls as text: one screen.</summary>
internal static class RolloverText
{
    private const int ShownEvents = 5, Column = 12;

    public static void Write(Page page, IReadOnlyList<ToldRoll> rolls, DateTimeOffset now, Output output)
    {
        foreach (var roll in rolls)
        {
            if (!page.IsEmpty && !output.IsQuiet) page.Gap();
            Write(page, roll, now, output);
        }
    }

    private static void Write(Page page, ToldRoll roll, DateTimeOffset now, Output output)
    {
        var tone = roll.Verdict switch { RollVerdict.Done => Tone.Good, RollVerdict.Waiting => Tone.Doubt, RollVerdict.Failed => Tone.Bad };
        var word = roll.Verdict switch { RollVerdict.Done => "steady", RollVerdict.Waiting => roll.Phase == "steady" ? "waiting" : roll.Phase, RollVerdict.Failed => "cannot go on" };
        var since = roll.Kept is { } kept ? $" since {Time(kept.Since)} ({Ago(now - kept.Since)})" : "";
        page.Line(0, new Ink(roll.Settings.Name, Tone.Strong), ": ", new Ink((roll.Kept is null && roll.Verdict == RollVerdict.Waiting) || roll.TakenUp is not null ? "not taken up yet" : word, tone), new Ink(roll.Verdict == RollVerdict.Failed || roll.TakenUp is not null ? "" : since, Tone.Faint));
        foreach (var fault in roll.Faults) page.Column(2, new Ink("error", Tone.Bad), Column, fault);
        foreach (var problem in roll.Problems.Except(roll.Faults)) page.Column(2, new Ink("note", Tone.Doubt), Column, problem);
        foreach (var done in roll.Done) page.Column(2, new Ink(roll.IsRun ? "this run" : "done", Tone.Good), Column, done);
        if (output.IsQuiet) return;
        page.Column(2, "services", Column, string.Join(", ", roll.Settings.Owners.Select(owner => owner.Text)));
        if (roll.Kept is { } known)
        {
            foreach (var slot in known.State.Slots)
            {
                // While the old records are retired, and while an emergency looks at what is in use, the next chain is the one that is shown.
                var isOver = known.State.Phase == RolloverPhase.Retiring && slot.Next is not null && slot.Next.Key != slot.Current.Key;
                Write(page, slot.Algorithm, isOver ? "before" : "shown", slot.Current, known.SinceOf(slot, slot.Current), now);
                if (slot.Next is { } next) Write(page, slot.Algorithm, isOver ? "shown" : next.Key == slot.Current.Key ? "the same" : "to follow", next, known.SinceOf(slot, next), now);
                if (slot.Leaving is { } leaving) Write(page, slot.Algorithm, "leaving", leaving, null, now);
                if (!slot.Standby.IsEmpty) page.Column(2, "standby", Column, $"{string.Join(", ", slot.Standby.Records)}{Since(known.SinceOfStandby(slot), now)}");
            }

            if (!known.State.Foreign.IsEmpty) page.Column(2, "kept", Column, $"{known.State.Foreign.Records.Length} records that are none of this roll's (foreign = \"remove\" takes them out): {string.Join(", ", known.State.Foreign.Records)}");
        }

        if (roll.TakenUp is { } taken) page.Column(2, new Ink("would", Tone.Strong), Column, $"be {taken}");
        foreach (var action in roll.Planned) page.Column(2, new Ink("would", Tone.Strong), Column, Say(action));
        var isByHand = roll.Settings.Publisher is PublisherSettings.Manual && !roll.Changes.IsEmpty;
        foreach (var change in roll.Planned.IsEmpty && !isByHand ? [] : roll.Changes)
        {
            page.Column(2, "records", Column, $"at {change.Place}");
            PublishText.WriteSet(page, 2 + Column, change.Before, change.After);
        }

        if (isByHand && roll.Changes.Any(change => !change.Before.Except(change.After).IsEmpty)) page.Column(2, "", Column, "at your DNS host, delete those marked -");
        foreach (var form in roll.Forms)
        {
            page.Gap();
            page.Line(2, new Ink("type at your DNS host", Tone.Strong));
            PublishText.WriteForm(page, form);
        }

        if (!roll.Forms.IsEmpty) page.Gap();
        var remaining = roll.Remaining(now);
        if (roll.Kept is { } waiting) page.Column(2, new Ink("next", Tone.Strong), Column, RollTelling.Next(waiting.State, waiting.Wait, remaining) + (remaining is { } left && left > TimeSpan.Zero ? $" ({Time(now + left)})" : ""));
        else page.Column(2, new Ink("next", Tone.Strong), Column, roll.Verdict == RollVerdict.Failed ? "mend what stands above, and run danelaw rollover run" : "danelaw rollover run takes it up");
        if (roll.Kept is { } looked) page.Column(2, new Ink("looked", Tone.Faint), Column, $"{Time(looked.Looked)} ({Ago(now - looked.Looked)})");
        foreach (var one in roll.Events.Take(output.IsVerbose ? ToldRoll.MostEvents : ShownEvents)) page.Column(2, new Ink(Time(one.At), Tone.Faint), 24, one.What);
    }

    /// <summary>What an action is, as a phrase.</summary>
    public static string Say(RolloverAction action) => action switch
    {
        RolloverAction.Publish publish => publish.Over.IsEmpty ? $"publish {publish.Records}" : $"publish {publish.Records}, and take out {publish.Over}",
        RolloverAction.Install install => $"put the chain of key {RollTelling.Short(install.Chain)} into its file ({install.Algorithm}), and reload",
        _ => "reload",
    };

    private static void Write(Page page, string slot, string role, Chain chain, DateTimeOffset? since, DateTimeOffset now) =>
        page.Column(2, role, Column, $"key {RollTelling.Short(chain)}{(slot == "any" ? "" : $" ({slot})")}{Since(since, now)}, valid until {chain.NotAfter.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)} ({(chain.NotAfter > now ? $"{Duration.Say(chain.NotAfter - now)} left" : "expired")}); {string.Join(", ", chain.Records.Records.Select(record => record.Parameters))}");

    private static string Since(DateTimeOffset? since, DateTimeOffset now) => since is { } time ? $", since {Time(time)} ({Ago(now - time)})" : "";

    private static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Ago(TimeSpan time) => time switch
    {
        { Ticks: < 0 } => "the clock was set back",
        { TotalSeconds: < 120 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(time.TotalSeconds):0} s ago"),
        { TotalMinutes: < 120 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(time.TotalMinutes):0} min ago"),
        { TotalHours: < 48 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(time.TotalHours):0} h ago"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(time.TotalDays):0} days ago"),
    };
}
