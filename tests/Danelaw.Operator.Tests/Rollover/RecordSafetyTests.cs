using Danelaw.Operator.Rollover;

namespace Danelaw.Operator.Tests.Rollover;

/// <summary>
/// The plan's law for senders of every kind, and for what people do beside it: other kinds of records, others' records, deletions, lost keys, an old or
/// lost file of states, a lowered TTL, a clock that is set, renewals and certificates that expire, signatures that end.
/// </summary>
public sealed class RecordSafetyTests(ITestOutputHelper output)
{
    private const int E1 = 1, E1Long = 2, R1 = 64, Other = 1 << 10, OtherLong = 2 << 10, Issuer = RecordPieces.Issuer, Certificate = RecordPieces.FirstCertificate;
    private const Happening Next = Happening.NextKey;

    /// <summary>What it is about, how many keys, the kinds of records and those after a change, what is published, whether it is taken up, whether there is a standby key, what happens, and which chains must come to be shown.</summary>
    public static TheoryData<string, int, int, int, int, bool, bool, int, string> Worlds => LongRun.IsOn ? [.. Short, .. Long] : Short;

    private static TheoryData<string, int, int, int, int, bool, bool, int, string> Short => new()
    {
        { "a longer digest comes to be wanted beside a waiting offer", 2, (int)Kinds.Short, (int)Kinds.Both, E1 | R1, true, false, (int)(Next | Happening.OtherKinds), "E2" },
        { "a longer digest is wanted no more", 2, (int)Kinds.Both, (int)Kinds.Short, 0, true, false, (int)(Next | Happening.OtherKinds), "E2" },
        { "a longer digest is wanted no more, and somebody else's comes", 1, (int)Kinds.Both, (int)Kinds.Short, 3, true, false, (int)(Next | Happening.OtherKinds | Happening.OtherLong), "E2" },
        { "an issuer comes to be wanted", 1, (int)Kinds.Short, (int)Kinds.Issuer, E1, true, false, (int)(Next | Happening.OtherKinds | Happening.Renewal), "E2 E1'" },
        { "an issuer is wanted beside the key, and then no more", 1, (int)Kinds.ShortAndIssuer, (int)Kinds.Short, 0, true, false, (int)(Next | Happening.OtherKinds), "E2" },
        { "others come and things go", 1, (int)Kinds.Short, (int)Kinds.Short, E1, true, false, (int)(Next | Happening.OtherShort | Happening.OtherLong | Happening.Deletion), "E2" },
        { "others come where both digests are", 1, (int)Kinds.Both, (int)Kinds.Both, 3, true, false, (int)(Next | Happening.OtherShort | Happening.OtherLong), "E2" },
        { "taken up beside a longer digest of the same key", 1, (int)Kinds.Short, (int)Kinds.Both, E1Long, false, false, (int)(Next | Happening.OtherKinds), "E2" },
        { "taken up beside others", 2, (int)Kinds.Short, (int)Kinds.Both, E1 | E1Long | R1 | (R1 << 1) | Other | OtherLong, false, false, (int)(Next | Happening.OtherKinds), "" },
        { "taken up beside others, and other kinds come to be wanted", 1, (int)Kinds.Short, (int)Kinds.Both, E1 | Other, false, false, (int)(Next | Happening.OtherKinds | Happening.Loss), "E2" },
        { "the state is lost", 1, (int)Kinds.Short, (int)Kinds.Short, 0, true, true, (int)(Next | Happening.Loss), "E2" },
        { "an old state is put back", 1, (int)Kinds.Short, (int)Kinds.Short, E1, true, false, (int)(Next | Happening.Copying | Happening.PuttingBack), "E2" },
        { "an old state is put back after an emergency", 1, (int)Kinds.Both, (int)Kinds.Both, 3, true, true, (int)(Happening.Copying | Happening.PuttingBack | Happening.Emergency), "S" },
        { "a key is lost while both roll", 2, (int)Kinds.Short, (int)Kinds.Short, 0, true, true, (int)(Happening.Emergency | Happening.OtherAlgorithm), "S R2" },
        { "the TTL is lowered", 1, (int)Kinds.Short, (int)Kinds.Short, 0, true, false, (int)(Next | Happening.LowerTtl), "E2" },
        { "certificates expire and are renewed, the clock is set", 1, (int)Kinds.Short, (int)Kinds.Short, 0, true, false, (int)(Next | Happening.Renewal | Happening.ClockOn | Happening.ClockBack), "E2 E1'" },
        { "taken up beside the certificate, which is renewed", 1, (int)Kinds.Short, (int)Kinds.Short, Certificate, false, false, (int)(Next | Happening.Renewal), "E2 E1'" },
        { "taken up beside the issuer, and renewed under another", 1, (int)Kinds.Short, (int)Kinds.Short, Issuer, false, false, (int)(Next | Happening.OtherIssuer), "E2 E1\"" },
        { "signatures end and are made anew", 1, (int)Kinds.Short, (int)Kinds.Short, E1, true, false, (int)(Next | Happening.Signatures), "E2" },
        { "a server that serves on is taken out of the zone", 1, (int)Kinds.Short, (int)Kinds.Short, E1, true, false, (int)(Next | Happening.Delisting), "E2" },
        { "a server is silent, and comes back from an old copy with a longer TTL", 1, (int)Kinds.Short, (int)Kinds.Short, E1, true, false, (int)(Next | Happening.LongCopy | Happening.OldCopy), "E2" },
        { "a server has gone back to an old copy, and is taken out of the zone while it is silent", 1, (int)Kinds.Short, (int)Kinds.Short, E1, true, false, (int)(Next | Happening.Delisting | Happening.OldCopy), "E2" },
        { "the certificate is wanted no more, and renewed", 1, (int)Kinds.Certificate, (int)Kinds.Short, Certificate, true, false, (int)(Happening.OtherKinds | Happening.Renewal), "E1'" },
        { "another algorithm follows by one chain file", 1, (int)Kinds.Short, (int)Kinds.Short, E1, true, false, (int)(Happening.OtherAlgorithm | Happening.SecondEndpoint), "R2" },
        { "a key is lost while it is deployed to two endpoints", 1, (int)Kinds.Short, (int)Kinds.Short, 0, true, true, (int)(Next | Happening.Emergency | Happening.SecondEndpoint), "E2 S" },
        { "a key is lost while it is deployed to two endpoints, and there is no other", 1, (int)Kinds.Short, (int)Kinds.Short, 0, true, false, (int)(Next | Happening.Emergency | Happening.SecondEndpoint), "E2" },
        { "the issuer is wanted no more, and the key renewed under another", 1, (int)Kinds.Issuer, (int)Kinds.Short, Issuer, true, false, (int)(Happening.OtherKinds | Happening.OtherIssuer), "E1\"" },
    };

