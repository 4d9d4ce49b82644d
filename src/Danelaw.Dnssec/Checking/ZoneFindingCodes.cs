namespace Danelaw.Dnssec.Checking;

/// <summary>The codes of what <see cref="ZoneChecker"/> finds. Each has its page in <c>docs/findings/</c>, shown by <c>danelaw explain</c>.</summary>
public static class ZoneFindingCodes
{
    /// <summary>The records are no zone that a server would load: SOA, NS, DS, DNAME or what stands below one, class, place, CNAME beside others.</summary>
    public const string Contents = "ZONE-CONTENTS";

    /// <summary>Records of one set have different TTLs (RFC 2181 §5.2).</summary>
    public const string TimeToLive = "ZONE-TTL";

    /// <summary>A record stands in the zone more than once (RFC 2181 §5).</summary>
    public const string Duplicate = "ZONE-DUPLICATE";

    /// <summary>Records below a delegation that nobody is ever given.</summary>
    public const string Hidden = "ZONE-HIDDEN";

    /// <summary>A name server inside the zone, or inside one that it delegates, has no address here, or one of the zone's own is an alias.</summary>
    public const string Glue = "ZONE-GLUE";

    /// <summary>There is no DNSKEY set: the zone is not signed.</summary>
    public const string Unsigned = "ZONE-UNSIGNED";

    /// <summary>A DNSKEY record is malformed, of a kind that signs nothing, or weak.</summary>
    public const string Key = "ZONE-KEY";

    /// <summary>No key that the parent names, or could name, signs the DNSKEY set.</summary>
    public const string KeySet = "ZONE-KEY-SET";

    /// <summary>A DS record fits no key.</summary>
    public const string Ds = "ZONE-DS";

    /// <summary>CDS or CDNSKEY records do not fit the keys, their signers, each other, or the DS records (RFC 7344 §4, RFC 8078 §4).</summary>
    public const string ChildRecords = "ZONE-CDS";

    /// <summary>A set of the zone's own has no signature (RFC 4035 §2.2).</summary>
    public const string SignatureMissing = "ZONE-SIGNATURE-MISSING";

    /// <summary>A signature does not verify.</summary>
    public const string SignatureBogus = "ZONE-SIGNATURE-BOGUS";

    /// <summary>A signature is over.</summary>
    public const string SignatureExpired = "ZONE-SIGNATURE-EXPIRED";

    /// <summary>A signature is not in force yet.</summary>
    public const string SignatureNotYet = "ZONE-SIGNATURE-NOT-YET";

    /// <summary>A signature ends within the days that were asked for.</summary>
    public const string SignatureSoon = "ZONE-SIGNATURE-SOON";

    /// <summary>A signature's fields do not fit its set: signer, labels, TTL, order of times (RFC 4035 §5.3.1).</summary>
    public const string SignatureFields = "ZONE-SIGNATURE-FIELDS";

    /// <summary>A signature is by a key that the DNSKEY set does not have, or that may not sign (RFC 4035 §5.3.1).</summary>
    public const string SignatureKey = "ZONE-SIGNATURE-KEY";

    /// <summary>A signature stands where nothing may be signed, or covers nothing.</summary>
    public const string SignatureExtra = "ZONE-SIGNATURE-EXTRA";

    /// <summary>A set lacks a signature of an algorithm of the DNSKEY set (RFC 4035 §2.2).</summary>
    public const string Algorithm = "ZONE-ALGORITHM";

    /// <summary>There are no denials, or those of both kinds.</summary>
    public const string Denial = "ZONE-DENIAL";

    /// <summary>A name has no NSEC or NSEC3 record though it must (RFC 4035 §2.3, RFC 5155 §7.1).</summary>
    public const string DenialMissing = "ZONE-DENIAL-MISSING";

    /// <summary>A NSEC or NSEC3 record stands where none may be.</summary>
    public const string DenialExtra = "ZONE-DENIAL-EXTRA";

    /// <summary>A NSEC or NSEC3 record does not point to the next one.</summary>
    public const string DenialNext = "ZONE-DENIAL-NEXT";

    /// <summary>A NSEC or NSEC3 record lists other types than the name has.</summary>
    public const string DenialTypes = "ZONE-DENIAL-TYPES";

    /// <summary>The TTL of denials is not the smaller of the SOA's TTL and minimum (RFC 9077 §3).</summary>
    public const string DenialTimeToLive = "ZONE-DENIAL-TTL";

    /// <summary>Parameters of NSEC3: malformed, or against the advice of RFC 9276.</summary>
    public const string Nsec3Parameters = "ZONE-NSEC3-PARAMETERS";

    /// <summary>A ZONEMD record does not fit the zone (RFC 8976 §4).</summary>
    public const string Digest = "ZONE-DIGEST";
}
