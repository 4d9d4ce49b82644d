using Danelaw.Certificates;
using Danelaw.Dns;

namespace Danelaw.Verification.Paths;

/// <summary>Checks signatures once each, and stops after a number and an amount of work that no honest chain needs.</summary>
/// <param name="budget">What the work is taken from.</param>
internal sealed class SignatureMemory(WorkBudget budget)
{
    /// <summary>How many signatures are checked for one chain. A chain of a hundred certificates in order needs ninety-nine.</summary>
    public const int MaximumChecks = 256;

    /// <summary>The most that one check may cost: that of RSA by PSS with 8192 bits and an exponent of 32 bits.</summary>
    public const int MaximumCost = 512;

    /// <summary>Octets that are digested for one unit.</summary>
    private const int OctetsOfUnit = 4096;

    private readonly Dictionary<Octets, bool> _weak = [];
    private readonly Dictionary<(Certificate Signed, Octets Key), SignatureCheck> _checks = [];

    /// <summary>Whether something was left undone: that no path was found proves nothing then.</summary>
    public bool IsCutShort { get; private set; }

    /// <summary>Whether the owner of a key signed a certificate.</summary>
    /// <param name="signed">The certificate.</param>
    /// <param name="publicKey">The SubjectPublicKeyInfo.</param>
    public SignatureCheck Check(Certificate signed, Octets publicKey)
    {
        if (_checks.TryGetValue((signed, publicKey), out var known)) return known;
        if (_checks.Count >= MaximumChecks) return CutShort();
        var check = CheckAnew(signed, publicKey);
        _checks.Add((signed, publicKey), check);
        return check;
    }

    private SignatureCheck CheckAnew(Certificate signed, Octets publicKey)
    {
        using var key = CertificateKey.Import(publicKey.Span);
        var cost = key.CostOf(SignatureScheme.Read(signed.SignatureAlgorithm.Span));
        return cost <= MaximumCost && TrySpend(1 + cost + (signed.ToBeSigned.Length / OctetsOfUnit)) ? key.Check(signed) : CutShort();
    }

    /// <summary>Whether a key is too small to prove anything.</summary>
    public bool IsTooWeak(Octets publicKey)
    {
        if (_weak.TryGetValue(publicKey, out var known)) return known;
        return _weak[publicKey] = CertificateKey.IsTooWeakKey(publicKey);
    }

    /// <summary>Takes what other work costs, or remembers that it was left undone.</summary>
    public bool TrySpend(int units)
    {
        if (budget.TrySpend(units)) return true;
        IsCutShort = true;
        return false;
    }

    /// <summary>Remembers that something was left undone.</summary>
    public SignatureCheck CutShort()
    {
        IsCutShort = true;
        return SignatureCheck.NotChecked;
    }
}
