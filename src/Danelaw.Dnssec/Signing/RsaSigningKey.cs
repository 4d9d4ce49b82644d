using System.Security.Cryptography;
using Danelaw.Dnssec.Keys;

namespace Danelaw.Dnssec.Signing;

/// <summary>RSA with PKCS #1 v1.5 padding: algorithms 5, 7 (SHA-1), 8 (SHA-256) and 10 (SHA-512).</summary>
internal sealed class RsaSigningKey : SigningKey
{
    private readonly RSA _rsa;

    private RsaSigningKey(SecurityAlgorithm algorithm, DnskeyFlags flags, RSA rsa, RSAParameters parameters)
        : base(algorithm, flags, RsaPublicKeyFormat.Write(parameters.Exponent, parameters.Modulus)) => _rsa = rsa;

    private RsaSigningKey(RsaSigningKey other, DnskeyFlags flags)
        : base(other.Algorithm, flags, other.PublicKey.Span) => _rsa = other._rsa;

    public override int SignatureLength => (_rsa.KeySize + 7) / 8;

    internal static new RsaSigningKey Generate(SecurityAlgorithm algorithm, DnskeyFlags flags, int bits)
    {
        var rsa = RSA.Create(bits);
        return new RsaSigningKey(algorithm, flags, rsa, rsa.ExportParameters(includePrivateParameters: false));
    }

    /// <summary>Null when the numbers are no RSA key that signs with this algorithm.</summary>
    internal static RsaSigningKey? Import(SecurityAlgorithm algorithm, DnskeyFlags flags, RSAParameters parameters)
    {
        if (!RsaPublicKeyFormat.TryRead(RsaPublicKeyFormat.Write(parameters.Exponent, parameters.Modulus), out _, out var modulus)) return null;
        // RFC 5702 §2.2: RSA/SHA-512 keys have at least 1024 bits; that all have 512 was seen above (§2.1).
        if (algorithm == SecurityAlgorithm.RsaSha512 && RsaPublicKeyFormat.BitLength(modulus) < 1024) return null;
        var rsa = RSA.Create();
        try
        {
            rsa.ImportParameters(parameters);
            return new RsaSigningKey(algorithm, flags, rsa, parameters);
        }
        catch (CryptographicException)
        {
            rsa.Dispose();
            return null;
        }
    }

    /// <summary>What to say where a key is refused that may be too short; empty for other algorithms.</summary>
    internal static string SizeRule(SecurityAlgorithm algorithm) => algorithm switch
    {
        SecurityAlgorithm.RsaSha256 => " (such a key has 512 to 4096 bits: RFC 5702 §2.1)",
        SecurityAlgorithm.RsaSha512 => " (such a key has 1024 to 4096 bits: RFC 5702 §2.2)",
        _ => "",
    };

    internal override void SignInto(ReadOnlySpan<byte> data, Span<byte> signature)
    {
        Span<byte> buffer = stackalloc byte[SHA512.HashSizeInBytes];
        var hash = RsaHash.Compute(Algorithm, data, buffer, out var name);
        if (!_rsa.TrySignHash(hash, signature, name, RSASignaturePadding.Pkcs1, out var written) || written != signature.Length)
            throw new CryptographicException("the library made a signature of another length");
    }

    public override SigningKey WithFlags(DnskeyFlags flags) => new RsaSigningKey(this, flags);

    internal string ExportPem() => _rsa.ExportPkcs8PrivateKeyPem();

    internal RSAParameters ExportPrivate() => _rsa.ExportParameters(includePrivateParameters: true);
}
