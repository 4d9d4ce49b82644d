using System.Formats.Asn1;

namespace Danelaw.Certificates;

/// <summary>An EncryptedPrivateKeyInfo (RFC 5958 §3).</summary>
internal static class EncryptedKey
{
    /// <summary>Decrypts it.</summary>
    /// <param name="content">The EncryptedPrivateKeyInfo.</param>
    /// <param name="encryption">The password.</param>
    /// <param name="plain">The PrivateKeyInfo; the caller wipes it. Empty on failure.</param>
    public static Unlocking Decrypt(ReadOnlyMemory<byte> content, PasswordEncryption encryption, out byte[] plain)
    {
        plain = [];
        try
        {
            var parts = new AsnReader(content, AsnEncodingRules.BER).ReadSequence();
            return encryption.Decrypt(parts.ReadSequence(), parts.ReadOctetString(), out plain);
        }
        catch (AsnContentException)
        {
            return Unlocking.Damaged;
        }
    }
}
