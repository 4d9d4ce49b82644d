using System.Globalization;
using Danelaw.Operator.Audit.Files;

namespace Danelaw.Operator.Setup.Planning;

/// <summary>The folders and chain files of Danelaw's as they are found: whoever may write there could have servers show a key of his own (docs/decisions/0236).</summary>
internal static class ChainPlaces
{
    /// <summary>What stands in the way there.</summary>
    /// <param name="facts">The evidence.</param>
    internal static IEnumerable<Obstacle> Obstacles(SetupFacts facts)
    {
        foreach (var place in facts.ChainPlaces)
        {
            if (place.Owner is not { } owner) continue;
            var isOwned = owner.UserId != facts.Keeper;
            var isOpen = (owner.Mode & UnixFileMode.OtherWrite) != 0 || ((owner.Mode & UnixFileMode.GroupWrite) != 0 && owner.GroupId != 0);
            if (!isOwned && !isOpen) continue;
            string[] commands =
            [
                .. isOwned ? [string.Create(CultureInfo.InvariantCulture, $"chown {facts.Keeper}:{facts.Keeper} {Dns.Names.ShellWord.Quote(place.RealPath)}")] : Array.Empty<string>(),
                .. isOpen ? [$"chmod go-w {Dns.Names.ShellWord.Quote(place.RealPath)}"] : Array.Empty<string>(),
            ];
            yield return new($"{place.Path} {(isOwned ? string.Create(CultureInfo.InvariantCulture, $"belongs to user {owner.UserId}, and not to root") : "may be written by others than root")}: whoever that is could have your servers show a key of his own.",
                $"{(place.State == FileState.Folder ? "Look at what is in it, then" : "See that it holds your own key and certificate, then")}: {string.Join(" && ", commands)}", true);
        }
    }

    /// <summary>Looks at the folder of chain files, at those above it that are Danelaw's own, and at all that is in it.</summary>
    internal static IEnumerable<HostFile> Look(HostFiles files, SetupOptions options)
    {
        yield return files.Look(options.StateFolder);
        yield return files.Look(options.ChainFolder);
        foreach (var name in files.List(options.ChainFolder, out _))
        {
            var folder = $"{options.ChainFolder}/{name}";
            yield return files.Look(folder);
            foreach (var file in files.List(folder, out _)) yield return files.Look($"{folder}/{file}");
        }
    }
}
