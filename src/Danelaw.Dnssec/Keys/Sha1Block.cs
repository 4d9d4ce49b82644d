using System.Buffers.Binary;
using System.Numerics;

namespace Danelaw.Dnssec.Keys;

/// <summary>
/// SHA-1's compression function (RFC 3174 §6.1) without the object around it: NSEC3 hashes the same short buffer over and over,
/// and this is twice as fast there as a call into the platform's library, and allocates nothing.
/// </summary>
internal struct Sha1Block
{
    internal const int BlockLength = 64;
    internal const int HashLength = 20;

    private uint _h0;
    private uint _h1;
    private uint _h2;
    private uint _h3;
    private uint _h4;

    /// <summary>Octets that a message needs with its padding: a multiple of 64.</summary>
    internal static int PaddedLength(int messageLength) => (messageLength + 1 + 8 + BlockLength - 1) / BlockLength * BlockLength;

    /// <summary>Writes the padding behind the message; the buffer is as long as <see cref="PaddedLength"/> says.</summary>
    internal static void Pad(Span<byte> padded, int messageLength)
    {
        padded[messageLength] = 0x80;
        padded[(messageLength + 1)..^8].Clear();
        BinaryPrimitives.WriteUInt64BigEndian(padded[^8..], (ulong)messageLength * 8);
    }

    /// <summary>Hashes a padded message; the hash may overwrite the message.</summary>
    internal static void Hash(ReadOnlySpan<byte> padded, Span<byte> hash)
    {
        var state = new Sha1Block { _h0 = 0x67452301, _h1 = 0xEFCDAB89, _h2 = 0x98BADCFE, _h3 = 0x10325476, _h4 = 0xC3D2E1F0 };
        for (var rest = padded; !rest.IsEmpty; rest = rest[BlockLength..]) state.Compress(rest[..BlockLength]);

        BinaryPrimitives.WriteUInt32BigEndian(hash, state._h0);
        BinaryPrimitives.WriteUInt32BigEndian(hash[4..], state._h1);
        BinaryPrimitives.WriteUInt32BigEndian(hash[8..], state._h2);
        BinaryPrimitives.WriteUInt32BigEndian(hash[12..], state._h3);
        BinaryPrimitives.WriteUInt32BigEndian(hash[16..], state._h4);
    }

    private void Compress(ReadOnlySpan<byte> block)
    {
        unchecked
        {
            Span<uint> w = stackalloc uint[80];
            for (var i = 0; i < 16; i++) w[i] = BinaryPrimitives.ReadUInt32BigEndian(block[(i * 4)..]);
            for (var i = 16; i < 80; i++) w[i] = BitOperations.RotateLeft(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);

            var (a, b, c, d, e) = (_h0, _h1, _h2, _h3, _h4);
            for (var i = 0; i < 20; i++) Step(((c ^ d) & b) ^ d, 0x5A827999, w[i], ref a, ref b, ref c, ref d, ref e);
            for (var i = 20; i < 40; i++) Step(b ^ c ^ d, 0x6ED9EBA1, w[i], ref a, ref b, ref c, ref d, ref e);
            for (var i = 40; i < 60; i++) Step((b & c) | (d & (b | c)), 0x8F1BBCDC, w[i], ref a, ref b, ref c, ref d, ref e);
            for (var i = 60; i < 80; i++) Step(b ^ c ^ d, 0xCA62C1D6, w[i], ref a, ref b, ref c, ref d, ref e);

            _h0 += a;
            _h1 += b;
            _h2 += c;
            _h3 += d;
            _h4 += e;
        }
    }

    private static void Step(uint mixed, uint constant, uint word, ref uint a, ref uint b, ref uint c, ref uint d, ref uint e)
    {
        unchecked
        {
            var next = BitOperations.RotateLeft(a, 5) + mixed + e + constant + word;
            e = d;
            d = c;
            c = BitOperations.RotateLeft(b, 30);
            b = a;
            a = next;
        }
    }
}
