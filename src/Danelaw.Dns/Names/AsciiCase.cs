using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Danelaw.Dns.Names;

/// <summary>DNS compares letters of ASCII without regard to case and every other octet as it is (RFC 4343), eight octets at a time.</summary>
internal static class AsciiCase
{
    private const ulong Ones = 0x0101010101010101;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static byte ToLower(byte octet) => octet is >= (byte)'A' and <= (byte)'Z' ? (byte)(octet | 0x20) : octet;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong ToLower(ulong octets) => unchecked(octets | (Uppers(octets) >> 2));

    internal static bool Equals(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if (left.Length != right.Length) return false;
        if (left.Length < 8)
        {
            for (var i = 0; i < left.Length; i++)
                if (ToLower(left[i]) != ToLower(right[i])) return false;
            return true;
        }

        ref var leftStart = ref MemoryMarshal.GetReference(left);
        ref var rightStart = ref MemoryMarshal.GetReference(right);
        var last = left.Length - 8;
        for (var i = 0; i < last; i += 8)
            if (Differ(ref Unsafe.Add(ref leftStart, i), ref Unsafe.Add(ref rightStart, i))) return false;
        return !Differ(ref Unsafe.Add(ref leftStart, last), ref Unsafe.Add(ref rightStart, last));
    }

    internal static int Hash(ReadOnlySpan<byte> octets)
    {
        unchecked
        {
            var hash = HashSeed.Value ^ (ulong)octets.Length;
            while (octets.Length >= 8)
            {
                hash = Mix(hash ^ ToLower(BinaryPrimitives.ReadUInt64LittleEndian(octets)));
                octets = octets[8..];
            }

            ulong rest = 0;
            for (var i = octets.Length - 1; i >= 0; i--) rest = (rest << 8) | octets[i];
            hash = Mix(hash ^ ToLower(rest));
            return (int)(hash ^ (hash >> 32));
        }
    }

    internal static void ToLower(ReadOnlySpan<byte> from, Span<byte> to)
    {
        for (var i = 0; i < from.Length; i++) to[i] = ToLower(from[i]);
    }

    internal static bool HasUpper(ReadOnlySpan<byte> octets) => octets.ContainsAnyInRange((byte)'A', (byte)'Z');

    /// <summary>Plain octet order after lower-casing; the shorter first when one begins the other (RFC 4034 §6.1).</summary>
    internal static int Compare(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        var common = Math.Min(left.Length, right.Length);
        for (var i = 0; i < common; i++)
        {
            var difference = ToLower(left[i]) - ToLower(right[i]);
            if (difference != 0) return difference;
        }

        return left.Length - right.Length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Differ(ref byte left, ref byte right)
    {
        var a = Unsafe.ReadUnaligned<ulong>(ref left);
        var b = Unsafe.ReadUnaligned<ulong>(ref right);
        return a != b && ToLower(a) != ToLower(b);
    }

    /// <summary>0x80 in each octet that is a letter A to Z, otherwise 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Uppers(ulong octets)
    {
        unchecked
        {
            var seven = octets & (Ones * 0x7F);
            var atLeastA = seven + (Ones * (0x80 - 'A'));
            var aboveZ = seven + (Ones * (0x7F - 'Z'));
            return (atLeastA ^ aboveZ) & ~octets & (Ones * 0x80);
        }
    }

    private static ulong Mix(ulong value)
    {
        unchecked
        {
            var high = Math.BigMul(value, 0x9E3779B97F4A7C15, out var low);
            return high ^ low;
        }
    }

    /// <summary>Names come from strangers: a hash that they cannot foresee keeps tables of names flat.</summary>
    private static class HashSeed
    {
        internal static readonly ulong Value = BinaryPrimitives.ReadUInt64LittleEndian(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8));
    }
}
