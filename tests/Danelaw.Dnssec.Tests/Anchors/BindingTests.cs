using System.Collections.Immutable;
using Danelaw.Dns;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Anchors;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Signing;
using Danelaw.Dnssec.Tests.Worlds;

namespace Danelaw.Dnssec.Tests.Anchors;

/// <summary>A state belongs to the anchors that it was begun from: what happens when these change (decision 0100).</summary>
public class BindingTests
{
    private static readonly DateTimeOffset Now = TestZone.Now;
    private static readonly SigningKey A = TestKeys.Get("bind-a"), B = TestKeys.Get("bind-b"), C = TestKeys.Get("bind-c"), D = TestKeys.Get("bind-d");

    [Fact]
    public void The_same_anchors_change_nothing()
    {
        var state = State(Key(A, AnchorKeyState.Missing), Key(B, AnchorKeyState.Valid), Key(C, AnchorKeyState.AddPend));

        Assert.Equal(AnchorStateText.Write(state), AnchorStateText.Write(Bind(state, A)));
    }

    [Fact]
    public void A_key_that_is_newly_configured_is_trusted_at_once_and_the_others_stay_as_they_are()
    {
        var bound = Bind(State(Key(A, AnchorKeyState.Valid), Key(B, AnchorKeyState.Valid), Key(C, AnchorKeyState.AddPend)), A, C, D);

        Assert.Equal([AnchorKeyState.Valid, AnchorKeyState.Valid, AnchorKeyState.Valid, AnchorKeyState.Valid], States(bound, A, B, C, D));
    }

    [Theory]
    [InlineData(AnchorKeyState.Revoked)]
    [InlineData(AnchorKeyState.Removed)]
    public void A_revoked_key_stays_revoked_whoever_configures_it(AnchorKeyState revoked)
    {
        var bound = Bind(State(Key(A, AnchorKeyState.Valid), Key(B, revoked)), A, B);

        Assert.Equal([AnchorKeyState.Valid, revoked], States(bound, A, B));
        Assert.DoesNotContain(B.ToDnskey(), bound.ToAnchors(Anchors(A, B)).Zones.Single().Keys);
    }

    [Fact]
    public void A_key_configured_with_the_revoke_bit_leaves_its_zone_anchored_though_nothing_rests_on_it()
    {
        Assert.True(DnskeyData.TryRead(A.ToDnskey(), out var plain));
        var revoked = (plain with { Flags = (ushort)(plain.Flags | 0x80) }).ToOctets();
        var anchors = Anchors(("followed.", revoked));
        var state = AnchorState.Begin(anchors, Now);

        Assert.False(state.Points[0].IsDeleted);
        Assert.Equal([revoked], state.ToAnchors(anchors).Zones.Single().Keys);
        Assert.DoesNotContain(A.ToDnskey(), state.ToAnchors(anchors).Zones.Single().Keys);
    }

    [Fact]
    public void When_a_configured_key_is_taken_out_what_it_may_have_brought_begins_its_hold_down_anew()
    {
        var bound = Bind(State(Key(A, AnchorKeyState.Valid), Key(B, AnchorKeyState.Valid), Key(C, AnchorKeyState.Valid)), B);

        Assert.Equal([AnchorKeyState.Start, AnchorKeyState.Valid, AnchorKeyState.AddPend], States(bound, A, B, C));
        Assert.Equal(Now.AddDays(30), bound.Points[0].Keys.Single(key => key.Dnskey == C.ToDnskey()).ValidFrom);
    }

    [Theory, Rfc(5011, "2.1")]
    [InlineData(AnchorKeyState.Revoked)]
    [InlineData(AnchorKeyState.Removed)]
    public void A_revoked_key_that_is_taken_out_of_the_anchors_takes_nothing_with_it(AnchorKeyState revoked)
    {
        var state = State(Key(A, revoked), Key(B, AnchorKeyState.Missing), Key(C, AnchorKeyState.Valid));

        Assert.Equal([revoked, AnchorKeyState.Missing, AnchorKeyState.Valid], States(Bind(state, B), A, B, C));
    }

