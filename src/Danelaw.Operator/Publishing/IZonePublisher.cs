using Danelaw.Dns.Names;

namespace Danelaw.Operator.Publishing;

/// <summary>Puts TLSA RRsets where they are mastered. Nothing but the RRset that was asked for is ever touched. What goes wrong is an outcome, never an exception.</summary>
public interface IZonePublisher
{
    /// <summary>Reads an RRset where it is mastered.</summary>
    /// <param name="owner">Its owner.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ValueTask<MasteredSet> ReadAsync(DomainName owner, CancellationToken cancellationToken = default);

    /// <summary>Finds out, as far as that can be told without changing anything, whether an RRset could be replaced.</summary>
    /// <param name="owner">Its owner.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Done where nothing stands in the way.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ValueTask<PublishResult> RehearseAsync(DomainName owner, CancellationToken cancellationToken = default);

    /// <summary>Replaces an RRset, if it is still what it was. Doing it twice is doing it once.</summary>
    /// <param name="request">Which, by what.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What came of it.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ValueTask<PublishResult> PublishAsync(PublishRequest request, CancellationToken cancellationToken = default);
}
