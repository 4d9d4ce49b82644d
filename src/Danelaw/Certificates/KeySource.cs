using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Danelaw.Dns;

namespace Danelaw.Certificates;

/// <summary>What came of reading a source of keys. Closed.</summary>
public enum KeySourceOutcome
{
    /// <summary>Nothing of use is in it, or it cannot be read.</summary>
    Unfit = 0,

    /// <summary>It is encrypted, and no password was given.</summary>
    PasswordWanted,

    /// <summary>It is encrypted with another password.</summary>
    PasswordWrong,

    /// <summary>It was read.</summary>
    Read,
}

/// <summary>
/// Certificates or a public key from whatever people have: what <see cref="CertificateFile"/> reads, private keys (PKCS #8, PKCS #1, SEC 1;
/// encrypted PKCS #8), certificate requests and PKCS #12. Of private keys only the public half leaves this place.
/// </summary>
public static class KeySource
{
    internal const string UnreadableKey = "it holds a private key that cannot be read, or of a kind that is not known here";

    private const string PublicKeyLabel = "PUBLIC KEY";

    /// <summary>Reads octets.</summary>
    /// <param name="content">PEM, DER, or BER where it is PKCS #12.</param>
    /// <param name="password">The password; null when none is known. It is not kept.</param>
    /// <param name="file">The certificates, the one with the key first, or the public key; nothing on failure.</param>
    /// <param name="fault">What is wrong, as a phrase that goes after the file's name and a colon and tells nothing of a key; empty on success.</param>
    public static KeySourceOutcome Read(ReadOnlyMemory<byte> content, char[]? password, out CertificateFile file, out string fault) => Read(content, password, new(), out file, out fault);

    /// <summary>Reads octets, with every key that they hold.</summary>
    /// <param name="content">PEM, DER, or BER where it is PKCS #12.</param>
    /// <param name="password">The password; null when none is known. It is not kept.</param>
    /// <param name="all">What they hold for each key; nothing on failure.</param>
    /// <param name="fault">What is wrong, as for <see cref="Read(ReadOnlyMemory{byte}, char[], out CertificateFile, out string)"/>; empty on success.</param>
    public static KeySourceOutcome ReadAll(ReadOnlyMemory<byte> content, char[]? password, out KeySourceContent all, out string fault)
    {
        all = new();
        var budget = new PasswordBudget();
        var outcome = Read(content, password, budget, out var first, out fault);
        if (outcome != KeySourceOutcome.Read) return outcome;
        var text = Encoding.Latin1.GetString(content.Span);
        if (!PemBlock.IsIn(text) || !PemBlock.TryReadAll(text, out var blocks, out _))
        {
            all = new() { Parts = [first] };
            return outcome;
        }

        PemBlock[] secrets = [.. blocks.Where(IsPrivateKey)];
        if (secrets.Length > OwnCertificates.Maximum)
        {
            fault = string.Create(CultureInfo.InvariantCulture, $"it holds more than {OwnCertificates.Maximum} private keys");
            return KeySourceOutcome.Unfit;
        }

        if (!first.Certificates.IsEmpty)
        {
            // Of a key that is encrypted, or of an unknown kind, nothing is said: the certificates are what counts.
            var keys = new List<Octets>();
            foreach (var block in secrets)
                if (DerKinds.OfPem(block) == DerKinds.PrivateKey && PrivateKeys.TryGetPublicKey(block.Label, block.Data.Span, out var key)) keys.Add(key);
            if (OwnCertificates.TrySplit(first, keys, out all)) return outcome;
            fault = string.Create(CultureInfo.InvariantCulture, $"it holds more than {OwnCertificates.Maximum} certificates of servers");
            return KeySourceOutcome.Unfit;
        }

        var parts = new List<CertificateFile> { first };
        if (blocks.Any(block => block.Label == PublicKeyLabel))
        {
            parts.AddRange(blocks.Where(block => block.Label == PublicKeyLabel && PublicKeyInfo.IsWellFormed(block.Data.Span)).Select(block => CertificateFile.OfKey(block.Data)));
        }
        else
        {
            foreach (var block in secrets.Skip(1))
            {
                outcome = Read(DerKinds.OfPem(block), block.Label, block.Data, password, budget, out var next, out fault);
                if (outcome != KeySourceOutcome.Read) return outcome;
                parts.Add(next);
            }
        }

        all = new() { Parts = [.. parts.DistinctBy(part => part.PublicKey)] };
        return outcome;
    }

    /// <summary>The same within a budget.</summary>
    internal static KeySourceOutcome Read(ReadOnlyMemory<byte> content, char[]? password, PasswordBudget budget, out CertificateFile file, out string fault)
    {
        if (CertificateFile.TryRead(content, out file, out fault)) return KeySourceOutcome.Read;
        if (content.Length > CertificateFile.MaximumLength || !TryFind(content, out var kind, out var label, out var data)) return KeySourceOutcome.Unfit;
        var unfit = fault;
        var outcome = Read(kind, label, data, password, budget, out file, out fault);
        if (outcome == KeySourceOutcome.Unfit && fault.Length == 0) fault = unfit;
        return outcome;
    }

