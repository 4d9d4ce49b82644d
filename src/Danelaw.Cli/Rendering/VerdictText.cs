using System.Collections.Immutable;
using Danelaw.Cli.Options;
using Danelaw.Tlsa;
using Danelaw.Verification;

namespace Danelaw.Cli.Rendering;

/// <summary>The judgement on one chain as text.</summary>
internal static class VerdictText
{
    public static void Write(Page page, DaneVerdict verdict, ImmutableArray<TlsaRecord> records, ServiceKind service, Output output)
    {
        if (verdict.IsMatch && verdict.Record is { } record)
        {
            page.Line(0, new Ink("MATCH", Tone.Good), $" ({Kebab.Of(verdict.Reason)}): {Words.Short(record)} at depth {verdict.Depth}");
            if (!output.IsQuiet) page.Paragraph(2, 2, verdict.Explanation);
            return;
        }

        page.Line(0, new Ink("NO MATCH", Tone.Bad), $" ({Kebab.Of(verdict.Reason)})");
        if (output.IsQuiet) return;
        page.Paragraph(2, 2, verdict.Explanation);
        foreach (var one in records)
        {
            var usability = one.UsabilityFor(service);
            if (usability != Usability.Usable) page.Line(2, $"unusable: {Words.Short(one)} ", new Ink($"({Kebab.Of(usability)})", Tone.Doubt));
        }

        page.Line(2, $"danelaw explain {Kebab.Of(verdict.Reason)} tells more");
    }
}
