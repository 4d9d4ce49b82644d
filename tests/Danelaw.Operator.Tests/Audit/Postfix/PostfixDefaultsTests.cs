using Danelaw.Operator.Audit.Postfix;

namespace Danelaw.Operator.Tests.Audit.Postfix;

public sealed class PostfixDefaultsTests
{
    /// <summary>The releases of Postfix's own announcement: the default was wrong from 3.6 on, and mended in each branch that was still kept.</summary>
    [Theory]
    [InlineData("3.5.25", false)]
    [InlineData("3.6.0", true)]
    [InlineData("3.6.16", true)]
    [InlineData("3.6.17", false)]
    [InlineData("3.7.11-0+deb12u1", true)]
    [InlineData("3.7.12", true)]
    [InlineData("3.7.13", false)]
    [InlineData("3.8.7", true)]
    [InlineData("3.8.8", false)]
    [InlineData("3.9.1", true)]
    [InlineData("3.9.2", false)]
    [InlineData("3.10.0", false)]
    [InlineData("3.11-20250101", false)]
    public void The_default_for_insecure_MX_records_was_wrong_in_these_releases(string text, bool isWrong)
    {
        Assert.True(PostfixVersion.TryParse(text, out var version));
        Assert.Equal(isWrong, PostfixDefaults.HasWrongInsecureMxPolicy(version));
    }
}
