using System.Collections.Immutable;

namespace Danelaw.Operator.Setup;

/// <summary>What becomes of a file when a setup is taken back. Closed.</summary>
public enum UndoneAction
{
    /// <summary>It is put back as it was.</summary>
    PutBack = 0,

    /// <summary>It is taken away: it was not there before.</summary>
    TakenAway,
}

/// <summary>A file, and what becomes of it.</summary>
/// <param name="File">The file.</param>
/// <param name="Action">What becomes of it.</param>
public sealed record UndoneFile(string File, UndoneAction Action)
{
    /// <summary>From what it holds now to what it will hold, in the form of <c>diff -u</c>; empty where it goes, where its text stays, or where a key is in it.</summary>
    public ImmutableArray<string> Difference { get; init; } = [];

    /// <summary>Whether somebody else has changed it since.</summary>
    public bool IsForeign { get; init; }
}

/// <summary>What taking a setup back would do, as it is shown before it is done.</summary>
/// <param name="Result">What it would come to now.</param>
public sealed record UndoPreview(SetupResult Result)
{
    /// <summary>The timers that are stopped first.</summary>
    public ImmutableArray<string> Timers { get; init; } = [];

    /// <summary>The RRsets: after is what setup has published or shown, before what was there. They are put back before the servers.</summary>
    public ImmutableArray<SetupRecord> Records { get; init; } = [];

    /// <summary>Whether the records are put back by this command itself.</summary>
    public bool HasPublisher { get; init; }

    /// <summary>The files.</summary>
    public ImmutableArray<UndoneFile> Files { get; init; } = [];

    /// <summary>The programs that are told to read them again.</summary>
    public ImmutableArray<ServiceReload> Reloads { get; init; } = [];

    /// <summary>Sentences for people: what stands in the way, or is waited for.</summary>
    public ImmutableArray<string> Messages { get; init; } = [];
}
