using System.Collections.Immutable;
using Danelaw.Operator.Audit.Files;
using Danelaw.Operator.Changes;

namespace Danelaw.Operator.Audit.Acme;

/// <summary>Whether an ACME client tells danelaw rollover to look once it has renewed, and what would make it do so.</summary>
/// <param name="IsSaid">Whether it does.</param>
/// <param name="IsRoots">Whether it is root who renews: another user may start nothing here, and the timer comes within five minutes anyway.</param>
internal sealed record LookNow(bool IsSaid, bool IsRoots)
{
    /// <summary>Where a package puts the program that clients run, and where a setup puts it else.</summary>
    internal const string PackagedProgram = "/usr/lib/danelaw/danelaw-look-now", OwnProgram = "/etc/danelaw/danelaw-look-now";

    private const string RenewHook = "Le_RenewHook";

    private static readonly string[] Marks = ["danelaw-look-now", "danelaw-rollover", "danelaw rollover"];

    /// <summary>What is altered in a file of the client's; null where nothing can be, or need be.</summary>
    internal Change.SetLine? Change { get; init; }

    /// <summary>What a person does where no file can be altered for sure; empty otherwise.</summary>
    internal string ToDo { get; init; } = "";

    /// <summary>The program that is run, as it is found or would be put there.</summary>
    /// <param name="files">The host's files.</param>
    internal static string ProgramOf(HostFiles files) => files.Look(PackagedProgram).IsRead ? PackagedProgram : OwnProgram;

    /// <summary>Looks.</summary>
    /// <param name="files">The host's files.</param>
    /// <param name="lineage">What a client keeps renewed.</param>
    /// <param name="commands">What runs lego here.</param>
    internal static LookNow Of(HostFiles files, Lineage lineage, ImmutableArray<LegoCommand> commands) => lineage.Client switch
    {
        AcmeClient.Certbot => new(lineage.Hooks.Any(hook => Says(files, hook)), true),
        AcmeClient.AcmeSh => OfAcmeSh(files, lineage),
        AcmeClient.Lego => OfLego(files, lineage, [.. commands.Where(command => command.Renews(lineage.Folders[0][..^"/certificates".Length], lineage.Name))]),
    };

    /// <summary>acme.sh keeps a hook in the file of each certificate, coded; its own command for that (--install-cert) would forget what stands there besides.</summary>
    private static LookNow OfAcmeSh(HostFiles files, Lineage lineage)
    {
        var file = files.Read(lineage.Place.File);
        var look = new LookNow(lineage.Hooks.Any(hook => Says(files, hook)), file.Owner?.UserId == RootOf(files));
        if (look.IsSaid || !look.IsRoots || !file.IsRead) return look;
        var lines = file.Text.Split('\n');
        var at = Array.FindLastIndex(lines, line => line.StartsWith(RenewHook + "=", StringComparison.Ordinal));
        var old = AcmeShReader.Values(file.Text).GetValueOrDefault(RenewHook, "") is { Length: > 0 } value ? AcmeShReader.Decode(value) : "";

        // Ours ends well whatever comes, so that the status stays that of the hook which was there before.
        var hook = old.Length == 0 ? ProgramOf(files) : $"{ProgramOf(files)}; {old}";
        return look with { Change = new(file.Path, at + 1, at < 0 ? null : lines[at], $"{RenewHook}='{AcmeShReader.Code(hook)}'") };
    }

    private static LookNow OfLego(HostFiles files, Lineage lineage, ImmutableArray<LegoCommand> commands)
    {
        if (commands.IsEmpty) return new(false, files.Look(lineage.ChainFile!).Owner?.UserId == RootOf(files)) { ToDo = $"lego's renewal of {lineage.Name} was found in no table of cron and no unit of systemd: give its command --renew-hook {ProgramOf(files)}" };
        if (commands.All(command => command.Hook is { } hook && Says(files, hook))) return new(true, true);
        var lacking = commands.First(command => command.Hook is not { } hook || !Says(files, hook));
        var look = new LookNow(false, lacking.IsRoots && files.Look(lacking.Place.File).Owner?.UserId == RootOf(files));
        if (!look.IsRoots) return look;
        if (lacking.Hook is { } other) return look with { ToDo = $"lego runs one program after a renewal, and at {lacking.Place} that is {other.Split(' ')[0]}: add {ProgramOf(files)} to it as a line of its own" };
        return look with { Change = new(lacking.Place.File, lacking.Place.Line, lacking.Line, lacking.Line.Insert(lacking.End, " --renew-hook=" + ProgramOf(files))) };
    }

    /// <summary>Whether a hook leads to danelaw: by its words, or by those of the script that it names.</summary>
    private static bool Says(HostFiles files, string hook) =>
        Mentions(hook) || (hook.Trim().Split(' ')[0] is ['/', ..] script && files.Read(script) is { IsRead: true } file && Mentions(file.Text));

    private static bool Mentions(string text) => Marks.Any(mark => text.Contains(mark, StringComparison.Ordinal));

    private static uint RootOf(HostFiles files) => Setup.Renewing.RootAccess.RootOf(files);
}
