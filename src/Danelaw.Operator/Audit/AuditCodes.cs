namespace Danelaw.Operator.Audit;

/// <summary>The stable codes of what is found on a host. Each has its page in <c>docs/findings/</c>, shown by <c>danelaw explain</c>.</summary>
public static class AuditCodes
{
    /// <summary>main.cf or master.cf cannot be read by Postfix.</summary>
    public const string PostfixSyntax = "POSTFIX-SYNTAX";

    /// <summary>A parameter is defined more than once.</summary>
    public const string PostfixOverridden = "POSTFIX-OVERRIDDEN";

    /// <summary>A parameter that later releases no longer know.</summary>
    public const string PostfixDeprecated = "POSTFIX-DEPRECATED";

    /// <summary>STARTTLS is off on port 25.</summary>
    public const string PostfixStartTlsOff = "POSTFIX-STARTTLS-OFF";

    /// <summary>STARTTLS is hidden from some or all clients.</summary>
    public const string PostfixStartTlsHidden = "POSTFIX-STARTTLS-HIDDEN";

    /// <summary>TLS is demanded on port 25.</summary>
    public const string PostfixTlsDemanded = "POSTFIX-TLS-DEMANDED";

    /// <summary>TLS at once on a port where STARTTLS is spoken, or the other way round.</summary>
    public const string PostfixWrapper = "POSTFIX-WRAPPER";

    /// <summary>TLS is on, and no certificate is configured.</summary>
    public const string PostfixNoCertificate = "POSTFIX-NO-CERTIFICATE";

    /// <summary>A table of certificates by name, and none for clients that send no name.</summary>
    public const string PostfixSniNoDefault = "POSTFIX-SNI-NO-DEFAULT";

    /// <summary>The chain for the name that DANE senders ask for has another key than the one for all others.</summary>
    public const string PostfixSniOtherKey = "POSTFIX-SNI-OTHER-KEY";

    /// <summary>postscreen needs a tlsproxy that is not there.</summary>
    public const string PostfixTlsProxy = "POSTFIX-TLSPROXY";

    /// <summary>Key and certificate come from two files.</summary>
    public const string PostfixTwoFiles = "POSTFIX-TWO-FILES";

    /// <summary>TLS 1.2 and 1.3 are excluded.</summary>
    public const string PostfixProtocols = "POSTFIX-PROTOCOLS";

    /// <summary>Submission without TLS.</summary>
    public const string PostfixSubmissionPlain = "POSTFIX-SUBMISSION-PLAIN";

    /// <summary>Mail goes out without DANE.</summary>
    public const string PostfixOutboundOff = "POSTFIX-OUTBOUND-OFF";

    /// <summary>DANE is asked for, and DNSSEC lookups are off.</summary>
    public const string PostfixDnssecOff = "POSTFIX-DNSSEC-OFF";

    /// <summary>A setting with which Postfix leaves DANE out.</summary>
    public const string PostfixDaneIncompatible = "POSTFIX-DANE-INCOMPATIBLE";

    /// <summary>DANE is demanded of every destination.</summary>
    public const string PostfixDaneOnly = "POSTFIX-DANE-ONLY";

    /// <summary>A policy table that overrides DANE.</summary>
    public const string PostfixPolicyOverride = "POSTFIX-POLICY-OVERRIDE";

    /// <summary>A line of a policy table that is never looked up.</summary>
    public const string PostfixPolicyUnused = "POSTFIX-POLICY-UNUSED";

    /// <summary>A delivery service that no route leads to.</summary>
    public const string PostfixTransportUnused = "POSTFIX-TRANSPORT-UNUSED";

    /// <summary>A route by which mail goes out without DANE.</summary>
    public const string PostfixTransportOverride = "POSTFIX-TRANSPORT-OVERRIDE";

    /// <summary>All mail goes through another host.</summary>
    public const string PostfixRelayHost = "POSTFIX-RELAYHOST";

    /// <summary>A release whose default weakens DANE for insecure MX records.</summary>
    public const string PostfixInsecureMxPolicy = "POSTFIX-INSECURE-MX-POLICY";

    /// <summary>The copy of resolv.conf in Postfix's chroot is not that of the host.</summary>
    public const string PostfixChrootResolver = "POSTFIX-CHROOT-RESOLVER";

    /// <summary>Domains in a table that cannot be listed.</summary>
    public const string PostfixDomainsUnlisted = "POSTFIX-DOMAINS-UNLISTED";

    /// <summary>Key and certificate do not belong together.</summary>
    public const string TlsKeyMismatch = "TLS-KEY-MISMATCH";

    /// <summary>The certificates of a chain stand in the wrong order.</summary>
    public const string TlsChainOrder = Danelaw.Checks.FindingCodes.TlsChainOrder;

    /// <summary>A private key that others can read.</summary>
    public const string TlsKeyReadable = "TLS-KEY-READABLE";

