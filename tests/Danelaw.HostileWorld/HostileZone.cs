using Danelaw.Dns.Messages;
using Danelaw.Dns.Records;

namespace Danelaw.HostileWorld;

/// <summary>Something that a hostile zone does, and the question that brings it about.</summary>
/// <param name="Title">In a few words.</param>
/// <param name="Question">The question.</param>
/// <param name="Zones">The zones that take part, each directly below <c>evil.</c> or <c>good.</c></param>
internal sealed record HostileZone(string Title, Question Question, params ServedZone[] Zones)
{
    /// <summary>The status that is right: what the zone holds may be sound all the same.</summary>
    internal string Outcome { get; init; } = "indeterminate";

    /// <summary>More records of <c>evil.</c>, such as delegations.</summary>
    internal IReadOnlyList<ResourceRecord> Above { get; init; } = [];
}
