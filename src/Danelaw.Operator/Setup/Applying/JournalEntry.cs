using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Danelaw.Dns.Names;
using Danelaw.Operator.Changes;
using Danelaw.Operator.Rollover;
using Danelaw.Tlsa;

namespace Danelaw.Operator.Setup.Applying;

/// <summary>How far a setup has come, as its journal says. Closed.</summary>
internal enum JournalState
{
    /// <summary>It is being carried out; where nobody is at work, it was interrupted.</summary>
    Applying = 0,

    /// <summary>It was carried out.</summary>
    Applied,

    /// <summary>It is being taken back; where nobody is at work, that was interrupted.</summary>
    Undoing,

    /// <summary>It was taken back.</summary>
    Undone,
}

/// <summary>What became of a file.</summary>
internal sealed record JournalFile
{
    /// <summary>The file, links followed.</summary>
    public required string Path { get; init; }

    /// <summary>Whether it was there before.</summary>
    public bool Existed { get; init; }

    /// <summary>The name of its copy in the journal's folder; null where it was not there.</summary>
    public string? Backup { get; init; }

    /// <summary>The SHA-256 of what it held before, in hexadecimal digits; null where it was not there.</summary>
    public string? Before { get; init; }

    /// <summary>The SHA-256 of all that was or was about to be written there, in order.</summary>
    public ImmutableArray<string> After { get; init; } = [];

    /// <summary>Its permission bits before.</summary>
    public int Mode { get; init; }

    /// <summary>Of a chain file the file that its private key was taken from, which servers read before; null of any other.</summary>
    public string? Origin { get; init; }

    /// <summary>Where nothing but these lines was altered, what they were and became; empty where the file is a setup's as a whole.</summary>
    public ImmutableArray<JournalLine> Lines { get; init; } = [];

    /// <summary>Whether it is somebody else's file, of which lines were altered and nothing else.</summary>
    [JsonIgnore]
    internal bool IsByLines => !Lines.IsDefaultOrEmpty;

    /// <summary>A text of the file with those lines as they were.</summary>
    internal string WithoutLines(string text) => Lines.Reverse().Aggregate(text, (kept, line) => Edit.TakeLineBack(kept, line.Before, line.After));

    /// <summary>Its owner.</summary>
    public uint UserId { get; init; }

    /// <summary>Its group.</summary>
    public uint GroupId { get; init; }
}

/// <summary>A line of a file that others go on writing to.</summary>
/// <param name="Before">The line before; null where it was added.</param>
/// <param name="After">The line that came in its place.</param>
internal sealed record JournalLine(string? Before, string After);

/// <summary>A program that was told to read its files again, and has to be told once more when they are put back.</summary>
/// <param name="Service">The program.</param>
/// <param name="Configuration">Its folder or file.</param>
internal sealed record JournalReload(ManagedService Service, string Configuration);

/// <summary>A TLSA RRset that the setup is about.</summary>
/// <param name="Owner">The owner.</param>
/// <param name="Before">What was published before, as zone files write it.</param>
/// <param name="After">What was to be published.</param>
/// <param name="TimeToLive">The TTL in seconds.</param>
internal sealed record JournalRecord(string Owner, ImmutableArray<string> Before, ImmutableArray<string> After, uint TimeToLive)
{
    /// <summary>Whether this setup has published it.</summary>
    public bool IsPublished { get; init; }

    /// <summary>Whether it was seen in the DNS, whoever has published it.</summary>
    public bool WasSeen { get; init; }

    /// <summary>The TTL in seconds of what was published before; 0 where there was nothing.</summary>
    public uint BeforeTimeToLive { get; init; }

    /// <summary>Whether a wildcard gave what was published before; false in journals of before, which do not say.</summary>
    public bool IsBeforeFromWildcard { get; init; }

    /// <summary>Whether it was found, and no setup has altered it or asked for that.</summary>
    [JsonIgnore]
    internal bool IsFound => Before.SequenceEqual(After);

    internal static JournalRecord Of(SetupRecord record) =>
        new(record.Owner.ToString(), [.. (record.Before ?? TlsaSet.Empty).Records.Select(one => one.ToString())], [.. record.After.Records.Select(one => one.ToString())], record.TimeToLive) { BeforeTimeToLive = record.BeforeTimeToLive, IsBeforeFromWildcard = record.IsBeforeFromWildcard };

    internal SetupRecord ToRecord() => new(DomainName.Parse(Owner), Set(Before), Set(After), TimeToLive) { BeforeTimeToLive = BeforeTimeToLive, IsBeforeFromWildcard = IsBeforeFromWildcard };

