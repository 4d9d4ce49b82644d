using Danelaw.Dns.Messages;

namespace Danelaw.Operator.Publishing.Update;

/// <summary>What a primary answered.</summary>
/// <param name="Message">The message, to be believed as far as the key vouches for it; null for a failure.</param>
/// <param name="Outcome">For a failure what it comes to.</param>
/// <param name="Detail">For a failure a phrase for people.</param>
internal sealed record Reply(DnsMessage? Message, PublishOutcome Outcome, string Detail)
{
    internal static Reply Failed(PublishOutcome outcome, string detail) => new(null, outcome, detail);
}
