using System.Collections.Immutable;
using System.Formats.Asn1;
using System.Globalization;
using System.Security.Cryptography;
using Danelaw.Dns;

namespace Danelaw.Certificates;

/// <summary>
/// What a PKCS #12 file holds (RFC 7292), in DER or BER. Its private keys stay encrypted: which certificate they belong to is said beside
/// them. Only where there is no certificate at all is a key decrypted, for its public half.
/// </summary>
internal sealed class Pkcs12Bundle
{
    private const string Data = "1.2.840.113549.1.7.1", EncryptedData = "1.2.840.113549.1.7.6";
    private const string KeyBag = "1.2.840.113549.1.12.10.1.1", ShroudedKeyBag = "1.2.840.113549.1.12.10.1.2", CertificateBag = "1.2.840.113549.1.12.10.1.3", SafeContentsBag = "1.2.840.113549.1.12.10.1.6";
    /// <summary>Certificates and keys that a file may hold: each is held against the others.</summary>
    private const int MaximumObjects = 1000;

    private const string X509 = "1.2.840.113549.1.9.22.1", LocalKeyId = "1.2.840.113549.1.9.21";

    private static readonly Asn1Tag Explicit0 = new(TagClass.ContextSpecific, 0, isConstructed: true);
    private static readonly Asn1Tag Implicit0 = new(TagClass.ContextSpecific, 0);

    private readonly List<(Octets Der, Octets KeyId)> _certificates = [];
    private readonly List<(bool IsEncrypted, ReadOnlyMemory<byte> Key, Octets KeyId)> _keys = [];
    private readonly PasswordEncryption _encryption;

    private Pkcs12Bundle(Password password, PasswordBudget budget) => _encryption = new(password, budget);

    /// <summary>Reads a file.</summary>
    /// <param name="content">The file.</param>
    /// <param name="password">Its password.</param>
    /// <param name="budget">The work that it may ask for.</param>
    /// <param name="file">The certificate that has a key, and the others behind it; or a public key. Nothing on failure.</param>
    /// <param name="fault">Why there is neither, as a phrase, where it is done or damaged; empty otherwise.</param>
    /// <returns><see cref="Unlocking.Damaged"/> also for a file that has nothing of use.</returns>
    public static Unlocking Read(ReadOnlyMemory<byte> content, Password password, PasswordBudget budget, out CertificateFile file, out string fault)
    {
        file = new();
        fault = "";
        try
        {
            var bundle = new Pkcs12Bundle(password, budget);
            var opened = bundle.Open(content);
            if (bundle._certificates.Count + bundle._keys.Count > MaximumObjects)
            {
                fault = string.Create(CultureInfo.InvariantCulture, $"it holds more than {MaximumObjects} certificates and keys");
                return Unlocking.Damaged;
            }

            return opened == Unlocking.Done ? bundle.Choose(out file, out fault) : opened;
        }
        catch (AsnContentException)
        {
            return Unlocking.Damaged;
        }
    }

    private Unlocking Open(ReadOnlyMemory<byte> content)
    {
        var outer = new AsnReader(content, AsnEncodingRules.BER);
        var parts = outer.ReadSequence();
        if (!parts.TryReadInt32(out var version) || version != 3) return Unlocking.Damaged;
        var authenticated = parts.ReadSequence();

        // RFC 7292 §4: data, authenticated by a password, or signedData, which nobody writes.
        if (authenticated.ReadObjectIdentifier() != Data) return Unlocking.NotSupported;
        var safes = authenticated.ReadSequence(Explicit0).ReadOctetString();
        if (parts.HasData && _encryption.Authenticate(parts.ReadSequence(), safes) is var authentic and not Unlocking.Done) return authentic;
        var list = new AsnReader(safes, AsnEncodingRules.BER).ReadSequence();
        while (list.HasData)
        {
            var read = OpenSafe(list.ReadSequence());
            if (read != Unlocking.Done) return read;
        }

        return Unlocking.Done;
    }

    private Unlocking OpenSafe(AsnReader safe)
    {
        switch (safe.ReadObjectIdentifier())
        {
            case Data:
                ReadBags(new AsnReader(safe.ReadSequence(Explicit0).ReadOctetString(), AsnEncodingRules.BER).ReadSequence());
                return Unlocking.Done;
            case EncryptedData:
                var encrypted = safe.ReadSequence(Explicit0).ReadSequence();
                encrypted.ReadInteger();
                var content = encrypted.ReadSequence();
                if (content.ReadObjectIdentifier() != Data) return Unlocking.NotSupported;
                var opened = _encryption.Decrypt(content.ReadSequence(), content.ReadOctetString(Implicit0), out var plain);
                if (opened == Unlocking.Done) ReadBags(new AsnReader(plain, AsnEncodingRules.BER).ReadSequence());
                return opened;
            default:
                return Unlocking.NotSupported;
        }
    }

