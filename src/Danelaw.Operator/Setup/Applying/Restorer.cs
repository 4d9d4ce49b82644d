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
        foreach (var group in journals.SelectMany(journal => journal.Entry.Files).GroupBy(file => file.Path))
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

    /// <summary>Puts the files of a journal back; may be done twice.</summary>
    /// <param name="journal">The journal.</param>
    /// <returns>What could not be put back, and why: one file that cannot be written does not keep the others.</returns>
    /// <exception cref="InvalidDataException">A copy is missing or damaged.</exception>
    internal ImmutableArray<string> Restore(Journal journal)
    {
        var problems = ImmutableArray.CreateBuilder<string>();
        NoteUndoing(journal);
        mark("undoing");
        foreach (var file in journal.Entry.Files.Where(file => !file.Existed)) FileReplacement.Forget(files.Here(file.Path));
        foreach (var file in journal.Entry.Files.Reverse().OrderByDescending(file => file.Existed))
        {
            try
            {
                if (file.Existed) PutBack(journal, file);
                else FileReplacement.Remove(files.Here(file.Path));

                // Not before: it says whose work a file is that was being written where it is.
                FileReplacement.Forget(files.Here(file.Path));
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                problems.Add($"{file.Path}: {FileFailure.Words(failure)}");
                continue;
            }

            mark("put back");
        }

        foreach (var path in journal.Entry.Grown) FileReplacement.Remove(files.Here(path));
        foreach (var folder in journal.Entry.Folders.Reverse())
        {
            // What has been put there since keeps the folder.
            var path = files.Here(folder);
            if (Directory.Exists(path) && !Directory.EnumerateFileSystemEntries(path).Any()) Directory.Delete(path);
        }

        return problems.ToImmutable();
    }

    /// <summary>What was being applied is taken back the same way whether that is noted or not: a disk that takes nothing more keeps no file from being put back.</summary>
    private static void NoteUndoing(Journal journal)
    {
        var wasApplying = journal.Entry.State == JournalState.Applying;
        try
        {
            journal.Set(journal.Entry with { State = JournalState.Undoing });
        }
        catch (Exception failure) when (wasApplying && failure is (IOException or UnauthorizedAccessException))
        {
            // The next run finds it as it is noted, being applied, and takes it back once more.
        }
    }

    /// <summary>Notes that a journal is taken back.</summary>
    internal void Close(Journal journal)
    {
        journal.Set(journal.Entry with { State = JournalState.Undone });
        mark("undone");
        journal.Clean();
    }

    private void PutBack(Journal journal, JournalFile file)
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
        catch (IOException) when (journal.Entry.Files.Any(other => !other.Existed && File.Exists(files.Here(other.Path))))
        {
            // The disk is full: what this setup has added makes room.
            foreach (var added in journal.Entry.Files.Where(other => !other.Existed)) FileReplacement.Remove(files.Here(added.Path));
            FileReplacement.Prepare(path, content, owner);
        }

        FileReplacement.Commit(path);
    }

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
