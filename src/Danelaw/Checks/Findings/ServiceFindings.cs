using System.Globalization;

namespace Danelaw.Checks.Findings;

/// <summary>What is published for services that nobody offers.</summary>
internal static class ServiceFindings
{
    internal static IEnumerable<Finding> Of(TargetSubject subject)
    {
        foreach (var host in subject.Evidence.NotOffered.Where(facts => facts.HasUnusedRecords).GroupBy(facts => facts.Dns.TlsaBase))
        {
            var name = Say.Name(host.Key);
            string[] ports = [.. host.Select(facts => facts.Lead.Port).Distinct().Order().Select(port => port.ToString(CultureInfo.InvariantCulture))];
            yield return new(FindingCodes.ServiceRecordUnused, Severity.Warning, name,
                $"{name} has TLSA records for {(ports.Length == 1 ? "port" : "ports")} {Say.List(ports, ports.Length)}, where nobody listens. They protect nobody, and would stop clients if the service came back with another key.",
                $"Take them out, or start the service again: {Say.List(host.Select(facts => Say.Owner(facts.Dns)).Distinct(), ports.Length)}.");
        }
    }
}
