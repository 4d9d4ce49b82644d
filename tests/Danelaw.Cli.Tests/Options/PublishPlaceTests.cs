using Danelaw.Cli.Options;
using Danelaw.Cli.Running;

namespace Danelaw.Cli.Tests.Options;

public sealed class PublishPlaceTests
{
    [Theory]
    [InlineData("rndc reload example.org", "rndc|reload|example.org")]
    [InlineData("  a   'b c' \"d \\\" e\" f\\ g ''", "a|b c|d \" e|f g|")]
    [InlineData("sh -c 'a; b | c > $d'", "sh|-c|a; b | c > $d")]
    public void A_command_is_cut_into_words_and_nothing_else_of_a_shell_has_a_meaning(string text, string words) =>
        Assert.Equal(words.Replace("b | c", "b \u00a6 c", StringComparison.Ordinal).Split('|').Select(word => word.Replace('\u00a6', '|')), PublishPlace.Split("--reload", text));

    [Theory]
    [InlineData("'open", "--reload: a quote is not closed in 'open")]
    [InlineData("   ", "--reload names no program")]
    public void A_command_that_makes_no_sense_is_misuse(string text, string fault) =>
        Assert.Equal(fault, Assert.Throws<MisuseException>(() => PublishPlace.Split("--reload", text)).Message);
}
