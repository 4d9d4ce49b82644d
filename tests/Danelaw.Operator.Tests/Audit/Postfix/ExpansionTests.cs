using Danelaw.Operator.Audit.Postfix.Syntax;

namespace Danelaw.Operator.Tests.Audit.Postfix;

public sealed class ExpansionTests
{
    private static readonly Dictionary<string, string> Values = new(StringComparer.Ordinal)
    {
        ["a"] = "one",
        ["b"] = "$a two",
        ["empty"] = "",
        ["through"] = "$empty",
        ["loop"] = "x $loop",
        ["compatibility_level"] = "3.10",
        ["double"] = "$a$a$a$a$a$a$a$a$a$a",
    };

    private static (bool IsDone, string Value, string Fault) Expand(string text)
    {
        var isDone = new Expansion(Values.GetValueOrDefault).TryExpand(text, out var value, out var fault);
        return (isDone, value, fault);
    }

    [Theory]
    [InlineData("$a", "one")]
    [InlineData("${a}", "one")]
    [InlineData("$(a)", "one")]
    [InlineData("x$a.y", "xone.y")]
    [InlineData("$b", "one two")]
    [InlineData("$missing!", "!")]
    [InlineData("$$a", "$a")]
    [InlineData("${a?yes}", "yes")]
    [InlineData("${a:no}", "")]
    [InlineData("${empty?yes}", "")]
    [InlineData("${empty:no}", "no")]
    [InlineData("${missing:$b}", "one two")]
    [InlineData("${a?{yes}:{no}}", "yes")]
    [InlineData("${empty?{yes}:{no}}", "no")]
    [InlineData("${a?{ $b }}", " one two ")]
    [InlineData("${{$a} == {one} ? {same} : {other}}", "same")]
    [InlineData("${{$a} != {one} ? {same} : {other}}", "other")]
    [InlineData("${{9} < {10} ? {number} : {text}}", "number")]
    [InlineData("${{9x} < {10x} ? {number} : {text}}", "text")]
    [InlineData("${{$compatibility_level} <level {3.6} ? {old} : {new}}", "new")]
    [InlineData("${{3.9} <level {3.10} ? {old} : {new}}", "old")]
    [InlineData("${{$compatibility_level} >=level {3.10} ? {yes} : {no}}", "yes")]
    public void A_reference_becomes_its_value(string text, string expected) => Assert.Equal((true, expected, ""), Expand(text));

    [Theory]
    [InlineData("$loop", "a parameter leads back to itself")]
    [InlineData("${a", "truncated macro reference")]
    [InlineData("$ x", "empty macro name")]
    [InlineData("${a!b}", "attribute syntax error in 'a!b'")]
    [InlineData("${{a} ~ {b} ? {c} : {d}}", "unknown operator '~'")]
    public void What_Postfix_refuses_is_refused_with_its_reason(string text, string fault) => Assert.Equal((false, "", fault), Expand(text));

    [Fact]
    public void Values_that_double_at_each_step_end()
    {
        var expansion = new Expansion(name => name == "last" ? "x" : string.Concat(Enumerable.Repeat($"${(char)(name[0] + 1)}", 20)).Replace("$z", "$last", StringComparison.Ordinal));
        Assert.False(expansion.TryExpand("$a", out _, out var fault));
        Assert.Equal("the value grows without end", fault);
    }
}
