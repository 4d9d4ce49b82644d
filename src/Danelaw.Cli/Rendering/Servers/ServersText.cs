using System.Collections.Immutable;
using System.Globalization;
using Danelaw.Cli.Options;
using Danelaw.Cli.Rendering.Tracing;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Validation;
using Danelaw.Servers;

namespace Danelaw.Cli.Rendering.Servers;

/// <summary>A survey of a zone's servers as a table: a server a block, a question a line; then what is wrong and what to do.</summary>
internal static class ServersText
{
    public static void Write(Page page, ServerReport report, Output output)
    {
        if (output.IsQuiet) return;
        var evidence = report.Evidence;
        page.Gap();
        if (evidence.Zone is not { } zone)
        {
            page.Paragraph(0, 0, new Ink("The zone's servers were not asked", Tone.Strong), ": no NS records at or above the name could be had.");
            return;
        }

        var type = RecordTypes.ToText(evidence.Question.Type);
        page.Line(0, new Ink($"The servers of {Words.Of(zone)}", Tone.Strong), $", NS {Kebab.Of(evidence.NameServers!.Security)}");
        if (evidence.IsDelegation) page.Paragraph(2, 2, new Ink("They are those that the zone above names: the zone's own NS records could not be had.", Tone.Doubt));
        else if (evidence.Doubt is { } doubt) page.Paragraph(2, 2, new Ink($"Whether {Words.Of(doubt.Question.Name)} is a zone of its own, with other servers, could not be found out: {doubt.Explanation}.", Tone.Doubt));
        page.Paragraph(2, 2, new Ink("Each was asked for the answer, the SOA and a name that does not exist. AA: it has the zone; sig: signatures, or a signed proof of absence, and whether they are bogus; TC: too large for UDP.", Tone.Faint));
        foreach (var row in report.Rows)
        {
            page.Gap();
            page.Line(0, !row.IsAsked ? new Ink("?? ", Tone.Doubt) : row.Faults.IsEmpty ? new Ink("ok ", Tone.Good) : new Ink("!! ", Tone.Bad), new Ink($"{Words.Of(row.Host)} {row.Address}", Tone.Strong), row.Faults.IsEmpty ? "" : $"  {string.Join(' ', row.Faults.Distinct())}");
            page.Line(3, new Ink($"{"",-4}{"",-9}{"rcode",-10}{"AA",-4}{"sig",-6}{"serial",-12}{"answer",-12}{"size",-8}{"EDNS",-6}{"ms",5}", Tone.Faint));
            foreach (var probe in row.Probes) page.Line(3, Line(probe, type));
        }

        if (evidence.LeftOut > 0) page.Line(0, string.Create(CultureInfo.InvariantCulture, $"{evidence.LeftOut} more addresses were not asked."));
        WriteFindings(page, report);
    }

    /// <summary>Beside a check: a line a zone, in full a line an address.</summary>
    public static void WriteShort(Page page, ImmutableArray<ServerReport> zones, Output output)
    {
        if (!zones.Any(zone => zone.Rows.Any(row => row.IsAsked))) return;
        page.Gap();
        page.Line(0, new Ink("Name servers", Tone.Strong));
        foreach (var zone in zones)
        {
            var asked = zone.Rows.Count(row => row.IsAsked);
            var faulty = zone.Rows.Count(row => !row.Faults.IsEmpty);
            var rest = zone.Rows.Length - asked;
            page.Paragraph(
                2,
                4,
                $"{Words.Of(zone.Evidence.Zone!.Value)}: ",
                asked == 0 ? new Ink("not asked", Tone.Doubt) : faulty > 0 ? new Ink(string.Create(CultureInfo.InvariantCulture, $"something is wrong at {faulty} of {asked} {(asked == 1 ? "address" : "addresses")}"), Tone.Bad) : new Ink(string.Create(CultureInfo.InvariantCulture, $"{asked} {(asked == 1 ? "address is" : "addresses are")} sound"), Tone.Good),
                asked > 0 && rest > 0 ? string.Create(CultureInfo.InvariantCulture, $", {rest} not asked") : "");
            if (!output.IsVerbose) continue;
            foreach (var row in zone.Rows)
            {
                var told = !row.IsAsked ? new Ink("not asked", Tone.Doubt) : row.Faults.IsEmpty ? new Ink("sound", Tone.Good) : new Ink(string.Join(' ', row.Faults), Tone.Bad);
                page.Line(4, $"{Words.Of(row.Host)} {row.Address}", row.Serial is { } serial ? string.Create(CultureInfo.InvariantCulture, $", serial {serial}: ") : ": ", told);
            }
        }
    }

