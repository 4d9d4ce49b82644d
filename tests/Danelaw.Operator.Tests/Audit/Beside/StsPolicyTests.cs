using Danelaw.Dns.Names;
using Danelaw.Operator.Audit.Beside;

namespace Danelaw.Operator.Tests.Audit.Beside;

public sealed class StsPolicyTests
{
    private const string Sound = "version: STSv1\nmode: enforce\nmx: mail.example.com\nmx: *.example.net\nmx: backupmx.example.com\nmax_age: 604800\n";

    private static string FaultOf(string text)
    {
        Assert.False(StsPolicy.TryRead(text, out var policy, out var fault));
        Assert.Null(policy);
        return fault;
    }

    [Theory, Rfc(8461, "3.2")]
    [InlineData(Sound)]
    [InlineData("version: STSv1\r\nmode: enforce\r\nmx: mail.example.com\r\nmx: *.example.net\r\nmx: backupmx.example.com\r\nmax_age: 604800")]
    [InlineData("mx:mail.example.com\nmx:*.example.net \nmx: BACKUPMX.example.com\nother: 1\nmax_age: 604800\nmode: enforce\nmode: none\nversion: STSv1\n")]
    public void The_example_of_the_RFC_is_read_whatever_its_line_ends(string text)
    {
        Assert.True(StsPolicy.TryRead(text, out var policy, out _));
        Assert.Equal((StsMode.Enforce, TimeSpan.FromDays(7)), (policy.Mode, policy.MaximumAge));
        Assert.Equal(["mail.example.com", "*.example.net", "backupmx.example.com"], policy.Patterns);
    }

    [Theory, Rfc(8461, "3.2")]
    [InlineData("", "it has no line version: STSv1")]
    [InlineData("version: STSv2\n", "its version is 'STSv2'")]
    [InlineData("version: STSv1\n", "it has no mode")]
    [InlineData("version: STSv1\nmode: strict\n", "its mode is 'strict'")]
    [InlineData("version: STSv1\nmode: enforce\nmx: a.example\n", "it has no max_age")]
    [InlineData("version: STSv1\nmode: enforce\nmx: a.example\nmax_age: 31557601\n", "its max_age is '31557601'")]
    [InlineData("version: STSv1\nmode: enforce\nmx: a.example\nmax_age: -1\n", "its max_age is '-1'")]
    [InlineData("version: STSv1\nmode: testing\nmax_age: 1\n", "it names no mx")]
    [InlineData("version: STSv1\nmode: enforce\nmax_age: 1\nmx: a.*.example\n", "its mx 'a.*.example'")]
    [InlineData("version: STSv1\nmode: enforce\nmax_age: 1\nmx: .example.org\n", "its mx '.example.org'")]
    [InlineData("<html>\n", "the line '<html>' is no NAME: VALUE")]
    public void What_senders_would_not_take_is_a_fault(string text, string fault) => Assert.Contains(fault, FaultOf(text), StringComparison.Ordinal);

    [Fact, Rfc(8461, "3.2")]
    public void With_mode_none_no_host_need_be_named() => Assert.True(StsPolicy.TryRead("version: STSv1\nmode: none\nmax_age: 0\n", out _, out _));

    [Theory, Rfc(8461, "4.1")]
    [InlineData("mail.example.com.", true)]
    [InlineData("MAIL.example.COM.", true)]
    [InlineData("mx.example.net.", true)]
    [InlineData("example.net.", false)]
    [InlineData("a.mx.example.net.", false)]
    [InlineData("other.example.com.", false)]
    public void A_star_stands_for_just_one_label(string host, bool isNamed)
    {
        Assert.True(StsPolicy.TryRead(Sound, out var policy, out _));
        Assert.Equal(isNamed, policy.Names(DomainName.Parse(host)));
    }
}
