using Danelaw.Cli.Options;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Operator.Rollover;
using Danelaw.Tlsa;

namespace Danelaw.Cli.Rendering.Operating;

/// <summary>Why records are not published by which senders would miss a key.</summary>
internal static class PassedOverText
{
    /// <summary>What would come of it.</summary>
    public static string Tell(DomainName owner, TlsaRecord record, DigestPreferences senders) =>
        $"at {Words.Of(owner)} {Senders(senders)} would find nothing that means the key of the record {record.Parameters} {record.Data.ToHex()[..16]}…, and take the server for a false one: of the digests of one usage and selector each sender goes by one (RFC 7671, section 9), not all know SHA-512, and no record that they would go by is known to mean the same key";

    /// <summary>What to do.</summary>
    public static string Advise(TlsaSet given, TlsaRecord record, RecordChange change)
    {
        var other = record.Matching == TlsaMatching.Sha512 ? 1 : 2;
        var what = change == RecordChange.Remove ? $"take the same digest of every key away, or every record of the key that goes"
            : given.Records.Contains(record) ? $"publish records with the same digests for every key: this one with matching type {other} too"
            : $"publish records with the same digests for every key: the new one with matching type {(record.Matching == TlsaMatching.Sha512 ? 2 : 1)}";
        return $"{what}; with --certificate for each key it is seen that they belong together; --force publishes all the same";
    }

    private static string Senders(DigestPreferences senders)
    {
        string[] all =
        [
            .. senders.HasFlag(DigestPreferences.Sha512First) ? ["senders that prefer SHA-512"] : (string[])[],
            .. senders.HasFlag(DigestPreferences.Sha256First) ? ["senders that prefer SHA-256"] : (string[])[],
            .. senders.HasFlag(DigestPreferences.Sha256Alone) ? ["senders that do not know SHA-512"] : (string[])[],
        ];
        return string.Join(" and ", all);
    }
}
