using System.Text;
using System.Text.Json;
using Danelaw.Cli.Rendering;

namespace Danelaw.Cli.Tests.Rendering;

/// <summary>Documents hold what strangers wrote; a terminal that shows one obeys none of it.</summary>
public sealed class JsonTextTests
{
    [Theory]
    [InlineData("\u001B[31m\u0007\u0000\u007F")]
    [InlineData("\u202Eevil\u202C\u200B\u0085\u009B31m")]
    [InlineData("\u00E9 \u4E2D \uD83D\uDE00 \uFFFE \u2028")]
    [InlineData("\"}\n{\"status\":\"secure\"}\\")]
    [InlineData("</script><b>&amp;'")]
    public void Whatever_stands_in_foreign_text_the_line_is_visible_ASCII_and_says_the_same(string foreign)
    {
        var line = Encoding.Latin1.GetString(JsonText.Line(json => json.WriteString("text", foreign)));

        Assert.EndsWith("}\n", line, StringComparison.Ordinal);
        Assert.All(line[..^1], character => Assert.InRange(character, ' ', '~'));
        Assert.Equal(foreign, JsonDocument.Parse(line).RootElement.GetProperty("text").GetString());
    }
}
