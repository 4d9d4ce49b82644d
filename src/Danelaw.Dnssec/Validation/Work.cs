namespace Danelaw.Dnssec.Validation;

/// <summary>Counts the costly work of one lookup against its limits. What has been refused once stays refused.</summary>
internal sealed class Work(Limits limits)
{
    internal Limits Limits { get; } = limits;

    /// <summary>Signatures checked so far.</summary>
    internal int Signatures { get; private set; }

    /// <summary>Of these, how many did not fit.</summary>
    internal int FailedSignatures { get; private set; }

    /// <summary>Names hashed so far.</summary>
    internal int Hashes { get; private set; }

    /// <summary>Whether one more signature may be checked.</summary>
    internal bool TryTakeSignature()
    {
        if (Signatures >= Limits.Signatures || FailedSignatures >= Limits.FailedSignatures) return false;
        Signatures++;
        return true;
    }

    internal void CountFailedSignature() => FailedSignatures++;

    /// <summary>Whether one more name may be hashed for NSEC3.</summary>
    /// <param name="iterations">The iterations: every further 150 count as one name more.</param>
    internal bool TryTakeHash(int iterations)
    {
        var cost = 1 + (Math.Max(0, iterations - 1) / 150);
        if (Hashes + cost > Limits.Nsec3Hashes) return false;
        Hashes += cost;
        return true;
    }
}
