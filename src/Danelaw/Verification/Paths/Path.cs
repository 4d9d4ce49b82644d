using System.Collections.Immutable;
using Danelaw.Certificates;

namespace Danelaw.Verification.Paths;

/// <summary>A path from the server's certificate up to some certificate, each issued by the next by name.</summary>
internal sealed class Path
{
    /// <summary>Begins a path with the server's certificate, or puts an issuer above one.</summary>
    /// <param name="top">The certificate that stands highest.</param>
    /// <param name="below">The path to what it issued; null for the server's certificate.</param>
    /// <param name="fault">The lowest link that does not hold; null when all hold.</param>
    public Path(PathCertificate top, Path? below, PathFault? fault)
    {
        Top = top;
        Below = below;
        Fault = fault;
        Depth = below is null ? 0 : below.Depth + 1;
    }

    /// <summary>The certificate that stands highest.</summary>
    public PathCertificate Top { get; }

    /// <summary>The path without it.</summary>
    public Path? Below { get; }

    /// <summary>The lowest link whose signature does not hold; null when all hold.</summary>
    public PathFault? Fault { get; }

    /// <summary>The place of the highest certificate, the server's own 0.</summary>
    public int Depth { get; }

    /// <summary>Whether the path has the certificate, or another of the same name and key: going through it again would lead in a circle.</summary>
    public bool Visits(PathCertificate certificate)
    {
        for (var at = this; at is not null; at = at.Below)
        {
            if (ReferenceEquals(at.Top, certificate)) return true;
            if (at.Top.Frame.PublicKey == certificate.Frame.PublicKey && at.Top.Subject.Equals(certificate.Subject)) return true;
        }

        return false;
    }

    /// <summary>The certificates, the server's own first.</summary>
    public ImmutableArray<PathCertificate> ToArray()
    {
        var certificates = new PathCertificate[Depth + 1];
        for (var at = this; at is not null; at = at.Below) certificates[at.Depth] = at.Top;
        return ImmutableArray.Create(certificates);
    }
}
