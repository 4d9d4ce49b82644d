using Danelaw.Dns;
using Danelaw.OpenPgp;

namespace Danelaw.Tests.OpenPgp;

/// <summary>What GnuPG wrote (<c>tests/Corpora/openpgp/make.sh</c>).</summary>
public sealed class OpenPgpKeyTests
{
    private const string Fingerprint = "a7c7c063a07d21cbc25818fd8b261e407c28e8d2";

    [Theory, Rfc(7929, "2.1.2")]
    [InlineData("hugh.pgp")]
    [InlineData("hugh.asc")]
    [InlineData("hugh.minimal.pgp")]
    public void A_key_is_reduced_to_the_mailbox_as_gpg_does(string name)
    {
        var key = Read(Content(name), "hugh@example.com");
        Assert.Equal(new Octets(Content("hugh.minimal.pgp")), key.Data);
        Assert.Equal((Fingerprint, "Hugh <hugh@example.com>"), (key.Fingerprint.ToHex(), Assert.Single(key.UserIds)));
        Assert.True(OpenPgpKey.TryFromRecordData(key.Data, out var again, out _));
        Assert.Equal((Fingerprint, "Hugh <hugh@example.com>"), (again!.Fingerprint.ToHex(), Assert.Single(again.UserIds)));
    }

    [Fact]
    public void Another_user_of_the_key_gets_a_record_with_that_user()
    {
        Assert.Equal("Hugh at home <hugh@home.example>", Assert.Single(Read(Content("hugh.asc"), "HUGH@home.example").UserIds));
        Assert.Equal(["Hugh at home <hugh@home.example>", "Hugh <hugh@example.com>"], OpenPgpKey.TryFromRecordData(new(Content("hugh.pgp")), out var whole, out _) ? whole!.UserIds : []);
    }

    [Fact, Rfc(9580, "6.1")]
    public void Armor_is_read_without_its_checksum_and_with_text_around_it()
    {
        var lines = File.ReadAllLines(Repository.Corpus("openpgp", "hugh.asc"));
        foreach (var text in (string[])[
            string.Join("\r\n", lines),
            "a letter\n" + string.Join('\n', lines) + "\nand its end\n",
            string.Join('\n', lines.Where(line => !line.StartsWith('='))),
            string.Join('\n', lines.Select(line => line.StartsWith('=') ? "=AAAA" : line)),
            string.Join('\n', lines.Select(line => line.Length == 0 ? "Comment: of mine\nVersion: 1\n" : line))])
            Assert.Equal(new Octets(Content("hugh.minimal.pgp")), Read(System.Text.Encoding.ASCII.GetBytes(text), "hugh@example.com").Data);
    }

    [Fact]
    public void A_secret_key_is_refused_armored_or_not()
    {
        AssertFault("it holds a secret key: give the public one (gpg --export)", Content("hugh.secret.asc"));
        var armor = File.ReadAllText(Repository.Corpus("openpgp", "hugh.secret.asc"));
        AssertFault("it holds a secret key: give the public one (gpg --export)", System.Text.Encoding.ASCII.GetBytes(armor.Replace("PRIVATE", "PUBLIC", StringComparison.Ordinal)));
    }

    [Fact]
    public void What_is_no_key_of_the_mailbox_says_so()
    {
        AssertFault("no user ID of it is that of the mailbox", Content("hugh.pgp"), "somebody@example.com");
        AssertFault("it holds several keys with a user ID of the mailbox: give the one alone", [.. Content("hugh.pgp"), .. Content("hugh.minimal.pgp")]);
        AssertFault("it is empty", []);
        AssertFault("it holds no OpenPGP key that can be read", "hello"u8.ToArray());
        AssertFault("its armor is not sound", "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nAAAA\n"u8.ToArray());
        AssertFault("it is armored, and not as a public key", "-----BEGIN PGP MESSAGE-----\n\nAAAA\n-----END PGP MESSAGE-----\n"u8.ToArray());
        AssertFault("it holds something else than public keys", [0xCD, 0x02, (byte)'h', (byte)'i']);
    }

    /// <summary>Lengths that no packet has room for, and lengths in parts, which keys never have.</summary>
    [Theory]
    [InlineData("99FFFF04")]
    [InlineData("C6FFFFFFFFFF04")]
    [InlineData("C6E104")]
    [InlineData("9B04")]
    [InlineData("9AFFFFFFFF04")]
    [InlineData("C6")]
    public void Lengths_that_lie_are_refused(string hex) => AssertFault("it holds no OpenPGP key that can be read", Convert.FromHexString(hex));

    [Fact]
    public void Cut_or_altered_anywhere_nothing_is_thrown()
    {
        var whole = Content("hugh.pgp");
        for (var length = 0; length < whole.Length; length++) _ = OpenPgpKey.TryRead(whole.AsMemory(0, length), "hugh@example.com", out _, out _);
        foreach (var flip in (byte[])[0x01, 0x80, 0xFF])
        {
            for (var place = 0; place < whole.Length; place++)
            {
                var altered = (byte[])whole.Clone();
                altered[place] ^= flip;
                var isRead = OpenPgpKey.TryRead(altered, "hugh@example.com", out var key, out var fault);
                Assert.Equal((isRead, isRead), (key is not null, fault.Length == 0));
            }
        }
    }

    private static OpenPgpKey Read(byte[] content, string mailbox)
    {
        Assert.True(OpenPgpKey.TryRead(content, mailbox, out var key, out var fault), fault);
        return key!;
    }

    private static void AssertFault(string expected, byte[] content, string mailbox = "hugh@example.com")
    {
        Assert.False(OpenPgpKey.TryRead(content, mailbox, out var key, out var fault));
        Assert.Equal((expected, true), (fault, key is null));
    }

    private static byte[] Content(string name) => File.ReadAllBytes(Repository.Corpus("openpgp", name));
}
