using System.Collections.Immutable;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Signing.Sorting;
using Danelaw.Dnssec.Signing.Streaming;

namespace Danelaw.Dnssec.Signing;

/// <summary>An RRset of the signed zone, in the order of publication, and what is to be done for it.</summary>
/// <param name="Set">The records.</param>
/// <param name="IsSigned">Whether signatures belong to them.</param>
/// <param name="Signatures">Those that the zone brings for the name; some may be kept.</param>
/// <param name="Validity">From when to when new ones hold.</param>
internal readonly record struct SetTask(RecordSet Set, bool IsSigned, ImmutableArray<Octets> Signatures, SignatureValidity Validity);

/// <summary>Walks a zone name by name, in canonical order, and says for each RRset of the signed zone what is to be done. Does no cryptography, so others can do that in parallel.</summary>
/// <param name="keys">The keys.</param>
/// <param name="options">How.</param>
/// <param name="limits">Of sorting the NSEC3 chain.</param>
/// <param name="isStrict">Whether a zone that no server would load is refused.</param>
internal sealed class ZonePlan(IReadOnlyCollection<SigningKey> keys, ZoneSigningOptions options, SortLimits limits, bool isStrict) : IDisposable
{
    private readonly SetBuilder _builder = new();
#pragma warning disable CA5394 // Jitter spreads load; nobody gains by guessing it.
    private readonly Random? _random = options.Jitter > TimeSpan.Zero ? options.Seed is { } seed ? new Random(seed) : new Random() : null;
#pragma warning restore CA5394
    private DenialChain? _chain;
    private ApexServers? _servers;

    /// <summary>The apex; null until the first task was given.</summary>
    internal ZoneApex? Apex { get; private set; }

    internal ZoneNotes Notes { get; } = new();

    /// <summary>The parameters of NSEC3 that the zone is signed with; null for NSEC.</summary>
    internal Nsec3Options? Nsec3 { get; private set; } = options.Nsec3;

    internal long Names { get; private set; }

    /// <param name="input">All records.</param>
    /// <exception cref="ZoneRefusedException">They are no zone.</exception>
    internal IEnumerable<SetTask> Tasks(ZoneInputSorter input)
    {
        if (input.Apex is not { } apex) throw new ZoneRefusedException("no SOA record");
        ZoneWalk? walk = null;
        foreach (var name in input.Names())
        {
            var sets = _builder.Build(name, Notes, out var signatures);
            if (sets.IsEmpty)
            {
                // Nothing but what an earlier signing made.
                if (Apex is not null && options.Reuse is not null) _chain!.AddOld(name.Owner, signatures);
                continue;
            }

            if (Apex is null)
            {
                if (name.Owner != apex) throw Outside(name, sets[0].Type, apex);
                if (Nsec3 is null) ChooseDenial(name, input);
                if (isStrict && Nsec3 is { Iterations: > Nsec3Hash.MostIterations } many)
                    throw new ZoneRefusedException($"{many.Iterations} NSEC3 iterations: validators call such a zone insecure or refuse it (RFC 9276 §3.2); sign with NSEC, or with NSEC3 and 0 iterations");
                Apex = ZoneApex.Create(name.Owner, sets, keys, options, Nsec3, Notes, isStrict);
                sets = Apex.Sets;
                walk = new(Apex.Frame.Apex);
                _chain = Nsec3 is { } nsec3 ? new Nsec3Chain(Apex.Frame, nsec3, limits) : new NsecChain(Apex.Frame);
            }

            if (options.Reuse is null) signatures = [];
            var node = Node(name, sets, signatures, walk!);
            Names++;
            if (_chain!.Add(node) is { } complete) yield return Task(complete);
            if (_builder.HasNsec3Leftovers && options.Reuse is not null) _chain.AddOld(name.Owner, signatures);
            foreach (var set in node.Sets)
                if (set.Data.Length > 0) yield return Task(set, node.IsSigned(set.Type), node.Signatures);
        }

        foreach (var fault in _servers?.Faults() ?? []) Notes.Add($"{apex} NS: {fault}");
        foreach (var denial in _chain!.Rest()) yield return Task(denial);
    }

    /// <summary>A set that is made when all others are known.</summary>
    internal SetTask Late(RecordSet set) => Task(set, isSigned: true, []);

    public void Dispose() => _chain?.Dispose();

    /// <summary>The chain that the zone brings, where that is kept.</summary>
    private void ChooseDenial(ZoneName name, ZoneInputSorter input)
    {
        foreach (var stored in name.Records.Where(stored => stored.Record.Type == RecordType.NSEC3PARAM))
        {
            // RFC 5155 §4.1.2: one with flags is of a chain that is not complete.
            if (!Nsec3ParamData.TryRead(stored.Record.Data, out var brought) || brought.Flags != 0) continue;
            if (options.KeepsNsec3 && brought.HashAlgorithm == Nsec3Hash.Sha1Algorithm) Nsec3 = new() { Iterations = brought.Iterations, Salt = brought.Salt, OptOut = input.HasOptOut(brought) };
            else Notes.Add("the zone came with NSEC3 and is signed with NSEC now");
            return;
        }
    }

