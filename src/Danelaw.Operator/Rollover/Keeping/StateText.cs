using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using Danelaw.Dns;
using Danelaw.Tlsa;

namespace Danelaw.Operator.Rollover.Keeping;

/// <summary>The state of a roll as text (JSON), for its place in the file of states.</summary>
internal static class StateText
{
    internal static string Write(RolloverState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var kept = new KeptState
        {
            Phase = state.Phase.ToString(),
            Held = [.. state.Held.Select(held => new KeptHeld { Records = Write(held.Records), Time = held.Time.Ticks, IsWhole = held.IsWhole })],
            Boot = state.LastLook.Boot ?? "",
            Uptime = state.LastLook.Elapsed.Ticks,
            TimesToLive = Write(state.TimesToLive.Entries),
            Copies = Write(state.TimesToLive.Copies),
            Foreign = Write(state.Foreign),
            Over = [.. state.Over.Select(record => record.ToString())],
            Owners = [.. state.Owners],
            Servers = [.. state.Servers.Select(known => new KeptServer { Owner = known.Owner, Server = known.Server, Records = Write(known.Records), Gone = known.Gone?.Ticks, TimeToLive = known.TimeToLive.Ticks, NamedFor = known.NamedFor.Ticks, IsSilent = known.IsSilent })],
            Retired = [.. state.Retired.Select(digest => digest.ToHex())],
            Replaced = [.. state.Replaced.Select(digest => digest.ToHex())],
            Slots = [.. state.Slots.Select(slot => new KeptSlot { Algorithm = slot.Algorithm, Current = Write(slot.Current), Next = slot.Next is null ? null : Write(slot.Next), Standby = Write(slot.Standby), Leaving = slot.Leaving is null ? null : Write(slot.Leaving) })],
        };
        return JsonSerializer.Serialize(kept, StateJson.Default.KeptState);
    }

    /// <summary>Reads what <see cref="Write(RolloverState)"/> wrote.</summary>
    /// <returns>False for anything else; nothing of it is believed then.</returns>
    internal static bool TryRead(string text, [NotNullWhen(true)] out RolloverState? state)
    {
        state = null;
        try
        {
            if (JsonSerializer.Deserialize(text, StateJson.Default.KeptState) is not { } kept || !Enum.TryParse<RolloverPhase>(kept.Phase, out var phase) || !Enum.IsDefined(phase)) return false;
            // A release that kept no copies kept no silence either: where its last look missed a server, it may have been any.
            var isOneUnseen = kept.Copies is null && kept.Held.Any(held => !held.IsWhole);
            state = new()
            {
                Phase = phase,
                Held = [.. kept.Held.Select(held => new HeldSet(Read(held.Records), new(held.Time), held.IsWhole))],
                LastLook = new(kept.Boot, new(kept.Uptime)),
                TimesToLive = TimeToLiveMemory.Of(Read(kept.TimesToLive), kept.Copies is null ? null : Read(kept.Copies)),
                Foreign = Read(kept.Foreign),
                Over = [.. kept.Over.Select(Record)],
                Owners = [.. kept.Owners ?? []],
                Servers = [.. (kept.Servers ?? []).Select(known => new KnownServer(known.Owner, known.Server, Read(known.Records), known.Gone is { } gone ? new TimeSpan(gone) : null) { TimeToLive = new(known.TimeToLive), NamedFor = new(known.NamedFor), IsSilent = known.IsSilent || isOneUnseen })],
                Retired = [.. kept.Retired.Select(Digest)],
                Replaced = [.. (kept.Replaced ?? []).Select(Digest)],
                Slots = [.. kept.Slots.Select(slot => new KeySlot(slot.Algorithm, Read(slot.Current), slot.Next is null ? null : Read(slot.Next), Read(slot.Standby)) { Leaving = slot.Leaving is null ? null : Read(slot.Leaving) })],
            };

            // A roll is on exactly when some slot has a next chain; a state that says otherwise is not one that was written here.
            return state.Slots.Length > 0 && state.Slots.Count(slot => slot.Next is not null) == (phase == RolloverPhase.Steady ? 0 : 1);
        }
        catch (Exception fault) when (fault is JsonException or FormatException or ArgumentException or OverflowException)
        {
            state = null;
            return false;
        }
    }

