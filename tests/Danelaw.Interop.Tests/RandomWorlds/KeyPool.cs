using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Signing;

namespace Danelaw.Interop.Tests.RandomWorlds;

/// <summary>Keys made once and used by many zones: generating RSA keys would take longer than all the rest.</summary>
internal sealed class KeyPool
{
    private const int Each = 6;
    private const int RsaEach = 3;

    private readonly Dictionary<SecurityAlgorithm, SigningKey[]> _keys;
    private readonly (SigningKey One, SigningKey Other)[] _colliding;

    private KeyPool(Dictionary<SecurityAlgorithm, SigningKey[]> keys, (SigningKey, SigningKey)[] colliding) => (_keys, _colliding) = (keys, colliding);

    /// <summary>Every algorithm that is validated.</summary>
    public static readonly SecurityAlgorithm[] Algorithms =
    [
        SecurityAlgorithm.RsaSha1, SecurityAlgorithm.RsaSha1Nsec3Sha1, SecurityAlgorithm.RsaSha256, SecurityAlgorithm.RsaSha512,
        SecurityAlgorithm.EcdsaP256Sha256, SecurityAlgorithm.EcdsaP384Sha384, SecurityAlgorithm.Ed25519, SecurityAlgorithm.Ed448,
    ];

    public static KeyPool Make()
    {
        var made = Algorithms.AsParallel().SelectMany(algorithm => Enumerable.Range(0, IsRsa(algorithm) ? RsaEach : Each)
            .Select(index => SigningKey.Generate(algorithm, DnskeyFlags.KeySigning, index == 0 ? 2048 : 1024))).ToList();
        return new KeyPool(made.GroupBy(key => key.Algorithm).ToDictionary(group => group.Key, group => group.ToArray()), Collide(2));
    }

    public static bool IsRsa(SecurityAlgorithm algorithm) => algorithm is SecurityAlgorithm.RsaSha1 or SecurityAlgorithm.RsaSha1Nsec3Sha1 or SecurityAlgorithm.RsaSha256 or SecurityAlgorithm.RsaSha512;

    /// <summary>A key of the algorithm that is none of those given: parent and child never share one, so a signature in the wrong place cannot verify by chance.</summary>
    public SigningKey Take(Random random, SecurityAlgorithm algorithm, DnskeyFlags flags, IEnumerable<SigningKey> not)
    {
        var free = _keys[algorithm].Where(key => !not.Any(used => used.PublicKey == key.PublicKey)).ToArray();
        return free[random.Next(free.Length)].WithFlags(flags);
    }

    /// <summary>Two keys of one algorithm with one tag (RFC 4034 Appendix B: a tag is no identity).</summary>
    public (SigningKey One, SigningKey Other) TakeColliding(Random random) => _colliding[random.Next(_colliding.Length)];

    // Some hundred keys of 65,536 tags hold a pair, as some dozens of people share a birthday.
    private static (SigningKey, SigningKey)[] Collide(int pairs)
    {
        var found = new List<(SigningKey, SigningKey)>();
        var byTag = new Dictionary<ushort, SigningKey>();
        while (found.Count < pairs)
        {
            var key = SigningKey.Generate(SecurityAlgorithm.Ed25519, DnskeyFlags.KeySigning);
            if (byTag.Remove(key.KeyTag, out var other)) found.Add((other, key));
            else byTag[key.KeyTag] = key;
        }
        return [.. found];
    }
}
