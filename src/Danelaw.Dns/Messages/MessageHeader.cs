namespace Danelaw.Dns.Messages;

/// <summary>The kind of query (RFC 1035 §4.1.1); any number of four bits fits.</summary>
public enum Opcode : byte
{
    /// <summary>A standard query.</summary>
    Query = 0,

    /// <summary>A status request.</summary>
    Status = 2,

    /// <summary>A change notice (RFC 1996).</summary>
    Notify = 4,

    /// <summary>A dynamic update (RFC 2136).</summary>
    Update = 5,
}

/// <summary>The flags of the header (RFC 1035 §4.1.1, RFC 4035 §3), at their places in its second pair of octets.</summary>
[Flags]
public enum MessageFlags : ushort
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>CD: the asker validates for itself.</summary>
    CheckingDisabled = 0x0010,

    /// <summary>AD: the server says that it validated; never believed here.</summary>
    AuthenticData = 0x0020,

    /// <summary>RA: the server recurses.</summary>
    RecursionAvailable = 0x0080,

    /// <summary>RD: the asker wants recursion.</summary>
    RecursionDesired = 0x0100,

    /// <summary>TC: more would not fit.</summary>
    Truncated = 0x0200,

    /// <summary>AA: the answer is from the zone itself.</summary>
    AuthoritativeAnswer = 0x0400,

    /// <summary>QR: this is a response.</summary>
    Response = 0x8000,
}

/// <summary>The layout of the header (RFC 1035 §4.1.1).</summary>
internal static class MessageHeader
{
    internal const int Length = 12;

    /// <summary>Every flag that has a name; bit 0x0040 is reserved and goes unread.</summary>
    internal const MessageFlags AllFlags = MessageFlags.CheckingDisabled | MessageFlags.AuthenticData | MessageFlags.RecursionAvailable | MessageFlags.RecursionDesired
        | MessageFlags.Truncated | MessageFlags.AuthoritativeAnswer | MessageFlags.Response;
}
