namespace Danelaw.Dns.Records;

/// <summary>The kinds of fields that RDATA is made of. Each knows its length on the wire, its place in the canonical form, and its text.</summary>
internal enum FieldKind : byte
{
    /// <summary>Octets of which nothing is known, to the end; possibly none. The text is that of RFC 3597 §5 for the whole RDATA.</summary>
    Opaque = 0,

    /// <summary>A number of one octet.</summary>
    Number8,

    /// <summary>A number of two octets.</summary>
    Number16,

    /// <summary>A number of four octets.</summary>
    Number32,

    /// <summary>A number of six octets.</summary>
    Number48,

    /// <summary>A number of eight octets.</summary>
    Number64,

    /// <summary>Seconds in four octets; zone files may write units (SOA).</summary>
    Period,

    /// <summary>A time in four octets, serial arithmetic; the text is YYYYMMDDHHmmSS in UTC (RFC 4034 §3.2).</summary>
    SerialTime,

    /// <summary>A record type in two octets, as a mnemonic in text.</summary>
    TypeMnemonic,

    /// <summary>A DNSSEC algorithm in one octet; text may have the mnemonic of RFC 4034 App. A.1.</summary>
    Algorithm,

    /// <summary>A response code in two octets, as a mnemonic in text (TSIG).</summary>
    ErrorCode,

    /// <summary>An IPv4 address.</summary>
    Ipv4,

    /// <summary>An IPv6 address.</summary>
    Ipv6,

    /// <summary>A name of an RFC 1035 type: compressed on writing, decompressed on reading, lower-cased in the canonical form.</summary>
    CompressedName,

    /// <summary>A name that some old senders compress: decompressed on reading (RFC 3597 §4), never compressed on writing, lower-cased in the canonical form.</summary>
    TolerantName,

    /// <summary>A name that is never compressed, lower-cased in the canonical form (RFC 6840 §5.1: the signer of an RRSIG).</summary>
    LoweredName,

    /// <summary>A name that is never compressed and keeps its case in the canonical form (RFC 3597 §7; RFC 6840 §5.1: the next name of an NSEC).</summary>
    PlainName,

    /// <summary>A character-string: a length octet and that many octets.</summary>
    CharacterString,

    /// <summary>One character-string or more, to the end.</summary>
    CharacterStrings,

    /// <summary>A tag: a length octet and that many letters and digits, at least one; text without quotes (CAA).</summary>
    Tag,

    /// <summary>Text to the end without a length octet, possibly none; quoted in text (CAA, URI).</summary>
    TextRest,

    /// <summary>Octets to the end, at least one; hexadecimal in text.</summary>
    HexRest,

    /// <summary>Octets to the end, at least one; base 64 in text.</summary>
    Base64Rest,

    /// <summary>A length octet and that many octets, possibly none; hexadecimal in text, <c>-</c> for none (NSEC3's salt).</summary>
    HexCounted8,

    /// <summary>A length octet and that many octets, at least one; base 32 with the extended hex alphabet in text (NSEC3's next hashed owner).</summary>
    Base32Counted8,

    /// <summary>A length of two octets and that many octets, possibly none; in text the length, then base 64 (TSIG).</summary>
    Base64Counted16,

    /// <summary>A type bitmap to the end, with at least one type (NSEC).</summary>
    TypeBits,

    /// <summary>A type bitmap to the end, possibly empty (NSEC3, CSYNC).</summary>
    TypeBitsOrNone,

    /// <summary>The bitmap of NXT to the end: one bit a type up to 127 (RFC 2535 §5.2).</summary>
    OldTypeBitmap,

    /// <summary>Parameters of a service binding to the end (RFC 9460 §2.2).</summary>
    ServiceParameters,

    /// <summary>EDNS options to the end (RFC 6891 §6.1.2).</summary>
    EdnsOptions,

    /// <summary>Eight octets as four groups of hexadecimal digits (RFC 6742).</summary>
    Locator64,

    /// <summary>Six octets as pairs of hexadecimal digits (RFC 7043).</summary>
    Eui48,

    /// <summary>Eight octets as pairs of hexadecimal digits (RFC 7043).</summary>
    Eui64,

    /// <summary>What an A6 record has of the address: as many octets as the prefix length in the octet before leaves (RFC 2874 §3.1).</summary>
    A6Suffix,

    /// <summary>The prefix name of an A6 record, lower-cased in the canonical form; absent when the prefix length, RDATA's first octet, is 0.</summary>
    A6Name,
}
