namespace Danelaw.Operator.Audit.Postfix.Syntax;

/// <summary>NAME = VALUE, as Postfix reads it.</summary>
internal static class Assignment
{
    private static readonly char[] Blanks = [' ', '\t', '\r', '\n', '\v', '\f'];
    private static readonly System.Buffers.SearchValues<char> NameEnds = System.Buffers.SearchValues.Create(" \t\r\n\v\f=");

    /// <summary>Reads one.</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">What stands before the sign: one word.</param>
    /// <param name="value">What stands behind it, without blanks at its ends; it may be empty.</param>
    /// <param name="fault">What is wrong, in Postfix's words; empty on success.</param>
    internal static bool TryRead(string text, out string name, out string value, out string fault)
    {
        (name, value, fault) = ("", "", "");
        var rest = text.TrimStart(Blanks);
        var end = rest.AsSpan().IndexOfAny(NameEnds);
        var after = end < 0 ? "" : rest[end..].TrimStart(Blanks);
        if (end == 0 || rest.Length == 0) fault = "missing attribute name";
        else if (after is not ['=', ..]) fault = "missing '=' after attribute name";
        if (fault.Length > 0) return false;
        name = rest[..end];
        value = after[1..].Trim(Blanks);
        return true;
    }
}
