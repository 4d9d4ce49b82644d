using System.Globalization;
using Danelaw.Operator.Audit.Files;

namespace Danelaw.Operator.Audit.Dovecot;

/// <summary>Asks Dovecot itself, on the host that it runs on, whether it reads its configuration: which settings there are, and which values they take, follows from its release and plugins.</summary>
internal static class DovecotCheck
{
    private const string Start = "doveconf: Fatal: Error in configuration file ";

    /// <summary>Asks it. One setting is printed alone, so that no secret passes by.</summary>
    /// <param name="programs">The host's programs.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The first fault; null where it has none, or says nothing that names a file.</returns>
    internal static async ValueTask<SyntaxFault?> FaultAsync(IHostPrograms programs, CancellationToken cancellationToken) =>
        await programs.RunAsync("doveconf", ["ssl"], cancellationToken).ConfigureAwait(false) is { ExitCode: > 0 } said ? Read(said.Error) : null;

    /// <summary>Reads its first complaint, such as <c>Error in configuration file /etc/dovecot/dovecot.conf line 3: Unknown setting: foo</c>. What this user may not read is no fault.</summary>
    internal static SyntaxFault? Read(string error)
    {
        if (error.Split('\n').FirstOrDefault(line => line.StartsWith(Start, StringComparison.Ordinal)) is not { } line || line.Contains("Permission denied", StringComparison.Ordinal)) return null;
        var said = line[Start.Length..];
        if (said.IndexOf(": ", StringComparison.Ordinal) is not (> 0 and var end)) return null;
        var (file, number) = (said[..end], 0);
        if (file.LastIndexOf(" line ", StringComparison.Ordinal) is > 0 and var at && int.TryParse(file[(at + " line ".Length)..], NumberStyles.None, CultureInfo.InvariantCulture, out number)) file = file[..at];
        return new(new(file, number), said[(end + 2)..].Trim(), true);
    }
}
