using Danelaw.Operator.Publishing;
using Danelaw.Operator.Setup;

namespace Danelaw.Operator.Tests.Setup;

/// <summary>The table that says where a zone is mastered.</summary>
public sealed class PublisherFileTests
{
    [Theory]
    [InlineData("kind = \"zone-file\"\nfile = \"/z\"\nzone = \"example.org\"\nreload = [[\"sign\"], [\"rndc\", \"reload\"]]\n")]
    [InlineData("kind = \"hook\"\ncommand = [[\"one\"], [\"two\"]]\n")]
    public void A_second_command_is_refused_and_not_passed_over(string text)
    {
        Assert.False(PublisherFile.TryRead(text, "publisher.toml", out _, out var faults));
        Assert.Contains("write a script", Assert.Single(faults).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[[\"rndc\", \"reload\"]]")]
    [InlineData("[\"rndc\", \"reload\"]")]
    public void One_command_may_be_written_either_way(string command)
    {
        Assert.True(PublisherFile.TryRead($"kind = \"zone-file\"\nfile = \"/z\"\nzone = \"example.org\"\nreload = {command}\n", "publisher.toml", out var settings, out _));
        Assert.Equal(["rndc", "reload"], Assert.IsType<PublisherSettings.ZoneFile>(settings).Reload);
    }
}
