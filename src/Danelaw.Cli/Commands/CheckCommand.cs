using System.CommandLine;
using Danelaw.Certificates;
using Danelaw.Checks;
using Danelaw.Cli.Options;
using Danelaw.Cli.Running;
using Danelaw.Dns;
using Danelaw.Dnssec.Resolution;
using Danelaw.Probes;

namespace Danelaw.Cli.Commands;

/// <summary><c>check TARGET…</c>: the main job.</summary>
internal sealed class CheckCommand : Verb
{
    private readonly Argument<string[]> _targets = new("TARGET") { HelpName = "TARGET", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string> _next = Flag.Value("--next", "FILE", "the certificate or key to come: its records are told as next, others that match nothing as stale");
    private readonly Option<bool> _strict = Flag.Of("--strict", "warnings give exit 1 too");
    private readonly Option<bool> _nagios = Flag.Of("--nagios", "one line and exit codes as a monitoring plugin");
    private readonly DnsOptions _dns = new();

    public override string Name => "check";

    public override string Summary => "DANE of mail domains and services: every server, every address, every kind of key";

    public override IReadOnlyList<string> Usage => ["TARGET ... [OPTION ...]", "@FILE [OPTION ...]"];

    public override IReadOnlyList<string> Description =>
    [
        "TARGET is a mail domain (example.org) or one service (imaps://host, https://host:8443, host:993). Ports 25, 587, 143, 110 and 4190 are spoken to by STARTTLS, 465, 993, 995 and 443 by TLS at once; other ports need a scheme.",
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
        "danelaw check @domains.txt --concurrency 16 --resolver 192.0.2.53",
        "danelaw check example.org --nagios",
    ];

    public override IReadOnlyList<Argument> Arguments => [_targets];

    public override IReadOnlyList<(string Heading, IReadOnlyList<Option> Options)> OptionGroups => [("judging", [_next, _strict, _nagios]), ("asking", _dns.All)];

    public override async Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        var words = call.Parsed.GetValue(_targets) ?? [];
        var settings = _dns.Read(call.Parsed, call.Surroundings);
        var teller = new CheckTeller(call, call.Parsed.GetValue(_nagios), call.Parsed.GetValue(_strict), TargetList.IsSeveral(words));
        var options = new CheckOptions { Families = settings.Families, ConnectTo = settings.ConnectTo, TimeLimit = new CheckOptions().TimeLimit * settings.Patience };
        if (call.Parsed.GetValue(_next) is { } next) options = options with { Next = NextOf(CertificateInput.Read(call.Surroundings, next)) };
        var roots = new Lazy<TrustStore>(() => PkixRoots.Load(call.Surroundings, settings.CaFile));
        if (settings.CaFile is not null) _ = roots.Value;
        var targets = TargetList.ReadAsync(call.Surroundings, words, Parse, cancellationToken);
        var transport = settings.OpenTransport(call.Surroundings.Clock);
        await using (transport.ConfigureAwait(false))
        {
            var resolver = new Resolver(transport, settings.ToResolverOptions(), settings.Clock);
            var prober = new TlsProber(new(), call.Surroundings.Clock);
            var code = await Crowd.RunAsync(targets, settings.Concurrency, async (target, stop) =>
            {
                var checker = new DaneChecker(resolver, prober, target.Port == 25 ? options : options with { Roots = roots.Value }, settings.Clock);
                var report = await checker.CheckAsync(target, teller.ProgressOf(target), stop).ConfigureAwait(false);
                return teller.Tell(report);
            }, cancellationToken).ConfigureAwait(false);
            return teller.End(code, settings.Clock.GetUtcNow());
        }
    }

    private static Octets NextOf(CertificateFile file) => file.Certificates.IsEmpty ? file.PublicKey : file.Certificates[0];

    private static CheckTarget Parse(TargetLine line) =>
        CheckTarget.TryParse(line.Text, out var target, out var fault)
            ? target
            : throw new MisuseException($"{line.Prefix}'{(line.Text.Length <= 60 ? line.Text : line.Text[..40] + "..")}' is no target: {fault}", "give a mail domain (example.org) or a service (imaps://mail.example.org, mail.example.org:993)");
}
