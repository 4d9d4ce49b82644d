namespace Danelaw.Dns.Records.Text;

/// <summary>What the fields of the table are called in their RFCs, for faults.</summary>
internal static class FieldNames
{
    /// <summary>What a field is called, with its article.</summary>
    /// <param name="type">The type.</param>
    /// <param name="field">The field's number, from 0.</param>
    internal static string Describe(RecordType type, int field)
    {
        var names = Of(type).Split('|');
        return field < names.Length ? $"the {names[field]}" : $"field {field + 1}";
    }

    private static string Of(RecordType type) => type switch
    {
        RecordType.A or RecordType.AAAA => "address",
        RecordType.NS or RecordType.MD or RecordType.MF or RecordType.CNAME or RecordType.MB or RecordType.MG or RecordType.MR or RecordType.PTR or RecordType.DNAME or RecordType.NSAP_PTR => "name",
        RecordType.SOA => "primary server|mailbox|serial|refresh time|retry time|expire time|minimum",
        RecordType.MINFO => "responsible mailbox|error mailbox",
        RecordType.MX => "preference|mail exchange",
        RecordType.HINFO => "processor|operating system",
        RecordType.TXT or RecordType.SPF or RecordType.AVC or RecordType.NINFO or RecordType.RESINFO or RecordType.WALLET or RecordType.CLA => "text",
        RecordType.RP => "mailbox|name of the text",
        RecordType.AFSDB or RecordType.RT or RecordType.KX => "number before the name|name",
        RecordType.X25 or RecordType.ISDN => "address",
        RecordType.SIG or RecordType.RRSIG => "type covered|algorithm|number of labels|original TTL|expiration|inception|key tag|signer's name|signature",
        RecordType.KEY or RecordType.DNSKEY or RecordType.CDNSKEY or RecordType.RKEY => "flags field|protocol|algorithm|public key",
        RecordType.PX => "preference|name in 822 form|name in X.400 form",
        RecordType.GPOS => "longitude|latitude|altitude",
        RecordType.NXT or RecordType.NSEC => "next name|list of types",
        RecordType.SRV => "priority|weight|port|target",
        RecordType.NAPTR => "order|preference|flags field|service field|regular expression|replacement",
        RecordType.CERT => "certificate type|key tag|algorithm|certificate",
        RecordType.A6 => "prefix length|address suffix|prefix name",
        RecordType.DS or RecordType.CDS or RecordType.TA or RecordType.DLV => "key tag|algorithm|digest type|digest",
        RecordType.SSHFP => "algorithm|fingerprint type|fingerprint",
        RecordType.DHCID => "identifier",
        RecordType.OPENPGPKEY => "key",
        RecordType.NSEC3 => "hash algorithm|flags field|number of iterations|salt|next hashed owner|list of types",
        RecordType.NSEC3PARAM => "hash algorithm|flags field|number of iterations|salt",
        RecordType.TLSA or RecordType.SMIMEA => "certificate usage|selector|matching type|association data",
        RecordType.TALINK => "previous name|next name",
        RecordType.CSYNC => "serial|flags field|list of types",
        RecordType.ZONEMD => "serial|scheme|hash algorithm|digest",
        RecordType.SVCB or RecordType.HTTPS => "priority|target|list of parameters",
        RecordType.DSYNC => "type|scheme|port|target",
        RecordType.NID or RecordType.L64 => "preference|locator",
        RecordType.L32 => "preference|locator",
        RecordType.LP => "preference|name",
        RecordType.EUI48 or RecordType.EUI64 => "address",
        RecordType.TSIG => "algorithm|time signed|fudge|MAC|original id|error|other data",
        RecordType.URI => "priority|weight|target",
        RecordType.CAA => "flags field|tag|value",
        RecordType.DOA => "enterprise|type|location|media type|data",
        _ => "",
    };
}
