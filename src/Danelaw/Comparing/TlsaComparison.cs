using System.Collections.Immutable;
using Danelaw.Checks;
using Danelaw.Checks.Findings;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Validation;
using Danelaw.Probes;
using Danelaw.Tlsa;
using Danelaw.Verification;

namespace Danelaw.Comparing;

/// <summary>One service's TLSA records, the certificates that its server shows and those in files, side by side.</summary>
public sealed record TlsaComparison
{
    /// <summary>What came of it.</summary>
    public ComparisonVerdict Verdict { get; init; }

    /// <summary>The records, used or not, in canonical order.</summary>
    public ImmutableArray<TlsaRecord> Records { get; init; } = [];

    /// <summary>The verdict of DNSSEC on them.</summary>
    public Security Security { get; init; }

    /// <summary>Seconds: the largest TTL on the way to them, as the zones have it; null when there are none.</summary>
    public uint? TimeToLive { get; init; }

    /// <summary>From when on a server may show a key whose record every authoritative server has now (RFC 7671 §8.1): two of that TTL and the margin of a rollover later; null when there are no records.</summary>
    public DateTimeOffset? EarliestUse { get; init; }

    /// <summary>Every certificate and key that was seen: served ones first, then those of files, in the order given.</summary>
    public ImmutableArray<ComparedKey> Keys { get; init; } = [];

    /// <summary>The records that mean none of the certificates and keys.</summary>
    public ImmutableArray<TlsaRecord> Unmet { get; init; } = [];

    /// <summary>The endpoints that showed nothing, or nothing that they have proven.</summary>
    public ImmutableArray<EndpointReport> Unseen { get; init; } = [];

    /// <summary>What each authoritative server says; empty when they were not asked.</summary>
    public ImmutableArray<ComparedServer> Servers { get; init; } = [];

    /// <summary>Whether it is known which records there are.</summary>
    public bool IsPublicationSeen { get; init; }

    /// <summary>Whether every address has shown everything that it has.</summary>
    public bool IsServiceSeen { get; init; }

    /// <summary>Whether files were compared.</summary>
    public bool HasFiles { get; init; }

    /// <summary>Compares. Pure.</summary>
    /// <param name="host">What a check found of the service's host.</param>
    /// <param name="files">The files; none to compare what is published and served alone.</param>
    /// <param name="servers">What each authoritative server says; none when they were not asked.</param>
    /// <param name="options">How the check was made.</param>
    /// <param name="now">The time that certificates are judged at.</param>
    public static TlsaComparison Judge(HostReport host, ImmutableArray<ComparedFile> files, ImmutableArray<ComparedServer> servers, CheckOptions options, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(options);
        var policy = new DanePolicy { Service = HostLead.KindOf(host.Service, host.Port), ReferenceNames = [.. ((DomainName[])[host.TlsaBase, host.Name]).Distinct()], Roots = options.Roots };
        var records = RecordsOf(host);
        var keys = new KeyTable(records, policy, now);
        foreach (var endpoint in host.Endpoints)
            keys.AddServed(endpoint);
        foreach (var file in files) keys.Add(file);
        var rows = keys.ToRows();
        ImmutableArray<EndpointReport> unseen = [.. host.Endpoints.Where(endpoint => endpoint.Observation.Outcome is not (ProbeOutcome.Completed or ProbeOutcome.AlgorithmNotOffered))];
        var times = records.IsEmpty ? null : CacheTimes.Of(host.TlsaAnswer);
        var comparison = new TlsaComparison
        {
            Records = records,
            Security = host.TlsaAnswer?.Security ?? Security.Indeterminate,
            TimeToLive = (uint?)times?.Longest.TotalSeconds,
            EarliestUse = times?.SafeFrom(now),
            Keys = rows,
            Unmet = [.. records.Where(record => !rows.Any(row => row.Records.Contains(record)))],
            Unseen = unseen,
            IsPublicationSeen = host.TlsaAnswer is { IsFailure: false },
            IsServiceSeen = unseen.IsEmpty && rows.Any(row => row.IsServed) && host.Addresses.All(address => host.Endpoints.Any(endpoint => endpoint.Observation.Target.Address.Address.Equals(address))),
            Servers = servers,
            HasFiles = !files.IsEmpty,
        };
        return comparison with { Verdict = comparison.Conclude(host) };
    }

    /// <summary>Whether a server's records are those that were validated; null when it gave none that are believed.</summary>
    /// <param name="server">One of <see cref="Servers"/>.</param>
    public bool? IsSame(ComparedServer server) => server.Records is { } its ? its.ToHashSet().SetEquals(Records) : null;

    private ComparisonVerdict Conclude(HostReport host)
    {
        if (host.Verdict == CheckVerdict.Unprotected) return ComparisonVerdict.Unpublished;

        // What could not be seen may be what is missing: only what is known to be nowhere counts.
        var differs = Keys.Any(key => (IsPublicationSeen && !key.IsPublished) || (IsServiceSeen && !key.IsServed) || (HasFiles && !key.IsOnDisk))
            || (IsPublicationSeen && IsServiceSeen && !Unmet.IsEmpty)
            || (IsPublicationSeen && Servers.Any(server => IsSame(server) == false));
        if (differs) return ComparisonVerdict.Differing;
        return IsPublicationSeen && IsServiceSeen && Servers.All(server => IsSame(server) == true) ? ComparisonVerdict.Agreeing : ComparisonVerdict.Unseen;
    }

