using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Resolution;
using Danelaw.Probes;
using Danelaw.Servers;

namespace Danelaw.Checks.Recording;

/// <summary>
/// A check as it can be kept in a file and judged again (decision 0004): the clock, the anchors, the options that judge, every DNS exchange and
/// every observation. Immutable. Whoever gives a recording away vouches for the clock, the anchors and the observations; DNS data proves itself by these anchors when it is judged.
/// </summary>
public sealed record CheckRecording
{
    /// <summary>What was checked.</summary>
    public required CheckTarget Target { get; init; }

    /// <summary>When: signatures and certificates were judged at this moment.</summary>
    public DateTimeOffset Now { get; init; }

    /// <summary>Whom the questions went to, and what judged the answers. The limits of work are always the defaults.</summary>
    public required ResolverOptions Resolver { get; init; }

    /// <summary>How the check was made; what only concerns time and concurrency has its default.</summary>
    public required CheckOptions Options { get; init; }

    /// <summary>Every exchange, in the canonical order of the questions.</summary>
    public ImmutableArray<Exchange> Exchanges { get; init; } = [];

    /// <summary>The lookups that ended because a limit was reached.</summary>
    public ImmutableArray<Answer> LimitedLookups { get; init; } = [];

    /// <summary>Every observation.</summary>
    public ImmutableArray<Observation> Observations { get; init; } = [];

    /// <summary>What the name servers said; null when they were not asked.</summary>
    public ServerRecording? Servers { get; init; }

    /// <summary>Checks a target and keeps the evidence.</summary>
    /// <param name="target">What to check.</param>
    /// <param name="transport">Carries the queries.</param>
    /// <param name="prober">Looks at the endpoints.</param>
    /// <param name="servers">Carries the questions to the name servers of the zones on the way; null leaves them alone.</param>
    /// <param name="resolver">Whom to ask and how to judge.</param>
    /// <param name="options">How the check is made.</param>
    /// <param name="clock">Read once, at the beginning; its timers measure the time limit.</param>
    /// <param name="progress">Is told of each step; may be null.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    /// <returns>The report, and the recording that gives the same report again.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<(CheckReport Report, CheckRecording Recording)> CheckAsync(
        CheckTarget target,
        IDnsTransport transport,
        IProber prober,
        IDnsTransport? servers,
        ResolverOptions resolver,
        CheckOptions options,
        TimeProvider clock,
        IProgress<CheckProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(resolver);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(clock);
        var standing = new StandingClock(clock.GetUtcNow(), clock);
        var exchanges = new RecordingTransport(transport);
        var observations = new RecordingProber(prober);
        var judge = new Resolver(exchanges, resolver with { KeepsAnswersOnly = true }, standing);
        var lookups = new RecordingLookup(judge);
        var said = servers is null ? null : new RecordingTransport(servers);
        var survey = said is null ? null : new ServerSurvey(judge, said, standing) { Families = options.Families, ConnectTo = options.ConnectTo };
        var report = await new DaneChecker(lookups, observations, options, standing) { Servers = survey }.CheckAsync(target, progress, cancellationToken).ConfigureAwait(false);
        return (report, new()
        {
            Target = target,
            Now = standing.GetUtcNow(),
            Resolver = resolver,
            Options = NeedsRoots(report) ? options : options with { Roots = null },
            Exchanges = exchanges.Exchanges,
            LimitedLookups = lookups.Limited,
            Observations = observations.Observations,
            Servers = report.ServerTour is not { } tour ? null : new()
            {
                NonName = survey!.NonName,
                IsCutShort = tour.Cut.IsWhole,
                CutShort = tour.Cut.Zones,
                Exchanges = said!.Exchanges,
            },
        });
    }

    /// <summary>Judges the recording again by the very code that made it.</summary>
    /// <param name="now">The moment to judge at; null for that of the recording.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task<CheckReport> ReplayAsync(DateTimeOffset? now = null, CancellationToken cancellationToken = default)
    {
        var standing = new StandingClock(now ?? Now, TimeProvider.System);
        var resolver = new Resolver(new ReplayTransport(Exchanges), Resolver with { KeepsAnswersOnly = true }, standing);
        var survey = Servers is null ? null : new ServerSurvey(resolver, new ReplayTransport(Servers.Exchanges), standing)
        {
            Families = Options.Families,
            ConnectTo = Options.ConnectTo,
            NonName = Servers.NonName,
            HasRoute = static _ => true,
            Cut = new(Servers.IsCutShort, Servers.CutShort),
        };
        return new DaneChecker(new ReplayLookup(resolver, LimitedLookups), new ReplayProber(Observations), Options, standing) { Servers = survey }.CheckAsync(Target, null, cancellationToken);
    }

    /// <summary>Writes the recording as JSON, schema <c>danelaw.evidence/1</c>.</summary>
    /// <param name="stream">Where to.</param>
    public void Save(Stream stream) => RecordingWriter.Write(this, stream);

    /// <summary>Reads a recording. The file may come from anybody.</summary>
    /// <param name="stream">Where from; read to its end.</param>
    /// <param name="recording">The recording, or null on failure.</param>
    /// <param name="fault">What is wrong and where, as a phrase; empty on success.</param>
    public static bool TryLoad(Stream stream, [NotNullWhen(true)] out CheckRecording? recording, out string fault) => RecordingReader.TryRead(stream, out recording, out fault);

    /// <summary>The machine's authorities stand in a recording only when a record asked for them.</summary>
    private static bool NeedsRoots(CheckReport report) => report.Hosts.Any(host => host.Records.Any(record =>
        record is { Usability: Tlsa.Usability.Usable, Record.Usage: Danelaw.Dns.Records.TlsaUsage.PkixTa or Danelaw.Dns.Records.TlsaUsage.PkixEe }));
}
