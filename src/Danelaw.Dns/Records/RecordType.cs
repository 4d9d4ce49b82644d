namespace Danelaw.Dns.Records;

/// <summary>The type of a record: any 16-bit number; those with a name in the IANA registry "Resource Record (RR) TYPEs", as of October 2025, are listed.</summary>
public enum RecordType : ushort
{
    /// <summary>Reserved (RFC 6895 §3.1); also the type covered by a signature over a transaction (RFC 2931).</summary>
    None = 0,

    /// <summary>A: a host address, IPv4 (RFC 1035).</summary>
    A = 1,

    /// <summary>NS: an authoritative name server (RFC 1035).</summary>
    NS = 2,

    /// <summary>MD: a mail destination, obsolete (RFC 1035).</summary>
    MD = 3,

    /// <summary>MF: a mail forwarder, obsolete (RFC 1035).</summary>
    MF = 4,

    /// <summary>CNAME: the canonical name for an alias (RFC 1035).</summary>
    CNAME = 5,

    /// <summary>SOA: the start of a zone of authority (RFC 1035).</summary>
    SOA = 6,

    /// <summary>MB: a mailbox domain name (RFC 1035).</summary>
    MB = 7,

    /// <summary>MG: a mail group member (RFC 1035).</summary>
    MG = 8,

    /// <summary>MR: a mail rename domain name (RFC 1035).</summary>
    MR = 9,

    /// <summary>NULL: anything (RFC 1035).</summary>
    NULL = 10,

    /// <summary>WKS: well known services (RFC 1035).</summary>
    WKS = 11,

    /// <summary>PTR: a domain name pointer (RFC 1035).</summary>
    PTR = 12,

    /// <summary>HINFO: host information (RFC 1035).</summary>
    HINFO = 13,

    /// <summary>MINFO: mailbox or mail list information (RFC 1035).</summary>
    MINFO = 14,

    /// <summary>MX: mail exchange (RFC 1035).</summary>
    MX = 15,

    /// <summary>TXT: text strings (RFC 1035).</summary>
    TXT = 16,

    /// <summary>RP: the responsible person (RFC 1183).</summary>
    RP = 17,

    /// <summary>AFSDB: an AFS data base location (RFC 1183).</summary>
    AFSDB = 18,

    /// <summary>X25: an X.25 PSDN address (RFC 1183).</summary>
    X25 = 19,

    /// <summary>ISDN: an ISDN address (RFC 1183).</summary>
    ISDN = 20,

    /// <summary>RT: route through (RFC 1183).</summary>
    RT = 21,

    /// <summary>NSAP: an NSAP address (RFC 1706).</summary>
    NSAP = 22,

    /// <summary>NSAP-PTR: a domain name pointer, NSAP style (RFC 1706); written NSAP-PTR.</summary>
    NSAP_PTR = 23,

    /// <summary>SIG: a security signature (RFC 2535).</summary>
    SIG = 24,

    /// <summary>KEY: a security key (RFC 2535).</summary>
    KEY = 25,

    /// <summary>PX: X.400 mail mapping (RFC 2163).</summary>
    PX = 26,

    /// <summary>GPOS: a geographical position (RFC 1712).</summary>
    GPOS = 27,

    /// <summary>AAAA: a host address, IPv6 (RFC 3596).</summary>
    AAAA = 28,

    /// <summary>LOC: location information (RFC 1876).</summary>
    LOC = 29,

    /// <summary>NXT: the next domain, obsolete (RFC 2535).</summary>
    NXT = 30,

    /// <summary>EID: an endpoint identifier.</summary>
    EID = 31,

    /// <summary>NIMLOC: a Nimrod locator.</summary>
    NIMLOC = 32,

    /// <summary>SRV: server selection (RFC 2782).</summary>
    SRV = 33,

    /// <summary>ATMA: an ATM address.</summary>
    ATMA = 34,

    /// <summary>NAPTR: a naming authority pointer (RFC 3403).</summary>
    NAPTR = 35,

    /// <summary>KX: a key exchanger (RFC 2230).</summary>
    KX = 36,

    /// <summary>CERT: a certificate (RFC 4398).</summary>
    CERT = 37,

    /// <summary>A6: an IPv6 address, historic (RFC 2874).</summary>
    A6 = 38,

    /// <summary>DNAME: the redirection of a subtree (RFC 6672).</summary>
    DNAME = 39,

    /// <summary>SINK: the kitchen sink.</summary>
    SINK = 40,

    /// <summary>OPT: the pseudo-record of EDNS (RFC 6891).</summary>
    OPT = 41,

    /// <summary>APL: address prefixes (RFC 3123).</summary>
    APL = 42,

    /// <summary>DS: a delegation signer (RFC 4034).</summary>
    DS = 43,

    /// <summary>SSHFP: an SSH key fingerprint (RFC 4255).</summary>
    SSHFP = 44,

    /// <summary>IPSECKEY: an IPsec key (RFC 4025).</summary>
    IPSECKEY = 45,

    /// <summary>RRSIG: the signature of a record set (RFC 4034).</summary>
    RRSIG = 46,

    /// <summary>NSEC: the next secure name (RFC 4034).</summary>
    NSEC = 47,

