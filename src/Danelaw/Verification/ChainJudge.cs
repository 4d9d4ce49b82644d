using System.Collections.Immutable;
using Danelaw.Certificates;
using Danelaw.Dns;
using Danelaw.Dns.Records;
using Danelaw.Tlsa;
using Danelaw.Verification.Paths;
using Path = Danelaw.Verification.Paths.Path;

namespace Danelaw.Verification;

/// <summary>Holds records against one chain, one record after the other; what was found for one is used for the next.</summary>
internal sealed partial class ChainJudge
{
    /// <summary>How many certificates of a chain are looked at, as in OpenSSL; what a server sends after them is as if it were not there.</summary>
    public const int MaximumCertificates = 100;

    /// <summary>What holding one record against the chain costs beside what is found out for all of them.</summary>
    private const int WorkOfRecord = 4;

    private static readonly PathFault Limit = new(DaneReason.LimitReached, PathSearch.LimitText);

    private readonly PathCertificate _leaf;
    private readonly ImmutableArray<PathCertificate> _sent;
    private readonly ILookup<DistinguishedName, PathCertificate> _sentBySubject;
    private readonly DanePolicy _policy;
    private readonly DateTimeOffset _now;
    private readonly SignatureMemory _signatures;
    private readonly PathSearch _paths;
    private readonly Dictionary<(PathCertificate Certificate, TlsaSelector Selector, TlsaMatching Matching), Octets> _data = [];
    private readonly Dictionary<(Path Path, bool EndsInKey), PathFault?> _faults = [];

    private ChainJudge(PathCertificate leaf, ImmutableArray<Octets> chain, DanePolicy policy, DateTimeOffset now, WorkBudget budget)
    {
        _leaf = leaf;
        _policy = policy;
        _now = now;
        var sent = ImmutableArray.CreateBuilder<PathCertificate>();
        var seen = new HashSet<Octets>();
        sent.Add(leaf);
        seen.Add(leaf.Frame.Der);
        foreach (var der in chain.Skip(1).Take(MaximumCertificates - 1))
            if (seen.Add(der) && PathCertificate.TryRead(der, out var certificate)) sent.Add(certificate);
        _sent = sent.ToImmutable();
        _sentBySubject = _sent.ToLookup(certificate => certificate.Subject);
        _signatures = new(budget);
        _paths = new(_leaf, certificate => _sentBySubject[certificate.Issuer], _signatures);
    }

    /// <summary>Whether some work was left undone: that no record with an authority matches is not known then.</summary>
    public bool IsCutShort => _signatures.IsCutShort;

    /// <summary>The paths that the server's own certificates make (R43), and no others.</summary>
    private IEnumerable<Path> Paths => _paths.All;

    /// <summary>Begins to judge a chain; null when the server's own certificate cannot be read.</summary>
    public static ChainJudge? Begin(ImmutableArray<Octets> chain, DanePolicy policy, DateTimeOffset now, WorkBudget budget) =>
        PathCertificate.TryRead(chain[0], out var leaf) ? new(leaf, chain, policy, now, budget) : null;

    /// <summary>Holds one usable record against the chain.</summary>
    public DaneVerdict Judge(TlsaRecord record) => record.Usage switch
    {
        TlsaUsage.DaneEe => JudgeEndEntity(record),
        TlsaUsage.DaneTa => JudgeTrustAnchor(record),
        TlsaUsage.PkixEe => JudgePkixEndEntity(record),
        TlsaUsage.PkixTa => JudgePkixTrustAnchor(record),
        _ => Refuse(new(DaneReason.NoUsableRecords, $"the record {Describe(record)} cannot be used")),
    };

    /// <summary>RFC 7671 §5.1, RFC 7672 §3.1.1: the binding is in the record; neither names nor dates nor signatures count.</summary>
    private DaneVerdict JudgeEndEntity(TlsaRecord record) => record.Matches(_leaf.Frame)
        ? Match(DaneReason.MatchedEndEntity, record, 0, [], $"the record {Describe(record)} matches the server's {Selected(record)}; names and dates do not count (RFC 7671 §5.1)")
        : Refuse(LeafDiffers(record));