    private static Ink Line(ServerProbe probe, string type)
    {
        var what = probe.Question switch
        {
            ServerQuestion.Answer => TraceWords.Cut(type, 8),
            ServerQuestion.Soa => "SOA",
            ServerQuestion.NonName => "no name",
            ServerQuestion.Keys or ServerQuestion.ChildDs or ServerQuestion.ChildKeys or ServerQuestion.EmptyNonTerminal or ServerQuestion.Ds => TraceWords.Cut(RecordTypes.ToText(probe.Asked.Type), 8),
        };
        var head = $"{(probe.IsTcp ? "TCP" : "UDP"),-4}{what,-9}";
        var time = probe.Time.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture);
        if (!probe.IsReplied) return new($"{head}{Of(probe.Outcome)}{(probe.Detail.Length > 0 ? ": " + TraceWords.Cut(probe.Detail, 40) : "")}", Tone.Doubt);
        var rcode = probe.Code is { } code ? ResponseCodes.ToText(code) : "";
        var answer = probe.Records > 0 ? string.Create(CultureInfo.InvariantCulture, $"{probe.Records}:{probe.Digest}") : "none";
        var signed = probe.Status == Security.Bogus ? "bogus" : probe.IsSigned || probe.HasDenial ? "yes" : "no";
        var serial = probe.Serial?.ToString(CultureInfo.InvariantCulture) ?? "-";
        var size = probe.Size.ToString(CultureInfo.InvariantCulture) + (probe is { IsLarge: true, IsTcp: false } ? " TC" : "");
        return $"{head}{rcode,-10}{(probe.IsAuthoritative ? "yes" : "no"),-4}{signed,-6}{serial,-12}{answer,-12}{size,-8}{probe.EdnsSize?.ToString(CultureInfo.InvariantCulture) ?? "-",-6}{time,5}";
    }

    private static string Of(ExchangeOutcome outcome) => outcome switch
    {
        ExchangeOutcome.TimedOut => "no reply in time",
        ExchangeOutcome.Unreachable => "unreachable",
        ExchangeOutcome.Closed => "connection closed",
        ExchangeOutcome.Malformed => "unreadable reply",
        ExchangeOutcome.NoDescriptors => "not asked",
        ExchangeOutcome.None or ExchangeOutcome.Replied or ExchangeOutcome.NotTrusted or ExchangeOutcome.NotAsked => Kebab.Of(outcome),
    };

    private static void WriteFindings(Page page, ServerReport report)
    {
        page.Gap();
        if (report.Findings.IsEmpty)
        {
            page.Line(0, new Ink(report.Evidence.Zone is { } zone ? $"All servers of {Words.Of(zone)} answer alike." : "All servers answer alike.", Tone.Good));
            WriteElsewhere(page, report.Evidence);
            return;
        }

        page.Line(0, new Ink("What was found, and what to do", Tone.Strong));
        foreach (var finding in report.Findings)
        {
            page.Line(2, new Ink($"{Kebab.Of(finding.Severity)} {finding.Code}", Words.ToneOf(finding.Severity)));
            page.Paragraph(5, 5, finding.Text);
            page.Paragraph(5, 8, new Ink("-> ", Tone.Strong), finding.Mend);
        }

        page.Gap();
        page.Paragraph(0, 6, $"More: danelaw explain {string.Join(' ', report.Findings.Select(finding => finding.Code).Distinct())}");
        WriteElsewhere(page, report.Evidence);
    }

    /// <summary>Behind an alias the records that fail are another zone's, whose servers were not asked.</summary>
    private static void WriteElsewhere(Page page, ServerEvidence evidence)
    {
        if (evidence.Answer.Failure is not { } failure || evidence.Zone is not { } zone || failure.Owner.IsAtOrBelow(zone) || zone.IsAtOrBelow(failure.Owner)) return;
        var type = RecordTypes.ToText(failure.Type);
        page.Paragraph(0, 0, new Ink($"What fails is {Words.Of(failure.Owner)} {type}, which an alias leads to and {Words.Of(zone)} does not hold", Tone.Bad), $": danelaw lookup {ShellWord.QuoteName(Words.Of(failure.Owner))} {type} --all-servers asks the servers of that zone.");
    }
}