    private void ReadBags(AsnReader bags, int depth = 0)
    {
        while (bags.HasData && _certificates.Count + _keys.Count <= MaximumObjects)
        {
            var bag = bags.ReadSequence();
            var kind = bag.ReadObjectIdentifier();
            var value = bag.ReadSequence(Explicit0);
            var keyId = bag.HasData ? ReadKeyId(bag.ReadSetOf(skipSortOrderValidation: true)) : default;
            switch (kind)
            {
                case CertificateBag:
                    var certificate = value.ReadSequence();
                    if (certificate.ReadObjectIdentifier() == X509) _certificates.Add((new(certificate.ReadSequence(Explicit0).ReadOctetString()), keyId));
                    break;
                case KeyBag or ShroudedKeyBag:
                    _keys.Add((kind == ShroudedKeyBag, value.ReadEncodedValue(), keyId));
                    break;
                case SafeContentsBag when depth < 4:
                    ReadBags(value.ReadSequence(), depth + 1);
                    break;
                default:
                    // Revocation lists and secrets are none of our business.
                    break;
            }
        }
    }

    private static Octets ReadKeyId(AsnReader attributes)
    {
        while (attributes.HasData)
        {
            var attribute = attributes.ReadSequence();
            if (attribute.ReadObjectIdentifier() != LocalKeyId) continue;
            var values = attribute.ReadSetOf(skipSortOrderValidation: true);
            return values.HasData ? new(values.ReadOctetString()) : default;
        }

        return default;
    }

    private Unlocking Choose(out CertificateFile file, out string fault)
    {
        file = new();
        fault = "";
        if (_certificates.Count == 0) return ChooseKey(out file, out fault);
        for (var i = 0; i < _certificates.Count; i++)
        {
            if (Certificate.TryRead(_certificates[i].Der, out _)) continue;
            fault = string.Create(CultureInfo.InvariantCulture, $"its certificate {i + 1} of {_certificates.Count} cannot be read");
            return Unlocking.Damaged;
        }

        var own = Own(out var isNamed);
        if (own.Length != 1)
        {
            fault = own.Length == 0 ? "it does not say which of its certificates has the key" : string.Create(CultureInfo.InvariantCulture, $"it holds {own.Length} certificates with keys of their own");
            return Unlocking.Damaged;
        }

        file = CertificateFile.OfChain([own[0], .. _certificates.Select(one => one.Der).Where(der => der != own[0])], isNamed);
        return Unlocking.Done;
    }

    /// <summary>The certificates that have a key here; where nothing says so, those that issued none of the others.</summary>
    private ImmutableArray<Octets> Own(out bool isNamed)
    {
        var named = _certificates.Where(one => !one.KeyId.IsEmpty && _keys.Any(key => key.KeyId == one.KeyId)).Select(one => one.Der).Distinct().ToImmutableArray();
        isNamed = !named.IsEmpty;
        if (isNamed) return named;
        var read = new List<PathCertificate>();
        foreach (var (der, _) in _certificates)
            if (PathCertificate.TryRead(der, out var certificate)) read.Add(certificate);
        return [.. read.Where(one => !read.Any(other => other.Frame.Der != one.Frame.Der && other.Issuer.Equals(one.Subject))).Select(one => one.Frame.Der).Distinct()];
    }

    private Unlocking ChooseKey(out CertificateFile file, out string fault)
    {
        file = new();
        fault = _keys.Count switch { 0 => "it holds neither a certificate nor a key", 1 => "", _ => "it holds several keys and no certificate" };
        if (fault.Length > 0) return Unlocking.Damaged;
        var (isEncrypted, key, _) = _keys[0];
        var plain = key.ToArray();
        var opened = isEncrypted ? EncryptedKey.Decrypt(key, _encryption, out plain) : Unlocking.Done;
        if (opened != Unlocking.Done) return opened;
        var isRead = PrivateKeys.TryGetPublicKey(PrivateKeys.Pkcs8, plain, out var publicKey);
        CryptographicOperations.ZeroMemory(plain);
        if (isRead) file = CertificateFile.OfKey(publicKey);
        else fault = KeySource.UnreadableKey;
        return isRead ? Unlocking.Done : Unlocking.Damaged;
    }
}
