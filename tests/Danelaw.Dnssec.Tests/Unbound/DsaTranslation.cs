using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Signing;
using Danelaw.Dnssec.Tests.Worlds;

namespace Danelaw.Dnssec.Tests.Unbound;

/// <summary>
/// Most of unbound's scenarios are signed with DSA (algorithm 3), which nothing validates any more (RFC 8624). Each DSA key is given a P-256 key in its place:
/// what the old key signed, is signed anew; what it did not sign, stays unsigned; DS records that were right are right again, and wrong ones wrong.
/// </summary>
internal sealed class DsaTranslation
{
    private const byte Dsa = 3;

    private readonly Dictionary<(DomainName Zone, Octets Key), SigningKey> _keys = [];

    internal static void Apply(Scenario scenario)
    {
        var translation = new DsaTranslation();
        var records = scenario.Entries.SelectMany(entry => entry.Answer.Concat(entry.Authority)).Concat(scenario.Anchors).ToList();
        foreach (var record in records)
        {
            if (record.Type != RecordType.DNSKEY || !DnskeyData.TryRead(record.Data, out var key) || key.Algorithm != Dsa) continue;
            translation._keys.TryAdd((record.Owner, record.Data), SigningKey.Generate(SecurityAlgorithm.EcdsaP256Sha256, (DnskeyFlags)key.Flags));
        }

        foreach (var entry in scenario.Entries)
        {
            List<ResourceRecord> all = [.. entry.Answer, .. entry.Authority, .. entry.Additional];
            entry.Answer = translation.Translate(entry.Answer, all);
            entry.Authority = translation.Translate(entry.Authority, all);
            entry.Additional = translation.Translate(entry.Additional, all);
        }

        var anchors = translation.Translate(scenario.Anchors, []);
        scenario.Anchors.Clear();
        scenario.Anchors.AddRange(anchors);
    }

    private List<ResourceRecord> Translate(List<ResourceRecord> section, List<ResourceRecord> all) => [.. section.Select(record => record.Type switch
    {
        RecordType.DNSKEY => record with { Data = TranslateKey(record) },
        RecordType.DS => record with { Data = TranslateDs(record) },
        RecordType.RRSIG => record with { Data = TranslateSignature(record, all) },
        _ => record,
    })];

    private Octets TranslateKey(ResourceRecord record) => _keys.TryGetValue((record.Owner, record.Data), out var key) ? key.ToDnskey() : record.Data;

    private Octets TranslateDs(ResourceRecord record)
    {
        if (!DsData.TryRead(record.Data, out var ds) || ds.Algorithm != Dsa) return record.Data;
        foreach (var ((zone, old), key) in _keys)
        {
            if (zone == record.Owner && ds.DigestType is 1 or 2 or 4 && DelegationSigner.Create(zone, old, (DigestAlgorithm)ds.DigestType) == record.Data)
                return key.ToDs(zone, (DigestAlgorithm)ds.DigestType);
        }

        return (ds with { Algorithm = (byte)SecurityAlgorithm.EcdsaP256Sha256 }).ToOctets();
    }

    private Octets TranslateSignature(ResourceRecord record, List<ResourceRecord> all)
    {
        if (!RrsigData.TryRead(record.Data, out var signature) || signature.Algorithm != Dsa) return record.Data;
        var covered = all.Where(each => each.Owner == record.Owner && each.Type == signature.TypeCovered).ToList();
        foreach (var ((zone, old), key) in _keys)
        {
            if (zone != signature.SignerName || !DnskeyData.TryRead(old, out var data) || data.KeyTag() != signature.KeyTag) continue;
            var isGenuine = covered.Count > 0 && Verify(data, RawSigning.Octets(signature, covered), signature.Signature.Span);
            var renewed = signature with { Algorithm = (byte)SecurityAlgorithm.EcdsaP256Sha256, KeyTag = key.KeyTag };
            var translated = Translate(covered, covered);
            return (renewed with { Signature = new(isGenuine ? key.Sign(RawSigning.Octets(renewed, translated)) : new byte[64]) }).ToOctets();
        }

        return (signature with { Algorithm = (byte)SecurityAlgorithm.EcdsaP256Sha256 }).ToOctets();
    }

    /// <summary>DSA (FIPS 186-4 §4.7) with keys as RFC 2536 writes them.</summary>
    private static bool Verify(in DnskeyData key, byte[] data, ReadOnlySpan<byte> signature)
    {
        var octets = key.PublicKey.Span;
        var length = 64 + (8 * octets[0]);
        if (octets.Length != 21 + (3 * length) || !TryReadSignature(signature, out var r, out var s)) return false;
        var q = Number(octets.Slice(1, 20));
        var p = Number(octets.Slice(21, length));
        var g = Number(octets.Slice(21 + length, length));
        var y = Number(octets.Slice(21 + (2 * length), length));
        if (r.Sign <= 0 || s.Sign <= 0 || r >= q || s >= q) return false;
#pragma warning disable CA5350 // The scenarios are older than the advice.
        var hash = Number(SHA1.HashData(data));
#pragma warning restore CA5350
        var w = BigInteger.ModPow(s, q - 2, q);
        return BigInteger.ModPow(g, hash * w % q, p) * BigInteger.ModPow(y, r * w % q, p) % p % q == r;
    }

    /// <summary>T, R and S (RFC 2536 §3), or what the tool that signed the scenarios wrote instead: DER.</summary>
    private static bool TryReadSignature(ReadOnlySpan<byte> signature, out BigInteger r, out BigInteger s)
    {
        (r, s) = (default, default);
        if (signature.Length == 41)
        {
            (r, s) = (Number(signature.Slice(1, 20)), Number(signature[21..]));
            return true;
        }

        if (!AsnDecoder.TryReadEncodedValue(signature, AsnEncodingRules.DER, out _, out var at, out var contents, out _)) return false;
        var fields = signature.Slice(at, contents);
        r = AsnDecoder.ReadInteger(fields, AsnEncodingRules.DER, out var read);
        s = AsnDecoder.ReadInteger(fields[read..], AsnEncodingRules.DER, out _);
        return true;
    }

    private static BigInteger Number(ReadOnlySpan<byte> octets) => new(octets, isUnsigned: true, isBigEndian: true);
}
