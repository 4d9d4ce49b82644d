using System.Buffers.Binary;
using System.Numerics;

namespace Danelaw.Dns.Messages;

/// <summary>HMAC (RFC 2104) with SHA-224 (FIPS 180-4 §5.3.2, §6.3), which .NET does not have. Used once, then thrown away.</summary>
internal sealed class HmacSha224
{
    private const int BlockLength = 64;
    private const int HashLength = 28;

    private readonly byte[] _outerKey = new byte[BlockLength];
    private readonly Sha224 _inner = new();

    internal HmacSha224(ReadOnlySpan<byte> secret)
    {
        Span<byte> key = stackalloc byte[BlockLength];
        key.Clear();
        if (secret.Length <= BlockLength)
        {
            secret.CopyTo(key);
        }
        else
        {
            var hash = new Sha224();
            hash.Append(secret);
            hash.Finish(key);
        }

        for (var i = 0; i < BlockLength; i++)
        {
            _outerKey[i] = (byte)(key[i] ^ 0x5C);
            key[i] ^= 0x36;
        }

        _inner.Append(key);
    }

    internal void Append(ReadOnlySpan<byte> octets) => _inner.Append(octets);

    internal void Finish(Span<byte> mac)
    {
        Span<byte> digest = stackalloc byte[HashLength];
        _inner.Finish(digest);
        var outer = new Sha224();
        outer.Append(_outerKey);
        outer.Append(digest);
        outer.Finish(mac);
    }

    /// <summary>SHA-224: SHA-256 from another start, cut to 28 octets.</summary>
    private sealed class Sha224
    {
        private readonly uint[] _state = [0xC1059ED8, 0x367CD507, 0x3070DD17, 0xF70E5939, 0xFFC00B31, 0x68581511, 0x64F98FA7, 0xBEFA4FA4];
        private readonly byte[] _block = new byte[BlockLength];
        private int _used;
        private ulong _length;

        internal void Append(ReadOnlySpan<byte> octets)
        {
            _length += (ulong)octets.Length;
            while (octets.Length >= BlockLength - _used)
            {
                var taken = BlockLength - _used;
                octets[..taken].CopyTo(_block.AsSpan(_used));
                Compress();
                octets = octets[taken..];
                _used = 0;
            }

            octets.CopyTo(_block.AsSpan(_used));
            _used += octets.Length;
        }

        internal void Finish(Span<byte> digest)
        {
            var bits = _length * 8;
            _block[_used++] = 0x80;
            _block.AsSpan(_used).Clear();
            if (_used > BlockLength - 8)
            {
                Compress();
                _block.AsSpan().Clear();
            }

            BinaryPrimitives.WriteUInt64BigEndian(_block.AsSpan(BlockLength - 8), bits);
            Compress();
            for (var i = 0; i < HashLength / 4; i++) BinaryPrimitives.WriteUInt32BigEndian(digest[(4 * i)..], _state[i]);
        }

        private void Compress()
        {
            unchecked
            {
                Span<uint> w = stackalloc uint[64];
                for (var t = 0; t < 16; t++) w[t] = BinaryPrimitives.ReadUInt32BigEndian(_block.AsSpan(4 * t));
                for (var t = 16; t < 64; t++)
                {
                    var s0 = BitOperations.RotateRight(w[t - 15], 7) ^ BitOperations.RotateRight(w[t - 15], 18) ^ (w[t - 15] >> 3);
                    var s1 = BitOperations.RotateRight(w[t - 2], 17) ^ BitOperations.RotateRight(w[t - 2], 19) ^ (w[t - 2] >> 10);
                    w[t] = s1 + w[t - 7] + s0 + w[t - 16];
                }

                var (a, b, c, d, e, f, g, h) = (_state[0], _state[1], _state[2], _state[3], _state[4], _state[5], _state[6], _state[7]);
                for (var t = 0; t < 64; t++)
                {
                    var s1 = BitOperations.RotateRight(e, 6) ^ BitOperations.RotateRight(e, 11) ^ BitOperations.RotateRight(e, 25);
                    var t1 = h + s1 + ((e & f) ^ (~e & g)) + RoundConstants[t] + w[t];
                    var s0 = BitOperations.RotateRight(a, 2) ^ BitOperations.RotateRight(a, 13) ^ BitOperations.RotateRight(a, 22);
                    var t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
                    (h, g, f, e, d, c, b, a) = (g, f, e, d + t1, c, b, a, t1 + t2);
                }

                _state[0] += a;
                _state[1] += b;
                _state[2] += c;
                _state[3] += d;
                _state[4] += e;
                _state[5] += f;
                _state[6] += g;
                _state[7] += h;
            }
        }

        /// <summary>FIPS 180-4 §4.2.2.</summary>
        private static ReadOnlySpan<uint> RoundConstants =>
        [
            0x428A2F98, 0x71374491, 0xB5C0FBCF, 0xE9B5DBA5, 0x3956C25B, 0x59F111F1, 0x923F82A4, 0xAB1C5ED5,
            0xD807AA98, 0x12835B01, 0x243185BE, 0x550C7DC3, 0x72BE5D74, 0x80DEB1FE, 0x9BDC06A7, 0xC19BF174,
            0xE49B69C1, 0xEFBE4786, 0x0FC19DC6, 0x240CA1CC, 0x2DE92C6F, 0x4A7484AA, 0x5CB0A9DC, 0x76F988DA,
            0x983E5152, 0xA831C66D, 0xB00327C8, 0xBF597FC7, 0xC6E00BF3, 0xD5A79147, 0x06CA6351, 0x14292967,
            0x27B70A85, 0x2E1B2138, 0x4D2C6DFC, 0x53380D13, 0x650A7354, 0x766A0ABB, 0x81C2C92E, 0x92722C85,
            0xA2BFE8A1, 0xA81A664B, 0xC24B8B70, 0xC76C51A3, 0xD192E819, 0xD6990624, 0xF40E3585, 0x106AA070,
            0x19A4C116, 0x1E376C08, 0x2748774C, 0x34B0BCB5, 0x391C0CB3, 0x4ED8AA4A, 0x5B9CCA4F, 0x682E6FF3,
            0x748F82EE, 0x78A5636F, 0x84C87814, 0x8CC70208, 0x90BEFFFA, 0xA4506CEB, 0xBEF9A3F7, 0xC67178F2,
        ];
    }
}
