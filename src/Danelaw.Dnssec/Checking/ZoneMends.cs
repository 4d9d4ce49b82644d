namespace Danelaw.Dnssec.Checking;

/// <summary>What to do about a finding.</summary>
internal static class ZoneMends
{
    /// <summary>A key with the REVOKE bit whose own signature is not there.</summary>
    internal const string RevokedKey = "sign again with that key among the others, or take it out: danelaw zone sign --remove-key TAG";

    internal static string Of(string code) => code switch
    {
        ZoneFindingCodes.Contents => "correct the record in the unsigned zone and sign it again",
        ZoneFindingCodes.TimeToLive => "give all records of the set one TTL",
        ZoneFindingCodes.Duplicate => "take the second one out",
        ZoneFindingCodes.Hidden => "take the records out, or move the delegation",
        ZoneFindingCodes.Glue => "add the name server's A and AAAA records; no alias stands for them",
        ZoneFindingCodes.Unsigned => "sign the zone: danelaw zone sign",
        ZoneFindingCodes.Key => "replace the key: danelaw zone key make, then roll over to it",
        ZoneFindingCodes.KeySet => "sign the DNSKEY set with the key that the parent's DS names",
        ZoneFindingCodes.Ds => "give the parent the DS of a key that signs the DNSKEY set: danelaw zone key show",
        ZoneFindingCodes.ChildRecords => "publish CDS and CDNSKEY for the same keys: danelaw zone sign --cds publish, or --cds delete alone",
        ZoneFindingCodes.SignatureMissing or ZoneFindingCodes.SignatureBogus or ZoneFindingCodes.SignatureFields or ZoneFindingCodes.SignatureKey or ZoneFindingCodes.SignatureExtra => "sign the zone again; do not edit a signed zone by hand",
        ZoneFindingCodes.SignatureExpired or ZoneFindingCodes.SignatureSoon => "sign the zone again now, and see why the regular signing did not",
        ZoneFindingCodes.SignatureNotYet => "set the signing machine's clock, or wait",
        ZoneFindingCodes.Algorithm => "sign with a key of every algorithm of the DNSKEY set, or take that DNSKEY out",
        ZoneFindingCodes.Denial or ZoneFindingCodes.DenialMissing or ZoneFindingCodes.DenialExtra or ZoneFindingCodes.DenialNext or ZoneFindingCodes.DenialTypes => "sign the zone again: the chain is made anew",
        ZoneFindingCodes.DenialTimeToLive => "sign again with a signer that follows RFC 9077",
        ZoneFindingCodes.Nsec3Parameters => "sign with NSEC, or with NSEC3 without iterations and salt (RFC 9276)",
        ZoneFindingCodes.Digest => "sign again with --zonemd, or take the ZONEMD record out",
        _ => "see the text",
    };
}
