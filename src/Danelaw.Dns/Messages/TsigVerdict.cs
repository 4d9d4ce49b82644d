using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Dns.Messages;

/// <summary>What <see cref="TsigVerifier"/> says of a message.</summary>
/// <param name="Outcome">What it comes to; only <see cref="TsigOutcome.Verified"/> may be believed.</param>
/// <param name="KeyName">The owner of the TSIG record; the root without one.</param>
/// <param name="Key">The key of that name, if it is ours.</param>
/// <param name="Record">The TSIG record; null without one that can be read.</param>
public readonly record struct TsigVerdict(TsigOutcome Outcome, DomainName KeyName, TsigKey? Key, TsigData? Record);

/// <summary>What a TSIG record proves.</summary>
public enum TsigOutcome
{
    /// <summary>There is no TSIG record where one must be.</summary>
    Unsigned = 0,

    /// <summary>The message, its TSIG record or the length of its code is not what RFC 8945 allows: FORMERR.</summary>
    BadForm,

    /// <summary>The key is not ours, or the algorithm not the key's: BADKEY.</summary>
    BadKey,

    /// <summary>The code is not what the key makes of the message: BADSIG.</summary>
    BadSignature,

    /// <summary>The code is right, but the time is outside what the fudge allows: BADTIME.</summary>
    BadTime,

    /// <summary>The code is right, but shorter than the key's policy demands: BADTRUNC.</summary>
    BadTruncation,

    /// <summary>The other side says in the record's error field why it refused our message. With BADKEY and BADSIG nobody vouches for that.</summary>
    Refused,

    /// <summary>A message between signed ones of the same response: the next signed one decides (RFC 8945 §5.3.1).</summary>
    Pending,

    /// <summary>The message came from who holds the key, unaltered and in time.</summary>
    Verified,
}
