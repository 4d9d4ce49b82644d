using Danelaw.Dns;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Validation;
using Danelaw.Dnssec.Tests.Worlds;
using Danelaw.Fuzz;
using Danelaw.Fuzz.Targets.Judging;

namespace Danelaw.Dnssec.Tests.Fuzzing;

/// <summary>What holds the judge's answers against the world while it is fuzzed: it must notice each kind of wrong answer.</summary>
public sealed class GenuineAnswerTests
{
    private static readonly SignedWorld World = new();

    [Theory, Rfc(4035, "5")]
    [InlineData("www.s.n.", Security.Secure, "192.0.2.13")]
    [InlineData("www.s.h.", Security.Secure, "192.0.2.66")]
    [InlineData("www.u.n.", Security.Secure, "192.0.2.80")]
    [InlineData("missing.s.n.", Security.Secure, "192.0.2.80")]
    [InlineData("www.s.n.", Security.Insecure, "192.0.2.80")]
    [InlineData("www.c.s.n.", Security.Insecure, "192.0.2.9")]
    [InlineData("www.s.o.", Security.Insecure, "192.0.2.80")]
    public void Wrong_data_called_secure_and_signed_data_called_insecure_are_findings(string name, Security security, string address) =>
        Assert.Throws<FuzzFinding>(() => GenuineAnswer.Check(World, Positive(name, security, address)));

    [Theory, Rfc(4035, "5")]
    [InlineData("www.c.s.n.", Security.Secure, "192.0.2.9")]
    [InlineData("b.wild.s.n.", Security.Secure, "192.0.2.99")]
    [InlineData("www.x.n.", Security.Secure, "203.0.113.1")]
    [InlineData("www.u.n.", Security.Insecure, "203.0.113.1")]
    [InlineData("any.o.", Security.Insecure, "203.0.113.1")]
    public void Right_data_and_whatever_the_adversary_may_say_are_none(string name, Security security, string address) =>
        Assert.Null(Record.Exception(() => GenuineAnswer.Check(World, Positive(name, security, address))));

    [Theory, Rfc(4035, "5.4")]
    [InlineData("www.s.n.", RecordType.A, ResponseCode.NameError)]
    [InlineData("www.s.h.", RecordType.A, ResponseCode.NoError)]
    [InlineData("ent.s.n.", RecordType.A, ResponseCode.NameError)]
    [InlineData("b.wild.s.h.", RecordType.A, ResponseCode.NameError)]
    [InlineData("x.moved.s.n.", RecordType.A, ResponseCode.NameError)]
    [InlineData("c.s.n.", RecordType.DS, ResponseCode.NoError)]
    [InlineData("u.n.", RecordType.MX, ResponseCode.NoError)]
    public void Denials_of_what_there_is_are_findings(string name, RecordType type, ResponseCode code) =>
        Assert.Throws<FuzzFinding>(() => GenuineAnswer.Check(World, new() { Question = new(Text.Name(name), type), Security = Security.Secure, ResponseCode = code, FinalName = Text.Name(name), Explanation = "test" }));

    [Theory, Rfc(4035, "3")]
    [InlineData("c.s.n.", "c.s.n.")]
    [InlineData("c.s.n.", "s.n.")]
    [InlineData("p.s.n.", "s.n.")]
    public void At_a_zone_cut_the_NSEC_record_of_either_side_is_genuine(string cut, string signer) =>
        Assert.Null(Record.Exception(() => GenuineAnswer.Check(World, Of(NsecAt(cut, signer), Security.Secure))));

    [Fact, Rfc(4035, "3")]
    public void The_NSEC_record_of_a_neighbour_is_a_finding_at_a_zone_cut() =>
        Assert.Throws<FuzzFinding>(() => GenuineAnswer.Check(World, Of(NsecAt("www.s.n.", "s.n.") with { Owner = Text.Name("c.s.n.") }, Security.Secure)));

    [Theory, Rfc(6672, "5.3.1")]
    [InlineData("y.moved.w.n.", "w.n.", true)]
    [InlineData("x.www.u.h.", "u.h.", true)]
    [InlineData("y.moved.s.n.", "s.n.", false)]
    [InlineData("y.moved.s.n.", "n.", false)]
    public void An_insecure_DNAME_at_an_apex_is_judged_by_its_own_zone_also_when_DS_is_asked_for(string name, string owner, bool isRight)
    {
        var dname = new RecordSet(Text.Name(owner), RecordType.DNAME, RecordClass.IN, 60, [new NameData(Text.Name("elsewhere.")).ToOctets()]);
        var finding = Record.Exception(() => GenuineAnswer.Check(World, Of(dname, Security.Insecure) with { Question = new(Text.Name(name), RecordType.DS) }));
        Assert.Equal(isRight, finding is null);
    }

    private static RecordSet NsecAt(string owner, string signer)
    {
        var set = World.Sets.Single(set => set.Type == RecordType.NSEC && set.Owner.Equals(Text.Name(owner)) && RrsigData.TryRead(set.Signatures[0].Data, out var signature) && signature.SignerName.Equals(Text.Name(signer)));
        return new(set.Owner, set.Type, RecordClass.IN, set.Records[0].TimeToLive, [set.Records[0].Data]);
    }

    private static Answer Of(RecordSet records, Security security) => new()
    {
        Question = new(records.Owner, records.Type),
        Security = security,
        ResponseCode = ResponseCode.NoError,
        Chain = [new(records, security)],
        FinalName = records.Owner,
        Explanation = "test",
    };

    private static Answer Positive(string name, Security security, string address)
    {
        var owner = Text.Name(name);
        var records = new RecordSet(owner, RecordType.A, RecordClass.IN, 60, [new Octets(System.Net.IPAddress.Parse(address).GetAddressBytes()), .. address == "192.0.2.80" ? [new Octets(new byte[] { 192, 0, 2, 81 })] : Array.Empty<Octets>()]);
        return new()
        {
            Question = new(owner, RecordType.A),
            Security = security,
            ResponseCode = ResponseCode.NoError,
            Chain = [new(records, security)],
            FinalName = owner,
            Explanation = "test",
        };
    }
}
