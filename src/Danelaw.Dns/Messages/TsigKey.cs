using Danelaw.Dns.Names;

namespace Danelaw.Dns.Messages;

/// <summary>A secret that two parties share to authenticate messages (RFC 8945). The secret can be used but not read back.</summary>
public sealed class TsigKey
{
    private readonly byte[] _secret;

    /// <summary>Takes a secret.</summary>
    /// <param name="name">The name that both parties have for the key.</param>
    /// <param name="algorithm">The algorithm.</param>
    /// <param name="secret">The secret, of any length; copied.</param>
    /// <param name="macLength">How many octets of each code are sent, and how many one that is received must have at least; null for all of them.</param>
    /// <exception cref="ArgumentOutOfRangeException">The code would be longer than the algorithm's, or shorter than 10 octets or half of it (RFC 8945 §5.2.2.1).</exception>
    public TsigKey(DomainName name, TsigAlgorithm algorithm, ReadOnlySpan<byte> secret, int? macLength = null)
    {
        Name = name;
        Algorithm = algorithm;
        MacLength = macLength ?? TsigAlgorithms.MacLength(algorithm);
        ArgumentOutOfRangeException.ThrowIfLessThan(MacLength, TsigAlgorithms.ShortestMac(algorithm), nameof(macLength));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MacLength, TsigAlgorithms.MacLength(algorithm), nameof(macLength));
        _secret = secret.ToArray();
    }

    /// <summary>The name that both parties have for the key.</summary>
    public DomainName Name { get; }

    /// <summary>The algorithm.</summary>
    public TsigAlgorithm Algorithm { get; }

    /// <summary>How many octets of each code are sent, and how many one that is received must have at least.</summary>
    public int MacLength { get; }

    /// <summary>Reads a key as <c>dig -y</c> takes it: <c>[algorithm:]name:secret</c>, the secret in base 64; without an algorithm hmac-sha256.</summary>
    /// <param name="text">The text.</param>
    /// <param name="key">The key; null on failure.</param>
    public static bool TryParse(string text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out TsigKey? key)
    {
        ArgumentNullException.ThrowIfNull(text);
        key = null;
        var parts = text.Split(':');
        if (parts.Length is not (2 or 3)) return false;
        var algorithm = TsigAlgorithm.HmacSha256;
        if (parts.Length == 3 && !TsigAlgorithms.TryParse(parts[0], out algorithm)) return false;
        var secret = new byte[parts[^1].Length];
        if (!DomainName.TryParse(parts[^2], out var name) || !Convert.TryFromBase64String(parts[^1], secret, out var length) || length == 0) return false;
        key = new(name, algorithm, secret.AsSpan(0, length));
        return true;
    }

    /// <summary>The name and the algorithm; never the secret.</summary>
    public override string ToString() => $"{Name} {TsigAlgorithms.ToName(Algorithm)}";

    internal TsigMac StartMac() => new(Algorithm, _secret);
}
