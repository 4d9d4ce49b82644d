using System.Buffers.Binary;
using System.Text;

namespace Danelaw.Dns.Messages;

/// <summary>An extended DNS error (RFC 8914).</summary>
/// <param name="Code">The info code, as the registry "Extended DNS Error Codes" lists them; any number fits.</param>
/// <param name="Text">The extra text, UTF-8 as received, what is none replaced by U+FFFD; may be empty.</param>
public readonly record struct ExtendedError(ushort Code, string Text)
{
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
        error = new(BinaryPrimitives.ReadUInt16BigEndian(option.Data.Span), Encoding.UTF8.GetString(text));
        return true;
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
