using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Resolution;

namespace Danelaw.Dnssec.Validation;

/// <summary>What a verdict other than secure rests on: the reason, its extended error, a sentence, and whose reply showed it.</summary>
/// <param name="Reason">The reason.</param>
/// <param name="Text">One sentence for people, without a full stop: zone, RRset, key, rule and RFC section.</param>
/// <param name="Code">The extended error; null where insecurity has none.</param>
internal sealed record Ground(LookupReason Reason, string Text, ExtendedErrorCode? Code)
{
    internal Ground(LookupReason reason, string text)
        : this(reason, text, CodeOf(reason))
    {
    }

    /// <summary>What it is about, where that is more than the reply's question; null otherwise.</summary>
    internal FaultSubject? About { get; init; }

    /// <summary>The question whose reply is at fault, so that it can be asked again elsewhere; null when no reply is.</summary>
    internal Question? Blamed { get; init; }

    /// <summary>Whether a limit was reached that counts for each reply by itself: a reply to a smaller question may keep it.</summary>
    internal bool HoldsTooMuch { get; init; }

    /// <summary>What to do, where the reason alone does not tell it; null for what the reason tells.</summary>
    internal string? Mend { get; init; }

    /// <summary>Says whose reply is at fault, unless that has been said.</summary>
    internal Ground At(Reply reply) => Blamed is null ? this with { Blamed = reply.Question } : this;

    private static ExtendedErrorCode? CodeOf(LookupReason reason) => reason switch
    {
        LookupReason.None => ExtendedErrorCode.Other,
        LookupReason.ValidSignature or LookupReason.ProvenNoData or LookupReason.ProvenNameError => null,
        LookupReason.InsecureDelegation or LookupReason.OptOut or LookupReason.NoTrustAnchor or LookupReason.NegativeAnchor or LookupReason.SignatureQuery => null,
        LookupReason.UnsupportedAlgorithms => ExtendedErrorCode.UnsupportedDnskeyAlgorithm,
        LookupReason.TooManyIterations => ExtendedErrorCode.UnsupportedNsec3Iterations,
        LookupReason.SignatureMissing => ExtendedErrorCode.RrsigsMissing,
        LookupReason.SignatureExpired => ExtendedErrorCode.SignatureExpired,
        LookupReason.SignatureNotYetValid => ExtendedErrorCode.SignatureNotYetValid,
        LookupReason.SignatureTimesReversed => ExtendedErrorCode.SignatureExpiredBeforeValid,
        LookupReason.SignatureUnfit or LookupReason.SignatureInvalid => ExtendedErrorCode.DnssecBogus,
        LookupReason.KeyDoesNotMatchDs or LookupReason.KeyMissing => ExtendedErrorCode.DnskeyMissing,
        LookupReason.KeySetUnsigned => ExtendedErrorCode.RrsigsMissing,
        LookupReason.KeyUnfit => ExtendedErrorCode.DnssecBogus,
        LookupReason.DenialMissing or LookupReason.WildcardProofMissing or LookupReason.DelegationProofMissing => ExtendedErrorCode.NsecMissing,
        LookupReason.DenialInvalid or LookupReason.AliasMismatch => ExtendedErrorCode.DnssecBogus,
        LookupReason.TimedOut or LookupReason.Unreachable => ExtendedErrorCode.NetworkError,
        LookupReason.ServerFailed => ExtendedErrorCode.NoReachableAuthority,
        LookupReason.MalformedReply => ExtendedErrorCode.InvalidData,
        LookupReason.AliasLoop or LookupReason.LimitReached or LookupReason.ChainUnavailable or LookupReason.NotRecorded => ExtendedErrorCode.DnssecIndeterminate,
    };
}

/// <summary>The RRset and the key that a fault is about.</summary>
/// <param name="Zone">The zone that signed, or should have.</param>
/// <param name="Owner">The owner of the RRset.</param>
/// <param name="Type">Its type.</param>
/// <param name="KeyTag">The key's tag; null where no key is concerned.</param>
/// <param name="Algorithm">The key's algorithm; null where no key is concerned.</param>
/// <param name="Rule">The rule that decided; null for the one that the reason has by default.</param>
internal sealed record FaultSubject(DomainName Zone, DomainName Owner, RecordType Type, ushort? KeyTag = null, SecurityAlgorithm? Algorithm = null, string? Rule = null);
