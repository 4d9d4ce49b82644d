using System.Globalization;
using Danelaw.Cli.Commands;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;
using Danelaw.Operator.Publishing.Signing;

namespace Danelaw.Cli.Rendering.Operating;

/// <summary>How far a zone is on its way to be signed, as text, and what to do next.</summary>
internal static class DnssecText
{
    private const int Column = 16;

    public static void Tell(Call call, ZoneSigningEvidence evidence, ZoneSigningReport report, bool isLast, bool isTold)
    {
        var page = new Page(call.Output.Style);
        var tone = report.State switch
        {
            ZoneSigningState.Secure => Tone.Good,
            ZoneSigningState.Broken or ZoneSigningState.ParentUnsigned or ZoneSigningState.NoZone => Tone.Bad,
            _ => Tone.Doubt,
        };
        page.Paragraph(0, 0, new Ink(Words.Of(evidence.Zone), Tone.Strong), ": ", new Ink(Say(report.State), tone), $": {report.Reason}.");
        if (!call.Output.IsQuiet && !isTold) WriteNext(page, evidence, report);
        if (!call.Output.IsQuiet && report.State == ZoneSigningState.Secure && SigningAdvice.OncePublished(report.Software, evidence.Zone) is { IsEmpty: false } told) WriteLines(page, "If the server does not watch the zone above by itself, tell it:", told);
        call.Voice.Result(page.ToUtf8());
        if (isLast && report.State is ZoneSigningState.AwaitingSigner or ZoneSigningState.AwaitingParents) call.Voice.Hint("run the same command again to go on waiting");
    }

    private static void WriteNext(Page page, ZoneSigningEvidence evidence, ZoneSigningReport report)
    {
        switch (report.State)
        {
            case ZoneSigningState.Unsigned:
                SigningSoftware[] all = report.Software == SigningSoftware.Unknown ? [SigningSoftware.Bind, SigningSoftware.Knot, SigningSoftware.PowerDns, SigningSoftware.Nsd] : [report.Software];
                foreach (var software in all) WriteLines(page, $"With {Say(software)}:", SigningAdvice.ToSign(software, evidence.Zone));
                page.Gap();
                page.Line(0, "Then run this command again: it prints the DS record for the registrar.");
                break;
            case ZoneSigningState.Broken when report.Keys.Any(key => report.Signers.Contains(key.Signer.ToOctets())):
                page.Gap();
                page.Paragraph(0, 0, "The registrar has nothing to do with it: the DS record fits. Have the zone signed again where it is mastered, and see that it is from now on before its signatures end.");
                break;
            case ZoneSigningState.AwaitingSigner or ZoneSigningState.AwaitingParents or ZoneSigningState.ParentUnsigned or ZoneSigningState.Broken when !report.Keys.IsEmpty:
                WriteKeys(page, evidence, report);
                break;
            default: break;
        }
    }

    private static void WriteKeys(Page page, ZoneSigningEvidence evidence, ZoneSigningReport report)
    {
        page.Gap();
        page.Line(0, new Ink("For the registrar's form", Tone.Strong), ", as DS:");
        foreach (var key in report.Keys)
        {
            var ds = key.Signer;
            page.Gap();
            page.Column(2, "Key tag", Column, ds.KeyTag.ToString(CultureInfo.InvariantCulture));
            page.Column(2, "Algorithm", Column, string.Create(CultureInfo.InvariantCulture, $"{ds.Algorithm} ({SecurityAlgorithms.ToText((SecurityAlgorithm)ds.Algorithm)})"));
            page.Column(2, "Digest type", Column, string.Create(CultureInfo.InvariantCulture, $"{ds.DigestType} (SHA-256)"));
            page.Column(2, "Digest", Column, ds.Digest.ToHex());
            page.Line(2, new Ink("or as DNSKEY, where the form wants the key:", Tone.Faint));
            page.Column(2, "Flags", Column, key.Dnskey.Flags.ToString(CultureInfo.InvariantCulture));
            page.Column(2, "Protocol", Column, key.Dnskey.Protocol.ToString(CultureInfo.InvariantCulture));
            page.Column(2, "Public key", Column, key.Dnskey.PublicKey.ToBase64());
        }

        page.Gap();
        foreach (var key in report.Keys) page.Line(2, string.Create(CultureInfo.InvariantCulture, $"{evidence.Zone} IN DS {key.Signer.KeyTag} {key.Signer.Algorithm} {key.Signer.DigestType} {key.Signer.Digest.ToHex()}"));
        page.Gap();
        page.Paragraph(0, 0, evidence.Servers.Any(server => server.HasChildSigners)
            ? "The zone has CDS or CDNSKEY records: a registry that reads them (RFC 7344, RFC 8078; .ch, .li, .cz, .sk, .se and .nu among others) fetches the DS record by itself, some after a few days. Others want it typed in."
            : "The zone has no CDS or CDNSKEY records, by which some registries fetch the DS record by themselves (RFC 7344, RFC 8078): type it in at the registrar.");
        if (report.Signers.IsEmpty) return;
        page.Gap();
        page.Line(0, "What the zone above has now:");
        foreach (var signer in report.Signers)
            if (DsData.TryRead(signer, out var ds)) page.Line(2, string.Create(CultureInfo.InvariantCulture, $"{evidence.Zone} IN DS {ds.KeyTag} {ds.Algorithm} {ds.DigestType} {ds.Digest.ToHex()}"));
    }

    private static void WriteLines(Page page, string heading, IEnumerable<string> lines)
    {
        page.Gap();
        page.Line(0, heading);
        foreach (var line in lines) page.Line(2, line);
    }

    private static string Say(ZoneSigningState state) => state switch
    {
        ZoneSigningState.Unreachable => "not seen",
        ZoneSigningState.NoZone => "no zone",
        ZoneSigningState.Broken => "broken",
        ZoneSigningState.Unsigned => "not signed",
        ZoneSigningState.PartlySigned => "partly signed",
        ZoneSigningState.AwaitingSigner => "signed, without a DS record",
        ZoneSigningState.AwaitingParents => "nearly there",
        ZoneSigningState.ParentUnsigned => "an island",
        ZoneSigningState.Secure => "secure",
    };

    private static string Say(SigningSoftware software) => software switch
    {
        SigningSoftware.Bind => "BIND",
        SigningSoftware.Knot => "Knot DNS",
        SigningSoftware.PowerDns => "PowerDNS",
        SigningSoftware.Nsd => "NSD, or any other that serves files",
        SigningSoftware.Unknown => "a server that is not known",
    };
}
