using System.Collections.Immutable;
using Danelaw.Checks;
using Danelaw.Comparing;
using Danelaw.Dns.Names;
using Danelaw.Tlsa;

namespace Danelaw.Cli.Rendering.Comparing;

/// <summary>A comparison and what is told of it beside: why, and what to do.</summary>
/// <param name="Target">The service.</param>
/// <param name="Report">The check that it rests on.</param>
/// <param name="Host">Its host.</param>
/// <param name="Comparison">What came of it.</param>
internal sealed record ToldComparison(CheckTarget Target, CheckReport Report, HostReport Host, TlsaComparison Comparison)
{
    /// <summary>The options that led to these answers, as they were typed; a command that is told repeats them.</summary>
    public ImmutableArray<string> AskedWith { get; init; } = [];

    /// <summary>Where the records stand, or would.</summary>
    public DomainName Owner => Host.TlsaAnswer?.Question.Name ?? (TlsaOwner.TryFor(Target.Port, Target.Name, out var owner) ? owner : Target.Name);

    /// <summary>Why the verdict is as it is, in a sentence.</summary>
    public string Explanation => Comparison.Verdict switch
    {
        ComparisonVerdict.Agreeing => Comparison.HasFiles ? "What is published, what is served and what is on disk are the same." : "What is published and what is served are the same.",
        ComparisonVerdict.Differing => "Something is in one place and not in another.",
        ComparisonVerdict.Unseen when Comparison is { IsPublicationSeen: true, IsServiceSeen: true } => "Not every authoritative server has said which records it has.",
        ComparisonVerdict.Unseen when Report.Verdict == CheckVerdict.Verified => "Not everything that the server has could be seen.",
        ComparisonVerdict.Unseen or ComparisonVerdict.Unpublished => Report.Explanation,
    };

    /// <summary>What is to be done, a sentence each.</summary>
    public ImmutableArray<string> Advice => [.. new ComparisonAdvice(this).Sentences().Distinct()];
}
