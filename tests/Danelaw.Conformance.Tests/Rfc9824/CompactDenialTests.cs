using Danelaw.Dns.Messages;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Signing;
using Danelaw.Dnssec.Tests.Worlds;
using Danelaw.Dnssec.Validation;
using Danelaw.Servers;

namespace Danelaw.Conformance.Tests.Rfc9824;

/// <summary>Compact denial of existence: one NSEC made for the question, with NXNAME where there is no such name.</summary>
public class CompactDenialTests
{
    private readonly World _world = new(
        new TestZone(".") { Keys = { TestKeys.Get("root-ksk") } },
        new TestZone("lab.", "www 300 A 192.0.2.1\nleaf.ent 300 A 192.0.2.2") { Keys = { TestKeys.Get("lab") } });

    [Theory, Rfc(9824, "3.1"), Rfc(9824, "5")]
    [InlineData(ResponseCode.NoError, RecordType.A)]
    [InlineData(ResponseCode.NameError, RecordType.A)]
    [InlineData(ResponseCode.NoError, RecordType.DS)]
    [InlineData(ResponseCode.NoError, RecordType.ANY)]
    public async Task NXNAME_says_that_there_is_no_such_name_whatever_the_response_code(ResponseCode code, RecordType type)
    {
        Deny("miss.lab.", code, RecordType.RRSIG, RecordType.NSEC, RecordType.NXNAME);

        var answer = await _world.LookupAsync("miss.lab.", type);

        Assert.Equal((Security.Secure, LookupReason.ProvenNameError, ResponseCode.NameError), (answer.Security, answer.Reason, answer.ResponseCode!.Value));
    }

    [Theory, Rfc(9824, "3.2")]
    [InlineData("www.lab.", RecordType.AAAA, RecordType.A)]
    [InlineData("ent.lab.", RecordType.A, RecordType.NSEC)]
    public async Task Without_NXNAME_the_name_exists_and_lacks_the_type(string name, RecordType type, RecordType listed)
    {
        Deny(name, ResponseCode.NoError, RecordType.RRSIG, RecordType.NSEC, listed);

        var answer = await _world.LookupAsync(name, type);

        Assert.Equal((Security.Secure, LookupReason.ProvenNoData, ResponseCode.NoError), (answer.Security, answer.Reason, answer.ResponseCode!.Value));
    }

    [Fact, Rfc(9824, "3.1")]
    public async Task NXNAME_beside_data_takes_no_name_away()
    {
        Deny("www.lab.", ResponseCode.NameError, RecordType.A, RecordType.RRSIG, RecordType.NSEC, RecordType.NXNAME);

        Assert.Equal((Security.Secure, LookupReason.ProvenNoData), Verdict(await _world.LookupAsync("www.lab.", RecordType.AAAA)));
        Assert.Equal(Security.Bogus, (await _world.LookupAsync("www.lab.", RecordType.A)).Security);
    }

    [Fact, Rfc(9824, "3.1")]
    public async Task NXNAME_for_one_name_says_nothing_of_names_below_it_or_beside_it()
    {
        Deny("miss.lab.", ResponseCode.NameError, RecordType.RRSIG, RecordType.NSEC, RecordType.NXNAME);
        var shown = _world.Rewrite!;
        _world.Rewrite = (query, message) => query.Question.Name.IsBelow(Text.Name("lab.")) ? shown(query with { Question = new(Text.Name("miss.lab."), query.Question.Type) }, message) : message;

        Assert.Equal(Security.Bogus, (await _world.LookupAsync("www.lab.", RecordType.A)).Security);
        Assert.Equal(Security.Bogus, (await _world.LookupAsync("a.b.lab.", RecordType.A)).Security);
    }

    [Fact, Rfc(9824, "3.1")]
    public async Task Unsigned_it_says_nothing()
    {
        Deny("miss.lab.", ResponseCode.NameError, RecordType.RRSIG, RecordType.NSEC, RecordType.NXNAME);
        var shown = _world.Rewrite!;
        _world.Rewrite = (query, message) => query.Question.Name == Text.Name("miss.lab.")
            ? shown(query, message) is var reply ? reply with { Authorities = reply.Authorities.RemoveAll(record => record.Type == RecordType.RRSIG) } : message
            : message;

        Assert.Equal(Security.Bogus, (await _world.LookupAsync("miss.lab.", RecordType.A)).Security);
    }

    [Theory, Rfc(9824, "3.5"), Rfc(6895, "3.1")]
    [InlineData(RecordType.NXNAME)]
    [InlineData(RecordType.OPT)]
    [InlineData(RecordType.TSIG)]
    [InlineData(RecordType.IXFR)]
    [InlineData(RecordType.AXFR)]
    [InlineData(RecordType.None)]
    public async Task Nobody_is_asked_for_a_type_of_messages_transfers_or_denials(RecordType type)
    {
        var (resolver, name, token) = (_world.Resolver(), Text.Name("www.lab."), TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<ArgumentException>(async () => await resolver.LookupAsync(name, type, token));
        await Assert.ThrowsAsync<ArgumentException>(async () => await resolver.TraceAsync(name, type, token));
        await Assert.ThrowsAsync<ArgumentException>(async () => await new ServerSurvey(resolver, _world, TimeProvider.System).AskAsync(name, type, token));

        Assert.Empty(_world.Queries);
    }

    /// <summary>Questions for a name are answered with the SOA and one NSEC record, from the name to the next possible one.</summary>
    private void Deny(string name, ResponseCode code, params RecordType[] types)
    {
        var owner = Text.Name(name);
        var set = new RecordSet(owner, RecordType.NSEC, RecordClass.IN, 300, [new NsecData(owner.Prepend("\0"), TypeBitmap.Create(types.Distinct())).ToOctets()]);
        _world.Rewrite = (query, message) => query.Question.Name != owner ? message : message with
        {
            ResponseCode = code,
            Answers = [],
            Authorities = [.. _world["lab."].Find(Text.Name("lab."), RecordType.SOA)!.All, .. set.Records, RecordSetSigner.Sign(set, TestKeys.Get("lab"), Text.Name("lab."), TestZone.Validity)],
        };
    }

    private static (Security Security, LookupReason Reason) Verdict(Answer answer) => (answer.Security, answer.Reason);
}
