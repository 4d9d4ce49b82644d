using Danelaw.Dns.Records;
using Peer = ARSoft.Tools.Net.Dns;

namespace Danelaw.Benchmarks;

/// <summary>One field of each record, the same on both sides.</summary>
internal static class Fields
{
    internal static long Of(in ResourceRecord record)
    {
        switch (record.Type)
        {
            case RecordType.MX: return MxData.TryRead(record.Data, out var mx) ? mx.Exchange.LabelCount : 0;
            case RecordType.NS: return NameData.TryRead(record.Data, out var ns) ? ns.Name.LabelCount : 0;
            case RecordType.SOA: return SoaData.TryRead(record.Data, out var soa) ? soa.Serial : 0;
            case RecordType.A or RecordType.AAAA: return record.Data.Length is 4 or 16 ? record.Data.Span[^1] : 0;
            case RecordType.TLSA: return TlsaData.TryRead(record.Data, out var tlsa) ? tlsa.Association.Length : 0;
            case RecordType.RRSIG: return RrsigData.TryRead(record.Data, out var rrsig) ? rrsig.KeyTag : 0;
            case RecordType.NSEC3: return Nsec3Data.TryRead(record.Data, out var nsec3) ? nsec3.Iterations : 0;
            default: throw new NotSupportedException($"{record.Type}");
        }
    }

    internal static long Of(Peer.DnsRecordBase record) => record switch
    {
        Peer.MxRecord mx => mx.ExchangeDomainName.LabelCount,
        Peer.NsRecord ns => ns.NameServer.LabelCount,
        Peer.SoaRecord soa => soa.SerialNumber,
        Peer.ARecord a => (int)a.Address.AddressFamily,
        Peer.AaaaRecord aaaa => (int)aaaa.Address.AddressFamily,
        Peer.TlsaRecord tlsa => tlsa.CertificateAssociationData.Length,
        Peer.RrSigRecord rrsig => rrsig.KeyTag,
        Peer.NSec3Record nsec3 => nsec3.Iterations,
        Peer.OptRecord => 0,
        _ => throw new NotSupportedException($"{record.RecordType}"),
    };
}
