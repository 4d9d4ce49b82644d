using System.Globalization;
using Danelaw.Certificates;
using Danelaw.Checks;
using Danelaw.Cli.Options;
using Danelaw.Cli.Rendering.Servers;
using Danelaw.Discovery;
using Danelaw.Probes;

namespace Danelaw.Cli.Rendering;

/// <summary>A check as text: the verdict first, then host by host, then what to do.</summary>
internal static class CheckText
{
    /// <summary>As it stands in a pipe.</summary>
    public static string Plain(CheckReport report, Output output)
    {
        var page = new Page(PageStyle.Pipe);
        Write(page, report, output);
        return page.ToString();
    }

    public static void Write(Page page, CheckReport report, Output output)
    {
        page.Paragraph(0, 2, new Ink(report.Target, Tone.Strong), ": ", Words.Of(report.Verdict) with { Text = Kebab.Of(report.Verdict).ToUpperInvariant() }, $" ({InWords(report.Reason, Explanations.Checks)})");
        if (output.IsQuiet) return;
        if (report.Explanation.Length > 0) page.Paragraph(2, 2, report.Explanation);
        foreach (var service in report.Services)
            if (service.Srv is { } srv && (report.Services.Length == 1 || srv.Kind != ServiceRouteKind.None || output.IsVerbose)) WriteSrv(page, srv);
        // A domain that does not exist has no host worth showing.
        foreach (var host in report.Reason == CheckReason.NoSuchDomain && !output.IsVerbose ? [] : report.Hosts)
        {
            page.Gap();
            Write(page, host, report, output);
        }

        string[] missing = report.Services.Length == 1 ? [] : [.. report.Services.Where(service => !service.IsOffered).Select(service => ServiceProtocols.NameOf(service.Service))];
        if (missing.Length > 0)
        {
            page.Gap();
            page.Paragraph(0, 2, $"Not offered, as far as can be seen: {string.Join(", ", missing)}.");
        }

        ServersText.WriteShort(page, report.Zones, output);
        WriteFindings(page, report);
        if (!output.IsVerbose || report.Lookups.IsEmpty) return;
        page.Gap();
        page.Line(0, new Ink("Lookups", Tone.Strong));
        foreach (var lookup in report.Lookups) LookupText.WriteShort(page, 2, lookup);
    }

    private static void WriteSrv(Page page, ServiceRoute srv) => page.Paragraph(2, 4, $"SRV {Words.Of(srv.SrvAnswer.Question.Name)}: ", srv.Kind switch
    {
        ServiceRouteKind.Failed or ServiceRouteKind.Records => "",
        ServiceRouteKind.None => "none, ",
        ServiceRouteKind.NotOffered => "not offered, ",
    }, Words.Of(srv.SrvAnswer.Security), srv.Kind == ServiceRouteKind.Failed ? $" ({InWords(srv.SrvAnswer.Reason, Explanations.Lookups)})" : "");

    private static void Write(Page page, HostReport host, CheckReport report, Output output)
    {
        var name = report.Services.Length > 1 ? $"{Words.Of(host.Name)}:{host.Port} {ServiceProtocols.NameOf(host.Service)}"
            : host.Priority is not null ? $"{Words.Of(host.Name)}:{host.Port}"
            : Words.Of(host.Name);
        var place = host.Preference is { } preference ? $" (preference {preference}): " : host.Priority is { } priority ? $" (priority {priority}, weight {host.Weight}): " : ": ";
        page.Paragraph(0, 2, new Ink(name, Tone.Strong), place, Words.Of(host.Verdict), $" ({InWords(host.Reason, Explanations.Checks)})");
        page.Paragraph(2, 2, $"{Capital(host.Sender.Text)} ({host.Sender.Rule}).");
        WriteTlsa(page, host, output);
        foreach (var endpoint in host.Endpoints) Write(page, endpoint, output);
        foreach (var address in host.Addresses)
            if (!host.Endpoints.Any(endpoint => endpoint.Observation.Target.Address.Address.Equals(address)))
                page.Line(2, new Ink($"{address}: not asked", Tone.Faint));
    }

    private static void WriteTlsa(Page page, HostReport host, Output output)
    {
        if (host.TlsaAnswer is not { } answer) return;
        var owner = Words.Of(answer.Question.Name) + (answer.IsAlias && !answer.IsFailure ? $", an alias of {Words.Of(answer.FinalName)}" : "");
        if (host.Records.IsEmpty)
        {
            page.Paragraph(2, 4, $"TLSA {owner}: ", answer.IsFailure ? Words.Of(answer.Security) : answer.Records is null ? "none, " : "not used, ", answer.IsFailure ? $" ({InWords(answer.Reason, Explanations.Lookups)})" : Words.Of(answer.Security));
            return;
        }

        page.Line(2, $"TLSA {owner}: ", Words.Of(answer.Security));
        var isTested = host.Endpoints.Any(endpoint => endpoint.Verdict is not null || endpoint.Observation.Outcome == ProbeOutcome.Completed);
        foreach (var record in host.Records)
        {
            var tone = record.State switch
            {
                RecordState.Matching => Tone.Good,
                RecordState.Next => Tone.Plain,
                RecordState.Other or RecordState.Stale or RecordState.Unusable => Tone.Doubt,
            };
            var state = record.State == RecordState.Unusable ? $" ({InWords(record.Usability, Explanations.Records)})" : ProvenBy(host, record);
            page.Line(4, output.IsVerbose ? record.Record.ToString() : Words.Short(record.Record), "  ", new Ink(Words.Of(record.State, isTested), tone), state);
        }
    }