    private static KeptTime[] Write(IEnumerable<TimeToLiveMemory.Entry> entries) => [.. entries.Select(entry => new KeptTime { TimeToLive = entry.TimeToLive.Ticks, Unseen = entry.Unseen?.Ticks })];

    private static TimeToLiveMemory.Entry[] Read(KeptTime[] entries) => [.. entries.Select(entry => new TimeToLiveMemory.Entry(new(entry.TimeToLive), entry.Unseen is { } unseen ? new TimeSpan(unseen) : null))];

    private static string[] Write(TlsaSet set) => [.. set.Records.Select(record => record.ToString())];

    private static TlsaSet Read(string[] records) =>
        TlsaSet.Of(records.Select(Record));

    private static TlsaRecord Record(string text) => TlsaRecord.TryParse(text, out var record, out var fault) ? record : throw new FormatException(fault);

    private static KeptChain Write(Chain chain) => new()
    {
        Content = chain.Content.ToHex(),
        Key = chain.Key.ToHex(),
        Leaf = chain.Leaf.ToHex(),
        Records = Write(chain.Records),
        Meaning = Write(chain.Meaning),
        IsOwn = chain.IsOwn,
        NotBefore = chain.NotBefore.UtcTicks,
        NotAfter = chain.NotAfter.UtcTicks,
    };

    private static Chain Read(KeptChain chain) =>
        new(Digest(chain.Content), Digest(chain.Key), Read(chain.Records), new(chain.NotBefore, TimeSpan.Zero), new(chain.NotAfter, TimeSpan.Zero)) { Leaf = Digest(chain.Leaf), Meaning = Read(chain.Meaning).Union(Read(chain.Records)), IsOwn = chain.IsOwn };

    private static Octets Digest(string hex) => Octets.TryParseHex(hex, out var octets) && octets.Length == 32 ? octets : throw new FormatException("a digest has 32 octets");
}

internal sealed record KeptState
{
    public required string Phase { get; init; }

    public required KeptHeld[] Held { get; init; }

    public required string Boot { get; init; }

    public required long Uptime { get; init; }

    public required KeptTime[] TimesToLive { get; init; }

    /// <summary>Null in what was written before there was such.</summary>
    public KeptTime[]? Copies { get; init; }

    public required string[] Foreign { get; init; }

    public required string[] Over { get; init; }

    /// <summary>Null in form 2.</summary>
    public string[]? Owners { get; init; }

    /// <summary>Null in form 2.</summary>
    public KeptServer[]? Servers { get; init; }

    public required string[] Retired { get; init; }

    /// <summary>Null in what was written before there was such.</summary>
    public string[]? Replaced { get; init; }

    public required KeptSlot[] Slots { get; init; }
}

internal sealed record KeptServer
{
    public required string Owner { get; init; }

    public required string Server { get; init; }

    public required string[] Records { get; init; }

    public long? Gone { get; init; }

    public long TimeToLive { get; init; }

    public long NamedFor { get; init; }

    public bool IsSilent { get; init; }
}

internal sealed record KeptTime
{
    public required long TimeToLive { get; init; }

    public long? Unseen { get; init; }
}

internal sealed record KeptHeld
{
    public required string[] Records { get; init; }

    public required long Time { get; init; }

    public required bool IsWhole { get; init; }
}

internal sealed record KeptSlot
{
    public required string Algorithm { get; init; }

    public required KeptChain Current { get; init; }

    public KeptChain? Next { get; init; }

    public required string[] Standby { get; init; }

    /// <summary>Null as a rule, and in what was written before there was such.</summary>
    public KeptChain? Leaving { get; init; }
}

internal sealed record KeptChain
{
    public required string Content { get; init; }

    public required string Key { get; init; }

    public required string Leaf { get; init; }

    public required string[] Records { get; init; }

    public required string[] Meaning { get; init; }

    public required bool IsOwn { get; init; }

    public required long NotBefore { get; init; }

    public required long NotAfter { get; init; }
}

[JsonSerializable(typeof(KeptState))]
internal sealed partial class StateJson : JsonSerializerContext;
