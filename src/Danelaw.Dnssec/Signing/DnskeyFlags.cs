namespace Danelaw.Dnssec.Signing;

/// <summary>The flags of a DNSKEY (RFC 4034 §2.1.1); any 16 bits fit.</summary>
[Flags]
public enum DnskeyFlags : ushort
{
    /// <summary>None: no key of a zone.</summary>
    None = 0,

    /// <summary>SEP: meant to be named by the parent's DS (RFC 3757). A hint for people and tools; validation ignores it.</summary>
    SecureEntryPoint = 0x0001,

    /// <summary>REVOKE: the key must not be relied on any more (RFC 5011 §2.1).</summary>
    Revoked = 0x0080,

    /// <summary>ZONE: signs a zone; every key here has it (RFC 4034 §2.1.1).</summary>
    Zone = 0x0100,

    /// <summary>257: a key signing key, or a combined one.</summary>
    KeySigning = Zone | SecureEntryPoint,
}
