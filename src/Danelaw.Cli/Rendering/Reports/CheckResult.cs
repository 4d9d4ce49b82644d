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
