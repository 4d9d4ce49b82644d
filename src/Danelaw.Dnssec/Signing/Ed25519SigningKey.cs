using Danelaw.Dnssec.Keys;
using NSec.Cryptography;

namespace Danelaw.Dnssec.Signing;

/// <summary>Ed25519 (15), RFC 8080, by libsodium.</summary>
internal sealed class Ed25519SigningKey : SigningKey
{
    private readonly Key _key;

    private Ed25519SigningKey(DnskeyFlags flags, Key key)
        : base(SecurityAlgorithm.Ed25519, flags, key.PublicKey.Export(KeyBlobFormat.RawPublicKey)) => _key = key;

    public override int SignatureLength => SignatureAlgorithm.Ed25519.SignatureSize;

    private static KeyCreationParameters Exportable => new() { ExportPolicy = KeyExportPolicies.AllowPlaintextExport };

    internal static Ed25519SigningKey Generate(DnskeyFlags flags) => new(flags, Key.Create(SignatureAlgorithm.Ed25519, Exportable));

    /// <summary>Null unless there are exactly 32 octets.</summary>
    internal static Ed25519SigningKey? Import(DnskeyFlags flags, ReadOnlySpan<byte> seed) =>
        Key.TryImport(SignatureAlgorithm.Ed25519, seed, KeyBlobFormat.RawPrivateKey, out var key, Exportable) && key is not null ? new(flags, key) : null;

    internal override void SignInto(ReadOnlySpan<byte> data, Span<byte> signature) => SignatureAlgorithm.Ed25519.Sign(_key, data, signature);

    public override SigningKey WithFlags(DnskeyFlags flags) => new Ed25519SigningKey(flags, _key);

    internal byte[] ExportPrivate() => _key.Export(KeyBlobFormat.RawPrivateKey);
}
