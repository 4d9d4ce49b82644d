using System.Collections.Immutable;
using Danelaw.Operator.Audit.Files;
using Danelaw.Operator.Changes;

namespace Danelaw.Operator.Setup;

/// <summary>What a step does to one file.</summary>
/// <param name="File">The file.</param>
public sealed record FilePreview(string File)
{
    /// <summary>The difference, in the form of <c>diff -u</c>; empty where the text stays, or is not to be shown.</summary>
    public ImmutableArray<string> Difference { get; init; } = [];

    /// <summary>Of a chain file where its blocks come from; null for any other.</summary>
    public Change.WriteChain? Chain { get; init; }

    /// <summary>The permission bits that it gets; null where they stay.</summary>
    public UnixFileMode? Mode { get; init; }
}

/// <summary>A step as it is shown before it is taken.</summary>
/// <param name="Step">The step.</param>
/// <param name="Files">What it does to files, in order.</param>
/// <param name="Commands">What a person would do to come to the same, in order: commands, and files to edit or to write as their difference shows.</param>
public sealed record StepPreview(SetupStep Step, ImmutableArray<FilePreview> Files, ImmutableArray<string> Commands)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Shows a plan: each step's differences are those that it makes to what the steps before it leave.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="files">The host's files.</param>
    public static ImmutableArray<StepPreview> Of(SetupPlan plan, HostFiles files)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(files);
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        return [.. plan.Steps.Select(step => new StepPreview(step, [.. step.Changes.GroupBy(change => change.Path).Select(Of)], ByHand.Of(step, files)))];

        FilePreview Of(IGrouping<string, Change> changes)
        {
            if (!texts.TryGetValue(changes.Key, out var before)) before = files.Read(changes.Key).Text;
            var after = changes.Aggregate(before, Edit.Apply);
            texts[changes.Key] = after;
            var chain = changes.OfType<Change.WriteChain>().LastOrDefault();
            return new(changes.Key)
            {
                Difference = UnifiedDiff.Of(changes.Key, before, after),
                Chain = chain,
                Mode = chain is not null ? OwnerOnly : changes.OfType<Change.SetMode>().LastOrDefault()?.Mode,
            };
        }
    }
}
