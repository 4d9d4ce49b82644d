using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Signing;

namespace Danelaw.Interop.Tests.Hostile.Catalogue.Realm;

/// <summary>The attacker: he owns some zones, duly delegated, and their keys; and he makes what keys he likes.</summary>
internal sealed class Impostor
{
    private readonly Dictionary<DomainName, SigningKey> _keys;

    /// <param name="keys">The keys of the zones that he owns.</param>
    public Impostor(IEnumerable<(DomainName Zone, SigningKey Key)> keys) => _keys = keys.ToDictionary(each => each.Zone, each => each.Key);

    /// <summary>A key that no zone has.</summary>
    public SigningKey Fresh { get; } = SigningKey.Generate(SecurityAlgorithm.EcdsaP256Sha256, DnskeyFlags.KeySigning);

    public SignatureValidity Now { get; } = new(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(30));

    /// <summary>The key of a zone that is his.</summary>
    public SigningKey KeyOf(DomainName zone) => _keys[zone];

    /// <summary>An RRset with a signature of one of his keys.</summary>
    /// <param name="records">The records of one RRset.</param>
    /// <param name="key">The key.</param>
    /// <param name="signer">The zone that the signature is to name.</param>
    public IReadOnlyList<ResourceRecord> Sign(IEnumerable<ResourceRecord> records, SigningKey key, DomainName signer)
    {
        ResourceRecord[] all = [.. records];
        var set = new RecordSet(all[0].Owner, all[0].Type, RecordClass.IN, all[0].TimeToLive, [.. all.Select(record => record.Data)]);
        return [.. all, RecordSetSigner.Sign(set, key, signer, Now)];
    }

    /// <summary>As <see cref="Sign"/>, with the key tag of another key written into the signature.</summary>
    public IReadOnlyList<ResourceRecord> SignAs(IEnumerable<ResourceRecord> records, SigningKey key, DomainName signer, ushort keyTag) =>
        [.. Sign(records, key, signer).Select(record => record.Type == RecordType.RRSIG && RrsigData.TryRead(record.Data, out var view) ? record with { Data = (view with { KeyTag = keyTag }).ToOctets() } : record)];

    /// <summary>A key of his own with a given tag: the tag is a checksum, and flags that nobody reads are part of it.</summary>
    public static SigningKey WithTag(ushort tag, SecurityAlgorithm algorithm)
    {
        while (true)
        {
            var key = SigningKey.Generate(algorithm, DnskeyFlags.KeySigning);
            for (var spare = 0; spare < 1 << 16; spare += 2)
            {
                // Zone key and entry point as they are, never revoked; the rest has no meaning (RFC 4034 §2.1.1).
                var flags = (DnskeyFlags)(spare & ~0x0080) | DnskeyFlags.KeySigning;
                if (!DnskeyData.TryRead(key.ToDnskey(), out var data)) continue;
                if ((data with { Flags = (ushort)flags }).KeyTag() == tag) return key.WithFlags(flags);
            }
        }
    }
}
