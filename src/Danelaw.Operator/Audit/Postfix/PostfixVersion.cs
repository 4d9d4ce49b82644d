using System.Globalization;

namespace Danelaw.Operator.Audit.Postfix;

/// <summary>A release of Postfix: its branch and the patch level in it. What a package manager or a snapshot adds is left out.</summary>
/// <param name="Major">Such as 3.</param>
/// <param name="Minor">Such as 7.</param>
/// <param name="Patch">Such as 11; 0 where none is told.</param>
public readonly record struct PostfixVersion(int Major, int Minor, int Patch) : IComparable<PostfixVersion>
{
    private static readonly System.Buffers.SearchValues<char> Digits = System.Buffers.SearchValues.Create("0123456789.");

    /// <summary>Reads <c>3.7.11</c>, with any epoch before (<c>2:3.7.11</c>) and anything behind (<c>3.7.11-0+deb12u1</c>, <c>3.9-20240101</c>).</summary>
    /// <param name="text">The text.</param>
    /// <param name="version">The version; nothing on failure.</param>
    public static bool TryParse(string? text, out PostfixVersion version)
    {
        version = default;
        var rest = text is null ? "" : text[(text.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
        var end = rest.AsSpan().IndexOfAnyExcept(Digits);
        var parts = (end < 0 ? rest : rest[..end]).Split('.');
        if (parts.Length < 2 || !TryPart(parts[0], out var major) || !TryPart(parts[1], out var minor)) return false;
        var patch = 0;
        if (parts.Length > 2 && parts[2].Length > 0 && !TryPart(parts[2], out patch)) return false;
        version = new(major, minor, patch);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(PostfixVersion other) => (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch));

    /// <summary>Whether this is that branch or a later one.</summary>
    /// <param name="major">Such as 3.</param>
    /// <param name="minor">Such as 9.</param>
    public bool IsAtLeast(int major, int minor) => (Major, Minor).CompareTo((major, minor)) >= 0;

    /// <summary>Whether a change that was also made in older branches is in this release.</summary>
    /// <param name="first">The first branch that had it from its beginning.</param>
    /// <param name="backports">The releases of older branches from which on those have it.</param>
    public bool Has(PostfixVersion first, params ReadOnlySpan<PostfixVersion> backports)
    {
        if (CompareTo(first) >= 0) return true;
        foreach (var backport in backports)
        {
            if ((Major, Minor) == (backport.Major, backport.Minor)) return Patch >= backport.Patch;
        }

        return false;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}.{Patch}");

    /// <summary>Whether one is older than the other.</summary>
    public static bool operator <(PostfixVersion left, PostfixVersion right) => left.CompareTo(right) < 0;

    /// <summary>Whether one is newer than the other.</summary>
    public static bool operator >(PostfixVersion left, PostfixVersion right) => left.CompareTo(right) > 0;

    /// <summary>Whether one is no newer than the other.</summary>
    public static bool operator <=(PostfixVersion left, PostfixVersion right) => left.CompareTo(right) <= 0;

    /// <summary>Whether one is no older than the other.</summary>
    public static bool operator >=(PostfixVersion left, PostfixVersion right) => left.CompareTo(right) >= 0;

    private static bool TryPart(string text, out int part) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out part);
}
