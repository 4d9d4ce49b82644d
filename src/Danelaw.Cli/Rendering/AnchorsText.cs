using System.Globalization;
using Danelaw.Cli.Commands;
using Danelaw.Cli.Options;
using Danelaw.Cli.Running;
using Danelaw.Dnssec.Anchors;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Cli.Rendering;

/// <summary>The trust anchors of a zone as text, within 80 columns.</summary>
internal static class AnchorsText
{
    public static void Write(Page page, AnchoredZone zone, string? file, DateTimeOffset now, Output output)
    {
        page.Line(0, new Ink($"trust anchors of {(zone.Zone.IsRoot ? "the root" : Words.Of(zone.Zone))}", Tone.Strong));
        foreach (var anchor in AnchorRows.OfAnchors(zone))
        {
            page.Line(2, $"{anchor.KeyTag,-5}  {SecurityAlgorithms.ToText(anchor.Algorithm),-16} {(anchor.IsDigest ? "digest" : "key")}, {anchor.From}{(anchor.ValidFrom is { } day ? string.Create(CultureInfo.InvariantCulture, $", valid from {day:yyyy-MM-dd}") : "")}");
            page.Line(7, new Ink($"{Name(anchor.DigestType)} {Short(anchor.Digest.ToHex())}", Tone.Faint));
        }

        if (zone.Point.IsDeleted) page.Paragraph(2, 2, new Ink("none: every key was revoked, so the zone counts as never configured (RFC 5011 section 5)", Tone.Bad));
        WriteServed(page, zone, output);
        if (zone.Followed is { } point) WriteState(page, point, file!, now);
    }

    /// <summary>What is built in has no end of its own: how to see that it is old, and what to do then.</summary>
    public static void WriteAge(Page page, string? file)
    {
        page.Gap();
        page.Paragraph(0, 2, $"The built-in anchors are those of IANA's root-anchors.xml as danelaw {ProductVersion.Text} was made; there neither has an end. They are too old when the root serves keys that they do not vouch for: then take a newer danelaw, or give the keys of https://data.iana.org/root-anchors/root-anchors.xml (RFC 9718) with --trust-anchor.{(file is null ? " With --anchor-state FILE danelaw follows the root's rollovers by itself." : "")}");
    }

    private static void WriteServed(Page page, AnchoredZone zone, Output output)
    {
        var served = zone.Served;
        page.Gap();
        page.Line(0, "what it serves now: ", Words.Of(served.Security), $" ({Kebab.Of(served.Reason)}){(served.Keys is { } keys ? string.Create(CultureInfo.InvariantCulture, $", TTL {keys.TimeToLive}") : "")}");
        foreach (var key in AnchorRows.OfServed(zone))
        {
            var role = key.Data.IsSecureEntryPoint ? "KSK" : key.Data.IsZoneKey ? "ZSK" : "no zone key";
            var size = KeyBits.Of(key.Data) is { } bits ? string.Create(CultureInfo.InvariantCulture, $"{bits} bits") : "";
            page.Line(2, $"{key.Data.KeyTag(),-5}  {SecurityAlgorithms.ToText((SecurityAlgorithm)key.Data.Algorithm),-16} {size,-10} {role}{(key.Data.IsRevoked ? ", REVOKE" : "")}", key.State is { } state ? Standing(state) : "");
        }

        if (served.Signature is { } use) page.Line(2, $"signed by {use.KeyTag} from {Text(use.Inception)} to {Text(use.Expiration)}");
        if (served.Security != Security.Secure || output.IsVerbose) page.Paragraph(2, 2, served.Explanation);
        if (served.Mend.Length > 0) page.Paragraph(2, 2, $"what to do: {served.Mend}");
    }

    private static void WriteState(Page page, TrustPoint point, string file, DateTimeOffset now)
    {
        page.Gap();
        page.Line(0, $"followed in {file} (RFC 5011)");
        page.Line(2, $"asked {Text(point.LastQueried)}, last validated {Text(point.LastValidated)}");
        page.Line(2, point.IsDeleted ? "not asked any more" : $"next query due {Text(point.NextQuery)}{(point.Failures > 0 ? string.Create(CultureInfo.InvariantCulture, $", {point.Failures} failed since") : "")}");
        foreach (var key in point.Keys)
        {
            page.Line(2, $"{key.KeyTag,-5}  ", new Ink(Word(key.State), ToneOf(key.State)), $" since {Text(key.Since)}{(point.IsConfigured(key) ? ", configured" : "")}");
            if (What(key, now) is { } more) page.Line(9, new Ink(more, Tone.Faint));
        }
    }

    private static string? What(AnchorKey key, DateTimeOffset now) => key.State switch
    {
        AnchorKeyState.AddPend when key.ValidFrom <= now => $"becomes valid with the next set that holds it, due since {Text(key.ValidFrom)}",
        AnchorKeyState.AddPend => $"becomes valid {Text(key.ValidFrom)}, if it is there until then",
        AnchorKeyState.Revoked => $"tag {key.RevokedKeyTag} when revoked; removed {Text(key.RemovedFrom)}, if it is gone until then",
        AnchorKeyState.Valid or AnchorKeyState.Missing => key.LastSeen is null ? "not seen yet" : $"last seen {Text(key.LastSeen)}",
        AnchorKeyState.Start or AnchorKeyState.Removed => null,
    };

    private static Ink Standing(AnchorKeyState state) => new($", {Word(state)}", ToneOf(state));

    private static string Word(AnchorKeyState state) => state switch
    {
        AnchorKeyState.Start => "start",
        AnchorKeyState.AddPend => "pending",
        AnchorKeyState.Valid => "valid",
        AnchorKeyState.Missing => "missing",
        AnchorKeyState.Revoked => "revoked",
        AnchorKeyState.Removed => "removed",
    };

    private static Tone ToneOf(AnchorKeyState state) => state switch
    {
        AnchorKeyState.Valid => Tone.Good,
        AnchorKeyState.AddPend or AnchorKeyState.Missing or AnchorKeyState.Start => Tone.Doubt,
        AnchorKeyState.Revoked or AnchorKeyState.Removed => Tone.Bad,
    };

    private static string Name(DigestAlgorithm type) => type switch
    {
        DigestAlgorithm.Sha1 => "SHA-1",
        DigestAlgorithm.Sha256 => "SHA-256",
        DigestAlgorithm.Sha384 => "SHA-384",
        _ => string.Create(CultureInfo.InvariantCulture, $"digest type {(byte)type}"),
    };

    /// <summary>A SHA-256 fits the line whole, as it stands in what IANA publishes; a longer one loses its middle.</summary>
    private static string Short(string hex) => hex.Length <= 64 ? hex : $"{hex[..28]}..{hex[^28..]}";

    private static string Text(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "never";
}
