namespace Danelaw.Testing.Peers;

/// <summary>How a name server that signs by itself signs a zone.</summary>
/// <param name="Algorithm">The DNSSEC algorithm's number: 5, 7, 8, 10, 13, 14, 15 or 16.</param>
public sealed record DnssecPolicy(int Algorithm)
{
    /// <summary>Key-signing and zone-signing key apart, rather than one for both.</summary>
    public bool TwoKeys { get; init; }

    /// <summary>NSEC3 rather than NSEC.</summary>
    public bool UsesNsec3 { get; init; }

    /// <summary>NSEC3 iterations.</summary>
    public int Iterations { get; init; }

    /// <summary>Octets of NSEC3 salt.</summary>
    public int SaltLength { get; init; }

    /// <summary>Whether unsigned delegations are left out of the NSEC3 chain (RFC 5155 §6).</summary>
    public bool OptOut { get; init; }

    /// <summary>The name of BIND for the algorithm.</summary>
    public string Mnemonic => Algorithm switch
    {
        5 => "rsasha1",
        7 => "nsec3rsasha1",
        8 => "rsasha256",
        10 => "rsasha512",
        13 => "ecdsap256sha256",
        14 => "ecdsap384sha384",
        15 => "ed25519",
        16 => "ed448",
        _ => throw new ArgumentOutOfRangeException(nameof(Algorithm), Algorithm, "no algorithm that BIND signs with"),
    };

    internal bool IsRsa => Algorithm is 5 or 7 or 8 or 10;

    internal string Name => $"a{Algorithm}{(TwoKeys ? "-two" : "")}{(UsesNsec3 ? $"-nsec3-{Iterations}-{SaltLength}{(OptOut ? "-optout" : "")}" : "")}";

    internal string Statement()
    {
        var key = $"lifetime unlimited algorithm {Mnemonic}";
        var keys = TwoKeys
            ? $"ksk {key}{(IsRsa ? " 2048" : "")}; zsk {key}{(IsRsa ? " 1024" : "")};"
            : $"csk {key}{(IsRsa ? " 2048" : "")};";
        var denial = UsesNsec3 ? $" nsec3param iterations {Iterations} optout {(OptOut ? "yes" : "no")} salt-length {SaltLength};" : "";
        return $"dnssec-policy \"{Name}\" {{ keys {{ {keys} }};{denial} }};\n";
    }
}
