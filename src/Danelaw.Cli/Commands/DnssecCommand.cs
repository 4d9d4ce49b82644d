using System.CommandLine;
using Danelaw.Cli.Options;
using Danelaw.Cli.Rendering.Operating;
using Danelaw.Cli.Running;
using Danelaw.Operator;
using Danelaw.Operator.Publishing.Signing;

namespace Danelaw.Cli.Commands;

/// <summary><c>dnssec ZONE</c>: what is missing until a zone is signed and trusted, and the wait for it.</summary>
internal sealed class DnssecCommand : Verb
{
    private static readonly TimeSpan DefaultWait = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly Argument<string> _zone = new("ZONE") { HelpName = "ZONE" };
    private readonly Option<string> _software = Flag.Value("--software", "NAME", "the DNS server in use: bind, knot, powerdns, or nsd for any that serves signed files; default what the zone's servers say they are", "bind", "knot", "powerdns", "nsd");
    private readonly Option<bool> _noWait = Flag.Of("--no-wait", "do not wait for the zone above");
    private readonly Option<string> _wait = Flag.Value("--wait", "DURATION", "how long to wait for what is missing; default 15m once the zone is signed, otherwise not at all");
    private readonly DnsOptions _dns = new();

    public override string Name => "dnssec";

    public override VerbGroup Group => VerbGroup.Zones;

    public override string Summary => "what is missing until a zone is signed and trusted";

    public override IReadOnlyList<string> Usage => ["ZONE [OPTION ...]"];

    public override IReadOnlyList<string> Description =>
    [
        "Asks every server of the zone, and of the zone above, directly. For an unsigned zone it says what to do at the DNS server in use (BIND, Knot, PowerDNS; danelaw zone sign for NSD and others). For a signed one it prints the DS record for the registrar's form, waits until every server above has it, and until the chain of trust leads from the anchors to every server of the zone.",
        "It changes nothing itself. CDS and CDNSKEY records, by which some zones above fetch the DS record themselves (RFC 7344, 8078), are told of where the zone has them.",
    ];

    public override IReadOnlyList<(int Code, string Meaning)> ExitCodes =>
    [
        (0, "the zone is secure at every server"),
        (1, "broken: validating resolvers refuse the zone; or the zone above is not signed"),
        (3, "not there yet, or it could not be seen: try again later"),
    ];

    public override IReadOnlyList<string> Examples => ["danelaw dnssec example.org", "danelaw dnssec example.org --software bind --no-wait", "danelaw dnssec example.org --wait 2h --json"];

    public override IReadOnlyList<Argument> Arguments => [_zone];

    public override IReadOnlyList<(string Heading, IReadOnlyList<Option> Options)> OptionGroups => [("the zone", [_software, _noWait, _wait]), ("asking the DNS", _dns.All)];

    // Taken, so that one set of options serves every verb, and without effect here.
    public override IReadOnlyList<Option> Unused => _dns.ForCertificates;

    public override async Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        var (parsed, clock) = (call.Parsed, call.Surroundings.Clock);
        var zone = DnsOptions.ReadName("ZONE", parsed.GetValue(_zone)!);
        SigningSoftware? software = parsed.GetValue(_software) is { } named ? ReadSoftware(named) : null;
        TimeSpan? asked = parsed.GetValue(_wait) is { } text ? Quantity.Duration("--wait", text, TimeSpan.Zero, TimeSpan.FromDays(30)) : null;
        if (parsed.GetValue(_noWait) && asked is not null) throw new MisuseException("--wait and --no-wait cannot be given together");
        var settings = await _dns.ReadAsync(call, cancellationToken).ConfigureAwait(false);
        var transport = settings.OpenTransport(clock);
        await using (transport.ConfigureAwait(false))
        {
            var survey = new ZoneSigningSurvey(settings.ToResolverOptions(), transport, settings.Clock) { Families = settings.Families, ConnectTo = settings.ConnectTo };
            var begun = clock.GetTimestamp();
            var pause = FirstPause;
            var isTold = false;
            while (true)
            {
                var evidence = await survey.AskAsync(zone, cancellationToken).ConfigureAwait(false);
                var report = ZoneSigningJudge.Judge(evidence);
                if (software is { } given) report = report with { Software = given };
                var limit = parsed.GetValue(_noWait) ? TimeSpan.Zero : asked ?? (report.State is ZoneSigningState.AwaitingSigner or ZoneSigningState.AwaitingParents ? DefaultWait : TimeSpan.Zero);
                var left = limit - clock.GetElapsedTime(begun);
                if (CodeOf(report.State) != ExitCode.Undetermined || left <= TimeSpan.Zero)
                {
                    if (call.Output.IsJson) call.Voice.Result(DnssecJson.Document(evidence, report));
                    else DnssecText.Tell(call, evidence, report, isLast: true, isTold);
                    return CodeOf(report.State);
                }

                // What there is to do is told before the wait for it.
                if (!isTold && !call.Output.IsJson) DnssecText.Tell(call, evidence, report, isLast: false, isTold);
                isTold = true;
                call.Voice.Progress($"{report.Reason}; {Duration.Say(left)} left");
                await Task.Delay(pause < left ? pause : left, clock, cancellationToken).ConfigureAwait(false);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    private static int CodeOf(ZoneSigningState state) => state switch
    {
        ZoneSigningState.Secure => ExitCode.Good,
        ZoneSigningState.Broken or ZoneSigningState.ParentUnsigned or ZoneSigningState.NoZone => ExitCode.Bad,
        ZoneSigningState.Unreachable or ZoneSigningState.Unsigned or ZoneSigningState.PartlySigned or ZoneSigningState.AwaitingSigner or ZoneSigningState.AwaitingParents => ExitCode.Undetermined,
    };

    private static SigningSoftware ReadSoftware(string text) => text.ToLowerInvariant() switch
    {
        "bind" => SigningSoftware.Bind,
        "knot" => SigningSoftware.Knot,
        "powerdns" or "pdns" => SigningSoftware.PowerDns,
        "nsd" or "other" => SigningSoftware.Nsd,
        _ => throw new MisuseException($"--software takes bind, knot, powerdns or nsd, not '{text}'"),
    };
}
