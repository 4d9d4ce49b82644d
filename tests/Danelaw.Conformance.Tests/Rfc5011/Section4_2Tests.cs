using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Signing;
using static Danelaw.Conformance.Tests.Rfc5011.FollowedZone;
using static Danelaw.Dnssec.Anchors.AnchorKeyState;

namespace Danelaw.Conformance.Tests.Rfc5011;

/// <summary>RFC 5011 §4.2: every transition of the table, and that there is no other.</summary>
public class Section4_2Tests
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly SigningKey A = Key("a"), B = Key("b"), C = Key("c");
    private readonly FollowedZone _zone = new("followed.example.", A);

    [Fact, Rfc(5011, "4.2")]
    public void Start_to_AddPend_when_a_trusted_key_signs_a_set_with_a_new_one()
    {
        _zone.Observe(default, A, B);

        Assert.Equal((Valid, AddPend), (_zone["a"], _zone["b"]));
        Assert.False(_zone.Find("b")!.IsTrusted);
        Assert.DoesNotContain(B.ToDnskey(), _zone.Point.ToAnchor().Keys);
    }

    [Fact, Rfc(5011, "4.2"), Rfc(5011, "2.2")]
    public void AddPend_to_Start_when_a_set_lacks_the_key_and_the_hold_down_begins_anew()
    {
        _zone.Observe(default, A, B);
        _zone.Observe(29 * Day, A);
        Assert.Equal(Start, _zone["b"]);

        _zone.Observe(2 * Day, A, B);
        Assert.Equal(AddPend, _zone["b"]);
        Assert.Equal(_zone.Now, _zone.Find("b")!.Since);
        _zone.Observe((30 * Day) - TimeSpan.FromSeconds(1), A, B);
        Assert.Equal(AddPend, _zone["b"]);
        _zone.Observe(TimeSpan.FromSeconds(1), A, B);
        Assert.Equal(Valid, _zone["b"]);
    }

    [Fact, Rfc(5011, "4.2"), Rfc(5011, "2.4.1")]
    public void AddPend_to_Valid_when_the_hold_down_is_over_to_the_second()
    {
        _zone.Observe(default, A, B);
        _zone.Observe((30 * Day) - TimeSpan.FromSeconds(1), A, B);
        Assert.Equal(AddPend, _zone["b"]);

        _zone.Observe(TimeSpan.FromSeconds(1), A, B);
        Assert.Equal(Valid, _zone["b"]);
        Assert.Contains(B.ToDnskey(), _zone.Point.ToAnchor().Keys);
    }

    [Fact, Rfc(5011, "4.2")]
    public void Valid_to_Missing_when_a_set_lacks_the_key_which_stays_trusted()
    {
        Trust(B);
        _zone.Observe(Day, B);

        Assert.Equal((Missing, Valid), (_zone["a"], _zone["b"]));
        Assert.True(_zone.Find("a")!.IsTrusted);
        _zone.Observe(Day, [A, B, C], [A]);
        Assert.Equal(AddPend, _zone["c"]);
    }

    [Fact, Rfc(5011, "4.2")]
    public void Missing_to_Valid_when_the_key_is_back()
    {
        Trust(B);
        _zone.Observe(Day, B);
        _zone.Observe(Day, [A, B], [B]);

        Assert.Equal(Valid, _zone["a"]);
    }

    [Fact, Rfc(5011, "4.2"), Rfc(5011, "2.1")]
    public void Valid_to_Revoked_by_the_keys_own_signature()
    {
        Trust(B);
        _zone.Observe(Day, Revoking("a"), B);

        Assert.Equal((Revoked, Valid), (_zone["a"], _zone["b"]));
        Assert.NotEqual(A.KeyTag, _zone.Find("a")!.RevokedKeyTag);
        Assert.DoesNotContain(A.ToDnskey(), _zone.Point.ToAnchor().Keys);
    }

    [Fact, Rfc(5011, "4.2")]
    public void Missing_to_Revoked_by_the_keys_own_signature()
    {
        Trust(B);
        _zone.Observe(Day, B);
        _zone.Observe(Day, Revoking("a"), B);

        Assert.Equal(Revoked, _zone["a"]);
    }

    [Fact, Rfc(5011, "4.2"), Rfc(5011, "2.4.2")]
    public void Revoked_to_Removed_when_it_has_been_gone_for_thirty_days()
    {
        Trust(B);
        _zone.Observe(Day, Revoking("a"), B);
        _zone.Observe(20 * Day, Revoking("a"), B);
        _zone.Observe((30 * Day) - TimeSpan.FromSeconds(1), B);
        Assert.Equal(Revoked, _zone["a"]);

        _zone.Observe(TimeSpan.FromSeconds(1), B);
        Assert.Equal(Removed, _zone["a"]);
    }

    [Theory, Rfc(5011, "4.2"), Rfc(5011, "2.1")]
    [InlineData(false)]
    [InlineData(true)]
    public void A_key_that_was_revoked_never_comes_back(bool isRemoved)
    {
        Trust(B);
        _zone.Observe(Day, Revoking("a"), B);
        if (isRemoved) _zone.Observe(31 * Day, B);
        var state = _zone["a"];

        for (var i = 0; i < 5; i++) _zone.Observe(20 * Day, A, B);

        Assert.Equal(state, _zone["a"]);
        Assert.False(_zone.Find("a")!.IsTrusted);

        // Nor does what it signs count.
        _zone.Observe(Day, [A, B, C], [A]);
        Assert.Equal(Start, _zone["c"]);
    }

    [Fact, Rfc(5011, "2.1")]
    public void A_revoke_bit_without_the_keys_own_signature_revokes_nothing()
    {
        Trust(B);
        _zone.Observe(Day, [Revoking("a"), B], [B]);
        Assert.Equal(Missing, _zone["a"]);

        // Signed by the key as it was, with its old tag: that is not the key which stands in the set.
        _zone.Observe(Day, [Revoking("a"), B], [A, B]);
        Assert.Equal(Missing, _zone["a"]);
    }

    [Fact, Rfc(5011, "2.1")]
    public void A_revocation_needs_no_other_keys_signature_and_says_nothing_of_other_keys()
    {
        Trust(B);
        _zone.Observe(Day, [Revoking("a"), C], [Revoking("a")]);

        Assert.Equal((Revoked, Valid, Start), (_zone["a"], _zone["b"], _zone["c"]));
    }

    [Fact, Rfc(5011, "2.1")]
    public void A_pending_key_that_revokes_itself_is_never_trusted()
    {
        _zone.Observe(default, A, B);
        _zone.Observe(Day, A, Revoking("b"));
        Assert.Equal(Revoked, _zone["b"]);

        for (var i = 0; i < 4; i++) _zone.Observe(15 * Day, A, B);
        Assert.False(_zone.Find("b")!.IsTrusted);
    }

    [Fact, Rfc(5011, "2.2")]
    public void A_set_that_no_trusted_key_has_signed_changes_no_key()
    {
        _zone.Observe(default, A, B);
        var before = _zone.Point.Keys;

        _zone.Observe(Day, [B, C], [B, C]);
        _zone.Observe(Day, [A, B, C], [C]);
        _zone.Observe(Day, [C], []);
        _zone.Point = _zone.Point.Next(_zone.Serve(ExchangeOutcome.TimedOut), _zone.Now);
        _zone.Point = _zone.Point.Next(_zone.Serve(ExchangeOutcome.Replied), _zone.Now);

        Assert.Equal(before, _zone.Point.Keys);
        Assert.Equal(5, _zone.Point.Failures);
    }

    [Fact, Rfc(5011, "2.2")]
    public void A_set_with_an_expired_signature_or_one_altered_bit_changes_no_key()
    {
        _zone.Observe(default, A);
        var before = _zone.Point.Keys;
        var stale = _zone.Serve([A, B], [A]);

        _zone.Now += 15 * Day;
        _zone.Point = _zone.Point.Next(stale, _zone.Now);
        _zone.Point = _zone.Point.Next(_zone.Serve([A, B], [A], records => [.. records.Select((record, i) => i == 1 ? record with { Data = C.ToDnskey() } : record)]), _zone.Now);

        Assert.Equal(before, _zone.Point.Keys);
    }

    [Fact, Rfc(5011, "3")]
    public void A_key_without_the_SEP_bit_is_never_taken_up()
    {
        var plain = Key("plain").WithFlags(DnskeyFlags.Zone);
        for (var i = 0; i < 4; i++) _zone.Observe(15 * Day, A, plain);

        Assert.Equal("a", Assert.Single(_zone.Point.Keys) == _zone.Find("a") ? "a" : "other");
    }

    [Fact, Rfc(5011, "5")]
    public void When_every_key_is_revoked_the_trust_point_counts_as_never_configured()
    {
        _zone.Observe(Day, Revoking("a"));

        Assert.True(_zone.Point.IsDeleted);
        Assert.Equal(Dnssec.Resolution.LookupReason.NoTrustAnchor, _zone.Serve([A], [A]).Reason);
        Assert.False(_zone.Point.IsDue(_zone.Now + (400 * Day)));
        Assert.Empty(_zone.Point.ToAnchor().Keys);
    }

    /// <summary>Makes a key trusted by way of its hold-down.</summary>
    private void Trust(SigningKey key)
    {
        _zone.Observe(default, A, key);
        _zone.Observe(30 * Day, A, key);
        Assert.True(_zone.Point.Keys.Single(each => each.Dnskey == key.ToDnskey()).IsTrusted);
    }
}