    /// <summary>RFC 7671 §5.2: a path of what the server sent, up to an anchor that the record names or carries.</summary>
    private DaneVerdict JudgeTrustAnchor(TlsaRecord record)
    {
        if (!_signatures.TrySpend(WorkOfRecord)) return Refuse(Limit);
        var isInChain = false;
        PathFault? nearest = null;
        var isSent = _sent.Any(certificate => Matches(record, certificate));
        foreach (var path in isSent ? Paths : [])
        {
            if (!Matches(record, path.Top) || !MayBeAnchor(path)) continue;
            isInChain = true;
            var fault = path.Fault ?? FindFault(path, endsInKey: false);
            if (fault is null) return Match(DaneReason.MatchedTrustAnchor, record, path.Depth, path.ToArray(), $"the record {Describe(record)} matches the {Selected(record)} of {path.Top.Label}, which vouches for the server (RFC 7671 §5.2)");
            nearest = Nearer(nearest, fault);
        }

        if (!isInChain && record.Matching == TlsaMatching.Full)
        {
            PathCertificate.TryRead(record.Data, out var anchor);
            foreach (var path in Paths)
            {
                if (LeadsToCarried(record, path, anchor, out var fault))
                    return Match(DaneReason.MatchedTrustAnchor, record, path.Depth + 1, WithCarried(path, record), $"the record {Describe(record)} carries the {Selected(record)} that signed {path.Top.Label} (RFC 7671 §5.2.{(record.Selector == TlsaSelector.Certificate ? 2 : 3)})");
                if (fault is not null) nearest = Nearer(nearest, fault);
            }
        }

        return Refuse(About(record, nearest ?? AnchorMissing(record)));
    }

    /// <summary>R39: the issuers of the path may be anchors, and the server's certificate too when it issued itself.</summary>
    private bool MayBeAnchor(Path path) =>
        path.Depth > 0 || (_leaf.IsSelfIssued && _signatures.Check(_leaf.Frame, _leaf.Frame.PublicKey) is SignatureCheck.Valid or SignatureCheck.TooWeak);

    /// <summary>R44: whether the certificate (2 0 0) or the bare key (2 1 0) that a record carries stands above a path.</summary>
    private bool LeadsToCarried(TlsaRecord record, Path path, PathCertificate? anchor, out PathFault? fault)
    {
        fault = null;
        if (record.Selector == TlsaSelector.PublicKey)
        {
            // RFC 7671 §5.2.3: a bare key has no name; what it signed is found by trying.
            var link = PathSearch.LinkFault(path.Top, record.Data, "the key in the record", _signatures);
            if (link is { Reason: DaneReason.SignatureInvalid }) return false;
            fault = path.Fault ?? link ?? FindFault(path, endsInKey: true);
            return fault is null;
        }

        if (anchor is null || !anchor.Subject.Equals(path.Top.Issuer) || path.Visits(anchor)) return false;
        fault = path.Fault
            ?? PathSearch.LinkFault(path.Top, anchor.Frame.PublicKey, anchor.Label, _signatures)
            ?? FindFault(path.ToArray().Add(anchor), endsInKey: false);
        return fault is null;
    }

    /// <summary>The first rule that a path breaks, found once for all records.</summary>
    private PathFault? FindFault(Path path, bool endsInKey)
    {
        if (!_faults.TryGetValue((path, endsInKey), out var fault)) _faults.Add((path, endsInKey), fault = FindFault(path.ToArray(), endsInKey));
        return fault;
    }

    private PathFault? FindFault(ImmutableArray<PathCertificate> path, bool endsInKey) =>
        _signatures.TrySpend(PathRules.CostOf(path)) ? PathRules.FindFault(path, endsInKey, _policy, _now, _signatures) : Limit;

