using System.Collections.Immutable;
using System.Globalization;
using Danelaw.Certificates;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Probes;
using Danelaw.Servers;
using Danelaw.Tlsa;
using Danelaw.Tlsa.Guessing;
using Danelaw.Verification;

namespace Danelaw.Checks.Findings;

/// <summary>One host with all that is known of it.</summary>
internal sealed record HostSubject(CheckEvidence Evidence, HostFacts Facts, HostReport Report, CheckOptions Options, DateTimeOffset Now)
{
    // A host with more keys has another trouble than these lines.
    private const int MostLines = 8;

    private readonly Lazy<IReadOnlyDictionary<TlsaRecord, Guess>> _mistakes = new(() => Recognise(Facts, Report, Options));

    /// <summary>The reports of all hosts of the target, this one among them.</summary>
    internal ImmutableArray<HostReport> All { get; init; } = [];

    /// <summary>The name servers of the zones on the way.</summary>
    internal ImmutableArray<ServerReport> Zones { get; init; } = [];

    internal string Name => Say.Name(Report.Name);

    internal Audience Audience => Audience.Of(Facts.Lead.Protocol);

    /// <summary>The host, and its port where several are looked at.</summary>
    internal string Place => Evidence.Hosts.Any(other => other.Lead.Port != Facts.Lead.Port) ? string.Create(CultureInfo.InvariantCulture, $"{Name}:{Facts.Lead.Port}") : Name;

    /// <summary>Beside the mail of a domain a service that promises no DANE is told of and warned of by nobody: it takes nothing from the domain.</summary>
    internal Finding Weigh(Finding finding) =>
        finding.Severity == Severity.Warning && Evidence.Route is not null && Facts.Lead.Route is null && !Facts.IsPromised ? finding with { Severity = Severity.Note } : finding;

    /// <summary>Whose rules hold there.</summary>
    internal ServiceKind Service => Facts.Lead.Kind;

    /// <summary>What the records that match nothing turned out to be, of those of which it is known.</summary>
    internal IReadOnlyDictionary<TlsaRecord, Guess> Mistakes => _mistakes.Value;

    /// <summary>Whether a private key stands in the DNS. It may be that of a key which is served, and a record of that would let in whoever has read it.</summary>
    internal bool IsKeyLost => Report.Records.Any(IsPrivateKey);

    /// <summary>
    /// The mistake in a record but for which an endpoint would match: the record is made of the key that is shown there, in the wrong way. Null where there is none, where a lost key
    /// makes the right record useless, and where nothing but the server says that the key is its own: then the mismatch is told, with the question whose it is.
    /// </summary>
    internal Guess? CauseOf(EndpointReport endpoint) =>
        endpoint is { Verdict.Reason: DaneReason.NoRecordMatches, Observation.Chain: [var leaf, ..] } && !IsKeyLost && Certificate.TryRead(leaf, out var certificate)
            ? Mistakes.Values.FirstOrDefault(guess => guess is { Kind: GuessKind.OtherThing, IsOfShownKey: true, Right: { Usage: TlsaUsage.DaneEe or TlsaUsage.PkixEe } right } && right.Matches(certificate))
            : null;

    internal bool IsPrivateKey(RecordReport report) => Mistakes.TryGetValue(report.Record, out var guess) && guess.Kind == GuessKind.PrivateKey;

    /// <summary>The command that holds what the server shows against the file that it reads: whoever stands in between shows a key as well.</summary>
    internal string Compare => string.Join(' ', Options.AskedWith.Select(ShellWord.Quote).Prepend($"danelaw tlsa compare {(Report is { Port: 25, Service: ServiceProtocol.Smtp } ? ShellWord.QuoteName(Name) : ShellWord.Quote(CheckTarget.Service(Report.Name, Report.Port, Report.Service).Text))} FILE"));

    /// <summary>3 1 1 lines for every key that was shown, each once, RSA and ECDSA alike, and how to see whose they are where no record tells; empty where one of them may be lost.</summary>
    internal string LinesForServedKeys()
    {
        if (IsKeyLost) return "";
        var lines = string.Join('\n', ServedKeys().Take(MostLines).Select(record => Say.Line(Facts.Dns, record)));
        return lines.Length == 0 || Report.Records.Any(record => record.State == RecordState.Matching) ? lines : $"{lines}\nBut only a key that is yours, which this sees in the file that the server reads:\n{Compare}";
    }

    private IEnumerable<TlsaRecord> ServedKeys()
    {
        foreach (var leaf in Report.Endpoints.Where(endpoint => endpoint.Observation.Outcome == ProbeOutcome.Completed && !endpoint.Observation.Chain.IsEmpty).Select(endpoint => endpoint.Observation.Chain[0]).Distinct())
            if (Say.TryRecommend(leaf, out var record)) yield return record;
        foreach (var key in RawKeys.Proven(Facts)) yield return Say.Recommend(key);
    }

    /// <summary>A mend that leads to the end of an alias says so, or whoever has the alias before him takes it for a mistake.</summary>
    internal Finding NameAlias(Finding finding) =>
        Say.TlsaAlias(Facts.Dns) is { FinalName: var end } && finding.Mend.Contains($"{end} ", StringComparison.Ordinal)
            ? finding with { Mend = $"{finding.Mend}\n{Say.Owner(Facts.Dns)} is an alias of {Say.Name(end)}: the records stand there, and nothing can stand beside the alias." }
            : finding;

    private static Dictionary<TlsaRecord, Guess> Recognise(HostFacts facts, HostReport report, CheckOptions options)
    {
        var mistakes = new Dictionary<TlsaRecord, Guess>();
        var doubtful = report.Records.Where(record => record is { State: RecordState.Other or RecordState.Stale } or { Usability: Usability.WrongDigestLength or Usability.MalformedData }).ToArray();
        if (doubtful.Length == 0) return mistakes;
        var guess = new DigestGuess([.. report.Chains.Select(chain => chain.Certificates)], options.Known, facts.Lead.Kind == ServiceKind.Smtp);
        foreach (var record in doubtful)
            if (guess.TryRecognise(record.Record, out var what)) mistakes.TryAdd(record.Record, what);
        return mistakes;
    }
}
