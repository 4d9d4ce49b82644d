using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Signing;

namespace Danelaw.Dnssec.Checking;

/// <summary>Whether each name holds what a zone may hold there.</summary>
internal sealed class ContentsAudit(ZoneFrame frame)
{
    private readonly Dictionary<DomainName, Place> _glueNeeded = [];
    private ApexServers? _servers;
    private Place _serversPlace;
    private CheckedName? _cut;
    private bool _isBelowDname;

    internal void Check(CheckedName name)
    {
        if (name.Kind == ZoneNodeKind.Occluded) CheckHidden(name);
        else EndCut(name, name.Findings);
        var findings = name.Findings;
        CheckServers(name);
        foreach (var (set, place) in name.Sets)
        {
            if (DigestLength.FaultOf(set) is { } digest) findings.Error(ZoneFindingCodes.Contents, name.Owner, set.Type, place, digest);
            if (set.Class != frame.Class) findings.Error(ZoneFindingCodes.Contents, name.Owner, set.Type, place, "the records have another class than the SOA");
            if (set.Type == RecordType.SOA && name.Owner != frame.Apex) findings.Error(ZoneFindingCodes.Contents, name.Owner, set.Type, place, "a second SOA record");
            if (set.Type is RecordType.CNAME or RecordType.DNAME && set.Data.Length > 1) findings.Error(ZoneFindingCodes.Contents, name.Owner, set.Type, place, $"more than one {RecordTypes.ToText(set.Type)} record (RFC 2181 §10.1, RFC 6672 §2.4)");
            if (set.Type == RecordType.CNAME && name.Sets.Any(other => other.Set.Type is not (RecordType.CNAME or RecordType.NSEC or RecordType.NSEC3 or RecordType.KEY))) findings.Error(ZoneFindingCodes.Contents, name.Owner, set.Type, place, "a CNAME record stands beside others (RFC 1034 §3.6.2)");
            if (set.Type is RecordType.CDS or RecordType.CDNSKEY && name.Owner != frame.Apex) findings.Error(ZoneFindingCodes.ChildRecords, name.Owner, set.Type, place, "CDS and CDNSKEY records belong to the apex (RFC 7344 §4.1)");
            if (set.Type is RecordType.DNSKEY or RecordType.NSEC3PARAM && name.Owner != frame.Apex) findings.Warning(ZoneFindingCodes.Contents, name.Owner, set.Type, place, "the records have a meaning at the apex only");
            if (set.Type == RecordType.DS && name.Owner == frame.Apex) findings.Error(ZoneFindingCodes.Contents, name.Owner, set.Type, place, "DS records at the apex belong to the zone above (RFC 4035 §2.4)");
            else if (set.Type == RecordType.DS && name.Kind == ZoneNodeKind.Authoritative) findings.Warning(ZoneFindingCodes.Contents, name.Owner, set.Type, place, "DS records stand where no delegation is (RFC 4035 §2.4)");
            if (set.Type == RecordType.DNAME && name.Kind == ZoneNodeKind.Delegation) findings.Error(ZoneFindingCodes.Contents, name.Owner, set.Type, place, "a DNAME record beside the NS records of a delegation (RFC 6672 §2.4)");
            if (set.Type == RecordType.NS && name is { Kind: ZoneNodeKind.Delegation, Owner.IsWildcard: true }) findings.Error(ZoneFindingCodes.Contents, name.Owner, set.Type, place, "a wildcard delegates nothing (RFC 4592 §4.2)");
        }
    }

    /// <summary>Tells of the last delegation, and of the zone's own servers.</summary>
    internal void End(Findings findings)
    {
        EndCut(null, findings);
        foreach (var fault in _servers?.Faults() ?? []) findings.Warning(ZoneFindingCodes.Glue, frame.Apex, RecordType.NS, _serversPlace, fault);
    }

    private void CheckServers(CheckedName name)
    {
        if (_servers is null)
        {
            _servers = new(frame.Apex, name.Sets.Select(each => each.Set));
            _serversPlace = name.Find(RecordType.NS)?.Place ?? name.Place;
        }

        // RFC 2181 §10.3: a server's name is no alias. BIND loads no zone of which one of its own servers is.
        if (name.Has(RecordType.CNAME) && _servers.Contains(name.Owner))
            name.Findings.Error(ZoneFindingCodes.Contents, frame.Apex, RecordType.NS, _serversPlace, $"the zone's name server {name.Owner} is an alias, and servers refuse the zone (RFC 2181 §10.3)");
        if (!name.IsDenialOnly && _servers.IsOpen) _servers.Pass(name.Owner, name.Kind, [.. name.Sets.Select(each => each.Set)]);
    }

    private void CheckHidden(CheckedName name)
    {
        if (!_isBelowDname && (name.Has(RecordType.A) || name.Has(RecordType.AAAA))) _glueNeeded.Remove(name.Owner);
        foreach (var (set, place) in name.Sets)
        {
            if (set.Type is RecordType.NSEC or RecordType.NSEC3) continue;
            if (_isBelowDname) name.Findings.Error(ZoneFindingCodes.Contents, name.Owner, set.Type, place, "records stand below a DNAME (RFC 6672 §2.4)");
            else if (set.Type is not (RecordType.A or RecordType.AAAA)) name.Findings.Note(ZoneFindingCodes.Hidden, name.Owner, set.Type, place, "records below a delegation other than addresses are never given (RFC 2181 §6)");
        }
    }

    private void EndCut(CheckedName? next, Findings findings)
    {
        if (_cut is not null)
            foreach (var (target, place) in _glueNeeded) findings.Warning(ZoneFindingCodes.Glue, _cut.Owner, RecordType.NS, place, $"the name server {target} lies within the delegated zone and has no address here (RFC 1034 §4.2.1)");
        _glueNeeded.Clear();
        _cut = null;
        _isBelowDname = next is not null && next.Kind != ZoneNodeKind.Delegation && next.Has(RecordType.DNAME);
        if (next is not { Kind: ZoneNodeKind.Delegation } || next.Find(RecordType.NS) is not { } servers) return;
        _cut = next;
        foreach (var data in servers.Set.Data)
            if (DomainName.TryFromWire(data.Span, out var target) && target.IsAtOrBelow(next.Owner)) _glueNeeded[target] = servers.Place;
        if (next.Has(RecordType.A) || next.Has(RecordType.AAAA)) _glueNeeded.Remove(next.Owner);
    }
}
