using System.Formats.Asn1;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Modes;
using Org.BouncyCastle.Crypto.Paddings;
using Org.BouncyCastle.Crypto.Parameters;

namespace Danelaw.Certificates;

/// <summary>What came of using a password. Closed.</summary>
internal enum Unlocking
{
    /// <summary>The structure is not sound.</summary>
    Damaged = 0,

    /// <summary>An algorithm that is not known here.</summary>
    NotSupported,

    /// <summary>More work than a key file is given.</summary>
    TooMuchWork,

    /// <summary>The password is not the one.</summary>
    WrongPassword,

    /// <summary>It fits.</summary>
    Done,
}

/// <summary>
/// Decrypts what a password protects in key files: PBES2 (RFC 8018 §6.2) with PBKDF2 or scrypt and AES or 3DES, and what older programs
/// wrote: PBES1 with DES or RC2, and PKCS #12's own with 3DES or RC2 (RFC 7292 §C). .NET hands out neither PKCS #12's derivation nor scrypt: BouncyCastle does.
/// </summary>
/// <param name="password">The password.</param>
/// <param name="budget">The work that the file may still ask for.</param>
internal sealed class PasswordEncryption(Password password, PasswordBudget budget)
{
    /// <summary>scrypt's memory in octets, four times what OpenSSL writes.</summary>
    private const long MaximumMemory = 64 << 20;

    private const string Pbes2 = "1.2.840.113549.1.5.13", Pbkdf2 = "1.2.840.113549.1.5.12", Scrypt = "1.3.6.1.4.1.11591.4.11", Pbmac1 = "1.2.840.113549.1.5.14";

    /// <summary>Decrypts.</summary>
    /// <param name="algorithm">The AlgorithmIdentifier, behind its SEQUENCE's tag.</param>
    /// <param name="data">What is encrypted.</param>
    /// <param name="plain">What was; the caller wipes it. Empty on failure.</param>
    /// <exception cref="AsnContentException">The parameters are not sound.</exception>
    public Unlocking Decrypt(AsnReader algorithm, byte[] data, out byte[] plain)
    {
        plain = [];
        var identifier = algorithm.ReadObjectIdentifier();
        var parameters = algorithm.ReadSequence();
        try
        {
            return identifier == Pbes2 ? DecryptByPbes2(parameters, data, out plain) : DecryptByOld(identifier, parameters, data, out plain);
        }
        catch (Exception failure) when (failure is CryptographicException or CryptoException or ArgumentException)
        {
            // Wrong padding: by another key, or another length of the data.
            return Unlocking.WrongPassword;
        }
    }

    /// <summary>Whether the password made the code that authenticates a PKCS #12 file (RFC 7292 §4, RFC 9579).</summary>
    /// <param name="macData">MacData, behind its SEQUENCE's tag.</param>
    /// <param name="content">What it authenticates.</param>
    /// <exception cref="AsnContentException">It is not sound.</exception>
    public Unlocking Authenticate(AsnReader macData, byte[] content)
    {
        var digestInfo = macData.ReadSequence();
        var algorithm = digestInfo.ReadSequence();
        var expected = digestInfo.ReadOctetString();
        var salt = macData.ReadOctetString();
        var iterations = 1;
        if (macData.HasData && !macData.TryReadInt32(out iterations)) return Unlocking.TooMuchWork;
        var identifier = algorithm.ReadObjectIdentifier();
        var outcome = identifier == Pbmac1
            ? TryDeriveMacKey(algorithm.ReadSequence(), out var key, out var hash)
            : TryDeriveMacKey(identifier, salt, iterations, out key, out hash);
        if (outcome != Unlocking.Done) return outcome;
        var code = CryptographicOperations.HmacData(hash, key, content);
        CryptographicOperations.ZeroMemory(key);
        return CryptographicOperations.FixedTimeEquals(code, expected) ? Unlocking.Done : Unlocking.WrongPassword;
    }