    /// <summary>DNSKEY: a zone key (RFC 4034).</summary>
    DNSKEY = 48,

    /// <summary>DHCID: a DHCP client identifier (RFC 4701).</summary>
    DHCID = 49,

    /// <summary>NSEC3: the next secure hashed name (RFC 5155).</summary>
    NSEC3 = 50,

    /// <summary>NSEC3PARAM: the parameters of NSEC3 (RFC 5155).</summary>
    NSEC3PARAM = 51,

    /// <summary>TLSA: a TLS certificate association (RFC 6698).</summary>
    TLSA = 52,

    /// <summary>SMIMEA: an S/MIME certificate association (RFC 8162).</summary>
    SMIMEA = 53,

    /// <summary>HIP: the host identity protocol (RFC 8005).</summary>
    HIP = 55,

    /// <summary>NINFO: zone status information.</summary>
    NINFO = 56,

    /// <summary>RKEY: a resource record key.</summary>
    RKEY = 57,

    /// <summary>TALINK: a trust anchor link.</summary>
    TALINK = 58,

    /// <summary>CDS: a child's DS (RFC 7344).</summary>
    CDS = 59,

    /// <summary>CDNSKEY: a child's DNSKEY (RFC 7344).</summary>
    CDNSKEY = 60,

    /// <summary>OPENPGPKEY: an OpenPGP key (RFC 7929).</summary>
    OPENPGPKEY = 61,

    /// <summary>CSYNC: child to parent synchronisation (RFC 7477).</summary>
    CSYNC = 62,

    /// <summary>ZONEMD: a message digest over zone data (RFC 8976).</summary>
    ZONEMD = 63,

    /// <summary>SVCB: general service binding (RFC 9460).</summary>
    SVCB = 64,

    /// <summary>HTTPS: service binding for HTTP (RFC 9460).</summary>
    HTTPS = 65,

    /// <summary>DSYNC: endpoint discovery for delegation synchronisation (RFC 9859).</summary>
    DSYNC = 66,

    /// <summary>HHIT: a hierarchical host identity tag (RFC 9886).</summary>
    HHIT = 67,

    /// <summary>BRID: a broadcast remote identification (RFC 9886).</summary>
    BRID = 68,

    /// <summary>SPF: the sender policy framework, obsolete (RFC 7208).</summary>
    SPF = 99,

    /// <summary>UINFO: reserved by IANA.</summary>
    UINFO = 100,

    /// <summary>UID: reserved by IANA.</summary>
    UID = 101,

    /// <summary>GID: reserved by IANA.</summary>
    GID = 102,

    /// <summary>UNSPEC: reserved by IANA.</summary>
    UNSPEC = 103,

    /// <summary>NID: a node identifier (RFC 6742).</summary>
    NID = 104,

    /// <summary>L32: a 32-bit locator (RFC 6742).</summary>
    L32 = 105,

    /// <summary>L64: a 64-bit locator (RFC 6742).</summary>
    L64 = 106,

    /// <summary>LP: a locator pointer (RFC 6742).</summary>
    LP = 107,

    /// <summary>EUI48: an EUI-48 address (RFC 7043).</summary>
    EUI48 = 108,

    /// <summary>EUI64: an EUI-64 address (RFC 7043).</summary>
    EUI64 = 109,

    /// <summary>NXNAME: the NXDOMAIN signal of compact denial (RFC 9824).</summary>
    NXNAME = 128,

    /// <summary>TKEY: a transaction key (RFC 2930).</summary>
    TKEY = 249,

    /// <summary>TSIG: a transaction signature (RFC 8945).</summary>
    TSIG = 250,

    /// <summary>IXFR: incremental transfer, a question only (RFC 1995).</summary>
    IXFR = 251,

    /// <summary>AXFR: transfer of a whole zone, a question only (RFC 5936).</summary>
    AXFR = 252,

    /// <summary>MAILB: mailbox-related records, a question only (RFC 1035).</summary>
    MAILB = 253,

    /// <summary>MAILA: mail agents, a question only, obsolete (RFC 1035).</summary>
    MAILA = 254,

    /// <summary>ANY: all types, a question only (RFC 8482); IANA writes it as an asterisk.</summary>
    ANY = 255,

    /// <summary>URI: a uniform resource identifier (RFC 7553).</summary>
    URI = 256,

    /// <summary>CAA: certification authority restriction (RFC 8659).</summary>
    CAA = 257,

    /// <summary>AVC: application visibility and control.</summary>
    AVC = 258,

    /// <summary>DOA: digital object architecture.</summary>
    DOA = 259,

    /// <summary>AMTRELAY: an AMT relay (RFC 8777).</summary>
    AMTRELAY = 260,

    /// <summary>RESINFO: resolver information (RFC 9606).</summary>
    RESINFO = 261,

    /// <summary>WALLET: a public wallet address.</summary>
    WALLET = 262,

    /// <summary>CLA: a convergence layer adapter of the bundle protocol.</summary>
    CLA = 263,

    /// <summary>IPN: a node number of the bundle protocol.</summary>
    IPN = 264,

    /// <summary>TA: a DNSSEC trust authority.</summary>
    TA = 32768,

    /// <summary>DLV: DNSSEC lookaside validation, obsolete (RFC 8749).</summary>
    DLV = 32769,
}
