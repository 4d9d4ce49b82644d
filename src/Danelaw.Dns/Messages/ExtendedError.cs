using System.Buffers.Binary;
using System.Text;

namespace Danelaw.Dns.Messages;

/// <summary>An extended DNS error (RFC 8914).</summary>
/// <param name="Code">The info code, as the registry "Extended DNS Error Codes" lists them; any number fits.</param>
/// <param name="Text">The extra text, UTF-8 as received, what is none replaced by U+FFFD; may be empty. Of a longer one its first 512 octets and an ellipsis.</param>
public readonly record struct ExtendedError(ushort Code, string Text)
{
    /// <summary>What servers send is a sentence; what is longer is nobody's to read.</summary>
    private const int MaximumText = 512;

    /// <summary>Reads an option (RFC 8914 §2).</summary>
    /// <param name="option">The option.</param>
    /// <param name="error">What it says; the default on failure.</param>
    /// <returns>False for an option of another kind or with fewer than 2 octets.</returns>
    public static bool TryRead(EdnsOption option, out ExtendedError error)
    {
        error = default;
        if (option.Code != EdnsOption.ExtendedError || option.Data.Length < 2) return false;

        // RFC 8914 §2: a final zero octet is no part of the text.
        var text = option.Data.Span[2..];
        if (!text.IsEmpty && text[^1] == 0) text = text[..^1];
        error = new(BinaryPrimitives.ReadUInt16BigEndian(option.Data.Span), text.Length <= MaximumText ? Encoding.UTF8.GetString(text) : Encoding.UTF8.GetString(Cut(text)) + "…");
        return true;
    }

    /// <summary>The beginning of a text that is too long, without the half of a character.</summary>
    private static ReadOnlySpan<byte> Cut(ReadOnlySpan<byte> text)
    {
        var end = MaximumText;

        // RFC 3629 §3: the octets of a character after its first, three at most, begin with the bits 10.
        for (var back = 0; back < 3 && (text[end] & 0xC0) == 0x80; back++) end--;
        return text[..end];
    }

    /// <summary>The option that says so.</summary>
    public EdnsOption ToOption()
    {
        var data = new byte[2 + Encoding.UTF8.GetByteCount(Text)];
        BinaryPrimitives.WriteUInt16BigEndian(data, Code);
        Encoding.UTF8.GetBytes(Text, data.AsSpan(2));
        return new(EdnsOption.ExtendedError, new(data));
    }
}
