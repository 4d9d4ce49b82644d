using System.Buffers.Binary;
using Danelaw.Dns.Names;

namespace Danelaw.Dns.Records;

/// <summary>RDATA of RRSIG (RFC 4034 §3.1).</summary>
/// <param name="TypeCovered">The type of the records that are signed.</param>
/// <param name="Algorithm">The algorithm.</param>
/// <param name="Labels">The labels of the owner when it was signed, without root and wildcard.</param>
/// <param name="OriginalTtl">The TTL when it was signed, in seconds.</param>
/// <param name="Expiration">When the signature ends: seconds since 1970 modulo 2^32, compared by serial arithmetic (RFC 4034 §3.1.5).</param>
/// <param name="Inception">When it begins, likewise.</param>
/// <param name="KeyTag">The tag of the key that made it.</param>
/// <param name="SignerName">The zone that the key belongs to, case kept.</param>
/// <param name="Signature">The signature in the form of its algorithm, of any length.</param>
public readonly record struct RrsigData(
    RecordType TypeCovered,
    byte Algorithm,
    byte Labels,
    uint OriginalTtl,
    uint Expiration,
    uint Inception,
    ushort KeyTag,
    DomainName SignerName,
    Octets Signature)
{
    private const int FixedLength = 18;

    /// <summary>Reads RDATA, sharing its octets.</summary>
    /// <param name="data">The RDATA.</param>
    /// <param name="view">What it says; the default on failure.</param>
    /// <returns>False when the fixed fields or the signer's name, which is never compressed, do not fit.</returns>
    public static bool TryRead(Octets data, out RrsigData view)
    {
        view = default;
        if (!DomainName.TryFromWire(data, FixedLength, out var signer)) return false;
        var octets = data.Span[..FixedLength];
        view = new(
            (RecordType)BinaryPrimitives.ReadUInt16BigEndian(octets),
            octets[2],
            octets[3],
            BinaryPrimitives.ReadUInt32BigEndian(octets[4..]),
            BinaryPrimitives.ReadUInt32BigEndian(octets[8..]),
            BinaryPrimitives.ReadUInt32BigEndian(octets[12..]),
            BinaryPrimitives.ReadUInt16BigEndian(octets[16..]),
            signer,
            data.Slice(FixedLength + signer.Length));
        return true;
    }

    /// <summary>Which type an RRSIG covers, without reading the rest.</summary>
    /// <param name="data">The RDATA.</param>
    /// <returns>Type 0 when there are fewer than 2 octets.</returns>
    public static RecordType ReadTypeCovered(Octets data) => data.Length < 2 ? RecordType.None : (RecordType)BinaryPrimitives.ReadUInt16BigEndian(data.Span);

    /// <summary>How many octets <see cref="WriteSignedPrefix"/> writes.</summary>
    public int SignedPrefixLength => FixedLength + SignerName.Length;

    /// <summary>Writes what is signed first: the RDATA without the signature, the signer's name in lower case (RFC 4034 §3.1.8.1, RFC 6840 §5.1).</summary>
    /// <param name="destination">At least <see cref="SignedPrefixLength"/> octets.</param>
    public void WriteSignedPrefix(Span<byte> destination)
    {
        WriteFixed(destination);
        AsciiCase.ToLower(SignerName.Wire, destination[FixedLength..]);
    }

    /// <summary>The RDATA, the signer's name as it is spelt.</summary>
    public Octets ToOctets()
    {
        var octets = new byte[FixedLength + SignerName.Length + Signature.Length];
        WriteFixed(octets);
        SignerName.Wire.CopyTo(octets.AsSpan(FixedLength));
        Signature.Span.CopyTo(octets.AsSpan(FixedLength + SignerName.Length));
        return new(octets);
    }

    private void WriteFixed(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)TypeCovered);
        destination[2] = Algorithm;
        destination[3] = Labels;
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], OriginalTtl);
        BinaryPrimitives.WriteUInt32BigEndian(destination[8..], Expiration);
        BinaryPrimitives.WriteUInt32BigEndian(destination[12..], Inception);
        BinaryPrimitives.WriteUInt16BigEndian(destination[16..], KeyTag);
    }
}
