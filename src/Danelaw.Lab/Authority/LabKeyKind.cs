namespace Danelaw.Lab.Authority;

/// <summary>The kind of key that a certificate bears. Closed.</summary>
public enum LabKeyKind
{
    /// <summary>ECDSA on P-256; quickly made, so what is used where nothing else is meant.</summary>
    P256 = 0,

    /// <summary>ECDSA on P-384.</summary>
    P384,

    /// <summary>RSA of 2048 bits.</summary>
    Rsa2048,

    /// <summary>Ed25519 (RFC 8410).</summary>
    Ed25519,
}
