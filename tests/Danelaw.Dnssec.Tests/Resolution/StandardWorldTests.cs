using Danelaw.Dns.Messages;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Tests.Worlds;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Dnssec.Tests.Resolution;

/// <summary>Honest zones of every sort, through an honest resolver.</summary>
public class StandardWorldTests
{
    private static readonly World World = StandardWorld.Create();

    [Theory, Rfc(4035, "5.3"), Rfc(4035, "5.2")]
    [InlineData("sec.nsec.", RecordType.MX)]
    [InlineData("sec.nsec.", RecordType.SOA)]
    [InlineData("sec.nsec.", RecordType.NS)]
    [InlineData("sec.nsec.", RecordType.DNSKEY)]
    [InlineData("sec.nsec.", RecordType.DS)]
    [InlineData("nsec.", RecordType.DS)]
    [InlineData("www.sec.nsec.", RecordType.A)]
    [InlineData("WWW.Sec.Nsec.", RecordType.A)]
    [InlineData("_25._tcp.mx.sec.nsec.", RecordType.TLSA)]
    [InlineData("_25._tcp.mx.sec.opt.", RecordType.TLSA)]
    [InlineData("_25._tcp.mx.sec.hash.", RecordType.TLSA)]
    [InlineData("_25._tcp.mx.out.nsec.", RecordType.TLSA)]
    [InlineData("alias.sec.nsec.", RecordType.A)]
    [InlineData("alias.sec.nsec.", RecordType.CNAME)]
    [InlineData("twice.sec.nsec.", RecordType.A)]
    [InlineData("across.sec.nsec.", RecordType.A)]
    [InlineData("alias.child.sec.nsec.", RecordType.A)]
    [InlineData("deep.sub.sec.nsec.", RecordType.TXT)]
    [InlineData("x.moved.sec.nsec.", RecordType.A)]
    [InlineData("x.moved.sec.nsec.", RecordType.CNAME)]
    [InlineData("moved.sec.nsec.", RecordType.DNAME)]
    [InlineData("www.tonsec.sec.opt.", RecordType.A)]
    [InlineData("alias.tonsec.sec.opt.", RecordType.A)]
    [InlineData("a.wild.sec.nsec.", RecordType.A)]
    [InlineData("a.b.wild.sec.nsec.", RecordType.A)]
    [InlineData("a.wild.sec.opt.", RecordType.A)]
    [InlineData("a.b.wild.sec.hash.", RecordType.A)]
    [InlineData("*.wild.sec.nsec.", RecordType.A)]
    [InlineData("a.walias.sec.nsec.", RecordType.A)]
    [InlineData("a.walias.sec.opt.", RecordType.A)]
    [InlineData("www.sec.nsec.", RecordType.ANY)]
    [InlineData("www.sec.nsec.", RecordType.NSEC)]
    [InlineData("child.sec.nsec.", RecordType.DS)]
    public async Task Signed_records_are_secure(string name, RecordType type)
    {
        var answer = await World.LookupAsync(name, type);

        Assert.Equal((Security.Secure, LookupReason.ValidSignature, ResponseCode.NoError), (answer.Security, answer.Reason, answer.ResponseCode!.Value));
        Assert.NotNull(answer.Records);
        Assert.All(answer.Chain, link => Assert.Equal(Security.Secure, link.Security));
        Assert.Null(answer.ExtendedError);
    }

    [Theory, Rfc(4035, "5.4"), Rfc(5155, "8.5"), Rfc(5155, "8.7")]
    [InlineData("www.sec.nsec.", RecordType.AAAA)]
    [InlineData("sec.nsec.", RecordType.AAAA)]
    [InlineData("www.sec.opt.", RecordType.AAAA)]
    [InlineData("www.sec.hash.", RecordType.AAAA)]
    [InlineData("ent.sec.nsec.", RecordType.A)]
    [InlineData("ent.sec.opt.", RecordType.A)]
    [InlineData("_tcp.mx.sec.nsec.", RecordType.TLSA)]
    [InlineData("a.wild.sec.nsec.", RecordType.AAAA)]
    [InlineData("a.wild.sec.opt.", RecordType.AAAA)]
    [InlineData("a.b.wild.sec.hash.", RecordType.AAAA)]
    [InlineData("www.sec.nsec.", RecordType.DS)]
    [InlineData("alias.sec.nsec.", RecordType.AAAA)]
    [InlineData("plain.sec.nsec.", RecordType.DS)]
    [InlineData("uns.hash.", RecordType.DS)]
    [InlineData(".", RecordType.DS)]
    [InlineData("deep.sub.sec.nsec.", RecordType.A)]
    public async Task A_missing_type_is_secure_when_it_is_proven(string name, RecordType type)
    {
        var answer = await World.LookupAsync(name, type);

        Assert.Equal((Security.Secure, LookupReason.ProvenNoData, ResponseCode.NoError), (answer.Security, answer.Reason, answer.ResponseCode!.Value));
        Assert.Null(answer.Records);
        Assert.Equal(300u, answer.TimeToLive);
    }

