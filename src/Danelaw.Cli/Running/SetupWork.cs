using System.Collections.Immutable;
using System.Net;
using System.Runtime.Versioning;
using Danelaw.Checks;
using Danelaw.Cli.Commands;
using Danelaw.Cli.Options;
using Danelaw.Cli.Rendering;
using Danelaw.Cli.Rendering.Operating;
using Danelaw.Dns.Names;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Resolution;
using Danelaw.Operator.Audit;
using Danelaw.Operator.Audit.Files;
using Danelaw.Operator.Publishing;
using Danelaw.Operator.Publishing.Propagation;
using Danelaw.Operator.Rollover;
using Danelaw.Operator.Rollover.Acting;
using Danelaw.Operator.Rollover.Observing;
using Danelaw.Operator.Setup;
using Danelaw.Probes;
using Danelaw.Servers;

namespace Danelaw.Cli.Running;

/// <summary>The work of <c>setup</c>: look, plan, show or carry out, tell.</summary>
/// <param name="call">The call.</param>
/// <param name="files">The host's files.</param>
/// <param name="options">What is wanted.</param>
/// <param name="settings">How the DNS is asked.</param>
/// <param name="transport">Carries the questions.</param>
/// <param name="bogusName">A name whose signatures are wrong.</param>
/// <param name="domains">A file of domains; null without.</param>
/// <param name="isElsewhere">Whether the files are another host's.</param>
/// <param name="mayAsk">Whether the DNS may be asked.</param>
[UnsupportedOSPlatform("windows")]
internal sealed class SetupWork(Call call, HostFiles files, SetupOptions options, DnsSettings settings, DnsTransport transport, DomainName bogusName, string? domains, bool isElsewhere, bool mayAsk)
{
    private const int MaximumAddresses = 8;

    private static readonly TimeSpan Gate = TimeSpan.FromMinutes(2);

    private readonly CheckOptions _check = new() { Families = settings.Families, AskedWith = settings.AskedWith, ConnectTo = settings.ConnectTo };
    private readonly TlsProber _prober = new(new(), call.Surroundings.Clock);
    private readonly LivePrograms _programs = new(call.Surroundings.Clock) { TimeLimit = TimeSpan.FromMinutes(2) };

    /// <summary>The servers of the zones above are asked once.</summary>
    private DelegationSearch? _delegations;

    /// <summary>Shows the plan.</summary>
    public async Task<int> ShowAsync(CancellationToken cancellationToken)
    {
        var (_, plan) = await PlanAsync(cancellationToken).ConfigureAwait(false);
        Tell(plan, null);
        return plan.IsRefused ? ExitCode.Bad : plan.LeavesWork ? ExitCode.Undetermined : ExitCode.Good;
    }

    /// <summary>Carries the plan out.</summary>
    public async Task<int> ApplyAsync(CancellationToken cancellationToken)
    {
        // For a plan that cannot be, nothing is locked and no folder made.
        var journals = files.Here(options.JournalFolder);
        (SetupFacts Facts, SetupPlan Plan)? first = Directory.Exists(journals) ? null : await PlanAsync(cancellationToken).ConfigureAwait(false);
        if (first is { Plan: { IsRefused: true } refused }) return Tell(refused, new(SetupResult.Refused));
        var run = Run(WitnessOf(null));
        using var held = run.Lock();
        if (await run.RecoverAsync(cancellationToken).ConfigureAwait(false) is { } recovered) call.Voice.Hint(recovered);

        // What another setup that has ended meanwhile has altered is seen under the lock alone.
        var (facts, plan) = first is { } made && !Directory.EnumerateDirectories(journals).Any() ? made : await PlanAsync(cancellationToken).ConfigureAwait(false);
        run = Run(WitnessOf(facts));
        foreach (var warning in plan.IsRefused || plan.Steps.IsEmpty ? [] : plan.Warnings) call.Voice.Hint($"{char.ToLowerInvariant(warning[0])}{warning[1..].TrimEnd('.')}");
        var outcome = await run.ApplyAsync(plan, new Steps(call, plan), cancellationToken).ConfigureAwait(false);
        return Tell(plan, outcome);
    }

