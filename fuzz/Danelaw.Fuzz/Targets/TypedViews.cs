using Danelaw.Dns;
using Danelaw.Dns.Records;

namespace Danelaw.Fuzz.Targets;

/// <summary>The typed views of RDATA: none throws, and one that reads well-formed octets writes them again.</summary>
internal static class TypedViews
{
    internal static void Check(RecordType type, Octets data)
    {
        if (!RecordData.IsWellFormed(type, data.Span)) Read(type, data);
        else if (Read(type, data) is { } written) FuzzFinding.Unless(written == data, $"a view of {type} writes what it read");
    }

    /// <summary>What the view of the type writes; null where there is no view, or it refuses.</summary>
    private static Octets? Read(RecordType type, Octets data)
    {
        switch (type)
        {
            case RecordType.A or RecordType.AAAA: return AddressData.TryRead(type, data, out var address) ? new(address.GetAddressBytes()) : null;
            case RecordType.CNAME or RecordType.NS or RecordType.DNAME or RecordType.PTR: return NameData.TryRead(data, out var name) ? name.ToOctets() : null;
            case RecordType.MX: return MxData.TryRead(data, out var mx) ? mx.ToOctets() : null;
            case RecordType.SOA: return SoaData.TryRead(data, out var soa) ? soa.ToOctets() : null;
            case RecordType.SRV: return SrvData.TryRead(data, out var srv) ? srv.ToOctets() : null;
            case RecordType.DS or RecordType.CDS: return DsData.TryRead(data, out var ds) ? ds.ToOctets() : null;
            case RecordType.DNSKEY: return DnskeyData.TryRead(data, out var key) ? Tagged(key) : null;
            case RecordType.RRSIG: return RrsigData.TryRead(data, out var signature) ? signature.ToOctets() : null;
            case RecordType.NSEC: return NsecData.TryRead(data, out var nsec) ? nsec.ToOctets() : null;
            case RecordType.NSEC3: return Nsec3Data.TryRead(data, out var nsec3) ? nsec3.ToOctets() : null;
            case RecordType.NSEC3PARAM: return Nsec3ParamData.TryRead(data, out var parameters) ? parameters.ToOctets() : null;
            case RecordType.TLSA: return TlsaData.TryRead(data, out var tlsa) ? tlsa.ToOctets() : null;
            case RecordType.CAA: return CaaData.TryRead(data, out _) ? data : null;
            case RecordType.TXT: return TxtData.TryRead(data, out var txt) ? txt.ToOctets() : null;
            default: return null;
        }
    }

    private static Octets Tagged(DnskeyData key)
    {
        _ = key.KeyTag();
        return key.ToOctets();
    }
}