    private static KeySourceOutcome Read(string kind, string label, Octets data, char[]? password, PasswordBudget budget, out CertificateFile file, out string fault)
    {
        file = new();
        fault = "";
        switch (kind)
        {
            case DerKinds.PrivateKey:
                var isRead = PrivateKeys.TryGetPublicKey(label, data.Span, out var publicKey);
                fault = isRead ? "" : UnreadableKey;
                return Told(isRead ? Unlocking.Done : Unlocking.Damaged, publicKey, ref file, ref fault);
            case DerKinds.Request:
                var isSound = CertificateSigningRequest.TryReadKey(data, out publicKey, out fault);
                return Told(isSound ? Unlocking.Done : Unlocking.Damaged, publicKey, ref file, ref fault);
            case DerKinds.EncryptedPrivateKey when label != PrivateKeys.EncryptedPkcs8:
                fault = "it holds a private key that is encrypted in a form of OpenSSL's own (Proc-Type: 4,ENCRYPTED)";
                return KeySourceOutcome.Unfit;
            case DerKinds.EncryptedPrivateKey:
                if (password is null)
                {
                    fault = "it holds an encrypted private key, and no password was given";
                    return KeySourceOutcome.PasswordWanted;
                }

                return Told(Unlock(data.Memory, password, budget, out publicKey), publicKey, ref file, ref fault);
            case DerKinds.Pkcs12:
                return ReadBundle(data.Memory, password, budget, out file, out fault);
            default:
                return KeySourceOutcome.Unfit;
        }
    }

    private static bool IsPrivateKey(PemBlock block) => block.Label.EndsWith("PRIVATE KEY", StringComparison.Ordinal);

    /// <summary>The part that is read: of a PEM text the first private key, else the first request or bundle.</summary>
    private static bool TryFind(ReadOnlyMemory<byte> content, out string kind, out string label, out Octets data)
    {
        (kind, label, data) = ("", "", new(content));
        var text = Encoding.Latin1.GetString(content.Span);
        if (!PemBlock.IsIn(text))
        {
            kind = DerKinds.Recognise(content.Span) ?? "";
            label = kind == DerKinds.EncryptedPrivateKey ? PrivateKeys.EncryptedPkcs8 : PrivateKeys.LabelOf(content.Span);
            return kind.Length > 0;
        }

        // What says that it is a certificate or a public key and is none is not passed over.
        if (!PemBlock.TryReadAll(text, out var blocks, out _) || blocks.Any(block => block.IsCertificate || block.Label == PublicKeyLabel)) return false;
        var block = blocks.FirstOrDefault(IsPrivateKey) ?? blocks.FirstOrDefault(one => DerKinds.OfPem(one) is DerKinds.Request or DerKinds.Pkcs12);
        if (block is null) return false;
        (kind, label, data) = (DerKinds.OfPem(block), block.Label, block.Data);
        return true;
    }

    private static Unlocking Unlock(ReadOnlyMemory<byte> data, char[] password, PasswordBudget budget, out Octets publicKey)
    {
        publicKey = default;
        using var key = Password.Of(password);
        var opened = EncryptedKey.Decrypt(data, new(key, budget), out var plain);
        if (opened != Unlocking.Done) return opened;

        // One wrong password in 256 leaves what looks like padding: what comes out is then no key.
        var isKey = DerKinds.Recognise(plain) == DerKinds.PrivateKey;
        var isRead = PrivateKeys.TryGetPublicKey(PrivateKeys.Pkcs8, plain, out publicKey);
        CryptographicOperations.ZeroMemory(plain);
        return isRead ? Unlocking.Done : isKey ? Unlocking.NotSupported : Unlocking.WrongPassword;
    }

    private static KeySourceOutcome ReadBundle(ReadOnlyMemory<byte> content, char[]? password, PasswordBudget budget, out CertificateFile file, out string fault)
    {
        using var given = Password.Of(password);
        var opened = Pkcs12Bundle.Read(content, given, budget, out file, out fault);

        // No password: some programs mean one without letters by it, others none at all.
        if (opened == Unlocking.WrongPassword && password is null or [])
        {
            using var none = Password.None;
            opened = Pkcs12Bundle.Read(content, none, budget, out file, out fault);
        }

        if (opened == Unlocking.WrongPassword && password is null)
        {
            fault = "it is an encrypted PKCS #12 bundle, and no password was given";
            return KeySourceOutcome.PasswordWanted;
        }

        return fault.Length > 0 ? KeySourceOutcome.Unfit : Told(opened, ref fault);
    }

    private static KeySourceOutcome Told(Unlocking outcome, Octets publicKey, ref CertificateFile file, ref string fault)
    {
        if (outcome == Unlocking.Done) file = CertificateFile.OfKey(publicKey);
        return outcome == Unlocking.Damaged && fault.Length > 0 ? KeySourceOutcome.Unfit : Told(outcome, ref fault);
    }

    private static KeySourceOutcome Told(Unlocking outcome, ref string fault)
    {
        fault = outcome switch
        {
            Unlocking.Done => "",
            Unlocking.WrongPassword => "the password is wrong, or the file is damaged",
            Unlocking.TooMuchWork => "its password is protected by more rounds than a file is given here",
            Unlocking.NotSupported => "it is encrypted, or holds a key, of a kind that is not known here",
            Unlocking.Damaged => "it is damaged, or not of a form that is known",
        };
        return outcome switch
        {
            Unlocking.Done => KeySourceOutcome.Read,
            Unlocking.WrongPassword => KeySourceOutcome.PasswordWrong,
            Unlocking.TooMuchWork or Unlocking.NotSupported or Unlocking.Damaged => KeySourceOutcome.Unfit,
        };
    }
}
