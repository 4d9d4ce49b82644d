using Danelaw.Certificates;
using Danelaw.Dns;

namespace Danelaw.Verification.Paths;

/// <summary>Checks signatures once each, imports keys once each, and stops after a number that no honest chain needs.</summary>
internal sealed class SignatureMemory : IDisposable
{
    /// <summary>How many signatures are checked for one chain. A chain of a hundred certificates in order needs ninety-nine.</summary>
    public const int MaximumChecks = 256;

    private readonly Dictionary<Octets, CertificateKey> _keys = [];
    private readonly Dictionary<(Certificate Signed, Octets Key), SignatureCheck> _checks = [];

    /// <summary>Whether the owner of a key signed a certificate.</summary>
    /// <param name="signed">The certificate.</param>
    /// <param name="publicKey">The SubjectPublicKeyInfo.</param>
    public SignatureCheck Check(Certificate signed, Octets publicKey)
    {
        if (_checks.TryGetValue((signed, publicKey), out var known)) return known;
        if (_checks.Count >= MaximumChecks) return SignatureCheck.NotChecked;
        var check = KeyOf(publicKey).Check(signed);
        _checks.Add((signed, publicKey), check);
        return check;
    }

    /// <summary>The imported key.</summary>
    public CertificateKey KeyOf(Octets publicKey)
    {
        if (!_keys.TryGetValue(publicKey, out var key)) _keys.Add(publicKey, key = CertificateKey.Import(publicKey.Span));
        return key;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var key in _keys.Values) key.Dispose();
    }
}
