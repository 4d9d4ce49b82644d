using Danelaw.Operator.Audit;
using Danelaw.Probes;

namespace Danelaw.Operator;

/// <summary>The ports of mail and of the web that a mail host may show its key at.</summary>
internal static class ServicePorts
{
    /// <summary>What is spoken at each.</summary>
    internal static readonly IReadOnlyDictionary<int, ServiceProtocol> Protocols =
        new[] { 25, 443 }.Concat(NetworkSurvey.ClientPorts).ToDictionary(port => port, port => ServiceProtocols.AtPort(port)!.Value);
}
