using System.Buffers.Binary;
using Danelaw.Dns.Names;
using static Danelaw.Dns.Records.FieldKind;

namespace Danelaw.Dns.Records;

/// <summary>The table: which fields the RDATA of each type has, and how long each is.</summary>
internal static class RecordFields
{
    /// <summary>A bit for each type that has a field of kind <see cref="CompressedName"/>; a test holds this to the table.</summary>
    private const ulong Compressed = (1UL << (int)RecordType.NS) | (1UL << (int)RecordType.MD) | (1UL << (int)RecordType.MF) | (1UL << (int)RecordType.CNAME)
        | (1UL << (int)RecordType.SOA) | (1UL << (int)RecordType.MB) | (1UL << (int)RecordType.MG) | (1UL << (int)RecordType.MR) | (1UL << (int)RecordType.PTR)
        | (1UL << (int)RecordType.MINFO) | (1UL << (int)RecordType.MX);

    /// <summary>The same with kind <see cref="TolerantName"/>.</summary>
    private const ulong Decompressed = Compressed | (1UL << (int)RecordType.RP) | (1UL << (int)RecordType.AFSDB) | (1UL << (int)RecordType.RT) | (1UL << (int)RecordType.SIG)
        | (1UL << (int)RecordType.PX) | (1UL << (int)RecordType.NXT) | (1UL << (int)RecordType.SRV) | (1UL << (int)RecordType.NAPTR) | (1UL << (int)RecordType.KX) | (1UL << (int)RecordType.DNAME);

    /// <summary>The fields of a type in order; for a type that we know nothing of, one opaque field.</summary>
    internal static ReadOnlySpan<FieldKind> Of(RecordType type)
    {
        switch (type)
        {
            case RecordType.A: return [Ipv4];
            case RecordType.AAAA: return [Ipv6];

            // RFC 1035 §3.3: the only types whose names are compressed (RFC 3597 §4).
            case RecordType.NS or RecordType.MD or RecordType.MF or RecordType.CNAME or RecordType.MB or RecordType.MG or RecordType.MR or RecordType.PTR: return [CompressedName];
            case RecordType.SOA: return [CompressedName, CompressedName, Number32, Period, Period, Period, Period];
            case RecordType.MINFO: return [CompressedName, CompressedName];
            case RecordType.MX: return [Number16, CompressedName];

            case RecordType.HINFO: return [CharacterString, CharacterString];
            case RecordType.TXT or RecordType.SPF or RecordType.AVC or RecordType.NINFO or RecordType.RESINFO or RecordType.WALLET or RecordType.CLA: return [CharacterStrings];
            case RecordType.RP: return [TolerantName, TolerantName];
            case RecordType.AFSDB or RecordType.RT or RecordType.KX: return [Number16, TolerantName];
            case RecordType.X25: return [CharacterString];
            case RecordType.ISDN: return [CharacterStrings];
            case RecordType.NSAP_PTR: return [PlainName];
            case RecordType.SIG: return [TypeMnemonic, Algorithm, Number8, Number32, SerialTime, SerialTime, Number16, TolerantName, Base64Rest];
            case RecordType.KEY or RecordType.DNSKEY or RecordType.CDNSKEY or RecordType.RKEY: return [Number16, Number8, Algorithm, Base64Rest];
            case RecordType.PX: return [Number16, TolerantName, TolerantName];
            case RecordType.GPOS: return [CharacterString, CharacterString, CharacterString];
            case RecordType.NXT: return [TolerantName, OldTypeBitmap];
            case RecordType.EID or RecordType.NIMLOC: return [HexRest];
            case RecordType.SRV: return [Number16, Number16, Number16, TolerantName];
            case RecordType.NAPTR: return [Number16, Number16, CharacterString, CharacterString, CharacterString, TolerantName];
            case RecordType.CERT: return [Number16, Number16, Algorithm, Base64Rest];
            case RecordType.A6: return [Number8, A6Suffix, A6Name];
            case RecordType.DNAME: return [TolerantName];
            case RecordType.OPT: return [EdnsOptions];
            case RecordType.DS or RecordType.CDS or RecordType.TA or RecordType.DLV: return [Number16, Algorithm, Number8, HexRest];
            case RecordType.SSHFP: return [Number8, Number8, HexRest];
            case RecordType.RRSIG: return [TypeMnemonic, Algorithm, Number8, Number32, SerialTime, SerialTime, Number16, LoweredName, Base64Rest];
            case RecordType.NSEC: return [PlainName, TypeBits];
            case RecordType.DHCID or RecordType.OPENPGPKEY or RecordType.HHIT or RecordType.BRID: return [Base64Rest];
            case RecordType.NSEC3: return [Number8, Number8, Number16, HexCounted8, Base32Counted8, TypeBitsOrNone];
            case RecordType.NSEC3PARAM: return [Number8, Number8, Number16, HexCounted8];
            case RecordType.TLSA or RecordType.SMIMEA: return [Number8, Number8, Number8, HexRest];
            case RecordType.TALINK: return [PlainName, PlainName];
            case RecordType.CSYNC: return [Number32, Number16, TypeBitsOrNone];
            case RecordType.ZONEMD: return [Number32, Number8, Number8, HexRest];
            case RecordType.SVCB or RecordType.HTTPS: return [Number16, PlainName, ServiceParameters];
            case RecordType.DSYNC: return [TypeMnemonic, Number8, Number16, PlainName];
            case RecordType.UID or RecordType.GID: return [Number32];
            case RecordType.NID or RecordType.L64: return [Number16, Locator64];
            case RecordType.L32: return [Number16, Ipv4];
            case RecordType.LP: return [Number16, PlainName];
            case RecordType.EUI48: return [Eui48];
            case RecordType.EUI64: return [Eui64];
            case RecordType.TSIG: return [PlainName, Number48, Number16, Base64Counted16, Number16, ErrorCode, Base64Counted16];
            case RecordType.URI: return [Number16, Number16, TextRest];
            case RecordType.CAA: return [Number8, Tag, TextRest];
            case RecordType.DOA: return [Number32, Number32, Number8, CharacterString, Base64Rest];
            case RecordType.IPN: return [Number64];
            default: return [Opaque];
        }
    }

