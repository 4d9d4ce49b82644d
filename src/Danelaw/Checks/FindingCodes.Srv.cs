namespace Danelaw.Checks;

// SRV-…: services that SRV records lead to.
public static partial class FindingCodes
{
    /// <summary>The SRV lookup failed or is bogus.</summary>
    public const string SrvLookupFailed = "SRV-LOOKUP-FAILED";

    /// <summary>The SRV records, or their absence, are insecure.</summary>
    public const string SrvInsecure = "SRV-INSECURE";

    /// <summary>There are no SRV records.</summary>
    public const string SrvNone = "SRV-NONE";

    /// <summary>The domain says that it does not offer the service.</summary>
    public const string SrvNotOffered = "SRV-NOT-OFFERED";

    /// <summary>Some targets of the SRV records have no TLSA.</summary>
    public const string SrvSomeUnprotected = "SRV-SOME-UNPROTECTED";

    /// <summary>The target of an SRV record is an alias (RFC 2782).</summary>
    public const string SrvTargetAlias = "SRV-TARGET-ALIAS";

    /// <summary>An SRV record that leads nowhere: an address for a target, port 0, or the root beside other targets.</summary>
    public const string SrvTargetUnusable = "SRV-TARGET-UNUSABLE";
}
