namespace Danelaw.Tlsa;

/// <summary>Whether a record can be used, and if not, why (R35, R36). Closed.</summary>
public enum Usability
{
    /// <summary>The usage is not 0 to 3.</summary>
    UnknownUsage = 0,

    /// <summary>The selector is not 0 or 1.</summary>
    UnknownSelector,

    /// <summary>The matching type is not 0, 1 or 2.</summary>
    UnknownMatching,

    /// <summary>The digest has the wrong length.</summary>
    WrongDigestLength,

    /// <summary>With matching type 0: the data is no certificate or no public key.</summary>
    MalformedData,

    /// <summary>PKIX-TA and PKIX-EE are not used on port 25 (RFC 7672 §3.1.3).</summary>
    UsageNotForSmtp,

    /// <summary>It can be used.</summary>
    Usable,
}
