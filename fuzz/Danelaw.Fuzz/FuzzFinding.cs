using System.Runtime.CompilerServices;

namespace Danelaw.Fuzz;

/// <summary>A property that did not hold: what a fuzzer looks for.</summary>
internal sealed class FuzzFinding(string message) : Exception(message)
{
    /// <summary>Says what must hold, and stops where it does not.</summary>
    /// <param name="holds">Whether it does.</param>
    /// <param name="what">What it is, for people.</param>
    /// <param name="condition">The condition as it stands in the source.</param>
    internal static void Unless(bool holds, string what, [CallerArgumentExpression(nameof(holds))] string condition = "")
    {
        if (!holds) throw new FuzzFinding($"{what} ({condition})");
    }
}
