namespace Danelaw.Checks;

/// <summary>Why a check, or a host in it, has its verdict. Closed; in JSON the member's name in kebab case.</summary>
public enum CheckReason
{
    /// <summary>Nothing is known.</summary>
    None = 0,

    /// <summary>Every endpoint matches.</summary>
    AllMatch,

    /// <summary>The MX lookup failed or is bogus.</summary>
    MxLookupFailed,

    /// <summary>The MX set is insecure.</summary>
    MxInsecure,

    /// <summary>The domain takes no mail (RFC 7505).</summary>
    NullMx,

    /// <summary>The domain does not exist.</summary>
    NoSuchDomain,

    /// <summary>An address lookup failed or is bogus.</summary>
    AddressLookupFailed,

    /// <summary>The addresses are insecure and not behind a secure alias.</summary>
    AddressInsecure,

    /// <summary>The host has no address.</summary>
    NoAddress,

    /// <summary>A TLSA lookup failed or is bogus.</summary>
    TlsaLookupFailed,

    /// <summary>The TLSA set is insecure.</summary>
    TlsaInsecure,

    /// <summary>There is securely no TLSA.</summary>
    NoTlsa,

    /// <summary>There are TLSA records and no sender can use one of them.</summary>
    NoUsableTlsa,

    /// <summary>Some endpoint matches no record.</summary>
    Mismatch,

    /// <summary>STARTTLS is not offered.</summary>
    StartTlsNotOffered,

    /// <summary>STARTTLS is refused.</summary>
    StartTlsRefused,

    /// <summary>The TLS handshake fails.</summary>
    TlsFailed,

    /// <summary>The server sent plain text after it accepted STARTTLS.</summary>
    PlainTextAfterStartTls,

    /// <summary>No address could be tested.</summary>
    NoEndpointTested,

    /// <summary>Some hosts are protected and others are not.</summary>
    SomeHostsUnprotected,

    /// <summary>Some host is failing.</summary>
    HostFailing,

    /// <summary>Some host could not be determined.</summary>
    HostUndetermined,

    /// <summary>Some host is partial.</summary>
    HostPartial,

    /// <summary>No host is protected.</summary>
    AllHostsUnprotected,

    /// <summary>The target is an address: DANE does not apply (R20).</summary>
    AddressLiteral,

    /// <summary>The time for the whole check was spent.</summary>
    TimeSpent,

    /// <summary>There are more hosts or addresses, or is more to judge in what a server sent, than the limit.</summary>
    LimitReached,

    /// <summary>Certificates were shown, and no handshake that would prove their keys was completed.</summary>
    PossessionNotProven,

    /// <summary>The SRV lookup failed or is bogus.</summary>
    SrvLookupFailed,

    /// <summary>The SRV records are insecure.</summary>
    SrvInsecure,

    /// <summary>There are no SRV records.</summary>
    NoSrv,

    /// <summary>The domain says that it does not offer the service (RFC 2782).</summary>
    ServiceNotOffered,

    /// <summary>Of several addresses some answered and completed no handshake: whether they match is not known.</summary>
    NoHandshake,

    /// <summary>A fault of Danelaw itself ended the check. No check concludes it: whoever checks many targets says it of the one that was stopped.</summary>
    InternalFault,
}