    /// <summary>A file of keys or certificates that the server cannot use.</summary>
    public const string TlsFileUnusable = "TLS-FILE-UNUSABLE";

    /// <summary>A certificate on disk that is expired or not yet valid.</summary>
    public const string TlsFileDates = "TLS-FILE-DATES";

    /// <summary>The key on the wire is not the one on disk.</summary>
    public const string TlsNotReloaded = "TLS-NOT-RELOADED";

    /// <summary>A server reads files that an ACME client replaces at its own time.</summary>
    public const string AcmeLiveFolder = "ACME-LIVE-FOLDER";

    /// <summary>The next renewal makes a new key, and TLSA records pin the one of today.</summary>
    public const string AcmeKeyChanges = "ACME-KEY-CHANGES";

    /// <summary>When an ACME client renews next, and what becomes of the key.</summary>
    public const string AcmeRenewal = "ACME-RENEWAL";

    /// <summary>A table that Postfix reads from a file which is missing, or older than its text.</summary>
    public const string PostfixTableStale = "POSTFIX-TABLE-STALE";

    /// <summary>An ACME client that does not tell danelaw rollover when it has renewed.</summary>
    public const string AcmeHookMissing = "ACME-HOOK-MISSING";

    /// <summary>An issuer that its authority has retired, or is about to.</summary>
    public const string AcmeIssuerRetired = "ACME-ISSUER-RETIRED";

    /// <summary>A TLSA record pins one issuer of several that an authority issues from in turn.</summary>
    public const string AcmeIssuerPinned = "ACME-ISSUER-PINNED";

    /// <summary>Dovecot's configuration cannot be read.</summary>
    public const string DovecotSyntax = "DOVECOT-SYNTAX";

    /// <summary>Dovecot serves mail programs without TLS.</summary>
    public const string DovecotTlsOff = "DOVECOT-TLS-OFF";

    /// <summary>A web server's configuration cannot be read.</summary>
    public const string WebSyntax = "WEB-SYNTAX";

    /// <summary>The resolver is on another host.</summary>
    public const string ResolverRemote = "RESOLVER-REMOTE";

    /// <summary>The resolver does not validate.</summary>
    public const string ResolverNotValidating = "RESOLVER-NOT-VALIDATING";

    /// <summary>The C library takes the AD bit away.</summary>
    public const string ResolverTrustAd = "RESOLVER-TRUST-AD";

    /// <summary>The resolver answers nothing.</summary>
    public const string ResolverSilent = "RESOLVER-SILENT";

    /// <summary>TLSA records at a mail domain that is not its own MX host.</summary>
    public const string TlsaOwnerUnused = Checks.FindingCodes.TlsaOwnerUnused;

    /// <summary>TLSA records are published, and the resolver still holds the denial of before.</summary>
    public const string TlsaDenialCached = "TLSA-DENIAL-CACHED";

    /// <summary>TLSA records that mean a key which is rolled here, and are in no roll.</summary>
    public const string RolloverOwnerMissing = "ROLLOVER-OWNER-MISSING";

    /// <summary>A virtual domain with an MX name of its own for a server that others share.</summary>
    public const string MxOwnName = "MX-OWN-NAME";

    /// <summary>The record of MTA-STS is none that senders read.</summary>
    public const string StsRecord = "STS-RECORD";

    /// <summary>The policy of MTA-STS cannot be fetched.</summary>
    public const string StsUnreachable = "STS-UNREACHABLE";

    /// <summary>The server of the policy has no certificate that counts.</summary>
    public const string StsCertificate = "STS-CERTIFICATE";

    /// <summary>The policy of MTA-STS is none that senders read.</summary>
    public const string StsPolicy = "STS-POLICY";

    /// <summary>The policy of MTA-STS is not enforced.</summary>
    public const string StsMode = "STS-MODE";

    /// <summary>The policy of MTA-STS is kept for a short time only.</summary>
    public const string StsMaximumAge = "STS-MAX-AGE";

    /// <summary>The policy of MTA-STS does not name an MX host.</summary>
    public const string StsMx = "STS-MX";

    /// <summary>The policy of MTA-STS names an MX host whose certificate does not pass there.</summary>
    public const string StsMxCertificate = "STS-MX-CERTIFICATE";

    /// <summary>DANE fails, and MTA-STS hides it from those who look at that alone.</summary>
    public const string StsHidesDane = "STS-HIDES-DANE";

    /// <summary>What answers for MTA-STS when this host sends may stand in for DANE.</summary>
    public const string StsOverridesDane = "STS-OVERRIDES-DANE";

    /// <summary>The record of TLSRPT is none that senders read.</summary>
    public const string ReportingRecord = "TLSRPT-RECORD";

    /// <summary>There are TLSA records, and no TLSRPT.</summary>
    public const string ReportingNone = "TLSRPT-NONE";
}
