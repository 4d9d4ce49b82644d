using System.Collections.Immutable;
using System.Net;
using Danelaw.Operator.Audit;
using Danelaw.Operator.Audit.Certificates;
using Danelaw.Operator.Audit.Files;

namespace Danelaw.Operator.Rollover.Observing;

/// <summary>Which files this machine's servers are told to read, as <c>danelaw doctor</c> finds them: why an endpoint does not show what was put into its file.</summary>
internal sealed class ReadFiles
{
    private readonly HostFiles _files;
    private readonly ImmutableArray<ChainFacts> _chains;

    private ReadFiles(HostFiles files, ImmutableArray<ChainFacts> chains) => (_files, _chains) = (files, chains);

    /// <summary>Reads the servers' configurations; none of their programs is run.</summary>
    /// <param name="files">This machine's files.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    internal static async Task<ReadFiles> ReadAsync(HostFiles files, CancellationToken cancellationToken) =>
        new(files, (await new HostReader(files, null).ReadAsync(cancellationToken).ConfigureAwait(false)).Chains);

    /// <summary>The likely reason, as a phrase.</summary>
    /// <param name="view">What the endpoint shows.</param>
    /// <param name="file">The file that it is to read.</param>
    internal string ReasonOf(EndpointView view, string file)
    {
        var uses = IPEndPoint.TryParse(view.Endpoint.Split(' ')[0], out var place) ? _chains.Where(chain => chain.Use.Ports.Contains(place.Port)).ToArray() : [];
        var others = uses.Where(chain => !chain.Use.Files.Any(one => one == file || _files.Look(one).RealPath == _files.Look(file).RealPath)).ToArray();
        if ((others.FirstOrDefault(chain => chain.Keys.Any(key => ChainFile.Digest(key.Span) == view.Key)) ?? others.FirstOrDefault()) is { } other)
            return $"{other.Use.Subject} is told to read {other.Use.Files[^1]} ({other.Use.Place}), not {file}; danelaw setup moves it";
        return uses.Length > 0
            ? $"{uses[0].Use.Subject} is told to read {file} ({uses[0].Use.Place}), and shows what it read before, or something else answers there: restart it"
            : $"its server reads another file than {file}, or something else answers there; danelaw doctor says which file each server reads";
    }
}
