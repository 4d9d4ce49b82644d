using System.Text;
using Danelaw.Checks;
using Danelaw.Cli.Rendering;
using Danelaw.Cli.Rendering.Reports;

namespace Danelaw.Cli.Tests.Rendering;

public sealed class NagiosLineTests
{
    [Theory]
    [InlineData(CheckVerdict.Verified, Severity.Note, 0)]
    [InlineData(CheckVerdict.Verified, Severity.Warning, 1)]
    [InlineData(CheckVerdict.Partial, Severity.Note, 1)]
    [InlineData(CheckVerdict.Unprotected, Severity.Note, 1)]
    [InlineData(CheckVerdict.Failing, Severity.Error, 2)]
    [InlineData(CheckVerdict.Undetermined, Severity.Error, 3)]
    public void Codes_are_those_of_a_plugin(CheckVerdict verdict, Severity severity, int code) => Assert.Equal(code, NagiosLine.CodeOf(ToldCheck.Of(Reports.Of(verdict, severity))));

    [Fact]
    public void One_line_with_performance_data() =>
        Assert.Equal(
            "DANELAW CRITICAL - example.org failing (host-failing): TLSA-MISMATCH mx1.example.org; example.net verified (all-match); danelaw explain TLSA-MISMATCH | hosts=1 endpoints=3 matching=1 errors=1 warnings=1\n",
            Encoding.UTF8.GetString(NagiosLine.Of([ToldCheck.Of(Reports.Of(CheckVerdict.Verified)), ToldCheck.Of(Reports.Failing)], DateTimeOffset.UnixEpoch)));

    [Fact]
    public void A_bar_in_foreign_text_begins_no_performance_data() =>
        Assert.Equal("DANELAW UNKNOWN - a/b\\nc\n", Encoding.UTF8.GetString(NagiosLine.Unknown("a|b\nc")));
}
