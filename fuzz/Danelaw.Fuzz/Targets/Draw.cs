namespace Danelaw.Fuzz.Targets;

/// <summary>Input taken as a row of choices. Behind its end every choice is the first one, so that each input means something and short ones mean little.</summary>
internal sealed class Draw(byte[] input)
{
    private int _at;

    internal bool IsAtEnd => _at >= input.Length;

    internal byte Next() => _at < input.Length ? input[_at++] : (byte)0;

    /// <summary>A number from 0 up to below this, at most 256.</summary>
    internal int Below(int count) => Next() % count;

    internal ushort NextUInt16() => (ushort)((Next() << 8) | Next());

    internal T Of<T>(IReadOnlyList<T> choices) => choices[Below(choices.Count)];

    /// <summary>So many octets of the input, or what is left of it.</summary>
    internal byte[] Take(int length)
    {
        var taken = input.AsSpan(_at, Math.Min(length, input.Length - _at)).ToArray();
        _at += taken.Length;
        return taken;
    }
}
