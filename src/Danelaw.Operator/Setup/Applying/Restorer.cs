using System.Collections.Immutable;
using System.Runtime.Versioning;
using System.Text;
using Danelaw.Operator.Audit.Files;

namespace Danelaw.Operator.Setup.Applying;

/// <summary>Puts back what journals say was altered.</summary>
/// <param name="files">The host's files.</param>
/// <param name="chainFolder">The folder of chain files, which are Danelaw's own whoever of it has written them last.</param>
/// <param name="mark">Is told the name of each point at which one could be killed; for tests.</param>
[UnsupportedOSPlatform("windows")]
internal sealed class Restorer(HostFiles files, string chainFolder, Action<string> mark)
{
    /// <summary>The files that somebody else has altered since: neither what was written, nor what was there before.</summary>
    /// <param name="journals">The journals that are to be taken back, the newest first.</param>
    internal ImmutableArray<string> Foreign(IEnumerable<Journal> journals)
    {
        var foreign = ImmutableArray.CreateBuilder<string>();
        foreach (var group in journals.SelectMany(journal => journal.Entry.Altered).GroupBy(file => file.Path))
        {
            // A file that several setups have altered may be as any of them has left it.
            var now = files.Read(group.Key);
            var hash = now.IsRead ? Journal.HashOf(now.Content.Span) : null;
            var isOwn = group.All(file => !file.Existed) && group.Key.StartsWith(chainFolder + "/", StringComparison.Ordinal);

            // Of a file whose mode alone was altered the content is nobody's business here.
            // Nor is that of one of which a line was altered, and the line alone is taken back.
            if (group.All(file => file.After.IsEmpty || file.IsByLines) || IsHalfWritten(group)) continue;
            if (!isOwn && (!group.Any(file => Knows(file, hash)) || !IsUnbroken([.. group]))) foreign.Add(group.Key);
        }

        return foreign.ToImmutable();
    }

    /// <summary>
    /// Notes that journals are being taken back. What was being applied stays noted as that, and is taken back the same way: a disk that takes nothing more keeps no file from being put back, and
    /// whoever finds it interrupted knows that its files of before are those that it had found a moment ago.
    /// </summary>
    /// <param name="journals">The journals, the newest first.</param>
    internal void Begin(IEnumerable<Journal> journals)
    {
        foreach (var journal in journals)
        {
            if (journal.Entry.State == JournalState.Applied) journal.Set(journal.Entry with { State = JournalState.Undoing });
            mark("undoing");
        }
    }

    /// <summary>Puts the files back that were there before; may be done twice. What was added stays until all of them are back: one that cannot be written may name it.</summary>
    /// <param name="journals">The journals, the newest first.</param>
    /// <returns>What could not be put back, and why: one file that cannot be written does not keep the others.</returns>
    internal ImmutableArray<string> PutBack(IReadOnlyCollection<Journal> journals)
    {
        var problems = ImmutableArray.CreateBuilder<string>();
        var added = Added(journals);

        // What was written aside beside them is nobody's, and takes room.
        foreach (var path in added) Try(path, () => FileReplacement.Forget(files.Here(path)), problems);
        foreach (var journal in journals)
        {
            foreach (var file in journal.Entry.Altered.Reverse().Where(file => file.Existed && !added.Contains(file.Path)))
            {
                if (Try(file.Path, () => PutBack(journal, file), problems)) mark("put back");
            }
        }

        return problems.ToImmutable();
    }

    /// <summary>Takes away what was added, once all that was there before is back; may be done twice.</summary>
    /// <param name="journals">The journals, the newest first.</param>
    /// <param name="needed">What stays all the same.</param>
    /// <returns>What could not be taken away, and why.</returns>
    internal ImmutableArray<string> TakeAway(IReadOnlyCollection<Journal> journals, IReadOnlySet<string> needed)
    {
        var problems = ImmutableArray.CreateBuilder<string>();
        foreach (var path in Added(journals).Where(path => !needed.Contains(path)).Concat(journals.SelectMany(journal => journal.Entry.Grown)))
        {
            if (Try(path, () => FileReplacement.Remove(files.Here(path)), problems)) mark("taken away");
        }

        foreach (var folder in journals.SelectMany(journal => journal.Entry.Folders.Reverse()))
        {
            // What has been put there since keeps the folder.
            var path = files.Here(folder);
            Try(folder, () => { if (Directory.Exists(path) && !Directory.EnumerateFileSystemEntries(path).Any()) Directory.Delete(path); }, problems);
            mark("folder taken away");
        }

        return problems.ToImmutable();
    }