    /// <summary>One that could not be read when it was found has no data, and none in the journal.</summary>
    private static TlsaSet Set(ImmutableArray<string> records) => TlsaSet.Of(records.Select(text => TlsaRecord.TryParse(text, out var record, out _) ? record : text == default(TlsaRecord).ToString() ? default : throw new InvalidDataException($"'{text}' in a journal is no TLSA record")));
}

/// <summary>For how long nothing has been seen, by the time since boot alone: a clock that is set forward shortens no wait, and what lies between two boots nobody has measured.</summary>
/// <param name="LastLook">When that was seen last.</param>
/// <param name="Counted">The time until then.</param>
internal sealed record GoneTime(Uptime LastLook, TimeSpan Counted)
{
    /// <summary>The time until now, as seen again.</summary>
    internal GoneTime At(Uptime now) => new(now, Counted + now.Since(LastLook));
}

/// <summary>The journal of a setup: what was altered, and how it was before. It holds no secret; the copies beside it may, and only root can read them.</summary>
internal sealed record JournalEntry
{
    /// <summary>The form of this document.</summary>
    public string Schema { get; init; } = "danelaw.setup-journal/1";

    /// <summary>Its name: the time at which it began, or that of the one before it, where that is later, with a number.</summary>
    public required string Id { get; init; }

    /// <summary>How far it has come.</summary>
    public JournalState State { get; init; }

    /// <summary>The files in the order in which they were first touched.</summary>
    public ImmutableArray<JournalFile> Files { get; init; } = [];

    /// <summary>Whether an undo has put the files back that were there before: what somebody has made of them since is his.</summary>
    public bool ArePutBack { get; init; }

    /// <summary>The files that are not as they were before, or not known to be.</summary>
    internal ImmutableArray<JournalFile> Altered => ArePutBack ? [.. Files.Where(file => !file.Existed)] : Files;

    /// <summary>The folders that were made.</summary>
    public ImmutableArray<string> Folders { get; init; } = [];

    /// <summary>The programs that were told to read their files again.</summary>
    public ImmutableArray<JournalReload> Reloads { get; init; } = [];

    /// <summary>The timers that were started, and have to be stopped before their files are put back.</summary>
    public ImmutableArray<string> Timers { get; init; } = [];

    /// <summary>Files that what was set up has made by itself since, and that go with it.</summary>
    public ImmutableArray<string> Grown { get; init; } = [];

    /// <summary>The records.</summary>
    public ImmutableArray<JournalRecord> Records { get; init; } = [];

    /// <summary>What the rollover had published when its memory went with the files, for as long as that is not taken out. Journals of before say nothing of it.</summary>
    public ImmutableArray<JournalRecord> Rolled { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>What the ports showed before whose servers were moved.</summary>
    public ImmutableArray<FormerChain> Former { get; init; } = [];

    /// <summary>The chain files that were there already and that servers were moved to, such as one that an undo had left for somebody else's settings. Journals of before say nothing of it.</summary>
    public ImmutableArray<string> Found { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>The chain files that servers were moved to, whether this setup has written them or found them.</summary>
    internal IEnumerable<string> Chains => Files.Where(file => file.Origin is not null).Select(file => file.Path).Concat(Found).Distinct();

    /// <summary>The owners of TLSA records that lead senders to those ports, whether something stood there or not.</summary>
    public ImmutableArray<string> Owners { get; init; } = [];

    /// <summary>For how long nothing has been seen that does not go with the servers as they were; null while that was not seen.</summary>
    public GoneTime? RecordsGone { get; init; }

    /// <summary>Whether it is being taken back, and the servers wait until no cache holds what they will not match: no rollover publishes at its owners meanwhile.</summary>
    public bool IsUndoAwaited { get; init; }

    /// <summary>The same with its files as they were before: what is left to take back stands in the zone.</summary>
    internal JournalEntry WithoutFiles() => this with { State = JournalState.Applied, Files = [], ArePutBack = false, Found = [], Folders = [], Reloads = [], Timers = [], Grown = [], RecordsGone = null, IsUndoAwaited = false, NeedsServers = false };

    /// <summary>Whether there is nothing in it to take back.</summary>
    [JsonIgnore]
    public bool IsEmpty => Files.IsEmpty && Folders.IsEmpty && Records.IsEmpty && Timers.IsEmpty;

    /// <summary>Whether senders that have the records in their caches could not deliver to the servers as they were before.</summary>
    public bool NeedsServers { get; init; }
}

/// <summary>JSON of journals, made when this is compiled.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(JournalEntry))]
internal sealed partial class JournalJson : JsonSerializerContext;
