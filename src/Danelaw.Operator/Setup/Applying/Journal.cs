using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text.Json;
using Danelaw.Dns.Names;
using Danelaw.Operator.Audit.Files;
using Danelaw.Operator.Processes;

namespace Danelaw.Operator.Setup.Applying;

/// <summary>A setup's journal on disk: everything is written there before it is done, so that whoever is killed is followed by one who knows what he did.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class Journal
{
    internal const UnixFileMode FolderMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private const string Manifest = "manifest.json";
    private const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly HostFiles _files;

    private Journal(HostFiles files, string folder, JournalEntry entry)
    {
        _files = files;
        Folder = folder;
        Entry = entry;
    }

    /// <summary>Its folder on the host.</summary>
    internal string Folder { get; }

    /// <summary>What it says.</summary>
    internal JournalEntry Entry { get; private set; }

    /// <summary>Begins one, with a name above all that are there: a clock that is set back alters nothing of which came after which.</summary>
    internal static Journal Begin(HostFiles files, string parent, DateTimeOffset now)
    {
        var id = now.ToUniversalTime().ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var (time, number) = files.List(parent, out _).Where(IsId).Select(Order).DefaultIfEmpty().Max();
        if (string.CompareOrdinal(id, time) <= 0) id = string.Create(CultureInfo.InvariantCulture, $"{time}-{number + 1}");
        var folder = $"{parent}/{id}";
        Directory.CreateDirectory(files.Here(folder), FolderMode);
        Posix.FlushFolder(files.Here(parent));
        var journal = new Journal(files, folder, new() { Id = id });
        journal.Save(journal.Entry);
        return journal;
    }

    /// <summary>The journals of a host that are not taken back yet, the newest first; one that cannot be read is an exception.</summary>
    /// <exception cref="InvalidDataException">A manifest is damaged: what was altered is not known.</exception>
    internal static ImmutableArray<Journal> Open(HostFiles files, string parent)
    {
        var journals = ImmutableArray.CreateBuilder<Journal>();
        foreach (var name in files.List(parent, out _).Where(IsId).OrderByDescending(Order))
        {
            var folder = $"{parent}/{name}";
            var file = files.Read($"{folder}/{Manifest}");

            // One that was only just begun has altered nothing; what cannot be read may have.
            if (file.State == FileState.Missing) continue;
            if (!file.IsRead) throw new InvalidDataException($"{file.Path} cannot be read");
            JournalEntry? entry;
            try
            {
                entry = JsonSerializer.Deserialize(file.Content.Span, JournalJson.Default.JournalEntry);
            }
            catch (JsonException damage)
            {
                throw new InvalidDataException($"{file.Path} is damaged: {damage.Message}", damage);
            }

            if (entry is not null && entry.State != JournalState.Undone) journals.Add(new(files, folder, entry));
        }

        return journals.ToImmutable();
    }

    /// <summary>Whether a name is a journal's.</summary>
    private static bool IsId(string name) => name.Length > 0 && char.IsAsciiDigit(name[0]);

    /// <summary>The time of a journal's name, and its number among those of one time: the second is -2.</summary>
    private static (string Time, int Number) Order(string id) => id.Split('-', 2) is [var time, var number] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? (time, value) : (id, 1);

    /// <summary>Changes what it says, once that is on the disk.</summary>
    internal void Set(JournalEntry entry)
    {
        Save(entry);
        Entry = entry;
    }

    /// <summary>Notes with which TTL caches may have the records of an owner; a shorter one than is known makes none shorter.</summary>
    /// <param name="owner">The owner; one that the journal knows nothing of is none of its affair.</param>
    /// <param name="timeToLive">The TTL.</param>
    internal void NoteTimeToLive(DomainName owner, TimeSpan timeToLive)
    {
        var seconds = (uint)Math.Min(timeToLive.TotalSeconds, uint.MaxValue);
        if (!Entry.Records.Any(IsShorter)) return;
        Set(Entry with { Records = [.. Entry.Records.Select(record => IsShorter(record) ? record with { TimeToLive = seconds } : record)] });

        bool IsShorter(JournalRecord record) => record.Owner == owner.ToString() && record.TimeToLive < seconds;
    }

    /// <summary>Notes that a file is about to be written: what it is now is kept first.</summary>
    /// <param name="file">The file as it stands.</param>
    /// <param name="content">What is about to be written; null where only its permission bits change.</param>
    /// <param name="origin">Of a chain file the file that its private key is taken from.</param>
    /// <param name="lines">Where nothing but these lines is altered, what they were and become.</param>
    internal void Intend(HostFile file, byte[]? content, string? origin = null, ImmutableArray<JournalLine> lines = default)
    {
        var known = Entry.Files.FirstOrDefault(one => one.Path == file.RealPath);
        var entry = known ?? new JournalFile
        {
            Path = file.RealPath,
            Existed = file.IsRead,
            Backup = file.IsRead ? string.Create(CultureInfo.InvariantCulture, $"{Entry.Files.Length:0000}") : null,
            Before = file.IsRead ? HashOf(file.Content.Span) : null,
            Mode = (int)(file.Owner?.Mode ?? 0),
            UserId = file.Owner?.UserId ?? 0,
            GroupId = file.Owner?.GroupId ?? 0,
            Origin = origin,
        };
        if (known is null && file.IsRead) Keep(file, entry.Backup!);
        entry = entry with { After = content is null || entry.After.Contains(HashOf(content)) ? entry.After : entry.After.Add(HashOf(content)), Lines = lines.IsDefault ? [] : [.. entry.IsByLines ? entry.Lines : [], .. lines] };
        Set(Entry with { Files = known is null ? Entry.Files.Add(entry) : Entry.Files.Replace(known, entry) });
    }

    /// <summary>What a file held before.</summary>
    /// <param name="file">The file.</param>
    /// <exception cref="InvalidDataException">The copy is missing or damaged.</exception>
    internal byte[] Read(JournalFile file)
    {
        var kept = _files.Read($"{Folder}/{file.Backup}");
        if (!kept.IsRead || HashOf(kept.Content.Span) != file.Before) throw new InvalidDataException($"{kept.Path}, the copy of {file.Path}, is missing or damaged");
        return kept.Content.ToArray();
    }

    /// <summary>Keeps a file as it stands, before it is put back or taken away: that copy stays when the others go.</summary>
    /// <param name="file">The file as it stands.</param>
    /// <param name="why">What its name begins with.</param>
    /// <returns>Where the copy is; null where there is nothing to keep.</returns>
    internal string? KeepCopy(HostFile file, string why)
    {
        if (!file.IsRead) return null;
        var stem = why + file.Path.Replace('/', '-');
        for (var number = 1; ; number++)
        {
            var name = number == 1 ? stem : string.Create(CultureInfo.InvariantCulture, $"{stem}.{number}");
            var known = _files.Read($"{Folder}/{name}");
            if (known.IsRead && !known.Content.Span.SequenceEqual(file.Content.Span)) continue;
            if (!known.IsRead) Keep(file, name);
            return $"{Folder}/{name}";
        }
    }

    /// <summary>Takes the copies away: they may hold keys, and nobody needs them any more.</summary>
    /// <param name="copied">The files that they are of.</param>
    internal void Clean(ImmutableArray<JournalFile> copied)
    {
        foreach (var file in copied.Where(file => file.Backup is not null)) FileReplacement.Remove(_files.Here($"{Folder}/{file.Backup}"));
    }

    internal static string HashOf(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private void Keep(HostFile file, string name)
    {
        var path = _files.Here($"{Folder}/{name}");
        FileReplacement.Prepare(path, file.Content.Span, Own(path));
        FileReplacement.Commit(path);
    }

    private void Save(JournalEntry entry)
    {
        var path = _files.Here($"{Folder}/{Manifest}");
        FileReplacement.Prepare(path, JsonSerializer.SerializeToUtf8Bytes(entry, JournalJson.Default.JournalEntry), Own(path));
        FileReplacement.Commit(path);
    }

    /// <summary>Whoever made the folder owns what is in it, and nobody else reads it.</summary>
    private static FileOwner Own(string path) => FileStatus.Of(Path.GetDirectoryName(path)!, out var folder) == FileKind.Folder && folder is not null ? new(FileMode, folder.UserId, folder.GroupId) : new(FileMode, 0, 0);
}