    [Theory, Rfc(4035, "5.4"), Rfc(5155, "8.4")]
    [InlineData("missing.sec.nsec.")]
    [InlineData("a.b.missing.sec.nsec.")]
    [InlineData("below.www.sec.nsec.")]
    [InlineData("zzz.sec.nsec.")]
    [InlineData("missing.sec.opt.")]
    [InlineData("a.b.missing.sec.opt.")]
    [InlineData("missing.sec.hash.")]
    [InlineData("nowhere.sec.nsec.")]
    [InlineData("missing.nsec.")]
    [InlineData("missing.")]
    public async Task A_missing_name_is_secure_when_it_is_proven(string name)
    {
        var answer = await World.LookupAsync(name, RecordType.A);

        Assert.Equal((Security.Secure, LookupReason.ProvenNameError, ResponseCode.NameError), (answer.Security, answer.Reason, answer.ResponseCode!.Value));
        Assert.Null(answer.Records);
    }

    [Theory, Rfc(4035, "5.2"), Rfc(5155, "8.6")]
    [InlineData("www.uns.nsec.", RecordType.A, LookupReason.InsecureDelegation)]
    [InlineData("uns.nsec.", RecordType.MX, LookupReason.InsecureDelegation)]
    [InlineData("missing.uns.nsec.", RecordType.A, LookupReason.InsecureDelegation)]
    [InlineData("www.uns.opt.", RecordType.A, LookupReason.OptOut)]
    [InlineData("uns.opt.", RecordType.DS, LookupReason.OptOut)]
    [InlineData("www.uns.hash.", RecordType.A, LookupReason.InsecureDelegation)]
    [InlineData("www.island.nsec.", RecordType.A, LookupReason.InsecureDelegation)]
    [InlineData("www.below.uns.nsec.", RecordType.A, LookupReason.InsecureDelegation)]
    [InlineData("below.uns.nsec.", RecordType.DS, LookupReason.InsecureDelegation)]
    [InlineData("www.plain.sec.nsec.", RecordType.A, LookupReason.InsecureDelegation)]
    [InlineData("toinsecure.sec.nsec.", RecordType.A, LookupReason.InsecureDelegation)]
    [InlineData("missing.opt.", RecordType.A, LookupReason.OptOut)]
    [InlineData("a.wild.out.nsec.", RecordType.A, LookupReason.OptOut)]
    [InlineData("a.wild.out.nsec.", RecordType.AAAA, LookupReason.OptOut)]
    [InlineData("www.sec.nsec.", RecordType.RRSIG, LookupReason.SignatureQuery)]
    public async Task What_is_proven_not_to_be_signed_is_insecure(string name, RecordType type, LookupReason reason)
    {
        var answer = await World.LookupAsync(name, type);

        Assert.Equal((Security.Insecure, reason), (answer.Security, answer.Reason));
        if (reason == LookupReason.SignatureQuery) Assert.Null(answer.InsecureZone);
        else Assert.Contains(answer.InsecureZone!.Value.ToString(), answer.Explanation, StringComparison.Ordinal);
        Assert.NotEmpty(answer.Explanation);
    }

    [Fact, Rfc(1034, "3.6.2")]
    public async Task Aliases_in_a_circle_cannot_be_resolved()
    {
        var answer = await World.LookupAsync("loop.sec.nsec.", RecordType.A);

        Assert.Equal((Security.Indeterminate, LookupReason.AliasLoop), (answer.Security, answer.Reason));
    }
}
