using Danelaw.Cli.Rendering;

namespace Danelaw.Cli.Tests.Rendering;

public sealed class PageTests
{
    [Theory]
    [InlineData("plain text, Grüße", "plain text, Grüße")]
    [InlineData("\e[31mred\a", "\\u{1B}[31mred\\u{7}")]
    [InlineData("two\r\nlines\tand", "two\\r\\nlines\\tand")]
    [InlineData("abc\u202Efdp.exe", "abc\\u{202E}fdp.exe")]
    [InlineData("zero\u200Bwidth\u2028", "zero\\u{200B}width\\u{2028}")]
    [InlineData("\u009B2J", "\\u{9B}2J")]
    public void Foreign_text_is_shown_and_not_obeyed(string text, string shown) => Assert.Equal(shown, Escape.Text(text));

    [Fact]
    public void A_lone_surrogate_is_replaced() => Assert.Equal("\uFFFDa", Escape.Text("\uFFFDa"));

    [Fact]
    public void A_pipe_gets_no_colour_and_no_broken_line()
    {
        var page = new Page(PageStyle.Pipe);
        page.Paragraph(2, 4, new Ink(string.Join(' ', Enumerable.Repeat("word", 60)), Tone.Bad));
        Assert.Equal("  " + string.Join(' ', Enumerable.Repeat("word", 60)) + "\n", page.ToString());
    }

    [Fact]
    public void On_a_terminal_lines_end_within_its_width_and_tones_are_colours()
    {
        var page = new Page(new PageStyle(true, 20));
        page.Paragraph(2, 4, "a sentence of ", new Ink("several", Tone.Bad), ", words");
        Assert.Equal("  a sentence of\n    \e[31mseveral\e[0m, words\n", page.ToString());
    }

    [Fact]
    public void A_word_longer_than_the_line_stands_alone_and_whole()
    {
        var page = new Page(new PageStyle(false, 10));
        page.Paragraph(0, 0, "see abcdefghijklmnopqrstuvwxyz there");
        Assert.Equal("see\nabcdefghijklmnopqrstuvwxyz\nthere\n", page.ToString());
    }

    [Fact]
    public void Escapes_of_foreign_text_survive_colours()
    {
        var page = new Page(new PageStyle(true, 80));
        page.Line(0, new Ink("\e[2Jgone", Tone.Strong));
        Assert.Equal("\e[1m\\u{1B}[2Jgone\e[0m\n", page.ToString());
    }

    [Fact]
    public void Json_is_ascii_whatever_stands_in_it()
    {
        var line = JsonText.Line(json => json.WriteString("text", "Grüße \u202E \e \U0001F600 + <'>"));
        Assert.Equal("""{"text":"Gr\u00FC\u00DFe \u202E \u001B \uD83D\uDE00 + <'>"}""" + "\n", System.Text.Encoding.UTF8.GetString(line));
    }
}
