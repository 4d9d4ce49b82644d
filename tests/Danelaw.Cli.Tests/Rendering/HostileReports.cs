using System.Net;
using Danelaw.Checks;
using Danelaw.Cli.Rendering.Reports;
using Danelaw.Dns.Names;

namespace Danelaw.Cli.Tests.Rendering;

/// <summary>Reports in which every text from outside wants to be something else.</summary>
internal static class HostileReports
{
    /// <summary>Markup, marks of Markdown, ends of lines and of strings, controls, what turns the direction of writing, half a character.</summary>
    public const string Text = "</td><script>alert(1)</script>\"'>&amp; ]]> | `code` **bold** [a](javascript:1) https://evil.example www.evil.example \\\\ \\\" {x=\"y\"} 1\n# HELP a\r\n\0\e[31m\u0085\u2028\u202E\uFFFE\uD800 $x$ -->";

    /// <summary>A report with it in every place that a server, a zone or a list of targets can fill.</summary>
    public static CheckReport Report { get; } = Reports.Failing with
    {
        Target = Text,
        Explanation = "It says " + Text,
        Hosts =
        [
            Reports.Failing.Hosts[0] with
            {
                Name = DomainName.TryParse("\\\"\\034\\010<b>|`\\`\\124.example.org", out var name) ? name : throw new FormatException(),
                Endpoints =
                [
                    .. Reports.Failing.Hosts[0].Endpoints.Select(endpoint => endpoint with { Observation = endpoint.Observation with { Detail = Text, TlsVersion = Text } }),
                ],
                Addresses = [IPAddress.Parse("192.0.2.1")],
            },
        ],
        Findings = [.. Reports.Failing.Findings.Select(finding => finding with { Subject = Text, Text = Text, Mend = "Look at " + Text + "\n_25._tcp." + Text.Replace("\n", "", StringComparison.Ordinal) + " IN TLSA 3 1 1 00" })],
    };

    public static CheckResult Result => CheckResult.Of(Report);
}
