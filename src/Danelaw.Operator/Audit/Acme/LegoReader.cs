using System.Collections.Immutable;
using Danelaw.Operator.Audit.Files;

namespace Danelaw.Operator.Audit.Acme;

/// <summary>Reads lego's folders: <c>certificates/DOMAIN.crt</c>, <c>.key</c> and <c>.json</c>.</summary>
internal static class LegoReader
{
    internal static IEnumerable<Lineage> Read(HostFiles files, IEnumerable<string> homes, ImmutableArray<LegoCommand> commands, ICollection<Unseen> unseen)
    {
        foreach (var home in homes.Select(home => home + "/.lego").Append("/etc/lego").Append("/var/lib/lego").Append("/etc/ssl/lego"))
        {
            var names = files.List(home + "/certificates", out var folder);
            if (folder.State == FileState.Unseen) unseen.Add(new("lego's certificates", $"{folder.RealPath} cannot be read by this user; run as root"));
            foreach (var name in names.Where(name => name.EndsWith(".crt", StringComparison.Ordinal) && !name.EndsWith(".issuer.crt", StringComparison.Ordinal)))
            {
                var path = $"{home}/certificates/{name}";
                LegoCommand[] renewing = [.. commands.Where(command => command.Renews(home, name[..^".crt".Length]))];
                yield return new()
                {
                    Client = AcmeClient.Lego,
                    Name = name[..^".crt".Length],
                    Place = new(path, 0),
                    Folders = [$"{home}/certificates"],
                    KeyFile = path[..^".crt".Length] + ".key",
                    ChainFile = path,
                    Chain = ChainReader.Summaries(files, path, unseen),

                    // lego makes a new key unless the command that renews says --reuse-key, and that command stands in no file of its own.
                    Key = renewing.Length == 0 ? KeyAtRenewal.Unknown : renewing.All(command => command.KeepsKey) ? KeyAtRenewal.Kept : KeyAtRenewal.Changed,
                    Hooks = [.. renewing.Select(command => command.Hook).OfType<string>().Distinct()],
                };
            }
        }
    }
}
