using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Danelaw.Cli.Rendering;

/// <summary>Writes one JSON object on one line, in ASCII: whatever stands in foreign text, a terminal shows it and does not obey it.</summary>
internal static class JsonText
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The object that the action writes the members of, and a newline.</summary>
    public static byte[] Line(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ContainsAnyInRange((byte)0x7F, (byte)0xFF) ? InAscii(buffer.WrittenSpan) : buffer.WrittenSpan.ToArray();
    }

    /// <summary>Characters beyond ASCII stand in strings only, so each can be written as its escape.</summary>
    private static byte[] InAscii(ReadOnlySpan<byte> utf8)
    {
        var text = new StringBuilder(utf8.Length + 64);
        foreach (var character in Encoding.UTF8.GetString(utf8))
        {
            if (character < '\x7F') text.Append(character);
            else text.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:X4}");
        }

        return Encoding.ASCII.GetBytes(text.ToString());
    }
}