    /// <summary>The secure records, or else what is published without DNSSEC, which is worth showing.</summary>
    private static ImmutableArray<TlsaRecord> RecordsOf(HostReport host) => !host.Records.IsEmpty ? [.. host.Records.Select(record => record.Record)]
        : host.TlsaAnswer is { Security: Security.Insecure, Records: { } insecure } ? [.. insecure.Data.Where(data => TlsaRecord.TryFromRecordData(data, out _)).Select(Read)]
        : [];

    private static TlsaRecord Read(Octets data) => TlsaRecord.TryFromRecordData(data, out var record) ? record : default;

    /// <summary>The certificates and keys as they come, each once.</summary>
    private sealed class KeyTable(ImmutableArray<TlsaRecord> records, DanePolicy policy, DateTimeOffset now)
    {
        private readonly List<ComparedKey> _rows = [];

        public void AddServed(EndpointReport endpoint)
        {
            var seen = endpoint.Observation;
            if (seen.Chain.IsEmpty && seen.RawPublicKey.IsEmpty) return;
            var row = seen.Chain.IsEmpty ? Find(seen.RawPublicKey) : Find(seen.Chain);
            _rows[row] = _rows[row] with { Endpoints = _rows[row].Endpoints.Add(endpoint) };
        }

        public void Add(ComparedFile file)
        {
            if (!file.Content.Certificates.IsEmpty)
            {
                var own = Find(file.Content.Certificates);
                Name(own, file.Name);

                // Who has the certificate's key shows it without the certificate, too (RFC 7250).
                for (var row = 0; row < _rows.Count; row++)
                    if (_rows[row].Certificate.IsEmpty && _rows[row].PublicKey.Equals(_rows[own].PublicKey)) Name(row, file.Name);
                return;
            }

            // A key alone belongs to every certificate of it.
            if (!_rows.Exists(row => row.PublicKey.Equals(file.Content.PublicKey))) _rows.Add(Judge(file.Content.PublicKey));
            for (var row = 0; row < _rows.Count; row++)
                if (_rows[row].PublicKey.Equals(file.Content.PublicKey)) Name(row, file.Name);
        }

        public ImmutableArray<ComparedKey> ToRows() => [.. _rows];

        private void Name(int row, string file) => _rows[row] = _rows[row] with { Files = [.. _rows[row].Files.Append(file).Distinct()] };

        /// <summary>The row of a key without certificate.</summary>
        private int Find(Octets publicKey)
        {
            var row = _rows.FindIndex(one => one.Certificate.IsEmpty && one.PublicKey.Equals(publicKey));
            if (row >= 0) return row;
            _rows.Add(Judge(publicKey));
            return _rows.Count - 1;
        }

        /// <summary>The row of a chain's first certificate. What another chain leads to from there counts as well.</summary>
        private int Find(ImmutableArray<Octets> chain)
        {
            var judged = Judge(chain);
            var row = _rows.FindIndex(one => one.Certificate.Equals(chain[0]));
            if (row < 0)
            {
                _rows.Add(judged);
                return _rows.Count - 1;
            }

            var known = _rows[row];
            var isPublished = known.IsPublished || judged.IsPublished;
            _rows[row] = known with { Records = [.. records.Where(record => known.Records.Contains(record) || judged.Records.Contains(record))], IsPublished = isPublished, Refusal = isPublished ? "" : known.Refusal, RefusalReason = isPublished ? DaneReason.None : known.RefusalReason };
            return row;
        }

        private ComparedKey Judge(ImmutableArray<Octets> chain)
        {
            var judged = ServedChain.Of([chain], records, !records.IsEmpty, policy, now, new(policy.MaximumWork))[chain];
            return new()
            {
                Certificate = chain[0],
                PublicKey = Certificates.Certificate.TryRead(chain[0], out var leaf) ? leaf.PublicKey : default,
                Records = [.. records.Where(record => judged.Proves(record))],
                IsPublished = judged.Verdict is { IsMatch: true },
                Refusal = judged.Verdict is { IsMatch: false } verdict ? verdict.Explanation : "",
                RefusalReason = judged.Verdict is { IsMatch: false, Reason: var reason } ? reason : DaneReason.None,
            };
        }

        /// <summary>Of a key without certificate only records of keys can be told; those of authorities need a chain.</summary>
        private ComparedKey Judge(Octets publicKey)
        {
            ImmutableArray<TlsaRecord> ofKeys = [.. records.Where(record => record is { Usage: TlsaUsage.DaneEe or TlsaUsage.PkixEe, Selector: TlsaSelector.PublicKey } && record.UsabilityFor(policy.Service) == Usability.Usable)];
            var isPublished = DigestAgility.Apply(ofKeys, policy.DigestOrder).Any(record => record.MatchesKey(publicKey));
            return new()
            {
                PublicKey = publicKey,
                Records = [.. ofKeys.Where(record => record.MatchesKey(publicKey))],
                IsPublished = isPublished,
                Refusal = isPublished || records.IsEmpty ? "" : "no record of a key matches it; whether one of a certificate or an authority does cannot be told from the key alone",
            };
        }
    }
}
