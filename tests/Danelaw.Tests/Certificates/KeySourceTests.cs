using System.Formats.Asn1;
using System.Text;
using Danelaw.Certificates;
using Danelaw.Dns.Records;
using Danelaw.Tlsa;

namespace Danelaw.Tests.Certificates;

/// <summary>What OpenSSL wrote (<c>tests/Corpora/key-sources/make.sh</c>), held against the digests that its own pipelines gave.</summary>
public sealed class KeySourceTests
{
    private static readonly char[] Password = Line("pass.txt");

    public static TheoryData<string> Files() => [.. Directory.EnumerateFiles(Repository.Corpus("key-sources")).Select(path => Path.GetFileName(path)).Where(IsSource).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Files)), Rfc(7671, "5.1")]
    public void Every_container_of_every_kind_of_key_gives_the_digest_of_OpenSSL(string name)
    {
        var password = name == "p256.no-password.p12" ? null : Password;
        Assert.Equal(KeySourceOutcome.Read, KeySource.Read(Content(name), password, out var file, out var fault));
        Assert.Equal("", fault);
        var expected = File.ReadLines(Repository.Corpus("key-sources", "digests.txt")).Select(line => line.Split(' ')).Single(line => line[0] == name[..name.IndexOf('.', StringComparison.Ordinal)]);

        Assert.True(new TlsaCreation { Source = file }.TryMake(Forge.Now, out var record, out _, out fault), fault);
        Assert.Equal("3 1 1 " + expected[1], record.ToString());
        if (file.Certificates.IsEmpty) return;
        Assert.True(new TlsaCreation { Source = file, Selector = TlsaSelector.Certificate }.TryMake(Forge.Now, out record, out _, out fault), fault);
        Assert.Equal("3 0 1 " + expected[2], record.ToString());
    }

    [Theory, MemberData(nameof(Files))]
    public void What_is_encrypted_wants_its_password(string name)
    {
        var isEncrypted = (name.Contains("encrypted", StringComparison.Ordinal) || name.EndsWith(".p12", StringComparison.Ordinal) || name is "p256.scrypt.pem" or "p256.md5-des.pem" or "p256.rc2-40.pem") && name is not ("p256.no-password.p12" or "rsa.plain.p12");
        Assert.Equal(isEncrypted ? KeySourceOutcome.PasswordWanted : KeySourceOutcome.Read, KeySource.Read(Content(name), null, out var file, out var fault));
        Assert.Equal(isEncrypted, fault.EndsWith("no password was given", StringComparison.Ordinal));
        Assert.Equal(isEncrypted, file.Certificates.IsEmpty && file.PublicKey.IsEmpty);
        if (!isEncrypted) return;
        Assert.Equal(KeySourceOutcome.PasswordWrong, KeySource.Read(Content(name), [.. "Schlüssel 7"], out file, out fault));
        Assert.Equal("the password is wrong, or the file is damaged", fault);
        Assert.True(file.Certificates.IsEmpty && file.PublicKey.IsEmpty);
    }

    [Theory]
    [InlineData("rsa.old.p12")]
    [InlineData("rsa.plain.p12")]
    [InlineData("ed448.new.p12")]
    public void The_certificate_with_the_key_comes_first_and_its_issuers_behind(string name)
    {
        Assert.Equal(KeySourceOutcome.Read, KeySource.Read(Content(name), Password, out var file, out _));
        Assert.True(CertificateFile.TryReadCertificates(Repository.Corpus("key-sources", "ca.pem"), out var authority, out _));
        Assert.True(CertificateFile.TryReadCertificates(Repository.Corpus("key-sources", name[..name.IndexOf('.', StringComparison.Ordinal)] + ".cert.pem"), out var own, out _));

        Assert.Equal([own[0], authority[0]], file.Certificates);
    }

    [Fact]
    public void A_file_without_a_password_opens_with_an_empty_one_too() =>
        Assert.Equal(KeySourceOutcome.Read, KeySource.Read(Content("p256.no-password.p12"), [], out _, out _));

    [Theory]
    [InlineData("rsa.request.pem")]
    [InlineData("p256.request.pem")]
    [InlineData("ed448.request.pem")]
    public void A_request_with_another_key_put_in_is_refused(string name)
    {
        Assert.True(PemBlock.TryReadAll(Encoding.ASCII.GetString(Content(name)), out var blocks, out _));
        var der = blocks[0].Data.ToArray();
        var key = Encoding.ASCII.GetString(Content(name.Replace("request", "public", StringComparison.Ordinal)));
        Assert.True(PemBlock.TryReadAll(key, out var publicKey, out _));
        var place = der.AsSpan().IndexOf(publicKey[0].Data.Span) + publicKey[0].Data.Length - 20;
        der[place] ^= 1;

        Assert.Equal(KeySourceOutcome.Unfit, KeySource.Read(der, null, out var file, out var fault));
        Assert.Contains("certificate request", fault, StringComparison.Ordinal);
        Assert.True(file.PublicKey.IsEmpty);
    }

    [Fact]
    public void More_rounds_than_a_key_file_needs_are_refused_at_once()
    {
        foreach (var content in (byte[][])[Locked("1.2.840.113549.1.5.12", (PasswordBudget.Maximum / 4) + 1), Locked("1.2.840.113549.1.5.12", 0), Locked("1.3.6.1.4.1.11591.4.11", 1 << 30, 8, 1), Locked("1.3.6.1.4.1.11591.4.11", 16384, 8, 1 << 20), Locked("1.3.6.1.4.1.11591.4.11", 65536, 8, 8)])
        {
            Assert.Equal(KeySourceOutcome.Unfit, KeySource.Read(content, [.. "x"], out _, out var fault));
            Assert.Equal("its password is protected by more rounds than a file is given here", fault);
        }
    }

    [Fact]
    public void All_parts_of_a_file_and_every_try_share_one_budget()
    {
        var budget = new PasswordBudget();
        Assert.True(budget.TrySpend(PasswordBudget.Maximum / 4, 3));
        Assert.False(budget.TrySpend((PasswordBudget.Maximum / 4) + 1, 1));
        Assert.True(budget.TrySpend(PasswordBudget.Maximum / 4, 1));
        Assert.False(budget.TrySpend(1, 1));
        Assert.False(new PasswordBudget().TrySpend(int.MaxValue, long.MaxValue));
        Assert.False(new PasswordBudget().TrySpend(-1, 1));
    }

    [Fact]
    public void A_bundle_with_more_certificates_than_a_chain_has_is_refused()
    {
        Assert.True(CertificateFile.TryReadCertificates(Repository.Corpus("key-sources", "ca.pem"), out var authority, out _));
        AssertUnfit("it holds more than 1000 certificates and keys", Bundle(authority[0].Span, 1001));
        Assert.Equal(KeySourceOutcome.Read, KeySource.Read(Bundle(authority[0].Span, 1000), null, out var file, out _));
        Assert.Equal([authority[0]], file.Certificates);
    }

    /// <summary>To check a private key costs more than in proportion to its length, and a file has room for one of millions of bits.</summary>
    [Fact]
    public void A_private_key_longer_than_any_is_not_looked_at()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(0);
            for (var i = 0; i < 8; i++) writer.WriteIntegerUnsigned(Enumerable.Repeat((byte)0xA7, 1 << 20).ToArray());
        }

        AssertUnfit("it holds a private key that cannot be read, or of a kind that is not known here", writer.Encode());
    }

    [Theory]
    [InlineData("ed25519.key.der")]
    [InlineData("ed448.key.der")]
    public void A_key_of_RFC_8410_has_no_parameters_and_its_exact_length(string name)
    {
        var der = Content(name);
        AssertUnfit("it holds a private key that cannot be read, or of a kind that is not known here", [0x30, (byte)der.Length, .. der[2..6], 0x07, .. der[7..12], 0x05, 0x00, .. der[12..]]);
        byte[] shorter = [.. der[..^1]];
        foreach (var place in (int[])[1, 13, 15]) shorter[place]--;
        AssertUnfit("it holds a private key that cannot be read, or of a kind that is not known here", shorter);
    }

    [Fact]
    public void What_was_never_a_key_says_so()
    {
        AssertUnfit("it holds a private key that is encrypted in a form of OpenSSL's own (Proc-Type: 4,ENCRYPTED)", Content("rsa.proc-type.pem"));
        AssertUnfit("it holds a private key that cannot be read, or of a kind that is not known here", Encoding.ASCII.GetBytes("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n"));
        AssertUnfit("it holds a private key that cannot be read, or of a kind that is not known here", [0x30, 0x0A, 0x02, 0x01, 0x00, 0x30, 0x02, 0x06, 0x00, 0x04, 0x01, 0x00]);
        AssertUnfit("it is neither PEM nor a certificate or public key in DER", Encoding.ASCII.GetBytes("hello"));
        AssertUnfit("it is empty", []);
        AssertUnfit("the block that begins in line 1 is no certificate that can be read", Encoding.ASCII.GetBytes("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n" + Encoding.ASCII.GetString(Content("p256.key.pem"))));
    }

    [Theory]
    [InlineData("ed448.key.der", 1)]
    [InlineData("p256.sec1.der", 1)]
    [InlineData("rsa.pkcs1.der", 16)]
    [InlineData("p256.old.p12", 8)]
    [InlineData("rsa.plain.p12", 16)]
    public void Cut_or_altered_anywhere_nothing_is_thrown_and_half_a_file_is_none(string name, int step)
    {
        var whole = Content(name);
        for (var length = 0; length < whole.Length; length += step)
            Assert.NotEqual(KeySourceOutcome.Read, KeySource.Read(whole.AsMemory(0, length), Password, out _, out _));
        for (var place = 0; place < whole.Length; place += step)
        {
            var altered = (byte[])whole.Clone();
            altered[place] ^= 0x11;
            _ = KeySource.Read(altered, Password, out _, out _);
        }
    }

    [Fact]
    public void The_code_of_a_bundle_covers_all_that_is_in_it()
    {
        var whole = Content("p256.new.p12");
        Assert.Equal(KeySourceOutcome.Read, KeySource.Read(whole, Password, out var sound, out _));
        for (var place = 80; place < whole.Length - 120; place += 31)
        {
            var altered = (byte[])whole.Clone();
            altered[place] ^= 0x01;
            Assert.NotEqual(KeySourceOutcome.Read, KeySource.Read(altered, Password, out var file, out _));
            Assert.NotEqual(sound.Certificates.Length, file.Certificates.Length);
        }
    }

    private static bool IsSource(string name) => name is not ("ca.pem" or "digests.txt" or "make.sh" or "pass.txt" or "rsa.proc-type.pem");

    private static byte[] Content(string name) => File.ReadAllBytes(Repository.Corpus("key-sources", name));

    private static char[] Line(string name) => File.ReadAllText(Repository.Corpus("key-sources", name)).TrimEnd('\n').ToCharArray();

    private static void AssertUnfit(string expected, byte[] content)
    {
        Assert.Equal(KeySourceOutcome.Unfit, KeySource.Read(content, null, out var file, out var fault));
        Assert.Equal(expected, fault);
        Assert.True(file.Certificates.IsEmpty && file.PublicKey.IsEmpty);
    }

    /// <summary>A PKCS #12 file without password or code that holds a certificate some times.</summary>
    private static byte[] Bundle(ReadOnlySpan<byte> certificate, int times)
    {
        var explicit0 = new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true);
        var bags = new AsnWriter(AsnEncodingRules.DER);
        using (bags.PushSequence())
        {
            for (var i = 0; i < times; i++)
            {
                using (bags.PushSequence())
                {
                    bags.WriteObjectIdentifier("1.2.840.113549.1.12.10.1.3");
                    using (bags.PushSequence(explicit0))
                    using (bags.PushSequence())
                    {
                        bags.WriteObjectIdentifier("1.2.840.113549.1.9.22.1");
                        using (bags.PushSequence(explicit0)) bags.WriteOctetString(certificate);
                    }
                }
            }
        }

        var list = new AsnWriter(AsnEncodingRules.DER);
        using (list.PushSequence()) WriteData(list, bags.Encode());
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(3);
            WriteData(writer, list.Encode());
        }

        return writer.Encode();

        void WriteData(AsnWriter to, byte[] octets)
        {
            using (to.PushSequence())
            {
                to.WriteObjectIdentifier("1.2.840.113549.1.7.1");
                using (to.PushSequence(explicit0)) to.WriteOctetString(octets);
            }
        }
    }

    /// <summary>An EncryptedPrivateKeyInfo by PBES2 whose key derivation has these parameters behind its salt.</summary>
    private static byte[] Locked(string derivation, params int[] costs)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier("1.2.840.113549.1.5.13");
                using (writer.PushSequence())
                {
                    using (writer.PushSequence())
                    {
                        writer.WriteObjectIdentifier(derivation);
                        using (writer.PushSequence())
                        {
                            writer.WriteOctetString(new byte[8]);
                            foreach (var cost in costs) writer.WriteInteger(cost);
                        }
                    }

                    using (writer.PushSequence())
                    {
                        writer.WriteObjectIdentifier("2.16.840.1.101.3.4.1.42");
                        writer.WriteOctetString(new byte[16]);
                    }
                }
            }

            writer.WriteOctetString(new byte[64]);
        }

        return writer.Encode();
    }
}
