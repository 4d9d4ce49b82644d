namespace Danelaw.Checks;

/// <summary>How much a sender asks of a destination (RFC 7672 §2.2, §6, §9.1). Closed.</summary>
public enum SenderLevel
{
    /// <summary>DANE where the destination has it (RFC 7672 §2.2): the rule.</summary>
    Opportunistic = 0,

    /// <summary>Delivery by DANE or not at all (RFC 7672 §6); only where somebody has so configured (R31).</summary>
    Mandatory,

    /// <summary>DANE is looked at and told, and stops nothing (RFC 7672 §9.1); only where somebody has so configured (R32).</summary>
    AuditOnly,

    /// <summary>No DANE (RFC 7672 §9.1); only where somebody has so configured (R32).</summary>
    Disabled,
}

/// <summary>What a sender has decided beforehand about a destination. The default is that of RFC 7672.</summary>
public sealed record SenderPolicy
{
    /// <summary>How much is asked.</summary>
    public SenderLevel Level { get; init; }

    /// <summary>Whether the domain has an MTA-STS policy to enforce (RFC 8461); it counts only where DANE does not apply (R69).</summary>
    public bool HasMtaSts { get; init; }
}
