using System.Collections.Immutable;
using Danelaw.Checks;
using Danelaw.Cli.Rendering.Drawing;
using Danelaw.Dns.Messages;

namespace Danelaw.Cli.Rendering.Reports;

/// <summary>What came of one target, ready to be told.</summary>
/// <param name="Report">What the check concluded; null where an earlier run did, and only what it told is known.</param>
/// <param name="Document">The same as <c>danelaw.check/1</c>, one line.</param>
/// <param name="Told">The document, read.</param>
internal sealed record CheckResult(CheckReport? Report, byte[] Document, ToldCheck Told)
{
    /// <summary>The same as text, for a run that goes on with it; empty otherwise.</summary>
    public string Text { get; init; } = "";

    /// <summary>The chains of trust that the verdict rests on; empty unless somebody wants to see them.</summary>
    public ImmutableArray<DrawnChain> Chains { get; init; } = [];

    /// <summary>When it was judged, where it is kept for later runs or kept from an earlier one; null for the time of this run.</summary>
    public DateTimeOffset? JudgedAt { get; init; }

    /// <summary>When the oldest and the newest of several were judged: nothing that tells when somebody looked may pass an earlier run's result for one of today.</summary>
    public static (DateTimeOffset Oldest, DateTimeOffset Newest) Times(IReadOnlyList<CheckResult> results, DateTimeOffset now) =>
        results.Count == 0 ? (now, now) : (results.Min(result => result.JudgedBy(now)), results.Max(result => result.JudgedBy(now)));

    /// <summary>When it was judged, and never later than now: an earlier run may have had another clock.</summary>
    public DateTimeOffset JudgedBy(DateTimeOffset now) => JudgedAt is { } time && time < now ? time : now;

    /// <summary>Whether a fault of ours stopped the check. Such a result is told, and never kept.</summary>
    public bool IsFault { get; init; }

    /// <summary>What is told of a target that a fault of ours has stopped: nothing is known of it.</summary>
    public static CheckResult OfFault(string target) => Of(CheckReport.OfFault(target)) with { IsFault = true };

    public static CheckResult Of(CheckReport report)
    {
        var document = CheckJson.Document(report);
        return new(report, document, ToldCheck.TryRead(document, out var told) ? told : throw new InvalidOperationException("a document that was just written cannot be read"));
    }
}

/// <summary>A chain of trust as a picture.</summary>
/// <param name="Question">What was looked up.</param>
/// <param name="Picture">The picture.</param>
internal sealed record DrawnChain(Question Question, Picture Picture);
