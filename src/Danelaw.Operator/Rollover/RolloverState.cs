using System.Collections.Immutable;
using Danelaw.Dns;
using Danelaw.Tlsa;

namespace Danelaw.Operator.Rollover;

/// <summary>A key with its certificate and issuers, as a server may show it.</summary>
/// <param name="Content">The SHA-256 of the chain file: what tells it from every other.</param>
/// <param name="Key">The SHA-256 of its SubjectPublicKeyInfo.</param>
/// <param name="Records">The TLSA records that mean it, one for each combination of usage, selector and matching type that is published.</param>
/// <param name="NotBefore">The first second at which its certificate is valid.</param>
/// <param name="NotAfter">The last.</param>
public sealed record Chain(Octets Content, Octets Key, TlsaSet Records, DateTimeOffset NotBefore, DateTimeOffset NotAfter)
{
    /// <summary>The SHA-256 of its first certificate, by which an endpoint tells whether it has loaded a renewal that keeps the key.</summary>
    public Octets Leaf { get; init; }

    /// <summary>Every record with a digest that means it, published or not: <see cref="Records"/>, the other digests and selectors of its certificate, its issuers.</summary>
    public TlsaSet Meaning { get; init; } = Records;

    /// <summary>Whether its certificate is one of our own, made in an emergency: any that an authority has made for the same key is better.</summary>
    public bool IsOwn { get; init; }
}

/// <summary>How far a roll has come.</summary>
public enum RolloverPhase
{
    /// <summary>No roll is on.</summary>
    Steady = 0,

    /// <summary>The next key's records are being published beside the current ones, and not every server has them.</summary>
    Announcing,

    /// <summary>Every server has them; caches may still be without.</summary>
    Waiting,

    /// <summary>The next chain is in its file, and not every endpoint shows it.</summary>
    Deploying,

    /// <summary>Every endpoint shows it; the old key's records are being taken out.</summary>
    Retiring,
}

/// <summary>The keys of one algorithm.</summary>
/// <param name="Algorithm">The algorithm, such as <c>ECDSA</c> or <c>RSA</c>; each has a chain file of its own.</param>
/// <param name="Current">What is shown.</param>
/// <param name="Next">What is to be shown; null when no roll is on.</param>
/// <param name="Standby">The records of a key made ahead, always published; empty without.</param>
public sealed record KeySlot(string Algorithm, Chain Current, Chain? Next, TlsaSet Standby)
{
    /// <summary>What was shown before, and may be by an endpoint that was not seen with the current chain yet: its records stay until every endpoint was. Null where there is no such.</summary>
    public Chain? Leaving { get; init; }

    /// <summary>The chains that may have to be put into the file.</summary>
    internal IEnumerable<Chain> Installable => new[] { Current, Next }.OfType<Chain>();

    /// <summary>All that an endpoint may show, or come to show.</summary>
    internal IEnumerable<Chain> Chains => new[] { Current, Next, Leaving }.OfType<Chain>();
}

/// <summary>What a server was last seen to have.</summary>
/// <param name="Owner">The owner.</param>
/// <param name="Server">The server.</param>
/// <param name="Records">Its set.</param>
/// <param name="Gone">The time since a look first found that the zone has this server no more; null while it has.</param>
public sealed record KnownServer(string Owner, string Server, TlsaSet Records, TimeSpan? Gone)
{
    /// <summary>For how long caches keep that set.</summary>
    public TimeSpan TimeToLive { get; init; }

    /// <summary>The largest TTL of the NS records that have named it, and of its addresses.</summary>
    public TimeSpan NamedFor { get; init; }

    /// <summary>Whether the last look at it found no valid answer, so that it may have another copy of the zone by now, an older one too.</summary>
    public bool IsSilent { get; init; }
}

/// <summary>What is kept of a rollover between two looks. Immutable.</summary>
public sealed record RolloverState
{
    private const int MostOver = 64, MostRetired = 1024;

    /// <summary>The keys, by algorithm. One of them rolls at a time.</summary>
    public required ImmutableArray<KeySlot> Slots { get; init; }

    /// <summary>How far the roll has come.</summary>
    public RolloverPhase Phase { get; init; }

    /// <summary>For how long every server has had the records of the next chain, those of standby keys, and those that a next chain may share.</summary>
    public ImmutableArray<HeldSet> Held { get; init; } = [];

    /// <summary>The moment of the last look.</summary>
    public Uptime LastLook { get; init; }

    /// <summary>The TTLs that were seen.</summary>
    public TimeToLiveMemory TimesToLive { get; init; } = TimeToLiveMemory.Empty;

