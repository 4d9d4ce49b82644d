namespace Danelaw.Interop.Tests.Services;

/// <summary>In which state a service is met: what it shows, and what its TLSA records say.</summary>
internal enum Condition
{
    /// <summary>3 1 1 of the key that it shows.</summary>
    Right,

    /// <summary>3 1 1 of another key.</summary>
    Wrong,

    /// <summary>A certificate that has expired, and 3 1 1 of its key.</summary>
    ExpiredEndEntity,

    /// <summary>A certificate that has expired, and 2 1 1 of what issued it.</summary>
    ExpiredAnchored,

    /// <summary>Two keys, RSA and ECDSA, and 3 1 1 of both.</summary>
    DualBoth,

    /// <summary>Two keys, and 3 1 1 of the RSA key alone.</summary>
    DualRsa,

    /// <summary>Two keys, and 3 1 1 of the ECDSA key alone.</summary>
    DualEcdsa,

    /// <summary>3 1 1, and no TLS to be had.</summary>
    TlsMissing,
}

/// <summary>What a server shows at one of its addresses.</summary>
internal enum SiteKind
{
    /// <summary>A certificate that is valid.</summary>
    Current,

    /// <summary>One that has expired.</summary>
    Expired,

    /// <summary>Two certificates, over RSA and over ECDSA.</summary>
    Dual,

    /// <summary>No TLS.</summary>
    Plain,
}

internal static class Conditions
{
    /// <summary>The first label of the host that is in that state.</summary>
    internal static string Label(this Condition condition) => condition switch
    {
        Condition.Right => "right",
        Condition.Wrong => "wrong",
        Condition.ExpiredEndEntity => "expired-ee",
        Condition.ExpiredAnchored => "expired-ta",
        Condition.DualBoth => "dual-both",
        Condition.DualRsa => "dual-rsa",
        Condition.DualEcdsa => "dual-ecdsa",
        Condition.TlsMissing => "plain",
    };

    /// <summary>For people.</summary>
    internal static string Text(this Condition condition) => condition switch
    {
        Condition.Right => "right",
        Condition.Wrong => "wrong",
        Condition.ExpiredEndEntity => "expired, 3 1 1",
        Condition.ExpiredAnchored => "expired, 2 1 1",
        Condition.DualBoth => "dual, both keys",
        Condition.DualRsa => "dual, RSA alone",
        Condition.DualEcdsa => "dual, ECDSA alone",
        Condition.TlsMissing => "STARTTLS missing",
    };

    internal static SiteKind Site(this Condition condition) => condition switch
    {
        Condition.Right or Condition.Wrong => SiteKind.Current,
        Condition.ExpiredEndEntity or Condition.ExpiredAnchored => SiteKind.Expired,
        Condition.DualBoth or Condition.DualRsa or Condition.DualEcdsa => SiteKind.Dual,
        Condition.TlsMissing => SiteKind.Plain,
    };
}
