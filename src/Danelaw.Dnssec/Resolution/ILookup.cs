using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Dnssec.Resolution;

/// <summary>Answers questions with a verdict on each: the one way to learn something from the DNS. Validating stub, iterative resolver and replayed recording stand behind it.</summary>
public interface ILookup
{
    /// <summary>Looks a name up, follows its aliases and validates all of it. What goes wrong in the DNS is in the answer, never an exception.</summary>
    /// <param name="name">The name.</param>
    /// <param name="type">The type; one that may be asked for (<see cref="RecordTypes.IsAskedFor"/>).</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What the lookup concluded.</returns>
    /// <exception cref="ArgumentException">Nobody is asked for the type.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ValueTask<Answer> LookupAsync(DomainName name, RecordType type, CancellationToken cancellationToken = default);
}
