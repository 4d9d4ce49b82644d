using System.Text;
using Danelaw.Dns.Names;

namespace Danelaw.Operator.Setup.Renewing;

/// <summary>The files of <c>packaging/</c>, which stand in this very library: whoever has the command alone has them too.</summary>
internal static class PackagedFile
{
    /// <summary>Where a package puts the command, as these files name it.</summary>
    internal const string Command = "/usr/bin/danelaw";

    internal const string Service = "danelaw-rollover.service", Timer = "danelaw-rollover.timer", Hook = "danelaw-look-now";

    /// <summary>Reads one.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="command">What is run as danelaw.</param>
    internal static string Read(string name, IReadOnlyList<string> command)
    {
        using var stream = typeof(PackagedFile).Assembly.GetManifestResourceStream("packaging/" + name) ?? throw new InvalidOperationException($"{name} is not packaged");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().Replace(Command, string.Join(' ', command.Select(word => name == Hook ? ShellWord.Quote(word) : SystemdWord.QuoteArgument(word))), StringComparison.Ordinal);
    }
}
