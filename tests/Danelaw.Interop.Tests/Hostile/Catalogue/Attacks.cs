using System.Collections.Immutable;
using Danelaw.Dns.Messages;

namespace Danelaw.Interop.Tests.Hostile.Catalogue;

/// <summary>The catalogue. <c>docs/attacks.md</c> is made from it. New ones go to the end of their list: the numbers stay.</summary>
internal static partial class Attacks
{
    public static ImmutableArray<Attack> All { get; } =
    [
        .. Numbered("SIG", Signatures()),
        .. Numbered("DEN", Denials()),
        .. Numbered("DS", DelegationSigners()),
        .. Numbered("KEY", Keys()),
        .. Numbered("ALI", Aliases()),
        .. Numbered("TRA", Transports()),
        .. Numbered("REF", Referrals()),
    ];

    private static IEnumerable<Attack> Numbered(string letters, IEnumerable<Attack> attacks) => attacks.Select((attack, index) => attack with { Id = $"{letters}{index + 1:D2}" });

    /// <summary>One that changes the reply to the victim's question alone.</summary>
    private static Attack OnVictim(Aim aim, string does, string stoppedBy, string rule, ImmutableArray<Question> victims, Func<Deal, DnsMessage> change) => new()
    {
        Aim = aim,
        Does = does,
        StoppedBy = stoppedBy,
        Rule = rule,
        Victims = victims,
        Change = deal => deal.IsVictims ? change(deal) : deal.Reply,
    };

    /// <summary>One that changes any reply.</summary>
    private static Attack OnAll(Aim aim, string does, string stoppedBy, string rule, ImmutableArray<Question> victims, Func<Deal, DnsMessage> change) =>
        new() { Aim = aim, Does = does, StoppedBy = stoppedBy, Rule = rule, Victims = victims, Change = change };
}
