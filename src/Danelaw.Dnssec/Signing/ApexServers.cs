using System.Collections.Immutable;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Dnssec.Signing;

/// <summary>The name servers of a zone that lie within it, while its names pass in canonical order: whether the zone says where they are.</summary>
internal sealed class ApexServers
{
    private readonly HashSet<DomainName> _names;
    private readonly List<Server> _open;

    /// <param name="apex">The apex.</param>
    /// <param name="sets">What stands there.</param>
    internal ApexServers(DomainName apex, IEnumerable<RecordSet> sets)
    {
        _names = [.. sets.Where(set => set.Type == RecordType.NS).SelectMany(set => set.Data).Select(data => DomainName.TryFromWire(data.Span, out var name) ? name : default).Where(name => name.IsAtOrBelow(apex))];
        _open = [.. _names.Select(name => new Server(name))];
    }

    /// <summary>Whether of some server nothing is known yet.</summary>
    internal bool IsOpen => _open.Count > 0;

    /// <summary>Whether a name is one of them.</summary>
    internal bool Contains(DomainName name) => _names.Contains(name);

    /// <summary>Takes the next name, the apex first.</summary>
    internal void Pass(DomainName owner, ZoneNodeKind kind, ImmutableArray<RecordSet> sets)
    {
        for (var i = _open.Count - 1; i >= 0; i--)
            if (_open[i].IsFoundAt(owner, kind, sets)) _open.RemoveAt(i);
    }

    /// <summary>What is wrong, once all names have passed: for each server in a sentence.</summary>
    internal IEnumerable<string> Faults()
    {
        foreach (var server in _open)
        {
            if (server.IsAlias) yield return $"the name server {server.Name} is an alias (RFC 2181 §10.3)";
            else if (!server.IsWild) yield return $"the name server {server.Name} lies within the zone and has no address here (RFC 1034 §4.2.1)";
        }
    }

    private sealed class Server(DomainName name)
    {
        private bool _exists;
        private int _encloser;
        private (int Labels, bool HasAddress, bool IsAlias) _wildcard = (-1, false, false);

        internal DomainName Name => name;

        internal bool IsAlias { get => field || (IsWildcardUsed && _wildcard.IsAlias); private set; }

        /// <summary>Whether a wildcard gives it an address (RFC 4592 §3.3.1).</summary>
        internal bool IsWild => IsWildcardUsed && _wildcard.HasAddress;

        /// <summary>RFC 4592 §3.3.1: the wildcard at the closest encloser stands for a name that does not exist, and no other.</summary>
        private bool IsWildcardUsed => !_exists && _wildcard.Labels == _encloser;

        /// <summary>Looks at a name of the zone.</summary>
        /// <returns>Whether nothing more need be known of the server: it has an address, or is another zone's to tell.</returns>
        internal bool IsFoundAt(DomainName owner, ZoneNodeKind kind, ImmutableArray<RecordSet> sets)
        {
            var isAbove = name.IsBelow(owner);
            if (kind == ZoneNodeKind.Delegation && (isAbove || owner == name)) return true;
            _exists |= owner.IsAtOrBelow(name);
            _encloser = Math.Max(_encloser, owner.CommonAncestor(name).LabelCount);
            if (owner.IsWildcard && name.IsBelow(owner.Parent) && owner.LabelCount - 1 > _wildcard.Labels) _wildcard = (owner.LabelCount - 1, HasAddress(sets), Has(sets, RecordType.CNAME));
            if (isAbove) IsAlias |= Has(sets, RecordType.DNAME);
            if (owner != name) return false;

            // One that is a CNAME itself is more than a hint: whoever walks the zone refuses it (RFC 2181 §10.3).
            return HasAddress(sets) || Has(sets, RecordType.CNAME);
        }

        private static bool HasAddress(ImmutableArray<RecordSet> sets) => Has(sets, RecordType.A) || Has(sets, RecordType.AAAA);

        private static bool Has(ImmutableArray<RecordSet> sets, RecordType type)
        {
            foreach (var set in sets)
                if (set.Type == type) return true;
            return false;
        }
    }
}
