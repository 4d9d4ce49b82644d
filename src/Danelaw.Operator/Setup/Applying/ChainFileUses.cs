using System.Collections.Immutable;
using System.Runtime.Versioning;
using Danelaw.Dns;
using Danelaw.Operator.Audit;
using Danelaw.Operator.Audit.Certificates;
using Danelaw.Operator.Audit.Files;

namespace Danelaw.Operator.Setup.Applying;

/// <summary>
/// What needs the chain files of setups although all that was altered is back: settings that somebody has written since and that name one, and keys that are nowhere else (docs/decisions/0310).
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed class ChainFileUses
{
    private readonly HostFiles _files;
    private readonly ImmutableHashSet<string> _added;
    private readonly ImmutableArray<ChainFacts> _chains;
    private readonly ImmutableHashSet<Octets> _keys;
    private readonly string _doubt;

    private ChainFileUses(HostFiles files, ImmutableHashSet<string> added, HostFacts host, IEnumerable<string> former)
    {
        _files = files;
        _added = added;

        // What goes with the chain files names none of them in the end.
        _chains = [.. host.Chains.Where(chain => !added.Contains(files.Look(chain.Use.Place.File).RealPath))];
        var lineages = host.Lineages.Select(lineage => lineage.KeyFile).OfType<string>();
        _keys = [.. _chains.SelectMany(chain => chain.Use.Files).Concat(lineages).Concat(former).Distinct().Where(path => path is ['/', ..] && !added.Contains(files.Look(path).RealPath)).SelectMany(KeysIn)];
        _doubt = host.Unseen.FirstOrDefault(unseen => unseen.MayNameChains) is { } unseen ? $"{unseen.What} may name it ({unseen.Why.TrimEnd('.')})"
            : (host.Dovecot?.Faults ?? []).Concat(host.WebFaults.Select(fault => fault.Fault)).FirstOrDefault() is { } fault ? $"{fault.Place} may name it ({fault.Text.TrimEnd('.')})"
            : "";
    }

    /// <summary>Reads the host anew.</summary>
    /// <param name="files">Its files.</param>
    /// <param name="added">The files that are about to be taken away.</param>
    /// <param name="former">The files that chains came from, or that were read before.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal static async ValueTask<ChainFileUses> ReadAsync(HostFiles files, ImmutableHashSet<string> added, IEnumerable<string> former, CancellationToken cancellationToken) =>
        new(files, added, await new HostReader(files, null).ReadAsync(cancellationToken).ConfigureAwait(false), former);

    /// <summary>Why a chain file has to stay.</summary>
    /// <param name="path">The file, links followed.</param>
    /// <returns>Why, as a phrase; null where nothing is known that names it.</returns>
    internal string? NeedOf(string path) =>
        _chains.FirstOrDefault(chain => chain.Use.Files.Any(file => _files.Look(file).RealPath == path)) is { } named ? $"{named.Use.Place} names it" : _doubt.Length > 0 ? _doubt : null;

    /// <summary>Whether a chain file has a key that no other file here that is known holds.</summary>
    /// <param name="path">The file.</param>
    internal bool IsOnlyCopy(string path) => _added.Contains(path) && KeysIn(path).Any(key => !_keys.Contains(key));

    private IEnumerable<Octets> KeysIn(string path) => ChainFacts.Read(_files, new(ServerProgram.Other, "", "", [path], false, new(path, 0))).Keys;
}