    /// <summary>Records that somebody else was seen to publish at any of the owners.</summary>
    public TlsaSet Foreign { get; init; } = TlsaSet.Empty;

    /// <summary>Whether they stay, as the settings say; not kept.</summary>
    public bool KeepsForeign { get; init; } = true;

    /// <summary>The owners of the roll: those of the settings, and those that were taken out of them and still have its records. Empty where that is not known yet.</summary>
    public ImmutableArray<string> Owners { get; init; } = [];

    /// <summary>What each server was last seen to have, those included that the zone has no more and resolvers may still ask.</summary>
    public ImmutableArray<KnownServer> Servers { get; init; } = [];

    /// <summary>Records that were published here, or mean a key that is over: they are taken out wherever they are seen, unless they are wanted again. The oldest first.</summary>
    public ImmutableArray<TlsaRecord> Over { get; init; } = [];

    /// <summary>Keys that are over, each by its <see cref="Chain.Key"/>: those that a roll has replaced, and whatever a person has ruled out. None is an offer any more, wherever it still lies. The oldest first.</summary>
    public ImmutableArray<Octets> Retired { get; init; } = [];

    /// <summary>The same of certificates that another of the same key has replaced, each by its <see cref="Chain.Content"/>. Apart, so that the renewals of years push no lost key out.</summary>
    public ImmutableArray<Octets> Replaced { get; init; } = [];

    /// <summary>The same with another standby key for an algorithm; the records of the one before are over.</summary>
    /// <param name="algorithm">The algorithm.</param>
    /// <param name="standby">The records of the key; empty for none.</param>
    public RolloverState WithStandby(string algorithm, TlsaSet standby) =>
        (this with { Slots = [.. Slots.Select(slot => slot.Algorithm == algorithm ? slot with { Standby = standby } : slot)] }).WithOver(Slots.Where(slot => slot.Algorithm == algorithm).SelectMany(slot => slot.Standby.Records));

    /// <summary>The same with records that are over.</summary>
    /// <param name="records">The records.</param>
    internal RolloverState WithOver(IEnumerable<TlsaRecord> records)
    {
        TlsaRecord[] more = [.. records.Distinct()];
        return more.Length == 0 ? this : this with { Over = [.. Over.Where(one => !more.Contains(one)).Concat(more).TakeLast(MostOver)] };
    }

    /// <summary>The same with a key that is over.</summary>
    /// <param name="key">Its <see cref="Chain.Key"/>.</param>
    public RolloverState WithRetired(Octets key) => this with { Retired = With(Retired, key, MostRetired) };

    /// <summary>The same with a certificate that is over; as many are kept as an ACME client may still have.</summary>
    /// <param name="content">Its <see cref="Chain.Content"/>.</param>
    public RolloverState WithReplaced(Octets content) => this with { Replaced = With(Replaced, content, MostOver) };

    /// <summary>Whether a chain was replaced by another of the same key. Older states have that among <see cref="Retired"/>.</summary>
    internal bool IsReplaced(Chain chain) => Replaced.Contains(chain.Content) || Retired.Contains(chain.Content);

    private static ImmutableArray<Octets> With(ImmutableArray<Octets> all, Octets one, int most) => [.. all.Where(other => other != one).Append(one).TakeLast(most)];

    /// <summary>The slot that rolls; null when none does.</summary>
    public KeySlot? Rolling => Slots.FirstOrDefault(slot => slot.Next is not null);

    /// <inheritdoc/>
    public bool Equals(RolloverState? other) =>
        other is not null && Phase == other.Phase && KeepsForeign == other.KeepsForeign && Held.AsSpan().SequenceEqual(other.Held.AsSpan()) && Over.AsSpan().SequenceEqual(other.Over.AsSpan()) && Owners.AsSpan().SequenceEqual(other.Owners.AsSpan()) && Servers.AsSpan().SequenceEqual(other.Servers.AsSpan()) && LastLook == other.LastLook && TimesToLive.Equals(other.TimesToLive) && Foreign.Equals(other.Foreign) && Retired.AsSpan().SequenceEqual(other.Retired.AsSpan()) && Replaced.AsSpan().SequenceEqual(other.Replaced.AsSpan()) && Slots.AsSpan().SequenceEqual(other.Slots.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Phase, Held.Length > 0 ? Held[0] : null, Held.Length > 1 ? Held[1] : null, Over.Length, LastLook, Slots.Length > 0 ? Slots[0] : null, Slots.Length > 1 ? Slots[1] : null);
}
