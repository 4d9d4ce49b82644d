namespace Danelaw.Dnssec.Validation;

/// <summary>How a thing stands while it is being judged. Zero: more evidence is needed.</summary>
internal enum Standing
{
    Pending = 0,
    Secure,
    Insecure,

    /// <summary>Of a name that was taken for a zone: it is none, its records belong to the zone above.</summary>
    NotAZone,
    Bogus,
    Indeterminate,
}
