using Danelaw.Dns;
using Danelaw.Dns.Records;
using Danelaw.Operator.Rollover;
using Danelaw.Tlsa;

namespace Danelaw.Operator.Tests.Rollover;

/// <summary>
/// A world in which the records are of several kinds and not all of them ours: one owner, its zone's master and two servers, a caching resolver, an
/// endpoint with one or two keys, the settings, the clock, and the file of states with a copy of it. Time counts in units.
/// </summary>
/// <param name="Plan">The plan's state, by its number; -1 where its file is lost.</param>
/// <param name="Copy">A copy of it that somebody has made; -1 for none.</param>
/// <param name="Master">The set that is mastered.</param>
/// <param name="First">The set at the first server.</param>
/// <param name="Second">The set at the second.</param>
/// <param name="Cache">The set that the resolver has.</param>
/// <param name="CachedFor">For how long it keeps that; 0 for nothing.</param>
/// <param name="Shown">The chain that the endpoint shows for each algorithm, three bits each.</param>
/// <param name="Beside">The same of a second endpoint, which is always as the first where there is none.</param>
/// <param name="Installed">The chain in each file.</param>
/// <param name="SinceLook">The time since the plan's last look.</param>
/// <param name="IsLongTtl">Whether the zone has the long TTL.</param>
/// <param name="IsSecondLong">Whether the second server's copy of it has that.</param>
/// <param name="Kinds">The kinds of records that the settings want.</param>
/// <param name="Clock">What the clock says.</param>
/// <param name="Offered">The chains that were brought, a bit each.</param>
/// <param name="Left">The events that may still happen, a bit each.</param>
/// <param name="Signed">For how long the signatures at either server last, four bits each, where they end at all.</param>
/// <param name="Gone">The time since the second server was taken out of the zone, and one; 0 while it has it. It serves on, and gets nothing new.</param>
internal readonly record struct RecordWorld(int Plan, int Copy, int Master, int First, int Second, int Cache, byte CachedFor, byte Shown, byte Beside, byte Installed, byte SinceLook, bool IsLongTtl, bool IsSecondLong, Kinds Kinds, Clock Clock, byte Offered, Happening Left, byte Signed, byte Gone)
{
    public const int UsualTtl = 2, LongTtl = 7, Longest = LongTtl + 1, SignatureLife = UsualTtl + 1;

    /// <summary>For how long resolvers ask a server that was taken out of the zone: where its TTL is long, longer than that.</summary>
    public static int DelegationLifeFor(Happening events) => (events & Happening.LongCopy) == 0 ? UsualTtl + 2 : LongTtl + 1;

    private int DelegationLife => DelegationLifeFor(Left);

    /// <summary>Whether senders may be led to the second server.</summary>
    public bool IsSecondAsked => Gone <= DelegationLife + 1;

    /// <summary>For how long the signature at a server lasts. A server whose signature is over gives nothing that a validating sender or the plan takes.</summary>
    public int SignedFor(int server) => (Left & Happening.Signatures) == 0 ? int.MaxValue : (Signed >> (server * 4)) & 15;

    /// <summary>A server has the zone anew, signed anew.</summary>
    public RecordWorld WithSignature(int server) => (Left & Happening.Signatures) == 0 ? this : this with { Signed = (byte)((Signed & ~(15 << (server * 4))) | (SignatureLife << (server * 4))) };

    /// <summary>What a resolver fetches from a server it keeps for its TTL, and no longer than its signature lasts (RFC 4035 §5.3.3).</summary>
    public RecordWorld WithCacheOf(int server) => SignedFor(server) == 0 ? this : this with { Cache = server == 0 ? First : Second, CachedFor = (byte)Math.Min(TtlOf(server), SignedFor(server)) };

    public int Ttl => TtlOf(0);

    public int TtlOf(int server) => (server == 0 ? IsLongTtl : IsSecondLong) ? LongTtl : UsualTtl;

    public static int ChainOf(byte chains, int algorithm) => (chains >> (algorithm * 3)) & 7;

    public RecordWorld WithInstalled(int algorithm, int chain) => this with { Installed = (byte)((Installed & ~(7 << (algorithm * 3))) | (chain << (algorithm * 3))) };

    public RecordWorld After(int time)
    {
        var left = Math.Max(0, CachedFor - time);
        var signed = (Left & Happening.Signatures) == 0 ? 0 : Math.Max(0, SignedFor(0) - time) | (Math.Max(0, SignedFor(1) - time) << 4);
        return this with { Signed = (byte)signed, SinceLook = (byte)Math.Min(Longest, SinceLook + time), Gone = (byte)(Gone == 0 ? 0 : Math.Min(DelegationLife + 2, Gone + time)), CachedFor = (byte)left, Cache = left == 0 ? 0 : Cache };
    }

    /// <summary>The law, for senders of every kind.</summary>
    public string? Violation(int algorithms)
    {
        for (var algorithm = 0; algorithm < algorithms; algorithm++)
        {
            foreach (var chain in Shown == Beside ? [ChainOf(Shown, algorithm)] : new[] { ChainOf(Shown, algorithm), ChainOf(Beside, algorithm) })
            {
                if (CachedFor > 0 && RecordPieces.Misled(Cache, chain) is { } cached) return $"{cached}, who has {RecordPieces.Name(Cache)} out of a cache, is shown {RecordPieces.Names[chain]}";
                foreach (var set in new[] { (Set: First, IsAsked: SignedFor(0) > 0), (Set: Second, IsAsked: IsSecondAsked && SignedFor(1) > 0) }.Where(server => server.IsAsked).Select(server => server.Set))
                    if (RecordPieces.Misled(set, chain) is { } straight) return $"{straight}, who has {RecordPieces.Name(set)} from a server, is shown {RecordPieces.Names[chain]}";
            }
        }

        return null;
    }

    public override string ToString() => $"master {RecordPieces.Name(Master)}; servers {RecordPieces.Name(First)} | {RecordPieces.Name(Second)}; {((Left & Happening.Signatures) == 0 ? "" : $"signed for {SignedFor(0)} | {SignedFor(1)}; ")}second for {TtlOf(1)}{(Gone > 0 ? ", gone" : "")}; cache {(CachedFor == 0 ? "empty" : $"{RecordPieces.Name(Cache)} for {CachedFor}")}; shown {RecordPieces.Names[ChainOf(Shown, 0)]} {RecordPieces.Names[ChainOf(Shown, 1)]} | {RecordPieces.Names[ChainOf(Beside, 0)]} {RecordPieces.Names[ChainOf(Beside, 1)]}; {Kinds} {Clock}";
}

