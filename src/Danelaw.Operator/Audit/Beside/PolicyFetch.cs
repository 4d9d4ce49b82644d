using Danelaw.Dns.Names;

namespace Danelaw.Operator.Audit.Beside;

/// <summary>How it went to get a policy of MTA-STS (RFC 8461 §3.3). Closed.</summary>
public enum PolicyOutcome
{
    /// <summary>It was not asked for.</summary>
    NotAsked = 0,

    /// <summary>It came.</summary>
    Fetched,

    /// <summary>The host of the policy has no address, or its lookup failed.</summary>
    NoAddress,

    /// <summary>No connection.</summary>
    NotReached,

    /// <summary>The certificate is not one that the web's authorities vouch for, or is of another name; or TLS failed otherwise.</summary>
    NotTrusted,

    /// <summary>The server leads elsewhere, which nobody follows.</summary>
    Redirected,

    /// <summary>Another status than 200.</summary>
    Refused,

    /// <summary>It is not <c>text/plain</c>.</summary>
    NotText,

    /// <summary>It is larger than 64 KiB.</summary>
    TooLarge,

    /// <summary>It took too long.</summary>
    TooSlow,
}

/// <summary>What came of asking for a policy: evidence, immutable.</summary>
/// <param name="Outcome">How it went.</param>
/// <param name="Text">The policy as it was sent; empty unless it came.</param>
/// <param name="Detail">For a failure a phrase for people.</param>
public sealed record PolicyFetch(PolicyOutcome Outcome, string Text, string Detail)
{
    /// <summary>Nobody asked.</summary>
    public static PolicyFetch NotAsked { get; } = new(PolicyOutcome.NotAsked, "", "");
}

/// <summary>Gets policies of MTA-STS.</summary>
public interface IPolicyFetcher
{
    /// <summary>Gets the policy of a domain from <c>https://mta-sts.DOMAIN/.well-known/mta-sts.txt</c>. What servers do is in the result, never an exception.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ValueTask<PolicyFetch> FetchAsync(DomainName domain, CancellationToken cancellationToken = default);
}
