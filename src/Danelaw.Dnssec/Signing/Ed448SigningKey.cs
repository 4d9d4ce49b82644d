using System.Security.Cryptography;
using Danelaw.Dnssec.Keys;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace Danelaw.Dnssec.Signing;

/// <summary>Ed448 (16), RFC 8080, by BouncyCastle: .NET 10 has none.</summary>
internal sealed class Ed448SigningKey : SigningKey
{
    // RFC 8080 §4: the context is empty.
    private static readonly byte[] NoContext = [];

    private readonly byte[] _secret;
    private readonly byte[] _publicKey;

    private Ed448SigningKey(DnskeyFlags flags, byte[] secret, byte[] publicKey)
        : base(SecurityAlgorithm.Ed448, flags, publicKey) => (_secret, _publicKey) = (secret, publicKey);

    public override int SignatureLength => Ed448.SignatureSize;

    internal static Ed448SigningKey Generate(DnskeyFlags flags) => Import(flags, RandomNumberGenerator.GetBytes(Ed448.SecretKeySize))!;

    /// <summary>Null unless there are exactly 57 octets.</summary>
    internal static Ed448SigningKey? Import(DnskeyFlags flags, ReadOnlySpan<byte> secret)
    {
        if (secret.Length != Ed448.SecretKeySize) return null;
        var kept = secret.ToArray();
        var publicKey = new byte[Ed448.PublicKeySize];
        Ed448.GeneratePublicKey(kept, 0, publicKey, 0);
        return new Ed448SigningKey(flags, kept, publicKey);
    }

    internal override void SignInto(ReadOnlySpan<byte> data, Span<byte> signature)
    {
        // BouncyCastle takes arrays.
        var made = new byte[Ed448.SignatureSize];
        Ed448.Sign(_secret, 0, _publicKey, 0, NoContext, data.ToArray(), 0, data.Length, made, 0);
        made.CopyTo(signature);
    }

    public override SigningKey WithFlags(DnskeyFlags flags) => new Ed448SigningKey(flags, _secret, _publicKey);

    internal byte[] ExportPrivate() => [.. _secret];
}
