using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Operator.Publishing.Secrets;
using Danelaw.Testing.Peers;

namespace Danelaw.Operator.Tests.Publishing;

public sealed class SecretTests : IDisposable
{
    private const string Base64 = "kp4/24gyYsEzbuTVJRUMoqGFmN3LYgVDzJ/3oRSP7ys=";

    private const string Strokes = "//4/24gyYsEz//TVJRUMoqGFmN3LYgVDzJ/3oRSP//s=";

    private readonly TestFolder _folder = new("secrets");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("key \"update-key\" {\n\talgorithm hmac-sha512;\n\tsecret \"" + Base64 + "\";\n};\n", "update-key.", TsigAlgorithm.HmacSha512)]
    [InlineData("/* made today */ key update-key. { secret " + Base64 + "; algorithm \"hmac-sha256\"; }; // end\n", "update-key.", TsigAlgorithm.HmacSha256)]
    [InlineData("# hmac-sha384:update-key:" + Base64 + "\nkey:\n  - id: update-key\n    algorithm: hmac-sha384\n    secret: " + Base64 + "\n", "update-key.", TsigAlgorithm.HmacSha384)]
    [InlineData("update-key. hmac-sha256. " + Base64 + "\n", "update-key.", TsigAlgorithm.HmacSha256)]
    [InlineData("hmac-sha512:update-key:" + Base64, "update-key.", TsigAlgorithm.HmacSha512)]
    [InlineData("update-key:" + Base64 + "\n", "update-key.", TsigAlgorithm.HmacSha256)]
    public void A_key_is_read_as_programs_write_it(string text, string name, TsigAlgorithm algorithm)
    {
        Assert.True(TsigKeyText.TryRead(text, out var key, out var fault), fault);
        Assert.Equal((name, algorithm), (key.Name.ToString(), key.Algorithm));
    }

    /// <summary>One key in a hundred has two strokes side by side.</summary>
    [Theory]
    [InlineData("key \"k\" { algorithm hmac-sha256; secret \"" + Strokes + "\"; };")]
    [InlineData("key k {\n\talgorithm hmac-sha256;\n\tsecret " + Strokes + ";\n};\n")]
    [InlineData("key k { secret " + Strokes + "; algorithm hmac-sha256; };")]
    [InlineData("key k { // made \"today\n\talgorithm hmac-sha256;// secret \"AAAA\";\n\t/* secret AAAA; */ secret \"" + Strokes + "\";// end\n};\n")]
    [InlineData("key k { secret // which\n \"" + Strokes + "\"; algorithm \"hmac-sha256\"; };")]
    [InlineData("key:\n- id: k\n  algorithm: hmac-sha256\n  secret: " + Strokes + "\n")]
    [InlineData("hmac-sha256:k:" + Strokes)]
    public void A_secret_with_the_signs_of_a_comment_is_read_whole(string text)
    {
        Assert.True(TsigKeyText.TryRead(text, out var key, out var fault), fault);
        Assert.True(IsKey(Convert.FromBase64String(Strokes), key));
    }

    [Fact]
    public void Whatever_the_secret_it_is_read_quoted_and_not()
    {
        var random = new Random(1);
        for (var i = 0; i < 1000; i++)
        {
            var octets = new byte[random.Next(16, 65)];
            random.NextBytes(octets);
            var secret = Convert.ToBase64String(octets);
            foreach (var form in new[] { $"secret \"{secret}\";", $"secret {secret};" })
            {
                Assert.True(TsigKeyText.TryRead($"key \"k\" {{\n\talgorithm hmac-sha256;\n\t{form}\n}};\n", out var key, out var fault), $"{form} {fault}");
                Assert.True(IsKey(octets, key), form);
            }
        }
    }

    /// <summary>A secret cannot be read back: whoever signs alike has the same.</summary>
    private static bool IsKey(byte[] secret, TsigKey key)
    {
        static byte[] Sign(TsigKey key) => new TsigSigner(key).Sign(new byte[12], DateTimeOffset.UnixEpoch);
        return Sign(new(DomainName.Parse("k."), TsigAlgorithm.HmacSha256, secret)).AsSpan().SequenceEqual(Sign(key));
    }

    [Theory]
    [InlineData("", "no TSIG key")]
    [InlineData("key a { algorithm hmac-sha256; secret \"AAAA\"; }; key b { algorithm hmac-sha256; secret \"AAAA\"; };", "more than one")]
    [InlineData("key a { algorithm hmac-md5; secret \"AAAA\"; };", "hmac-md5 must not be used")]
    [InlineData("key a { algorithm hmac-sha256; secret \"not-base-64!\"; };", "not in base 64")]
    [InlineData("hmac-sha256:a..b:AAAA", "no domain name")]
    public void A_text_that_is_no_key_is_told_and_never_shown(string text, string fault)
    {
        Assert.False(TsigKeyText.TryRead(text, out _, out var told));
        Assert.Contains(fault, told, StringComparison.Ordinal);
        Assert.DoesNotContain("not-base-64", told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0b110_000_000, true)]
    [InlineData(0b110_100_000, true)]
    [InlineData(0b110_110_000, false)]
    [InlineData(0b110_000_100, false)]
    [InlineData(0b110_000_010, false)]
    public void A_file_that_others_may_read_or_change_is_refused(int mode, bool isTaken)
    {
        var file = _folder.Write("secret", "hidden");
        TestFolder.SetMode(file, mode);

        Assert.Equal(isTaken, SecretText.TryRead(file, _ => null, out var text, out var fault));
        Assert.Equal(isTaken ? "hidden" : "", text);
        Assert.DoesNotContain("hidden", fault, StringComparison.Ordinal);
        Assert.Equal(!isTaken, fault.Contains("chmod", StringComparison.Ordinal));
    }

    [Fact]
    public void A_secret_may_come_from_the_environment_and_one_that_is_not_there_is_told()
    {
        Assert.True(SecretText.TryRead("env:KEY", name => name == "KEY" ? "hidden" : null, out var text, out _));
        Assert.Equal("hidden", text);
        Assert.False(SecretText.TryRead("env:OTHER", _ => null, out _, out var fault));
        Assert.Equal("the environment variable OTHER is not set", fault);
        Assert.False(SecretText.TryRead(_folder.Root + "/none", _ => null, out _, out fault));
        Assert.EndsWith("there is no such file", fault, StringComparison.Ordinal);
    }
}
