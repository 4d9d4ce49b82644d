using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Danelaw.Operator.Rollover.Keeping;

/// <summary>
/// Where the state of every roll is kept: one SQLite file, its chains with their private keys included, so that what an ACME client writes over while a
/// roll waits is not lost. Every change is one transaction that is on the disk before anything is done (docs/decisions/0201). Not thread-safe.
/// </summary>
public sealed class RolloverStore : IDisposable
{
    private const int Version = 3, ReadVersion = 2, MostEvents = 1000;

    /// <summary>Said where another process has it.</summary>
    public const string Busy = "another run is at work on these rolls";

    private const string LibraryMissing = "libe_sqlite3.so, which keeps the state of rollovers, must lie beside danelaw: copy the whole folder, or install the package";

    private const string LockEnding = ".lock", WantedEnding = ".wanted";

    /// <summary>Stands before a problem that does not pass by itself.</summary>
    private const char FaultMark = '!';

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly TimeSpan LifeOfNote = TimeSpan.FromDays(1);

    private readonly SqliteConnection _connection;
    private readonly FileStream? _lock;
    private readonly string _path;

    private RolloverStore(string path, SqliteConnection connection, FileStream? held) => (_path, _connection, _lock) = (path, connection, held);

    /// <summary>Opens it to write, and waits for whoever has it: a run that sees somebody wait ends at its next look.</summary>
    /// <param name="path">The file.</param>
    /// <param name="patience">How long to wait.</param>
    /// <param name="clock">The time.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Null when another process has it still.</returns>
    /// <exception cref="RolloverStoreException">It cannot be used.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<RolloverStore?> OpenAsync(string path, TimeSpan patience, TimeProvider clock, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(clock);
        var begin = clock.GetTimestamp();
        FileStream? wanted = null;
        try
        {
            while (true)
            {
                if (Open(path) is { } store) return store;
                if (clock.GetElapsedTime(begin) >= patience) return null;
                wanted ??= TryLock(path + WantedEnding);
                await Task.Delay(TimeSpan.FromMilliseconds(50), clock, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception fault) when (IsForeseen(fault))
        {
            throw new RolloverStoreException(path, Reason(fault), fault);
        }
        finally
        {
            wanted?.Dispose();
        }
    }

    /// <summary>Keeps every run from a file of states, which is not opened.</summary>
    /// <param name="path">The file.</param>
    /// <returns>What lets runs at it again; null when one is at work on it.</returns>
    internal static IDisposable? TryHold(string path) => File.Exists(path) ? TryLock(path + LockEnding) : Stream.Null;

    /// <summary>Whether another process waits for it.</summary>
    public bool IsWanted
    {
        get
        {
            if (_lock is null || !File.Exists(_path + WantedEnding)) return false;
            using var free = TryLock(_path + WantedEnding);
            return free is null;
        }
    }

    /// <summary>Opens it to write; it is made where it is not there. One process has it at a time.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Null when another process has it.</returns>
    /// <exception cref="RolloverStoreException">It cannot be used.</exception>
    public static RolloverStore? Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        FileStream? held = null;
        try
        {
            if (Path.GetDirectoryName(path) is { Length: > 0 } folder && !Directory.Exists(folder))
            {
                if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
                else Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
            }

            held = TryLock(path + LockEnding);
            if (held is null) return null;

            // Before a file is made that stands in the way of what could do without one.
            if (FindFault() is { } fault) throw new InvalidDataException(fault);

            // SQLite makes files that the group and others may read.
            if (!File.Exists(path)) new FileStream(path, OwnOptions()).Dispose();
            RequireDatabase(path);
            RequireOwnerOnly(path);
            var store = new RolloverStore(path, Connect(path, SqliteOpenMode.ReadWrite), held);
            store.Prepare();
            return store;
        }
        catch (Exception fault) when (IsForeseen(fault))
        {
            held?.Dispose();
            throw new RolloverStoreException(path, Reason(fault), fault);
        }
    }

