using System.Collections.Immutable;
using System.Net;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Dnssec.Resolution.Iteration;

/// <summary>Finds addresses for servers of a zone that came without, a few at a time and not many in all, by the very same way that any name is resolved.</summary>
internal sealed class HostSearch(Iterator iterator, Inquiry inquiry, Delegation delegation, Errand errand)
{
    /// <summary>Servers that are looked up at the same time.</summary>
    private const int AtOnce = 2;

    /// <summary>Aliases that are followed from a server's name, although it should not be one (RFC 2181 §10.3).</summary>
    private const int MaximumAliases = 3;

    /// <summary>Milliseconds for which nothing is kept longer; for which a host without address is remembered; and one that could not be looked up.</summary>
    private const long LongestLife = 86_400_000;
    private const long AbsentLife = 60_000;
    private const long FailedLife = 5_000;

    private readonly HostFaults _faults = new();
    private int _next;
    private int _looked;
    private ImmutableArray<DomainName> _glued;
    private bool _isGlueTaken;

    /// <summary>What went wrong so far; searches that nobody waits for any more may still add to it.</summary>
    internal HostFaults Faults => _faults;

    /// <summary>Looks up the addresses of some more servers.</summary>
    /// <param name="isLast">Whether nobody is left to ask, so that glue is doubted as well.</param>
    /// <returns>False when there is nothing more to look up.</returns>
    internal async ValueTask<bool> FindAsync(bool isLast)
    {
        var searches = new List<Task<bool>>(AtOnce);
        while (searches.Count < AtOnce && TryTake(isLast, out var name))
        {
            if (TryKnown(name) || !MayLook(name)) continue;
            searches.Add(name.IsAtOrBelow(delegation.Zone) ? AskForGlueAsync(name) : SearchAsync(name));
        }

        if (searches.Count == 0) return isLast && TryGlue();

        // The first that has an address is enough.
        while (searches.Count > 0)
        {
            var done = await Task.WhenAny(searches).ConfigureAwait(false);
            if (await done.ConfigureAwait(false)) break;
            searches.Remove(done);
        }

        return true;
    }

    /// <summary>What a host's own zone says of its address may be wrong where the zone above is right, which refers to it: asked when nothing else has helped.</summary>
    private bool TryGlue()
    {
        if (_isGlueTaken) return false;
        _isGlueTaken = true;
        var before = delegation.Servers.Length;
        foreach (var name in delegation.Names)
            foreach (var server in iterator.Delegations.Glue(name)) delegation.Add(new(name, server.State));
        return delegation.Servers.Length > before;
    }

    private bool TryTake(bool isLast, out DomainName name)
    {
        name = default;
        var names = delegation.Names;
        if (_next < names.Length)
        {
            name = names[_next++];
            return true;
        }

        if (!isLast) return false;

        // Glue of names outside the zone may be out of date; the zone that holds the name knows better.
        if (_glued.IsDefault) _glued = [.. delegation.Servers.Select(server => server.Name).Where(host => !host.IsAtOrBelow(delegation.Zone) && !names.Contains(host)).Distinct()];
        if (_next - names.Length >= _glued.Length) return false;
        name = _glued[_next++ - names.Length];
        return true;
    }

    /// <summary>Takes what is known of a host.</summary>
    private bool TryKnown(DomainName name)
    {
        if (errand.Budget.HasGivenUp(name, errand.Depth, out var fault))
        {
            _faults.NoteLimit(isOwn: true);
            _faults.Add(fault);
            return true;
        }

        if (!iterator.Hosts.TryGet(name, iterator.Now, out var known)) return false;
        foreach (var address in known.Addresses) Add(name, address);
        if (known.Addresses.IsEmpty) _faults.Add($"{name} {known.Fault}");
        return true;
    }

    private bool MayLook(DomainName name)
    {
        var limits = errand.Budget.Limits;
        if (_looked >= limits.AddressLookupsPerDelegation) return Refuse(name, $"{limits.AddressLookupsPerDelegation} servers of one delegation are as many as are looked up", isOwn: false);
        if (errand.Depth >= limits.AddressDepth) return Refuse(name, $"{limits.AddressDepth} lookups of addresses wait for one another, as many as may", isOwn: true);
        if (!errand.Budget.TryTakeAddressLookup()) return Refuse(name, $"{limits.AddressLookups} name servers are as many as one lookup looks up", isOwn: true);
        _looked++;
        return true;
    }

    private bool Refuse(DomainName name, string why, bool isOwn)
    {
        _faults.NoteLimit(isOwn);
        _faults.Add($"the addresses of {name} were not looked up: {why}");
        return false;
    }

