using System.CommandLine;
using Danelaw.Cli.Options;
using Danelaw.Cli.Rendering.Reports;
using Danelaw.Cli.Running;
using Danelaw.Probes;

namespace Danelaw.Cli.Commands;

/// <summary><c>check TARGET…</c>: the main job.</summary>
internal sealed class CheckCommand : Verb
{
    private readonly CheckScope _scope = new();
    private readonly CheckJudging _judging = new();
    private readonly CheckProbing _probing = new();
    private readonly CheckTelling _telling = new();
    private readonly CheckKeeping _keeping = new();
    private readonly DnsOptions _dns = new();

    public override string Name => "check";

    public override VerbGroup Group => VerbGroup.Checking;

    public override string Summary => "DANE of mail domains and services, as senders see it";

    public override IReadOnlyList<string> Usage => ["TARGET ... [OPTION ...]", "@FILE [OPTION ...]", "--replay FILE [--now TIME] [OPTION ...]"];

    public override IReadOnlyList<string> Description =>
    [
        "TARGET is a mail domain (example.org) or one service (imaps://host, https://host:8443, host:993). Services are " + string.Join(", ", ServiceProtocols.Names) + "; the port of each tells it. Any other port needs a scheme, or --starttls.",
        "SRV records lead to the hosts of _imaps._tcp.example.org, of xmpp-client://example.org and its like when no port is given, and of any service with --srv (imaps://example.org --srv). DANE applies only where they are secure (RFC 7673).",
        "FILE has a target on each line; # begins a comment; - is standard input. Results come as they are ready; with --json one object a line.",
    ];

    public override IReadOnlyList<(int Code, string Meaning)> ExitCodes =>
    [
        (0, "verified, whatever else is found; with --strict only without errors and warnings"),
        (1, "failing or partial; with --strict also errors and warnings beside another verdict"),
        (3, "undetermined"),
        (4, "unprotected: there is no DANE to check"),
    ];

    public override IReadOnlyList<string> Examples =>
    [
        "danelaw check example.org",
        "danelaw check imaps://mail.example.org --json",
        "danelaw check mail.example.org:2525 --starttls smtp",
        "danelaw check xmpp-server://example.org",
        "danelaw check example.org --all-services",
        "danelaw check @domains.txt --concurrency 16 --resolver 192.0.2.53",
        "danelaw check @domains.txt --servers",
        "danelaw check @domains.txt --state run.state --json > results.jsonl",
        "danelaw check example.org --nagios",
        "danelaw check example.org --save evidence.json",
        "danelaw check --replay evidence.json --now 2027-01-01T00:00:00Z",
    ];

    public override IReadOnlyList<Argument> Arguments => [_scope.Targets];

    public override IReadOnlyList<(string Heading, IReadOnlyList<Option> Options)> OptionGroups =>
    [
        ("what is checked", _scope.All),
        ("how servers are asked", _probing.All),
        ("how it is judged", _judging.All),
        ("how it is reported", _telling.All),
        ("evidence that is kept", _keeping.All),
        ("asking the DNS", _dns.All),
    ];

    public override async Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        var parsed = call.Parsed;
        var words = _scope.Words(parsed);
        var sink = _telling.Open(call, _judging.IsStrict(parsed), TargetList.IsSeveral(words), _keeping.SaveTo(parsed));
        if (_keeping.ReplayFrom(parsed) is { } evidence) return await ReplayAsync(call, evidence, words, sink, cancellationToken).ConfigureAwait(false);
        if (words.Length == 0) throw new MisuseException("TARGET is missing", "give a mail domain (example.org) or a service (imaps://mail.example.org)");

