using Danelaw.Dns.Messages;
using Danelaw.Dns.Transports;

namespace Danelaw.Dnssec.Resolution.Iteration;

/// <summary>Exchanges that are kept as the octets that came, and read again when they are needed.</summary>
internal static class Packets
{
    /// <summary>The exchange without what was read of it, and without the packet that its question may have come from.</summary>
    internal static Exchange Unread(this Exchange exchange)
    {
        var question = exchange.Query.Question;
        return exchange with
        {
            Message = null,
            Query = exchange.Query with { Question = question with { Name = question.Name.ToOwned() } },
            Reply = exchange.Reply.ToOwned(),
        };
    }

    /// <summary>The exchange with its reply read, which could be read before.</summary>
    internal static Exchange Read(this Exchange exchange)
    {
        if (exchange.Message is not null) return exchange;
        return DnsMessage.TryRead(exchange.Reply.Memory, out var message, out var fault)
            ? exchange with { Message = message }
            : throw new InvalidOperationException($"a reply that could be read cannot be read any more: {fault}");
    }
}
