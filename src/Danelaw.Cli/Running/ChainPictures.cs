using System.Collections.Immutable;
using Danelaw.Checks;
using Danelaw.Cli.Rendering;
using Danelaw.Cli.Rendering.Drawing;
using Danelaw.Cli.Rendering.Reports;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Cli.Running;

/// <summary>Draws the chains of trust that a verdict rests on, from what the check itself was told.</summary>
internal static class ChainPictures
{
    /// <summary>Draws them.</summary>
    /// <param name="report">What was concluded.</param>
    /// <param name="exchanges">Answers as it did then.</param>
    /// <param name="options">Whom was asked, and how it was judged.</param>
    /// <param name="now">When it was judged.</param>
    /// <param name="cancellationToken">Ends the drawing.</param>
    public static async Task<ImmutableArray<DrawnChain>> DrawAsync(CheckReport report, IDnsTransport exchanges, ResolverOptions options, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var resolver = new Resolver(exchanges, options with { KeepsAnswersOnly = true }, new SetClock(now, TimeProvider.System));
        var pictures = ImmutableArray.CreateBuilder<DrawnChain>();
        foreach (var question in Questions(report))
            pictures.Add(new(question, PictureBuilder.Build(await resolver.TraceAsync(question.Name, question.Type, cancellationToken).ConfigureAwait(false), Words.Of(question.Name))));
        return pictures.ToImmutable();
    }

    /// <summary>The lookups of MX and SRV records, and of each host its TLSA records; or that of its addresses, where it did not come to these.</summary>
    private static IEnumerable<Question> Questions(CheckReport report)
    {
        var questions = new List<Question>();
        questions.AddRange(report.Lookups.Select(lookup => lookup.Question).Where(question => question.Type is RecordType.MX or RecordType.SRV));
        foreach (var host in report.Hosts)
        {
            if (host.TlsaAnswer is { } tlsa) questions.Add(tlsa.Question);
            else if (report.Lookups.FirstOrDefault(lookup => lookup.Question.Name == host.Name && lookup.Security != Security.Secure) is { } end) questions.Add(end.Question);
        }

        return questions.Distinct();
    }
}