    /// <summary>Opens it to look, beside whoever writes.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Null when there is none, or nothing in it.</returns>
    /// <exception cref="RolloverStoreException">It cannot be read.</exception>
    public static RolloverStore? OpenToRead(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (new FileInfo(path) is not { Exists: true, Length: > 0 }) return null;
        try
        {
            RequireDatabase(path);
            RequireOwnerOnly(path);
            var store = new RolloverStore(path, Connect(path, SqliteOpenMode.ReadWrite), null);
            if (store.VersionOf() is 0)
            {
                store.Dispose();
                return null;
            }

            store.RequireVersion();
            return store;
        }
        catch (Exception fault) when (IsForeseen(fault))
        {
            throw new RolloverStoreException(path, Reason(fault), fault);
        }
    }

    /// <summary>One in which nothing is kept, and that is nowhere.</summary>
    public static RolloverStore Empty()
    {
        var store = new RolloverStore(":memory:", Connect(":memory:", SqliteOpenMode.Memory), null);
        store.Prepare();
        return store;
    }

    /// <summary>What is kept of a roll; null for one that is not known yet.</summary>
    /// <param name="roll">Its name.</param>
    /// <exception cref="RolloverStoreException">It cannot be read; where it is this roll's row alone, <see cref="RolloverStoreException.Roll"/> says so.</exception>
    public KeptRoll? Read(string roll) => Do(() =>
    {
        using var command = Command("SELECT state, since, looked, wait, remaining, problems FROM roll WHERE name = $name", ("$name", roll));
        using var reader = command.ExecuteReader();
        if (!reader.Read()) return null;
        if (!StateText.TryRead(reader.GetString(0), out var state)) throw new RolloverStoreException(_path, roll);
        var problems = reader.GetString(5).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return new KeptRoll(
            state,
            DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(1)),
            DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(2)),
            Enum.TryParse<RolloverWait>(reader.GetString(3), out var wait) ? wait : RolloverWait.Nothing,
            reader.IsDBNull(4) ? null : TimeSpan.FromMilliseconds(reader.GetInt64(4)),
            [.. problems.Select(problem => problem.TrimStart(FaultMark))])
        {
            Roles = ReadRoles(roll),
            Faults = [.. problems.Where(problem => problem[0] == FaultMark).Select(problem => problem.TrimStart(FaultMark))],
        };
    });

    /// <summary>When a roll was last looked at, by the clock; null for one that is not known yet.</summary>
    /// <param name="roll">Its name.</param>
    /// <exception cref="RolloverStoreException">It cannot be read.</exception>
    internal DateTimeOffset? LookedAt(string roll) => Do<DateTimeOffset?>(() =>
    {
        using var command = Command("SELECT looked FROM roll WHERE name = $name", ("$name", roll));
        return command.ExecuteScalar() is long looked ? DateTimeOffset.FromUnixTimeMilliseconds(looked) : null;
    });

    /// <summary>Keeps a roll's state, what chains it needs and what has happened, in one step.</summary>
    /// <param name="roll">The roll's name.</param>
    /// <param name="kept">What is to be kept.</param>
    /// <param name="chains">Chain files that the state names and that may not be kept yet.</param>
    /// <param name="events">What has happened, a sentence each.</param>
    /// <exception cref="RolloverStoreException">It could not be kept; nothing of it is.</exception>
    public void Save(string roll, KeptRoll kept, IEnumerable<ChainFile> chains, IEnumerable<string> events)
    {
        ArgumentNullException.ThrowIfNull(kept);
        Do(() =>
        {
            using var transaction = _connection.BeginTransaction();
            Run(
                "INSERT INTO roll (name, state, since, looked, wait, remaining, problems) VALUES ($name, $state, $since, $looked, $wait, $remaining, $problems) ON CONFLICT (name) DO UPDATE SET state = $state, since = $since, looked = $looked, wait = $wait, remaining = $remaining, problems = $problems",
                ("$name", roll),
                ("$state", StateText.Write(kept.State)),
                ("$since", kept.Since.ToUnixTimeMilliseconds()),
                ("$looked", kept.Looked.ToUnixTimeMilliseconds()),
                ("$wait", kept.Wait.ToString()),
                ("$remaining", kept.Remaining is { } remaining ? (long)remaining.TotalMilliseconds : DBNull.Value),
                ("$problems", string.Join('\n', kept.Problems.Select(problem => (kept.Faults.Contains(problem) ? $"{FaultMark}" : "") + problem.ReplaceLineEndings(" ")))));
            foreach (var chain in chains) Run("INSERT OR IGNORE INTO chain (roll, content, pem) VALUES ($roll, $content, $pem)", ("$roll", roll), ("$content", chain.Chain.Content.ToHex()), ("$pem", chain.ToPem()));
            SaveRoles(roll, kept);
            foreach (var text in events) Run("INSERT INTO event (roll, at, what) VALUES ($roll, $at, $what)", ("$roll", roll), ("$at", kept.Looked.ToUnixTimeMilliseconds()), ("$what", text));

            // A private key that no state needs any more is not kept.
            var needed = kept.State.Slots.SelectMany(slot => slot.Installable).Select(chain => chain.Content.ToHex()).ToArray();
            Run($"DELETE FROM chain WHERE roll = $roll AND content NOT IN ({string.Join(", ", needed.Select(one => $"'{one}'"))})", ("$roll", roll));
            Run("DELETE FROM event WHERE roll = $roll AND id <= (SELECT id FROM event WHERE roll = $roll ORDER BY id DESC LIMIT 1 OFFSET $most)", ("$roll", roll), ("$most", MostEvents));
            transaction.Commit();
            return 0;
        });
    }

    /// <summary>The names of all rolls of which something is kept.</summary>
    /// <exception cref="RolloverStoreException">It cannot be read.</exception>
    public ImmutableArray<string> Names() => Do(() =>
    {
        var names = ImmutableArray.CreateBuilder<string>();
        using var command = Command("SELECT name FROM roll ORDER BY name");
        using var reader = command.ExecuteReader();
        while (reader.Read()) names.Add(reader.GetString(0));
        return names.ToImmutable();
    });

    /// <summary>Forgets a roll: its state, its chains with their private keys, and what has happened to it. No other roll loses anything.</summary>
    /// <param name="roll">Its name.</param>
    /// <exception cref="RolloverStoreException">It cannot be written; nothing is forgotten.</exception>
    public void Forget(string roll) => Do(() =>
    {
        using var transaction = _connection.BeginTransaction();
        foreach (var table in (string[])["chain WHERE roll", "event WHERE roll", "role WHERE roll", "note WHERE roll", "roll WHERE name"]) Run($"DELETE FROM {table} = $roll", ("$roll", roll));
        transaction.Commit();
        return 0;
    });

    /// <summary>A chain file that is kept; null when it is not.</summary>
    /// <param name="roll">The roll's name.</param>
    /// <param name="content">The SHA-256 of the file.</param>
    /// <exception cref="RolloverStoreException">It cannot be read.</exception>
    internal byte[]? ReadChain(string roll, Dns.Octets content) => Do(() =>
    {
        using var command = Command("SELECT pem FROM chain WHERE roll = $roll AND content = $content", ("$roll", roll), ("$content", content.ToHex()));
        return command.ExecuteScalar() as byte[];
    });

    /// <summary>What has happened to a roll, the newest first.</summary>
    /// <param name="roll">The roll's name.</param>
    /// <param name="most">How many at most.</param>
    /// <exception cref="RolloverStoreException">It cannot be read.</exception>
    public ImmutableArray<RolloverEvent> Events(string roll, int most) => Do(() =>
    {
        var events = ImmutableArray.CreateBuilder<RolloverEvent>();
        using var command = Command("SELECT at, what FROM event WHERE roll = $roll ORDER BY id DESC LIMIT $most", ("$roll", roll), ("$most", most));
        using var reader = command.ExecuteReader();
        while (reader.Read()) events.Add(new(DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(0)), reader.GetString(1)));
        return events.ToImmutable();
    });

    /// <summary>When something was noted of a roll within the last day; null where it was not, or the clock was set back since.</summary>
    /// <param name="roll">The roll's name.</param>
    /// <param name="what">What.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="RolloverStoreException">It cannot be read.</exception>
    internal DateTimeOffset? NotedToday(string roll, string what, DateTimeOffset now) => Do<DateTimeOffset?>(() =>
    {
        if (!HasTable("note")) return null;
        using var command = Command("SELECT at FROM note WHERE roll = $roll AND what = $what", ("$roll", roll), ("$what", what));
        return command.ExecuteScalar() is long at && DateTimeOffset.FromUnixTimeMilliseconds(at) is var noted && noted <= now && now - noted < LifeOfNote ? noted : null;
    });

    /// <summary>Notes something of a roll, for a day.</summary>
    /// <param name="roll">The roll's name.</param>
    /// <param name="what">What.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="RolloverStoreException">It cannot be written.</exception>
    internal void Note(string roll, string what, DateTimeOffset now) => Do(() =>
    {
        using var transaction = _connection.BeginTransaction();
        Run("DELETE FROM note WHERE roll = $roll AND (at > $now OR at <= $old)", ("$roll", roll), ("$now", now.ToUnixTimeMilliseconds()), ("$old", (now - LifeOfNote).ToUnixTimeMilliseconds()));
        Run("INSERT OR REPLACE INTO note (roll, what, at) VALUES ($roll, $what, $now)", ("$roll", roll), ("$what", what), ("$now", now.ToUnixTimeMilliseconds()));
        transaction.Commit();
        return 0;
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        _connection.Dispose();
        _lock?.Dispose();
    }

    private void Prepare()
    {
        // The journal is gone from its folder before a change counts as made: power that fails may not bring an older state back (docs/decisions/0201).
        foreach (var pragma in (string[])["journal_mode = DELETE", "synchronous = EXTRA", "secure_delete = ON", "foreign_keys = ON"]) Run("PRAGMA " + pragma);
        using (var check = Command("PRAGMA quick_check(1)"))
        {
            if (check.ExecuteScalar() as string is not "ok") throw new InvalidDataException("the file is damaged");
        }

        if (VersionOf() == 0)
        {
            using var transaction = _connection.BeginTransaction();
            Run("CREATE TABLE roll (name TEXT PRIMARY KEY, state TEXT NOT NULL, since INTEGER NOT NULL, looked INTEGER NOT NULL, wait TEXT NOT NULL, remaining INTEGER, problems TEXT NOT NULL) STRICT");
            Run("CREATE TABLE chain (roll TEXT NOT NULL, content TEXT NOT NULL, pem BLOB NOT NULL, PRIMARY KEY (roll, content)) STRICT");
            Run("CREATE TABLE event (id INTEGER PRIMARY KEY AUTOINCREMENT, roll TEXT NOT NULL, at INTEGER NOT NULL, what TEXT NOT NULL) STRICT");
            Run("CREATE INDEX event_roll ON event (roll, id)");
            Run(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {Version}"));
            transaction.Commit();
        }

        RequireVersion();
        Run(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {Version}"));
        Run("CREATE TABLE IF NOT EXISTS role (roll TEXT NOT NULL, role TEXT NOT NULL, since INTEGER NOT NULL, PRIMARY KEY (roll, role)) STRICT");
        Run("CREATE TABLE IF NOT EXISTS note (roll TEXT NOT NULL, what TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (roll, what)) STRICT");
    }

    /// <summary>Whether a table is there that files have which were opened to write since there is such.</summary>
    private bool HasTable(string name)
    {
        using var known = Command("SELECT count(*) FROM sqlite_master WHERE name = $name", ("$name", name));
        return known.ExecuteScalar() is 1L;
    }

    /// <summary>Since when each key has its role. A file that was never opened to write since they are kept has none.</summary>
    private ImmutableDictionary<string, DateTimeOffset> ReadRoles(string roll)
    {
        if (!HasTable("role")) return ImmutableDictionary<string, DateTimeOffset>.Empty;
        var roles = ImmutableDictionary.CreateBuilder<string, DateTimeOffset>(StringComparer.Ordinal);
        using var command = Command("SELECT role, since FROM role WHERE roll = $roll", ("$roll", roll));
        using var reader = command.ExecuteReader();
        while (reader.Read()) roles[reader.GetString(0)] = DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(1));
        return roles.ToImmutable();
    }

    private void SaveRoles(string roll, KeptRoll kept)
    {
        var roles = KeptRoll.RolesOf(kept.State).ToArray();
        foreach (var old in ReadRoles(roll).Keys.Except(roles)) Run("DELETE FROM role WHERE roll = $roll AND role = $role", ("$roll", roll), ("$role", old));
        foreach (var role in roles) Run("INSERT OR IGNORE INTO role (roll, role, since) VALUES ($roll, $role, $since)", ("$roll", roll), ("$role", role), ("$since", kept.Looked.ToUnixTimeMilliseconds()));
    }

    private void RequireVersion()
    {
        // Form 2 knows no owners and servers: they are taken note of at the next look.
        if (VersionOf() is var version && version is not (Version or ReadVersion)) throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"it was written by another release (form {version}, and this one knows {Version})"));
    }

    private long VersionOf()
    {
        using var command = Command("PRAGMA user_version");
        return command.ExecuteScalar() as long? ?? 0;
    }

    private T Do<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception fault) when (IsForeseen(fault))
        {
            throw new RolloverStoreException(_path, Reason(fault), fault);
        }
    }

    private void Run(string text, params ReadOnlySpan<(string Name, object Value)> values)
    {
        using var command = Command(text, values);
        command.ExecuteNonQuery();
    }