    [Fact]
    public void Anchors_with_no_key_in_common_are_refused()
    {
        Assert.False(State(Key(A, AnchorKeyState.Valid), Key(B, AnchorKeyState.Valid)).TryBind(Anchors(D), Now, out var bound, out var fault));
        Assert.Null(bound);
        Assert.Contains("followed.", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Anchors_of_other_zones_alone_are_refused_and_beside_the_zones_own_they_begin()
    {
        var state = State(Key(A, AnchorKeyState.Valid));
        Assert.False(state.TryBind(Anchors(("other.", D.ToDnskey())), Now, out _, out _));

        Assert.True(state.TryBind(Anchors(("followed.", A.ToDnskey()), ("other.", D.ToDnskey())), Now, out var bound, out _));
        Assert.Equal(["followed.", "other."], bound.Points.Select(point => point.Zone.ToString()));
    }

    [Fact]
    public void A_zone_that_is_no_longer_configured_is_kept_and_not_used()
    {
        Assert.True(State(Key(A, AnchorKeyState.Valid)).TryBind(Anchors(("followed.", A.ToDnskey()), ("other.", D.ToDnskey())), Now, out var both, out _));

        Assert.True(both.TryBind(Anchors(A), Now, out var bound, out _));

        Assert.Equal(2, bound.Points.Length);
        Assert.Equal("followed.", Assert.Single(bound.ToAnchors(Anchors(A)).Zones).Zone.ToString());
    }

    [Fact]
    public void A_digest_and_its_key_are_the_same_anchor()
    {
        var state = State(Key(A, AnchorKeyState.Valid));

        Assert.True(state.TryBind(Anchors(("followed.", A.ToDs(Text.Name("followed.")))), Now, out var bound, out _));
        Assert.Equal([AnchorKeyState.Valid], States(bound, A));
        Assert.Single(bound.Points[0].Keys);
    }

    [Fact, Rfc(4509, "3")]
    public void A_SHA1_digest_beside_a_better_one_never_becomes_a_trusted_key()
    {
        var zone = Text.Name("followed.");
        var begun = AnchorState.Begin(Anchors(("followed.", A.ToDs(zone)), ("followed.", B.ToDs(zone, DigestAlgorithm.Sha1))), Now);

        Assert.Equal([A.KeyTag], begun.Points[0].Keys.Select(key => key.KeyTag));
    }

    [Fact]
    public async Task Many_at_a_time_lose_no_change_and_never_read_half_a_file()
    {
        var folder = Directory.CreateTempSubdirectory("danelaw-state").FullName;
        try
        {
            var path = Path.Combine(folder, "state");
            var begun = State(Key(A, AnchorKeyState.Valid));
            await new AnchorStateFile(path, TimeProvider.System).UpdateAsync(_ => begun, TestContext.Current.CancellationToken);

            await Parallel.ForAsync(0, 24, TestContext.Current.CancellationToken, async (_, stop) =>
            {
                var file = new AnchorStateFile(path, TimeProvider.System);
                Assert.True(file.TryRead(out var seen, out var fault), fault);
                Assert.NotNull(seen);
                Assert.Null(await file.UpdateAsync(state => state!.With(state.Points[0] with { Failures = state.Points[0].Failures + 1 }), stop));
            });

            Assert.True(new AnchorStateFile(path, TimeProvider.System).TryRead(out var last, out _));
            Assert.Equal(24, last!.Points[0].Failures);
            Assert.Equal(["state", "state.lock"], Directory.EnumerateFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_damaged_file_is_left_as_it_is()
    {
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(path, "; danelaw anchor state, version 1\n;;zone .\n", TestContext.Current.CancellationToken);
            var isAsked = false;

            var fault = await new AnchorStateFile(path, TimeProvider.System).UpdateAsync(state =>
            {
                isAsked = true;
                return state;
            }, TestContext.Current.CancellationToken);

            Assert.NotNull(fault);
            Assert.False(isAsked);
            Assert.Equal("; danelaw anchor state, version 1\n;;zone .\n", await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
        }
        finally
        {
            File.Delete(path);
            File.Delete(path + ".lock");
        }
    }

    [Fact]
    public void Read_as_a_plain_list_of_anchors_the_file_trusts_what_it_trusts()
    {
        var state = State(Key(A, AnchorKeyState.Valid), Key(B, AnchorKeyState.Missing), Key(C, AnchorKeyState.AddPend), Key(D, AnchorKeyState.Revoked));

        Assert.True(TrustAnchors.TryRead(new StringReader(AnchorStateText.Write(state)), "state", out var anchors, out var fault), fault?.ToString());
        Assert.Equal([A.ToDnskey(), B.ToDnskey()], anchors.Zones.Single().Keys);
    }

    [Fact]
    public void Text_that_was_altered_anywhere_is_refused_and_never_throws()
    {
        var text = AnchorStateText.Write(State(Key(A, AnchorKeyState.Valid), Key(C, AnchorKeyState.AddPend)));
        for (var i = 0; i < text.Length; i++)
        {
            Assert.False(AnchorStateText.TryRead(text[..i], out _, out _), $"cut at {i}");
            Assert.False(AnchorStateText.TryRead(text.Remove(i, 1).Insert(i, text[i] == 'x' ? "y" : "x"), out _, out _), $"altered at {i}");
        }
    }

    /// <summary>Whoever writes the file can also write its digest.</summary>
    [Theory]
    [InlineData(AnchorKeyState.AddPend, "since=9999-12-31T23:59:59Z")]
    [InlineData(AnchorKeyState.AddPend, "since=9900-01-01T00:00:00Z")]
    [InlineData(AnchorKeyState.Revoked, "seen=9999-12-15T00:00:00Z")]
    public void A_state_with_a_time_to_which_nothing_can_be_added_is_refused(AnchorKeyState state, string time)
    {
        var text = AnchorStateText.Write(State(Key(A, AnchorKeyState.Valid), Key(B, state)));
        var line = text.Split('\n').Single(each => each.StartsWith($";;key {state} ", StringComparison.Ordinal));
        var word = line.Split(' ').Single(each => each.StartsWith(time[..5], StringComparison.Ordinal));
        var body = text[..text.LastIndexOf(";;sha256 ", StringComparison.Ordinal)].Replace(line, line.Replace(word, time, StringComparison.Ordinal).Replace("hold-down=2592000", "hold-down=4294967295", StringComparison.Ordinal), StringComparison.Ordinal);
        var digest = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(body)));

        Assert.False(AnchorStateText.TryRead($"{body};;sha256 {digest}\n", out _, out var fault));
        Assert.EndsWith("makes no sense", fault, StringComparison.Ordinal);
    }

    private static AnchorKey Key(SigningKey key, AnchorKeyState state) => new()
    {
        Dnskey = key.ToDnskey(), State = state, Since = Now.AddDays(-9), LastSeen = Now.AddDays(-1), HoldDown = state == AnchorKeyState.AddPend ? TimeSpan.FromDays(30) : default,
    };

    /// <summary>A state that was begun from key A.</summary>
    private static AnchorState State(params ImmutableArray<AnchorKey> keys) => new([new TrustPoint
    {
        Zone = Text.Name("followed."), Configured = [new(Text.Name("followed."), RecordType.DNSKEY, RecordClass.IN, 0, A.ToDnskey())], Keys = keys, NextQuery = Now.AddDays(1),
    }]);

    private static AnchorState Bind(AnchorState state, params SigningKey[] configured)
    {
        Assert.True(state.TryBind(Anchors(configured), Now, out var bound, out var fault), fault);
        return bound;
    }

    private static IEnumerable<AnchorKeyState> States(AnchorState state, params SigningKey[] keys) =>
        keys.Select(key => state.Points[0].Keys.SingleOrDefault(each => each.Dnskey == key.ToDnskey())?.State ?? AnchorKeyState.Start);

    private static TrustAnchors Anchors(params SigningKey[] keys) => Anchors([.. keys.Select(key => ("followed.", key.ToDnskey()))]);

    private static TrustAnchors Anchors(params (string Zone, Octets Data)[] records)
    {
        Assert.True(TrustAnchors.TryCreate(records.Select(record => new ResourceRecord(Text.Name(record.Zone), record.Data.Span[0] == 1 && record.Data.Span[2] == 3 ? RecordType.DNSKEY : RecordType.DS, RecordClass.IN, 0, record.Data)), out var anchors, out _));
        return anchors;
    }
}
