using System.Collections.Immutable;
using System.Globalization;
using Danelaw.Certificates;
using Danelaw.Dns.Names;
using Danelaw.Operator.Audit;
using Danelaw.Operator.Audit.Files;
using Danelaw.Operator.Changes;

namespace Danelaw.Operator.Setup;

/// <summary>What a person does to come to the same as a step, in the step's order: commands for a shell, and files to edit or to write as their difference shows.</summary>
internal static class ByHand
{
    /// <summary>The lines; of a key only the place is told.</summary>
    internal static ImmutableArray<string> Of(SetupStep step, HostFiles files)
    {
        var lines = new List<string>();
        foreach (var group in step.Changes.GroupBy(change => change.Path))
        {
            foreach (var change in group) lines.AddRange(Of(change, files));
        }

        foreach (var reload in step.Reloads)
        {
            var command = CommandOf(reload, files);
            lines.Add(step.Changes.Any(change => change.Path.StartsWith(reload.Folder + "/", StringComparison.Ordinal)) ? $"{reload.TestCommand} && {command}" : command);
        }

        if (step.Stage == SetupStage.Rollover) lines.Add("danelaw rollover run");
        if (!step.Timers.IsEmpty) lines.Add($"systemctl daemon-reload && systemctl enable --now {string.Join(' ', step.Timers)}");
        return [.. lines.Distinct()];
    }

    /// <summary>Where systemd does not run, whatever starts services does it by their names.</summary>
    private static string CommandOf(ServiceReload reload, HostFiles files) =>
        reload.Service == ManagedService.Unbound && files.IsLive && files.Look("/run/systemd/system").State != FileState.Folder ? "service unbound restart" : reload.Command;

    private static ImmutableArray<string> Of(Change change, HostFiles files) => change switch
    {
        Change.SetParameter set => [$"{PostConf(set.Directory)} -e {ShellWord.Quote(set.Value.Length == 0 ? $"{set.Name} =" : $"{set.Name} = {set.Value}")}"],
        Change.RemoveParameter remove => [$"{PostConf(remove.Directory)} -X {remove.Name}"],
        Change.SetServiceOption { Value: null } option => [$"{PostConf(option.Directory)} -PX {ShellWord.Quote($"{option.Service}/{option.Name}")}"],
        Change.SetServiceOption option => [$"{PostConf(option.Directory)} -P {ShellWord.Quote($"{option.Service}/{option.Name}={option.Value}")}"],
        Change.SetMode mode => [string.Create(CultureInfo.InvariantCulture, $"chmod {Convert.ToString((int)mode.Mode, 8)} {ShellWord.Quote(mode.File)}")],
        Change.WriteChain chain => OfChain(chain, files),
        Change.WriteFile file when files.Look(file.File).State == FileState.Missing => [$"write {ShellWord.Quote(file.File)} as shown above"],
        _ => [$"edit {ShellWord.Quote(change.Path)} as shown above"],
    };

    private static string PostConf(string directory) => directory == "/etc/postfix" ? "postconf" : $"postconf -c {ShellWord.Quote(directory)}";

    /// <summary>A chain file that servers read already is replaced in one go, as setup does it.</summary>
    private static ImmutableArray<string> OfChain(Change.WriteChain chain, HostFiles files)
    {
        var folder = chain.File[..chain.File.LastIndexOf('/')];
        var parent = folder[..folder.LastIndexOf('/')];
        var missing = new[] { parent, folder }.Where(path => path.Length > 0 && files.Look(path).State == FileState.Missing).Select(ShellWord.Quote).ToArray();
        var target = ShellWord.Quote(chain.File);
        var isThere = files.Look(chain.File).State != FileState.Missing;
        var aside = ShellWord.Quote(chain.File + ".new");
        return
        [
            .. missing.Length > 0 ? [$"install -d -m 700 {string.Join(' ', missing)}"] : Array.Empty<string>(),
            isThere ? $"(umask 077; {Gather(chain, files)} > {aside}) && mv {aside} {target}" : $"(umask 077; {Gather(chain, files)} > {target})",
        ];
    }

    /// <summary>Files that hold nothing else, in this order, are taken whole; of all others the blocks by their lines.</summary>
    private static string Gather(Change.WriteChain chain, HostFiles files)
    {
        var commands = new List<string>();
        var whole = new List<string>();
        Place[] places = [chain.Key, .. chain.Certificates];
        for (var at = 0; at < places.Length;)
        {
            var file = places[at].File;
            var lines = places.Skip(at).TakeWhile(place => place.File == file).Select(place => place.Line).ToArray();
            at += lines.Length;
            if (files.Read(file) is { IsRead: true } read && PemObject.TryReadAll(read.Text, out var blocks, out _) && blocks.Select(block => block.Line).SequenceEqual(lines))
            {
                whole.Add(ShellWord.Quote(file));
                continue;
            }

            Flush();
            commands.AddRange(lines.Select(line => string.Create(CultureInfo.InvariantCulture, $"sed -n '{line},/^-----END /p' {ShellWord.Quote(file)}")));
        }

        Flush();
        return commands.Count == 1 ? commands[0] : $"{{ {string.Join("; ", commands)}; }}";

        void Flush()
        {
            if (whole.Count > 0) commands.Add("cat " + string.Join(' ', whole));
            whole.Clear();
        }
    }
}
