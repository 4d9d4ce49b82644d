using System.Collections.Immutable;
using System.Runtime.Versioning;
using System.Text;
using Danelaw.Certificates;
using Danelaw.Operator.Audit.Files;
using Danelaw.Operator.Changes;
using Danelaw.Operator.Processes;

namespace Danelaw.Operator.Setup.Applying;

/// <summary>Carries the changes of a step out, by way of the journal.</summary>
/// <param name="files">The host's files.</param>
/// <param name="journal">The journal.</param>
/// <param name="mark">Is told the name of each point at which one could be killed; for tests.</param>
[UnsupportedOSPlatform("windows")]
internal sealed class FileChanger(HostFiles files, Journal journal, Action<string> mark)
{
    private const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode KeyMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OpenFolder = FileMode | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Carries changes out: everything is written aside first, so that a full disk alters nothing, then put in place.</summary>
    /// <param name="changes">The changes of one step.</param>
    /// <exception cref="SetupException">A file is not as it was when the plan was made, or cannot be written.</exception>
    internal void Carry(ImmutableArray<Change> changes)
    {
        var prepared = new List<string>();
        var modes = new List<(string Path, UnixFileMode Mode)>();
        try
        {
            foreach (var group in changes.GroupBy(change => change.Path))
            {
                var file = files.Read(group.Key);
                if (file.State == FileState.Missing) file = file with { RealPath = PlaceFor(group.Key, file) };
                var path = files.Here(file.RealPath);
                if (file.State is not (FileState.Read or FileState.Missing)) throw new SetupException($"{file.Path} is no file that could be altered");
                if (!file.IsRead) MakeFolders(file.RealPath[..file.RealPath.LastIndexOf('/')]);
                var content = ContentOf(file, [.. group]);
                var mode = group.OfType<Change.SetMode>().LastOrDefault()?.Mode;
                var chain = group.OfType<Change.WriteChain>().LastOrDefault();
                var isKey = chain is not null;
                if (content is null && (mode is null || mode == file.Owner?.Mode)) continue;
                journal.Intend(file, content, chain?.Key.File, group.All(change => change is Change.SetLine) ? [.. group.OfType<Change.SetLine>().Select(line => new JournalLine(line.Before, line.After))] : []);
                mark("noted");
                if (content is null)
                {
                    modes.Add((path, mode!.Value));
                    continue;
                }

                prepared.Add(path);
                FileReplacement.Prepare(path, content, OwnerOf(file, path, isKey ? KeyModeOf(file) : mode));
                mark("aside");
            }

            foreach (var path in prepared)
            {
                FileReplacement.Commit(path);
                mark("in place");
            }

            foreach (var (path, mode) in modes)
            {
                File.SetUnixFileMode(path, mode);
                mark("mode set");
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Forget(prepared);
            throw new SetupException(FileFailure.Words(failure));
        }
        catch (SetupException)
        {
            Forget(prepared);
            throw;
        }
    }

    private static void Forget(List<string> prepared)
    {
        foreach (var path in prepared) FileReplacement.Forget(path);
    }

    /// <summary>What a file is to hold; null where that is what it holds.</summary>
    private byte[]? ContentOf(HostFile file, ImmutableArray<Change> changes)
    {
        if (changes.OfType<Change.WriteChain>().LastOrDefault() is { } chain) return Differs(file, Encoding.UTF8.GetBytes(TextOf(chain)));
        var text = file.Text;
        foreach (var change in changes)
        {
            if (change is Change.ReplaceWords words && (text.Split('\n').ElementAtOrDefault(words.Line - 1) is not { } line || !line.Contains(words.Before, StringComparison.Ordinal))) throw new SetupException($"line {words.Line} of {file.Path} is not as it was when the plan was made; run setup again");
            if (change is Change.SetLine { Before: { } before } one && text.Split('\n').ElementAtOrDefault(one.Line - 1) != before) throw new SetupException($"line {one.Line} of {file.Path} is not as it was when the plan was made; run setup again");
            text = Edit.Apply(text, change);
        }

        // What is no UTF-8 was read octet for octet, and is written so.
        var encoding = file.Content.Span.SequenceEqual(Encoding.UTF8.GetBytes(file.Text)) ? Encoding.UTF8 : Encoding.Latin1;
        return Differs(file, encoding.GetBytes(text));
    }

    private static byte[]? Differs(HostFile file, byte[] content) => file.IsRead && file.Content.Span.SequenceEqual(content) ? null : content;

    /// <summary>The blocks of a chain as they stand where they stand; a key that is another one by now is refused.</summary>
    private string TextOf(Change.WriteChain chain)
    {
        var text = new StringBuilder();
        foreach (var place in chain.Certificates.Prepend(chain.Key))
        {
            var file = files.Read(place.File);
            if (!file.IsRead || !PemObject.TryReadAll(file.Text, out var objects, out _) || objects.FirstOrDefault(one => one.Line == place.Line) is not { } block) throw new SetupException($"{place} is not as it was when the plan was made; run setup again");
            var isFirst = place == chain.Key || place == chain.Certificates[0];
            var publicKey = block.Kind == PemObjectKind.PrivateKey ? block.Data : CertificateSummary.TryRead(block.Data, out var summary) ? summary.PublicKey : default;
            if (isFirst && publicKey != chain.PublicKey) throw new SetupException($"{place} holds another key than when the plan was made; run setup again");
            foreach (var line in file.Text.Split('\n').Skip(place.Line - 1))
            {
                text.Append(line.TrimEnd('\r')).Append('\n');
                if (line.StartsWith("-----END ", StringComparison.Ordinal)) break;
            }
        }

        return text.ToString();
    }

    private FileOwner OwnerOf(HostFile file, string path, UnixFileMode? mode)
    {
        if (file.IsRead && file.Owner is { } owner) return owner with { Mode = mode ?? owner.Mode };
        return FileStatus.Of(Path.GetDirectoryName(path)!, out var folder) == FileKind.Folder && folder is not null ? new(mode ?? FileMode, files.IsLive ? 0 : folder.UserId, files.IsLive ? 0 : folder.GroupId) : new(mode ?? FileMode, 0, 0);
    }

    /// <summary>The mode of a chain file: a group that was let read it by hand goes on reading it, where not everybody may.</summary>
    private static UnixFileMode KeyModeOf(HostFile file) =>
        file.IsRead && file.Owner is { } owner && (owner.Mode & UnixFileMode.OtherRead) == 0 ? (owner.Mode & (KeyMode | UnixFileMode.GroupRead)) | KeyMode : KeyMode;

    /// <summary>Where a file is to be that is not there yet, the links of the folders on the way followed.</summary>
    private string PlaceFor(string path, HostFile file)
    {
        // A link that leads to nothing stays a link: what it leads to is made.
        if (new FileInfo(files.Here(path)).LinkTarget is not null) return file.RealPath;
        var slash = path.LastIndexOf('/');
        if (slash <= 0) return path;
        var folder = files.Look(path[..slash]);
        return (folder.State == FileState.Folder ? folder.RealPath : PlaceFor(path[..slash], folder)).TrimEnd('/') + path[slash..];
    }

    /// <summary>Makes the folders on the way to a file, and notes them.</summary>
    private void MakeFolders(string folder)
    {
        if (folder.Length == 0 || Directory.Exists(files.Here(folder))) return;
        var parent = folder[..folder.LastIndexOf('/')];
        MakeFolders(parent);
        journal.Set(journal.Entry with { Folders = journal.Entry.Folders.Add(folder) });
        Directory.CreateDirectory(files.Here(folder), parent.Contains("/chains", StringComparison.Ordinal) || folder.EndsWith("/chains", StringComparison.Ordinal) ? Journal.FolderMode : OpenFolder);
        Posix.FlushFolder(files.Here(parent.Length == 0 ? "/" : parent));
    }
}
