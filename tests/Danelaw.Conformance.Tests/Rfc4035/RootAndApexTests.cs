using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Tests.Worlds;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Conformance.Tests.Rfc4035;

/// <summary>The root, apexes, and both sides of one name.</summary>
public class RootAndApexTests
{
    private readonly World _world = StandardWorld.Create();

    [Theory, Rfc(4035, "5"), Rfc(4035, "3.1.4.1"), Rfc(6840, "4.4")]
    [InlineData(".", RecordType.SOA, LookupReason.ValidSignature)]
    [InlineData(".", RecordType.DNSKEY, LookupReason.ValidSignature)]
    [InlineData(".", RecordType.DS, LookupReason.ProvenNoData)]
    [InlineData(".", RecordType.A, LookupReason.ProvenNoData)]
    [InlineData("sec.nsec.", RecordType.DS, LookupReason.ValidSignature)]
    [InlineData("sec.nsec.", RecordType.DNSKEY, LookupReason.ValidSignature)]
    [InlineData("sec.nsec.", RecordType.A, LookupReason.ProvenNoData)]
    [InlineData("sec.hash.", RecordType.A, LookupReason.ProvenNoData)]
    [InlineData("uns.nsec.", RecordType.DS, LookupReason.ProvenNoData)]
    [InlineData("www.sec.nsec.", RecordType.DS, LookupReason.ProvenNoData)]
    [InlineData("leaf.ent.sec.hash.", RecordType.A, LookupReason.ValidSignature)]
    [InlineData("ent.sec.hash.", RecordType.TXT, LookupReason.ProvenNoData)]
    [InlineData("missing.", RecordType.A, LookupReason.ProvenNameError)]
    public async Task Each_side_answers_for_what_is_its_own(string name, RecordType type, LookupReason reason)
    {
        var answer = await _world.LookupAsync(name, type);

        Assert.Equal((Security.Secure, reason), (answer.Security, answer.Reason));
    }

    [Fact, Rfc(6840, "4.4"), Rfc(4035, "3.1.4.1")]
    public async Task The_childs_own_NSEC_at_its_apex_denies_its_DS_nothing()
    {
        var own = _world["sec.nsec."].Find(Text.Name("sec.nsec."), RecordType.NSEC)!;
        _world.Rewrite = (query, message) => query.Question != new Dns.Messages.Question(Text.Name("sec.nsec."), RecordType.DS) ? message : message with
        {
            Answers = [], Authorities = [.. _world["sec.nsec."].Find(Text.Name("sec.nsec."), RecordType.SOA)!.All, .. own.All],
        };

        Assert.Equal(Security.Bogus, (await _world.LookupAsync("www.sec.nsec.", RecordType.A)).Security);
        Assert.Equal(Security.Bogus, (await _world.LookupAsync("sec.nsec.", RecordType.DS)).Security);
    }

    [Fact, Rfc(6840, "4.1")]
    public async Task The_parents_NSEC_at_a_cut_denies_the_childs_apex_nothing()
    {
        var its = _world["nsec."].Find(Text.Name("sec.nsec."), RecordType.NSEC)!;
        _world.Rewrite = (query, message) => query.Question != new Dns.Messages.Question(Text.Name("sec.nsec."), RecordType.MX) ? message : message with
        {
            Answers = [], Authorities = [.. _world["nsec."].Find(Text.Name("nsec."), RecordType.SOA)!.All, .. its.All],
        };

        Assert.Equal(Security.Bogus, (await _world.LookupAsync("sec.nsec.", RecordType.MX)).Security);
    }
}
