using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Fuzz.Targets.Denying;

/// <summary>What is true of a name and a type in a zone, by RFC 1034 §4.3.2, RFC 4592 and RFC 6672.</summary>
internal enum Truth
{
    /// <summary>The zone does not say: the name belongs to a zone below, or is renamed by a DNAME, or a wildcard stands for it that no RFC gives a meaning.</summary>
    Silent = 0,

    /// <summary>There are records of the type, or an alias, of the name itself or by a wildcard.</summary>
    Exists,

    /// <summary>The name exists, or a wildcard stands for it, without records of the type.</summary>
    NoData,

    /// <summary>There is no such name.</summary>
    NameError,
}

/// <summary>A zone of a few names, kept in the plainest way; it knows what is true of every question.</summary>
internal sealed class ToyZone
{
    private static readonly string[] Labels = ["a", "b", "c", "*", "B", "ab", "\0", "_t", "z"];
    private static readonly string[] Apexes = [".", "z.", "b.Z."];

    private static readonly RecordType[][] Contents =
    [
        [RecordType.A], [RecordType.TXT, RecordType.A], [RecordType.CNAME], [RecordType.NS], [RecordType.NS, RecordType.DS], [RecordType.DNAME],
        [RecordType.DNAME, RecordType.A], [RecordType.TLSA], [RecordType.MX, RecordType.AAAA], [(RecordType)65280], [RecordType.NS, RecordType.A],
    ];

    internal static readonly RecordType[] Asked =
        [RecordType.A, RecordType.TXT, RecordType.DS, RecordType.NS, RecordType.TLSA, RecordType.CNAME, RecordType.SOA, RecordType.MX, (RecordType)65280, RecordType.DNAME, RecordType.ANY, RecordType.DNSKEY];

    private readonly SortedDictionary<DomainName, HashSet<RecordType>> _names = [];

    internal ToyZone(Draw draw)
    {
        Apex = DomainName.Parse(draw.Of(Apexes));
        _names.Add(Apex, [RecordType.SOA, RecordType.NS, RecordType.DNSKEY]);
        if (draw.Below(8) == 7) _names[Apex].Add(RecordType.DNAME);
        for (var count = draw.Below(14); count > 0; count--)
        {
            var name = DrawName(draw);
            var types = draw.Of(Contents);
            if (!name.Equals(Apex)) _names[name] = [.. types];
        }
    }

    /// <summary>A zone whose names and types are known.</summary>
    internal ToyZone(DomainName apex, IEnumerable<(DomainName Name, RecordType Type)> sets)
    {
        Apex = apex;
        foreach (var (name, type) in sets)
        {
            if (!_names.TryGetValue(name, out var types)) _names.Add(name, types = []);
            types.Add(type);
        }
    }

    internal DomainName Apex { get; }

    /// <summary>The names that the zone itself answers for, cuts included, in canonical order (RFC 4034 §6.1).</summary>
    internal IEnumerable<DomainName> Visible => _names.Keys.Where(name => !IsHidden(name));

    internal IReadOnlySet<RecordType> TypesAt(DomainName name) => _names[name];

    /// <summary>A name in or just outside what the zone has.</summary>
    internal DomainName DrawName(Draw draw)
    {
        var name = Apex;
        for (var labels = draw.Below(4); labels > 0; labels--) name = name.Prepend(draw.Of(Labels));
        return name;
    }

    internal bool IsCut(DomainName name) => !name.Equals(Apex) && _names.TryGetValue(name, out var types) && types.Contains(RecordType.NS);

    /// <summary>Whether it lies below a delegation or DNAME.</summary>
    internal bool IsHidden(DomainName name) => Above(name).Any(above => IsCut(above) || (_names.TryGetValue(above, out var types) && types.Contains(RecordType.DNAME)));

    /// <summary>Whether it is a name of the zone, an empty one too (RFC 4592 §2.2.2).</summary>
    internal bool Exists(DomainName name) => Visible.Any(visible => visible.IsAtOrBelow(name));

    /// <summary>The delegation without DS at which a name lies, or below which.</summary>
    internal bool IsUnsigned(DomainName name) => Above(name).Prepend(name).Any(IsUnsignedCut);

    /// <summary>
    /// Whether it is, or lies below, what an opt-out chain leaves out, and a wildcard stands beside that: a delegation without DS, or an empty name with nothing but such beneath it
    /// (RFC 5155 §7.1).
    /// </summary>
    internal bool IsBelowWhatIsLeftOut(DomainName name) => Above(name).Prepend(name).Any(at =>
        !at.Equals(Apex) && (IsUnsignedCut(at) || (Exists(at) && !_names.ContainsKey(at) && Visible.Where(visible => visible.IsAtOrBelow(at)).All(IsUnsignedCut)))
        && at.Parent.TryToWildcardChild(out var wildcard) && _names.ContainsKey(wildcard));

    internal bool IsUnsignedCut(DomainName name) => IsCut(name) && !_names[name].Contains(RecordType.DS) && !IsHidden(name);

    /// <summary>Whether it is a delegation with DS, or lies below one.</summary>
    internal bool IsSignedElsewhere(DomainName name) => Above(name).Prepend(name).Any(at => !at.Equals(Apex) && IsCut(at) && !IsHidden(at) && _names[at].Contains(RecordType.DS));

    internal Truth TruthOf(DomainName name, RecordType type)
    {
        if (IsHidden(name) || (IsCut(name) && type != RecordType.DS)) return Truth.Silent;

        // RFC 4035 §3.1.4.1: DS at the apex is the parent's; the root has none.
        if (type == RecordType.DS && name.Equals(Apex) && !Apex.IsRoot) return Truth.Silent;
        if (_names.TryGetValue(name, out var types)) return Has(types, type) ? Truth.Exists : Truth.NoData;
        if (Exists(name)) return Truth.NoData;
        var wildcard = ClosestEncloser(name).ToWildcardChild();
        if (!_names.TryGetValue(wildcard, out types)) return Exists(wildcard) ? Truth.NoData : Truth.NameError;

        // RFC 4592 §4.2: a wildcard delegates nothing. A DNAME at one renames nothing (RFC 4592 §4.4 leaves it open).
        if (types.Contains(RecordType.NS)) return Truth.Silent;
        return Has(types, type) ? Truth.Exists : Truth.NoData;
    }

    internal DomainName ClosestEncloser(DomainName name)
    {
        while (!Exists(name)) name = name.Parent;
        return name;
    }

    // An NSEC record stands beside an alias and not behind it (RFC 4035 §2.5).
    private static bool Has(HashSet<RecordType> types, RecordType type) => type == RecordType.ANY || types.Contains(type) || (types.Contains(RecordType.CNAME) && type != RecordType.NSEC);

    private IEnumerable<DomainName> Above(DomainName name)
    {
        for (var labels = name.LabelCount - 1; labels >= Apex.LabelCount; labels--) yield return name.Suffix(labels);
    }
}
