using System.Collections.Immutable;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Signing;

namespace Danelaw.Operator.Publishing.Signing;

/// <summary>A zone's keys as a registrar's form wants them.</summary>
/// <param name="Dnskey">The key.</param>
/// <param name="Signer">The DS record that points to it, with SHA-256.</param>
public sealed record RegistrarKey(DnskeyData Dnskey, DsData Signer);

/// <summary>Which of a zone's keys a DS record may point to.</summary>
internal static class SigningKeys
{
    /// <summary>The keys that are meant to be entry points; all of them where none is.</summary>
    internal static ImmutableArray<Octets> EntryPoints(ImmutableArray<Octets> keys)
    {
        ImmutableArray<Octets> usable = [.. keys.Where(key => DnskeyData.TryRead(key, out var view) && view is { IsZoneKey: true, IsRevoked: false, Protocol: 3 })];
        ImmutableArray<Octets> entries = [.. usable.Where(key => DnskeyData.TryRead(key, out var view) && view.IsSecureEntryPoint)];
        return entries.IsEmpty ? usable : entries;
    }

    /// <summary>The same for a form; SHA-256 is the digest that every parent takes (RFC 8624 §3.3).</summary>
    internal static ImmutableArray<RegistrarKey> ForRegistrar(DomainName zone, ImmutableArray<Octets> keys) =>
    [
        .. EntryPoints(keys).Select(key =>
        {
            DnskeyData.TryRead(key, out var dnskey);
            DsData.TryRead(DelegationSigner.Create(zone, key, DigestAlgorithm.Sha256), out var signer);
            return new RegistrarKey(dnskey, signer);
        }),
    ];

    /// <summary>Whether a DS record points to one of the keys.</summary>
    internal static bool Fits(DomainName zone, Octets signer, ImmutableArray<Octets> keys) =>
        keys.Any(key => DelegationSigner.Names(zone, signer, key));
}