    /// <summary>Takes everything back.</summary>
    public async Task<int> UndoAsync(UndoOptions undo, CancellationToken cancellationToken)
    {
        var run = Run(WitnessOf(null));
        using var held = run.Lock();
        var outcome = await run.UndoAsync(undo, cancellationToken).ConfigureAwait(false);
        if (call.Output.IsJson) call.Voice.Result(SetupJson.Document(new() { Host = "" }, [], outcome));
        else
        {
            var page = new Page(call.Output.Style);
            UndoText.WriteOutcome(page, outcome);
            call.Voice.Result(page.ToUtf8());
        }

        return CodeOf(outcome);
    }

    /// <summary>Shows what taking everything back would do.</summary>
    public async Task<int> ShowUndoAsync(UndoOptions undo, CancellationToken cancellationToken)
    {
        var preview = await Run(WitnessOf(null)).PreviewUndoAsync(undo, cancellationToken).ConfigureAwait(false);
        if (call.Output.IsJson) call.Voice.Result(SetupJson.Document(preview));
        else
        {
            var page = new Page(call.Output.Style);
            UndoText.WritePlan(page, preview, Typed(), call.Output);
            call.Voice.Result(page.ToUtf8());
        }

        return preview.Result == SetupResult.Refused ? ExitCode.Bad : ExitCode.Good;
    }

    private SetupRun Run(SetupWitness witness) => new(files, _programs, witness, options, call.Surroundings.Clock) { Publisher = PublisherOf(), Renewal = RenewalOf(), Faults = FaultsOf() };

    private SetupPublisher? PublisherOf()
    {
        if (options.Publisher is not { } publisher) return null;
        if (ZonePublisher.FindFault(publisher, Services()) is { } fault) throw new MisuseException(fault);

        // Each look asks anew who the servers are: what was seen before the records were there is not remembered.
        async Task<ImmutableArray<ServerView>> LookAsync(IEnumerable<DomainName> owners, CancellationToken stop) => [.. (await NewServers().AskAsync(owners, stop).ConfigureAwait(false)).Select(view => view.ToServerView())];

        return new(ZonePublisher.Create(publisher, Services()), LookAsync, Gate, call.Surroundings.Clock);
    }

    private SetupRenewal? RenewalOf()
    {
        if (!options.WantsRollover) return null;
        var network = new RolloverNetwork(NewServers(), NewLookup(), _prober, settings.ConnectTo);
        return new(files, options, network, place => ZonePublisher.Create(place, Services()), call.Surroundings.Clock);
    }

    private PublisherServices Services()
    {
        var lookup = NewLookup();
        return new() { Time = call.Surroundings.Clock, Servers = NewServers(), Variable = call.Surroundings.Variable, LookupHost = (host, stop) => HostAddresses.FindAsync(lookup, host, stop) };
    }

    private AuthoritativeServers NewServers() => new(NewLookup(), transport, _delegations ??= settings.OpenDelegations(NewLookup(), transport)) { Families = settings.Families, ConnectTo = settings.ConnectTo };

    private FaultPoints FaultsOf()
    {
        try
        {
            return FaultPoints.Read(call.Surroundings.Variable(FaultPoints.Variable));
        }
        catch (FormatException fault)
        {
            throw new MisuseException(fault.Message);
        }
    }

    private async Task<(SetupFacts Facts, SetupPlan Plan)> PlanAsync(CancellationToken cancellationToken)
    {
        var facts = await LookAsync(cancellationToken).ConfigureAwait(false);
        return (facts, SetupPlanner.Plan(facts, options, settings.Clock.GetUtcNow()));
    }

    private async Task<SetupFacts> LookAsync(CancellationToken cancellationToken)
    {
        var (host, network, report) = await AuditAsync(cancellationToken).ConfigureAwait(false);
        var reader = new SetupReader(files, options);
        var facts = reader.Read(host, network, report);
        if (!mayAsk || host.Postfix.IsEmpty) return facts;
        if (!isElsewhere) facts = facts with { Loopback = await SetupReader.AskLoopbackAsync(transport, bogusName, cancellationToken).ConfigureAwait(false) };
        facts = await reader.AskAsync(facts, NewLookup(), NewServers(), cancellationToken).ConfigureAwait(false);
        return isElsewhere ? facts : facts with { Shown = await WitnessOf(facts).LookAsync(host.Chains.SelectMany(chain => chain.Use.Ports), cancellationToken).ConfigureAwait(false) };
    }

