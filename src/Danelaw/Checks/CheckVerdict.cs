namespace Danelaw.Checks;

/// <summary>The verdict on a domain, a host or a service. Closed; in JSON the name in lower case.</summary>
public enum CheckVerdict
{
    /// <summary>A lookup that matters failed or is bogus, or nothing could be tested.</summary>
    Undetermined = 0,

    /// <summary>Hosts only: secure TLSA, and no address could be tested.</summary>
    Unreachable,

    /// <summary>Mail stops: TLS is missing or fails although it is promised, or some address or key matches no record.</summary>
    Failing,

    /// <summary>Encrypted without authentication, or only some hosts are protected.</summary>
    Partial,

    /// <summary>There is no DANE to check.</summary>
    Unprotected,

    /// <summary>Everything that answered, with every key asked for, matches.</summary>
    Verified,
}

/// <summary>What a record turned out to be. Closed; in JSON the name in lower case.</summary>
public enum RecordState
{
    /// <summary>No sender may use it: unknown parameters, or malformed data.</summary>
    Unusable = 0,

    /// <summary>It matches nothing that is served, and nothing more is known.</summary>
    Other,

    /// <summary>It matches nothing that is served, and is known not to be the next one.</summary>
    Stale,

    /// <summary>It matches the certificate or key named as the one to come.</summary>
    Next,

    /// <summary>An endpoint proved it.</summary>
    Matching,
}

/// <summary>How grave a finding is.</summary>
public enum Severity
{
    /// <summary>Good to know.</summary>
    Note = 0,

    /// <summary>Works today and will hurt.</summary>
    Warning,

    /// <summary>Stops or weakens mail.</summary>
    Error,
}
