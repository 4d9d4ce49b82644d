using System.Globalization;
using Danelaw.Operator.Processes;

namespace Danelaw.Operator.Rollover.Acting;

/// <summary>
/// Places at which this process can be made to die as by <c>kill -9</c>, so that tests reach the inside of a write, a publication, a rename and a reload
/// (docs/decisions/0202). Nothing happens unless a test says where: <c>POINT</c> or <c>POINT:N</c>, the N-th time that it is reached.
/// </summary>
public sealed class FaultPoints
{
    /// <summary>Where a test says so.</summary>
    public const string Variable = "DANELAW_FAULT";

    /// <summary>Every point, in the order in which a roll passes them.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        "before-save", "after-save", "before-publish", "before-zone-rename", "zone-renamed", "before-zone-reload", "between-publish", "after-publish", "before-install", "install-half-written", "install-written", "install-renamed", "after-install", "before-reload", "between-reload", "after-reload",
    ];

    /// <summary>Every point, in the order in which a setup passes them, and then its undoing.</summary>
    public static readonly IReadOnlyList<string> OfSetup = ["step", "noted", "aside", "in place", "mode set", "tested", "reloaded", "servers stay", "published", "taken up", "undoing", "put back", "taken away", "folder taken away", "undone"];

    private readonly string? _point;
    private int _left;

    private FaultPoints(string? point, int left) => (_point, _left) = (point, left);

    /// <summary>None.</summary>
    public static FaultPoints None { get; } = new(null, 0);

    /// <summary>Reads what a test has said.</summary>
    /// <param name="text">The text; null or empty for nothing.</param>
    /// <exception cref="FormatException">There is no such point: a test that means to kill must not pass by chance.</exception>
    public static FaultPoints Read(string? text)
    {
        if (string.IsNullOrEmpty(text)) return None;
        var parts = text.Split(':');
        var count = 1;
        if ((!All.Contains(parts[0]) && !OfSetup.Contains(parts[0])) || parts.Length > 2 || (parts.Length == 2 && !(int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out count) && count > 0)))
            throw new FormatException($"{Variable}: '{text}' is none of {string.Join(", ", All.Concat(OfSetup))}, with :N after it");
        return new(parts[0], count);
    }

    internal void Reach(string point)
    {
        if (_point == point && --_left == 0) Posix.Die();
    }
}
