using Danelaw.Certificates;
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

    /// <summary>What anybody can put beside a key at a key server: its own signature with the time raised.</summary>
    [Theory, Rfc(9580, "5.2.4")]
    [InlineData("hugh.minimal.pgp", "hugh@example.com")]
    [InlineData("rsa2048.pgp", "rsa2048@example.com")]
    [InlineData("nistp256.pgp", "nistp256@example.com")]
    [InlineData("revoked.pgp", "revoked@example.com")]
    public void A_newer_signature_that_the_key_never_made_displaces_none(string name, string mailbox)
    {
        var honest = Content(name);
        Assert.True(PgpPacket.TryReadAll(new(honest), out var packets));
        foreach (var isLast in (bool[])[true, false])
        {
            var content = new MemoryStream();
            for (var i = 0; i < packets.Length; i++)
            {
                var forged = packets[i].Whole.ToArray();
                var isOwn = packets[i].Tag == PgpPacket.Signature;
                if (isOwn) forged[packets[i].Whole.Span.IndexOf(Time(packets[i]))] ^= 0x10;
                if (isOwn && !isLast) content.Write(forged);
                content.Write(packets[i].Whole.Span);
                if (isOwn && isLast) content.Write(forged);
            }

            // Of revocations each stays, good or bad: whoever reads them ignores the bad one.
            var key = Read(content.ToArray(), mailbox);
            if (name != "revoked.pgp") Assert.Equal(new Octets(honest), key.Data);
            else Assert.Equal(1, Signatures(key.Data).Count(signature => signature.Type != 0x20));
        }

        static byte[] Time(PgpPacket packet)
        {
            Assert.True(PgpSignature.TryRead(packet.Body, out var signature));
            var time = new byte[4];
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(time, signature.CreatedAt);
            return time;
        }
    }

    [Fact, Rfc(7929, "2.1.2")]
    public void Of_two_good_signatures_the_newer_one_stays()
    {
        Assert.True(PgpPacket.TryReadAll(new(Content("renewed.pgp")), out var packets));
        Assert.Equal(2, packets.Count(packet => packet.Tag == PgpPacket.Signature));

        foreach (var order in (int[][])[[0, 1, 2, 3], [0, 1, 3, 2]])
        {
            var key = Read([.. order.SelectMany(place => packets[place].Whole.ToArray())], "renewed@example.com");
            Assert.Equal(packets[3].Whole, packets.Single(packet => packet.Tag == PgpPacket.Signature && key.Data.Span.IndexOf(packet.Whole.Span) >= 0).Whole);
            Assert.Null(key.EndsAt);
        }
    }

    /// <summary>Where none of them is good, or nothing here can tell, all stay: to whoever reads the record they are what they are.</summary>
    [Fact]
    public void Where_no_signature_is_known_to_be_good_all_stay()
    {
        Assert.True(PgpPacket.TryReadAll(new(Content("nistp256.pgp")), out var packets));
        foreach (var hash in (byte[])[8, 1])
        {
            var forged = packets[2].Whole.ToArray();
            forged[packets[2].Whole.Length - packets[2].Body.Length + 3] = hash;
            forged[^1] ^= 1;
            byte[] content = [.. packets[0].Whole.Span, .. packets[1].Whole.Span, .. forged, .. forged];
            Assert.Equal(new Octets(content), Read(content, "nistp256@example.com").Data);
        }
    }

    [Fact, Rfc(9580, "5.2.4")]
    public void The_example_of_a_version_6_key_verifies()
    {
        var octets = Convert.FromBase64String(
            "xioGY4d/4xsAAAAg+U2nu0jWCmHlZ3BqZYfQMxmZu52JGggkLq2EVD34laPCsQYfGwoAAABCBYJjh3/jAwsJBwUVCg4IDAIWAAKbAwIeCSIhBssYbE8GCaaX5NUt+mxyKwwfHifBilZwj2Ul7Ce62azJ" +
            "BScJAgcCAAAAAK0oIBA+LX0ifsDm185Ecds2v8lwgyU2kCcUmKfvBXbAf6rhRYWzuQOwEn7E/aLwIwRaLsdry0+VcallHhSu4RN6HWaEQsiPlR4zxP/TP7mhfVEe7XWPxtnMUMtf15OyA51YBM4qBmOHf+MZ" +
            "AAAAIIaTJINn+eUBXbki+PSAld2nhJh/LVmFsS+60WyvXkQ1wpsGGBsKAAAALAWCY4d/4wKbDCIhBssYbE8GCaaX5NUt+mxyKwwfHifBilZwj2Ul7Ce62azJAAAAAAQBIKbpGG2dWTX8j+VjFM21J0hqWlEg" +
            "+bdiojWnKfA5AQpWUWtnNwDEM0g12vYxoWM8Y81W+bHBw805I8kWVkXU6vFOi+HWvv/ira7ofJu16NnoUkhclkUrk0mXubZvyl4GBg==");
        Assert.True(PgpPacket.TryReadAll(new(octets), out var packets));
        using var own = new PgpOwnSignatures(packets[0].Body);
        foreach (var place in (int[])[1, 3])
        {
            Assert.True(PgpSignature.TryRead(packets[place].Body, out var signature));
            Assert.Equal(SignatureCheck.Valid, own.Check(signature, packets[place - 1]));
            Assert.Equal(SignatureCheck.Invalid, own.Check(signature, packets[2 - (place - 1)]));
        }
    }

    [Fact]
    public void Signatures_beyond_any_honest_number_are_not_checked_and_stay()
    {
        Assert.True(PgpPacket.TryReadAll(new(Content("nistp256.pgp")), out var packets));
        var forged = packets[2].Whole.ToArray();
        forged[^1] ^= 1;
        byte[] content = [.. packets[0].Whole.Span, .. packets[1].Whole.Span, .. packets[2].Whole.Span, .. Enumerable.Repeat(forged, PgpOwnSignatures.Maximum).SelectMany(octets => octets)];
        Assert.Equal(new Octets(content), Read(content, "nistp256@example.com").Data);
    }

    [Fact]
    public void What_a_revoker_that_the_key_names_has_revoked_stays_revoked()
    {
        Assert.True(PgpPacket.TryReadAll(new(Content("revoker.pgp")), out var packets));
        var revocation = Assert.Single(packets, packet => packet.Tag == PgpPacket.Signature && PgpSignature.TryRead(packet.Body, out var signature) && signature.Type == 0x20);

        Assert.True(Read(Content("revoker.pgp"), "named@example.com").Data.Span.IndexOf(revocation.Whole.Span) > 0);
        Assert.True(PgpPacket.TryReadAll(new(Content("nistp256.pgp")), out var stranger));
        byte[] content = [.. stranger[0].Whole.Span, .. revocation.Whole.Span, .. stranger[1].Whole.Span, .. stranger[2].Whole.Span];
        Assert.Equal(new Octets(Content("nistp256.pgp")), Read(content, "nistp256@example.com").Data);
    }

    [Fact, Rfc(9580, "5.2.3.13")]
    public void When_a_key_ends_and_that_it_is_revoked_is_known()
    {
        var ended = Read(Content("ended.pgp"), "ended@example.com");
        Assert.Equal((new DateTimeOffset(2025, 1, 2, 0, 0, 0, TimeSpan.Zero), false), (ended.EndsAt, ended.IsRevoked));
        var revoked = Read(Content("revoked.pgp"), "revoked@example.com");
        Assert.Equal((null, true), (revoked.EndsAt, revoked.IsRevoked));
        var sound = Read(Content("hugh.pgp"), "hugh@example.com");
        Assert.Equal((null, false), (sound.EndsAt, sound.IsRevoked));

        // A revocation that the key never made revokes nothing.
        Assert.True(PgpPacket.TryReadAll(new(Content("revoked.pgp")), out var packets));
        var forged = packets[1].Whole.ToArray();
        forged[^1] ^= 1;
        Assert.False(Read([.. packets[0].Whole.Span, .. forged, .. packets[2].Whole.Span, .. packets[3].Whole.Span], "revoked@example.com").IsRevoked);
    }

    [Fact]
    public void Another_user_of_the_key_gets_a_record_with_that_user()
    {
        Assert.Equal("Hugh at home <hugh@home.example>", Assert.Single(Read(Content("hugh.asc"), "HUGH@home.example").UserIds));
        Assert.Equal(["Hugh at home <hugh@home.example>", "Hugh <hugh@example.com>"], OpenPgpKey.TryFromRecordData(new(Content("hugh.pgp")), out var whole, out _) ? whole!.UserIds : []);
    }

    [Theory, Rfc(5322, "3.4.1")]
    [InlineData("\"hugh\"@example.com")]
    [InlineData("hu(of old)gh@Example.COM.")]
    [InlineData("\"h\\ugh\"@example.com")]
    public void Another_spelling_of_the_mailbox_is_the_same_user(string mailbox) => Assert.Equal(new Octets(Content("hugh.minimal.pgp")), Read(Content("hugh.pgp"), mailbox).Data);

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
        var hugh = Read(Content("hugh.pgp"), "hugh@example.com").Fingerprint.ToHex();
        AssertFault($"it holds several keys with a user ID of the mailbox ({hugh}, {hugh}): give the one alone (gpg --export FINGERPRINT)", [.. Content("hugh.pgp"), .. Content("hugh.minimal.pgp")]);
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

    private static IEnumerable<PgpSignature> Signatures(Octets key)
    {
        Assert.True(PgpPacket.TryReadAll(key, out var packets));
        foreach (var packet in packets)
            if (packet.Tag == PgpPacket.Signature && PgpSignature.TryRead(packet.Body, out var signature)) yield return signature;
    }

    private static byte[] Content(string name) => File.ReadAllBytes(Repository.Corpus("openpgp", name));
}
