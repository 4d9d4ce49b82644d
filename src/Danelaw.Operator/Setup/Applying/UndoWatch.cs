using System.Collections.Immutable;
using System.Runtime.Versioning;
using Danelaw.Dns.Names;
using Danelaw.Operator.Audit.Certificates;
using Danelaw.Operator.Audit.Files;
using Danelaw.Operator.Rollover;
using Danelaw.Operator.Rollover.Observing;
using Danelaw.Operator.Setup.Planning;
using Danelaw.Tlsa;

namespace Danelaw.Operator.Setup.Applying;

/// <summary>A set that servers do not match once they are put back.</summary>
/// <param name="Seen">The set.</param>
/// <param name="Former">What would be shown; null where the servers could not be matched at all, or the set not be seen.</param>
/// <param name="Text">What is the case, as a phrase.</param>
internal sealed record UndoFault(SeenSet Seen, FormerChain? Former, string Text);

/// <summary>
/// What senders are led by to servers that are to be put back, and what they would find there. The files of before may hold another key by now: then it counts for nothing that a record was there before
/// setup, and what every server and every cache has is to mean what is shown again (RFC 7671 §8.1), or to be gone.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed class UndoWatch
{
    /// <summary>As many names as certificates have: an undo is rare, and may take its time.</summary>
    private const int MostNames = 100;

    private readonly ImmutableArray<Journal> _journals;
    private readonly ImmutableArray<(FormerChain Former, ImmutableArray<SoundChain> Chains)> _again;
    private readonly ImmutableArray<ShownChain> _now;
    private readonly ImmutableArray<SeenSet> _beside;
    private readonly bool _needsServers;

    private UndoWatch(HostFiles files, ImmutableArray<Journal> journals, IEnumerable<DomainName> rolled, ImmutableArray<SeenSet> beside)
    {
        _journals = journals;
        _beside = beside;
        _again = [.. FormerOf(journals).Select(former => (former, ChainsIn(files, former.Files)))];
        _needsServers = journals.Any(journal => journal.Entry.NeedsServers);
        var again = _again.SelectMany(one => one.Chains).ToArray();
        SoundChain[] now = [.. journals.SelectMany(journal => journal.Entry.Chains).Distinct().SelectMany(path => ChainsIn(files, [path]))];
        _now = [.. now.Select(chain => chain.AsShown)];
        ChangesKeys = _now.Any(chain => again.All(one => one.PublicKey != chain.PublicKey));
        ShowsOther = _now.Any(chain => again.All(one => one.Certificates[0].Object.Data != chain.Certificates[0]));
        Owners = [.. journals.SelectMany(journal => journal.Entry.Records.Select(record => record.Owner).Concat(journal.Entry.Owners)).Select(DomainName.Parse).Concat(rolled).Concat(beside.Select(seen => seen.Owner)).Distinct()];

        // Somebody may have published the key at another name or port since setup looked, or in a domain that it could not list.
        var ports = _again.SelectMany(one => one.Former.Ports).ToHashSet();
        var isAnyPort = _again.Any(one => one.Former.Ports.IsEmpty);
        var hosts = Owners.SelectMany(owner => TlsaOwner.TryRead(owner, out _, out _, out var host) ? [host] : Array.Empty<DomainName>()).Distinct();
        var names = OwnersBeside.NamesOf(hosts, now.Concat(again).SelectMany(chain => chain.Leaf.DnsNames)).ToArray();
        Beyond = [.. names.Skip(MostNames)];
        Beside = [.. names.Take(MostNames).SelectMany(OwnersBeside.OwnersAt).Except(Owners).Where(owner => isAnyPort || (TlsaOwner.TryRead(owner, out var port, out _, out _) && ports.Contains(port)))];
    }

    /// <summary>The owners at which something may stand that leads senders to these servers.</summary>
    internal ImmutableArray<DomainName> Owners { get; }

    /// <summary>Where nothing is known to stand, and something may: at the names in the certificates that are shown now or again.</summary>
    internal ImmutableArray<DomainName> Beside { get; }

    /// <summary>The names in the certificates at which nothing is looked for: there are too many.</summary>
    internal ImmutableArray<DomainName> Beyond { get; }

    /// <summary>Of <see cref="Beside"/> what could not be seen, and is passed over because that was forced.</summary>
    internal ImmutableArray<DomainName> PassedOver { get; private init; } = [];

    /// <summary>Whether a server, put back, shows another key than now.</summary>
    internal bool ChangesKeys { get; }

    /// <summary>Whether it shows another certificate, be it for the same key.</summary>
    internal bool ShowsOther { get; }

    /// <summary>Whether it makes a difference to senders that know DANE.</summary>
    internal bool IsNeeded => _needsServers || ShowsOther;

    /// <summary>Whether caches may have what does not go with the servers as they were. Another certificate for the same key makes a difference only where records pin the one of today.</summary>
    internal bool HasToWait => (ChangesKeys && !_beside.IsEmpty) || _journals.SelectMany(journal => journal.Entry.Records).Any(IsWaitedFor);

    /// <summary>How long every server has to be without what does not go with the servers as they were: twice the longest TTL with which caches may have it.</summary>
    internal TimeSpan Wait => TimeSpan.FromSeconds(2.0 * (HasToWait ? _journals.SelectMany(journal => journal.Entry.Records).Where(IsWaitedFor) : _journals.SelectMany(journal => journal.Entry.Records)).Select(record => ChangesKeys ? Math.Max(record.TimeToLive, record.BeforeTimeToLive) : record.TimeToLive).Concat(_beside.Select(seen => (uint)seen.TimeToLive.TotalSeconds)).DefaultIfEmpty().Max());

    internal static UndoWatch Of(HostFiles files, ImmutableArray<Journal> journals, IEnumerable<DomainName> rolled) => new(files, journals, rolled, []);

    /// <summary>The same with what was found at <see cref="Beside"/> that pins what is shown.</summary>
    internal static UndoWatch Of(HostFiles files, ImmutableArray<Journal> journals, IEnumerable<DomainName> rolled, ImmutableArray<SeenSet> beside, ImmutableArray<DomainName> passedOver) => new(files, journals, rolled, beside) { PassedOver = passedOver };

    /// <summary>Whether nothing was known to stand at an owner until this look.</summary>
    internal bool IsBeside(DomainName owner) => _beside.Any(seen => seen.Owner == owner);

    /// <summary>Whether a set leads senders to what is shown now or again. What cannot be seen may.</summary>
    internal bool MayPin(SeenSet seen) => seen.Records is not { } records || records.Records.Any(record => _now.Any(chain => chain.IsMeantBy(record)) || _again.Any(one => one.Chains.Any(chain => chain.IsMeantBy(record))));

    /// <summary>What servers that are put back would read and find no key with its certificate in, although there was one: whatever reloads or starts them then ends TLS.</summary>
    /// <param name="files">The host's files.</param>
    /// <param name="journals">What is to be taken back, the newest first; those whose files are back already say nothing.</param>
    /// <returns>Each such chain, and what is the matter with it, as a phrase.</returns>
    internal static IEnumerable<(FormerChain Former, string Fault)> UnsoundOf(HostFiles files, ImmutableArray<Journal> journals)
    {
        ImmutableArray<Journal> open = [.. journals.Where(journal => !journal.Entry.Files.IsEmpty)];
        var back = open.SelectMany(journal => journal.Entry.Files).Where(file => !file.After.IsEmpty).Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        foreach (var former in FormerOf(open).Where(former => !former.WasUnsound && !former.Ports.IsEmpty && !former.Files.IsEmpty && !former.Files.Any(path => back.Contains(files.Look(path).RealPath))))
        {
            if (ChainsIn(files, former.Files, out var fault).IsEmpty) yield return (former, fault);
        }
    }

    /// <summary>What was at an owner before the first setup.</summary>
    internal TlsaSet BeforeAt(DomainName owner) => _journals.SelectMany(journal => journal.Entry.Records).Select(record => record.ToRecord()).LastOrDefault(record => record.Owner == owner)?.Before ?? TlsaSet.Empty;

    /// <summary>What servers that are put back would lose senders by to whom a set is known; null where they would not.</summary>
    internal UndoFault? FaultOf(SeenSet seen)
    {
        // What cannot be seen may be there.
        if (seen.Records is null || (_needsServers && LeftOf(seen) is not null)) return new(seen, null, LeftOf(seen)!);
        return Astray(seen.Owner, seen.Records) is { } former ? new(seen, former, $"{seen.Owner} has {seen.Records}{seen.Where}, which does not mean what {former.What} now") : null;
    }

    /// <summary>What stands at an owner beyond what was there before the first setup, as a phrase; null where nothing does.</summary>
    internal string? LeftOf(SeenSet seen) =>
        seen.Records is not { } records ? $"{seen.Owner} cannot be seen{seen.Where}: {seen.Detail}"
        : records.Except(BeforeAt(seen.Owner)) is { IsEmpty: false } left ? $"{seen.Owner} has {left}{seen.Where}"
        : null;

    /// <summary>What was there before, and goes with the servers as they were, may be in caches for as long as it will.</summary>
    private bool IsWaitedFor(JournalRecord record) => ChangesKeys || (_needsServers && !record.IsFound) || IsAstray(record.ToRecord());

    private bool IsAstray(SetupRecord record) => IsAstray(record.Owner, record.Before ?? TlsaSet.Empty) || IsAstray(record.Owner, record.After);

    /// <summary>Whether some sender finds no match in a set for what would be shown.</summary>
    internal bool IsAstray(DomainName owner, TlsaSet set) => Astray(owner, set) is not null;

    /// <summary>Whether some sender that finds a match now would find none in another set for what is shown now, or none for what is shown once the servers are put back.</summary>
    /// <param name="owner">The owner.</param>
    /// <param name="set">What is published there.</param>
    /// <param name="left">What would be.</param>
    internal bool IsLoss(DomainName owner, TlsaSet set, TlsaSet left)
    {
        if (left.IsEmpty) return false;
        return IsAstray(owner, left) || IsLossNow(owner, set, left);
    }

    /// <summary>The same for what is shown now alone.</summary>
    internal bool IsLossNow(DomainName owner, TlsaSet set, TlsaSet left) =>
        !left.IsEmpty && TlsaOwner.TryRead(owner, out var port, out _, out _) && _now.Any(chain => (chain.Misled(left, port) & ~chain.Misled(set, port)) != 0);

    /// <summary>What would be shown at an owner's port although some sender finds no match for it in a set.</summary>
    private FormerChain? Astray(DomainName owner, TlsaSet set)
    {
        if (!TlsaOwner.TryRead(owner, out var port, out _, out _)) return null;
        foreach (var (former, chains) in _again.Where(one => one.Former.Ports.IsEmpty || one.Former.Ports.Contains(port)))
        {
            if ((chains.IsEmpty && SetMeaning.Misled(set, TlsaSet.Empty, ServicePorts.KindOf(port)) != 0) || chains.Any(chain => chain.AsShown.Misled(set, port) != 0)) return former;
        }

        return null;
    }

    /// <summary>What each port shows in the end: all setups are taken back, so the first that moved it knows. One of before this was noted says of its chain files only where the keys came from.</summary>
    private static IEnumerable<FormerChain> FormerOf(ImmutableArray<Journal> journals)
    {
        var known = new HashSet<int>();

        // Whose files are back already says nothing of those that are not.
        foreach (var entry in journals.Reverse().Select(journal => journal.Entry).OrderBy(entry => entry.Files.IsEmpty))
        {
            var former = entry.Former.Select(one => one with { Ports = [.. one.Ports.Except(known)] }).Where(one => !one.Ports.IsEmpty).ToArray();
            foreach (var one in former) yield return one;
            known.UnionWith(former.SelectMany(one => one.Ports));
            if (!entry.Former.IsEmpty) continue;
            foreach (var file in entry.Files.Where(file => file is { Origin: not null, Existed: false })) yield return new([], [file.Origin!]);
        }
    }

    private static ImmutableArray<SoundChain> ChainsIn(HostFiles files, ImmutableArray<string> paths) => ChainsIn(files, paths, out _);

    private static ImmutableArray<SoundChain> ChainsIn(HostFiles files, ImmutableArray<string> paths, out string fault)
    {
        fault = "";
        return paths.IsEmpty ? [] : SoundChain.Of(ChainFacts.Read(files, new(ServerProgram.Other, "", "", paths, false, new(paths[^1], 0))), out fault);
    }
}
