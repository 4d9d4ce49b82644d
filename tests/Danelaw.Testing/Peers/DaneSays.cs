namespace Danelaw.Testing.Peers;

/// <summary>What a DANE tool made of a server.</summary>
public enum DaneSays
{
    /// <summary>It came to no verdict, or was not asked.</summary>
    Nothing,

    /// <summary>A record matches, by this tool's rules.</summary>
    Verified,

    /// <summary>There are records, and the server does not satisfy them.</summary>
    Refused,

    /// <summary>There are records, none that it can use.</summary>
    Unusable,

    /// <summary>No record that DNSSEC vouches for.</summary>
    NoDane,

    /// <summary>The records could not be looked up, or are bogus.</summary>
    LookupFailed,

    /// <summary>The server offers no TLS.</summary>
    NoTls,
}

/// <summary>A tool's verdict and all its words.</summary>
public sealed record DaneReply(DaneSays Says, string Text);

/// <summary>How verdicts are written.</summary>
public static class DaneSaysText
{
    /// <summary>A verdict as tables have it.</summary>
    public static string Text(this DaneSays says) => says switch
    {
        DaneSays.Nothing => "-",
        DaneSays.Verified => "verified",
        DaneSays.Refused => "refused",
        DaneSays.Unusable => "unusable",
        DaneSays.NoDane => "no DANE",
        DaneSays.LookupFailed => "lookup fails",
        DaneSays.NoTls => "no TLS",
    };
}
