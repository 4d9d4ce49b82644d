namespace Danelaw.Certificates;

/// <summary>What checking a certificate's signature with a key gave. Closed.</summary>
internal enum SignatureCheck
{
    /// <summary>It was not checked: the limit of work was reached.</summary>
    NotChecked = 0,

    /// <summary>The key did not make the signature, or one of them cannot be read.</summary>
    Invalid,

    /// <summary>The algorithm, curve or size is not known here, so nothing was proven.</summary>
    NotSupported,

    /// <summary>The key made the signature, but the digest or the key is too weak to prove that nobody else could have (docs/decisions/0050).</summary>
    TooWeak,

    /// <summary>The key made the signature.</summary>
    Valid,
}
