namespace Danelaw.Operator.Rollover;

/// <summary>Senders by the digests that they know, and by which of two they go (RFC 7671 §9). All must know SHA-256 (RFC 6698 §6).</summary>
[Flags]
public enum DigestPreferences
{
    /// <summary>No sender.</summary>
    None = 0,

    /// <summary>Those that go by SHA-512 where both are there, as most do.</summary>
    Sha512First = 1,

    /// <summary>Those that go by SHA-256 where both are there.</summary>
    Sha256First = 2,

    /// <summary>Those that know SHA-256 alone.</summary>
    Sha256Alone = 4,
}
