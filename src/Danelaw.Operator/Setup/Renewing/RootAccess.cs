using Danelaw.Operator.Audit.Files;

namespace Danelaw.Operator.Setup.Renewing;

/// <summary>What root may do by owners and modes alone, as in the hardened unit, and what it may not run because others may alter it.</summary>
internal static class RootAccess
{
    /// <summary>Whether root reads a file, or passes a folder on the way to it, only by the right to read everything, which the unit has not got.</summary>
    /// <param name="files">The host's files.</param>
    /// <param name="path">The file; where nothing is there, nothing is closed.</param>
    /// <param name="lost">Permission bits that it is about to lose.</param>
    internal static bool IsClosed(HostFiles files, string path, UnixFileMode lost = UnixFileMode.None)
    {
        var file = files.Look(path);
        return !May(file.Owner is { } owner ? owner with { Mode = owner.Mode & ~lost } : null, UnixFileMode.OtherRead, UnixFileMode.GroupRead) || FoldersOf(file).Any(folder => !May(files.Look(folder).Owner, UnixFileMode.OtherExecute, UnixFileMode.GroupExecute));
    }

    /// <summary>The file itself, or a folder on the way to it, that belongs to another user or may be written by one: whoever that is can put something else in its place.</summary>
    /// <param name="files">The host's files.</param>
    /// <param name="path">The file.</param>
    /// <returns>The topmost of them; null where there is none, or no such file.</returns>
    internal static string? FindOpen(HostFiles files, string path)
    {
        var file = files.Look(path);
        if (!file.IsRead) return null;

        // A sticky folder such as /tmp protects nothing that is gone after the next boot.
        var root = RootOf(files);
        return FoldersOf(file).Append(file.RealPath).FirstOrDefault(place => files.Look(place).Owner is { } owner && (owner.UserId != root || (owner.Mode & UnixFileMode.OtherWrite) != 0 || ((owner.Mode & UnixFileMode.GroupWrite) != 0 && owner.GroupId != 0)));
    }

    /// <summary>The number of root: of files that are looked at from elsewhere whoever has their topmost folder.</summary>
    internal static uint RootOf(HostFiles files) => files.IsLive ? 0 : files.Look("/").Owner?.UserId ?? 0;

    private static bool May(FileOwner? owner, UnixFileMode others, UnixFileMode group) => owner is not { UserId: not 0 } || (owner.Mode & others) != 0 || (owner.GroupId == 0 && (owner.Mode & group) != 0);

    /// <summary>Every folder on the way, those of links too, the topmost first.</summary>
    private static IEnumerable<string> FoldersOf(HostFile file)
    {
        foreach (var path in file.Trail)
        {
            for (var end = path.IndexOf('/', 1); end > 0; end = path.IndexOf('/', end + 1)) yield return path[..end];
        }
    }
}
