using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Cryptography;

namespace Danelaw.Dnssec.Keys;

/// <summary>The functions of OpenSSL's libcrypto that a public key is made by and verifies with. Each answers 1 for yes; every other number is a no.</summary>
[SupportedOSPlatform("linux")]
[SuppressMessage("StyleCop.CSharp.NamingRules", "SA1300", Justification = "The library's own names.")]
[SuppressMessage("Style", "IDE1006", Justification = "The library's own names.")]
internal static unsafe partial class Libcrypto
{
    /// <summary>EVP_PKEY_KEY_PARAMETERS: the curve alone; EVP_PKEY_PUBLIC_KEY: that and the public part.</summary>
    internal const int ParametersSelection = 0x84, PublicKeySelection = 0x86;

    /// <summary>RSA_PKCS1_PADDING.</summary>
    internal const int Pkcs1Padding = 1;

    /// <summary>OSSL_PARAM's types.</summary>
    internal const uint UnsignedInteger = 2, Utf8String = 4, OctetString = 5;

    private const string Library = "libcrypto.so.3";

    /// <summary>
    /// Whether this very library is the one that .NET runs on. .NET then has set it up already: not to clean up when the process ends, while other threads may still verify,
    /// and by the machine's configuration.
    /// </summary>
    internal static bool IsAvailable { get; } = IsLibraryOfRuntime();

    [LibraryImport(Library)]
    internal static partial nint EVP_PKEY_CTX_new_from_name(nint library, byte* name, byte* properties);

    [LibraryImport(Library)]
    internal static partial nint EVP_PKEY_CTX_new_from_pkey(nint library, nint key, byte* properties);

    [LibraryImport(Library)]
    internal static partial void EVP_PKEY_CTX_free(nint context);

    [LibraryImport(Library)]
    internal static partial int EVP_PKEY_fromdata_init(nint context);

    [LibraryImport(Library)]
    internal static partial int EVP_PKEY_fromdata(nint context, nint* key, int selection, Parameter* parameters);

    [LibraryImport(Library)]
    internal static partial nint EVP_PKEY_dup(nint key);

    [LibraryImport(Library)]
    internal static partial int EVP_PKEY_set1_encoded_public_key(nint key, byte* point, nuint length);

    [LibraryImport(Library)]
    internal static partial int EVP_PKEY_public_check_quick(nint context);

    [LibraryImport(Library)]
    internal static partial void EVP_PKEY_free(nint key);

    [LibraryImport(Library)]
    internal static partial int EVP_PKEY_verify_init(nint context);

    [LibraryImport(Library)]
    internal static partial int EVP_PKEY_CTX_set_rsa_padding(nint context, int padding);

    [LibraryImport(Library)]
    internal static partial int EVP_PKEY_CTX_set_signature_md(nint context, nint hash);

    [LibraryImport(Library)]
    internal static partial int EVP_PKEY_verify(nint context, byte* signature, nuint signatureLength, byte* hash, nuint hashLength);

    /// <summary>Null for a hash that the library does not know. What it gives is the library's own and never freed.</summary>
    [LibraryImport(Library)]
    internal static partial nint EVP_get_digestbyname(byte* name);

    [LibraryImport(Library)]
    internal static partial void ERR_clear_error();

    [LibraryImport(Library)]
    private static partial nuint OpenSSL_version_num();

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

    /// <summary>OSSL_PARAM.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal readonly struct Parameter(byte* key, uint type, byte* data, nuint size)
    {
        private readonly byte* _key = key;
        private readonly uint _type = type;
        private readonly byte* _data = data;
        private readonly nuint _size = size;

        /// <summary>The mark for a size that nobody has set.</summary>
        private readonly nuint _returned = nuint.MaxValue;
    }
}
