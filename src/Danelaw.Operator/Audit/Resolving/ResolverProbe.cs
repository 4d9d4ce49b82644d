using System.Net;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;

namespace Danelaw.Operator.Audit.Resolving;

/// <summary>What a name server of resolv.conf answered to the two questions that tell whether it validates.</summary>
/// <param name="Server">The server.</param>
/// <param name="Root">The reply to the SOA of the root, which is signed: its outcome.</param>
/// <param name="IsAuthentic">Whether that reply bore the AD bit.</param>
/// <param name="Bogus">The outcome of a name whose signatures are wrong.</param>
/// <param name="BogusCode">The response code of that reply; null when none came.</param>
/// <param name="BogusName">That name.</param>
public sealed record ResolverProbe(IPAddress Server, ExchangeOutcome Root, bool IsAuthentic, ExchangeOutcome Bogus, ResponseCode? BogusCode, DomainName BogusName)
{
    /// <summary>Whether the reply for that name bore the AD bit: then the name is answered truly, and tells nothing of bogus ones.</summary>
    public bool IsBogusAuthentic { get; init; }

    /// <summary>Asks a name server as Postfix does: recursion, DO, and no CD, so that it is the server that validates.</summary>
    /// <param name="transport">Carries the queries.</param>
    /// <param name="server">The server.</param>
    /// <param name="port">Its port.</param>
    /// <param name="bogusName">A name whose signatures are wrong.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async ValueTask<ResolverProbe> AskAsync(IDnsTransport transport, IPAddress server, int port, DomainName bogusName, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transport);
        var at = new DnsServer(TransportKind.Datagram, new(server, port));
        var root = await transport.ExchangeAsync(new(new(DomainName.Root, RecordType.SOA, RecordClass.IN), at, CheckingDisabled: false), cancellationToken).ConfigureAwait(false);
        var bogus = await transport.ExchangeAsync(new(new(bogusName, RecordType.A, RecordClass.IN), at, CheckingDisabled: false), cancellationToken).ConfigureAwait(false);
        return new(server, root.Outcome, Message(root) is { } reply && (reply.Flags & MessageFlags.AuthenticData) != 0, bogus.Outcome, Message(bogus)?.ResponseCode, bogusName) { IsBogusAuthentic = Message(bogus) is { } said && (said.Flags & MessageFlags.AuthenticData) != 0 };
    }

    private static DnsMessage? Message(Exchange exchange) =>
        exchange.Outcome != ExchangeOutcome.Replied ? null : exchange.Message ?? (DnsMessage.TryRead(exchange.Reply.Memory, out var message, out _) ? message : null);
}
