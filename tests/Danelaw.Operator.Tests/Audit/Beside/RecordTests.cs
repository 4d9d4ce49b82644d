using Danelaw.Operator.Audit.Beside;

namespace Danelaw.Operator.Tests.Audit.Beside;

/// <summary>The TXT records of MTA-STS and TLSRPT.</summary>
public sealed class RecordTests
{
    [Theory, Rfc(8461, "3.1")]
    [InlineData("v=STSv1; id=20160831085700Z;")]
    [InlineData("v=STSv1; id=20160831085700Z")]
    [InlineData("v=STSv1;id=1")]
    [InlineData("v=STSv1 ;\tid=abc ; other.x-1=!yes")]
    public void A_record_with_version_and_id_is_sound(string text)
    {
        var record = StsRecord.Of(ScriptedLookup.Txt("_mta-sts.example.org.", text));
        Assert.Equal(("", false), (record.Fault, record.Fields.IsEmpty));
    }

    [Theory, Rfc(8461, "3.1")]
    [InlineData("v=STSv1", "the record does not begin with v=STSv1;")]
    [InlineData("v=stsv1; id=1", "the record does not begin with v=STSv1;")]
    [InlineData(" v=STSv1; id=1", "the record does not begin with v=STSv1;")]
    [InlineData("v=STSv1;", "nothing follows")]
    [InlineData("v=STSv1; mode=enforce", "it has no id")]
    [InlineData("v=STSv1; id=", "its id has not 1 to 32")]
    [InlineData("v=STSv1; id=123456789012345678901234567890123", "its id has not 1 to 32")]
    [InlineData("v=STSv1; id=2016-08-31", "has other characters")]
    [InlineData("v=STSv1; ; id=1", "nothing between two semicolons")]
    [InlineData("v=STSv1; id", "'id' is no NAME=VALUE")]
    public void What_senders_would_not_take_is_a_fault(string text, string fault) =>
        Assert.Contains(fault, StsRecord.Of(ScriptedLookup.Txt("_mta-sts.example.org.", text)).Fault, StringComparison.Ordinal);

    [Fact, Rfc(8461, "3.1")]
    public void Two_records_are_none_and_others_beside_one_do_no_harm()
    {
        Assert.Contains("there are 2 records", StsRecord.Of(ScriptedLookup.Txt("_mta-sts.example.org.", "v=STSv1; id=1", "v=STSv1; id=2")).Fault, StringComparison.Ordinal);
        Assert.Equal("", StsRecord.Of(ScriptedLookup.Txt("_mta-sts.example.org.", "v=spf1 -all", "v=STSv1; id=2")).Fault);
    }

    [Fact]
    public void A_record_of_something_else_is_no_attempt()
    {
        Assert.True(StsRecord.Of(ScriptedLookup.Txt("_mta-sts.example.org.", "v=spf1 -all")).IsAbsent);
        Assert.True(StsRecord.Of(ScriptedLookup.None("_mta-sts.example.org.", Danelaw.Dns.Records.RecordType.TXT)).IsAbsent);
    }

    [Theory, Rfc(8460, "3")]
    [InlineData("v=TLSRPTv1;rua=mailto:reports@example.com", "")]
    [InlineData("v=TLSRPTv1; rua=https://reporting.example.com/v1/tlsrpt", "")]
    [InlineData("v=TLSRPTv1; rua=mailto:a@example.com , https://example.com/r;", "")]
    [InlineData("v=TLSRPTv1; ext=1", "it has no rua")]
    [InlineData("v=TLSRPTv1; rua=", "it has no rua")]
    [InlineData("v=TLSRPTv1; rua=reports@example.com", "must be written as mailto:reports@example.com")]
    [InlineData("v=TLSRPTv1; rua=http://example.com/", "is neither mailto: nor https:")]
    [InlineData("v=TLSRPTv1; rua=mailto:example.com", "names no mailbox")]
    [InlineData("v=TLSRPTv1; rua=mailto:a@example.com,", "is neither mailto: nor https:")]
    [InlineData("v=TLSRPT1; rua=mailto:a@example.com", "")]
    [InlineData("v=tlsrptv1; rua=mailto:a@example.com", "does not begin with v=TLSRPTv1;")]
    public void Where_reports_go_must_be_readable(string text, string fault)
    {
        var record = ReportingRecord.Of(ScriptedLookup.Txt("_smtp._tls.example.org.", text));
        if (fault.Length == 0) Assert.Equal("", record.Fault);
        else Assert.Contains(fault, record.Fault, StringComparison.Ordinal);
    }
}
