using System.Runtime.Versioning;

namespace Danelaw.Dnssec.Keys;

/// <summary>
/// Makes public keys by OpenSSL's libcrypto without the proof that n·Q is infinity, which .NET's import demands and which costs more than verifying a signature (P-256)
/// or as much as one (P-384). On curves of cofactor 1 every point but infinity has that order, so the quick check, which is made here, says all (SP 800-56A §5.6.2.3.4).
/// </summary>
/// <remarks>Where .NET runs on another library, or another version of this one, nothing is made and the caller imports the ordinary way.</remarks>
[SupportedOSPlatform("linux")]
internal static unsafe class OpenSslKeys
{
    /// <summary>Keys without a point: what a curve costs to set up is three times what copying it costs. Never changed, never freed.</summary>
    private static readonly nint P256 = MakeCurve("P-256\0"u8), P384 = MakeCurve("P-384\0"u8);

    /// <summary>A point of P-256 (13) or P-384 (14), whose cofactor is 1.</summary>
    /// <param name="algorithm">Which of the two.</param>
    /// <param name="point">0x04, x and y, each as long as the prime.</param>
    /// <returns>Null when it is no such point, or cannot be made here.</returns>
    internal static OpenSslPublicKey? MakePoint(SecurityAlgorithm algorithm, ReadOnlySpan<byte> point)
    {
        var (curve, length) = algorithm == SecurityAlgorithm.EcdsaP256Sha256 ? (P256, 65) : (P384, 97);
        // The library would also read points that are compressed, hybrid, or infinity.
        if (curve == 0 || point.Length != length || point[0] != 0x04) return null;

        var key = Libcrypto.EVP_PKEY_dup(curve);
        var isSet = false;
        fixed (byte* data = point) isSet = key != 0 && Libcrypto.EVP_PKEY_set1_encoded_public_key(key, data, (nuint)point.Length) == 1;
        return Finish(key, isSet, rsaHash: 0);
    }

    /// <summary>An RSA key.</summary>
    /// <param name="modulus">Big-endian.</param>
    /// <param name="exponent">Big-endian.</param>
    /// <param name="hash">The name of its algorithm's hash, as a C string.</param>
    /// <returns>Null when it cannot be made here, or the hash is not to be had.</returns>
    internal static OpenSslPublicKey? MakeRsa(ReadOnlySpan<byte> modulus, ReadOnlySpan<byte> exponent, ReadOnlySpan<byte> hash)
    {
        if (!Libcrypto.IsAvailable) return null;
        nint signed;
        fixed (byte* name = hash) signed = Libcrypto.EVP_get_digestbyname(name);
        if (signed == 0) return null;

        // Numbers of OSSL_PARAM stand in the machine's order.
        Span<byte> n = stackalloc byte[modulus.Length], e = stackalloc byte[exponent.Length];
        modulus.CopyTo(n);
        exponent.CopyTo(e);
        if (BitConverter.IsLittleEndian)
        {
            n.Reverse();
            e.Reverse();
        }

        nint key = 0;
        var isMade = false;
        fixed (byte* modulusName = "n\0"u8, exponentName = "e\0"u8, modulusData = n, exponentData = e)
        {
            var parameters = stackalloc Libcrypto.Parameter[3];
            parameters[0] = new(modulusName, Libcrypto.UnsignedInteger, modulusData, (nuint)n.Length);
            parameters[1] = new(exponentName, Libcrypto.UnsignedInteger, exponentData, (nuint)e.Length);
            parameters[2] = default;
            isMade = TryMake("RSA\0"u8, Libcrypto.PublicKeySelection, parameters, out key);
        }

        return Finish(key, isMade, signed);
    }

    private static OpenSslPublicKey? Finish(nint key, bool isMade, nint rsaHash)
    {
        var made = new OpenSslPublicKey(key, rsaHash);
        // The library's check of an RSA key looks for small factors of the modulus and costs a hundred verifications; a zone with a weak key harms none but itself.
        if (isMade && made.TryPrepare(isChecked: rsaHash == 0)) return made;
        made.Dispose();
        Libcrypto.ERR_clear_error();
        return null;
    }

    private static nint MakeCurve(ReadOnlySpan<byte> name)
    {
        if (!Libcrypto.IsAvailable) return 0;
        fixed (byte* group = "group\0"u8, data = name)
        {
            var parameters = stackalloc Libcrypto.Parameter[2];
            parameters[0] = new(group, Libcrypto.Utf8String, data, (nuint)name.Length - 1);
            parameters[1] = default;
            if (TryMake("EC\0"u8, Libcrypto.ParametersSelection, parameters, out var key)) return key;
            Libcrypto.EVP_PKEY_free(key);
            Libcrypto.ERR_clear_error();
            return 0;
        }
    }

    /// <summary>The key is the caller's, also when false says that it is not whole; 0 for none.</summary>
    private static bool TryMake(ReadOnlySpan<byte> type, int selection, Libcrypto.Parameter* parameters, out nint key)
    {
        nint made = 0, context;
        fixed (byte* name = type) context = Libcrypto.EVP_PKEY_CTX_new_from_name(0, name, null);
        var isMade = context != 0
            && Libcrypto.EVP_PKEY_fromdata_init(context) == 1
            && Libcrypto.EVP_PKEY_fromdata(context, &made, selection, parameters) == 1;
        Libcrypto.EVP_PKEY_CTX_free(context);
        key = made;
        return isMade && made != 0;
    }
}
