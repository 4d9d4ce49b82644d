using System.Collections.Immutable;
using Danelaw.Cli.Running;
using Danelaw.Probes;

namespace Danelaw.Cli.Options;

/// <summary>The values of <c>--port</c>: numbers, or names of services that have a port of their own, several of them with commas between or one by one.</summary>
internal static class PortList
{
    /// <summary>The help of the option.</summary>
    public const string ValueName = "N[,N..]";

    /// <summary>Every port once, in the order given.</summary>
    /// <param name="given">What was given; null for nothing.</param>
    /// <param name="otherwise">The port when nothing was.</param>
    /// <exception cref="MisuseException">One is none.</exception>
    public static ImmutableArray<int> Read(string[]? given, int otherwise) =>
        given is { Length: > 0 } ? [.. given.SelectMany(text => text.Split(',').Select(part => Read(part.Trim(), text))).Distinct()] : [otherwise];

    private static int Read(string text, string whole)
    {
        if (text.Length == 0 && whole.Trim().Length > 0) throw new MisuseException($"--port {whole}: a port is missing before or behind a comma", "write --port 25,465 or --port smtp,submissions");
        if (ServiceProtocols.TryParse(text, out var protocol) && ServiceProtocols.PortOf(protocol) is > 0 and var port) return port;
        if (text.Any(char.IsAsciiLetter)) throw new MisuseException($"--port takes a number from 1 to {ushort.MaxValue} or the name of a service, not '{text}'", TargetHint.OfService(text, ServiceProtocols.Names, "services with a port of their own are smtp, submissions, imaps and so on: danelaw check --help lists them"));
        return Quantity.Number("--port", text, 1, ushort.MaxValue);
    }
}
