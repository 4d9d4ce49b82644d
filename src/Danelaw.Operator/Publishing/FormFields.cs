using System.Globalization;
using Danelaw.Dns.Names;
using Danelaw.Tlsa;

namespace Danelaw.Operator.Publishing;

/// <summary>What is to be typed into a DNS host's form for a TLSA record.</summary>
/// <param name="Port">Such as 25; null, like the next three, where the records stand at another name than <c>_25._tcp.host</c>, to which an alias leads (RFC 7671 §6).</param>
/// <param name="Protocol"><c>tcp</c>, <c>udp</c> or <c>sctp</c>.</param>
/// <param name="Host">The host relative to the zone, <c>@</c> at its apex: most forms append the zone.</param>
/// <param name="AbsoluteHost">The same with the closing dot, for forms that do not.</param>
/// <param name="Name">The whole owner relative to the zone, for forms with one field for it: <c>_25._tcp.mx</c>.</param>
/// <param name="AbsoluteName">The same with the closing dot.</param>
/// <param name="Record">Usage, selector, matching type and association.</param>
/// <param name="TimeToLive">In seconds.</param>
public sealed record FormFields(int? Port, string? Protocol, string? Host, string? AbsoluteHost, string Name, string AbsoluteName, TlsaRecord Record, uint TimeToLive)
{
    /// <summary>The fields of a record.</summary>
    /// <param name="zone">The zone that holds it.</param>
    /// <param name="owner">Its owner.</param>
    /// <param name="record">It.</param>
    /// <param name="timeToLive">Its TTL in seconds.</param>
    /// <exception cref="ArgumentException">The owner is not in the zone.</exception>
    public static FormFields Of(DomainName zone, DomainName owner, TlsaRecord record, uint timeToLive)
    {
        if (!owner.IsAtOrBelow(zone)) throw new ArgumentException($"{owner} is not in {zone}", nameof(owner));
        return !TlsaOwner.TryRead(owner, out var port, out var transport, out var host) || !host.IsAtOrBelow(zone)
            ? new(null, null, null, null, Relative(owner, zone), owner.ToString(), record, timeToLive)
            : new(port, transport.ToString().ToLower(CultureInfo.InvariantCulture), Relative(host, zone), host.ToString(), Relative(owner, zone), owner.ToString(), record, timeToLive);
    }

    /// <summary>A name without its zone, <c>@</c> for the zone itself.</summary>
    /// <param name="name">A name in the zone.</param>
    /// <param name="zone">The zone.</param>
    public static string Relative(DomainName name, DomainName zone)
    {
        if (name == zone) return "@";
        var whole = name.ToString();
        return zone.IsRoot ? whole[..^1] : whole[..^(zone.ToString().Length + 1)];
    }
}
