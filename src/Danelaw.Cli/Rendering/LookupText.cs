using Danelaw.Cli.Options;
using Danelaw.Cli.Rendering.Tracing;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Records;
using Danelaw.Dns.Zones;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Tracing;

namespace Danelaw.Cli.Rendering;

/// <summary>A lookup as text: the status, then the records as a zone file has them, then why.</summary>
internal static class LookupText
{
    /// <summary>A lookup with its chain of trust, which tells the reason.</summary>
    public static void Write(Page page, ChainTrace trace, string name, Output output)
    {
        WriteRecords(page, trace.Answer, name);
        if (output.IsQuiet) return;
        foreach (var note in trace.Answer.Notes) page.Paragraph(2, 2, $"{note.Code} {Words.Of(note.Zone)}: {note.Text}");
        TraceText.Write(page, trace, output);
    }

    public static void Write(Page page, Answer answer, string name, Output output)
    {
        WriteRecords(page, answer, name);
        if (output.IsQuiet) return;
        if (answer.IsFailure || output.IsVerbose || answer.Chain.IsEmpty || answer.Security == Dnssec.Validation.Security.Insecure) page.Paragraph(2, 2, answer.Explanation);
        if (answer.ExtendedError is { } error) page.Paragraph(2, 2, $"extended error {TraceWords.ExtendedError(error.Code)}", error.Text.Length > 0 && error.Text != answer.Explanation ? $": {error.Text}" : "");
        if (answer.Failure is { } failure) WriteFailure(page, failure);
        foreach (var note in answer.Notes) page.Paragraph(2, 2, $"{note.Code} {Words.Of(note.Zone)}: {note.Text}");
        if (!output.IsVerbose) return;
        foreach (var trust in answer.Trust)
            page.Line(2, new Ink($"trust {trust.Zone} {(trust.IsAnchor ? "anchor" : "DS")}{(trust.KeySignature is { } use ? $", key {use.KeyTag} algorithm {(byte)use.Algorithm} until {use.Expiration:yyyy-MM-dd'T'HH:mm:ss'Z'}" : "")}", Tone.Faint));
    }

    private static void WriteRecords(Page page, Answer answer, string name)
    {
        var code = answer.ResponseCode is { } rcode ? ResponseCodes.ToText(rcode) : "no reply";
        page.Line(0, new Ink($"{name} {RecordTypes.ToText(answer.Question.Type)}", Tone.Strong), ": ", Words.Of(answer.Security), $" ({Kebab.Of(answer.Reason)}), {code}");
        if (answer.IsFailure) return;
        foreach (var link in answer.Chain)
            foreach (var record in link.Records.Records)
                page.Line(2, ZoneWriter.ToLine(record));
    }

    /// <summary>What a failure is about, by which rule, and what to do next.</summary>
    private static void WriteFailure(Page page, LookupFailure failure)
    {
        var key = failure.KeyTag is { } tag ? $", key {tag}{(failure.Algorithm is { } algorithm ? $" ({SecurityAlgorithms.ToText(algorithm)})" : "")}" : "";
        var server = failure.Server is { } its ? $", server {its}" : "";
        page.Paragraph(2, 2, $"at {failure.Owner} {RecordTypes.ToText(failure.Type)}{(failure.Zone is { } zone ? $", zone {zone}" : "")}{key}{server}; {failure.Rule}");
        page.Paragraph(2, 2, $"what to do: {failure.Mend}");
    }

    /// <summary>One line, for the lookups of a check.</summary>
    public static void WriteShort(Page page, int indent, Answer answer) =>
        page.Line(indent, $"{answer.Question.Name} {RecordTypes.ToText(answer.Question.Type)}: ", Words.Of(answer.Security), $" ({Kebab.Of(answer.Reason)})");
}
