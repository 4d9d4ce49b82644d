using System.Collections.Immutable;
using Danelaw.Dns.Records;

namespace Danelaw.Dns.Messages;

/// <summary>A message as it was read or is to be written (RFC 1035 §4). Immutable.</summary>
public sealed partial record DnsMessage
{
    /// <summary>The id.</summary>
    public ushort Id { get; init; }

    /// <summary>The flags.</summary>
    public MessageFlags Flags { get; init; }

    /// <summary>The kind of query.</summary>
    public Opcode Opcode { get; init; }

    /// <summary>The response code, its upper eight bits from EDNS.</summary>
    public ResponseCode ResponseCode { get; init; }

    /// <summary>The questions.</summary>
    public ImmutableArray<Question> Questions { get; init; } = [];

    /// <summary>The answer section.</summary>
    public ImmutableArray<ResourceRecord> Answers { get; init; } = [];

    /// <summary>The authority section.</summary>
    public ImmutableArray<ResourceRecord> Authorities { get; init; } = [];

    /// <summary>The additional section, without OPT; a TSIG record stays, as the last one.</summary>
    public ImmutableArray<ResourceRecord> Additionals { get; init; } = [];

    /// <summary>What the OPT record said; null without one.</summary>
    public Edns? Edns { get; init; }

    /// <summary>The first extended error (RFC 8914) that the OPT record bears; null without one.</summary>
    public ExtendedError? ExtendedError => Edns?.ExtendedError;

    /// <summary>Whether both say the same, section by section, record by record, in the same order; names without regard to case.</summary>
    /// <param name="other">The other message.</param>
    public bool Equals(DnsMessage? other) => other is not null && Id == other.Id && Flags == other.Flags && Opcode == other.Opcode && ResponseCode == other.ResponseCode
        && Questions.AsSpan().SequenceEqual(other.Questions.AsSpan())
        && Answers.AsSpan().SequenceEqual(other.Answers.AsSpan())
        && Authorities.AsSpan().SequenceEqual(other.Authorities.AsSpan())
        && Additionals.AsSpan().SequenceEqual(other.Additionals.AsSpan())
        && (Edns is null ? other.Edns is null : Edns.Equals(other.Edns));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Id, Flags, Opcode, ResponseCode, Questions.Length, Answers.Length, Authorities.Length, Additionals.Length);
}
