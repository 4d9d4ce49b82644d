namespace Danelaw.Dnssec.Validation;

/// <summary>
/// How much work one lookup may cause, whatever the zones and servers do: the answer to KeyTrap (CVE-2023-50387), to costly NSEC3
/// (CVE-2023-50868), to endless aliases and delegations. A limit that is reached makes the verdict indeterminate
/// (<see cref="Resolution.LookupReason.LimitReached"/>), never an exception.
/// </summary>
public sealed record Limits
{
    /// <summary>The defaults.</summary>
    public static Limits Default { get; } = new();

    /// <summary>Queries that one lookup may send. 1 or more; default 128.</summary>
    public int Queries { get; init; } = 128;

    /// <summary>Octets of replies that one lookup may take in; in memory, once they are read, they may take eight times as many. Default 2 MiB.</summary>
    public long Bytes { get; init; } = 2 << 20;

    /// <summary>Time for one lookup; no exchange starts after it. Default 7 seconds, so that a program has told its verdict within 8.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(7);

    /// <summary>Cryptographic checks of signatures in one lookup, good and bad ones. Default 256.</summary>
    public int Signatures { get; init; } = 256;

    /// <summary>Cryptographic checks that fail in one lookup, beyond as many as succeed. Default 16.</summary>
    public int FailedSignatures { get; init; } = 16;

    /// <summary>RRSIG records of one RRset that are tried. Default 8.</summary>
    public int SignaturesPerSet { get; init; } = 8;

    /// <summary>Keys of one zone with the same tag and algorithm that are tried. Default 4.</summary>
    public int KeysPerTag { get; init; } = 4;

    /// <summary>DS digests of one zone that are compared. Default 32.</summary>
    public int Digests { get; init; } = 32;

    /// <summary>Records of a denial, NSEC or NSEC3, that are looked at in one reply. Default 16.</summary>
    public int DenialRecords { get; init; } = 16;

    /// <summary>Names that are hashed for NSEC3 in one lookup, each with all its iterations, of which every further 150 count as one name more. Default 512.</summary>
    public int Nsec3Hashes { get; init; } = 512;

    /// <summary>Aliases that one lookup follows, CNAME and DNAME. Default 16.</summary>
    public int Aliases { get; init; } = 16;

    /// <summary>Iteration: referrals that one question follows, from the root or the nearest zone that is known. Default 32.</summary>
    public int Referrals { get; init; } = 32;

    /// <summary>Iteration: name servers of one delegation whose addresses are looked up when the referral bears none (NXNSAttack). Default 6.</summary>
    public int AddressLookupsPerDelegation { get; init; } = 6;

    /// <summary>Iteration: name servers whose addresses one lookup causes to be looked up, in all its delegations together. Default 24.</summary>
    public int AddressLookups { get; init; } = 24;

    /// <summary>Iteration: how many lookups of addresses may each wait for the next. Default 5.</summary>
    public int AddressDepth { get; init; } = 5;
}