    /// <summary>Whether the type has names that are compressed on writing.</summary>
    internal static bool HasCompressedNames(RecordType type) => IsAmong(type, Compressed);

    /// <summary>Whether the type has names that are decompressed on reading.</summary>
    internal static bool HasDecompressedNames(RecordType type) => IsAmong(type, Decompressed);

    /// <summary>Whether the type has names that are lower-cased in the canonical form (RFC 4034 §6.2, RFC 6840 §5.1).</summary>
    internal static bool HasLoweredNames(RecordType type) => IsAmong(type, Decompressed | (1UL << (int)RecordType.RRSIG) | (1UL << (int)RecordType.A6));

    private static bool IsAmong(RecordType type, ulong types) => (int)type < 64 && ((types >> (int)type) & 1) != 0;

    internal static bool IsName(FieldKind kind) => kind is CompressedName or TolerantName or LoweredName or PlainName or A6Name;

    internal static bool IsDecompressed(FieldKind kind) => kind is CompressedName or TolerantName;

    internal static bool IsLowered(FieldKind kind) => kind is CompressedName or TolerantName or LoweredName or A6Name;

    /// <summary>Finds the end of the field that begins at a place of uncompressed RDATA.</summary>
    /// <param name="kind">The kind of field.</param>
    /// <param name="data">The whole RDATA.</param>
    /// <param name="start">Where the field begins, 0 to the length of the RDATA.</param>
    /// <param name="length">Its octets; 0 on failure.</param>
    /// <returns>False when the field does not fit or its octets are not what the kind allows.</returns>
    internal static bool TryMeasure(FieldKind kind, ReadOnlySpan<byte> data, int start, out int length)
    {
        var rest = data[start..];
        length = kind switch
        {
            Opaque or TextRest => rest.Length,
            HexRest or Base64Rest => AtLeastOne(rest.Length),
            Number8 or Algorithm => 1,
            Number16 or TypeMnemonic or ErrorCode => 2,
            Number32 or Period or SerialTime or Ipv4 => 4,
            Number48 or Eui48 => 6,
            Number64 or Locator64 or Eui64 => 8,
            Ipv6 => 16,
            CompressedName or TolerantName or LoweredName or PlainName => NameLength(rest),
            CharacterString or HexCounted8 => CountedLength(rest),
            Base32Counted8 => CountedLength(rest) is > 1 and var counted ? counted : -1,
            Base64Counted16 => rest.Length < 2 ? -1 : 2 + BinaryPrimitives.ReadUInt16BigEndian(rest),
            CharacterStrings => StringsLength(rest),
            Tag => TagLength(rest),
            TypeBits => TypeBitmap.IsWellFormed(rest) ? AtLeastOne(rest.Length) : -1,
            TypeBitsOrNone => TypeBitmap.IsWellFormed(rest) ? rest.Length : -1,
            OldTypeBitmap => rest.Length is > 0 and <= 16 ? rest.Length : -1,
            ServiceParameters => AreServiceParameters(rest) ? rest.Length : -1,
            EdnsOptions => AreOptions(rest) ? rest.Length : -1,
            A6Suffix => data[start - 1] > 128 ? -1 : 16 - (data[start - 1] / 8),
            A6Name => data[0] == 0 ? 0 : NameLength(rest),
        };
        if (length >= 0 && length <= rest.Length) return true;
        length = 0;
        return false;
    }

    private static int AtLeastOne(int length) => length > 0 ? length : -1;

    private static int NameLength(ReadOnlySpan<byte> rest) => DomainName.TryMeasure(rest, out var length, out _) ? length : -1;

    private static int CountedLength(ReadOnlySpan<byte> rest) => rest.IsEmpty ? -1 : 1 + rest[0];

    private static int StringsLength(ReadOnlySpan<byte> rest)
    {
        var at = 0;
        while (at < rest.Length) at += 1 + rest[at];
        return AtLeastOne(at);
    }

    private static int TagLength(ReadOnlySpan<byte> rest)
    {
        // RFC 8659 §4.1: at least one letter or digit of ASCII, and nothing else.
        var length = CountedLength(rest);
        if (length < 2 || length > rest.Length) return -1;
        foreach (var octet in rest[1..length])
            if (!char.IsAsciiLetterOrDigit((char)octet)) return -1;
        return length;
    }

    private static bool AreServiceParameters(ReadOnlySpan<byte> rest)
    {
        // RFC 9460 §2.2: key, length, value; the keys strictly ascending.
        var previous = -1;
        while (!rest.IsEmpty)
        {
            if (rest.Length < 4) return false;
            var key = BinaryPrimitives.ReadUInt16BigEndian(rest);
            var length = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
            if (key <= previous || rest.Length - 4 < length) return false;
            previous = key;
            rest = rest[(4 + length)..];
        }

        return true;
    }

    private static bool AreOptions(ReadOnlySpan<byte> rest)
    {
        while (!rest.IsEmpty)
        {
            if (rest.Length < 4) return false;
            var length = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
            if (rest.Length - 4 < length) return false;
            rest = rest[(4 + length)..];
        }

        return true;
    }
}
