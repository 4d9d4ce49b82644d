using System.Collections.Immutable;
using Danelaw.Certificates;
using Danelaw.Dns;
using Danelaw.Dns.Records;
using Danelaw.Tlsa;

namespace Danelaw.Verification;

/// <summary>Judges the certificates that a server sent by its TLSA records (RFC 6698, 7671, 7672). Pure: no network, no clock, no store of the machine's.</summary>
public static class DaneVerifier
{
    /// <summary>Judges a chain.</summary>
    /// <param name="chain">The certificates exactly as sent, the server's own first, each in DER. Nothing in them can make this throw.</param>
    /// <param name="records">The TLSA records, of a set that was proven secure; unusable ones may be among them.</param>
    /// <param name="policy">Whose rules hold, and the names that count.</param>
    /// <param name="now">The time at which certificates must be valid.</param>
    /// <returns>The first record, in the order given, that matches; or why none does, told by the fault that is nearest to a match.</returns>
    public static DaneVerdict Judge(ImmutableArray<Octets> chain, ImmutableArray<TlsaRecord> records, DanePolicy policy, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(policy);
        if (records.IsDefaultOrEmpty) return Refused(DaneReason.NoRecords, "there are no TLSA records");
        ImmutableArray<TlsaRecord> usable = [.. records.Where(record => record.UsabilityFor(policy.Service) == Usability.Usable)];
        if (usable.IsEmpty) return Refused(DaneReason.NoUsableRecords, "none of the TLSA records can be used (RFC 7671 §10.3)");
        if (chain.IsDefaultOrEmpty) return Refused(DaneReason.NoCertificate, "the server sent no certificate");
        if (!Certificate.TryRead(chain[0], out var leaf)) return Refused(DaneReason.MalformedCertificate, "the server's certificate cannot be read");

        // RFC 6698 §4.1, RFC 7671 §8: any one record that matches suffices.
        foreach (var record in DigestAgility.Apply(usable, policy.DigestOrder))
        {
            // RFC 7671 §5.1, RFC 7672 §3.1.1: neither names nor dates count, the binding is in the record.
            if (record.Usage == TlsaUsage.DaneEe && record.Matches(leaf))
                return new() { Reason = DaneReason.MatchedEndEntity, Record = record, Depth = 0, Explanation = $"the server's certificate matches the record {record.Parameters} (RFC 7671 §5.1)" };
        }

        return Refused(DaneReason.NoRecordMatches, "no TLSA record matches the server's certificate");
    }

    private static DaneVerdict Refused(DaneReason reason, string explanation) => new() { Reason = reason, Explanation = explanation };
}
