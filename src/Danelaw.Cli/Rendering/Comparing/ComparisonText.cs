using System.Globalization;
using System.Security.Cryptography;
using Danelaw.Cli.Options;
using Danelaw.Comparing;

namespace Danelaw.Cli.Rendering.Comparing;

/// <summary>A comparison as text: a line for each certificate, key and record, with the places where it is.</summary>
internal static class ComparisonText
{
    public static void Write(Page page, ToldComparison told, Output output)
    {
        var comparison = told.Comparison;
        page.Line(0, new Ink(told.Target.Text, Tone.Strong), ": ", new Ink(Kebab.Of(comparison.Verdict).ToUpperInvariant(), comparison.Verdict switch
        {
            ComparisonVerdict.Agreeing => Tone.Good,
            ComparisonVerdict.Differing => Tone.Bad,
            ComparisonVerdict.Unseen or ComparisonVerdict.Unpublished => Tone.Doubt,
        }));
        if (output.IsQuiet) return;
        if (told.Explanation.Length > 0) page.Paragraph(2, 2, told.Explanation);
        page.Gap();
        page.Line(0, new Ink(Words.Of(told.Owner), Tone.Strong), " TLSA: ", Words.Of(comparison.Security), comparison.TimeToLive is { } seconds ? string.Create(CultureInfo.InvariantCulture, $", TTL {seconds}") : "");
        if (!comparison.Keys.IsEmpty || !comparison.Unmet.IsEmpty) page.Line(2, new Ink($"published  served  {(comparison.HasFiles ? "on disk  " : "")}", Tone.Faint));
        foreach (var key in comparison.Keys) Write(page, key, comparison);
        foreach (var record in comparison.Unmet)
            page.Line(2, [.. Marks(true, comparison.IsServiceSeen ? false : null, comparison), new Ink(output.IsVerbose ? record.ToString() : Words.Short(record))]);
        foreach (var endpoint in comparison.Unseen)
            page.Line(2, new Ink($"not seen: {endpoint.Observation.Target.Address} {Words.Of(endpoint.Algorithm)} {EndpointResults.Of(endpoint)} {endpoint.Observation.Detail}".TrimEnd(), Tone.Doubt));
        if (!comparison.Servers.IsEmpty)
        {
            page.Gap();
            page.Line(0, new Ink("Authoritative servers", Tone.Strong));
            foreach (var server in comparison.Servers)
            {
                var (word, tone) = comparison.IsSame(server) switch { null => ("not seen", Tone.Doubt), true => ("the same", Tone.Good), false => ("others", Tone.Bad) };
                page.Line(2, new Ink(word.PadRight(10), tone), server.Server, new Ink(server.Detail.Length > 0 ? $": {server.Detail}" : "", Tone.Faint));
            }
        }

        if (told.Advice.IsEmpty) return;
        page.Gap();
        page.Line(0, new Ink("What to do", Tone.Strong));
        var number = 0;
        foreach (var advice in told.Advice) page.Column(2, string.Create(CultureInfo.InvariantCulture, $"{++number}."), 5, advice);
    }

    private static void Write(Page page, ComparedKey key, TlsaComparison comparison)
    {
        page.Line(2, [.. Marks(comparison.IsPublicationSeen || comparison.Verdict == ComparisonVerdict.Unpublished ? key.IsPublished : null, key.IsServed ? true : comparison.IsServiceSeen ? false : null, comparison, key.IsOnDisk), new Ink(Describe(key))]);
        var indent = comparison.HasFiles ? 30 : 21;
        foreach (var record in key.Records) page.Line(indent, new Ink(Words.Short(record), Tone.Faint));
        if (key.Refusal.Length > 0) page.Paragraph(indent, indent, new Ink(key.Refusal, Tone.Faint));
        foreach (var endpoint in key.Endpoints) page.Line(indent, new Ink($"{endpoint.Observation.Target.Address} {Words.Of(endpoint.Algorithm)}", Tone.Faint));
        foreach (var file in key.Files) page.Line(indent, new Ink(file, Tone.Faint));
    }

    private static Ink[] Marks(bool? isPublished, bool? isServed, TlsaComparison comparison, bool isOnDisk = false) =>
        [Mark(isPublished, 11), Mark(isServed, 8), .. comparison.HasFiles ? [Mark(isOnDisk, 9)] : Array.Empty<Ink>()];

    private static Ink Mark(bool? isThere, int width) => isThere switch
    {
        true => new("yes".PadRight(width), Tone.Good),
        false => new("no".PadRight(width), Tone.Bad),
        null => new("?".PadRight(width), Tone.Doubt),
    };

    /// <summary>A certificate or key in a few words.</summary>
    public static string Describe(ComparedKey key)
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(key.PublicKey.Span));
        if (key.Certificate.IsEmpty) return $"a key, SHA-256 {digest[..16]}..{digest[^8..]}";
        var certificate = CertificateText.Read(key.Certificate);
        return string.Create(CultureInfo.InvariantCulture, $"{certificate.Subject}, {certificate.Key}, until {certificate.NotAfter?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "?"}, key {digest[..16]}..{digest[^8..]}");
    }
}
