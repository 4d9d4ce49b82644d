namespace Danelaw.Dnssec.Validation;

/// <summary>Counts the costly work of one lookup against its limits. What has been refused once stays refused.</summary>
internal sealed class Work(Limits limits)
{
    private int _signatures;
    private int _failedSignatures;
    private int _hashes;

    internal Limits Limits { get; } = limits;

    /// <summary>Whether one more signature may be checked.</summary>
    internal bool TryTakeSignature()
    {
        if (_signatures >= Limits.Signatures || _failedSignatures >= Limits.FailedSignatures) return false;
        _signatures++;
        return true;
    }

    internal void CountFailedSignature() => _failedSignatures++;

    /// <summary>Whether one more name may be hashed for NSEC3.</summary>
    internal bool TryTakeHash()
    {
        if (_hashes >= Limits.Nsec3Hashes) return false;
        _hashes++;
        return true;
    }
}
