namespace Danelaw.Dns.Messages;

/// <summary>The response code of twelve bits, header and EDNS together (RFC 1035 §4.1.1, RFC 6891 §6.1.3); any number fits.</summary>
public enum ResponseCode : ushort
{
    /// <summary>No error.</summary>
    NoError = 0,

    /// <summary>The server could not interpret the query.</summary>
    FormatError = 1,

    /// <summary>The server failed.</summary>
    ServerFailure = 2,

    /// <summary>The name does not exist: NXDOMAIN.</summary>
    NameError = 3,

    /// <summary>The server does not do this kind of query.</summary>
    NotImplemented = 4,

    /// <summary>The server refuses by policy.</summary>
    Refused = 5,

    /// <summary>A name exists that should not; for queries: a DNAME's result would be too long (RFC 6672 §2.2).</summary>
    YXDomain = 6,

    /// <summary>An RRset exists that should not (RFC 2136).</summary>
    YXRRSet = 7,

    /// <summary>An RRset that should exist does not (RFC 2136).</summary>
    NXRRSet = 8,

    /// <summary>Not authoritative, or not authorised (RFC 2136, RFC 8945).</summary>
    NotAuthoritative = 9,

    /// <summary>The name is not in the zone (RFC 2136).</summary>
    NotZone = 10,

    /// <summary>The kind of stateful operation is not known (RFC 8490).</summary>
    DsoTypeNotImplemented = 11,

    /// <summary>The EDNS version is not supported (RFC 6891); for TSIG, a bad signature (RFC 8945), which only TSIG's own error field says.</summary>
    BadVersion = 16,

    /// <summary>TSIG: the key is not known (RFC 8945).</summary>
    BadKey = 17,

    /// <summary>TSIG: the signature is out of time (RFC 8945).</summary>
    BadTime = 18,

    /// <summary>TKEY: the mode is not known (RFC 2930).</summary>
    BadMode = 19,

    /// <summary>TKEY: the key's name is taken (RFC 2930).</summary>
    BadName = 20,

    /// <summary>TKEY: the algorithm is not known (RFC 2930).</summary>
    BadAlgorithm = 21,

    /// <summary>TSIG: truncation not accepted (RFC 8945).</summary>
    BadTruncation = 22,

    /// <summary>The server cookie is bad or missing (RFC 7873).</summary>
    BadCookie = 23,
}
