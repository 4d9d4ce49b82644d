using System.Collections.Immutable;
using System.Security.Cryptography;
using Danelaw.Certificates;
using Danelaw.Dns;
using Danelaw.Dns.Records;
using Danelaw.Tlsa;
using Danelaw.Verification;
using Danelaw.Verification.Paths;

namespace Danelaw.Checks;

/// <summary>One chain that was shown, perhaps at many endpoints, with what its certificates hash to: a set of records can be large, and each is asked about.</summary>
internal sealed class ServedChain
{
    private readonly HashSet<(TlsaSelector Selector, TlsaMatching Matching, Octets Data)> _marks = [];
    private readonly DanePolicy _policy;
    private readonly ChainJudge? _judge;

    private ServedChain(ImmutableArray<Octets> chain, ImmutableArray<TlsaRecord> records, DanePolicy policy, DateTimeOffset now, WorkBudget budget)
    {
        (Certificates, _policy) = (chain, policy);
        _judge = chain.IsEmpty ? null : ChainJudge.Begin(chain, policy, now, budget);
        Verdict = records.IsEmpty ? null : Judge(records);
        foreach (var der in chain)
        {
            if (!Certificate.TryRead(der, out var certificate)) continue;
            Mark(TlsaSelector.Certificate, certificate.Der);
            Mark(TlsaSelector.PublicKey, certificate.PublicKey);
        }
    }

    /// <summary>The certificates, as they were sent.</summary>
    internal ImmutableArray<Octets> Certificates { get; }

    /// <summary>What the records make of it; null when none of them is usable.</summary>
    internal DaneVerdict? Verdict { get; }

    /// <summary>Whether it asked for more work than is done: what no record with an authority proves is not known then.</summary>
    internal bool IsCutShort => _judge is { IsCutShort: true };

    /// <summary>The distinct chains.</summary>
    /// <param name="chains">What was shown.</param>
    /// <param name="records">The records.</param>
    /// <param name="isUsable">Whether any of them is usable.</param>
    /// <param name="policy">Whose rules hold.</param>
    /// <param name="now">When certificates must be valid.</param>
    /// <param name="budget">What the work on all of them is taken from.</param>
    internal static Dictionary<ImmutableArray<Octets>, ServedChain> Of(IEnumerable<ImmutableArray<Octets>> chains, ImmutableArray<TlsaRecord> records, bool isUsable, DanePolicy policy, DateTimeOffset now, WorkBudget budget) =>
        chains.Distinct(ByContent.Comparer).ToDictionary(chain => chain, chain => new ServedChain(chain, isUsable ? records : [], policy, now, budget), ByContent.Comparer);

    /// <summary>Whether the record, all by itself, accepts the chain.</summary>
    internal bool Proves(TlsaRecord record) => CanMatch(record) && Judge(record).IsMatch;

    /// <summary>What the record, all by itself, makes of the chain.</summary>
    internal DaneVerdict Judge(TlsaRecord record) => Judge([record]);

    private DaneVerdict Judge(ImmutableArray<TlsaRecord> records) => DaneVerifier.Judge(Certificates, records, _policy, () => _judge);

    /// <summary>Whether this is the chain that was shown there.</summary>
    internal bool IsShownBy(EndpointReport endpoint) => endpoint.Observation.Outcome == Probes.ProbeOutcome.Completed && ByContent.Comparer.Equals(Certificates, endpoint.Observation.Chain);

    /// <summary>Most records match no certificate, and need no path to be built; an anchor that is not in the chain does (R44, R47).</summary>
    private bool CanMatch(TlsaRecord record) =>
        record.Usage == TlsaUsage.PkixTa || record is { Usage: TlsaUsage.DaneTa, Matching: TlsaMatching.Full } || _marks.Contains((record.Selector, record.Matching, record.Data));

    private void Mark(TlsaSelector selector, Octets octets)
    {
        _marks.Add((selector, TlsaMatching.Full, octets));
        _marks.Add((selector, TlsaMatching.Sha256, new(SHA256.HashData(octets.Span))));
        _marks.Add((selector, TlsaMatching.Sha512, new(SHA512.HashData(octets.Span))));
    }

    /// <summary>Chains of the same certificates are the same.</summary>
    internal sealed class ByContent : IEqualityComparer<ImmutableArray<Octets>>
    {
        internal static ByContent Comparer { get; } = new();

        public bool Equals(ImmutableArray<Octets> left, ImmutableArray<Octets> right) => left.AsSpan().SequenceEqual(right.AsSpan());

        public int GetHashCode(ImmutableArray<Octets> chain) => chain.IsEmpty ? 0 : HashCode.Combine(chain.Length, chain[0]);
    }
}
