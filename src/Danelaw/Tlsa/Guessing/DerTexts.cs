using System.Security.Cryptography;
using System.Text;

namespace Danelaw.Tlsa.Guessing;

/// <summary>The texts that tools write DER as; of each somebody has taken the digest by mistake.</summary>
internal static class DerTexts
{
    /// <summary>Every text of some DER, with what it is called.</summary>
    /// <param name="der">The octets.</param>
    /// <param name="label">The label of their PEM block.</param>
    internal static IEnumerable<(string Form, byte[] Octets)> Of(ReadOnlyMemory<byte> der, string label)
    {
        var pem = PemEncoding.WriteString(label, der.Span);
        foreach (var text in Lines("the PEM text", pem)) yield return text;
        foreach (var text in Lines("the base64 text", pem[(pem.IndexOf('\n', StringComparison.Ordinal) + 1)..pem.LastIndexOf('\n')])) yield return text;
        foreach (var text in Lines("the base64 text in one line", Convert.ToBase64String(der.Span))) yield return text;
        foreach (var text in Lines("the hexadecimal text", Convert.ToHexStringLower(der.Span))) yield return text;
        foreach (var text in Lines("the hexadecimal text in capitals", Convert.ToHexString(der.Span))) yield return text;
    }

    /// <summary>A text as files of this and of another world hold it.</summary>
    /// <param name="form">What it is called.</param>
    /// <param name="text">It, with LF between its lines and none behind them.</param>
    internal static IEnumerable<(string Form, byte[] Octets)> Lines(string form, string text)
    {
        yield return (form, Encoding.Latin1.GetBytes(text + "\n"));
        yield return ($"{form} without its last line break", Encoding.Latin1.GetBytes(text));
        var windows = text.Replace("\n", "\r\n", StringComparison.Ordinal);
        yield return ($"{form} with CRLF", Encoding.Latin1.GetBytes(windows + "\r\n"));
        if (windows.Length > text.Length) yield return ($"{form} with CRLF, without the last", Encoding.Latin1.GetBytes(windows));
    }

    /// <summary>What tools print of a digest: it alone, and with the words around it that go into a file as well.</summary>
    internal static IEnumerable<string> OfDigest(ReadOnlySpan<byte> digest)
    {
        var hex = Convert.ToHexStringLower(digest);
        var capitals = Convert.ToHexString(digest);
        return [hex, capitals, string.Join(':', capitals.Chunk(2).Select(pair => new string(pair))), $"{hex}  -", $"{hex} *-", $"(stdin)= {hex}", $"SHA2-{digest.Length * 8}(stdin)= {hex}", Convert.ToBase64String(digest)];
    }
}
