using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using Danelaw.Checks;
using Danelaw.Cli.Running;
using Danelaw.Probes;

namespace Danelaw.Cli.Options;

/// <summary><c>--starttls PROTO</c>: what is spoken at a port that does not tell it.</summary>
internal sealed class StartTlsOption
{
    public Option<string> Option { get; } = Flag.Value("--starttls", "PROTO", $"TLS is started in this protocol at a HOST:PORT that does not tell it: {string.Join(", ", ServiceProtocols.StartTlsNames)}", [.. ServiceProtocols.StartTlsNames]);

    /// <summary>Reads the option.</summary>
    /// <returns>Reads a target as <see cref="CheckTarget.TryParse(string, ServiceProtocol?, out CheckTarget?, out string)"/> does with what was given.</returns>
    /// <exception cref="MisuseException">There is no such protocol.</exception>
    public TargetParser Read(ParseResult parsed)
    {
        ServiceProtocol? startTls = null;
        if (parsed.GetValue(Option) is { } name)
        {
            if (!ServiceProtocols.TryParseStartTls(name, out var protocol)) throw new MisuseException($"--starttls does not know '{name}'", TargetHint.OfService(name, ServiceProtocols.StartTlsNames, $"it takes {string.Join(", ", ServiceProtocols.StartTlsNames)}; where TLS comes at once write tls://HOST:PORT"));
            startTls = protocol;
        }

        return (string text, [NotNullWhen(true)] out CheckTarget? target, out string fault) =>
        {
            if (CheckTarget.TryParse(text, startTls, out target, out fault)) return true;
            if (startTls is not null) fault = "with --starttls, " + fault;
            return false;
        };
    }
}

/// <summary>Makes a target of a text.</summary>
internal delegate bool TargetParser(string text, [NotNullWhen(true)] out CheckTarget? target, out string fault);