    private ZoneNode Node(ZoneName name, ImmutableArray<RecordSet> sets, ImmutableArray<Octets> signatures, ZoneWalk walk)
    {
        var frame = Apex!.Frame;
        var (hasNs, hasDname) = (false, false);
        foreach (var set in sets)
        {
            if (!name.Owner.IsAtOrBelow(frame.Apex)) throw Outside(name, set.Type, frame.Apex);
            if (set.Class != frame.Class) throw new ZoneRefusedException($"{name.Owner} {RecordTypes.ToText(set.Type)} has another class than the SOA{Place(name)}");
            if (set.Type == RecordType.SOA && name.Owner != frame.Apex) throw new ZoneRefusedException($"more than one SOA record ({name.Owner}){Place(name)}");
            hasNs |= set.Type == RecordType.NS;
            hasDname |= set.Type == RecordType.DNAME;
        }

        var kind = walk.Next(name.Owner, hasNs, hasDname);
        if (isStrict)
        {
            // NSD, Knot and, below a DNAME at the apex, BIND do not load such a zone.
            if (walk.DnameAbove is { } dname) throw new ZoneRefusedException($"{name.Owner} {RecordTypes.ToText(sets[0].Type)} stands below the DNAME record of {dname} (RFC 6672 §2.4){Place(name)}");
            _servers ??= new(frame.Apex, sets);
            Require(name, kind, sets, hasNs, hasDname);
            _servers.Pass(name.Owner, kind, sets);
        }

        return new(name.Owner, kind, sets, signatures);
    }

    /// <summary>What servers refuse to load.</summary>
    private void Require(ZoneName name, ZoneNodeKind kind, ImmutableArray<RecordSet> sets, bool hasNs, bool hasDname)
    {
        if (kind == ZoneNodeKind.Delegation && name.Owner.IsWildcard) throw new ZoneRefusedException($"{name.Owner} NS: a wildcard delegates nothing (RFC 4592 §4.2){Place(name)}");
        if (kind == ZoneNodeKind.Delegation && hasDname) throw new ZoneRefusedException($"{name.Owner} has NS and DNAME records, and is not the apex (RFC 6672 §2.4){Place(name)}");
        if (name.Owner == Apex!.Frame.Apex && !hasNs) throw new ZoneRefusedException($"the apex {name.Owner} has no NS record (RFC 1035 §3.3.11)");
        foreach (var set in sets)
        {
            if (set.Type == RecordType.CNAME && _servers!.Contains(name.Owner)) throw new ZoneRefusedException($"{name.Owner} is a name server of the zone and an alias (RFC 2181 §10.3){Place(name)}");
            if (DigestLength.FaultOf(set) is { } digest) throw new ZoneRefusedException($"{name.Owner} {RecordTypes.ToText(set.Type)}: {digest}{Place(name)}");
            if (set.Type is RecordType.CNAME or RecordType.DNAME && set.Data.Length > 1) throw new ZoneRefusedException($"{name.Owner} has more than one {RecordTypes.ToText(set.Type)} record (RFC 2181 §10.1, RFC 6672 §2.4){Place(name)}");
            // RFC 4034 §3, §4: what signing adds may stand beside a CNAME, and so may KEY (RFC 2931).
            if (set.Type == RecordType.CNAME && sets.Any(other => other.Type is not (RecordType.CNAME or RecordType.KEY))) throw new ZoneRefusedException($"{name.Owner} has a CNAME and other records (RFC 1034 §3.6.2){Place(name)}");
            if (set.Type is RecordType.CDS or RecordType.CDNSKEY or RecordType.DNSKEY or RecordType.NSEC3PARAM && name.Owner != Apex.Frame.Apex)
                Notes.Add($"{name.Owner} {RecordTypes.ToText(set.Type)} has a meaning at the apex of a zone only{Place(name)}");
            if (set.Type == RecordType.DS && name.Owner == Apex.Frame.Apex) throw new ZoneRefusedException($"the apex {name.Owner} has DS records, which belong to the zone above (RFC 4035 §2.4){Place(name)}");
            if (set.Type == RecordType.DS && !hasNs) Notes.Add($"{name.Owner} DS stands where no delegation is (RFC 4035 §2.4){Place(name)}");
        }
    }

    private static ZoneRefusedException Outside(ZoneName name, RecordType type, DomainName apex) => new($"{name.Owner} {RecordTypes.ToText(type)} lies outside the zone {apex}{Place(name)}");

    private static string Place(ZoneName name) => name.Records[0].Line > 0 ? $", line {name.Records[0].Line}" : "";

    private SetTask Task(in Denial denial) => Task(denial.Set, isSigned: true, options.Reuse is null ? [] : denial.Signatures);

    private SetTask Task(RecordSet set, bool isSigned, ImmutableArray<Octets> signatures)
    {
        var validity = options.Validity;
#pragma warning disable CA5394 // As above.
        if (isSigned && _random is not null) validity = validity with { Expiration = validity.Expiration.AddSeconds(-_random.NextInt64((long)options.Jitter.TotalSeconds + 1)) };
#pragma warning restore CA5394
        return new(set, isSigned, signatures, validity);
    }
}
