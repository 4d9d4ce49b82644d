using System.Collections.Immutable;
using Danelaw.Dns;
using Danelaw.Dns.Records;
using Danelaw.Tlsa;
using Danelaw.Verification.Paths;

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
        return Judge(chain, records, policy, () => ChainJudge.Begin(chain, policy, now, new(policy.MaximumWork)));
    }

    /// <summary>Judges a chain that may have been judged by other records before.</summary>
    /// <param name="chain">The certificates.</param>
    /// <param name="records">The records, as above.</param>
    /// <param name="policy">Whose rules hold.</param>
    /// <param name="begin">Gives what holds records against this chain; null when the server's own certificate cannot be read.</param>
    internal static DaneVerdict Judge(ImmutableArray<Octets> chain, ImmutableArray<TlsaRecord> records, DanePolicy policy, Func<ChainJudge?> begin)
    {
        if (records.IsDefaultOrEmpty) return Refused(DaneReason.NoRecords, "there are no TLSA records");

        // RFC 7671 §9: what cannot be used is gone before digests are compared.
        ImmutableArray<TlsaRecord> usable = [.. records.Where(record => record.UsabilityFor(policy.Service) == Usability.Usable)];
        if (usable.IsEmpty) return Refused(DaneReason.NoUsableRecords, "none of the TLSA records can be used (RFC 7671 §10.3)");
        if (chain.IsDefaultOrEmpty) return Refused(DaneReason.NoCertificate, "the server sent no certificate");
        if (begin() is not { } judge) return Refused(DaneReason.MalformedCertificate, "the server's certificate cannot be read");

        // RFC 6698 §4.1, RFC 7671 §8: any one record that matches suffices.
        var kept = DigestAgility.Apply(usable, policy.DigestOrder);
        DaneVerdict? nearest = null;
        foreach (var record in kept)
        {
            var verdict = judge.Judge(record);
            if (verdict.IsMatch) return verdict;
            if (nearest is null || Nearness(verdict) > Nearness(nearest)) nearest = verdict;
        }

        // What was left undone may be the match. The server's own certificate (usage 3) is looked at whatever it costs.
        if (judge.IsCutShort && kept.Any(record => record.Usage != TlsaUsage.DaneEe)) return Refused(DaneReason.LimitReached, Paths.PathSearch.LimitText);
        return FindWeaker(judge, usable, kept) ?? nearest!;
    }

    /// <summary>Judges a server that showed a raw public key in place of certificates (RFC 7250): only 3 1 x records mean it (R50, RFC 7671 §5.1).</summary>
    /// <param name="publicKey">The SubjectPublicKeyInfo exactly as sent.</param>
    /// <param name="records">The TLSA records, of a set that was proven secure; unusable ones may be among them.</param>
    /// <param name="policy">Whose rules hold; names never count here.</param>
    /// <returns>The first record, in the order given, that matches; or why none does.</returns>
    public static DaneVerdict JudgeRawPublicKey(Octets publicKey, ImmutableArray<TlsaRecord> records, DanePolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        if (records.IsDefaultOrEmpty) return Refused(DaneReason.NoRecords, "there are no TLSA records");
        ImmutableArray<TlsaRecord> usable = [.. records.Where(record => IsForRawKeys(record) && record.UsabilityFor(policy.Service) == Usability.Usable)];
        if (usable.IsEmpty) return Refused(DaneReason.NoUsableRecords, "none of the TLSA records is for a raw public key: those are 3 1 x (RFC 7671 §5.1)");
        if (publicKey.Length == 0) return Refused(DaneReason.NoCertificate, "the server sent no raw public key");
        foreach (var record in DigestAgility.Apply(usable, policy.DigestOrder))
            if (record.MatchesKey(publicKey)) return new() { Reason = DaneReason.MatchedEndEntity, Record = record, Depth = 0, Explanation = $"the record {ChainJudge.Describe(record)} matches the server's raw public key (RFC 7671 §5.1)" };
        return Refused(DaneReason.NoRecordMatches, "no TLSA record matches the server's raw public key");
    }

    /// <summary>Whether a record can mean a raw public key (R50).</summary>
    internal static bool IsForRawKeys(TlsaRecord record) => record is { Usage: TlsaUsage.DaneEe, Selector: TlsaSelector.PublicKey };

    /// <summary>Whether a record that gave way to a stronger digest would have matched: what to tell then is that the stronger one does not (R49).</summary>
    private static DaneVerdict? FindWeaker(ChainJudge judge, ImmutableArray<TlsaRecord> usable, ImmutableArray<TlsaRecord> kept)
    {
        foreach (var record in usable)
            if (!kept.Contains(record) && judge.Judge(record).IsMatch)
                return Refused(DaneReason.OnlyWeakerDigestMatches, $"only the record {ChainJudge.Describe(record)} matches, and it gives way to the stronger digest of another record {(byte)record.Usage} {(byte)record.Selector}, which does not (RFC 7671 §9)");
        return null;
    }

    private static int Nearness(DaneVerdict verdict) => new PathFault(verdict.Reason, "").Nearness;

    private static DaneVerdict Refused(DaneReason reason, string explanation) => new() { Reason = reason, Explanation = explanation };
}
