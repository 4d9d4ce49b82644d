using Danelaw.Dns.Names;

namespace Danelaw.Dns.Messages;

/// <summary>The algorithms for TSIG that are known here (RFC 8945 §6). HMAC-MD5 must not be used and is not among them.</summary>
public enum TsigAlgorithm
{
    /// <summary>hmac-sha256: the one that everybody has.</summary>
    HmacSha256 = 0,

    /// <summary>hmac-sha1: not recommended, for old servers.</summary>
    HmacSha1,

    /// <summary>hmac-sha224.</summary>
    HmacSha224,

    /// <summary>hmac-sha384.</summary>
    HmacSha384,

    /// <summary>hmac-sha512.</summary>
    HmacSha512,
}

/// <summary>Names and lengths of the algorithms (RFC 8945 §6).</summary>
public static class TsigAlgorithms
{
    /// <summary>A code is never shorter (RFC 8945 §5.2.2.1).</summary>
    private const int ShortestMacOfAll = 10;

    private static readonly (TsigAlgorithm Algorithm, DomainName Name)[] Names =
    [
        (TsigAlgorithm.HmacSha256, DomainName.Parse("hmac-sha256.")),
        (TsigAlgorithm.HmacSha1, DomainName.Parse("hmac-sha1.")),
        (TsigAlgorithm.HmacSha224, DomainName.Parse("hmac-sha224.")),
        (TsigAlgorithm.HmacSha384, DomainName.Parse("hmac-sha384.")),
        (TsigAlgorithm.HmacSha512, DomainName.Parse("hmac-sha512.")),
    ];

    /// <summary>The name that stands in the TSIG record.</summary>
    /// <param name="algorithm">The algorithm.</param>
    public static DomainName ToName(TsigAlgorithm algorithm) => Array.Find(Names, entry => entry.Algorithm == algorithm).Name;

    /// <summary>Reads a name as people write it, such as <c>hmac-sha512</c>, in any case, with or without the closing dot.</summary>
    /// <param name="text">The name.</param>
    /// <param name="algorithm">The algorithm; hmac-sha256 on failure.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out TsigAlgorithm algorithm)
    {
        algorithm = default;
        if (!DomainName.TryParse(text, out var name)) return false;
        foreach (var entry in Names)
        {
            if (entry.Name != name) continue;
            algorithm = entry.Algorithm;
            return true;
        }

        return false;
    }

    /// <summary>The length of the full code in octets.</summary>
    internal static int MacLength(TsigAlgorithm algorithm) => algorithm switch
    {
        TsigAlgorithm.HmacSha1 => 20,
        TsigAlgorithm.HmacSha224 => 28,
        TsigAlgorithm.HmacSha256 => 32,
        TsigAlgorithm.HmacSha384 => 48,
        TsigAlgorithm.HmacSha512 => 64,
    };

    /// <summary>The least that may be sent of it: half, and never fewer than 10 octets (RFC 8945 §5.2.2.1).</summary>
    internal static int ShortestMac(TsigAlgorithm algorithm) => Math.Max(ShortestMacOfAll, MacLength(algorithm) / 2);
}
