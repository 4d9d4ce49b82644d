using System.Collections.Immutable;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Dnssec.Resolution;

/// <summary>Whom a resolver asks: recursive resolvers, or the authoritative servers from the root down.</summary>
internal interface IAuthorities
{
    /// <summary>Begins a lookup: its budget of queries, octets and time starts here.</summary>
    /// <param name="cancellationToken">Ends the lookup.</param>
    IAsking Begin(CancellationToken cancellationToken);
}

/// <summary>The asking of one lookup. When its budget is spent nothing more is asked, and the replies say so.</summary>
internal interface IAsking : IDisposable
{
    /// <summary>Asks some questions at the same time.</summary>
    /// <param name="questions">The questions.</param>
    /// <returns>At least one reply to each question; others that came along may stand beside them.</returns>
    /// <exception cref="OperationCanceledException">The caller's token was cancelled.</exception>
    ValueTask<ImmutableArray<Reply>> AskAsync(ImmutableArray<Question> questions);

    /// <summary>Asks elsewhere for what turned out to be bogus (RFC 6840 §5.9).</summary>
    /// <param name="question">The question.</param>
    /// <param name="server">Whose reply was bogus; null when nobody replied.</param>
    /// <param name="attempt">How often it was asked again before.</param>
    /// <returns>Null when there is nobody left to ask.</returns>
    /// <exception cref="OperationCanceledException">The caller's token was cancelled.</exception>
    ValueTask<Reply?> AskAgainAsync(Question question, DnsServer? server, int attempt);
}
