namespace Danelaw.Dns.Records;

/// <summary>The class of a record: any 16-bit number (RFC 6895 §3.2).</summary>
public enum RecordClass : ushort
{
    /// <summary>Reserved.</summary>
    Reserved = 0,

    /// <summary>The Internet.</summary>
    IN = 1,

    /// <summary>Chaos.</summary>
    CH = 3,

    /// <summary>Hesiod.</summary>
    HS = 4,

    /// <summary>No class: in updates (RFC 2136 §2.4).</summary>
    NONE = 254,

    /// <summary>Any class: in questions and updates.</summary>
    ANY = 255,
}
