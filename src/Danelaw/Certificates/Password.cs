using System.Security.Cryptography;
using System.Text;

namespace Danelaw.Certificates;

/// <summary>A password in the two forms that key files know, wiped when it is done with. It never shows what it is.</summary>
internal sealed class Password : IDisposable
{
    private Password(byte[] octets, byte[] wide) => (Octets, Wide) = (octets, wide);

    /// <summary>None at all, as some programs write it into PKCS #12; not the same as one without letters.</summary>
    public static Password None => new([], []);

    /// <summary>UTF-8: what PKCS #5 takes (RFC 8018), by the custom of OpenSSL.</summary>
    public byte[] Octets { get; }

    /// <summary>UTF-16 with two zero octets behind: what PKCS #12's own derivation takes (RFC 7292 §B.1).</summary>
    public byte[] Wide { get; }

    public static Password Of(ReadOnlySpan<char> text)
    {
        var wide = new byte[(text.Length * sizeof(char)) + sizeof(char)];
        Encoding.BigEndianUnicode.GetBytes(text, wide);
        var octets = new byte[Encoding.UTF8.GetByteCount(text)];
        Encoding.UTF8.GetBytes(text, octets);
        return new(octets, wide);
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(Octets);
        CryptographicOperations.ZeroMemory(Wide);
    }
}
