using Danelaw.Dns.Records;
using Danelaw.Tlsa;

namespace Danelaw.Tests.Tlsa;

public sealed class MailboxOwnerTests
{
    /// <summary>RFC 7929 §3 and RFC 8162 §3 have this very example.</summary>
    private const string Hugh = "c93f1e400f26708f98cb19d936620da35eec8f72e57f9eec01c1afd6";

    [Theory, Rfc(7929, "3"), Rfc(8162, "3")]
    [InlineData("hugh@example.com")]
    [InlineData("\"hugh\"@example.com")]
    [InlineData("h\"ug\"h@example.com")]
    [InlineData("\"h\\ugh\"@example.com")]
    [InlineData(" hugh (at (home\\)) now) @ example.com")]
    [InlineData("hugh@Example.COM.")]
    public void The_local_part_is_hashed_without_its_quotes_and_comments(string mailbox)
    {
        Assert.Equal($"{Hugh}._openpgpkey.example.com.", Of(mailbox, RecordType.OPENPGPKEY).ToLowerInvariant());
        Assert.Equal($"{Hugh}._smimecert.example.com.", Of(mailbox, RecordType.SMIMEA).ToLowerInvariant());
    }

    [Theory, Rfc(8162, "3")]
    [InlineData("Hugh@example.com", "Hugh")]
    [InlineData("hugh . m@example.com", "hugh.m")]
    [InlineData("\"hugh m\"@example.com", "hugh m")]
    [InlineData("\"hugh@home\"@example.com", "hugh@home")]
    [InlineData("h\u00FCgh@example.com", "h\u00FCgh")]
    public void Case_is_kept_and_letters_are_UTF_8(string mailbox, string local)
    {
        var digest = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(local)))[..56];
        Assert.Equal($"{digest}._smimecert.example.com.", Of(mailbox, RecordType.SMIMEA));
    }

    [Theory]
    [InlineData("hugh", "there is no @ in it")]
    [InlineData("hugh@", "what stands behind the @ is no domain name")]
    [InlineData("hugh@a..b", "what stands behind the @ is no domain name")]
    [InlineData("hugh@[192.0.2.1]", "what stands behind the @ is an address, and records stand under names")]
    [InlineData("hugh@[IPv6:2001:db8::1]", "what stands behind the @ is an address, and records stand under names")]
    [InlineData("hugh@192.0.2.1", "what stands behind the @ is an address, and records stand under names")]
    [InlineData("hugh@example.com:25", "what stands behind the @ is no domain name")]
    [InlineData("@example.com", "there is nothing before the @")]
    [InlineData("\"\"@example.com", "there is nothing before the @")]
    [InlineData("hugh m@example.com", "its local part has a quote or comment that is not closed, or characters that need quotes")]
    [InlineData("\"hugh@example.com", "its local part has a quote or comment that is not closed, or characters that need quotes")]
    [InlineData("hugh(at@example.com", "its local part has a quote or comment that is not closed, or characters that need quotes")]
    [InlineData("Hugh <hugh@example.com", "its local part has a quote or comment that is not closed, or characters that need quotes")]
    [InlineData("hugh\\@example.com", "its local part has a quote or comment that is not closed, or characters that need quotes")]
    [InlineData("hu\u0308gh@example.com", "its local part has combining characters, which are not composed here: write it in composed letters (Unicode Normalization Form C)")]
    public void What_is_no_mailbox_is_refused_with_the_reason(string mailbox, string expected)
    {
        Assert.False(MailboxOwner.TryFor(mailbox, RecordType.SMIMEA, out var owner, out var fault));
        Assert.Equal((expected, true), (fault, owner.IsRoot));
    }

    [Fact]
    public void Half_a_character_is_refused()
    {
        Assert.False(MailboxOwner.TryFor("h" + (char)0xD800 + "@example.com", RecordType.SMIMEA, out _, out var fault));
        Assert.Equal("its local part is no Unicode text", fault);
    }

    [Fact]
    public void A_domain_that_leaves_no_room_is_refused()
    {
        var domain = string.Join('.', Enumerable.Repeat(new string('a', 49), 4));
        Assert.False(MailboxOwner.TryFor("hugh@" + domain, RecordType.OPENPGPKEY, out _, out var fault));
        Assert.Equal("with the labels before it the domain is longer than the 255 octets that a name may have", fault);
    }

    private static string Of(string mailbox, RecordType type)
    {
        Assert.True(MailboxOwner.TryFor(mailbox, type, out var owner, out var fault), fault);
        return owner.ToString();
    }
}
