using Danelaw.Cli.Running;
using Danelaw.Probes;
using Danelaw.Verification;

namespace Danelaw.Cli.Options;

/// <summary>The values of <c>--service</c>.</summary>
internal static class Services
{
    /// <summary>Between mail servers the rules of RFC 7672 hold, everywhere else those of RFC 7671.</summary>
    /// <exception cref="MisuseException">There is no such service.</exception>
    public static ServiceKind Read(string? text)
    {
        if (text is null) return ServiceKind.Other;
        if (ServiceProtocols.TryParse(text, out var protocol)) return protocol == ServiceProtocol.Smtp ? ServiceKind.Smtp : ServiceKind.Other;
        throw new MisuseException($"--service does not know '{text}'", TargetHint.OfService(text, ServiceProtocols.Names, $"it takes {string.Join(", ", ServiceProtocols.Names)}"));
    }
}
