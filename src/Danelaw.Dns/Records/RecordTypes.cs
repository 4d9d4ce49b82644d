using System.Collections.Frozen;
using System.Globalization;

namespace Danelaw.Dns.Records;

/// <summary>The names of record types: the mnemonics of IANA, and <c>TYPE</c> with a number for the rest (RFC 3597 §5).</summary>
public static class RecordTypes
{
    private static readonly (RecordType Type, string Text)[] Mnemonics =
    [
        (RecordType.A, "A"),
        (RecordType.NS, "NS"),
        (RecordType.MD, "MD"),
        (RecordType.MF, "MF"),
        (RecordType.CNAME, "CNAME"),
        (RecordType.SOA, "SOA"),
        (RecordType.MB, "MB"),
        (RecordType.MG, "MG"),
        (RecordType.MR, "MR"),
        (RecordType.NULL, "NULL"),
        (RecordType.WKS, "WKS"),
        (RecordType.PTR, "PTR"),
        (RecordType.HINFO, "HINFO"),
        (RecordType.MINFO, "MINFO"),
        (RecordType.MX, "MX"),
        (RecordType.TXT, "TXT"),
        (RecordType.RP, "RP"),
        (RecordType.AFSDB, "AFSDB"),
        (RecordType.X25, "X25"),
        (RecordType.ISDN, "ISDN"),
        (RecordType.RT, "RT"),
        (RecordType.NSAP, "NSAP"),
        (RecordType.NSAP_PTR, "NSAP-PTR"),
        (RecordType.SIG, "SIG"),
        (RecordType.KEY, "KEY"),
        (RecordType.PX, "PX"),
        (RecordType.GPOS, "GPOS"),
        (RecordType.AAAA, "AAAA"),
        (RecordType.LOC, "LOC"),
        (RecordType.NXT, "NXT"),
        (RecordType.EID, "EID"),
        (RecordType.NIMLOC, "NIMLOC"),
        (RecordType.SRV, "SRV"),
        (RecordType.ATMA, "ATMA"),
        (RecordType.NAPTR, "NAPTR"),
        (RecordType.KX, "KX"),
        (RecordType.CERT, "CERT"),
        (RecordType.A6, "A6"),
        (RecordType.DNAME, "DNAME"),
        (RecordType.SINK, "SINK"),
        (RecordType.OPT, "OPT"),
        (RecordType.APL, "APL"),
        (RecordType.DS, "DS"),
        (RecordType.SSHFP, "SSHFP"),
        (RecordType.IPSECKEY, "IPSECKEY"),
        (RecordType.RRSIG, "RRSIG"),
        (RecordType.NSEC, "NSEC"),
        (RecordType.DNSKEY, "DNSKEY"),
        (RecordType.DHCID, "DHCID"),
        (RecordType.NSEC3, "NSEC3"),
        (RecordType.NSEC3PARAM, "NSEC3PARAM"),
        (RecordType.TLSA, "TLSA"),
        (RecordType.SMIMEA, "SMIMEA"),
        (RecordType.HIP, "HIP"),
        (RecordType.NINFO, "NINFO"),
        (RecordType.RKEY, "RKEY"),
        (RecordType.TALINK, "TALINK"),
        (RecordType.CDS, "CDS"),
        (RecordType.CDNSKEY, "CDNSKEY"),
        (RecordType.OPENPGPKEY, "OPENPGPKEY"),
        (RecordType.CSYNC, "CSYNC"),
        (RecordType.ZONEMD, "ZONEMD"),
        (RecordType.SVCB, "SVCB"),
        (RecordType.HTTPS, "HTTPS"),
        (RecordType.DSYNC, "DSYNC"),
        (RecordType.HHIT, "HHIT"),
        (RecordType.BRID, "BRID"),
        (RecordType.SPF, "SPF"),
        (RecordType.UINFO, "UINFO"),
        (RecordType.UID, "UID"),
        (RecordType.GID, "GID"),
        (RecordType.UNSPEC, "UNSPEC"),
        (RecordType.NID, "NID"),
        (RecordType.L32, "L32"),
        (RecordType.L64, "L64"),
        (RecordType.LP, "LP"),
        (RecordType.EUI48, "EUI48"),
        (RecordType.EUI64, "EUI64"),
        (RecordType.NXNAME, "NXNAME"),
        (RecordType.TKEY, "TKEY"),
        (RecordType.TSIG, "TSIG"),
        (RecordType.IXFR, "IXFR"),
        (RecordType.AXFR, "AXFR"),
        (RecordType.MAILB, "MAILB"),
        (RecordType.MAILA, "MAILA"),
        (RecordType.ANY, "ANY"),
        (RecordType.URI, "URI"),
        (RecordType.CAA, "CAA"),
        (RecordType.AVC, "AVC"),
        (RecordType.DOA, "DOA"),
        (RecordType.AMTRELAY, "AMTRELAY"),
        (RecordType.RESINFO, "RESINFO"),
        (RecordType.WALLET, "WALLET"),
        (RecordType.CLA, "CLA"),
        (RecordType.IPN, "IPN"),
        (RecordType.TA, "TA"),
        (RecordType.DLV, "DLV"),
    ];

    private static readonly FrozenDictionary<RecordType, string> ByType = Mnemonics.ToFrozenDictionary(entry => entry.Type, entry => entry.Text);

    /// <summary>The types that are met most, by number.</summary>
    private static readonly string?[] LowTypes = [.. Enumerable.Range(0, 256).Select(number => ByType.GetValueOrDefault((RecordType)number))];

    private static readonly FrozenDictionary<string, RecordType>.AlternateLookup<ReadOnlySpan<char>> ByText = Mnemonics
        .Append((Type: RecordType.ANY, Text: "*"))
        .ToFrozenDictionary(entry => entry.Text, entry => entry.Type, StringComparer.OrdinalIgnoreCase)
        .GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Reads a mnemonic in any case, <c>TYPE</c> with a decimal number up to 65535, or <c>*</c> for ANY.</summary>
    /// <param name="text">The text.</param>
    /// <param name="type">The type; 0 on failure.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out RecordType type)
    {
        if (ByText.TryGetValue(text, out type)) return true;
        type = default;
        if (text.Length is < 5 or > 9 || !text.StartsWith("TYPE", StringComparison.OrdinalIgnoreCase)) return false;
        if (!ushort.TryParse(text[4..], NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return false;
        type = (RecordType)number;
        return true;
    }

    /// <summary>The mnemonic, or <c>TYPE</c> with the number when the type has none.</summary>
    /// <param name="type">The type.</param>
    public static string ToText(RecordType type)
    {
        var text = (int)type < LowTypes.Length ? LowTypes[(int)type] : ByType.GetValueOrDefault(type);
        return text ?? string.Create(CultureInfo.InvariantCulture, $"TYPE{(ushort)type}");
    }

    /// <summary>Whether the type exists in questions or in messages only and never in a zone (RFC 6895 §3.1).</summary>
    /// <param name="type">The type.</param>
    public static bool IsMeta(RecordType type) => type is RecordType.OPT or (>= (RecordType)128 and <= RecordType.ANY);

    /// <summary>Whether a resolver may ask for the type: types of data, and ANY. Those of messages and of transfers belong to none of its questions (RFC 6895 §3.1), nor does NXNAME (RFC 9824 §3.5).</summary>
    /// <param name="type">The type.</param>
    public static bool IsAskedFor(RecordType type) => type == RecordType.ANY || (type != RecordType.None && !IsMeta(type));
}
