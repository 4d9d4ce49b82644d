using Danelaw.Cli.Commands;
using Danelaw.Cli.Running;
using Danelaw.OpenPgp;

namespace Danelaw.Cli.Options;

/// <summary>Files of OpenPGP keys that the user names.</summary>
internal static class OpenPgpInput
{
    /// <summary>What a record of the mailbox holds of the file.</summary>
    /// <exception cref="MisuseException">It cannot be read, or has no key of the mailbox.</exception>
    public static OpenPgpKey Read(Call call, string file, string mailbox) =>
        OpenPgpKey.TryRead(FileText.ReadAll(call.Surroundings, file, OpenPgpKey.MaximumLength), mailbox, out var key, out var fault) ? key! : throw new MisuseException($"{FileText.Shown(file)}: {fault}", fault.Contains("several", StringComparison.Ordinal) ? null : $"gpg --export {mailbox} writes what is wanted");
}
