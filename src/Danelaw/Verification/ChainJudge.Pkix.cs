using System.Collections.Immutable;
using Danelaw.Certificates;
using Danelaw.Tlsa;
using Danelaw.Verification.Paths;
using Path = Danelaw.Verification.Paths.Path;

namespace Danelaw.Verification;

internal sealed partial class ChainJudge
{
    private PathSearch? _pkixSearch;

    /// <summary>The paths that end in a certificate of the trust store. Going on above a trusted certificate is what R47 asks for: what a record names may stand higher.</summary>
    private IEnumerable<Path> PkixPaths => _policy.Roots is { } roots ? FindPkixPaths(roots) : [];

    /// <summary>RFC 7671 §5.3: the record names the server's certificate, and PKIX accepts it.</summary>
    private DaneVerdict JudgePkixEndEntity(TlsaRecord record)
    {
        if (!record.Matches(_leaf.Frame)) return Refuse(LeafDiffers(record));
        PathFault? nearest = null;
        foreach (var path in PkixPaths)
        {
            var fault = path.Fault ?? FindFault(path, endsInKey: false);
            if (fault is null) return Match(DaneReason.MatchedPkixEndEntity, record, 0, path.ToArray(), $"the record {Describe(record)} matches the server's {Selected(record)}, and {path.Top.Label} of the trust store vouches for it (RFC 7671 §5.3)");
            nearest = Nearer(nearest, fault);
        }

        return Refuse(About(record, nearest ?? NotTrusted()));
    }

    /// <summary>RFC 7671 §5.4: the record names an authority in a path that PKIX accepts.</summary>
    private DaneVerdict JudgePkixTrustAnchor(TlsaRecord record)
    {
        if (!_signatures.TrySpend(WorkOfRecord)) return Refuse(Limit);
        PathFault? nearest = null;
        foreach (var path in PkixPaths)
        {
            var certificates = path.ToArray();
            var depth = MatchingDepth(record, certificates);
            if (depth < 0) continue;
            var fault = path.Fault ?? FindFault(path, endsInKey: false);
            if (fault is null) return Match(DaneReason.MatchedPkixTrustAnchor, record, depth, certificates, $"the record {Describe(record)} matches the {Selected(record)} of {certificates[depth].Label} in a path that the trust store vouches for (RFC 7671 §5.4)");
            nearest = Nearer(nearest, fault);
        }

        nearest ??= _policy.Roots is null || Paths.Any(path => Matches(record, path.Top) && MayBeAnchor(path)) ? NotTrusted() : new(DaneReason.NoRecordMatches, "no authority of a path that the trust store vouches for matches it (RFC 7671 §5.4)");
        return Refuse(About(record, nearest));
    }

    /// <summary>R39: an issuer, or the server's certificate where it is its own issuer and trusted as such.</summary>
    private int MatchingDepth(TlsaRecord record, ImmutableArray<PathCertificate> path)
    {
        for (var depth = path.Length == 1 && path[0].IsSelfIssued ? 0 : 1; depth < path.Length; depth++)
            if (Matches(record, path[depth])) return depth;
        return -1;
    }

    private IEnumerable<Path> FindPkixPaths(TrustStore roots)
    {
        var search = _pkixSearch ??= new(_leaf, certificate => roots.Of(certificate.Issuer).Concat(_sentBySubject[certificate.Issuer].Where(sent => !roots.Contains(sent.Frame.Der))), _signatures);
        return search.All.Where(path => roots.Contains(path.Top.Frame.Der));
    }

    private PathFault NotTrusted() => _policy.Roots is null
        ? new(DaneReason.NotTrusted, "it asks for PKIX, and there is no trust store to hold the chain against (RFC 7671 §5.3, §5.4)")
        : new(DaneReason.NotTrusted, "no path leads from the server's certificate to an authority of the trust store (RFC 7671 §5.3, §5.4)");
}
