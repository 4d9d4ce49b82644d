using System.Diagnostics.CodeAnalysis;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dnssec.Keys;

namespace Danelaw.Dnssec.Validation;

/// <summary>Counts the costly work of one lookup against its limits. What has been refused once stays refused.</summary>
internal sealed class Work(Limits limits)
{
    private readonly Dictionary<(DomainName Name, int Iterations, Octets Salt), byte[]> _hashed = [];

    internal Limits Limits { get; } = limits;

    /// <summary>Signatures checked so far.</summary>
    internal int Signatures { get; private set; }

    /// <summary>Of these, how many did not fit.</summary>
    internal int FailedSignatures { get; private set; }

    /// <summary>Each good check pays for one that fails: where two keys of a zone have one tag (RFC 4035 §5.3.1), or a bad signature stands beside a good one, every set costs one of each.</summary>
    private int UnpaidFailures => FailedSignatures - (Signatures - FailedSignatures);

    /// <summary>Names hashed so far.</summary>
    internal int Hashes { get; private set; }

    /// <summary>Whether one more signature may be checked.</summary>
    internal bool TryTakeSignature()
    {
        if (Signatures >= Limits.Signatures || UnpaidFailures >= Limits.FailedSignatures) return false;
        Signatures++;
        return true;
    }

    internal void CountFailedSignature() => FailedSignatures++;

    /// <summary>Hashes a name for NSEC3, if one more may be hashed. What was hashed before costs nothing.</summary>
    /// <param name="name">The name.</param>
    /// <param name="iterations">The iterations: every further 150 count as one name more.</param>
    /// <param name="salt">The salt.</param>
    /// <param name="hash">The hash.</param>
    internal bool TryHash(DomainName name, int iterations, Octets salt, [NotNullWhen(true)] out byte[]? hash)
    {
        if (_hashed.TryGetValue((name, iterations, salt), out hash)) return true;
        var cost = 1 + (Math.Max(0, iterations - 1) / 150);
        if (Hashes + cost > Limits.Nsec3Hashes) return false;
        Hashes += cost;
        hash = new byte[Nsec3Hash.Length];
        Nsec3Hash.Compute(name, iterations, salt.Span, hash);
        _hashed.Add((name, iterations, salt), hash);
        return true;
    }
}
