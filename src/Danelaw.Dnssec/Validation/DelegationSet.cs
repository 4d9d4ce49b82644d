using System.Buffers;
using System.Collections.Immutable;
using System.Security.Cryptography;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Resolution;

namespace Danelaw.Dnssec.Validation;

/// <summary>A DS set that is believed, by a signature or as an anchor, reduced to what may be used.</summary>
/// <param name="Usable">Those with supported algorithm and digest, without SHA-1 where something better stands.</param>
/// <param name="Algorithms">The supported algorithms that the set names.</param>
internal sealed record DelegationSet(ImmutableArray<DsData> Usable, ImmutableArray<SecurityAlgorithm> Algorithms)
{
    internal bool UsesSha1 => Usable.Any(ds => (DigestAlgorithm)ds.DigestType == DigestAlgorithm.Sha1);

    internal static DelegationSet Read(IEnumerable<Octets> data, ValidationPolicy policy)
    {
        var usable = new List<DsData>();
        var hasBetter = false;
        foreach (var octets in data)
        {
            if (!DsData.TryRead(octets, out var ds) || !policy.Supports((SecurityAlgorithm)ds.Algorithm) || !policy.Supports((DigestAlgorithm)ds.DigestType)) continue;

            // One of the wrong length matches no key. It stays, so that it makes no zone insecure, but is no digest that something else could be ignored for.
            usable.Add(ds);
            hasBetter |= (DigestAlgorithm)ds.DigestType != DigestAlgorithm.Sha1 && DigestLength.FaultOf(RecordType.DS, octets) is null;
        }

        var algorithms = usable.Select(ds => (SecurityAlgorithm)ds.Algorithm).Distinct().ToImmutableArray();

        // RFC 4509 §3: SHA-1 is ignored where a stronger digest stands beside it, or whoever can forge SHA-1 could choose it.
        if (hasBetter) usable.RemoveAll(ds => (DigestAlgorithm)ds.DigestType == DigestAlgorithm.Sha1);
        return new([.. usable], algorithms);
    }

    /// <summary>RFC 4035 §5.2: a DS set of which nothing is supported leaves the zone insecure.</summary>
    internal static Ground Unsupported(DomainName zone, string what, IEnumerable<Octets> data, ValidationPolicy policy)
    {
        var isDigest = data.Any(octets => DsData.TryRead(octets, out var ds) && policy.Supports((SecurityAlgorithm)ds.Algorithm));
        return new(
            LookupReason.UnsupportedAlgorithms,
            $"{what} of {zone} names no algorithm and digest together that are supported, so the zone is insecure (RFC 4035 §5.2)",
            isDigest ? ExtendedErrorCode.UnsupportedDsDigestType : ExtendedErrorCode.UnsupportedDnskeyAlgorithm);
    }

    /// <summary>Whether a DS record is the digest of a key (RFC 4034 §5.1.4).</summary>
    internal static bool Fits(in DsData ds, DomainName zone, ZoneKey key)
    {
        var length = zone.Length + key.Data.Length;
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            zone.ToCanonical().Wire.CopyTo(buffer);
            key.Data.Span.CopyTo(buffer.AsSpan(zone.Length));
            Span<byte> digest = stackalloc byte[SHA384.HashSizeInBytes];
            var data = buffer.AsSpan(0, length);
            var written = (DigestAlgorithm)ds.DigestType switch
            {
                DigestAlgorithm.Sha1 => Sha1(data, digest),
                DigestAlgorithm.Sha256 => SHA256.HashData(data, digest),
                DigestAlgorithm.Sha384 => SHA384.HashData(data, digest),
                _ => 0,
            };
            return written > 0 && ds.Digest.Span.SequenceEqual(digest[..written]);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static int Sha1(ReadOnlySpan<byte> data, Span<byte> digest)
    {
        var padded = new byte[Sha1Block.PaddedLength(data.Length)];
        data.CopyTo(padded);
        Sha1Block.Pad(padded, data.Length);
        Sha1Block.Hash(padded, digest);
        return Sha1Block.HashLength;
    }
}