        var parse = _scope.Read(parsed);
        var settings = await _dns.ReadAsync(call, cancellationToken).ConfigureAwait(false);
        var options = _judging.Apply(call, _probing.Apply(call, _scope.Apply(call, settings.ToCheckOptions())));
        var optionsFor = CheckJudging.WithRoots(call, settings.CaFile, options with { WaitsForItsTurn = TargetList.IsSeveral(words) });
        var prober = _probing.Open(call);
        var steps = new CheckSteps(call.Voice, TargetList.IsSeveral(words));
        using var state = _keeping.OpenState(call, [.. Flag.Typed(parsed, _scope.All), .. _probing.Deciding(parsed), .. _judging.Deciding(parsed), .. _dns.Deciding(parsed)]);
        var transport = settings.OpenTransport(call.Surroundings.Clock);
        var servers = settings.OpenServerTransport(call.Surroundings.Clock);
        var asked = _scope.AsksServers(parsed, TargetList.IsSeveral(words)) ? CheckScope.Share(call, servers) : null;
        await using (transport.ConfigureAwait(false))
        await using (servers.ConfigureAwait(false))
        {
            if (_keeping.SaveTo(parsed) is { } file)
            {
                if (TargetList.IsSeveral(words)) throw new MisuseException("--save keeps the evidence of one target", "check the targets one by one, each with a file of its own");
                FileText.RequirePlace(call.Surroundings, file);
                var one = new CheckRun(settings, transport, asked, prober, optionsFor, steps, call.Output, call.Voice, state, _telling.DrawsChains(parsed));
                var (result, recording) = await one.RecordAsync(parse(new(words[0], "")), cancellationToken).ConfigureAwait(false);
                var verdict = TellOne(result, recording.Now, sink);
                CheckKeeping.Save(call, file, recording);
                return verdict;
            }

            var run = new CheckRun(settings, transport, asked, prober, optionsFor, steps, call.Output, call.Voice, state, _telling.DrawsChains(parsed));
            var targets = TargetList.OnceAsync(TargetList.ReadAsync(call.Surroundings, words, parse, cancellationToken), target => target.Text, cancellationToken);
            var code = _telling.IsOrdered(parsed)
                ? await Crowd.RunInOrderAsync(targets, settings.Concurrency, run.CheckAsync, Tell, cancellationToken).ConfigureAwait(false)
                : await Crowd.RunAsync(targets, settings.Concurrency, async (target, stop) => Tell(await run.CheckAsync(target, stop).ConfigureAwait(false)), cancellationToken).ConfigureAwait(false);

            // Nothing is not known to be well: a list that is empty was probably lost.
            if (steps.Done == 0) code = ExitCode.Undetermined;
            if (steps.Done == 0 && !_telling.IsNagios(parsed)) call.Voice.Hint(TargetList.Empty(words));
            return sink.End(code, settings.Clock.GetUtcNow());
        }

        int Tell(CheckResult result)
        {
            sink.Tell(result);
            return result.IsFault ? ExitCode.Fault : sink.CodeOf(result.Told);
        }
    }

    private async Task<int> ReplayAsync(Call call, string file, string[] words, ICheckSink sink, CancellationToken cancellationToken)
    {
        if (words.Length > 0) throw new MisuseException($"{words[0]} and --replay cannot be given together", "the target stands in the evidence");
        if (Flag.Given(call.Parsed, _scope.All).FirstOrDefault() is { } other) throw new MisuseException($"{other} has no meaning with --replay", "the target stands in the evidence, and what was spoken there");
        if (_keeping.HasState(call.Parsed)) throw new MisuseException("--state has no meaning with --replay", "nobody is asked, so nothing can be interrupted");
        if (_keeping.SaveTo(call.Parsed) is not null) throw new MisuseException("--save and --replay cannot be given together", "a copy of the file is the same evidence");
        if (Flag.Given(call.Parsed, [.. _probing.All, .. _dns.All], "--now").FirstOrDefault() is { } idle) throw new MisuseException($"{idle} has no meaning with --replay", "nobody is asked, and how to judge stands in the evidence; --now and --next can be changed");
        var recording = CheckKeeping.Load(call, file);
        recording = recording with { Options = _judging.Apply(call, recording.Options) };
        DateTimeOffset? now = _dns.HasClock(call.Parsed) ? _dns.ReadClock(call.Parsed, call.Surroundings).GetUtcNow() : null;
        var result = await CheckRun.ReplayAsync(recording, now, _telling.DrawsChains(call.Parsed), cancellationToken).ConfigureAwait(false);
        return TellOne(result, now ?? recording.Now, sink);
    }

    private static int TellOne(CheckResult result, DateTimeOffset now, ICheckSink sink)
    {
        sink.Tell(result);
        return sink.End(sink.CodeOf(result.Told), now);
    }
}
