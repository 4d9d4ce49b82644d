using System.Collections.Immutable;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;

namespace Danelaw.Lab.Zones;

/// <summary>Finds the records that prove a denial. A zone without denials proves nothing.</summary>
internal abstract class DenialIndex
{
    internal static DenialIndex Of(DomainName apex, IReadOnlyCollection<SignedSet> denials) =>
        denials.Any(set => set.Records[0].Type == RecordType.NSEC3) ? new Nsec3Index(apex, denials) : new NsecIndex(denials);

    /// <summary>The name exists without the type, or has no DS; with opt-out it may also be a delegation without a record of its own.</summary>
    internal abstract ImmutableArray<ResourceRecord> NoData(DomainName name);

    /// <summary>Neither the name exists nor a wildcard for it.</summary>
    internal abstract ImmutableArray<ResourceRecord> NameError(DomainName name, DomainName encloser, DomainName nextCloser);

    /// <summary>A wildcard answers, for no closer name exists.</summary>
    internal abstract ImmutableArray<ResourceRecord> Expansion(DomainName name, DomainName nextCloser);

    /// <summary>A wildcard matches and has not the type.</summary>
    internal abstract ImmutableArray<ResourceRecord> WildcardNoData(DomainName name, DomainName encloser, DomainName nextCloser, DomainName wildcard);

    /// <summary>The records of several sets, each set once.</summary>
    protected static ImmutableArray<ResourceRecord> Join(params IEnumerable<SignedSet?> sets) =>
        [.. sets.OfType<SignedSet>().DistinctBy(set => (set.Records[0].Owner, set.Records[0].Type)).SelectMany(set => set.All)];
}

/// <summary>Denial by NSEC (RFC 4035 §3.1.3).</summary>
internal sealed class NsecIndex : DenialIndex
{
    private readonly SignedSet[] _sets;
    private readonly DomainName[] _owners;

    internal NsecIndex(IEnumerable<SignedSet> sets)
    {
        _sets = [.. sets.OrderBy(set => set.Records[0].Owner)];
        _owners = [.. _sets.Select(set => set.Records[0].Owner)];
    }

    internal override ImmutableArray<ResourceRecord> NoData(DomainName name) => Join(At(name));

    internal override ImmutableArray<ResourceRecord> NameError(DomainName name, DomainName encloser, DomainName nextCloser) =>
        Join(At(name), encloser.TryToWildcardChild(out var wildcard) ? At(wildcard) : null);

    internal override ImmutableArray<ResourceRecord> Expansion(DomainName name, DomainName nextCloser) => Join(At(name));

    internal override ImmutableArray<ResourceRecord> WildcardNoData(DomainName name, DomainName encloser, DomainName nextCloser, DomainName wildcard) =>
        Join(At(name), At(wildcard));

    /// <summary>The set at the name or, when it has none, the one whose span holds it.</summary>
    private SignedSet? At(DomainName name)
    {
        if (_owners.Length == 0) return null;
        var found = Array.BinarySearch(_owners, name);
        return _sets[found >= 0 ? found : Math.Max(0, ~found - 1)];
    }
}

/// <summary>Denial by NSEC3 (RFC 5155 §7.2).</summary>
internal sealed class Nsec3Index : DenialIndex
{
    private readonly DomainName _apex;
    private readonly SignedSet[] _sets;
    private readonly DomainName[] _owners;
    private readonly ushort _iterations;
    private readonly Octets _salt;

    internal Nsec3Index(DomainName apex, IEnumerable<SignedSet> sets)
    {
        _apex = apex;
        // Base32hex keeps the order of the hashes (RFC 4648 §7), so names can be compared in their place.
        _sets = [.. sets.Where(set => set.Records[0].Type == RecordType.NSEC3).OrderBy(set => set.Records[0].Owner)];
        _owners = [.. _sets.Select(set => set.Records[0].Owner)];
        if (Nsec3Data.TryRead(_sets[0].Records[0].Data, out var data)) (_iterations, _salt) = (data.Iterations, data.Salt);
    }

    // RFC 5155 §7.2.3, §7.2.4: without a match the closest encloser that has one, and what covers the name below it.
    internal override ImmutableArray<ResourceRecord> NoData(DomainName name)
    {
        if (Matching(name) is { } match) return Join(match);
        var (encloser, nextCloser) = Provable(name.Parent, name);
        return Join(Matching(encloser), Covering(nextCloser));
    }

    // RFC 5155 §7.2.2.
    internal override ImmutableArray<ResourceRecord> NameError(DomainName name, DomainName encloser, DomainName nextCloser)
    {
        (encloser, nextCloser) = Provable(encloser, nextCloser);
        return Join(Matching(encloser), Covering(nextCloser), encloser.TryToWildcardChild(out var wildcard) ? Covering(wildcard) : null);
    }

    // RFC 5155 §7.2.6.
    internal override ImmutableArray<ResourceRecord> Expansion(DomainName name, DomainName nextCloser) => Join(Covering(nextCloser));

    // RFC 5155 §7.2.5.
    internal override ImmutableArray<ResourceRecord> WildcardNoData(DomainName name, DomainName encloser, DomainName nextCloser, DomainName wildcard) =>
        Join(Matching(encloser), Covering(nextCloser), Matching(wildcard));

    /// <summary>With opt-out the closest encloser may have no record of its own: the closest provable one is taken (RFC 5155 §7.2.1).</summary>
    private (DomainName Encloser, DomainName NextCloser) Provable(DomainName encloser, DomainName nextCloser)
    {
        while (encloser != _apex && Matching(encloser) is null) (encloser, nextCloser) = (encloser.Parent, encloser);
        return (encloser, nextCloser);
    }

    private SignedSet? Matching(DomainName name)
    {
        var found = Array.BinarySearch(_owners, OwnerFor(name));
        return found >= 0 ? _sets[found] : null;
    }

    private SignedSet Covering(DomainName name)
    {
        var found = Array.BinarySearch(_owners, OwnerFor(name));
        // Before the first hash comes the last one's span.
        return found >= 0 ? _sets[found] : _sets[~found == 0 ? ^1 : ~found - 1];
    }

    private DomainName OwnerFor(DomainName name)
    {
        Span<byte> hash = stackalloc byte[Nsec3Hash.Length];
        Nsec3Hash.Compute(name, _iterations, _salt.Span, hash);
        return Nsec3Hash.TryToOwner(hash, _apex, out var owner) ? owner : default;
    }
}
