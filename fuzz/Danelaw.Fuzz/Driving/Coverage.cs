using System.Runtime.InteropServices;
using SharpFuzz.Common;

namespace Danelaw.Fuzz.Driving;

/// <summary>The map in which instrumented code counts its edges (SharpFuzz: the place gone to, xor half the place come from).</summary>
internal static unsafe class Coverage
{
    /// <summary>Octets of the map: SharpFuzz draws the numbers of places from 16 bits.</summary>
    internal const int MapSize = 1 << 16;

    private static readonly byte* Scratch = (byte*)NativeMemory.AllocZeroed(MapSize);
    private static byte* _map = Scratch;

    /// <summary>Counts into memory of our own, which nobody reads.</summary>
    internal static void UseScratch() => Use(Scratch);

    /// <summary>Counts into this memory from now on.</summary>
    internal static void Use(byte* map)
    {
        _map = map;
        Trace.SharedMem = map;
        Trace.PrevLocation = 0;
    }

    /// <summary>What a target does around the code that it tests shall not count: what is made once and kept would look like chance.</summary>
    internal static void Pause() => Trace.SharedMem = Scratch;

    /// <summary>Counts again, from the same place every time.</summary>
    internal static void Resume()
    {
        Trace.SharedMem = _map;
        Trace.PrevLocation = 0;
    }
}
