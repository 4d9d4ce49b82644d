namespace Danelaw.Dnssec.Validation;

/// <summary>What DNSSEC says of data (RFC 4033 §5). Zero is the least trusted: the records needed could not be had (RFC 4035 §4.3).</summary>
public enum Security
{
    /// <summary>The records needed could not be had, or a budget was spent: nothing is known. A failure.</summary>
    Indeterminate = 0,

    /// <summary>The data or its proof is wrong. A failure; the data must not be used.</summary>
    Bogus,

    /// <summary>It is proven that nothing protects this data.</summary>
    Insecure,

    /// <summary>A chain of signatures leads from a trust anchor to the data, or to the proof of its absence.</summary>
    Secure,
}
