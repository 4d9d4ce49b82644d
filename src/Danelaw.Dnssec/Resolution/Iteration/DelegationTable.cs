using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Dnssec.Resolution.Iteration;

/// <summary>The delegations that are known, from the hints downwards.</summary>
internal sealed class DelegationTable
{
    /// <summary>Milliseconds for which the hints serve when priming failed.</summary>
    private const long HintLife = 30_000;

    private readonly Iterator _iterator;
    private readonly Generations<DomainName, Delegation> _known;

    /// <param name="iterator">Whose it is.</param>
    /// <param name="octets">How many octets each half of the table takes.</param>
    internal DelegationTable(Iterator iterator, long octets)
    {
        _iterator = iterator;
        _known = new(octets, static (_, delegation) => delegation.Octets);
    }

    /// <summary>The octets taken, estimated.</summary>
    internal long Octets => _known.Cost;

    internal void Set(Delegation delegation) => _known.Set(delegation.Zone, delegation);

    internal void Remove(Delegation delegation) => _known.Remove(delegation.Zone, delegation);

    /// <summary>The nearest zone at or above a name whose servers are known; the hinted zone is asked for its own list of them first (RFC 9609 §3).</summary>
    /// <returns>Null when no hint stands at or above the name.</returns>
    internal async ValueTask<Delegation?> FindNearestAsync(DomainName name, Errand errand)
    {
        var now = _iterator.Now;
        for (var zone = name; ; zone = zone.Parent)
        {
            if (_known.TryGet(zone, out var known))
            {
                if (known.Until > now) return known;
                _known.Remove(zone, known);
            }

            foreach (var hint in _iterator.Options.Hints.Zones)
                if (hint.Zone.Equals(zone)) return await PrimeAsync(hint, errand).ConfigureAwait(false);
            if (zone.IsRoot) return null;
        }
    }

    /// <summary>The addresses that zones above a host gave for it when they referred to it.</summary>
    internal IEnumerable<ZoneServer> Glue(DomainName host)
    {
        var now = _iterator.Now;
        for (var zone = host; !zone.IsRoot; zone = zone.Parent)
        {
            if (!_known.TryGet(zone, out var known) || known.Until <= now) continue;
            foreach (var server in known.Servers)
                if (server.Name.Equals(host)) yield return server;
        }
    }

    private async ValueTask<Delegation> PrimeAsync(RootHints.HintedZone hint, Errand errand)
    {
        var hinted = _iterator.Referrals.Read(hint, _iterator.Now + HintLife);
        var reply = await _iterator.Inquiries.AskAsync(hinted, new Question(hint.Zone, RecordType.NS), isPart: false, errand).ConfigureAwait(false);
        if (reply.IsAbandoned) return hinted;
        var own = reply is { Kind: ReplyKind.Answer, Exchange.Message: { } message } ? _iterator.Referrals.ReadPriming(message, hint.Zone, _iterator.Now) : null;

        // A list without a single address that can be asked is of no use: then the hints serve for a while.
        if (own is null || own.Servers.IsEmpty) own = hinted;
        Set(own);
        return own;
    }
}
