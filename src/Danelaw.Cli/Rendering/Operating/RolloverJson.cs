using System.Globalization;
using System.Text.Json;
using Danelaw.Operator.Rollover;

namespace Danelaw.Cli.Rendering.Operating;

/// <summary><c>danelaw.rollover/1</c>.</summary>
internal static class RolloverJson
{
    public static byte[] Document(string verb, IReadOnlyList<ToldRoll> rolls, DateTimeOffset now) => JsonText.Line(json =>
    {
        json.WriteString("schema", "danelaw.rollover/1");
        json.WriteString("verb", verb);
        json.WriteStartArray("rolls");
        foreach (var roll in rolls) Write(json, roll, now);
        json.WriteEndArray();
    });

    private static void Write(Utf8JsonWriter json, ToldRoll roll, DateTimeOffset now)
    {
        json.WriteStartObject();
        json.WriteString("name", roll.Settings.Name);
        json.WriteString("verdict", Kebab.Of(roll.Verdict));
        json.WriteString("phase", roll.Phase);
        Write(json, "since", roll.Kept?.Since);
        Write(json, "looked", roll.Kept?.Looked);
        json.WriteString("wait", roll.Kept is null ? "unknown" : Kebab.Of(roll.Kept.Wait));
        if (roll.Remaining(now) is { } remaining) json.WriteNumber("remaining", Math.Ceiling(remaining.TotalSeconds));
        else json.WriteNull("remaining");
        json.WriteString("next", roll.Kept is { } kept ? RollTelling.Next(kept.State, kept.Wait, roll.Remaining(now)) : "");
        json.WriteStartArray("keys");
        foreach (var slot in roll.Kept?.State.Slots ?? [])
        {
            var file = roll.Settings.Chains.FirstOrDefault(chain => Kebab.Of(chain.Algorithm) == slot.Algorithm)?.File;
            Write(json, "current", slot.Algorithm, file, slot.Current, roll.Kept!.SinceOf(slot, slot.Current));
            if (slot.Leaving is { } leaving) Write(json, "leaving", slot.Algorithm, file, leaving, null);
            if (slot.Next is { } next) Write(json, "next", slot.Algorithm, file, next, roll.Kept!.SinceOf(slot, next));
        }

        json.WriteEndArray();
        Write(json, "standby", roll.Kept?.State.Slots.SelectMany(slot => slot.Standby.Records).Select(record => record.ToString()) ?? []);
        Write(json, "foreign", roll.Kept?.State.Foreign.Records.Select(record => record.ToString()) ?? []);
        Write(json, "planned", roll.Planned.Select(RolloverText.Say).Prepend(roll.TakenUp).OfType<string>());
        json.WriteStartArray("changes");
        foreach (var change in roll.Changes)
        {
            json.WriteStartObject();
            json.WriteString("place", change.Place.ToString());
            Write(json, "before", change.Before.Records.Select(record => record.ToString()));
            Write(json, "after", change.After.Records.Select(record => record.ToString()));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("form");
        foreach (var form in roll.Forms) PublishJson.WriteForm(json, form);
        json.WriteEndArray();
        Write(json, "done", roll.Done);
        Write(json, "faults", roll.Faults);
        Write(json, "problems", roll.Problems);
        json.WriteStartArray("events");
        foreach (var one in roll.Events)
        {
            json.WriteStartObject();
            Write(json, "at", one.At);
            json.WriteString("what", one.What);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string role, string algorithm, string? file, Chain chain, DateTimeOffset? since)
    {
        json.WriteStartObject();
        json.WriteString("role", role);
        json.WriteString("algorithm", algorithm);
        json.WriteString("file", file ?? "");
        json.WriteString("key", chain.Key.ToHex());
        Write(json, "since", since);
        Write(json, "notBefore", chain.NotBefore);
        Write(json, "notAfter", chain.NotAfter);
        Write(json, "records", chain.Records.Records.Select(record => record.ToString()));
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, string name, DateTimeOffset? time)
    {
        if (time is { } known) json.WriteString(name, known.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        else json.WriteNull(name);
    }
}
