using System.Collections.Immutable;
using System.Text;
using Danelaw.Cli.Running;

namespace Danelaw.Cli.Rendering.Reports;

/// <summary>A report that is written when all is known.</summary>
/// <param name="Path">The file, written anew in one step; <c>-</c> is standard output.</param>
/// <param name="Write">Makes it of the results, of each target one, and the time that was judged at.</param>
/// <param name="IsForOthers">Whether a program of another user reads it.</param>
internal sealed record ReportFile(string Path, Func<IReadOnlyList<CheckResult>, DateTimeOffset, string> Write, bool IsForOthers = false);

/// <summary>Tells results as another sink does, and keeps them for reports that tell all of them at the end.</summary>
/// <param name="call">The call.</param>
/// <param name="told">The other sink; its exit codes count.</param>
/// <param name="files">The reports.</param>
/// <param name="isOrdered">Whether the results come in an order that is to be kept; otherwise they are put into that of their targets.</param>
internal sealed class SinkWithFiles(Commands.Call call, ICheckSink told, ImmutableArray<ReportFile> files, bool isOrdered) : ICheckSink
{
    private readonly Lock _lock = new();
    private readonly List<CheckResult> _kept = [];

    public int CodeOf(ToldCheck check) => told.CodeOf(check);

    public void Tell(CheckResult result)
    {
        lock (_lock) _kept.Add(result);
        told.Tell(result);
    }

    public int End(int code, DateTimeOffset now)
    {
        // Of a target that was given twice the last one counts: nobody wants two opinions.
        List<CheckResult> results = [.. _kept.GroupBy(result => result.Told.Target, StringComparer.Ordinal).Select(group => group.Last())];
        if (!isOrdered) results.Sort((left, right) => string.CompareOrdinal(left.Told.Target, right.Told.Target));
        var worst = told.End(code, now);
        foreach (var file in files)
        {
            var octets = Encoding.UTF8.GetBytes(file.Write(results, now));
            if (file.Path == "-") call.Voice.Result(octets);
            else OutputFile.WriteAll(call.Surroundings, file.Path, stream => stream.Write(octets), file.IsForOthers);
        }

        return worst;
    }
}
