namespace Danelaw.Testing.Peers;

/// <summary>What a peer concluded of an answer, in RFC 4033's words; the least trusted first.</summary>
public enum PeerStatus
{
    /// <summary>It could not resolve the name, for another reason than DNSSEC.</summary>
    Failed,

    /// <summary>It refused the data.</summary>
    Bogus,

    /// <summary>It took the data, and knows that nothing vouches for it.</summary>
    Insecure,

    /// <summary>It verified every part of the answer.</summary>
    Secure,
}
