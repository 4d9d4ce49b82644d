using System.Collections.Immutable;
using Danelaw.Dns.Names;
using Danelaw.Operator.Rollover;

namespace Danelaw.Operator.Setup;

/// <summary>Looks from outside at what a setup does. What servers and resolvers do is a phrase, never an exception.</summary>
public interface ISetupWitness
{
    /// <summary>Notes what answers before anything is altered: what does has to answer afterwards.</summary>
    /// <param name="expected">The services.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask NoteAsync(ImmutableArray<ExpectedService> expected, CancellationToken cancellationToken = default);

    /// <summary>Whether the resolver at 127.0.0.1 validates.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Why it does not, as a phrase; null where it does.</returns>
    ValueTask<string?> ResolverAsync(CancellationToken cancellationToken = default);

    /// <summary>Whether the resolver at 127.0.0.1 knows the names that the servers of resolv.conf, as it stands, know.</summary>
    /// <param name="names">The names.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The first that it does not know, as a phrase; null where none is lost.</returns>
    ValueTask<string?> LostAsync(ImmutableArray<DomainName> names, CancellationToken cancellationToken = default);

    /// <summary>Whether every address that answered before completes a handshake, with a key that is expected there.</summary>
    /// <param name="expected">The services.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The first that does not, as a phrase; null where all do.</returns>
    ValueTask<string?> ServersAsync(ImmutableArray<ExpectedService> expected, CancellationToken cancellationToken = default);

    /// <summary>The services of which nothing could be seen, because nothing answered there.</summary>
    /// <param name="expected">The services.</param>
    ImmutableArray<string> Unseen(ImmutableArray<ExpectedService> expected);

    /// <summary>What doctor finds after a change that it should not find any more.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The errors, as <c>CODE subject</c>.</returns>
    ValueTask<ImmutableArray<string>> ErrorsAsync(CancellationToken cancellationToken = default);

    /// <summary>Whether the records that are wanted can be seen, and every server matches them.</summary>
    /// <param name="records">The RRsets.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<RecordsSeen> RecordsAsync(ImmutableArray<SetupRecord> records, CancellationToken cancellationToken = default);

    /// <summary>What the resolver alone has at owners of TLSA records.</summary>
    /// <param name="owners">The owners.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<ImmutableArray<SeenSet>> HeldAsync(ImmutableArray<DomainName> owners, CancellationToken cancellationToken = default);

    /// <summary>The owners of TLSA records that no sender asks for: the addresses of their hosts are insecure, or there are none (RFC 7672 §2.2.2).</summary>
    /// <param name="owners">The owners to choose from.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<ImmutableArray<DomainName>> UnaskedAsync(ImmutableArray<DomainName> owners, CancellationToken cancellationToken = default);

    /// <summary>What is published at owners of TLSA records.</summary>
    /// <param name="owners">The owners.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What each authoritative server has, and what the resolver holds.</returns>
    ValueTask<ImmutableArray<SeenSet>> PublishedAsync(ImmutableArray<DomainName> owners, CancellationToken cancellationToken = default);
}

/// <summary>A TLSA RRset as a server or a cache has it.</summary>
/// <param name="Owner">The owner.</param>
/// <param name="Where">Where, as <c> at ns1.example.org.</c>; empty for the resolver.</param>
/// <param name="Records">The RRset, empty for its absence; null where it could not be seen.</param>
/// <param name="TimeToLive">How long caches may keep it.</param>
/// <param name="Detail">Why it could not be seen; empty where it was.</param>
public sealed record SeenSet(DomainName Owner, string Where, TlsaSet? Records, TimeSpan TimeToLive, string Detail)
{
    /// <summary>Whether the resolver has it, and no server was seen to.</summary>
    internal bool IsCached => Where.Length == 0 && Records is not null;
}

/// <summary>What is seen of the records.</summary>
/// <param name="State">In short.</param>
/// <param name="Detail">What is the case, as a phrase; empty where all is well.</param>
public sealed record RecordsSeen(RecordsState State, string Detail);

/// <summary>Whether records can be seen. Closed.</summary>
public enum RecordsState
{
    /// <summary>They cannot be seen yet.</summary>
    Absent = 0,

    /// <summary>They can, and a server shows a key that none of them means.</summary>
    Failing,

    /// <summary>Every authoritative server has them, and the resolver still holds what it was told before: nothing is waited for but caches.</summary>
    Held,

    /// <summary>They can, and all servers match.</summary>
    Verified,
}
