using System.Text;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Dns.Tests.Messages;

/// <summary>Against messages of BIND's programs: <c>tests/Corpora/tsig/bind-9.18.txt</c>.</summary>
public sealed class TsigTests
{
    public static TheoryData<string> Algorithms => ["sha1", "sha224", "sha256", "sha384", "sha512"];

    [Theory, MemberData(nameof(Algorithms)), Rfc(8945, "4.3"), Rfc(8945, "6")]
    public void A_request_of_dig_and_the_response_of_named_verify(string algorithm)
    {
        var dialogue = TsigDialogue.Read($"hmac-{algorithm}");
        var key = Key(algorithm);

        var request = new TsigVerifier(key).Verify(dialogue.Request, dialogue.Time);
        var response = new TsigVerifier(key, request.Record!.Value.Mac).Verify(dialogue.Responses[0], dialogue.Time);

        Assert.Equal(TsigOutcome.Verified, request.Outcome);
        Assert.Equal(TsigOutcome.Verified, response.Outcome);
    }

    [Theory, MemberData(nameof(Algorithms)), Rfc(8945, "4.3")]
    public void Our_signature_of_the_same_request_is_that_of_dig_octet_by_octet(string algorithm)
    {
        var dialogue = TsigDialogue.Read($"hmac-{algorithm}");
        var record = new TsigVerifier(Key(algorithm)).Verify(dialogue.Request, dialogue.Time).Record!.Value;

        var signed = new TsigSigner(Key(algorithm)).Sign(Unsigned(dialogue.Request), DateTimeOffset.FromUnixTimeSeconds((long)record.TimeSigned));

        Assert.Equal(Convert.ToHexStringLower(dialogue.Request), Convert.ToHexStringLower(signed));
    }

    [Fact, Rfc(8945, "5.3")]
    public void A_response_does_not_verify_as_the_response_to_another_request()
    {
        var dialogue = TsigDialogue.Read("hmac-sha256");

        var verdict = new TsigVerifier(Key("sha256"), new Octets(new byte[32])).Verify(dialogue.Responses[0], dialogue.Time);

        Assert.Equal(TsigOutcome.BadSignature, verdict.Outcome);
    }

    [Fact, Rfc(8945, "4.3.2")]
    public void Whatever_octet_of_the_message_is_altered_it_does_not_verify()
    {
        var dialogue = TsigDialogue.Read("hmac-sha256");
        var verified = 0;
        for (var i = 0; i < dialogue.Request.Length; i++)
        {
            // The id may change under way; the original one stands in the record.
            if (i < 2) continue;
            var altered = dialogue.Request.ToArray();
            altered[i] ^= 1;
            if (new TsigVerifier(Key("sha256")).Verify(altered, dialogue.Time).Outcome == TsigOutcome.Verified) verified++;
        }

        Assert.Equal(0, verified);
    }

    [Fact, Rfc(8945, "4.2")]
    public void A_forwarder_may_change_the_id_for_the_original_one_is_signed()
    {
        var dialogue = TsigDialogue.Read("hmac-sha256");
        dialogue.Request[0] ^= 0xFF;

        Assert.Equal(TsigOutcome.Verified, new TsigVerifier(Key("sha256")).Verify(dialogue.Request, dialogue.Time).Outcome);
    }

    [Fact, Rfc(8945, "4.3.3")]
    public void The_case_of_the_key_name_makes_no_difference()
    {
        var dialogue = TsigDialogue.Read("hmac-sha256");
        var key = new TsigKey(DomainName.Parse("K-SHA256."), TsigAlgorithm.HmacSha256, Secret("sha256"));

        Assert.Equal(TsigOutcome.Verified, new TsigVerifier(key).Verify(dialogue.Request, dialogue.Time).Outcome);
    }

    [Fact, Rfc(8945, "5.2.1")]
    public void A_key_that_is_not_ours_is_BADKEY()
    {
        var dialogue = TsigDialogue.Read("badkey");

        var verdict = new TsigVerifier(Key("sha256")).Verify(dialogue.Request, dialogue.Time);

        Assert.Equal((TsigOutcome.BadKey, "nobody."), (verdict.Outcome, verdict.KeyName.ToString()));
    }

    [Fact, Rfc(8945, "5.2.1")]
    public void The_right_key_with_another_algorithm_is_BADKEY()
    {
        var dialogue = TsigDialogue.Read("hmac-sha256");
        var key = new TsigKey(DomainName.Parse("k-sha256."), TsigAlgorithm.HmacSha512, Secret("sha256"));

        Assert.Equal(TsigOutcome.BadKey, new TsigVerifier(key).Verify(dialogue.Request, dialogue.Time).Outcome);
    }

