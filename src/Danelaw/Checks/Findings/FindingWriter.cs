using System.Collections.Immutable;

namespace Danelaw.Checks.Findings;

/// <summary>Writes what was found, each with its mend: the gravest first, otherwise in the order of the walk. Pure.</summary>
internal static class FindingWriter
{
    private static readonly ImmutableArray<Func<TargetSubject, IEnumerable<Finding>>> OfTarget =
    [
        RouteFindings.Of,
        SrvFindings.Of,
        StrayFindings.Of,
        subject => SameEverywhere.Fold(subject.Hosts.SelectMany(host => OfHost.SelectMany(of => of(host)).Select(host.Weigh).Select(host.NameAlias).Select(finding => (host, finding)))),
        ServiceFindings.Of,
        ServerFindings.Of,
        NoteFindings.Of,
    ];

    private static readonly ImmutableArray<Func<HostSubject, IEnumerable<Finding>>> OfHost =
    [
        NameFindings.Of,
        RecordFindings.Of,
        IssuerPinFindings.Of,
        OwnAuthorityFindings.Of,
        FirstPathFindings.Of,
        StrayFindings.Of,
        EndpointFindings.Of,
        RawKeyFindings.Of,
        CertificateQualityFindings.Of,
    ];

    internal static ImmutableArray<Finding> Write(TargetSubject subject) =>
        [.. LookupWords.OncePerZone(OfTarget.SelectMany(of => of(subject)).Distinct().OrderByDescending(finding => finding.Severity), subject.Evidence, subject.Options)];
}
