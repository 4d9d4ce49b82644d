using System.Collections.Immutable;
using Danelaw.Lab.Faults;

namespace Danelaw.Lab;

/// <summary>How a lab is raised.</summary>
public sealed record MiniInternetOptions
{
    /// <summary>What is drawn by chance is drawn from it: the part of 127/8, and with <see cref="IsOdd"/> the oddities. Null, the default, for a new one each time; <see cref="MiniInternet.Seed"/> tells which.</summary>
    public int? Seed { get; init; }

    /// <summary>The port of the DNS server and of every mail server, 1 to 65535; 0, the default, for a free one.</summary>
    public int Port { get; init; }

    /// <summary>Whether to answer oddly where that is legal: shuffled records, names in mixed case, tiny TTLs. False by default.</summary>
    public bool IsOdd { get; init; }

    /// <summary>The lab's clock; signatures and certificates count from its time at the start. The system's by default.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>How long signatures hold from the start, by default 14 days; they begin an hour before it.</summary>
    public TimeSpan SignatureLife { get; init; } = TimeSpan.FromDays(14);

    /// <summary>Questions for which the DNS server misbehaves, besides those that its domains need.</summary>
    public ImmutableArray<ReplyFault> ReplyFaults { get; init; } = [];

    /// <summary>RRsets to break after signing, besides those that its domains need.</summary>
    public ImmutableArray<RecordFault> RecordFaults { get; init; } = [];
}
