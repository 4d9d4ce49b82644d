namespace Danelaw.Dns.Messages;

/// <summary>The names of extended DNS errors (RFC 8914 §4), as the registry "Extended DNS Error Codes" lists them (November 2026).</summary>
public static class ExtendedErrors
{
    private static readonly string[] Names =
    [
        "Other Error", "Unsupported DNSKEY Algorithm", "Unsupported DS Digest Type", "Stale Answer", "Forged Answer", "DNSSEC Indeterminate",
        "DNSSEC Bogus", "Signature Expired", "Signature Not Yet Valid", "DNSKEY Missing", "RRSIGs Missing", "No Zone Key Bit Set", "NSEC Missing",
        "Cached Error", "Not Ready", "Blocked", "Censored", "Filtered", "Prohibited", "Stale NXDOMAIN Answer", "Not Authoritative", "Not Supported",
        "No Reachable Authority", "Network Error", "Invalid Data", "Signature Expired before Valid", "Too Early", "Unsupported NSEC3 Iterations Value",
        "Unable to conform to policy", "Synthesized", "Invalid Query Type",
    ];

    /// <summary>The name of a code.</summary>
    /// <param name="code">Any number.</param>
    /// <returns>The registry's name; "unassigned" for a number without one.</returns>
    public static string ToText(ushort code) => code < Names.Length ? Names[code] : "unassigned";
}
