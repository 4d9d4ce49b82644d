using System.Collections.Immutable;
using Danelaw.Dns.Records;
using Danelaw.Tlsa;
using Danelaw.Verification;

namespace Danelaw.Operator.Rollover;

/// <summary>
/// What a published set says to senders of every kind (docs/decisions/0203). Pure. They differ in which usages they take (RFC 7672 §3.1), which digests
/// they know, and which of two they go by (RFC 7671 §9): one and the same set may mean a chain to one sender and another chain, or none, to the next.
/// </summary>
public static class SetMeaning
{
    /// <summary>The digests that a sender knows, the strongest in its eyes first. All must know SHA-256, none SHA-512 (RFC 6698 §6).</summary>
    private static readonly ImmutableArray<(DigestPreferences Preference, ImmutableArray<TlsaMatching> Known)> Senders =
    [
        (DigestPreferences.Sha512First, [TlsaMatching.Sha512, TlsaMatching.Sha256]),
        (DigestPreferences.Sha256First, [TlsaMatching.Sha256, TlsaMatching.Sha512]),
        (DigestPreferences.Sha256Alone, [TlsaMatching.Sha256]),
    ];

    /// <summary>Whether every sender that finds anything which it can use in a set finds a match. A sender that compares no digests finds whatever one finds that does.</summary>
    /// <param name="set">What is published.</param>
    /// <param name="meaning">The records that mean the chain.</param>
    internal static bool Means(TlsaSet set, TlsaSet meaning) => Misled(set, meaning) == 0;

    /// <summary>The senders, a bit each, that find something which they can use in a set, and no match; those that take each usage, three bits above the mail servers.</summary>
    /// <param name="set">What is published.</param>
    /// <param name="meaning">The records that mean the chain.</param>
    internal static int Misled(TlsaSet set, TlsaSet meaning) => (int)Misled(set, meaning, ServiceKind.Smtp) | ((int)Misled(set, meaning, ServiceKind.Other) << Senders.Length);

    /// <summary>The senders that find something which they can use in a set, and no match.</summary>
    /// <param name="set">What is published.</param>
    /// <param name="meaning">The records that mean the chain.</param>
    /// <param name="service">Whom they ask: usages 0 and 1 mean nothing between mail servers (RFC 7672 §3.1.3).</param>
    public static DigestPreferences Misled(TlsaSet set, TlsaSet meaning, ServiceKind service)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(meaning);
        var misled = DigestPreferences.None;
        ImmutableArray<TlsaRecord> usable = [.. set.Records.Where(record => record.UsabilityFor(service) == Usability.Usable)];
        foreach (var (preference, known) in Senders)
        {
            ImmutableArray<TlsaRecord> read = [.. usable.Where(record => record.Matching == TlsaMatching.Full || known.Contains(record.Matching))];
            if (!read.IsEmpty && !DigestAgility.Apply(read, known).Any(record => IsMeant(record, meaning))) misled |= preference;
        }

        return misled;
    }

    /// <summary>The same for a chain, by any record that means it, whether it is one of those that are published for it or not.</summary>
    /// <param name="set">What is published.</param>
    /// <param name="chain">The chain.</param>
    internal static bool Means(TlsaSet set, Chain chain) => Means(set, chain.Meaning);

    /// <summary>Whether a record hides from some sender the records of a chain that stand beside it.</summary>
    /// <param name="record">Somebody's record.</param>
    /// <param name="records">The records of the chain.</param>
    internal static bool Hides(TlsaRecord record, TlsaSet records) => !Means(records.Union(TlsaSet.Of(record)), records);

    /// <summary>Whether a record is one of those that mean a chain; full data is where its SHA-256 is.</summary>
    /// <param name="record">A record.</param>
    /// <param name="meaning">The records that mean the chain.</param>
    internal static bool IsMeant(TlsaRecord record, TlsaSet meaning) =>
        meaning.Records.Contains(record) || (record.Matching == TlsaMatching.Full && meaning.Records.Contains(record with { Matching = TlsaMatching.Sha256, Data = ChainFile.Digest(record.Data.Span) }));
}
