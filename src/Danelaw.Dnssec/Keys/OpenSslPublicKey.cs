using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Cryptography;

namespace Danelaw.Dnssec.Keys;

/// <summary>
/// Public keys made by OpenSSL's libcrypto without the proof that n·Q is infinity, which .NET's import demands and which costs more than verifying a signature (P-256)
/// or as much as one (P-384). On curves of cofactor 1 every point but infinity has that order, so the quick check, which is made here, says all (SP 800-56A §5.6.2.3.4).
/// </summary>
/// <remarks>Where .NET runs on another library, or another version of this one, nothing is made and the caller imports the ordinary way.</remarks>
[SupportedOSPlatform("linux")]
internal static unsafe partial class OpenSslPublicKey
{
    private const string Library = "libcrypto.so.3";

    /// <summary>EVP_PKEY_PUBLIC_KEY: the parameters and the public part.</summary>
    private const int PublicKeySelection = 0x86;

    /// <summary>OSSL_PARAM's types, and its mark for a size that nobody has set.</summary>
    private const uint UnsignedInteger = 2, Utf8String = 4, OctetString = 5;
    private static readonly nuint Unmodified = nuint.MaxValue;

    private static readonly bool IsAvailable = IsLibraryOfRuntime();

    /// <summary>A point of a named curve.</summary>
    /// <param name="group">The name as a C string: <c>P-256</c> or <c>P-384</c>, whose cofactor is 1.</param>
    /// <param name="point">0x04, x and y.</param>
    /// <returns>Null when it is no such point, or cannot be made here.</returns>
    internal static SafeEvpPKeyHandle? MakePoint(ReadOnlySpan<byte> group, ReadOnlySpan<byte> point)
    {
        if (!IsAvailable) return null;
        fixed (byte* groupName = "group\0"u8, pointName = "pub\0"u8, groupData = group, pointData = point)
        {
            var parameters = stackalloc Parameter[3];
            parameters[0] = new(groupName, Utf8String, groupData, (nuint)group.Length - 1);
            parameters[1] = new(pointName, OctetString, pointData, (nuint)point.Length);
            parameters[2] = default;
            return Make("EC\0"u8, parameters, isChecked: true);
        }
    }

    /// <summary>An RSA key.</summary>
    /// <param name="modulus">Big-endian.</param>
    /// <param name="exponent">Big-endian.</param>
    /// <returns>Null when it cannot be made here.</returns>
    internal static SafeEvpPKeyHandle? MakeRsa(ReadOnlySpan<byte> modulus, ReadOnlySpan<byte> exponent)
    {
        if (!IsAvailable) return null;

        // Numbers of OSSL_PARAM stand in the machine's order.
        Span<byte> n = stackalloc byte[modulus.Length], e = stackalloc byte[exponent.Length];
        modulus.CopyTo(n);
        exponent.CopyTo(e);
        if (BitConverter.IsLittleEndian)
        {
            n.Reverse();
            e.Reverse();
        }

        fixed (byte* modulusName = "n\0"u8, exponentName = "e\0"u8, modulusData = n, exponentData = e)
        {
            var parameters = stackalloc Parameter[3];
            parameters[0] = new(modulusName, UnsignedInteger, modulusData, (nuint)n.Length);
            parameters[1] = new(exponentName, UnsignedInteger, exponentData, (nuint)e.Length);
            parameters[2] = default;
            // The library's check of an RSA key looks for small factors of the modulus and costs a hundred verifications; a zone with a weak key harms none but itself.
            return Make("RSA\0"u8, parameters, isChecked: false);
        }
    }

    private static SafeEvpPKeyHandle? Make(ReadOnlySpan<byte> type, Parameter* parameters, bool isChecked)
    {
        nint key = 0, context, checking = 0;
        var isSound = false;
        fixed (byte* name = type) context = EVP_PKEY_CTX_new_from_name(0, name, null);
        try
        {
            isSound = context != 0
                && EVP_PKEY_fromdata_init(context) == 1
                && EVP_PKEY_fromdata(context, &key, PublicKeySelection, parameters) == 1
                && (!isChecked || ((checking = EVP_PKEY_CTX_new_from_pkey(0, key, null)) != 0 && EVP_PKEY_public_check_quick(checking) == 1));
            return isSound ? new SafeEvpPKeyHandle(key, ownsHandle: true) : null;
        }
        finally
        {
            if (!isSound)
            {
                EVP_PKEY_free(key);
                ERR_clear_error();
            }

            EVP_PKEY_CTX_free(checking);
            EVP_PKEY_CTX_free(context);
        }
    }

    /// <summary>A key must not go from one library to another: both sides have to run on the same one.</summary>
    private static bool IsLibraryOfRuntime()
    {
        if (!NativeLibrary.TryLoad(Library, out _)) return false;
        try
        {
            return SafeEvpPKeyHandle.OpenSslVersion == (long)OpenSSL_version_num();
        }
        catch (Exception fault) when (fault is DllNotFoundException or EntryPointNotFoundException or PlatformNotSupportedException or TypeInitializationException)
        {
            return false;
        }
    }

#pragma warning disable SA1300, IDE1006 // The library's own names.
    [LibraryImport(Library)]
    private static partial nuint OpenSSL_version_num();

    [LibraryImport(Library)]
    private static partial nint EVP_PKEY_CTX_new_from_name(nint library, byte* name, byte* properties);

    [LibraryImport(Library)]
    private static partial nint EVP_PKEY_CTX_new_from_pkey(nint library, nint key, byte* properties);

    [LibraryImport(Library)]
    private static partial int EVP_PKEY_fromdata_init(nint context);

    [LibraryImport(Library)]
    private static partial int EVP_PKEY_fromdata(nint context, nint* key, int selection, Parameter* parameters);

    [LibraryImport(Library)]
    private static partial int EVP_PKEY_public_check_quick(nint context);

    [LibraryImport(Library)]
    private static partial void EVP_PKEY_CTX_free(nint context);

    [LibraryImport(Library)]
    private static partial void EVP_PKEY_free(nint key);

    [LibraryImport(Library)]
    private static partial void ERR_clear_error();
#pragma warning restore SA1300, IDE1006

    /// <summary>OSSL_PARAM.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Parameter(byte* key, uint type, byte* data, nuint size)
    {
        private readonly byte* _key = key;
        private readonly uint _type = type;
        private readonly byte* _data = data;
        private readonly nuint _size = size;
        private readonly nuint _returned = Unmodified;
    }
}
