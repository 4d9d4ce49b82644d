using System.Collections.Immutable;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;

namespace Danelaw.Discovery;

/// <summary>Finds the hosts of a mail domain (RFC 5321 §5.1, RFC 7672 §2.2.1).</summary>
/// <param name="lookup">Answers questions to the DNS.</param>
public sealed class MailDiscovery(ILookup lookup)
{
    /// <summary>Finds where mail for a domain goes.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async ValueTask<MailRoute> FindRouteAsync(DomainName domain, CancellationToken cancellationToken = default)
    {
        var answer = await lookup.LookupAsync(domain, RecordType.MX, cancellationToken).ConfigureAwait(false);
        var route = new MailRoute { Domain = domain, ExpandedDomain = domain, MxAnswer = answer };

        // R05, R07: bogus, SERVFAIL or silence; who went on without the answer would go where an attacker wants.
        if (answer.HasFailed) return route;

        // R27, RFC 5321 §5.1: aliases are followed to their end, and both names are kept.
        route = route with { ExpandedDomain = answer.FinalName };
        if (answer.Records is not { } records)
        {
            // R18: the domain itself is the host, under its own name; its address lookup follows the aliases once more.
            return route with { Kind = answer.IsNameError ? MailRouteKind.NoSuchDomain : MailRouteKind.Implicit, Hosts = [new(domain, null, null)] };
        }

        var hosts = Hosts(records);
        if (hosts.IsEmpty) return route;

        // RFC 7505 §3: a sole MX record that names the root. Beside others it is a mistake, and a host without address.
        if (hosts is [{ Name.IsRoot: true }]) return route with { Kind = MailRouteKind.NullMx };
        return route with { Kind = MailRouteKind.MxRecords, Hosts = hosts };
    }

    private static ImmutableArray<MailHost> Hosts(RecordSet records)
    {
        var preferences = new Dictionary<DomainName, (ushort Preference, DomainName Name)>();
        foreach (var data in records.Data)
        {
            if (!MxData.TryRead(data, out var mx)) continue;
            if (!preferences.TryGetValue(mx.Exchange, out var known) || mx.Preference < known.Preference) preferences[mx.Exchange] = (mx.Preference, mx.Exchange);
        }

        // R16: the preference alone orders hosts; names only make the order of equals the same every time.
        return
        [
            .. preferences.Values
                .OrderBy(host => host.Preference)
                .ThenBy(host => host.Name)
                .Select(host => new MailHost(host.Name, host.Preference, AddressLiteral.In(host.Name))),
        ];
    }
}