    private async Task<(HostFacts Host, NetworkFacts Network, DoctorReport Report)> AuditAsync(CancellationToken cancellationToken)
    {
        call.Voice.Progress("looking at this host");
        var host = await new HostReader(files, isElsewhere ? null : _programs).ReadAsync(cancellationToken).ConfigureAwait(false);
        var names = await MailDomains.OfAsync(call, host, domains, cancellationToken).ConfigureAwait(false);
        var network = NetworkFacts.None;
        if (mayAsk && host.HasMailServer)
        {
            var survey = new NetworkSurvey(NewLookup(), isElsewhere ? null : _prober, isElsewhere ? null : transport, _check, settings.Clock) { Servers = isElsewhere ? null : (owners, stop) => NewServers().AskAsync(owners, stop) };
            network = await survey.AskAsync(host, names, bogusName, settings.Concurrency, null, cancellationToken).ConfigureAwait(false);
        }

        return (host, network, Doctor.Judge(host, files, network, _check, settings.Clock.GetUtcNow()));
    }

    private Resolver NewLookup() => new(transport, settings.ToResolverOptions(), settings.Clock);

    /// <summary>Services are looked at where senders find them; where the MX records lead elsewhere (behind a translating router), at this host's own addresses.</summary>
    private SetupWitness WitnessOf(SetupFacts? facts)
    {
        ImmutableArray<IPAddress> own = facts?.Host.Addresses ?? [];
        ImmutableArray<IPAddress> addresses = [.. (facts?.Network.Domains ?? []).SelectMany(domain => domain.Report.Hosts).SelectMany(mx => mx.Addresses).Where(own.Contains).Distinct()];
        if (addresses.IsEmpty) addresses = [.. own.Where(address => !address.IsIPv6LinkLocal)];
        var names = facts is null ? [] : SetupPlanner.Names(facts, options);
        return new(files, [.. addresses.Take(MaximumAddresses)], names.IsEmpty ? DomainName.Root : names[0], new()
        {
            Transport = transport,
            Lookup = NewLookup,
            Servers = (owners, stop) => NewServers().AskAsync(owners, stop),
            Prober = _prober,
            Options = _check,
            BogusName = bogusName,
            Audit = async stop => (await AuditAsync(stop).ConfigureAwait(false)).Report,
            Clock = call.Surroundings.Clock,
        });
    }

    private int Tell(SetupPlan plan, SetupOutcome? outcome)
    {
        if (call.Output.IsJson)
        {
            call.Voice.Result(SetupJson.Document(plan, StepPreview.Of(plan, files), outcome));
        }
        else
        {
            var page = new Page(call.Output.Style);
            if (outcome is null) SetupText.WritePlan(page, plan, files, call.Output, Typed());
            else SetupText.WriteOutcome(page, plan, outcome, call.Output);
            call.Voice.Result(page.ToUtf8());
        }

        return outcome is null ? ExitCode.Good : CodeOf(outcome);
    }

    /// <summary>The command that does what was shown, to be copied; what was planned for the files of another host is done there.</summary>
    private string Typed()
    {
        var words = call.Parsed.Tokens.Select(token => token.Value).Where(word => word != "--dry-run").Prepend("danelaw").ToList();
        if (words.IndexOf("--root") is var root and > 0) words.RemoveRange(root, Math.Min(2, words.Count - root));
        return string.Join(' ', words.Select(ShellWord.Quote));
    }

    private static int CodeOf(SetupOutcome outcome) => outcome.Result switch
    {
        SetupResult.Done or SetupResult.Nothing or SetupResult.Undone => ExitCode.Good,
        SetupResult.Waiting => ExitCode.Undetermined,
        SetupResult.Failed or SetupResult.Stuck or SetupResult.Refused => ExitCode.Bad,
    };

    /// <summary>Shows which step is being taken.</summary>
    private sealed class Steps(Call call, SetupPlan plan) : IProgress<SetupStep>
    {
        public void Report(SetupStep value) => call.Voice.Progress(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{plan.Steps.IndexOf(value) + 1}/{plan.Steps.Length} {value.Title}"));
    }
}
