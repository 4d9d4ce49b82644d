namespace Danelaw.Dns.Records.Text;

/// <summary>Lists of types, in bitmaps on the wire (RFC 4034 §4.1.2).</summary>
internal static class TypeListText
{
    private const int WindowOctets = 32;

    /// <summary>RFC 2535 §5.2: NXT has one bitmap, for types up to 127.</summary>
    private const int OldOctets = 16;

    /// <summary>Reads mnemonics to the end; in any order, repetitions allowed.</summary>
    internal static bool TryParse(ref RdataText text, bool mayBeEmpty)
    {
        if (!text.HasMore) return mayBeEmpty || text.TryTake(out _);
        // Nearly all types that occur lie in the first window.
        Span<byte> first = stackalloc byte[WindowOctets];
        first.Clear();
        byte[]? all = null;
        while (text.HasMore)
        {
            if (!TryType(ref text, out var type)) return false;
            if (type >> 8 == 0) Set(first, type);
            else Set(all ??= new byte[WindowOctets * 256], type);
        }

        WriteWindow(text.Writer, 0, first);
        for (var window = 1; all is not null && window < 256; window++) WriteWindow(text.Writer, window, all.AsSpan(window * WindowOctets, WindowOctets));
        return true;
    }

    internal static bool TryParseOld(ref RdataText text)
    {
        if (!text.HasMore) return text.TryTake(out _);
        Span<byte> bits = stackalloc byte[OldOctets];
        bits.Clear();
        while (text.HasMore)
        {
            if (!TryType(ref text, out var type)) return false;
            if (type >= OldOctets * 8) return text.Fail("NXT can list types up to 127 only");
            Set(bits, type);
        }

        text.Writer.Write(bits[..(bits.LastIndexOfAnyExcept((byte)0) + 1)]);
        return true;
    }

    /// <summary>Writes the mnemonics of a bitmap that is well-formed, a blank before each.</summary>
    internal static void Format(Octets octets, TextBuilder text)
    {
        if (!TypeBitmap.TryRead(octets, out var types)) return;
        foreach (var type in types)
        {
            text.Add(' ');
            text.Add(RecordTypes.ToText(type));
        }
    }

    internal static void FormatOld(ReadOnlySpan<byte> bits, TextBuilder text)
    {
        for (var type = 0; type < bits.Length * 8; type++)
        {
            if ((bits[type >> 3] & (0x80 >> (type & 7))) == 0) continue;
            text.Add(' ');
            text.Add(RecordTypes.ToText((RecordType)type));
        }
    }

    private static bool TryType(ref RdataText text, out int number)
    {
        number = 0;
        if (!text.TryWord(out var word)) return false;
        if (!RecordTypes.TryParse(word, out var type)) return text.Fail($"'{RdataText.Shorten(word)}' is no record type");
        number = (int)type;
        return true;
    }

    private static void Set(Span<byte> bits, int type) => bits[type >> 3] |= (byte)(0x80 >> (type & 7));

    private static void WriteWindow(RdataWriter writer, int window, ReadOnlySpan<byte> bits)
    {
        var length = bits.LastIndexOfAnyExcept((byte)0) + 1;
        if (length == 0) return;
        writer.Write8((byte)window);
        writer.Write8((byte)length);
        writer.Write(bits[..length]);
    }
}
