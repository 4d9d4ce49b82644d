namespace Danelaw.Checks;

// MX-…: mail hosts and how they are found.
public static partial class FindingCodes
{
    /// <summary>The MX host is an alias (RFC 2181 §10.3).</summary>
    public const string MxAlias = "MX-ALIAS";

    /// <summary>The MX names an address (R20).</summary>
    public const string MxAddress = "MX-ADDRESS";

    /// <summary>The MX names a host that bears the domain twice, as where the dot at the end was forgotten, and a wildcard gives it an address.</summary>
    public const string MxNameDoubled = "MX-NAME-DOUBLED";

    /// <summary>An MX host has an address that is every machine's own, such as 127.0.0.1.</summary>
    public const string MxAddressLocal = "MX-ADDRESS-LOCAL";

    /// <summary>The MX set is insecure above hosts with TLSA.</summary>
    public const string MxInsecure = "MX-INSECURE";

    /// <summary>Some MX hosts have no TLSA.</summary>
    public const string MxSomeUnprotected = "MX-SOME-UNPROTECTED";

    /// <summary>The MX lookup failed or is bogus.</summary>
    public const string MxLookupFailed = "MX-LOOKUP-FAILED";

    /// <summary>The domain takes no mail.</summary>
    public const string MxNull = "MX-NULL";

    /// <summary>A null MX stands beside other MX records (RFC 7505 §3).</summary>
    public const string MxNullNotAlone = "MX-NULL-NOT-ALONE";

    /// <summary>The domain does not exist.</summary>
    public const string MxNoDomain = "MX-NO-DOMAIN";

    /// <summary>More hosts or addresses than a check looks at.</summary>
    public const string MxTooMany = "MX-TOO-MANY";

    /// <summary>A host has no address.</summary>
    public const string MxNoAddress = "MX-NO-ADDRESS";

    /// <summary>An address lookup failed or is bogus.</summary>
    public const string MxAddressLookupFailed = "MX-ADDRESS-LOOKUP-FAILED";

    /// <summary>A host's addresses are insecure.</summary>
    public const string MxAddressInsecure = "MX-ADDRESS-INSECURE";
}