    /// <summary>Whether a record means a certificate (R39). Each is digested once for all records.</summary>
    private bool Matches(TlsaRecord record, PathCertificate certificate)
    {
        if (record.Matching == TlsaMatching.Full) return record.Matches(certificate.Frame);
        var key = (certificate, record.Selector, record.Matching);
        if (!_data.TryGetValue(key, out var data)) _data.Add(key, data = TlsaRecord.DataOf(certificate.Frame, record.Selector, record.Matching));
        return record.Data == data;
    }

    private PathFault AnchorMissing(TlsaRecord record)
    {
        if (_sent.Any(certificate => !ReferenceEquals(certificate, _leaf) && Matches(record, certificate)))
            return new(DaneReason.NoPath, "the server sent the certificate that it names, but no path leads from the server's own certificate to it (RFC 7671 §5.2)");
        if (record.Matching == TlsaMatching.Full)
            return new(DaneReason.NoPath, $"no path leads from the server's certificate to the {Selected(record)} that it carries (RFC 7671 §5.2)");
        if (Matches(record, _leaf))
            return new(DaneReason.NoRecordMatches, "it matches the server's own certificate, which did not issue itself: usage 3 is meant for that (RFC 7671 §5.1)");
        var top = Paths.Where(path => path.Fault is null).MaxBy(path => path.Depth)!.Top;
        return top.IsSelfIssued
            ? new(DaneReason.NoRecordMatches, "none of the certificates that the server sent matches it")
            : new(DaneReason.AnchorNotInChain, $"none of the certificates that the server sent matches it, and the issuer of {top.Label} is not among them: an anchor that is named by a digest must be sent (RFC 7671 §5.2.2){(_policy.Roots is { } roots && roots.All.Any(root => record.Matches(root.Frame)) ? "; that the trust store has it does not count here" : "")}");
    }

    private PathFault LeafDiffers(TlsaRecord record)
    {
        var text = $"the record {Describe(record)} does not match {(record.Selector == TlsaSelector.Certificate ? "the server's certificate" : "the public key of the server's certificate")}, {_leaf.Label}";
        var issuer = _sent.FirstOrDefault(certificate => !ReferenceEquals(certificate, _leaf) && Matches(record, certificate));
        return new(DaneReason.NoRecordMatches, issuer is null ? text : $"{text}, but that of {issuer.Label}: usage {(byte)record.Usage - 1} is meant for an issuer (RFC 7671 §5.2)");
    }

    private static PathFault About(TlsaRecord record, PathFault fault) => fault with { Text = $"the record {Describe(record)} does not hold: {fault.Text}" };

    private static PathFault Nearer(PathFault? known, PathFault fault) => known is null || fault.Nearness > known.Nearness ? fault : known;

    private static string Selected(TlsaRecord record) => record.Selector == TlsaSelector.Certificate ? "certificate" : "public key";

    /// <summary>A record for people: its parameters and how its data begins.</summary>
    internal static string Describe(TlsaRecord record) => record.Data.Length <= 8 ? record.ToString() : $"{record.Parameters} {record.Data.Slice(0, 8).ToHex()}…";

    private static DaneVerdict Match(DaneReason reason, TlsaRecord record, int depth, ImmutableArray<PathCertificate> path, string text) =>
        new() { Reason = reason, Record = record, Depth = depth, End = PathEnd.Of(path), Explanation = text };

    /// <summary>A path with the anchor that a record carries; a bare key has no dates.</summary>
    private static ImmutableArray<PathCertificate> WithCarried(Path path, TlsaRecord record) =>
        record.Selector == TlsaSelector.Certificate && PathCertificate.TryRead(record.Data, out var anchor) ? path.ToArray().Add(anchor) : path.ToArray();

    private static DaneVerdict Refuse(PathFault fault) => new() { Reason = fault.Reason, Explanation = fault.Text };
}
