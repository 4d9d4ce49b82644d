using Danelaw.Dns;
using Danelaw.Dns.Records;

namespace Danelaw.Tlsa;

/// <summary>What a TLSA record says (RFC 6698 §2.1), usable or not. The default is 0 0 0 with no data, which is unusable.</summary>
/// <param name="Usage">The certificate usage; any octet.</param>
/// <param name="Selector">The selector; any octet.</param>
/// <param name="Matching">The matching type; any octet.</param>
/// <param name="Data">The certificate association data.</param>
public readonly partial record struct TlsaRecord(TlsaUsage Usage, TlsaSelector Selector, TlsaMatching Matching, Octets Data);