    /// <summary>Of several records that match: which of several keys each is of, and at which of several addresses. Two current keys are no current one and a next.</summary>
    private static string ProvenBy(HostReport host, RecordReport record)
    {
        if (host.Records.Count(other => other.State == RecordState.Matching) < 2) return "";
        var shown = host.Endpoints.Where(endpoint => endpoint.Observation.Outcome == ProbeOutcome.Completed).ToArray();
        string[] kinds = [.. record.Matches.Select(match => match.IsRawPublicKey ? "raw key" : Words.Of(match.Algorithm)).Distinct()];
        string[] places = [.. record.Matches.Select(match => match.Address.Address.ToString()).Distinct()];
        var hasMoreKinds = shown.Select(endpoint => (endpoint.Algorithm, endpoint.Observation.Target.RawPublicKey)).Distinct().Skip(1).Any();
        var hasMorePlaces = shown.Select(endpoint => endpoint.Observation.Target.Address.Address).Distinct().Count() > places.Length;
        if (kinds.Length == 0 || !(hasMoreKinds || hasMorePlaces)) return "";
        return $" ({(hasMoreKinds ? string.Join(" and ", kinds) : "")}{(hasMoreKinds && hasMorePlaces ? ", " : "")}{(hasMorePlaces ? "at " + string.Join(", ", places) : "")})";
    }

    private static void Write(Page page, EndpointReport endpoint, Output output)
    {
        var seen = endpoint.Observation;

        // A kind of key that the server does not have is nothing to read at night.
        if (seen.Outcome == ProbeOutcome.AlgorithmNotOffered && !output.IsVerbose) return;
        var result = EndpointResults.Of(endpoint);
        var kind = string.Concat(new[] { seen.Target.RawPublicKey ? "raw key" : "", Words.Of(endpoint.Algorithm), seen.TlsVersion }.Where(word => word.Length > 0).Select(word => word + " "));
        page.Column(2, seen.Target.Address.ToString(), 24, kind, new Ink(EndpointResults.InWords(result, seen.Detail), EndpointResults.ToneOf(result)), Told(endpoint));
        if (!output.IsVerbose) return;
        if (seen.CipherSuite.Length > 0) page.Line(6, new Ink(seen.CipherSuite, Tone.Faint));
        if (seen.RawPublicKey.Length > 0) page.Line(6, $"{CertificateSummary.DescribeKey(seen.RawPublicKey)}, key SHA-256 {CheckJson.KeyDigest(seen)}");
        for (var i = 0; i < seen.Chain.Length; i++) WriteCertificate(page, i, CertificateText.Read(seen.Chain[i]));
        foreach (var line in seen.Transcript) page.Line(6, new Ink(line, Tone.Faint));
    }

    private static string InWords<T>(T reason, string kind)
        where T : struct, Enum => Explanations.InWords(Kebab.Of(reason), kind);

    /// <summary>What stands behind the result: the record that matched, the reason why none did, or what the server said.</summary>
    private static string Told(EndpointReport endpoint)
    {
        if (endpoint.Verdict is { IsMatch: true, Record: { } record }) return $" {Words.Short(record)}";
        if (endpoint.Verdict is { } verdict) return $": {InWords(verdict.Reason, Explanations.Chains)}";
        var detail = endpoint.Observation.Detail.Trim();
        return detail.Length > 0 ? $": {detail}" : "";
    }

    private static void WriteCertificate(Page page, int depth, CertificateText certificate)
    {
        page.Line(6, $"{depth}: {certificate.Subject}");
        page.Line(9, $"issued by {certificate.Issuer}");
        page.Line(9, $"{certificate.Key}, {Day(certificate.NotBefore)} to {Day(certificate.NotAfter)}{(certificate.Names.IsEmpty ? "" : ", " + string.Join(' ', certificate.Names))}");
        page.Line(9, $"key SHA-256 {certificate.PublicKeySha256}");
    }

    private static void WriteFindings(Page page, CheckReport report)
    {
        if (report.Findings.IsEmpty) return;
        page.Gap();
        page.Line(0, new Ink("What was found, and what to do", Tone.Strong));
        var number = 0;
        foreach (var finding in report.Findings)
        {
            number++;
            var label = number.ToString(CultureInfo.InvariantCulture) + ".";
            page.Column(2, label, 5, new Ink($"{Kebab.Of(finding.Severity)} {finding.Code}", Words.ToneOf(finding.Severity)), finding.Subject.Length > 0 ? $" {finding.Subject}" : "");
            page.Paragraph(5, 5, finding.Text.EndsWith('.') ? finding.Text : finding.Text + ".");
            MendText.Write(page, 5, finding.Mend);
        }

        var gravest = report.Findings[0];
        page.Gap();
        page.Line(0, $"More: {MoreAbout.Of(gravest.Code)}");
    }

    private static string Capital(string text) => text.Length == 0 ? "" : char.ToUpperInvariant(text[0]) + text[1..];

    private static string Day(DateTimeOffset? time) => time?.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) ?? "?";
}
