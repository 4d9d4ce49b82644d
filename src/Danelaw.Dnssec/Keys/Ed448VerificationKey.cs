using System.Buffers;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace Danelaw.Dnssec.Keys;

/// <summary>Ed448 (16), RFC 8080, by BouncyCastle: .NET 10 has none.</summary>
internal sealed class Ed448VerificationKey : VerificationKey
{
    // RFC 8080 §4: the context is empty.
    private static readonly byte[] NoContext = [];

    private readonly Ed448.PublicPoint _point;

    private Ed448VerificationKey(Ed448.PublicPoint point)
        : base(SecurityAlgorithm.Ed448) => _point = point;

    internal static Ed448VerificationKey? Import(ReadOnlySpan<byte> field)
    {
        // RFC 8080 §3: 57 octets, as RFC 8032 §5.2.5 encodes the point.
        if (field.Length != Ed448.PublicKeySize) return null;

        // The partial check refuses points off the curve and those of small order; the full one, three times as dear,
        // also asks for the prime-order subgroup, which verification does not rest on.
        var point = Ed448.ValidatePublicKeyPartialExport(field.ToArray(), 0);
        return point is null ? null : new Ed448VerificationKey(point);
    }

    public override bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != Ed448.SignatureSize) return false;

        // BouncyCastle takes arrays here; they are rented, the signature's is small.
        var rented = ArrayPool<byte>.Shared.Rent(data.Length);
        try
        {
            data.CopyTo(rented);
            return Ed448.Verify(signature.ToArray(), 0, _point, NoContext, rented, 0, data.Length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
