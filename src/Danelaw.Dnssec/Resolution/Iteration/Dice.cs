namespace Danelaw.Dnssec.Resolution.Iteration;

/// <summary>Draws numbers for choices that need not be unforeseeable, from many threads; a seed repeats a run.</summary>
internal sealed class Dice(Random random)
{
    private readonly Lock _lock = new();

    /// <summary>A number from 0 to one below the sides.</summary>
    internal int Draw(int sides)
    {
        lock (_lock) return random.Next(sides);
    }
}
