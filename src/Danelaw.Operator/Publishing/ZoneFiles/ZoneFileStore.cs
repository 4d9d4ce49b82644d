using System.Globalization;
using System.Security.Cryptography;
using Danelaw.Operator.Audit.Files;
using Danelaw.Operator.Processes;

namespace Danelaw.Operator.Publishing.ZoneFiles;

/// <summary>Reads zone files, and replaces one by a new one beside it in one rename, with its owner and mode.</summary>
internal static class ZoneFileStore
{
    private const int MaximumLength = 1 << 30;
    private const string DraftEnd = ".danelaw";

    /// <summary>The file itself: links are followed, and stay what they are.</summary>
    /// <exception cref="IOException">They cannot be followed.</exception>
    internal static string PathOf(string file) => Path.GetFullPath(new FileInfo(file).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? file);

    /// <summary>Reads a file.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The same, for want of rights.</exception>
    internal static byte[] Read(string path) => new FileInfo(path).Length > MaximumLength ? throw new IOException("it is larger than a zone that is edited as text") : File.ReadAllBytes(path);

    /// <summary>Replaces a file, if it is still what it was.</summary>
    /// <param name="before">What it must be.</param>
    /// <param name="after">What it becomes.</param>
    /// <returns>Done, changed, or why not: then it is as it was.</returns>
    internal static PublishResult Replace(ZoneText before, ZoneText after)
    {
        if (OperatingSystem.IsWindows()) return new(PublishOutcome.Refused, "zone files are edited on Linux only");
        var beside = string.Create(CultureInfo.InvariantCulture, $"{before.Path}.{Environment.ProcessId}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}{DraftEnd}");
        try
        {
            if (FileStatus.Of(before.Path, out var owner) != FileKind.Regular || owner is null) return new(PublishOutcome.Changed, $"{before.Path} is not there any more, or no file");
            DiscardForsaken(before.Path);
            using (var stream = new FileStream(beside, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
            {
                stream.Write(after.ToOctets());

                // The mode first: who has given a file away may not set it any more without more rights than this needs.
                File.SetUnixFileMode(stream.SafeFileHandle, owner.Mode);
                if (!FileOwnership.TryGive(stream.SafeFileHandle, owner)) return new(PublishOutcome.Refused, $"the owner of {before.Path} cannot be kept: run as that user, or as root");
                stream.Flush(flushToDisk: true);
            }

            // Looked at as late as can be: whoever writes between this line and the next is overtaken, and nobody can help that without the other's doing.
            if (!File.ReadAllBytes(before.Path).AsSpan().SequenceEqual(before.ToOctets())) return new(PublishOutcome.Changed, $"{before.Path} was changed by somebody else meanwhile: nothing was written; try again");
            File.Move(beside, before.Path, overwrite: true);
            FileOwnership.FlushFolderOf(before.Path);
            return new(PublishOutcome.Done, "");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return new(PublishOutcome.Refused, $"{before.Path} cannot be written: {Why(failure)}; it is as it was");
        }
        finally
        {
            Discard(beside);
        }
    }

    /// <summary>Why a file could not be replaced, as far as rights tell; null when nothing stands in the way.</summary>
    /// <param name="path">The file.</param>
    internal static string? FindObstacle(string path) => OperatingSystem.IsWindows() || Posix.FindWritingFault(Path.GetDirectoryName(path)!) is not { } fault ? null : $"{path} cannot be replaced: its folder cannot be written to ({fault})";

    /// <summary>Drafts of processes that were ended in the middle.</summary>
    private static void DiscardForsaken(string path)
    {
        foreach (var draft in Directory.EnumerateFiles(Path.GetDirectoryName(path)!, $"{Path.GetFileName(path)}.*{DraftEnd}"))
        {
            var process = draft[(path.Length + 1)..].Split('-')[0];
            if (int.TryParse(process, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 && !Posix.IsAlive(number)) Discard(draft);
        }
    }

    private static void Discard(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // It was never more than a draft.
        }
    }

    private static string Why(Exception failure) => failure switch
    {
        FileNotFoundException or DirectoryNotFoundException => "there is no such file",
        UnauthorizedAccessException => "this user may not",

        // ENOSPC and EDQUOT.
        IOException { HResult: 28 } => "no space is left on the disk",
        IOException { HResult: 122 } => "the disk quota is used up",
        IOException { HResult: 30 } => "the file system is read-only",
        _ => failure.Message,
    };
}
