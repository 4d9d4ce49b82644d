namespace Danelaw.Dnssec.Resolution.Caching;

/// <summary>How far a set is to be believed (RFC 2181 §5.4.1), ascending. Only <see cref="Secure"/> ever stands in an answer; the others serve to find whom to ask.</summary>
internal enum Credibility : byte
{
    None = 0,

    /// <summary>Glue, and the additional section of any reply.</summary>
    Additional,

    /// <summary>The NS set of a referral.</summary>
    Referral,

    /// <summary>The authority section of an authoritative reply.</summary>
    Authority,

    /// <summary>The answer section of an authoritative reply.</summary>
    Answer,

    /// <summary>A signature of it has been verified here, by keys that a chain of trust vouches for.</summary>
    Secure,
}