/// <summary>What the settings want.</summary>
internal enum Kinds : byte
{
    Short = 0,
    Both,
    ShortAndIssuer,
    Issuer,
    Certificate,
}

/// <summary>What the clock says.</summary>
internal enum Clock : byte
{
    Right = 0,
    MonthsOn,
    WeeksBack,
}

/// <summary>What people and machines do beside the plan, each once.</summary>
[Flags]
internal enum Happening
{
    None = 0,
    OtherKinds = 1,
    OtherShort = 2,
    OtherLong = 4,
    Deletion = 8,
    Emergency = 16,
    Copying = 32,
    PuttingBack = 64,
    Loss = 128,
    LowerTtl = 256,
    ClockOn = 512,
    ClockBack = 1024,
    Renewal = 2048,
    NextKey = 4096,
    OtherAlgorithm = 8192,
    OtherIssuer = 16384,
    Delisting = 32768,

    /// <summary>No event: there are two endpoints, of which one may load its files without the other, or be down when the plan looks.</summary>
    SecondEndpoint = 65536,

    /// <summary>No event either: signatures at servers end, and are made anew.</summary>
    Signatures = 131072,

    /// <summary>No event: the second server has a copy from before the TTL was lowered, until it gets the zone.</summary>
    LongCopy = 262144,

    /// <summary>The second server starts anew from its first copy of the zone.</summary>
    OldCopy = 1048576,

    /// <summary>It has, and the plan has not looked since: what is over before anybody looks cannot be seen.</summary>
    Fallen = 524288,
}

/// <summary>The chains and records of that world. Records are bits: for each key its SHA-256 and its SHA-512, two issuers of which all but one renewal have the first and the standby key none, and the certificates of the ECDSA keys.</summary>
internal static class RecordPieces
{
    public const int Issuer = 1 << 12, OtherIssuer = 1 << 13, FirstCertificate = 1 << 14, RecordCount = 19, Other = 5, Standby = 3;
    public static readonly string[] Algorithms = ["ecdsa", "rsa"];
    public static readonly string[] Names = ["E1", "E1'", "E2", "S", "R1", "R2", "E1\""];
    public static readonly DateTimeOffset Now = RolloverPieces.Now;
    private static readonly string[] Keys = ["E1", "E2", "S", "R1", "R2", "other"];
    private static readonly int[] KeyOf = [0, 0, 1, 2, 3, 4, 0], CertificateOf = [0, 1, 2, 3, -1, -1, 4];
    private static readonly Dictionary<int, TlsaSet> Sets = [];
    private static readonly Dictionary<TlsaRecord, int> Bits = Enumerable.Range(0, RecordCount).ToDictionary(RecordOf, bit => 1 << bit);
    private static readonly Dictionary<(int Chain, Kinds Kinds), Chain> Chains = [];