    private Unlocking TryDeriveMacKey(string digest, byte[] salt, int iterations, out byte[] key, out HashAlgorithmName hash)
    {
        key = [];
        (hash, IDigest? engine) = digest switch
        {
            "1.3.14.3.2.26" => (HashAlgorithmName.SHA1, new Sha1Digest()),
            "2.16.840.1.101.3.4.2.1" => (HashAlgorithmName.SHA256, new Sha256Digest()),
            "2.16.840.1.101.3.4.2.2" => (HashAlgorithmName.SHA384, new Sha384Digest()),
            "2.16.840.1.101.3.4.2.3" => (HashAlgorithmName.SHA512, new Sha512Digest()),
            _ => (default(HashAlgorithmName), (IDigest?)null),
        };
        if (engine is null) return Unlocking.NotSupported;
        if (!budget.TrySpend(iterations, blocks: 1)) return Unlocking.TooMuchWork;
        var generator = new Pkcs12ParametersGenerator(engine);
        generator.Init(password.Wide, salt, iterations);
        key = ((KeyParameter)generator.GenerateDerivedMacParameters(engine.GetDigestSize() * 8)).GetKey();
        return Unlocking.Done;
    }

    private Unlocking TryDeriveMacKey(AsnReader pbmac1, out byte[] key, out HashAlgorithmName hash)
    {
        var derivation = pbmac1.ReadSequence();
        hash = Prf(pbmac1.ReadSequence().ReadObjectIdentifier());
        key = [];
        return hash == default ? Unlocking.NotSupported : TryDerive(derivation, keyLength: 0, out key);
    }

    private Unlocking DecryptByPbes2(AsnReader parameters, byte[] data, out byte[] plain)
    {
        plain = [];
        var derivation = parameters.ReadSequence();
        var encryption = parameters.ReadSequence();
        var keyLength = encryption.ReadObjectIdentifier() switch
        {
            "2.16.840.1.101.3.4.1.2" => 16,
            "2.16.840.1.101.3.4.1.22" or "1.2.840.113549.3.7" => 24,
            "2.16.840.1.101.3.4.1.42" => 32,
            _ => 0,
        };
        if (keyLength == 0) return Unlocking.NotSupported;
        var vector = encryption.ReadOctetString();
        if (vector.Length is not (8 or 16)) return Unlocking.Damaged;
        var derived = TryDerive(derivation, keyLength, out var key);
        if (derived != Unlocking.Done) return derived;
#pragma warning disable CA5350 // What others have encrypted so must be read so; nothing is encrypted here.
        using SymmetricAlgorithm cipher = vector.Length == 8 ? TripleDES.Create() : Aes.Create();
#pragma warning restore CA5350
        cipher.Key = key;
        plain = cipher.DecryptCbc(data, vector);
        CryptographicOperations.ZeroMemory(key);
        return Unlocking.Done;
    }

    /// <summary>Derives a key of this length, or where it is 0 of the length that the parameters say.</summary>
    private Unlocking TryDerive(AsnReader derivation, int keyLength, out byte[] key)
    {
        key = [];
        var identifier = derivation.ReadObjectIdentifier();
        if (identifier is not (Pbkdf2 or Scrypt)) return Unlocking.NotSupported;
        var parameters = derivation.ReadSequence();
        if (!parameters.PeekTag().HasSameClassAndValue(Asn1Tag.PrimitiveOctetString)) return Unlocking.NotSupported;
        var salt = parameters.ReadOctetString();
        if (!parameters.TryReadInt32(out var cost)) return Unlocking.TooMuchWork;
        var (blockSize, parallel) = (0, 0);
        if (identifier == Scrypt && !(parameters.TryReadInt32(out blockSize) && parameters.TryReadInt32(out parallel))) return Unlocking.TooMuchWork;
        if (parameters.HasData && parameters.PeekTag() == Asn1Tag.Integer)
        {
            if (!parameters.TryReadInt32(out var stated) || stated is < 1 or > 64 || (keyLength > 0 && stated != keyLength)) return Unlocking.NotSupported;
            keyLength = stated;
        }

        if (keyLength == 0) return Unlocking.NotSupported;
        if (identifier == Scrypt)
        {
            // RFC 7914 §6: a cost above 1 that is a power of 2.
            if (cost < 2 || (cost & (cost - 1)) != 0 || blockSize < 1 || parallel < 1) return Unlocking.Damaged;
            if ((decimal)128 * cost * blockSize > MaximumMemory || (decimal)128 * blockSize * parallel > MaximumMemory) return Unlocking.TooMuchWork;

            // RFC 7914 §5: of 2r blocks of 64 octets, N times to fill the memory and N times to walk through it.
            if (!budget.TrySpend(cost, 4L * blockSize * parallel)) return Unlocking.TooMuchWork;
            key = SCrypt.Generate(password.Octets, salt, cost, blockSize, parallel, keyLength);
            return Unlocking.Done;
        }

        // RFC 8018 §A.2: HMAC with SHA-1 where nothing is said.
        var hash = parameters.HasData ? Prf(parameters.ReadSequence().ReadObjectIdentifier()) : HashAlgorithmName.SHA1;
        if (hash == default) return Unlocking.NotSupported;

        // RFC 8018 §5.2: an HMAC is two digests, and every block of the key is derived anew.
        if (!budget.TrySpend(cost, 2 * ((keyLength + HashLength(hash) - 1) / HashLength(hash)))) return Unlocking.TooMuchWork;
        key = Rfc2898DeriveBytes.Pbkdf2(password.Octets, salt, cost, hash, keyLength);
        return Unlocking.Done;
    }

