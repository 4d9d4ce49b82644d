using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Dnssec.Anchors;

/// <summary>The DNSKEY set that a zone with trust anchors serves, and what the anchors say of it. Immutable.</summary>
public sealed class ServedKeys
{
    internal ServedKeys(DomainName zone, ValidationPolicy policy) => (Zone, Policy) = (zone, policy);

    /// <summary>The zone.</summary>
    public DomainName Zone { get; }

    /// <summary>Secure when a trusted key has signed the set; insecure when no anchor of the zone is supported; otherwise bogus or indeterminate.</summary>
    public Security Security { get; internal init; }

    /// <summary>Why.</summary>
    public LookupReason Reason { get; internal init; }

    /// <summary>The reason in a sentence.</summary>
    public string Explanation { get; internal init; } = "";

    /// <summary>The extended error of a failure (RFC 8914); null otherwise.</summary>
    public ExtendedError? ExtendedError { get; internal init; }

    /// <summary>What to do about a failure, one or two sentences; empty when it is none.</summary>
    public string Mend { get; internal init; } = "";

    /// <summary>The DNSKEY set as it came, believed or not; null when none came.</summary>
    public RecordSet? Keys { get; internal init; }

    /// <summary>The signature by a trusted key; null unless the set is secure.</summary>
    public SignatureUse? Signature { get; internal init; }

    /// <summary>Who replied; null when nobody did.</summary>
    public DnsServer? Server { get; internal init; }

    internal SignedSet? Set { get; init; }

    internal ValidationPolicy Policy { get; }

    /// <summary>Judges the reply to the question for the keys of a zone that has anchors.</summary>
    internal static ServedKeys Judge(Reply reply, Keys.TrustAnchor anchor, ValidationPolicy policy, DateTimeOffset now)
    {
        if (reply.Failure is { } failure) return Failed(failure, null);
        if (!reply.Answer.TryFind(anchor.Zone, RecordType.DNSKEY, out var set))
            return Failed(new(LookupReason.KeyMissing, $"{anchor.Zone} serves no DNSKEY set although a trust anchor demands one (RFC 4035 §5.2)"), null);
        if (anchor.DelegationSigners.IsEmpty && anchor.Keys.IsEmpty)
            return Of(Security.Insecure, new(LookupReason.NoTrustAnchor, $"every trust anchor of {anchor.Zone} was revoked (RFC 5011 §5)"), set);
        var delegation = DelegationSet.Read(anchor.DelegationSigners, policy);
        var keys = anchor.Keys.Where(key => DnskeyData.TryRead(key, out var view) && policy.Supports((Keys.SecurityAlgorithm)view.Algorithm)).ToArray();
        if (delegation.Usable.IsEmpty && keys.Length == 0)
        {
            var ground = DelegationSet.Unsupported(anchor.Zone, "the trust anchor", anchor.DelegationSigners, policy);
            return Of(Security.Insecure, ground, set);
        }

        var check = KeySetChecker.Check(set, delegation, [.. keys], policy, now, new(policy.Limits));
        if (check.Fault is { } fault) return Failed(fault, set);
        var use = check.Signature!.Use;
        return new(anchor.Zone, policy)
        {
            Security = Security.Secure,
            Reason = LookupReason.ValidSignature,
            Explanation = $"signed by key {use.KeyTag} ({Dnssec.Keys.SecurityAlgorithms.ToText(use.Algorithm)}), which is a trust anchor",
            Keys = set.Records.ToOwned(),
            Signature = use,
            Server = reply.Server,
            Set = set,
        };

        ServedKeys Failed(Ground ground, SignedSet? its) => Of(ZoneTrust.IsIndeterminate(ground.Reason) ? Security.Indeterminate : Security.Bogus, ground, its);

        ServedKeys Of(Security security, Ground ground, SignedSet? its) => new(anchor.Zone, policy)
        {
            Security = security,
            Reason = ground.Reason,
            Explanation = reply is { Server: { } server, Failure: null } && security != Security.Insecure ? $"{ground.Text}; the reply is from {server}" : ground.Text,
            ExtendedError = ground.Code is { } code ? new ExtendedError((ushort)code, ground.Text) : null,
            Mend = security is Security.Secure or Security.Insecure ? "" : FailureRules.MendOf(ground.Reason, anchor.Zone, anchor.Zone, RecordType.DNSKEY, isAnchor: true),
            Keys = its?.Records.ToOwned(),
            Server = reply.Server,
            Set = its,
        };
    }
}
