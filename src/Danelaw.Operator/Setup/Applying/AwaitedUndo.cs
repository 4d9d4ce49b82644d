using System.Runtime.Versioning;
using Danelaw.Operator.Audit.Files;
using Danelaw.Operator.Rollover.Settings;

namespace Danelaw.Operator.Setup.Applying;

/// <summary>
/// An undo that waits until no cache holds the records of keys that servers will not show any more. Whatever starts a rollover meanwhile, a timer, cron, a hook or a person, would publish
/// them again, and caches would have them once more when the time is up (docs/decisions/0309).
/// </summary>
[UnsupportedOSPlatform("windows")]
internal static class AwaitedUndo
{
    /// <summary>Whether the keys of a roll are being taken back.</summary>
    /// <param name="files">The host's files.</param>
    /// <param name="folder">The folder of setup's journals.</param>
    /// <param name="roll">The roll.</param>
    /// <returns>What is the case, as a sentence; null where no undo waits for this roll's keys.</returns>
    internal static string? Find(HostFiles files, string folder, RollSettings roll)
    {
        HashSet<string> chains;
        try
        {
            chains = Journal.Open(files, folder).Where(journal => journal.Entry.IsUndoAwaited).SelectMany(journal => journal.Entry.Chains).ToHashSet(StringComparer.Ordinal);
        }
        catch (InvalidDataException)
        {
            // By a damaged journal no undo goes on either, and certificates are renewed all the same.
            return null;
        }

        return roll.Chains.Select(chain => chain.File).FirstOrDefault(file => chains.Contains(files.Look(file).RealPath)) is { } taken
            ? $"danelaw setup --undo is taking {taken} back, and waits until no cache holds the records of its keys: this roll publishes nothing meanwhile. danelaw setup --undo puts the servers back when the time has come; danelaw setup gives that up and keeps them as they are, and the roll goes on with the next danelaw rollover run: where a key is lost, run both at once"
            : null;
    }
}
