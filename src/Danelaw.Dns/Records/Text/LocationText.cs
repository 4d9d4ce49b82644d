using System.Buffers.Binary;
using System.Globalization;

namespace Danelaw.Dns.Records.Text;

/// <summary>LOC (RFC 1876 §3): <c>d m s.sss N d m s.sss E altitude size horizontal vertical</c>, the lengths in metres.</summary>
internal static class LocationText
{
    private const int Length = 16;
    private const uint Equator = 0x8000_0000;
    private const int MaximumLatitude = 90 * 3_600_000;
    private const int MaximumLongitude = 180 * 3_600_000;

    /// <summary>Altitudes count from 100 km below the ellipsoid, in centimetres.</summary>
    private const long AltitudeBase = 10_000_000;

    private const byte DefaultSize = 0x12;
    private const byte DefaultHorizontal = 0x16;
    private const byte DefaultVertical = 0x13;

    internal static bool TryParse(ref RdataText text)
    {
        if (!TryAngle(ref text, "the latitude", 'N', 'S', MaximumLatitude, out var latitude)) return false;
        if (!TryAngle(ref text, "the longitude", 'E', 'W', MaximumLongitude, out var longitude)) return false;
        text.Expected = "the altitude";
        if (!TryMetres(ref text, -AltitudeBase, uint.MaxValue - AltitudeBase, out var altitude)) return false;
        Span<byte> precisions = [DefaultSize, DefaultHorizontal, DefaultVertical];
        for (var i = 0; i < precisions.Length && text.HasMore; i++)
        {
            text.Expected = i switch { 0 => "the size", 1 => "the horizontal precision", _ => "the vertical precision" };
            if (!TryMetres(ref text, 0, 9_000_000_000, out var length)) return false;
            precisions[i] = Pack(length);
        }

        text.Writer.Write8(0);
        text.Writer.Write(precisions);
        text.Writer.Write32(latitude);
        text.Writer.Write32(longitude);
        text.Writer.Write32((uint)(altitude + AltitudeBase));
        return true;
    }

    internal static bool TryFormat(ReadOnlySpan<byte> data, TextBuilder text)
    {
        // RFC 1876 §2: version 0; digits of precisions are decimal.
        if (data.Length != Length || data[0] != 0) return false;
        foreach (var precision in data[1..4])
            if (precision >> 4 > 9 || (precision & 15) > 9) return false;
        if (!TryFormatAngle(BinaryPrimitives.ReadUInt32BigEndian(data[4..]), 'N', 'S', MaximumLatitude, text)) return false;
        text.Add(' ');
        if (!TryFormatAngle(BinaryPrimitives.ReadUInt32BigEndian(data[8..]), 'E', 'W', MaximumLongitude, text)) return false;
        text.Add(' ');
        AddMetres(BinaryPrimitives.ReadUInt32BigEndian(data[12..]) - AltitudeBase, text);
        foreach (var precision in data[1..4])
        {
            text.Add(' ');
            AddMetres((precision >> 4) * (long)Math.Pow(10, precision & 15), text);
        }

        return true;
    }

    /// <summary>Degrees, and minutes and seconds if they are not zero, then the direction.</summary>
    private static bool TryAngle(ref RdataText text, string what, char positive, char negative, int maximum, out uint angle)
    {
        angle = 0;
        long thousandths = 0;
        ReadOnlySpan<long> units = [3_600_000, 60_000, 1000];
        for (var i = 0; i <= units.Length; i++)
        {
            text.Expected = what;
            if (!text.TryWord(out var word)) return false;
            if (i > 0 && word.Length == 1 && char.ToUpperInvariant(word[0]) is var direction && (direction == positive || direction == negative))
            {
                if (thousandths > maximum) return text.Fail($"{what} is more than {maximum / 3_600_000} degrees");
                angle = (uint)(Equator + (direction == positive ? thousandths : -thousandths));
                return true;
            }

            if (i == units.Length) return text.Fail($"{what} must end in {positive} or {negative}");
            // Seconds alone have a fraction, of three digits.
            if (!TryDecimal(word, i == 2 ? 3 : 0, out var value) || value < 0) return text.Fail($"'{RdataText.Shorten(word)}' is no part of {what}");
            if (i > 0 && value >= (i == 2 ? 60_000 : 60)) return text.Fail($"'{RdataText.Shorten(word)}' in {what} is not below 60");
            thousandths += i == 2 ? value : Math.Min(value, 1000) * units[i];
        }

        return false;
    }

    private static bool TryFormatAngle(uint angle, char positive, char negative, int maximum, TextBuilder text)
    {
        var offset = (long)angle - Equator;
        var size = Math.Abs(offset);
        if (size > maximum) return false;
        text.AddNumber((ulong)(size / 3_600_000));
        text.Add(' ');
        text.AddNumber((ulong)(size / 60_000 % 60));
        text.Add(' ');
        text.AddNumber((ulong)(size / 1000 % 60));
        text.Add(string.Create(CultureInfo.InvariantCulture, $".{size % 1000:000} {(offset < 0 ? negative : positive)}"));
        return true;
    }

    /// <summary>Metres with up to two places, as centimetres; an m may stand behind.</summary>
    private static bool TryMetres(ref RdataText text, long minimum, long maximum, out long centimetres)
    {
        centimetres = 0;
        if (!text.TryWord(out var word)) return false;
        var number = word.EndsWith("m", StringComparison.OrdinalIgnoreCase) ? word[..^1] : word;
        return (TryDecimal(number, 2, out centimetres) && centimetres >= minimum && centimetres <= maximum) || text.Fail($"{text.Expected} is '{RdataText.Shorten(word)}', not a number of metres that fits");
    }

    private static void AddMetres(long centimetres, TextBuilder text)
    {
        if (centimetres < 0) text.Add('-');
        var size = Math.Abs(centimetres);
        text.AddNumber((ulong)(size / 100));
        text.Add(string.Create(CultureInfo.InvariantCulture, $".{size % 100:00}m"));
    }

    /// <summary>Reads a decimal number with at most so many places, as a whole number of the smallest.</summary>
    private static bool TryDecimal(ReadOnlySpan<char> text, int places, out long value)
    {
        value = 0;
        var isNegative = text.StartsWith('-');
        if (isNegative) text = text[1..];
        var point = text.IndexOf('.');
        var fraction = point < 0 ? default : text[(point + 1)..];
        var whole = point < 0 ? text : text[..point];
        if ((point >= 0 && fraction.IsEmpty) || fraction.Length > places || fraction.ContainsAnyExceptInRange('0', '9')) return false;
        if (!uint.TryParse(whole, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return false;
        value = number;
        for (var i = 0; i < places; i++) value = (value * 10) + (i < fraction.Length ? fraction[i] - '0' : 0);
        if (isNegative) value = -value;
        return true;
    }

    /// <summary>RFC 1876 §2: one digit and a power of ten.</summary>
    private static byte Pack(long centimetres)
    {
        var exponent = 0;
        for (; centimetres >= 10; centimetres /= 10) exponent++;
        return (byte)((centimetres << 4) | (byte)exponent);
    }
}
