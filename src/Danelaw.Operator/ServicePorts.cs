using Danelaw.Operator.Audit;
using Danelaw.Probes;
using Danelaw.Verification;

namespace Danelaw.Operator;

/// <summary>The ports of mail and of the web that a mail host may show its key at.</summary>
internal static class ServicePorts
{
    /// <summary>What is spoken at each.</summary>
    internal static readonly IReadOnlyDictionary<int, ServiceProtocol> Protocols =
        new[] { 25, 443 }.Concat(NetworkSurvey.ClientPorts).ToDictionary(port => port, port => ServiceProtocols.AtPort(port)!.Value);

    /// <summary>Who asks for records at a port: mail servers, which take usages 2 and 3 alone, or everybody else.</summary>
    internal static ServiceKind KindOf(int port) => port == 25 ? ServiceKind.Smtp : ServiceKind.Other;
}