    private static TheoryData<string, int, int, int, int, bool, bool, int, string> Long => new()
    {
        { "a server with a longer TTL serves on when it is taken out of the zone", 1, (int)Kinds.Short, (int)Kinds.Short, E1, true, false, (int)(Next | Happening.Delisting | Happening.LongCopy), "E2" },
        { "an issuer is wanted beside the key, and then no more, and a key is lost", 1, (int)Kinds.ShortAndIssuer, (int)Kinds.Short, 0, true, true, (int)(Next | Happening.OtherKinds | Happening.Emergency), "E2 S" },
        { "others come where both digests are, and things go", 1, (int)Kinds.Both, (int)Kinds.Both, 3, true, false, (int)(Next | Happening.OtherShort | Happening.OtherLong | Happening.Deletion), "E2" },
        { "an old state is put back after an emergency, beside a waiting offer", 1, (int)Kinds.Both, (int)Kinds.Both, 3, true, true, (int)(Next | Happening.Copying | Happening.PuttingBack | Happening.Emergency), "E2 S" },
        { "certificates expire, the clock is set, a key is lost", 1, (int)Kinds.Short, (int)Kinds.Short, 0, true, true, (int)(Next | Happening.Renewal | Happening.ClockOn | Happening.ClockBack | Happening.Emergency), "E2 S E1'" },
        { "a key is lost while the other is deployed to two endpoints", 2, (int)Kinds.Short, (int)Kinds.Short, 0, true, true, (int)(Happening.OtherAlgorithm | Happening.Emergency | Happening.SecondEndpoint), "S R2" },
        { "a key is lost while it is deployed to two endpoints, and things go", 1, (int)Kinds.Short, (int)Kinds.Short, 0, true, true, (int)(Next | Happening.Emergency | Happening.SecondEndpoint | Happening.Deletion), "E2 S" },
        { "the state is lost, and a key", 1, (int)Kinds.Short, (int)Kinds.Short, 0, true, true, (int)(Next | Happening.Loss | Happening.Emergency), "E2 S" },
        { "signatures end and are made anew, and the TTL is lowered", 1, (int)Kinds.Short, (int)Kinds.Short, E1, true, false, (int)(Next | Happening.Signatures | Happening.LowerTtl), "E2" },
        { "signatures end and are made anew, and a key is lost", 1, (int)Kinds.Short, (int)Kinds.Short, 0, true, true, (int)(Next | Happening.Signatures | Happening.Emergency), "E2 S" },
        { "others come, kinds change, the state is lost", 1, (int)Kinds.Short, (int)Kinds.Both, E1, true, false, (int)(Next | Happening.OtherKinds | Happening.OtherShort | Happening.OtherLong | Happening.Deletion | Happening.Loss), "E2" },
    };

    [Theory, MemberData(nameof(Worlds)), Rfc(7671, "8.1"), Rfc(7671, "9")]
    public void No_sender_of_any_kind_sees_records_of_which_none_matches(string about, int algorithms, int kinds, int otherKinds, int published, bool isKnown, bool hasStandby, int events, string shown)
    {
        var explorer = new RecordExplorer();
        explorer.Explore(algorithms, (Kinds)kinds, (Kinds)otherKinds, published, isKnown, hasStandby, (Happening)events);
        output.WriteLine($"{about}: {explorer.Count} worlds; {string.Join(", ", explorer.Told.Select(pair => $"{pair.Key} {pair.Value}"))}; shown {string.Join(" ", explorer.Shown)}");
        Assert.True(explorer.CounterExample is null, explorer.CounterExample);
        Assert.Superset(shown.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToHashSet(), explorer.Shown);
    }

    [Fact]
    public void The_explorer_sees_a_plan_that_forgets_the_TTLs_of_before()
    {
        var explorer = new RecordExplorer { Decide = (state, seen, margin) => RolloverPlan.Next(state with { TimesToLive = TimeToLiveMemory.Empty }, seen, margin) };
        explorer.Explore(1, Kinds.Short, Kinds.Short, 0, true, false, Next | Happening.LowerTtl);
        Assert.NotNull(explorer.CounterExample);
        output.WriteLine(explorer.CounterExample);
    }
}
