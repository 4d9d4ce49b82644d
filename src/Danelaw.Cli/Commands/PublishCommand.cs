using System.Collections.Immutable;
using System.CommandLine;
using Danelaw.Cli.Options;
using Danelaw.Cli.Rendering;
using Danelaw.Cli.Rendering.Operating;
using Danelaw.Cli.Running;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Validation;
using Danelaw.Operator.Publishing;
using Danelaw.Operator.Publishing.Propagation;
using Danelaw.Operator.Rollover;
using Danelaw.Servers;
using Danelaw.Tlsa;

namespace Danelaw.Cli.Commands;

/// <summary><c>publish</c>: TLSA records put where their zone is mastered, then the wait until every authoritative server has them.</summary>
internal sealed class PublishCommand : Verb
{
    private static readonly TimeSpan DefaultWait = TimeSpan.FromMinutes(15);

    private readonly Argument<string[]> _names = new("NAME") { HelpName = "NAME", Arity = ArgumentArity.OneOrMore };
    private readonly PublishRecords _records = new();
    private readonly PublishPlace _place = new();
    private readonly Option<bool> _dryRun = Flag.Of("--dry-run", "show what is there and what would be, and change nothing");
    private readonly Option<bool> _noWait = Flag.Of("--no-wait", "do not wait for the authoritative servers");
    private readonly Option<string> _wait = Flag.Value("--wait", "DURATION", "how long to wait for the authoritative servers; default 15m");
    private readonly Option<bool> _allowUnsigned = Flag.Of("--allow-unsigned", "publish in a zone without DNSSEC too, where the records mean nothing to anybody");
    private readonly Option<bool> _force = Flag.Of("--force", "publish all the same where senders would then pass over a record (RFC 7671, section 9)");
    private readonly DnsOptions _dns = new();

    public override string Name => "publish";

    public override VerbGroup Group => VerbGroup.Records;

    public override string Summary => "put TLSA records into their zone, and wait for servers";

    public override IReadOnlyList<string> Usage => ["NAME ... --tlsa \"3 1 1 HEX\" --to WAY [OPTION ...]", "NAME ... --certificate FILE --to WAY [OPTION ...]", "NAME ... --remove [--all] --to WAY [OPTION ...]"];

    public override IReadOnlyList<string> Description =>
    [
        "NAME is an owner (_25._tcp.mx.example.org) or a host (mx.example.org), then with each --port. The records are added to those that are there, unless --replace or --remove says otherwise: whoever rolls a key needs the old record and the new one side by side, until caches have forgotten the time before (RFC 7671, section 8.1).",
        "Only the TLSA RRset of each owner is ever touched, and only if it still is what it was when it was read. Of several owners all are published, or none. Then every authoritative server is asked directly, at each address, until all have the new set, validly signed. In a zone without DNSSEC nothing is published: danelaw dnssec says what to do there.",
    ];

    public override IReadOnlyList<(int Code, string Meaning)> ExitCodes =>
    [
        (0, "every server has it, or nothing was to be done"),
        (1, "refused, or changed by somebody else meanwhile; everything is as it was"),
        (3, "not every server has it yet, or the place could not be reached: try again later"),
    ];

    public override IReadOnlyList<string> Examples =>
    [
        "danelaw publish mx.example.org --certificate cert.pem --to manual",
        "danelaw publish mx.example.org --tlsa \"3 1 1 8cb0..\" --to rfc2136 \\",
        "    --server ns1.example.org --key /etc/danelaw/tsig.key --dry-run",
        "danelaw publish mx.example.org --certificate cert.pem --to powerdns \\",
        "    --url http://127.0.0.1:8081 --key /etc/danelaw/api.key",
        "danelaw publish mx.example.org --port 25 --port 465 --certificate cert.pem \\",
        "    --to zone-file --file db.example.org --zone example.org \\",
        "    --reload \"rndc reload example.org\"",
        "danelaw publish mx.example.org --certificate cert.pem --to hook \\",
        "    --command /usr/local/lib/danelaw/hooks/desec",
    ];

    public override IReadOnlyList<Argument> Arguments => [_names];

    public override IReadOnlyList<(string Heading, IReadOnlyList<Option> Options)> OptionGroups =>
        [("the records", _records.All), ("where the zone is changed", _place.All), ("how far to go", [_dryRun, _noWait, _wait, _allowUnsigned, _force]), ("asking the DNS", _dns.All)];

