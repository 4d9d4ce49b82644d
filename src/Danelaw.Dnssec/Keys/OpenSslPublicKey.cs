using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Danelaw.Dnssec.Keys;

/// <summary>A public key in OpenSSL's libcrypto, which verifies signatures over hashes; <see cref="OpenSslKeys"/> makes them.</summary>
/// <remarks>
/// The library's key may be read by many threads, but its context of an operation serves one at a time. One context stands ready; whoever takes it has it alone, and who finds none
/// makes another and frees it after use. Handle and context are freed when the last user is gone, and no sooner: each use holds the handle.
/// </remarks>
[SupportedOSPlatform("linux")]
internal sealed unsafe class OpenSslPublicKey : SafeHandle
{
    /// <summary>The hash that an RSA signature names inside (DigestInfo), an EVP_MD; 0 for a key of a curve.</summary>
    private readonly nint _rsaHash;

    /// <summary>An EVP_PKEY_CTX that is ready to verify and that nobody uses; 0 for none.</summary>
    private nint _context;

    /// <summary>Takes over the key, whatever becomes of it. It can verify nothing before <see cref="TryPrepare"/>.</summary>
    /// <param name="key">An EVP_PKEY.</param>
    /// <param name="rsaHash">For an RSA key the EVP_MD of its algorithm.</param>
    internal OpenSslPublicKey(nint key, nint rsaHash)
        : base(0, ownsHandle: true)
    {
        SetHandle(key);
        _rsaHash = rsaHash;
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>Makes the first context. To be called before anybody else has the key.</summary>
    /// <param name="isChecked">Whether the key is to be checked: that a point is on its curve, has coordinates below the prime, and is not infinity (SP 800-56A §5.6.2.3.4).</param>
    /// <returns>False when the key fails the check, or cannot verify here.</returns>
    internal bool TryPrepare(bool isChecked)
    {
        var context = Libcrypto.EVP_PKEY_CTX_new_from_pkey(0, handle, null);
        var isReady = context != 0 && (!isChecked || Libcrypto.EVP_PKEY_public_check_quick(context) == 1) && TryBegin(context);
        if (isReady) _context = context;
        else Discard(context);
        return isReady;
    }

    /// <summary>Whether the signature over the hash was made by the key's owner.</summary>
    /// <param name="hash">By the hash function of the key's algorithm, no other.</param>
    /// <param name="signature">For RSA as many octets as the modulus has; for ECDSA the DER form of r and s, which callers make themselves.</param>
    internal bool Verify(ReadOnlySpan<byte> hash, ReadOnlySpan<byte> signature)
    {
        var isHeld = false;
        try
        {
            DangerousAddRef(ref isHeld);
            var context = Interlocked.Exchange(ref _context, 0);
            if (context == 0) context = Renew();
            if (context == 0) return false;

            int answer;
            fixed (byte* hashData = hash, signatureData = signature)
                answer = Libcrypto.EVP_PKEY_verify(context, signatureData, (nuint)signature.Length, hashData, (nuint)hash.Length);

            // 1 is the only yes: 0 is a wrong signature, a negative number a fault. After either the context is not used again.
            if (answer != 1)
            {
                Discard(context);
                return false;
            }

            if (Interlocked.CompareExchange(ref _context, context, 0) != 0) Libcrypto.EVP_PKEY_CTX_free(context);
            return true;
        }
        finally
        {
            if (isHeld) DangerousRelease();
        }
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        Libcrypto.EVP_PKEY_CTX_free(_context);
        Libcrypto.EVP_PKEY_free(handle);
        return true;
    }

    /// <summary>Another context, or 0.</summary>
    private nint Renew()
    {
        var context = Libcrypto.EVP_PKEY_CTX_new_from_pkey(0, handle, null);
        if (context != 0 && TryBegin(context)) return context;
        Discard(context);
        return 0;
    }

    private bool TryBegin(nint context) =>
        Libcrypto.EVP_PKEY_verify_init(context) == 1
        && (_rsaHash == 0
            || (Libcrypto.EVP_PKEY_CTX_set_rsa_padding(context, Libcrypto.Pkcs1Padding) == 1
                && Libcrypto.EVP_PKEY_CTX_set_signature_md(context, _rsaHash) == 1));

    /// <summary>Frees what failed. The library's list of errors belongs to the thread, and .NET reads it too: nothing may stay in it.</summary>
    private static void Discard(nint context)
    {
        Libcrypto.EVP_PKEY_CTX_free(context);
        Libcrypto.ERR_clear_error();
    }
}
