namespace Danelaw.Verification;

/// <summary>Whose rules hold for certificate usages and names. Closed.</summary>
public enum ServiceKind
{
    /// <summary>SMTP between servers, port 25 (RFC 7672): usages 2 and 3; the subject's common name counts where no DNS name stands.</summary>
    Smtp = 0,

    /// <summary>Every other service (RFC 7671, RFC 9525): all four usages; the common name never counts.</summary>
    Other,
}
