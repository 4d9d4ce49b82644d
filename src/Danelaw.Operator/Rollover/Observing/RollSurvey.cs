using System.Collections.Immutable;
using System.Runtime.Versioning;
using Danelaw.Dns.Names;
using Danelaw.Operator.Audit.Files;
using Danelaw.Operator.Rollover.Settings;

namespace Danelaw.Operator.Rollover.Observing;

/// <summary>
/// Finds what two rolls share although the settings name it differently: a TLSA RRset to which aliases lead, a file that links lead to. Neither of the two
/// may go on, whichever was named to a run, because neither can tell whose records are over.
/// </summary>
/// <param name="network">What is asked of the network.</param>
/// <param name="rolls">All rolls of the settings.</param>
/// <param name="list">Where the files of a roll end; null to look.</param>
[UnsupportedOSPlatform("windows")]
internal sealed class RollSurvey(IRolloverNetwork network, ImmutableArray<RollSettings> rolls, Func<RollSettings, IEnumerable<string>>? list = null)
{
    private readonly Dictionary<DomainName, SortedSet<string>> _places = [];
    private readonly Dictionary<string, SortedSet<string>> _files = new(StringComparer.Ordinal);
    private bool _isDone;

    /// <summary>Asks once for all rolls; one alone shares nothing.</summary>
    /// <param name="files">This machine's files.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    internal async Task AskAsync(HostFiles files, CancellationToken cancellationToken)
    {
        if (_isDone || rolls.Length < 2) return;
        var asked = await Task.WhenAll(rolls.Select(async roll => (Roll: roll, (await network.AskServersAsync(roll, cancellationToken).ConfigureAwait(false)).Places))).ConfigureAwait(false);
        foreach (var (roll, places) in asked) Note(roll, places, files);
        _isDone = true;
    }

    /// <summary>What a roll shares with another, as a sentence; null for nothing.</summary>
    /// <param name="roll">The roll.</param>
    /// <param name="places">Where its records stand.</param>
    /// <param name="files">This machine's files.</param>
    internal string? FindShared(RollSettings roll, ImmutableDictionary<DomainName, DomainName> places, HostFiles files)
    {
        // Listed once: an ACME client may write over what lies there at any moment.
        var listed = Note(roll, places, files);
        foreach (var owner in roll.TlsaOwners)
        {
            var place = places.GetValueOrDefault(owner, owner);
            if (_places[place].FirstOrDefault(name => name != roll.Name) is { } other) return $"the records of {owner} stand at {place}, as do those of the roll {other}: a TLSA RRset belongs to one roll, so name all of its services there";
        }

        foreach (var path in listed)
        {
            if (_files[path].FirstOrDefault(name => name != roll.Name) is { } other) return $"{path} is what the roll {other} is given too, under this or another path, and both would show one key: every TLSA RRset that pins a key is part of one roll, so name all owners there";
        }

        return null;
    }

    /// <summary>Takes note of what a roll has; gives back its files.</summary>
    private string[] Note(RollSettings roll, ImmutableDictionary<DomainName, DomainName> places, HostFiles files)
    {
        string[] listed = [.. list is null ? Files(roll, files) : list(roll)];
        foreach (var owner in roll.TlsaOwners) Add(_places, places.GetValueOrDefault(owner, owner));
        foreach (var path in listed) Add(_files, path);
        return listed;

        void Add<T>(Dictionary<T, SortedSet<string>> named, T what)
            where T : notnull
        {
            if (!named.TryGetValue(what, out var names)) named[what] = names = new(StringComparer.Ordinal);
            names.Add(roll.Name);
        }
    }

    /// <summary>Where the chain files and the offers of a roll end, every link followed.</summary>
    private static IEnumerable<string> Files(RollSettings roll, HostFiles files)
    {
        var reader = new OfferReader(files, null);
        return roll.Chains.SelectMany(chain => chain.Offers.SelectMany(reader.Certificates).Append(chain.File)).Select(files.Look).Where(file => file.IsRead).Select(file => file.RealPath);
    }
}
