using CsCheck;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Anchors;
using Danelaw.Dnssec.Signing;
using static Danelaw.Conformance.Tests.Rfc5011.FollowedZone;

namespace Danelaw.Conformance.Tests.Rfc5011;

/// <summary>What holds for every sequence of observations (RFC 5011 §2.2, §2.4.1, §6).</summary>
public class PropertyTests
{
    private static readonly string[] Names = ["a", "b", "c", "d"];

    /// <summary>One observation: hours that pass, which keys are published, which of these revoked, which sign, and whether a reply comes at all.</summary>
    private static readonly Gen<(int Hours, int Published, int Revoked, int Signing, bool IsAnswered)> Step =
        Gen.Select(Gen.Int[0, 24 * 20], Gen.Int[0, 15], Gen.Int[0, 15], Gen.Int[0, 15], Gen.Int[0, 9]).Select((hours, published, revoked, signing, answer) => (hours, published, revoked & (revoked >> 1), signing, answer > 0));

    [Fact, Rfc(5011, "2.2")]
    public void No_observations_without_a_trusted_keys_signature_ever_add_one() => Step.Array[1, 20].Sample(
        steps =>
        {
            var zone = new FollowedZone(".", Key("a"));
            foreach (var step in steps) Apply(zone, step with { Signing = step.Signing & ~1, Revoked = step.Revoked & ~1 });
            Assert.Equal("a", Assert.Single(Names, name => zone[name] != AnchorKeyState.Start));
            Assert.Equal(AnchorKeyState.Valid, zone["a"]);
        },
        iter: LongRun.Times(40), threads: 1);

    [Fact, Rfc(5011, "2.4.1"), Rfc(5011, "2.1")]
    public void No_key_is_trusted_before_its_hold_down_nor_after_its_revocation() => Step.Array[1, 30].Sample(
        steps =>
        {
            var zone = new FollowedZone(".", Key("a"));
            var seenSince = new Dictionary<string, DateTimeOffset>();
            var revoked = new HashSet<string>();
            foreach (var step in steps)
            {
                var before = Names.Where(name => zone.Find(name)?.IsTrusted == true).ToHashSet();
                Apply(zone, step);
                foreach (var name in Names)
                {
                    var bit = 1 << Array.IndexOf(Names, name);
                    var isPlain = step.IsAnswered && (step.Published & bit) != 0 && (step.Revoked & bit) == 0;

                    // The model is coarser than the rules: seen without interruption in whatever came, signed by anybody.
                    if (step.IsAnswered && !isPlain && (step.Signing & Trusted(before, step)) != 0) seenSince.Remove(name);
                    else if (isPlain) seenSince.TryAdd(name, zone.Now);

                    if (zone[name] is AnchorKeyState.Revoked or AnchorKeyState.Removed) revoked.Add(name);
                    if (zone.Find(name)?.IsTrusted != true) continue;
                    Assert.DoesNotContain(name, revoked);
                    if (name == "a" || before.Contains(name)) continue;
                    Assert.True(seenSince.TryGetValue(name, out var since) && zone.Now - since >= TimeSpan.FromDays(30), $"{name} is trusted too early");
                }
            }
        },
        iter: LongRun.Times(60), threads: 1);

    [Fact, Rfc(5011, "4.2")]
    public void The_state_that_is_written_and_read_again_is_the_same() => Step.Array[1, 20].Sample(
        steps =>
        {
            var zone = new FollowedZone("followed.example.", Key("a"));
            foreach (var step in steps)
            {
                Apply(zone, step);
                var text = AnchorStateText.Write(new([zone.Point]));
                Assert.True(AnchorStateText.TryRead(text, out var state, out var fault), fault);
                Assert.Equal(text, AnchorStateText.Write(state));
                Assert.Equal(zone.Point.Keys, state.Points[0].Keys);
                zone.Point = state.Points[0];
            }
        },
        iter: LongRun.Times(25), threads: 1);

    private static void Apply(FollowedZone zone, (int Hours, int Published, int Revoked, int Signing, bool IsAnswered) step)
    {
        zone.Now += TimeSpan.FromHours(step.Hours);
        var published = Pick(step.Published, step.Revoked);
        zone.Point = zone.Point.Next(step.IsAnswered && published.Length > 0 ? zone.Serve(published, Pick(step.Published & step.Signing, step.Revoked)) : zone.Serve(ExchangeOutcome.TimedOut), zone.Now);
    }

    private static SigningKey[] Pick(int bits, int revoked) =>
        [.. Names.Where((_, i) => (bits & (1 << i)) != 0).Select(name => (revoked & (1 << Array.IndexOf(Names, name))) != 0 ? Revoking(name) : Key(name))];

    private static int Trusted(HashSet<string> trusted, (int Hours, int Published, int Revoked, int Signing, bool IsAnswered) step) =>
        Names.Select((name, i) => trusted.Contains(name) ? 1 << i : 0).Sum() & step.Published & ~step.Revoked;
}
