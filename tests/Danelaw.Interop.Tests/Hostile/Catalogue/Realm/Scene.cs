using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Signing;

namespace Danelaw.Interop.Tests.Hostile.Catalogue.Realm;

/// <summary>When a zone was signed as it stands in the library.</summary>
internal enum Era
{
    /// <summary>As it is served.</summary>
    Now = 0,

    /// <summary>A former state whose signatures have ended.</summary>
    Expired,

    /// <summary>A former state whose signatures have not ended yet.</summary>
    Stale,

    /// <summary>Signed ahead: the signatures have not begun.</summary>
    Future,
}

/// <summary>All that an attacker knows and has: every genuine record of all zones, and zones and keys of his own.</summary>
internal sealed class Scene(IReadOnlyDictionary<(DomainName Zone, Era Era), GenuineZone> zones, Impostor impostor)
{
    public Impostor Impostor { get; } = impostor;

    /// <summary>Every zone as it is served.</summary>
    public IReadOnlyList<GenuineZone> Zones { get; } = [.. zones.Where(each => each.Key.Era == Era.Now).Select(each => each.Value)];

    public GenuineZone this[DomainName zone, Era era = Era.Now] => zones[(zone, era)];

    public GenuineZone this[string zone, Era era = Era.Now] => zones[(DomainName.Parse(zone), era)];

    /// <summary>The zone that holds a name; for DS the one above the cut.</summary>
    public GenuineZone Holder(DomainName name, RecordType type) =>
        Zones.Where(zone => name.IsAtOrBelow(zone.Apex) && (type != RecordType.DS || name.IsRoot || zone.Apex != name)).MaxBy(zone => zone.Apex.LabelCount)!;

    /// <summary>A key of the attacker's that has the tag of a zone's key.</summary>
    public SigningKey Colliding(DomainName zone)
    {
        lock (_colliding)
        {
            if (_colliding.TryGetValue(zone, out var made)) return made;
            var genuine = this[zone].Bare(zone, RecordType.DNSKEY).Select(record => DnskeyData.TryRead(record.Data, out var view) ? view : default).First();
            return _colliding[zone] = Impostor.WithTag(genuine.KeyTag(), (SecurityAlgorithm)genuine.Algorithm);
        }
    }

    private readonly Dictionary<DomainName, SigningKey> _colliding = [];
}
