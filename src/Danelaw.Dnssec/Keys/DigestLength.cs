using System.Globalization;
using Danelaw.Dns;
using Danelaw.Dns.Records;

namespace Danelaw.Dnssec.Keys;

/// <summary>How long a digest in a record must be. One of another length matches nothing, and BIND and Knot load no zone that holds it.</summary>
internal static class DigestLength
{
    private const int DsPrefix = 4, SshfpPrefix = 2;

    /// <summary>What is wrong with the first digest of a set that has the wrong length, for people; null when none has.</summary>
    internal static string? FaultOf(RecordSet set)
    {
        if (set.Type is not (RecordType.DS or RecordType.CDS or RecordType.SSHFP)) return null;
        foreach (var data in set.Data)
            if (FaultOf(set.Type, data) is { } fault) return fault;
        return null;
    }

    /// <summary>What is wrong with the digest in a DS, CDS or SSHFP record, for people; null when nothing is, when its type is unknown, and for other records. Never throws on foreign octets.</summary>
    internal static string? FaultOf(RecordType type, Octets data) => type switch
    {
        RecordType.DS or RecordType.CDS when data.Length >= DsPrefix => (DigestAlgorithm)data.Span[DsPrefix - 1] switch
        {
            DigestAlgorithm.Sha1 => Fault("SHA-1 digest", 20, data.Length - DsPrefix, "RFC 4034 §5.1.4"),
            DigestAlgorithm.Sha256 => Fault("SHA-256 digest", 32, data.Length - DsPrefix, "RFC 4509 §2.2"),
            DigestAlgorithm.Sha384 => Fault("SHA-384 digest", 48, data.Length - DsPrefix, "RFC 6605 §2"),
            _ => null,
        },
        RecordType.SSHFP when data.Length >= SshfpPrefix => data.Span[SshfpPrefix - 1] switch
        {
            1 => Fault("SHA-1 fingerprint", 20, data.Length - SshfpPrefix, "RFC 4255 §3.1.3"),
            2 => Fault("SHA-256 fingerprint", 32, data.Length - SshfpPrefix, "RFC 6594"),
            _ => null,
        },
        _ => null,
    };

    private static string? Fault(string what, int expected, int length, string rule) =>
        length == expected ? null : string.Create(CultureInfo.InvariantCulture, $"its {what} has {length} octet{(length == 1 ? "" : "s")}, not {expected}, so it can match nothing ({rule})");
}
