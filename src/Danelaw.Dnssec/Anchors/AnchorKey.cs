using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Dnssec.Anchors;

/// <summary>One key of a trust point: what is known of it, and how it stands. Immutable. All times are whole seconds.</summary>
public sealed record AnchorKey
{
    /// <summary>The remove hold-down: 30 days (RFC 5011 §2.4.2).</summary>
    public static readonly TimeSpan RemoveHoldDown = TimeSpan.FromDays(30);

    /// <summary>RDATA of its DNSKEY, the REVOKE bit clear; empty while only a digest of it is known.</summary>
    public Octets Dnskey { get; init; }

    /// <summary>RDATA of the DS that stands for a key which has not been seen yet; empty once it has.</summary>
    public Octets DelegationSigner { get; init; }

    /// <summary>How it stands.</summary>
    public AnchorKeyState State { get; init; }

    /// <summary>When it came to stand so; for <see cref="AnchorKeyState.AddPend"/> when it was first seen.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>When it was last in a set that validated, revoked or not; null when never.</summary>
    public DateTimeOffset? LastSeen { get; init; }

    /// <summary>The add hold-down of a pending key: 30 days, or the TTL of the set that it was first seen in if that is longer (RFC 5011 §2.4.1); otherwise zero.</summary>
    public TimeSpan HoldDown { get; init; }

    /// <summary>Whether what it signs counts: <see cref="AnchorKeyState.Valid"/> and <see cref="AnchorKeyState.Missing"/>.</summary>
    public bool IsTrusted => State is AnchorKeyState.Valid or AnchorKeyState.Missing;

    /// <summary>From when a pending key is trusted, if a set that validates holds it then and every one until then; null for others.</summary>
    public DateTimeOffset? ValidFrom => State == AnchorKeyState.AddPend ? Since + HoldDown : null;

    /// <summary>From when a revoked key counts as removed, if no set holds it until then; null for others.</summary>
    public DateTimeOffset? RemovedFrom => State == AnchorKeyState.Revoked ? (LastSeen ?? Since) + RemoveHoldDown : null;

    /// <summary>The algorithm.</summary>
    public SecurityAlgorithm Algorithm => TryReadKey(out var key) ? (SecurityAlgorithm)key.Algorithm : DsData.TryRead(DelegationSigner, out var ds) ? (SecurityAlgorithm)ds.Algorithm : default;

    /// <summary>The key tag with the REVOKE bit clear.</summary>
    public ushort KeyTag => TryReadKey(out var key) ? key.KeyTag() : DsData.TryRead(DelegationSigner, out var ds) ? ds.KeyTag : default;

    /// <summary>The key tag with the REVOKE bit set (RFC 5011 §2.1: it is another one); null while only a digest is known.</summary>
    public ushort? RevokedKeyTag => TryReadKey(out var key) ? (key with { Flags = (ushort)(key.Flags | DnskeyData.RevokedFlag) }).KeyTag() : null;

    /// <summary>Whether a key, the REVOKE bit clear, is this one: the same octets, or those that the digest is of.</summary>
    internal bool Is(DomainName zone, Octets dnskey)
    {
        if (!Dnskey.IsEmpty) return Dnskey == dnskey;
        return DsData.TryRead(DelegationSigner, out var ds) && DnskeyData.TryRead(dnskey, out var view)
            && view.Algorithm == ds.Algorithm && view.KeyTag() == ds.KeyTag && DelegationSet.Fits(ds, zone, new(dnskey, view));
    }

    /// <summary>RDATA of a DNSKEY with the REVOKE bit clear.</summary>
    internal static Octets WithoutRevocation(in DnskeyData key) => (key with { Flags = (ushort)(key.Flags & ~DnskeyData.RevokedFlag) }).ToOctets();

    private bool TryReadKey(out DnskeyData key) => DnskeyData.TryRead(Dnskey, out key);
}
