using System.Collections.Immutable;
using System.Net;
using Danelaw.Dns;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Validation;
using Danelaw.Operator.Publishing.Propagation;

namespace Danelaw.Operator.Tests.Publishing;

/// <summary>For how long a cache may keep what a server says: by what is signed, whatever anybody in between makes of the TTLs, which nobody signs.</summary>
public sealed class ServedAnswerTests
{
    private const uint Stretched = int.MaxValue, Week = 7 * 86400;

    private static readonly DomainName Owner = DomainName.Parse("_25._tcp.mx.example.org."), Zone = DomainName.Parse("example.org."), Star = DomainName.Parse("*.mx.example.org.");

    [Theory, Rfc(4035, "5.3.3")]
    [InlineData(Stretched)]
    [InlineData(0u)]
    [InlineData(300u)]
    public void A_signed_set_is_kept_for_its_original_TTL_whatever_TTL_was_sent(uint sent) => Assert.Equal(300u, Told(Tlsa(sent, 300)));

    [Theory]
    [InlineData(Stretched, Week)]
    [InlineData(Week - 1u, Week - 1u)]
    public void What_nothing_vouches_for_is_kept_no_longer_than_caches_keep_anything(uint sent, uint told) => Assert.Equal(told, Told(Tlsa(sent, null)));

    [Theory, Rfc(2308, "5")]

    // The SOA as it was sent and as it is signed, its last field; the record of denial as it was sent and as it is signed.
    [InlineData(Stretched, 600u, 300u, 60u, 60u, 300u)]
    [InlineData(0u, 600u, 900u, 60u, 60u, 600u)]
    [InlineData(600u, 600u, 300u, Stretched, 900u, 900u)]
    [InlineData(600u, 600u, 300u, 0u, 900u, 900u)]
    [InlineData(600u, 600u, 300u, Stretched, Stretched, Week)]
    [InlineData(Stretched, null, Stretched, 60u, null, Week)]
    [InlineData(600u, null, 300u, 900u, null, 900u)]
    public void An_absence_is_kept_as_long_as_what_proves_it(uint soaSent, uint? soaSigned, uint minimum, uint denialSent, uint? denialSigned, uint told) =>
        Assert.Equal(told, Told(null, [.. Record(Zone, RecordType.SOA, soaSent, soaSigned, new SoaData(Zone, Zone, 1, 1, 1, 1, minimum).ToOctets()), .. Record(Zone, RecordType.NSEC, denialSent, denialSigned)]));

    [Fact, Rfc(8198, "5.3")]
    public void A_resolver_goes_by_the_record_that_denies_a_closer_name_beside_what_a_wildcard_gives() =>
        Assert.Equal(900u, Told(Tlsa(300, 300), [.. Record(Star, RecordType.NSEC, 60, 900), .. Record(Zone, RecordType.SOA, 5000, 5000, new SoaData(Zone, Zone, 1, 1, 1, 1, 5000).ToOctets())]));

    [Fact]
    public void A_denial_with_something_else_in_the_answer_section_is_one_still() =>
        Assert.Equal(900u, Told(null, [.. Record(Zone, RecordType.NSEC, 900, 900)], [.. Record(Star, RecordType.TLSA, Stretched, null)]));

    [Fact]
    public void A_failure_is_not_kept() =>
        Assert.Equal(TimeSpan.Zero, ServedAnswer.TimeToLiveOf(Reply([.. Record(Owner, RecordType.TLSA, 300, 300)], [.. Record(Zone, RecordType.NSEC, 900, 900)]), Answer(null) with { Security = Security.Bogus }));

    private static AnswerLink Tlsa(uint sent, uint? original) =>
        new(new(Owner, RecordType.TLSA, RecordClass.IN, sent, [new(new byte[] { 3, 1, 1, 7 })]), original is null ? Security.Insecure : Security.Secure) { OriginalTimeToLive = original };

    private static uint Told(AnswerLink? link, ImmutableArray<ResourceRecord> proof = default, ImmutableArray<ResourceRecord> answers = default) =>
        (uint)ServedAnswer.TimeToLiveOf(Reply(answers.IsDefault ? [.. link?.Records.Records ?? []] : answers, proof.IsDefault ? [] : proof), Answer(link)).TotalSeconds;

    private static Answer Answer(AnswerLink? link) => new() { Question = new(Owner, RecordType.TLSA), Security = link?.Security ?? Security.Secure, ResponseCode = ResponseCode.NoError, Chain = link is null ? [] : [link], FinalName = Owner };

    private static Exchange Reply(ImmutableArray<ResourceRecord> answers, ImmutableArray<ResourceRecord> proof) =>
        new(new(new(Owner, RecordType.TLSA), new(TransportKind.Datagram, new(IPAddress.Loopback, 53))), ExchangeOutcome.Replied) { Message = new() { Answers = answers, Authorities = proof } };

    /// <summary>A record, with its signature where it has an original TTL.</summary>
    private static IEnumerable<ResourceRecord> Record(DomainName owner, RecordType type, uint sent, uint? original, Octets data = default)
    {
        yield return new(owner, type, RecordClass.IN, sent, data);
        if (original is { } signed) yield return new(owner, RecordType.RRSIG, RecordClass.IN, sent, new RrsigData(type, 13, 2, signed, 2, 1, 1, Zone, default).ToOctets());
    }
}
