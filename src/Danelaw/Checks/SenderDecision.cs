namespace Danelaw.Checks;

/// <summary>What an opportunistic DANE sender does with a host (RFC 7672 §2.2). Closed.</summary>
public enum SenderAction
{
    /// <summary>Nothing is known: defer.</summary>
    Defer = 0,

    /// <summary>Go on to the next host; defer when none is left.</summary>
    SkipHost,

    /// <summary>DANE does not apply, and the domain's MTA-STS policy decides (RFC 8461 §2, R69).</summary>
    FollowMtaSts,

    /// <summary>TLS when it is offered, plain text otherwise (R30).</summary>
    DeliverOpportunistically,

    /// <summary>TLS is demanded, without authentication (R29).</summary>
    DeliverUnauthenticatedTls,

    /// <summary>TLS and a match are demanded, and were found (R28).</summary>
    DeliverAuthenticated,
}

/// <summary>What a sender does with a host, and by which rule.</summary>
/// <param name="Action">What it does.</param>
/// <param name="Rule">The rule of <c>docs/rules.md</c>, such as <c>R28</c>.</param>
/// <param name="Text">One sentence for people.</param>
public sealed partial record SenderDecision(SenderAction Action, string Rule, string Text)
{
    /// <summary>Nothing is known.</summary>
    public static SenderDecision Unknown { get; } = new(SenderAction.Defer, "R07", "a sender keeps the mail and tries again later");
}