    public static int AlgorithmOf(int chain) => chain is 4 or 5 ? 1 : 0;

    public static DateTimeOffset At(Clock clock) => clock switch { Clock.MonthsOn => Now.AddDays(45), Clock.WeeksBack => Now.AddDays(-20), _ => Now };

    public static TlsaSet Set(int set)
    {
        if (!Sets.TryGetValue(set, out var known)) Sets[set] = known = TlsaSet.Of(Enumerable.Range(0, RecordCount).Where(bit => (set & (1 << bit)) != 0).Select(RecordOf));
        return known;
    }

    public static int Number(TlsaSet set) => set.Records.Sum(record => Bits[record]);

    public static int ChainNumber(Chain chain) => chain.Content.Span[0] - 0x10;

    public static Chain ChainFor(int chain, Kinds kinds)
    {
        if (Chains.TryGetValue((chain, kinds), out var known)) return known;
        var (from, to) = chain switch { 0 => (-30, 60), 1 => (-1, 90), 2 => (-10, 30), 3 => (-1, 90), 4 => (-30, 400), 6 => (-2, 90), _ => (-10, 400) };
        var key = KeyOf[chain];
        var meaning = (3 << (key * 2)) | IssuerOf(chain) | LeafOf(chain);
        return Chains[(chain, kinds)] = new(Digest(0x10 + chain), Digest(0x40 + key), Set(RecordsFor(chain, kinds)), Now.AddDays(from), Now.AddDays(to)) { Leaf = Digest(0x60 + chain), Meaning = Set(meaning), IsOwn = chain == Standby };
    }

    private static int IssuerOf(int chain) => chain switch { Standby => 0, 6 => OtherIssuer, _ => Issuer };

    private static int LeafOf(int chain) => CertificateOf[chain] < 0 ? 0 : FirstCertificate << CertificateOf[chain];

    /// <summary>The records that the settings want for a chain; for a key without certificate those that can be.</summary>
    public static int RecordsFor(int chain, Kinds kinds)
    {
        var key = KeyOf[chain] * 2;
        return (kinds, chain == Standby) switch
        {
            (Kinds.Both, _) => 3 << key,
            (Kinds.ShortAndIssuer, false) => (1 << key) | IssuerOf(chain),
            (Kinds.Issuer, false) => IssuerOf(chain),
            (Kinds.Certificate, false) => LeafOf(chain),
            _ => 1 << key,
        };
    }

    /// <summary>Who finds no match for a chain in a set that has something which he can use; null for nobody. Told from RFC 7671 §9 by hand, for each kind of sender.</summary>
    public static string? Misled(int set, int chain)
    {
        if (set == 0) return null;
        int shorts = set & 0x555, longs = set & 0xaaa, others = set & ~0xfff;
        var own = (3 << (KeyOf[chain] * 2)) | IssuerOf(chain) | LeafOf(chain);
        bool Finds(int read) => read == 0 || (read & own) != 0;
        if (!Finds((longs != 0 ? longs : shorts) | others)) return "a sender that goes by SHA-512";
        if (!Finds((shorts != 0 ? shorts : longs) | others)) return "a sender that goes by SHA-256";
        if (!Finds(shorts | others)) return "a sender that knows no SHA-512";
        return Finds(shorts | longs | others) ? null : "a sender that compares no digests";
    }

    public static string Name(int set) => set == 0 ? "nothing" : string.Join("+", Enumerable.Range(0, RecordCount).Where(bit => (set & (1 << bit)) != 0).Select(bit => bit >= 14 ? $"301.{Names[Array.IndexOf(CertificateOf, bit - 14)]}" : bit >= 12 ? $"211.I{bit - 11}" : $"{Keys[bit / 2]}.{(bit % 2 == 0 ? 256 : 512)}"));

    private static TlsaRecord RecordOf(int bit) => bit >= 14
        ? new(TlsaUsage.DaneEe, TlsaSelector.Certificate, TlsaMatching.Sha256, Digest(0x80 + bit))
        : bit >= 12
        ? new(TlsaUsage.DaneTa, TlsaSelector.PublicKey, TlsaMatching.Sha256, Digest(0x70 + bit))
        : bit % 2 == 0
            ? new(TlsaUsage.DaneEe, TlsaSelector.PublicKey, TlsaMatching.Sha256, Digest(0x40 + (bit / 2)))
            : new(TlsaUsage.DaneEe, TlsaSelector.PublicKey, TlsaMatching.Sha512, new(Enumerable.Repeat((byte)(0x40 + (bit / 2)), 64).ToArray()));

    private static Octets Digest(int seed) => new(Enumerable.Repeat((byte)seed, 32).ToArray());
}
