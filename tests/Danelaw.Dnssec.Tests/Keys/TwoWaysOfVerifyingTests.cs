using System.Numerics;
using System.Security.Cryptography;
using Danelaw.Dnssec.Keys;

namespace Danelaw.Dnssec.Tests.Keys;

/// <summary>Keys that libcrypto verifies with itself, and keys that .NET does: the same is accepted, and it is what the RFCs say.</summary>
public sealed class TwoWaysOfVerifyingTests
{
    private static readonly byte[] Data = "what was signed"u8.ToArray();

    private static readonly BigInteger OrderOfP256 = Number("00ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
    private static readonly BigInteger OrderOfP384 = Number("00ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973");

    [Theory, Rfc(6605, "4")]
    [InlineData(13)]
    [InlineData(14)]
    public void ECDSA_accepts_the_owners_signature_and_its_mirror_and_no_other(int number)
    {
        var (key, sound) = Ecdsa(number);
        var half = sound.Length / 2;
        var order = number == 13 ? OrderOfP256 : OrderOfP384;
        var (r, s) = (Number(sound[..half]), Number(sound[half..]));
        byte[] Make(BigInteger first, BigInteger second) => [.. Octets(first, half), .. Octets(second, half)];

        Agree(true, key, sound);
        // n − s is as good as s: that is how ECDSA is.
        Agree(true, key, Make(r, order - s));
        foreach (var wrong in new[] { Make(0, s), Make(r, 0), Make(0, 0), Make(order, s), Make(r, order), Make(1, 1), Make(order - 1, order - 1), Make(s, r) }) Agree(false, key, wrong);
        Agree(false, key, [.. Enumerable.Repeat((byte)0xFF, sound.Length)]);
        // The same numbers written in another way are another number modulo the order, or too long.
        if (r + order < BigInteger.Pow(2, 8 * half)) Agree(false, key, Make(r + order, s));
        AgreeOnAlterations(key, sound);
    }

    [Theory, Rfc(6605, "4")]
    [InlineData(13)]
    [InlineData(14)]
    public void ECDSA_numbers_with_leading_zeros_are_as_good_as_others(int number)
    {
        // One signature in 256 has an r, and one an s, that begins with a zero octet; their DER form is shorter.
        var algorithm = (SecurityAlgorithm)number;
        using var signer = ECDsa.Create(EcdsaVerificationKey.Curve(algorithm));
        var keys = Both(algorithm, Field(signer));
        var (shortR, shortS) = (0, 0);
        for (var i = 0; shortR == 0 || shortS == 0; i++)
        {
            var hash = SHA384.HashData(BitConverter.GetBytes(i));
            var signature = signer.SignData(hash, number == 13 ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA384);
            var (isShortR, isShortS) = (signature[0] == 0, signature[signature.Length / 2] == 0);
            if (!isShortR && !isShortS) continue;
            foreach (var key in keys) Assert.True(key.Verify(hash, signature));
            if (isShortR) shortR++;
            if (isShortS) shortS++;
        }
    }

    [Theory, Rfc(3110, "3"), Rfc(5702, "3"), Rfc(8017, "8.2.2")]
    [InlineData(5, 512)]
    [InlineData(7, 1024)]
    [InlineData(8, 1024)]
    [InlineData(8, 2048)]
    [InlineData(8, 4096)]
    [InlineData(10, 1024)]
    public void RSA_accepts_the_one_encoding_of_the_algorithms_own_hash_and_no_other(int number, int bits)
    {
        var algorithm = (SecurityAlgorithm)number;
        using var signer = RSA.Create(bits);
        var numbers = signer.ExportParameters(true);
        var keys = Both(algorithm, RsaPublicKeyFormat.Write(numbers.Exponent, numbers.Modulus));
        var length = bits / 8;
        var (modulus, secret) = (Number(numbers.Modulus!), Number(numbers.D!));
        byte[] Sign(byte[] encoded) => Octets(BigInteger.ModPow(Number(encoded), secret, modulus), length);

        var info = DigestInfo(number);
        var sound = Sign(Encode(length, info));
        Agree(true, keys, sound);
        Agree(false, keys, Sign(Encode(length, DigestInfo(number == 8 ? 5 : 8))));
        // The parameters left out; a hash cut short; octets behind it; no padding; padding of another kind; a first octet that is not zero.
        Agree(false, keys, Sign(Encode(length, WithoutParameters(info))));
        Agree(false, keys, Sign(Encode(length, info[..^1])));
        Agree(false, keys, Sign([.. Encode(length - 4, info), 1, 2, 3, 4]));
        Agree(false, keys, Sign([.. new byte[length - info.Length], .. info]));
        Agree(false, keys, Sign([0, 2, .. Enumerable.Repeat((byte)0xFF, length - info.Length - 3), 0, .. info]));
        Agree(false, keys, Sign([0, 1, .. Enumerable.Repeat((byte)0xFE, length - info.Length - 3), 0, .. info]));
        Agree(false, keys, new byte[length]);
        Agree(false, keys, [.. Enumerable.Repeat((byte)0xFF, length)]);
        Agree(false, keys, Octets(1, length));
        Agree(false, keys, Octets(modulus - 1, length));
        // The same signature as another number modulo the modulus.
        if (Number(sound) + modulus < BigInteger.Pow(2, bits)) Agree(false, keys, Octets(Number(sound) + modulus, length));
        AgreeOnAlterations(keys, sound);
    }

    [Fact, Rfc(8017, "8.2.2")]
    public void A_cube_that_only_begins_like_a_signature_is_none()
    {
        // Bleichenbacher 2006: with exponent 3 anybody finds a number whose cube begins with padding and hash, and has rubbish behind.
        const int Length = 384;
        var modulus = (BigInteger.One << (8 * Length)) - 1;
        var keys = Both(SecurityAlgorithm.RsaSha256, RsaPublicKeyFormat.Write([3], Octets(modulus, Length)));
        byte[] wanted = [0, 1, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, .. DigestInfo(8)];
        var forged = Octets(CubeRoot(Number([.. wanted, .. Enumerable.Repeat((byte)0xFF, Length - wanted.Length)])), Length);
        Assert.Equal(wanted, Octets(BigInteger.ModPow(Number(forged), 3, modulus), Length)[..wanted.Length]);
        Agree(false, keys, forged);
    }

    [Theory, Rfc(3110, "2"), Rfc(5702, "2")]
    [InlineData(8, 504, 65537, false)]
    [InlineData(8, 512, 65537, true)]
    [InlineData(8, 4096, 65537, true)]
    [InlineData(8, 4104, 65537, false)]
    [InlineData(10, 1016, 65537, false)]
    [InlineData(10, 1024, 65537, true)]
    [InlineData(8, 1024, 1, false)]
    [InlineData(8, 1024, 3, true)]
    [InlineData(8, 1024, 65536, false)]
    [InlineData(8, 1024, ulong.MaxValue, true)]
    [InlineData(8, 4096, ulong.MaxValue, true)]
    public void The_limits_of_RSA_keys_are_the_same_both_ways(int number, int bits, ulong exponent, bool isKey)
    {
        var algorithm = (SecurityAlgorithm)number;
        var field = RsaPublicKeyFormat.Write(Octets(exponent, 8), Octets((BigInteger.One << bits) - 1, bits / 8));
        Assert.Equal(isKey, RsaVerificationKey.ImportOrdinarily(algorithm, field) is not null);
        Assert.Equal(isKey && OperatingSystem.IsLinux(), RsaVerificationKey.ImportQuickly(algorithm, field) is not null);
        Assert.Equal(isKey, VerificationKey.TryImport(algorithm, field, out _));
        // An exponent of nine octets, an even modulus.
        Assert.False(VerificationKey.TryImport(algorithm, RsaPublicKeyFormat.Write([1, .. Octets(exponent, 8)], Octets((BigInteger.One << bits) - 1, bits / 8)), out _));
        Assert.False(VerificationKey.TryImport(algorithm, RsaPublicKeyFormat.Write(Octets(exponent, 8), Octets((BigInteger.One << bits) - 2, bits / 8)), out _));
    }

    [Theory]
    [InlineData(8)]
    [InlineData(13)]
    [InlineData(14)]
    public void Many_threads_make_keys_and_verify_with_one_that_is_dropped_at_once(int number)
    {
        var algorithm = (SecurityAlgorithm)number;
        var signer = Danelaw.Dnssec.Signing.SigningKey.Generate(algorithm);
        var signature = signer.Sign(Data);
        byte[] altered = [.. signature[..^1], (byte)(signature[^1] ^ 1)];
        var field = signer.PublicKey.Span.ToArray();
        Parallel.For(0, 64, _ =>
        {
            Assert.True(VerificationKey.TryImport(algorithm, field, out var key));
            Parallel.For(0, 8, turn => Assert.Equal(turn % 2 == 0, key.Verify(Data, turn % 2 == 0 ? signature : altered)));
        });
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.True(VerificationKey.TryImport(algorithm, field, out var last));
        Assert.True(last.Verify(Data, signature));
    }

    private static (VerificationKey[] Keys, byte[] Signature) Ecdsa(int number)
    {
        var algorithm = (SecurityAlgorithm)number;
        using var signer = ECDsa.Create(EcdsaVerificationKey.Curve(algorithm));
        return (Both(algorithm, Field(signer)), signer.SignData(Data, number == 13 ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA384));
    }

    private static VerificationKey[] Both(SecurityAlgorithm algorithm, byte[] field)
    {
        VerificationKey?[] keys = algorithm is SecurityAlgorithm.EcdsaP256Sha256 or SecurityAlgorithm.EcdsaP384Sha384
            ? [EcdsaVerificationKey.ImportQuickly(algorithm, field), EcdsaVerificationKey.ImportOrdinarily(algorithm, field)]
            : [RsaVerificationKey.ImportQuickly(algorithm, field), RsaVerificationKey.ImportOrdinarily(algorithm, field)];
        Assert.Equal(OperatingSystem.IsLinux(), keys[0] is not null);
        Assert.NotNull(keys[1]);
        return [.. keys.OfType<VerificationKey>()];
    }

    private static void Agree(bool expected, VerificationKey[] keys, byte[] signature)
    {
        foreach (var key in keys) Assert.Equal(expected, key.Verify(Data, signature));
    }

    private static void AgreeOnAlterations(VerificationKey[] keys, byte[] sound)
    {
        for (var i = 0; i < sound.Length; i++)
        {
            var altered = sound.ToArray();
            altered[i] ^= (byte)(1 << (i % 8));
            Agree(false, keys, altered);
            Agree(false, keys, sound[..i]);
        }

        Agree(false, keys, [.. sound, 0]);
        Agree(false, keys, [0, .. sound]);
        Agree(false, keys, [.. sound, .. sound]);
        Agree(false, keys, new byte[65535]);
        foreach (var key in keys) Assert.False(key.Verify("what was not"u8, sound));
        // Nothing that failed spoils what comes after it.
        Agree(true, keys, sound);
    }

    private static byte[] Encode(int length, byte[] info) => [0, 1, .. Enumerable.Repeat((byte)0xFF, length - info.Length - 3), 0, .. info];

    /// <summary>RFC 8017 §9.2, note 1.</summary>
    private static byte[] DigestInfo(int number) => number switch
    {
#pragma warning disable CA5350 // Two of the algorithms are of SHA-1.
        5 or 7 => [.. Convert.FromHexString("3021300906052b0e03021a05000414"), .. SHA1.HashData(Data)],
#pragma warning restore CA5350
        8 => [.. Convert.FromHexString("3031300d060960864801650304020105000420"), .. SHA256.HashData(Data)],
        _ => [.. Convert.FromHexString("3051300d060960864801650304020305000440"), .. SHA512.HashData(Data)],
    };

    /// <summary>The same without the NULL behind the name of the hash.</summary>
    private static byte[] WithoutParameters(byte[] info)
    {
        var name = info[3] - 2;
        return [info[0], (byte)(info[1] - 2), info[2], (byte)name, .. info[4..(4 + name)], .. info[(6 + name)..]];
    }

    private static BigInteger CubeRoot(BigInteger cube)
    {
        var (low, high) = (BigInteger.Zero, BigInteger.One << ((int)cube.GetBitLength() / 3 + 1));
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (middle * middle * middle <= cube) low = middle;
            else high = middle - 1;
        }

        return low;
    }

    private static BigInteger Number(string hex) => BigInteger.Parse(hex, System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture);

    private static BigInteger Number(byte[] octets) => new(octets, isUnsigned: true, isBigEndian: true);

    private static byte[] Octets(BigInteger number, int length)
    {
        var octets = number.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[length - octets.Length], .. octets];
    }

    private static byte[] Field(ECDsa key)
    {
        var point = key.ExportParameters(false).Q;
        return [.. point.X!, .. point.Y!];
    }
}
