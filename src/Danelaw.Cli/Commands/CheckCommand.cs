using System.CommandLine;
using Danelaw.Certificates;
using Danelaw.Checks;
using Danelaw.Checks.Recording;
using Danelaw.Cli.Options;
using Danelaw.Cli.Running;
using Danelaw.Dns;
using Danelaw.Dnssec.Resolution;
using Danelaw.Probes;

namespace Danelaw.Cli.Commands;

/// <summary><c>check TARGET…</c>: the main job.</summary>
internal sealed class CheckCommand : Verb
{
    private const int MaximumEvidence = 64 << 20;

    private readonly Argument<string[]> _targets = new("TARGET") { HelpName = "TARGET", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string> _save = Flag.Value("--save", "FILE", "keep the evidence of this one target with its clock, anchors and policy; - for standard output, in place of the report");
    private readonly Option<string> _replay = Flag.Value("--replay", "FILE", "judge kept evidence again, as it was or with another --now; nothing is asked");
    private readonly Option<string> _next = Flag.Value("--next", "FILE", "the certificate or key to come: its records are told as next, others that match nothing as stale");
    private readonly StartTlsOption _startTls = new();
    private readonly Option<bool> _strict = Flag.Of("--strict", "warnings give exit 1 too");
    private readonly Option<bool> _nagios = Flag.Of("--nagios", "one line and exit codes as a monitoring plugin");
    private readonly DnsOptions _dns = new();

    public override string Name => "check";

    public override string Summary => "DANE of mail domains and services: every server, every address, every kind of key";

    public override IReadOnlyList<string> Usage => ["TARGET ... [OPTION ...]", "@FILE [OPTION ...]", "--replay FILE [--now TIME] [OPTION ...]"];

    public override IReadOnlyList<string> Description =>
    [
        "TARGET is a mail domain (example.org) or one service (imaps://host, https://host:8443, host:993). Services are " + string.Join(", ", ServiceProtocols.Names) + "; the port of each tells it. Any other port needs a scheme, or --starttls.",
        "FILE has a target on each line; # begins a comment; - is standard input. Results come as they are ready; with --json one object a line.",
    ];

    public override IReadOnlyList<(int Code, string Meaning)> ExitCodes =>
    [
        (0, "verified"),
        (1, "failing or partial; with --strict also warnings"),
        (3, "undetermined"),
        (4, "unprotected: there is no DANE to check"),
    ];

    public override IReadOnlyList<string> Examples =>
    [
        "danelaw check example.org",
        "danelaw check imaps://mail.example.org --json",
        "danelaw check mail.example.org:2525 --starttls smtp",
        "danelaw check @domains.txt --concurrency 16 --resolver 192.0.2.53",
        "danelaw check example.org --nagios",
        "danelaw check example.org --save evidence.json",
        "danelaw check --replay evidence.json --now 2027-01-01T00:00:00Z",
    ];

    public override IReadOnlyList<Argument> Arguments => [_targets];

    public override IReadOnlyList<(string Heading, IReadOnlyList<Option> Options)> OptionGroups => [("judging", [_next, _strict, _nagios, _save, _replay]), ("asking", [_startTls.Option, .. _dns.All])];

    public override async Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        var parsed = call.Parsed;
        var words = parsed.GetValue(_targets) ?? [];
        var teller = new CheckTeller(call, parsed.GetValue(_nagios), parsed.GetValue(_strict), TargetList.IsSeveral(words));
        if (parsed.GetValue(_nagios) && call.Output.IsJson) throw new MisuseException("--nagios and --json cannot be given together", "--nagios is one line for a monitor, --json is for any other program");
        if (parsed.GetValue(_replay) is { } evidence) return await ReplayAsync(call, evidence, words, teller, cancellationToken).ConfigureAwait(false);
        if (words.Length == 0) throw new MisuseException("TARGET is missing", "give a mail domain (example.org) or a service (imaps://mail.example.org)");

        var parser = _startTls.Read(parsed);
        CheckTarget Parse(TargetLine line) => CheckCommand.Parse(line, parser);
        var settings = await _dns.ReadAsync(call, cancellationToken).ConfigureAwait(false);
        var options = new CheckOptions { Families = settings.Families, AskedWith = settings.AskedWith, IsIterating = settings.Iteration is not null, ConnectTo = settings.ConnectTo, TimeLimit = new CheckOptions().TimeLimit * settings.Patience };
        if (parsed.GetValue(_next) is { } next) options = options with { Next = NextOf(CertificateInput.Read(call.Surroundings, next)) };
        var roots = new Lazy<TrustStore>(() => PkixRoots.Load(call.Surroundings, settings.CaFile));
        if (settings.CaFile is not null) _ = roots.Value;
        CheckOptions OptionsFor(CheckTarget target) => target.Port == 25 ? options : options with { Roots = roots.Value };

        var transport = settings.OpenTransport(call.Surroundings.Clock);
        await using (transport.ConfigureAwait(false))
        {
            var prober = new TlsProber(new(), call.Surroundings.Clock);
            if (parsed.GetValue(_save) is { } file)
            {
                if (TargetList.IsSeveral(words)) throw new MisuseException("--save keeps the evidence of one target", "check the targets one by one, each with a file of its own");
                FileText.RequirePlace(call.Surroundings, file);
                var target = Parse(new(words[0], ""));
                var (report, recording) = await CheckRecording.CheckAsync(target, transport, prober, settings.ToResolverOptions(), OptionsFor(target), settings.Clock, teller.ProgressOf(target), cancellationToken).ConfigureAwait(false);
                return Keep(call, file, report, recording, teller);
            }

            var resolver = new Resolver(transport, settings.ToResolverOptions(), settings.Clock);
            var targets = TargetList.ReadAsync(call.Surroundings, words, Parse, cancellationToken);

            // Many domains have the same few mail hosts, which limit who connects too often.
            var shared = new SharedProber(prober, call.Surroundings.Clock, TimeSpan.FromMinutes(10));
            var code = await Crowd.RunAsync(targets, settings.Concurrency, async (target, stop) =>
            {
                var checker = new DaneChecker(resolver, shared, OptionsFor(target), settings.Clock);
                return teller.Tell(await checker.CheckAsync(target, teller.ProgressOf(target), stop).ConfigureAwait(false));
            }, cancellationToken).ConfigureAwait(false);
            if (teller.Count == 0 && !parsed.GetValue(_nagios)) call.Voice.Hint(TargetList.Empty(words));
            return teller.End(code, settings.Clock.GetUtcNow());
        }
    }

