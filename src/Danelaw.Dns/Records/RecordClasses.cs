using System.Globalization;

namespace Danelaw.Dns.Records;

/// <summary>The names of record classes: mnemonics, and <c>CLASS</c> with a number for the rest (RFC 3597 §5).</summary>
public static class RecordClasses
{
    /// <summary>Reads a mnemonic in any case, or <c>CLASS</c> with a decimal number up to 65535.</summary>
    /// <param name="text">The text.</param>
    /// <param name="recordClass">The class; 0 on failure.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out RecordClass recordClass)
    {
        recordClass = default;
        if (text.Equals("IN", StringComparison.OrdinalIgnoreCase)) recordClass = RecordClass.IN;
        else if (text.Equals("CH", StringComparison.OrdinalIgnoreCase)) recordClass = RecordClass.CH;
        else if (text.Equals("HS", StringComparison.OrdinalIgnoreCase)) recordClass = RecordClass.HS;
        else if (text.Equals("NONE", StringComparison.OrdinalIgnoreCase)) recordClass = RecordClass.NONE;
        else if (text.Equals("ANY", StringComparison.OrdinalIgnoreCase)) recordClass = RecordClass.ANY;
        if (recordClass != default) return true;
        if (text.Length is < 6 or > 10 || !text.StartsWith("CLASS", StringComparison.OrdinalIgnoreCase)) return false;
        if (!ushort.TryParse(text[5..], NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return false;
        recordClass = (RecordClass)number;
        return true;
    }

    /// <summary>The mnemonic, or <c>CLASS</c> with the number when the class has none.</summary>
    /// <param name="recordClass">The class.</param>
    public static string ToText(RecordClass recordClass) => recordClass switch
    {
        RecordClass.IN => "IN",
        RecordClass.CH => "CH",
        RecordClass.HS => "HS",
        RecordClass.NONE => "NONE",
        RecordClass.ANY => "ANY",
        _ => string.Create(CultureInfo.InvariantCulture, $"CLASS{(ushort)recordClass}"),
    };
}
