using Danelaw.Checks;

namespace Danelaw.Tests.Checks;

/// <summary>Everything that a report says, a line each, to compare two of them.</summary>
internal static class ReportText
{
    internal static string Of(CheckReport report) => string.Join('\n', Lines(report));

    private static IEnumerable<string> Lines(CheckReport report)
    {
        yield return $"{report.Target} {report.Verdict} {report.Reason} {report.Explanation}";
        foreach (var service in report.Services) yield return $"service {service.Service} {service.IsOffered} {service.Srv?.Kind} {service.Srv?.IsSecure} {service.Srv?.Hosts.Length}";
        foreach (var host in report.Hosts)
        {
            yield return $"host {host.Name} {host.Service} {host.Port} {host.Priority} {host.Weight} {host.Preference} {host.Verdict} {host.Reason} {host.Sender} {host.TlsaBase} {string.Join(' ', host.Addresses)}";
            foreach (var record in host.Records) yield return $"record {record.Record} {record.State} {record.Usability}";
            foreach (var endpoint in host.Endpoints)
            {
                var seen = endpoint.Observation;
                yield return $"endpoint {seen.Target} {endpoint.Algorithm} {seen.Outcome} {seen.TlsVersion} {seen.CipherSuite} {seen.Detail} {endpoint.Verdict}";
                foreach (var certificate in seen.Chain) yield return certificate.ToHex();
                foreach (var line in seen.Transcript) yield return line;
            }
        }

        foreach (var zone in report.Zones)
        {
            yield return $"zone {zone.Evidence.Zone} {zone.Evidence.IsDelegation} {zone.Evidence.LeftOut}";
            foreach (var row in zone.Rows) yield return $"server {row.Host} {row.Address} {row.IsAsked} {row.Serial} {string.Join(' ', row.Faults)}";
        }

        foreach (var finding in report.Findings) yield return finding.ToString();
        foreach (var answer in report.Lookups)
        {
            yield return $"lookup {answer.Question} {answer.Security} {answer.ResponseCode} {answer.Reason} {answer.Explanation} {answer.ExtendedError} {answer.TimeToLive} {answer.FinalName}";
            foreach (var link in answer.Chain) yield return $"link {link.Security} {link.Records.Owner} {link.Records.Type} {link.Records.TimeToLive} {string.Join(' ', link.Records.Data.Select(data => data.ToHex()))}";
            foreach (var note in answer.Notes) yield return note.ToString();
        }
    }
}
