using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Lookup;

/// <summary>A place where a peer is known to differ from the RFC.</summary>
/// <param name="Peer">delv or unbound.</param>
/// <param name="Says">What the peer concludes there.</param>
/// <param name="Right">What the RFC wants.</param>
/// <param name="Section">Which one, and where.</param>
/// <param name="Applies">The questions concerned.</param>
internal sealed record KnownDifference(string Peer, PeerStatus Says, PeerStatus Right, string Section, Func<string, string, bool> Applies)
{
    public static readonly IReadOnlyList<KnownDifference> All =
    [
        new("delv", PeerStatus.Secure, PeerStatus.Insecure, "RFC 5155 §9.2: a denial over an opt-out span bears no AD",
            (name, _) => name.EndsWith("optout.", StringComparison.Ordinal) || name.EndsWith("nsec3-optout.nsec.", StringComparison.Ordinal)),
        new("delv", PeerStatus.Failed, PeerStatus.Bogus, "RFC 4035 §5.3: an unsigned SOA in a signed zone's denial (delv shows it as pending, without a verdict)",
            (name, _) => name.EndsWith("no-soa-signature.nsec.", StringComparison.Ordinal)),
        new("unbound", PeerStatus.Bogus, PeerStatus.Secure, "RFC 6672 §5.3.1: the CNAME that a DNAME makes is proven by the DNAME, also when CNAME is asked",
            (name, type) => type == "CNAME" && name.StartsWith("host.tree.", StringComparison.Ordinal)),
        new("unbound", PeerStatus.Secure, PeerStatus.Bogus, "RFC 4509 §3: a SHA-1 DS beside a SHA-256 DS is ignored",
            (name, _) => name.EndsWith("sha2-wrong.nsec.", StringComparison.Ordinal)),
        new("unbound", PeerStatus.Secure, PeerStatus.Bogus, "RFC 5011 §2.1: a revoked key validates nothing",
            (name, _) => name.EndsWith("revoked.nsec.", StringComparison.Ordinal)),
    ];

    /// <summary>What is right where the two peers have spoken; null when they disagree in a way that is not known.</summary>
    public static PeerStatus? Settle(string name, string type, PeerStatus delv, PeerStatus unbound, out KnownDifference? difference)
    {
        difference = null;
        if (delv == unbound) return delv;
        difference = All.FirstOrDefault(known => known.Applies(name, type) &&
            known.Says == (known.Peer == "delv" ? delv : unbound) && known.Right == (known.Peer == "delv" ? unbound : delv));
        return difference?.Right;
    }
}