    [Fact, Rfc(8945, "5.2.2")]
    public void Another_secret_is_BADSIG()
    {
        var dialogue = TsigDialogue.Read("badsig");

        Assert.Equal(TsigOutcome.BadSignature, new TsigVerifier(Key("sha256")).Verify(dialogue.Request, dialogue.Time).Outcome);
    }

    [Theory, Rfc(8945, "5.2.3")]
    [InlineData(0, TsigOutcome.Verified)]
    [InlineData(300, TsigOutcome.Verified)]
    [InlineData(-300, TsigOutcome.Verified)]
    [InlineData(301, TsigOutcome.BadTime)]
    [InlineData(-301, TsigOutcome.BadTime)]
    public void The_fudge_is_the_last_second_that_is_taken(int seconds, TsigOutcome expected)
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);
        var signed = new TsigSigner(Key("sha256")).Sign(Query(), now);

        Assert.Equal(expected, new TsigVerifier(Key("sha256")).Verify(signed, now.AddSeconds(seconds)).Outcome);
    }

    [Theory, Rfc(8945, "5.2")]
    [InlineData("badkey", ResponseCode.BadKey)]
    [InlineData("badsig", ResponseCode.BadVersion)]
    public void The_refusals_of_named_that_nobody_signs_are_refusals(string name, ResponseCode error)
    {
        var dialogue = TsigDialogue.Read(name);
        var key = new TsigKey(DomainName.Parse(name == "badkey" ? "nobody." : "k-sha256."), TsigAlgorithm.HmacSha256, Secret("sha256"));

        var verdict = new TsigVerifier(key, new Octets(new byte[32])).Verify(dialogue.Responses[0], dialogue.Time);

        Assert.Equal((TsigOutcome.Refused, error), (verdict.Outcome, verdict.Record!.Value.Error));
    }

    [Fact, Rfc(8945, "5.2.3")]
    public void The_BADTIME_refusal_of_named_is_signed_and_tells_its_time()
    {
        var dialogue = TsigDialogue.Read("badtime");
        var request = new TsigVerifier(Key("sha256")).Verify(dialogue.Request, dialogue.Time);
        Assert.Equal(TsigOutcome.BadTime, request.Outcome);

        var verdict = new TsigVerifier(Key("sha256"), request.Record!.Value.Mac).Verify(dialogue.Responses[0], dialogue.Time);

        Assert.Equal((TsigOutcome.Refused, ResponseCode.BadTime), (verdict.Outcome, verdict.Record!.Value.Error));
        Assert.Equal((ulong)dialogue.Time.ToUnixTimeSeconds(), verdict.Record!.Value.OtherTime);
    }

    [Fact, Rfc(8945, "5.2.3")]
    public void Our_BADTIME_refusal_is_that_of_named_octet_by_octet()
    {
        var dialogue = TsigDialogue.Read("badtime");
        var verdict = new TsigVerifier(Key("sha256")).Verify(dialogue.Request, dialogue.Time);

        var refusal = TsigSigner.Refuse(Unsigned(dialogue.Responses[0]), verdict, dialogue.Time);

        Assert.Equal(Convert.ToHexStringLower(dialogue.Responses[0]), Convert.ToHexStringLower(refusal));
    }

    [Theory, Rfc(8945, "5.2.1"), Rfc(8945, "5.2.2")]
    [InlineData("badkey")]
    [InlineData("badsig")]
    public void Our_refusals_without_a_code_are_those_of_named(string name)
    {
        var dialogue = TsigDialogue.Read(name);
        var verdict = new TsigVerifier(Key("sha256")).Verify(dialogue.Request, dialogue.Time);

        var refusal = TsigSigner.Refuse(Unsigned(dialogue.Responses[0]), verdict, dialogue.Time);

        // The time field of an unsigned refusal means nothing; named puts its own there.
        Assert.Equal(WithoutTime(dialogue.Responses[0]), WithoutTime(refusal));
    }

    [Fact, Rfc(8945, "5.2.2.1"), Rfc(8945, "5.2.4")]
    public void A_code_cut_to_half_verifies_where_the_key_allows_it_and_is_BADTRUNC_where_not()
    {
        var dialogue = TsigDialogue.Read("truncated");
        var half = new TsigKey(DomainName.Parse("short."), TsigAlgorithm.HmacSha256, "short code secret"u8, 16);
        var whole = new TsigKey(DomainName.Parse("short."), TsigAlgorithm.HmacSha256, "short code secret"u8);

        Assert.Equal(TsigOutcome.Verified, new TsigVerifier(half).Verify(dialogue.Request, dialogue.Time).Outcome);
        Assert.Equal(TsigOutcome.BadTruncation, new TsigVerifier(whole).Verify(dialogue.Request, dialogue.Time).Outcome);
    }

    [Theory, Rfc(8945, "5.2.2.1")]
    [InlineData(15)]
    [InlineData(33)]
    [InlineData(0)]
    public void A_code_shorter_than_half_or_longer_than_the_hash_is_a_malformed_message(int length)
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);
        var record = new TsigData(DomainName.Parse("hmac-sha256."), 1_700_000_000, 300, new(new byte[length]), 1, ResponseCode.NoError, default);
        DnsMessage.TryRead(Query(), out var query, out _);
        var message = (query! with { Additionals = [new(DomainName.Parse("k-sha256."), RecordType.TSIG, RecordClass.ANY, 0, record.ToOctets())] }).Write();

        Assert.Equal(TsigOutcome.BadForm, new TsigVerifier(Key("sha256")).Verify(message, now).Outcome);
    }

    [Fact, Rfc(8945, "5.2.2.1")]
    public void A_key_that_would_send_less_than_ten_octets_or_half_the_code_cannot_be_made()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new TsigKey(default, TsigAlgorithm.HmacSha1, default, 9));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TsigKey(default, TsigAlgorithm.HmacSha512, default, 31));
        Assert.Equal(10, new TsigKey(default, TsigAlgorithm.HmacSha1, default, 10).MacLength);
    }

    [Fact, Rfc(8945, "5.3.1")]
    public void A_zone_transfer_of_named_verifies_message_by_message()
    {
        var dialogue = TsigDialogue.Read("transfer");
        var request = new TsigVerifier(Key("sha256")).Verify(dialogue.Request, dialogue.Time);
        using var verifier = new TsigVerifier(Key("sha256"), request.Record!.Value.Mac);

        var outcomes = dialogue.Responses.Select(response => verifier.Verify(response, dialogue.Time).Outcome).ToArray();

        Assert.Equal(Enumerable.Repeat(TsigOutcome.Verified, 7), outcomes);
        Assert.True(verifier.IsSettled);
    }

    [Fact, Rfc(8945, "5.3.1")]
    public void Messages_of_a_transfer_in_another_order_do_not_verify_and_neither_does_anything_after()
    {
        var dialogue = TsigDialogue.Read("transfer");
        var request = new TsigVerifier(Key("sha256")).Verify(dialogue.Request, dialogue.Time);
        using var verifier = new TsigVerifier(Key("sha256"), request.Record!.Value.Mac);

        Assert.Equal(TsigOutcome.Verified, verifier.Verify(dialogue.Responses[0], dialogue.Time).Outcome);
        Assert.Equal(TsigOutcome.BadSignature, verifier.Verify(dialogue.Responses[2], dialogue.Time).Outcome);
        Assert.Equal(TsigOutcome.BadSignature, verifier.Verify(dialogue.Responses[1], dialogue.Time).Outcome);
        Assert.False(verifier.IsSettled);
    }

    [Fact, Rfc(8945, "5.3.1")]
    public void A_message_between_signed_ones_waits_for_the_next_signed_one()
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);
        var key = Key("sha256");
        var requestMac = new Octets(new byte[32]);
        var first = new TsigSigner(key, requestMac).Sign(Query(), now);
        var firstMac = new TsigVerifier(key, requestMac).Verify(first, now).Record!.Value.Mac;
        using var verifier = new TsigVerifier(key, requestMac);

        Assert.Equal(TsigOutcome.Verified, verifier.Verify(first, now).Outcome);
        Assert.Equal(TsigOutcome.Pending, verifier.Verify(Query(), now).Outcome);
        Assert.False(verifier.IsSettled);
        Assert.Equal(TsigOutcome.Verified, verifier.Verify(SignedAfter(firstMac, Query(), now), now).Outcome);
        Assert.True(verifier.IsSettled);
    }

    [Fact, Rfc(8945, "5.3.1")]
    public void The_hundredth_message_without_a_signature_is_one_too_many()
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);
        using var verifier = new TsigVerifier(Key("sha256"));
        verifier.Verify(new TsigSigner(Key("sha256")).Sign(Query(), now), now);

        var outcomes = Enumerable.Range(0, 100).Select(_ => verifier.Verify(Query(), now).Outcome).ToArray();

        Assert.Equal([.. Enumerable.Repeat(TsigOutcome.Pending, 99), TsigOutcome.Unsigned], outcomes);
    }

    [Fact, Rfc(8945, "5.4")]
    public void A_message_without_a_signature_is_not_verified()
    {
        Assert.Equal(TsigOutcome.Unsigned, new TsigVerifier(Key("sha256")).Verify(Query(), DateTimeOffset.UnixEpoch).Outcome);
    }

    [Fact, Rfc(8945, "5.1")]
    public void A_record_behind_the_signature_is_a_malformed_message()
    {
        var dialogue = TsigDialogue.Read("hmac-sha256");
        byte[] message = [.. dialogue.Request, .. Wire.Hex("00", Wire.EmptyRecord)];
        message[11]++;

        Assert.Equal(TsigOutcome.BadForm, new TsigVerifier(Key("sha256")).Verify(message, dialogue.Time).Outcome);
    }

    [Fact, Rfc(8945, "5.1")]
    public void An_update_of_nsupdate_verifies()
    {
        var dialogue = TsigDialogue.Read("update");

        Assert.Equal(TsigOutcome.Verified, new TsigVerifier(Key("sha1"), Key("sha256")).Verify(dialogue.Request, dialogue.Time).Outcome);
    }

    [Fact]
    public void Cut_anywhere_a_signed_message_is_malformed()
    {
        var dialogue = TsigDialogue.Read("hmac-sha256");
        for (var length = 0; length < dialogue.Request.Length; length++)
            Assert.Equal(TsigOutcome.BadForm, new TsigVerifier(Key("sha256")).Verify(dialogue.Request.AsSpan(0, length), dialogue.Time).Outcome);
    }

    [Fact]
    public void A_key_never_tells_its_secret()
    {
        Assert.Equal("k-sha256. hmac-sha256.", Key("sha256").ToString());
    }

    [Theory]
    [InlineData("name:c2VjcmV0", "name. hmac-sha256.")]
    [InlineData("hmac-sha512:k.example:c2VjcmV0", "k.example. hmac-sha512.")]
    [InlineData("HMAC-SHA1:k.example.:c2VjcmV0", "k.example. hmac-sha1.")]
    [InlineData("hmac-md5:k:c2VjcmV0", null)]
    [InlineData("k:not base 64!", null)]
    [InlineData("k:", null)]
    [InlineData("k", null)]
    public void A_key_is_read_as_dig_takes_it(string text, string? expected)
    {
        Assert.Equal(expected is not null, TsigKey.TryParse(text, out var key));
        Assert.Equal(expected, key?.ToString());
    }

    private static TsigKey Key(string algorithm)
    {
        Assert.True(TsigAlgorithms.TryParse($"hmac-{algorithm}", out var known));
        return new(DomainName.Parse($"k-{algorithm}."), known, Secret(algorithm));
    }

    private static byte[] Secret(string algorithm) => Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat($"secret of {algorithm} ", 3)));

    private static byte[] Query() => new DnsMessage { Id = 1, Questions = [new(DomainName.Parse("example."), RecordType.SOA)] }.Write();

    /// <summary>The second signed message of a response, one unsigned message after the first: RFC 8945 §5.3.1 written out with .NET's HMAC.</summary>
    private static byte[] SignedAfter(Octets firstMac, byte[] message, DateTimeOffset now)
    {
        byte[] timers = [.. Wire.Hex("0000 6553F100"), .. Wire.Hex("012C")];
        byte[] digested = [0, 32, .. firstMac.Span, .. message, .. message, .. timers];
        var mac = System.Security.Cryptography.HMACSHA256.HashData(Secret("sha256"), digested);
        Assert.Equal(0x6553F100, now.ToUnixTimeSeconds());
        DnsMessage.TryRead(message, out var read, out _);
        var record = new TsigData(DomainName.Parse("hmac-sha256."), 0x6553F100, 300, new(mac), 1, ResponseCode.NoError, default);
        return (read! with { Additionals = [new(DomainName.Parse("k-sha256."), RecordType.TSIG, RecordClass.ANY, 0, record.ToOctets())] }).Write();
    }

    private static byte[] Unsigned(byte[] message)
    {
        var walker = new MessageWalker(message);
        var end = 0;
        while (walker.MoveNext()) end = walker.Current.OwnerOffset;
        var unsigned = message[..end];
        unsigned[11]--;
        return unsigned;
    }

    private static string WithoutTime(byte[] message)
    {
        DnsMessage.TryRead(message, out var read, out _);
        TsigData.TryRead(read!.Additionals[^1].Data, out var record);
        return $"{read with { Additionals = [] }} {read.Additionals[^1].Owner} {record with { TimeSigned = 0, Fudge = 0 }}";
    }
}

/// <summary>One dialogue of the corpus.</summary>
internal sealed record TsigDialogue(DateTimeOffset Time, byte[] Request, byte[][] Responses)
{
    internal static TsigDialogue Read(string name)
    {
        var lines = File.ReadAllLines(Repository.Corpus("tsig", "bind-9.18.txt")).SkipWhile(line => !line.StartsWith($"[{name} ", StringComparison.Ordinal)).ToArray();
        var time = long.Parse(lines[0].Split(' ')[1].TrimEnd(']'));
        var octets = lines.Skip(1).TakeWhile(line => line[0] != '[').ToArray();
        return new(
            DateTimeOffset.FromUnixTimeSeconds(time),
            Convert.FromHexString(octets[0][2..]),
            [.. octets.Skip(1).Select(line => Convert.FromHexString(line[2..]))]);
    }
}
