using Danelaw.Dns.Names;

namespace Danelaw.Servers;

/// <summary>
/// The newest serial of a zone. Copies whose SOA names different primary servers, as of two providers that each hold the zone, are counted by different people: serials are compared (RFC 1982 §3.2)
/// among those of one primary alone.
/// </summary>
internal sealed class NewestCopies
{
    private readonly Dictionary<DomainName, uint> _serials = [];

    internal NewestCopies(IEnumerable<JudgedServer> servers)
    {
        foreach (var server in servers)
            if (server.Soa is { HasZone: true, Serial: { } serial } soa && (!_serials.TryGetValue(PrimaryOf(soa), out var known) || IsOlder(known, serial))) _serials[PrimaryOf(soa)] = serial;
    }

    /// <summary>Whether a server has the newest copy.</summary>
    internal bool Has(JudgedServer server) => server.Soa is { Serial: { } serial } soa && _serials.TryGetValue(PrimaryOf(soa), out var newest) && newest == serial;

    /// <summary>The serial of others, when a server's is older; null otherwise.</summary>
    internal uint? Above(ServerProbe? soa) => soa is { Serial: { } serial } && _serials.TryGetValue(PrimaryOf(soa), out var newest) && IsOlder(serial, newest) ? newest : null;

    private static DomainName PrimaryOf(ServerProbe soa) => soa.Primary ?? default;

    /// <summary>RFC 1982 §3.2.</summary>
    private static bool IsOlder(uint serial, uint than) => unchecked((int)(than - serial)) > 0;
}