    private static int Keep(Call call, string file, CheckReport report, CheckRecording recording, CheckTeller teller)
    {
        if (file == "-")
        {
            using var evidence = new MemoryStream();
            recording.Save(evidence);
            call.Voice.Result(evidence.GetBuffer().AsSpan(0, (int)evidence.Length));
            return teller.CodeOf(report);
        }

        var code = teller.End(teller.Tell(report), recording.Now);
        FileText.WriteAll(call.Surroundings, file, recording.Save);
        return code;
    }

    private async Task<int> ReplayAsync(Call call, string file, string[] words, CheckTeller teller, CancellationToken cancellationToken)
    {
        var parsed = call.Parsed;
        if (words.Length > 0) throw new MisuseException($"{words[0]} and --replay cannot be given together", "the target stands in the evidence");
        if (parsed.GetValue(_startTls.Option) is not null) throw new MisuseException("--starttls has no meaning with --replay", "the target stands in the evidence, and what was spoken there");
        if (parsed.GetValue(_save) is not null) throw new MisuseException("--save and --replay cannot be given together", "a copy of the file is the same evidence");
        if (_dns.Given(parsed, "--now").FirstOrDefault() is { } idle) throw new MisuseException($"{idle} has no meaning with --replay", "nobody is asked, and how to judge stands in the evidence; --now and --next can be changed");
        using var evidence = new MemoryStream(FileText.ReadAll(call.Surroundings, file, MaximumEvidence));
        if (!CheckRecording.TryLoad(evidence, out var recording, out var fault)) throw new MisuseException($"{FileText.Shown(file)}: {fault}", "--replay reads what check --save has written");
        if (parsed.GetValue(_next) is { } next) recording = recording with { Options = recording.Options with { Next = NextOf(CertificateInput.Read(call.Surroundings, next)) } };
        DateTimeOffset? now = _dns.HasClock(parsed) ? _dns.ReadClock(parsed, call.Surroundings).GetUtcNow() : null;
        var report = await recording.ReplayAsync(now, cancellationToken).ConfigureAwait(false);
        return teller.End(teller.Tell(report), now ?? recording.Now);
    }

    private static Octets NextOf(CertificateFile file) => file.Certificates.IsEmpty ? file.PublicKey : file.Certificates[0];

    private static CheckTarget Parse(TargetLine line, TargetParser parser) =>
        parser(line.Text, out var target, out var fault)
            ? target
            : throw new MisuseException($"{line.Prefix}'{(line.Text.Length <= 60 ? line.Text : line.Text[..40] + "..")}' is no target: {fault}", "give a mail domain (example.org) or a service (imaps://mail.example.org, mail.example.org:993; mail.example.org:2525 with --starttls smtp)");
}
