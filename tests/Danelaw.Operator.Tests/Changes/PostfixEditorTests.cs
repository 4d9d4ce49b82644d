using Danelaw.Operator.Audit.Postfix.Syntax;
using Danelaw.Operator.Changes;

namespace Danelaw.Operator.Tests.Changes;

public sealed class PostfixEditorTests
{
    private const string Main = "# first\na = 1\n\n# about b\nb = x,\n  # within\n  y\nc = 3\n";

    [Theory]
    [InlineData("a", "2", "# first\na = 2\n\n# about b\nb = x,\n  # within\n  y\nc = 3\n")]
    [InlineData("b", "z", "# first\na = 1\n\n# about b\nb = z\n  # within\nc = 3\n")]
    [InlineData("new", "v", Main + "new = v\n")]
    [InlineData("c", "", "# first\na = 1\n\n# about b\nb = x,\n  # within\n  y\nc =\n")]
    [InlineData("c", "3", Main)]
    public void A_parameter_is_set_where_it_stands_and_everything_else_stays(string name, string value, string expected)
    {
        var once = PostfixEditor.SetParameter(Main, name, value);
        Assert.Equal(expected, once);
        Assert.Equal(once, PostfixEditor.SetParameter(once, name, value));
        Assert.Equal(value, MainText.Read(once, "main.cf").Definitions.Last(definition => definition.Name == name).Value);
    }

    [Fact]
    public void Of_several_definitions_the_one_that_counts_is_set() => Assert.Equal("a = 1\na = 3\n", PostfixEditor.SetParameter("a = 1\na = 2\n", "a", "3"));

    [Fact]
    public void Every_definition_is_removed() => Assert.Equal("# x\nb = 1\n", PostfixEditor.RemoveParameter("a = 1\n# x\nb = 1\na = 2\n  3\n", "a"));

    [Theory]
    [InlineData("smtp inet n - y - - smtpd\n  -o a=1\n  -o b=2\nother unix - - n - - smtp\n", "a", null, "smtp inet n - y - - smtpd\n  -o b=2\nother unix - - n - - smtp\n")]
    [InlineData("smtp inet n - y - - smtpd -o a=1 -o b=2\n", "a", "3", "smtp inet n - y - - smtpd -o a=3 -o b=2\n")]
    [InlineData("smtp inet n - y - - smtpd\n  -o { a = 1 2 }\n", "a", "3", "smtp inet n - y - - smtpd\n  -o a=3\n")]
    [InlineData("smtp inet n - y - - smtpd\n#  -o a=0\n  -o b=2\n", "a", "x y", "smtp inet n - y - - smtpd\n#  -o a=0\n  -o b=2\n  -o { a = x y }\n")]
    [InlineData("smtp inet n - y - - smtpd\n  -o a=1\n  -o a=2\n", "a", "3", "smtp inet n - y - - smtpd\n  -o a=3\n")]
    [InlineData("smtp unix - - y - - smtp\n", "a", "3", "smtp unix - - y - - smtp\n")]
    [InlineData("smtp inet n - y - - smtpd\n  -o ba=1\n  -oa=2\n", "a", null, "smtp inet n - y - - smtpd\n  -o ba=1\n")]
    public void A_setting_of_a_service_is_set_or_taken_out(string master, string name, string? value, string expected)
    {
        var once = PostfixEditor.SetServiceOption(master, "smtp/inet", name, value);
        Assert.Equal(expected, once);
        Assert.Equal(once, PostfixEditor.SetServiceOption(once, "smtp/inet", name, value));
    }

    [Theory]
    [InlineData("smtp inet n - y - - smtpd\n\n  -o a=1\n\nsmtps inet n - y - - smtpd\n", "smtp inet n - y - - smtpd\n\n  -o a=1\n  -o b=2\n\nsmtps inet n - y - - smtpd\n", "b", "2")]
    [InlineData("smtp inet n - y - - smtpd\n\n\n  -o a=1", "smtp inet n - y - - smtpd\n\n\n  -o a=1\n  -o b=2\n", "b", "2")]
    [InlineData("smtp inet n - y - - smtpd\n\n  -o a=1\n  -o c=3\nsmtps inet n - y - - smtpd\n", "smtp inet n - y - - smtpd\n\n  -o c=3\nsmtps inet n - y - - smtpd\n", "a", null)]
    [InlineData("smtp inet n - y - - smtpd\nsmtp inet n - y - - smtpd -o a=1\n", "smtp inet n - y - - smtpd\nsmtp inet n - y - - smtpd -o a=2\n", "a", "2")]
    public void Empty_lines_within_a_service_stay_where_they_are(string text, string expected, string name, string? value) =>
        Assert.Equal(expected, PostfixEditor.SetServiceOption(text, "smtp/inet", name, value));
}
