namespace Danelaw.Dns.Messages;

/// <summary>Why octets are not a message, and where. The default is no fault.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Offset">Where in the message it was found, in octets from its start.</param>
public readonly record struct MessageFault(MessageFaultKind Kind, int Offset)
{
    /// <summary>The fault and its place, for people.</summary>
    public override string ToString() => Kind switch
    {
        MessageFaultKind.None => "no fault",
        MessageFaultKind.Cut => $"the message ends too early, at octet {Offset}",
        MessageFaultKind.TooLong => "the message has more than 65535 octets",
        MessageFaultKind.TrailingOctets => $"the message goes on after its last record, at octet {Offset}",
        MessageFaultKind.ReservedLabel => $"a label of a reserved kind, at octet {Offset}",
        MessageFaultKind.NameTooLong => $"a name of more than 255 octets, at octet {Offset}",
        MessageFaultKind.BadPointer => $"a compression pointer that leads nowhere, at octet {Offset}",
        MessageFaultKind.BadData => $"record data that its length or its type does not allow, at octet {Offset}",
        MessageFaultKind.MisplacedOpt => $"an OPT record outside the additional section, or with an owner, at octet {Offset}",
        MessageFaultKind.SecondOpt => $"a second OPT record, at octet {Offset}",
        MessageFaultKind.BadOption => $"an EDNS option that reaches beyond its record, at octet {Offset}",
        MessageFaultKind.MisplacedTsig => $"a TSIG record that is not the last record, at octet {Offset}",
    };
}

/// <summary>What is wrong with a message.</summary>
public enum MessageFaultKind
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>It ends before a header, name or record that it announces is complete.</summary>
    Cut,

    /// <summary>It has more than 65535 octets (RFC 1035 §4.2.2).</summary>
    TooLong,

    /// <summary>Octets follow the last record that the header counts.</summary>
    TrailingOctets,

    /// <summary>A label's two upper bits are 01 or 10 (RFC 1035 §4.1.4, RFC 6891 §5).</summary>
    ReservedLabel,

    /// <summary>A name has more than 255 octets (RFC 1035 §2.3.4).</summary>
    NameTooLong,

    /// <summary>A compression pointer leads into the header, forwards, to itself or through too many others (RFC 1035 §4.1.4).</summary>
    BadPointer,

    /// <summary>A name or a field within RDATA does not end where RDLENGTH says, or is none.</summary>
    BadData,

    /// <summary>An OPT record stands outside the additional section or its owner is not the root (RFC 6891 §6.1.1, §6.1.2).</summary>
    MisplacedOpt,

    /// <summary>There is more than one OPT record (RFC 6891 §6.1.1).</summary>
    SecondOpt,

    /// <summary>An EDNS option reaches beyond its record (RFC 6891 §6.1.2).</summary>
    BadOption,

    /// <summary>A TSIG record is not the last record of the additional section (RFC 8945 §5.1).</summary>
    MisplacedTsig,
}