    /// <summary>The files that were not there before the oldest of the setups that have touched them.</summary>
    internal static ImmutableHashSet<string> Added(IEnumerable<Journal> journals) =>
        journals.SelectMany(journal => journal.Entry.Files).GroupBy(file => file.Path).Where(group => !group.Last().Existed).Select(group => group.Key).ToImmutableHashSet(StringComparer.Ordinal);

    private static bool Try(string path, Action action, ImmutableArray<string>.Builder problems)
    {
        try
        {
            action();
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            problems.Add($"{path}: {FileFailure.Words(failure)}");
            return false;
        }
    }

    /// <summary>Notes that the files of a journal are back.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="isOpen">Whether records of its stand in the zone still: it stays open for them.</param>
    internal void Close(Journal journal, bool isOpen)
    {
        var copied = journal.Entry.Files;
        journal.Set(isOpen ? journal.Entry.WithoutFiles() : journal.Entry with { State = JournalState.Undone });
        mark("undone");
        journal.Clean(copied);
    }

    private void PutBack(Journal journal, JournalFile file)
    {
        Write(journal, file);

        // Not before: it says whose work a file is that was being written where it is.
        FileReplacement.Forget(files.Here(file.Path));
    }

    private void Write(Journal journal, JournalFile file)
    {
        var now = files.Read(file.Path);
        var path = files.Here(file.Path);
        var owner = new FileOwner((UnixFileMode)file.Mode, file.UserId, file.GroupId);
        if (now.IsRead && (file.After.IsEmpty || Journal.HashOf(now.Content.Span) == file.Before))
        {
            if (now.Owner?.Mode != owner.Mode) File.SetUnixFileMode(path, owner.Mode);
            return;
        }

        if (file.IsByLines && (!now.IsRead || !file.After.Contains(Journal.HashOf(now.Content.Span))))
        {
            PutLinesBack(now, path, file);
            return;
        }

        var content = journal.Read(file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        try
        {
            FileReplacement.Prepare(path, content, owner);
        }
        catch (IOException failure) when (FileFailure.IsFull(failure) && RoomIn(journal) is { Length: > 0 } added)
        {
            foreach (var one in added) FileReplacement.Remove(one);
            FileReplacement.Prepare(path, content, owner);
        }

        FileReplacement.Commit(path);
    }

    /// <summary>What a setup has added makes room, but for chain files: a file that is not back yet may name them, and a server without its key stops.</summary>
    private string[] RoomIn(Journal journal) => [.. journal.Entry.Files.Where(file => !file.Existed && file.Origin is null).Select(file => files.Here(file.Path)).Where(File.Exists)];

    /// <summary>Somebody has written to the file since, or taken it away: what he wrote stays.</summary>
    private static void PutLinesBack(HostFile now, string path, JournalFile file)
    {
        if (!now.IsRead || now.Owner is not { } owner) return;
        var text = file.WithoutLines(now.Text);
        if (text == now.Text) return;
        FileReplacement.Prepare(path, (now.Content.Span.SequenceEqual(Encoding.UTF8.GetBytes(now.Text)) ? Encoding.UTF8 : Encoding.Latin1).GetBytes(text), owner);
        FileReplacement.Commit(path);
    }

    /// <summary>Whether a file that cannot be replaced was being written where it is: what was to be written stands beside it until that is done.</summary>
    private bool IsHalfWritten(IGrouping<string, JournalFile> group)
    {
        var aside = files.Read(FileReplacement.AsideOf(group.Key));
        return aside.IsRead && group.Any(file => Knows(file, Journal.HashOf(aside.Content.Span)));
    }

    /// <summary>Whether each setup has found the file as the one before it had left it: what somebody has altered in between would be lost with the older one's copy.</summary>
    /// <param name="files">What the setups have done to it, the newest first.</param>
    private static bool IsUnbroken(ImmutableArray<JournalFile> files)
    {
        for (var at = 1; at < files.Length; at++)
        {
            // Those that have altered the mode alone put no content back.
            if (files[at..].All(older => older.After.IsEmpty)) break;
            if (!Knows(files[at], files[at - 1].Before)) return false;
        }

        return true;
    }

    private static bool Knows(JournalFile file, string? hash) => hash == file.Before || (hash is not null && file.After.Contains(hash));
}
