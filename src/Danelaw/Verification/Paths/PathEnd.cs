using System.Collections.Immutable;
using Danelaw.Certificates;

namespace Danelaw.Verification.Paths;

/// <summary>Which certificate of a path ends first, and so ends the path.</summary>
/// <param name="Depth">Its place, the server's own 0.</param>
/// <param name="Label">What people call it. Foreign text.</param>
/// <param name="Time">Its last second.</param>
internal sealed record PathEnd(int Depth, string Label, DateTimeOffset Time)
{
    /// <summary>Finds it, the lower of two that end together; null when no dates can be read.</summary>
    public static PathEnd? Of(ImmutableArray<PathCertificate> path)
    {
        PathEnd? first = null;
        for (var depth = 0; depth < path.Length; depth++)
        {
            if (Validity.TryRead(path[depth].Frame.Validity.Span, out var validity) && (first is null || validity.NotAfter < first.Time))
                first = new(depth, path[depth].Label, validity.NotAfter);
        }

        return first;
    }
}
