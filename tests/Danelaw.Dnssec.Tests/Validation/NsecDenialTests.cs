using Danelaw.Dns.Records;
using Danelaw.Dnssec.Tests.Worlds;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Dnssec.Tests.Validation;

/// <summary>What NSEC records of the zone example. prove. A record is written <c>owner next types</c>.</summary>
public class NsecDenialTests
{
    [Theory, Rfc(4035, "5.4"), Rfc(4034, "4.1.1"), Rfc(4592, "2.2.2"), Rfc(6840, "4.1"), Rfc(6840, "4.3"), Rfc(6840, "4.4")]
    // The name itself.
    [InlineData("a.example.", RecordType.A, "NoData", "a.example. b.example. TXT RRSIG NSEC")]
    [InlineData("A.EXAMPLE.", RecordType.A, "NoData", "a.example. b.example. TXT RRSIG NSEC")]
    [InlineData("a.example.", RecordType.TXT, "Unproven", "a.example. b.example. TXT RRSIG NSEC")]
    [InlineData("a.example.", RecordType.A, "Unproven", "a.example. b.example. CNAME RRSIG NSEC")]
    [InlineData("a.example.", RecordType.CNAME, "Unproven", "a.example. b.example. CNAME RRSIG NSEC")]
    [InlineData("a.example.", RecordType.A, "Unproven", "a.example. b.example. NS RRSIG NSEC")]
    [InlineData("a.example.", RecordType.A, "Unproven", "a.example. b.example. NS DS RRSIG NSEC")]
    [InlineData("a.example.", RecordType.DS, "NoData delegation", "a.example. b.example. NS RRSIG NSEC")]
    [InlineData("a.example.", RecordType.DS, "NoData", "a.example. b.example. A RRSIG NSEC")]
    [InlineData("a.example.", RecordType.DS, "Unproven", "a.example. b.example. NS DS RRSIG NSEC")]
    [InlineData("a.example.", RecordType.DS, "Unproven", "a.example. b.example. NS SOA RRSIG NSEC DNSKEY")]
    [InlineData("example.", RecordType.A, "NoData", "example. a.example. NS SOA RRSIG NSEC DNSKEY")]
    [InlineData("a.example.", RecordType.ANY, "Unproven", "a.example. b.example. TXT RRSIG NSEC")]
    [InlineData("a.example.", RecordType.A, "NoData no name", "a.example. \\000.a.example. RRSIG NSEC NXNAME")]
    // Names that do not exist.
    [InlineData("b.example.", RecordType.A, "NameError", "a.example. c.example. A RRSIG NSEC", "example. a.example. NS SOA RRSIG NSEC")]
    [InlineData("b.example.", RecordType.A, "Unproven", "a.example. c.example. A RRSIG NSEC")]
    [InlineData("b.example.", RecordType.A, "Unproven", "c.example. d.example. A RRSIG NSEC", "example. a.example. NS SOA RRSIG NSEC")]
    [InlineData("z.example.", RecordType.A, "NameError", "a.example. example. A RRSIG NSEC", "example. a.example. NS SOA RRSIG NSEC")]
    [InlineData("z.example.", RecordType.A, "NameError", "example. example. NS SOA RRSIG NSEC")]
    [InlineData("x.a.example.", RecordType.A, "NameError", "a.example. b.example. A RRSIG NSEC")]
    [InlineData("b.example.", RecordType.A, "NameError", "a.example. c.example. A RRSIG NSEC", "!.example. -.example. A RRSIG NSEC")]
    [InlineData("b.example.", RecordType.A, "Unproven", "a.example. c.example. A RRSIG NSEC", "!.example. *.example. A RRSIG NSEC")]
    // Empty non-terminals.
    [InlineData("b.example.", RecordType.A, "NoData", "a.example. x.b.example. A RRSIG NSEC")]
    [InlineData("b.example.", RecordType.A, "NoData", "a.example. x.y.b.example. A RRSIG NSEC")]
    // Wildcards.
    [InlineData("b.example.", RecordType.A, "NoData", "a.example. c.example. A RRSIG NSEC", "*.example. a.example. TXT RRSIG NSEC")]
    [InlineData("b.example.", RecordType.A, "Unproven", "a.example. c.example. A RRSIG NSEC", "*.example. a.example. A RRSIG NSEC")]
    [InlineData("b.example.", RecordType.A, "Unproven", "a.example. c.example. A RRSIG NSEC", "*.example. a.example. CNAME RRSIG NSEC")]
    [InlineData("b.example.", RecordType.DS, "Unproven", "a.example. c.example. A RRSIG NSEC", "*.example. a.example. NS RRSIG NSEC")]
    [InlineData("b.example.", RecordType.A, "NoData", "a.example. c.example. A RRSIG NSEC", "example. x.*.example. NS SOA RRSIG NSEC")]
    [InlineData("x.a.example.", RecordType.A, "NameError", "a.example. y.a.example. A RRSIG NSEC", "*.example. a.example. TXT RRSIG NSEC")]
    [InlineData("x.a.example.", RecordType.A, "Unproven", "b.a.example. y.a.example. A RRSIG NSEC", "*.example. a.example. TXT RRSIG NSEC")]
    // Below a delegation or a DNAME the zone says nothing.
    [InlineData("x.a.example.", RecordType.A, "Unproven", "a.example. b.example. NS RRSIG NSEC", "example. a.example. NS SOA RRSIG NSEC")]
    [InlineData("x.a.example.", RecordType.DS, "Unproven", "a.example. b.example. NS DS RRSIG NSEC", "example. a.example. NS SOA RRSIG NSEC")]
    [InlineData("x.a.example.", RecordType.A, "Unproven", "a.example. b.example. DNAME RRSIG NSEC", "example. a.example. NS SOA RRSIG NSEC")]
    [InlineData("b.example.", RecordType.A, "NameError", "a.example. c.example. NS RRSIG NSEC", "example. a.example. NS SOA RRSIG NSEC")]
    // Labels of any octets.
    [InlineData("h\\195\\168.example.", RecordType.A, "NameError", "a.example. h\\195\\169.example. A RRSIG NSEC", "example. a.example. NS SOA RRSIG NSEC")]
    [InlineData("h\\195\\170.example.", RecordType.A, "Unproven", "a.example. h\\195\\169.example. A RRSIG NSEC", "example. a.example. NS SOA RRSIG NSEC")]
    [InlineData("a\\.b.example.", RecordType.A, "Unproven", "b.example. c.example. A RRSIG NSEC", "example. b.example. NS SOA RRSIG NSEC DNAME")]
    public void A_denial_is_proven_or_not(string name, RecordType type, string expected, params string[] records)
    {
        var proof = new NsecDenial(Text.Name("example."), [.. records.Select(Record)]).Prove(Text.Name(name), type);

        Assert.Equal(expected, $"{proof.Kind}{(proof.IsDelegation ? " delegation" : "")}{(proof.SaysNoName ? " no name" : "")}");
        Assert.Equal(proof.Kind == DenialKind.Unproven, proof.Why is not null);
    }

    [Theory, Rfc(4035, "5.3.4")]
    [InlineData("b.example.", true, "a.example. c.example. A RRSIG NSEC")]
    [InlineData("b.example.", false, "a.example. x.b.example. A RRSIG NSEC")]
    [InlineData("b.example.", false, "b.example. c.example. A RRSIG NSEC")]
    [InlineData("b.example.", false, "c.example. d.example. A RRSIG NSEC")]
    [InlineData("x.b.example.", false, "b.example. c.example. NS RRSIG NSEC")]
    [InlineData("x.b.example.", false, "b.example. c.example. DNAME RRSIG NSEC")]
    [InlineData("x.b.example.", true, "b.example. c.example. A RRSIG NSEC")]
    public void That_no_closer_name_exists_is_proven_or_not(string nextCloser, bool isProven, string record) =>
        Assert.Equal(isProven, new NsecDenial(Text.Name("example."), [Record(record)]).ProvesAbsence(Text.Name(nextCloser)));

    private static NsecRecord Record(string text)
    {
        var words = text.Split(' ');
        return new(Text.Name(words[0]), Text.Name(words[1]), TypeBitmap.Create(words[2..].Select(word => RecordTypes.TryParse(word, out var type) ? type : throw new FormatException(word))));
    }
}
