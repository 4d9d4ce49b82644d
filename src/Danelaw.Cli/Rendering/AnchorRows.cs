using Danelaw.Cli.Commands;
using Danelaw.Dns;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Anchors;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Signing;

namespace Danelaw.Cli.Rendering;

/// <summary>A trust anchor in use: a key, or a digest of one.</summary>
/// <param name="IsDigest">Whether only its digest is known.</param>
/// <param name="KeyTag">Its tag.</param>
/// <param name="Algorithm">Its algorithm.</param>
/// <param name="DigestType">The type of <paramref name="Digest"/>.</param>
/// <param name="Digest">Its digest: the configured one, or for a key its SHA-256.</param>
/// <param name="From">Where it comes from: built-in, a file, or RFC 5011.</param>
/// <param name="ValidFrom">Of a built-in one, the day from which IANA has it valid; null for any other.</param>
internal sealed record AnchorRow(bool IsDigest, ushort KeyTag, SecurityAlgorithm Algorithm, DigestAlgorithm DigestType, Octets Digest, string From, DateOnly? ValidFrom = null);

/// <summary>A key that a zone serves.</summary>
/// <param name="Data">Its record.</param>
/// <param name="State">How it stands as a trust anchor; null for none.</param>
internal sealed record ServedRow(DnskeyData Data, AnchorKeyState? State);

/// <summary>What of a zone with trust anchors is told, in the same order by text and JSON.</summary>
internal static class AnchorRows
{
    public static IEnumerable<AnchorRow> OfAnchors(AnchoredZone zone)
    {
        foreach (var key in zone.Point.Keys)
        {
            if (!key.IsTrusted) continue;
            var from = !zone.Point.IsConfigured(key) ? "RFC 5011" : zone.Source ?? "built-in";
            if (!DsData.TryRead(key.Dnskey.IsEmpty ? key.DelegationSigner : DelegationSigner.Create(zone.Zone, key.Dnskey, DigestAlgorithm.Sha256), out var ds)) continue;
            yield return new(key.Dnskey.IsEmpty, key.KeyTag, key.Algorithm, (DigestAlgorithm)ds.DigestType, ds.Digest, from, zone.Source is null && zone.Point.IsConfigured(key) ? TrustAnchors.IanaValidFrom(key.KeyTag) : null);
        }
    }

    public static IEnumerable<ServedRow> OfServed(AnchoredZone zone)
    {
        // Replies have them in any order.
        foreach (var view in (zone.Served.Keys?.Data ?? []).Select(data => DnskeyData.TryRead(data, out var key) ? key : default).OrderByDescending(key => key.IsSecureEntryPoint).ThenBy(key => key.KeyTag()))
            if (view != default) yield return new(view, zone.Point.Keys.FirstOrDefault(key => IsKey(zone, key, view))?.State);
    }

    private static bool IsKey(AnchoredZone zone, AnchorKey key, DnskeyData view)
    {
        var plain = (view with { Flags = (ushort)(view.Flags & ~DnskeyData.RevokedFlag) }).ToOctets();
        if (!key.Dnskey.IsEmpty) return key.Dnskey == plain;
        return DsData.TryRead(key.DelegationSigner, out var ds) && (DigestAlgorithm)ds.DigestType is DigestAlgorithm.Sha1 or DigestAlgorithm.Sha256 or DigestAlgorithm.Sha384
            && DelegationSigner.Create(zone.Zone, plain, (DigestAlgorithm)ds.DigestType) == key.DelegationSigner;
    }
}
