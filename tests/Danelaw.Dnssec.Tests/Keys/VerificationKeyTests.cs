using System.Security.Cryptography;
using Danelaw.Dnssec.Keys;

namespace Danelaw.Dnssec.Tests.Keys;

public sealed class VerificationKeyTests
{
    private static readonly byte[] Data = "what was signed"u8.ToArray();

    [Theory, Rfc(6605, "4")]
    [InlineData(13)]
    [InlineData(14)]
    public void What_is_no_point_of_the_curve_is_no_key(int number)
    {
        var (algorithm, curve, _) = Of(number);
        using var key = ECDsa.Create(curve);
        var sound = Field(key);
        var random = new Random(number);
        for (var i = 0; i < 200; i++)
        {
            var field = sound.ToArray();
            field[random.Next(field.Length)] ^= (byte)(1 << random.Next(8));
            Assert.False(VerificationKey.TryImport(algorithm, field, out _));
        }

        // Infinity has no such form; a coordinate not below the prime is none.
        Assert.False(VerificationKey.TryImport(algorithm, new byte[sound.Length], out _));
        Assert.False(VerificationKey.TryImport(algorithm, [.. Enumerable.Repeat((byte)0xFF, sound.Length)], out _));
        Assert.False(VerificationKey.TryImport(algorithm, sound.AsSpan(1), out _));
        Assert.False(VerificationKey.TryImport(algorithm, [.. sound, 0], out _));
        Assert.True(VerificationKey.TryImport(algorithm, sound, out _));
    }

    [Theory, Rfc(6605, "4")]
    [InlineData(13)]
    [InlineData(14)]
    public void A_coordinate_reduced_by_the_prime_is_another_spelling_and_refused(int number)
    {
        // A point whose x is small, so that x + p still fits: found by trial among x = 1, 2, …; the same point must not have two key tags.
        var (algorithm, _, prime) = Of(number);
        var length = EcdsaVerificationKey.CoordinateLength(algorithm);
        var found = 0;
        for (var x = 1; found < 3; x++)
        {
            if (Root(x, prime, number) is not { } y) continue;
            found++;
            byte[] sound = [.. Bytes(x, length), .. Bytes(y, length)];
            Assert.True(VerificationKey.TryImport(algorithm, sound, out _));
            Assert.False(VerificationKey.TryImport(algorithm, [.. Bytes(x + prime, length), .. Bytes(y, length)], out _));
        }

    }

    [Theory, Rfc(6605, "4")]
    [InlineData(13)]
    [InlineData(14)]
    public void A_key_verifies_what_its_owner_signed_and_nothing_else_on_many_threads_at_once(int number)
    {
        var (algorithm, curve, _) = Of(number);
        using var signer = ECDsa.Create(curve);
        var signature = signer.SignData(Data, number == 13 ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA384);
        Assert.True(VerificationKey.TryImport(algorithm, Field(signer), out var key));
        Parallel.For(0, 200, i =>
        {
            var altered = signature.ToArray();
            altered[i % altered.Length] ^= 1;
            Assert.True(key.Verify(Data, signature));
            Assert.False(key.Verify(Data, altered));
            Assert.False(key.Verify("what was not"u8, signature));
        });
    }

    [Fact, Rfc(3110, "2")]
    public void An_RSA_key_verifies_what_its_owner_signed_and_nothing_else()
    {
        using var signer = RSA.Create(2048);
        var parameters = signer.ExportParameters(false);
        var signature = signer.SignData(Data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        Assert.True(VerificationKey.TryImport(SecurityAlgorithm.RsaSha256, RsaPublicKeyFormat.Write(parameters.Exponent, parameters.Modulus), out var key));
        Parallel.For(0, 200, i =>
        {
            var altered = signature.ToArray();
            altered[i % altered.Length] ^= 1;
            Assert.True(key.Verify(Data, signature));
            Assert.False(key.Verify(Data, altered));
        });
    }

    [Fact]
    public void On_Linux_keys_come_the_quick_way()
    {
        if (!OperatingSystem.IsLinux()) return;
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var rsa = RSA.Create(1024);
        var numbers = rsa.ExportParameters(false);
        using var point = OpenSslKeys.MakePoint(SecurityAlgorithm.EcdsaP256Sha256, [4, .. Field(ecdsa)]);
        using var key = OpenSslKeys.MakeRsa(numbers.Modulus, numbers.Exponent, "SHA256\0"u8);
        Assert.NotNull(point);
        Assert.NotNull(key);
    }

    private static (SecurityAlgorithm Algorithm, ECCurve Curve, System.Numerics.BigInteger Prime) Of(int number)
    {
        var one = System.Numerics.BigInteger.One;
        return number == 13
            ? (SecurityAlgorithm.EcdsaP256Sha256, ECCurve.NamedCurves.nistP256, (one << 256) - (one << 224) + (one << 192) + (one << 96) - one)
            : (SecurityAlgorithm.EcdsaP384Sha384, ECCurve.NamedCurves.nistP384, (one << 384) - (one << 128) - (one << 96) + (one << 32) - one);
    }

    /// <summary>The y of a point with this x, if there is one: both primes are 3 modulo 4.</summary>
    private static System.Numerics.BigInteger? Root(int x, System.Numerics.BigInteger prime, int number)
    {
        var b = System.Numerics.BigInteger.Parse(
            number == 13 ? "05ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b" : "0b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef",
            System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture);
        var square = ((System.Numerics.BigInteger.Pow(x, 3) - (3 * x) + b) % prime + prime) % prime;
        var y = System.Numerics.BigInteger.ModPow(square, (prime + 1) / 4, prime);
        return y * y % prime == square ? y : null;
    }

    private static byte[] Bytes(System.Numerics.BigInteger number, int length)
    {
        var bytes = number.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[length - bytes.Length], .. bytes];
    }

    private static byte[] Field(ECDsa key)
    {
        var point = key.ExportParameters(false).Q;
        return [.. point.X!, .. point.Y!];
    }
}