    /// <summary>
    /// RFC 9471 §3: without glue nobody can ask the zone where its own servers are. The zone above may have left it out of one referral and still give it when asked.
    /// </summary>
    private async Task<bool> AskForGlueAsync(DomainName name)
    {
        var inner = new Errand(errand.Budget) { For = inquiry, Depth = errand.Depth + 1 };
        var above = delegation.Zone.IsRoot ? null : await iterator.Delegations.FindNearestAsync(delegation.Zone.Parent, inner).ConfigureAwait(false);
        var before = delegation.Servers.Length;
        foreach (var type in (RecordType[])[RecordType.A, RecordType.AAAA])
        {
            if (above is null || (type == RecordType.A ? !iterator.Options.UseIPv4 : !iterator.Options.UseIPv6)) continue;
            var reply = await iterator.Inquiries.AskAsync(above, new(name, type), isPart: false, inner).ConfigureAwait(false);
            if (reply.IsAbandoned) _faults.NoteLimit(isOwn: true);
            if (reply.Delegation is { } referral && referral.Zone.Equals(delegation.Zone))
            {
                foreach (var server in referral.Servers)
                    if (server.Name.Equals(name)) delegation.Add(new(name, server.State));
            }
            else if (reply.Exchange?.Message is { } message)
            {
                foreach (var address in Addresses(message, name, type).Addresses) Add(name, address);
            }
        }

        if (delegation.Servers.Length > before) return true;
        _faults.Add($"{name}, which lies in {delegation.Zone} itself, came without an address (RFC 9471 §3)");
        return false;
    }

    private async Task<bool> SearchAsync(DomainName name)
    {
        var inner = new Errand(errand.Budget) { For = inquiry, Depth = errand.Depth + 1 };
        var families = new List<Task<Finding>>(2);
        if (iterator.Options.UseIPv4) families.Add(LookupAsync(name, RecordType.A, inner));
        if (iterator.Options.UseIPv6) families.Add(LookupAsync(name, RecordType.AAAA, inner));

        // One family is enough to go on with; the other is added when it comes. Of two that failed the first one's reason is told, whichever ended sooner, but a limit before all else.
        var first = families.FirstOrDefault();
        Finding? worst = null;
        while (families.Count > 0)
        {
            var done = await Task.WhenAny(families).ConfigureAwait(false);
            families.Remove(done);
            var found = await done.ConfigureAwait(false);
            if (!found.Host.Addresses.IsEmpty) return true;
            if (worst is null || (found.IsOverLimit == worst.IsOverLimit ? done == first : found.IsOverLimit)) worst = found;
        }

        if (worst is null) return false;

        // What limits kept us from finding out is nothing to remember for others.
        var fault = $"{name} {worst.Host.Fault}";
        if (worst.IsOverLimit) errand.Budget.GiveUp(name, errand.Depth, fault);
        else iterator.Hosts.Set(name, worst.Host);
        _faults.Add(fault);
        return false;
    }

    /// <summary>Looks up addresses of one family.</summary>
    private async Task<Finding> LookupAsync(DomainName host, RecordType type, Errand inner)
    {
        var name = host;
        for (var aliases = 0; aliases <= MaximumAliases; aliases++)
        {
            var found = await new Descent(iterator, new(name, type), inner).RunAsync().ConfigureAwait(false);
            var now = iterator.Now;
            if (found.Reply.IsCircle) return new(new([], now + FailedLife, HostFaults.Circle));
            if (found.Reply.Failure is { } failure)
            {
                var isOverLimit = found.Reply.IsAbandoned || failure.Reason == LookupReason.LimitReached;
                if (isOverLimit) _faults.NoteLimit(isOwn: found.Reply.IsAbandoned);
                return new(new([], now + FailedLife, $"could not be found: {failure.Text}"), isOverLimit);
            }

            var message = found.Reply.Exchange!.Message!;
            var (addresses, life) = Addresses(message, name, type);
            if (!addresses.IsEmpty)
            {
                iterator.Hosts.Add(host, addresses, now, now + life);
                foreach (var address in addresses) Add(host, address);
                return new(new(addresses, now + life, ""));
            }

            if (!TryAlias(message, ref name)) return new(new([], now + AbsentLife, message.ResponseCode == ResponseCode.NameError ? "does not exist" : "has no address"));
        }

        return new(new([], iterator.Now + AbsentLife, "is an alias that leads too far (RFC 2181 §10.3)"));
    }

    private static (ImmutableArray<IPAddress> Addresses, long Life) Addresses(DnsMessage message, DomainName name, RecordType type)
    {
        const int MaximumAddresses = 16;
        var addresses = ImmutableArray.CreateBuilder<IPAddress>();
        var life = LongestLife;
        foreach (var record in message.Answers)
        {
            if (record.Type != type || !record.Owner.Equals(name) || addresses.Count >= MaximumAddresses || !AddressData.TryRead(type, record.Data, out var address)) continue;
            addresses.Add(address);
            life = Math.Min(life, Math.Max(record.TimeToLive * 1000L, FailedLife));
        }

        return (addresses.ToImmutable(), life);
    }

    private static bool TryAlias(DnsMessage message, ref DomainName name)
    {
        foreach (var record in message.Answers)
        {
            if (record.Type != RecordType.CNAME || !record.Owner.Equals(name) || !NameData.TryRead(record.Data, out var target)) continue;
            name = target.Name.ToOwned();
            return true;
        }

        return false;
    }

    private void Add(DomainName name, IPAddress address)
    {
        if (iterator.Servers.Find(address) is { } state) delegation.Add(new(name, state));
    }

    /// <summary>What the lookup of one family came to.</summary>
    /// <param name="Host">Addresses, or why there are none.</param>
    /// <param name="IsOverLimit">Whether there are none because a limit was reached.</param>
    private sealed record Finding(HostAddresses Host, bool IsOverLimit = false);
}