    // Taken, so that one set of options serves every verb, and without effect here.
    public override IReadOnlyList<Option> Unused => _dns.ForCertificates;

    public override async Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        var parsed = call.Parsed;
        var change = _records.ReadChange(parsed);
        var settings = _place.Read(call);
        var owners = _records.ReadOwners(parsed, parsed.GetValue(_names) ?? []);
        var limit = parsed.GetValue(_wait) is { } text ? Quantity.Duration("--wait", text, TimeSpan.Zero, TimeSpan.FromDays(30)) : DefaultWait;
        if (parsed.GetValue(_noWait) && parsed.GetResult(_wait) is { Implicit: false }) throw new MisuseException("--wait and --no-wait cannot be given together");
        TlsaSet given;
        IReadOnlyDictionary<TlsaRecord, TlsaRecord> stronger;
        try
        {
            given = _records.Read(call, owners, change, _dns.ReadClock(parsed, call.Surroundings).GetUtcNow(), out var notes, out stronger);
            foreach (var note in notes) call.Voice.Hint(note);
        }
        catch (RefusedRecordException refused)
        {
            call.Voice.Error(refused.Message);
            return ExitCode.Bad;
        }

        var dns = await _dns.ReadAsync(call, cancellationToken).ConfigureAwait(false);
        var transport = dns.OpenTransport(call.Surroundings.Clock);
        await using (transport.ConfigureAwait(false))
        {
            var resolver = new Resolver(transport, dns.ToResolverOptions(), dns.Clock);
            var servers = new AuthoritativeServers(resolver, transport, dns.OpenDelegations(resolver, transport)) { Families = dns.Families, ConnectTo = dns.ConnectTo };
            var services = new PublisherServices { Time = call.Surroundings.Clock, Servers = servers, Variable = call.Surroundings.Variable, LookupHost = (host, stop) => HostAddresses.FindAsync(resolver, host, stop) };
            if (ZonePublisher.FindFault(settings, services) is { } fault) throw new MisuseException(fault);
            var publisher = ZonePublisher.Create(settings, services);
            var run = new Run(call, settings, publisher, dns, resolver, servers, owners, limit, stronger);
            return await RunAsync(run, given, change, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<int> RunAsync(Run run, TlsaSet given, RecordChange change, CancellationToken cancellationToken)
    {
        var (call, clock) = (run.Call, run.Call.Surroundings.Clock);
        var begun = clock.GetTimestamp();
        var (isDry, isWaiting) = (call.Parsed.GetValue(_dryRun), !call.Parsed.GetValue(_noWait));

        // What is taken away needs no signature to be gone.
        var takesInsecure = call.Parsed.GetValue(_allowUnsigned) || change is RecordChange.Remove or RecordChange.RemoveAll;

        // Before anything is changed: how long caches keep what is there, and whether the zone is signed.
        call.Voice.Progress("asking the authoritative servers");
        var views = await run.Servers.AskAsync(run.Owners, cancellationToken).ConfigureAwait(false);
        if (!takesInsecure && views.FirstOrDefault(view => view.Security == Security.Insecure) is { } unsigned)
        {
            call.Voice.Error($"{Words.Of(unsigned.Owner)} is not protected by DNSSEC, so TLSA records there mean nothing: {unsigned.Detail}");
            call.Voice.Hint("danelaw dnssec ZONE says how to sign the zone; --allow-unsigned publishes all the same, for a zone that is about to be signed");
            return ExitCode.Bad;
        }

        var plans = await PublishRun.PlanAsync(run.Publisher, run.Owners, given, change, _records.ReadTimeToLive(call.Parsed), cancellationToken).ConfigureAwait(false);
        var report = new PublishReport(PublishPlace.NameOf(run.Settings), isDry, plans);
        if (plans.Any(plan => plan.Outcome is not null)) return Tell(call, report);
        if (!call.Parsed.GetValue(_force) && PublishRun.FindPassedOver(plans, given, run.Stronger) is var (owner, passed, senders))
        {
            call.Voice.Error(PassedOverText.Tell(owner, passed, senders));
            call.Voice.Hint(PassedOverText.Advise(given, passed, change));
            return ExitCode.Bad;
        }

        if (isDry) return Tell(call, report);
        if (run.Settings is PublisherSettings.Manual manual)
        {
            report = report with { Forms = await FormsAsync(run, plans, manual.Zone, cancellationToken).ConfigureAwait(false) };
            if (report.IsChange && !call.Output.IsJson) PublishText.TellForms(call, report);
            else if (!report.IsChange) report = report with { Owners = [.. plans.Select(plan => plan with { Outcome = PublishOutcome.Unchanged })] };
        }
        else
        {
            report = report with { Owners = await PublishRun.PublishAsync(run.Publisher, plans, cancellationToken).ConfigureAwait(false) };
            if (report.Owners.Any(owner => !owner.IsDone))
            {
                var code = Tell(call, report);
                cancellationToken.ThrowIfCancellationRequested();
                return code;
            }
        }

        var bared = await BaredOwners.ReadAsync(run.Publisher, run.Settings, report.Owners, cancellationToken).ConfigureAwait(false);
        if (report.IsChange && OpenApiKey.Advise(run.Settings) is { } open) call.Voice.Hint(open);
        if (report.IsChange && UntoldServer.Advise(run.Settings) is { } untold) call.Voice.Hint($"{untold}; --reload COMMAND has it done here");
        if (!isWaiting) return Tell(call, report with { Owners = bared.Told(report.Owners, []) });
        var gate = PropagationGate.For(plans.Select(plan => KeyValuePair.Create(plan.Owner.ToString(), plan.After))).See([.. views.Select(Take)], TimeSpan.Zero);
        var wait = new PropagationWait(() => run.Servers, clock, call.Voice);
        Propagation propagation;
        try
        {
            propagation = await wait.WaitAsync(gate, run.Owners, run.Limit, Take, begun, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            call.Voice.EndProgress();
            if (report.IsChange) call.Voice.Hint(run.Settings is PublisherSettings.Manual ? "nothing was changed from here; the same command goes on waiting" : $"{(change is RecordChange.Remove or RecordChange.RemoveAll ? "what was taken out stays out" : "what was published stays")}; the same command goes on waiting");
            throw;
        }

        var told = Tell(call, report with { Propagation = propagation, Owners = bared.Told(report.Owners, propagation.Views) });
        if (propagation.Gate.IsOpen && change is RecordChange.Add or RecordChange.Replace) await UnshownRecords.TellAsync(call, run.Dns, run.Resolver, run.Owners, given, cancellationToken).ConfigureAwait(false);
        return told;

        ServerView Take(AuthoritativeView view) => bared.Take(view, takesInsecure);
    }

    private static int Tell(Call call, PublishReport report)
    {
        if (call.Output.IsJson) call.Voice.Result(PublishJson.Document(report));
        else PublishText.Tell(call, report);
        return report.ExitCode;
    }

    private static async Task<ImmutableArray<FormFields>> FormsAsync(Run run, ImmutableArray<PublishedOwner> plans, DomainName? given, CancellationToken cancellationToken)
    {
        var forms = ImmutableArray.CreateBuilder<FormFields>();
        foreach (var plan in plans)
        {
            var zone = given ?? (await new ServerSearch(run.Resolver).FindAsync(plan.Owner, RecordType.TLSA, cancellationToken).ConfigureAwait(false))?.Zone;
            if (zone is not { } its) throw new MisuseException($"the zone that holds {plan.Owner} could not be found", "give it: --zone example.org");
            if (!plan.Owner.IsAtOrBelow(its)) throw new MisuseException($"--zone: {plan.Owner} is not in {its}");
            // What is there already, as it is to be, needs no typing.
            var isSame = plan.Before.TimeToLive == plan.TimeToLive;
            forms.AddRange(plan.After.Records.Where(record => !isSame || !plan.Before.Records.Records.Contains(record)).Select(record => FormFields.Of(its, plan.Owner, record, plan.TimeToLive)));
        }

        return forms.ToImmutable();
    }

    private sealed record Run(Call Call, PublisherSettings Settings, IZonePublisher Publisher, DnsSettings Dns, Resolver Resolver, AuthoritativeServers Servers, ImmutableArray<DomainName> Owners, TimeSpan Limit, IReadOnlyDictionary<TlsaRecord, TlsaRecord> Stronger);
}
