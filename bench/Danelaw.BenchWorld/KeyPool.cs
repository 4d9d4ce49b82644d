using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Signing;

namespace Danelaw.BenchWorld;

/// <summary>Keys for very many zones: fresh ones where making them is cheap, RSA keys out of a pool.</summary>
internal sealed class KeyPool
{
    private const int RsaKeys = 64;

    private readonly SigningKey[] _rsa = new SigningKey[RsaKeys];

    internal KeyPool() => Parallel.For(0, RsaKeys, i => _rsa[i] = SigningKey.Generate(SecurityAlgorithm.RsaSha256, RoleOf(i)));

    /// <summary>A combined key, or a key signing and a zone signing key.</summary>
    internal SigningKey[] Take(SecurityAlgorithm algorithm, int index, bool isCombined)
    {
        if (isCombined) return [Take(algorithm, index, DnskeyFlags.Zone | DnskeyFlags.SecureEntryPoint)];
        return [Take(algorithm, index, DnskeyFlags.Zone | DnskeyFlags.SecureEntryPoint), Take(algorithm, index + 1, DnskeyFlags.Zone)];
    }

    private SigningKey Take(SecurityAlgorithm algorithm, int index, DnskeyFlags flags)
    {
        if (algorithm != SecurityAlgorithm.RsaSha256) return SigningKey.Generate(algorithm, flags);
        var key = _rsa[index % RsaKeys];
        return key.Flags == flags ? key : key.WithFlags(flags);
    }

    private static DnskeyFlags RoleOf(int index) => index % 2 == 0 ? DnskeyFlags.Zone | DnskeyFlags.SecureEntryPoint : DnskeyFlags.Zone;
}
