namespace Danelaw.Dns.Names;

/// <summary>Why a text is not a domain name.</summary>
public enum NameFault
{
    /// <summary>It is one.</summary>
    None = 0,

    /// <summary>There is no text.</summary>
    Empty,

    /// <summary>Two dots follow one another, or a dot comes first.</summary>
    EmptyLabel,

    /// <summary>A label has more than 63 octets (RFC 1035 §2.3.4).</summary>
    LabelTooLong,

    /// <summary>The name has more than 255 octets (RFC 1035 §2.3.4).</summary>
    NameTooLong,

    /// <summary>A backslash is followed by neither three digits up to 255 nor another character (RFC 1035 §5.1).</summary>
    BadEscape,

    /// <summary>A character outside printable ASCII stands where an escape or an A-label is needed.</summary>
    NotAscii,

    /// <summary>A label is not in Unicode Normalization Form C (RFC 5891 §4.2.1), or may not be, and this runtime, without ICU, cannot compose it.</summary>
    NotComposed,
}