    private Unlocking DecryptByOld(string identifier, AsnReader parameters, byte[] data, out byte[] plain)
    {
        plain = [];
        (IBlockCipher? engine, var name, var bits) = identifier switch
        {
            "1.2.840.113549.1.12.1.3" => (new DesEdeEngine(), "DESede", 192),
            "1.2.840.113549.1.12.1.4" => (new DesEdeEngine(), "DESede", 128),
            "1.2.840.113549.1.12.1.5" => (new RC2Engine(), "RC2", 128),
            "1.2.840.113549.1.12.1.6" => (new RC2Engine(), "RC2", 40),
            "1.2.840.113549.1.5.3" or "1.2.840.113549.1.5.10" => (new DesEngine(), "DES", 64),
            "1.2.840.113549.1.5.6" or "1.2.840.113549.1.5.11" => (new RC2Engine(), "RC2", 64),
            _ => ((IBlockCipher?)null, "", 0),
        };
        if (engine is null) return Unlocking.NotSupported;
        var salt = parameters.ReadOctetString();
        var isPkcs12 = identifier.StartsWith("1.2.840.113549.1.12.", StringComparison.Ordinal);

        // RFC 7292 §B.2: the key in blocks of SHA-1, and the vector once more.
        if (!parameters.TryReadInt32(out var iterations) || !budget.TrySpend(iterations, isPkcs12 ? ((bits / 8) + 19) / 20 + 1 : 1)) return Unlocking.TooMuchWork;
        PbeParametersGenerator generator = isPkcs12
            ? new Pkcs12ParametersGenerator(new Sha1Digest())
            : new Pkcs5S1ParametersGenerator(identifier is "1.2.840.113549.1.5.3" or "1.2.840.113549.1.5.6" ? new MD5Digest() : new Sha1Digest());
        generator.Init(isPkcs12 ? password.Wide : password.Octets, salt, iterations);
        var cipher = new PaddedBufferedBlockCipher(new CbcBlockCipher(engine));
        cipher.Init(forEncryption: false, generator.GenerateDerivedParameters(name, bits, 64));
        plain = cipher.DoFinal(data);
        return Unlocking.Done;
    }

    /// <summary>The digest of an HMAC by its identifier; the default for one that is not known.</summary>
    private static HashAlgorithmName Prf(string identifier) => identifier switch
    {
        "1.2.840.113549.2.7" => HashAlgorithmName.SHA1,
        "1.2.840.113549.2.9" => HashAlgorithmName.SHA256,
        "1.2.840.113549.2.10" => HashAlgorithmName.SHA384,
        "1.2.840.113549.2.11" => HashAlgorithmName.SHA512,
        _ => default,
    };

    private static int HashLength(HashAlgorithmName hash) => hash.Name switch
    {
        nameof(HashAlgorithmName.SHA1) => SHA1.HashSizeInBytes,
        nameof(HashAlgorithmName.SHA256) => SHA256.HashSizeInBytes,
        nameof(HashAlgorithmName.SHA384) => SHA384.HashSizeInBytes,
        _ => SHA512.HashSizeInBytes,
    };
}