#pragma warning disable CA2100 // Every text is written here; values are parameters, digests are hexadecimal.
    private SqliteCommand Command(string text, params ReadOnlySpan<(string Name, object Value)> values)
    {
        var command = _connection.CreateCommand();
        command.CommandText = text;
        foreach (var (name, value) in values) command.Parameters.AddWithValue(name, value);
        return command;
    }
#pragma warning restore CA2100

    /// <summary>Tries the library that reads and writes such files: it is none of the command's own file, and missing where that was copied alone.</summary>
    /// <returns>Why none can be used here, as a sentence without its full stop; null where the library is there.</returns>
    public static string? FindFault() => FindFault(() => Empty().Dispose());

    /// <summary>The same by what a test has in place of the library.</summary>
    internal static string? FindFault(Action open)
    {
        try
        {
            open();
            return null;
        }
        catch (Exception fault) when (IsWithoutLibrary(fault))
        {
            return LibraryMissing;
        }
    }

    private static SqliteConnection Connect(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false, DefaultTimeout = 5 }.ToString());
        connection.Open();
        return connection;
    }

    /// <summary>SQLite takes a short file of anything for one that was never filled, and would write over it.</summary>
    private static void RequireDatabase(string path)
    {
        var magic = "SQLite format 3\0"u8;
        Span<byte> head = stackalloc byte[16];
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var length = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        if (length > 0 && !head[..length].SequenceEqual(magic)) throw new InvalidDataException("the file is damaged, or no file of states");
    }

    /// <summary>It holds private keys: what others could read is no more to be trusted than a key file that they could read.</summary>
    private static void RequireOwnerOnly(string path)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerOnly) != 0) throw new InvalidDataException($"it holds private keys, and others than its owner may read or change it: chmod 600 {path}, and roll to new keys if anybody else could have seen it");
    }

    /// <summary>A lock that the kernel takes back from whoever dies; null while another process has it.</summary>
    private static FileStream? TryLock(string path)
    {
        try
        {
            return new FileStream(path, OwnOptions());
        }
        catch (IOException busy) when (busy is not (FileNotFoundException or DirectoryNotFoundException or PathTooLongException) && File.Exists(path) && IsInUse(busy))
        {
            return null;
        }
    }

    private static FileStreamOptions OwnOptions()
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        return options;
    }

    /// <summary>EWOULDBLOCK of flock, or a sharing violation.</summary>
    private static bool IsInUse(IOException fault) => (fault.HResult & 0xffff) is 11 or 32 or 33;

    private static bool IsForeseen(Exception fault) => fault is SqliteException or IOException or UnauthorizedAccessException or InvalidDataException || IsWithoutLibrary(fault);

    /// <summary>The first use of the library fails by itself, all others by that the first one did.</summary>
    private static bool IsWithoutLibrary(Exception fault) => fault.GetBaseException() is DllNotFoundException;

    private static string Reason(Exception fault) => fault switch
    {
        // SQLITE_CORRUPT, SQLITE_NOTADB
        SqliteException { SqliteErrorCode: 11 or 26 } => "the file is damaged, or no file of states",
        SqliteException { SqliteErrorCode: 13 } => "the disk is full",
        SqliteException { SqliteErrorCode: 5 or 6 } => "another process has it",
        SqliteException { SqliteErrorCode: 8 } => "it may not be written",
        SqliteException sqlite => sqlite.Message,
        _ when IsWithoutLibrary(fault) => LibraryMissing,
        _ => fault.Message,
    };
}
