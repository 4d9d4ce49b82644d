using System.Collections.Immutable;
using Danelaw.Certificates;
using Danelaw.Operator.Audit.Files;

namespace Danelaw.Operator.Audit.Acme;

/// <summary>Reads the certificates that an ACME client has.</summary>
internal static class ChainReader
{
    internal static ImmutableArray<CertificateSummary> Summaries(HostFiles files, string path, ICollection<Unseen> unseen)
    {
        if (path is not ['/', ..]) return [];
        var file = files.Read(path);
        if (file.State == FileState.Unseen) unseen.Add(new($"the certificate {path}", $"{file.RealPath} cannot be read by this user; run as root"));
        if (!file.IsRead || !PemObject.TryReadAll(file.Text, out var objects, out _)) return [];
        var summaries = ImmutableArray.CreateBuilder<CertificateSummary>();
        foreach (var item in objects)
        {
            if (item.Kind == PemObjectKind.Certificate && CertificateSummary.TryRead(item.Data, out var summary)) summaries.Add(summary);
        }

        return summaries.ToImmutable();
    }
}
