using System.Collections.Immutable;
using System.Net;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Dns.Transports;

/// <summary>
/// Finds the address of a resolver that is given by name, before there is a resolver: in the hosts file, then by unvalidated queries to the system's servers.
/// Good for nothing else: the certificate of the server that is found so is what proves it.
/// </summary>
/// <param name="transport">Carries the queries.</param>
/// <param name="servers">Whom to ask, in this order.</param>
/// <param name="hosts">The table that comes first.</param>
public sealed class HostLookup(IDnsTransport transport, ImmutableArray<DnsServer> servers, HostsFile hosts)
{
    private const int MaximumAliases = 16;
    private const int MaximumAddresses = 16;

    /// <summary>The addresses of a host, IPv4 first; empty when there are none or nobody could tell.</summary>
    /// <param name="host">The name.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async ValueTask<ImmutableArray<IPAddress>> LookupAsync(string host, CancellationToken cancellationToken = default)
    {
        if (!DomainName.TryParse(host, out var name)) return [];
        if (hosts.Find(name) is { IsEmpty: false } listed) return listed;
        foreach (var server in servers)
        {
            var first = AskAsync(server, name, RecordType.A, cancellationToken);
            var second = AskAsync(server, name, RecordType.AAAA, cancellationToken);
            await Task.WhenAll(first, second).ConfigureAwait(false);
            var (four, six) = (await first.ConfigureAwait(false), await second.ConfigureAwait(false));
            if (four is null && six is null) continue;
            return [.. four ?? [], .. six ?? []];
        }

        return [];
    }

    /// <summary>Null when the server gave no answer.</summary>
    private async Task<List<IPAddress>?> AskAsync(DnsServer server, DomainName name, RecordType type, CancellationToken cancellationToken)
    {
        var query = new DnsQuery(new(name, type), server, DnssecOk: false, CheckingDisabled: false);
        var exchange = await transport.ExchangeAsync(query, cancellationToken).ConfigureAwait(false);
        if (exchange.Message is not { ResponseCode: ResponseCode.NoError or ResponseCode.NameError } reply) return null;
        for (var i = 0; i < MaximumAliases; i++)
        {
            var alias = reply.Answers.FirstOrDefault(record => record.Type == RecordType.CNAME && record.Owner.Equals(name));
            if (alias.Type != RecordType.CNAME || !DomainName.TryFromWire(alias.Data.Span, out name)) break;
        }

        var addresses = new List<IPAddress>();
        foreach (var record in reply.Answers)
            if (record.Type == type && record.Owner.Equals(name) && record.Data.Length == (type == RecordType.A ? 4 : 16) && addresses.Count < MaximumAddresses)
                addresses.Add(new(record.Data.Span));
        return addresses;
    }
}
