using System.Collections.Immutable;
using System.CommandLine;
using System.Text;
using Danelaw.Cli.Options;
using Danelaw.Cli.Rendering;
using Danelaw.Cli.Rendering.Operating;
using Danelaw.Cli.Running;
using Danelaw.Dns.Names;
using Danelaw.Dnssec.Resolution;
using Danelaw.Operator;
using Danelaw.Operator.Publishing;
using Danelaw.Operator.Publishing.Propagation;
using Danelaw.Operator.Rollover;
using Danelaw.Operator.Rollover.Acting;
using Danelaw.Operator.Rollover.Keeping;
using Danelaw.Operator.Rollover.Observing;
using Danelaw.Operator.Rollover.Settings;
using Danelaw.Probes;

namespace Danelaw.Cli.Commands;

/// <summary>What the verbs of <c>rollover</c> share: the settings, which rolls are meant, and how they are told.</summary>
internal abstract class RolloverVerb : Verb
{
    protected const string Settings = RolloverSettings.DefaultFile;

    /// <summary>A run that sees somebody wait begins nothing more, and ends by then whatever it has begun.</summary>
    private static readonly TimeSpan Patience = new RunnerOptions().Limit + new RunnerOptions().Grace;

    protected Option<string> Config { get; } = Flag.Value("--config", "FILE", $"the settings; default {Settings}");

    /// <summary>A margin for one run, in place of the settings'.</summary>
    protected Option<string> Margin { get; } = Flag.Value("--margin", "DURATION", "what is added to every wait in this run, for servers that cannot be seen, instead of margin in the settings");

    protected Argument<string[]> Names { get; } = new("NAME") { Arity = ArgumentArity.ZeroOrMore };

    protected DnsOptions Dns { get; } = new();

    public override VerbGroup Group => VerbGroup.Host;

    public override IReadOnlyList<Argument> Arguments => [Names];

    public override IReadOnlyList<string> Usage => ["[NAME ...] [OPTION ...]"];

    public override IReadOnlyList<(int Code, string Meaning)> ExitCodes =>
    [
        (0, "every roll is done, or there is nothing to do"),
        (1, "a roll cannot go on by itself; nothing is broken"),
        (3, "a roll waits: it goes on at the next run"),
    ];

    public override IReadOnlyList<(string Heading, IReadOnlyList<Option> Options)> OptionGroups => [("what is rolled", [Config]), ("asking the DNS", Dns.All)];

    /// <summary>Reads the settings, whole or not at all.</summary>
    /// <exception cref="MisuseException">They cannot be read, or something in them is wrong.</exception>
    protected RolloverSettings ReadSettings(Call call)
    {
        if (OperatingSystem.IsWindows()) throw new MisuseException("danelaw rollover is for Linux");
        var path = call.Parsed.GetValue(Config) ?? Settings;
        var full = path == "-" ? path : Path.GetFullPath(path, call.Surroundings.Folder);
        if (path != "-" && !File.Exists(full)) throw new MisuseException($"there are no settings in {full}", "danelaw setup --rollover writes them, docs/rollover.md tells how to write them yourself, and --config FILE names another place");
        if (path != "-" && SettingsFile.FindFault(full, File.GetUnixFileMode(full), out var mend) is { } open) throw new MisuseException(open, mend);
        string text;
        try
        {
            text = new UTF8Encoding(false, true).GetString(FileText.ReadAll(call.Surroundings, path, 1 << 20));
        }
        catch (DecoderFallbackException)
        {
            throw new MisuseException($"{full}: it is no text in UTF-8");
        }

        if (RolloverSettingsText.TryRead(text, path == "-" ? "-" : full, out var settings, out var faults)) return RolloverStore.FindFault() is { } lacking ? throw new MisuseException(lacking, "docs/guide/install.md says what belongs together; nothing was done") : settings;
        foreach (var fault in faults.SkipLast(1)) call.Voice.Error($"{fault.Place}: {fault.Text}");
        throw new MisuseException($"{faults[^1].Place}: {faults[^1].Text}", "nothing is done until every setting makes sense; docs/rollover.md lists them");
    }

    /// <summary>The rolls that are meant: those that were named, or all.</summary>
    /// <exception cref="MisuseException">There is none of that name.</exception>
    protected ImmutableArray<RollSettings> RollsOf(Call call, RolloverSettings settings)
    {
        var names = call.Parsed.GetValue(Names) ?? [];
        foreach (var name in names)
        {
            if (!settings.Rolls.Any(roll => roll.Name == name)) throw new MisuseException($"there is no roll {name}", $"there is {string.Join(", ", settings.Rolls.Select(roll => roll.Name))}");
        }

        return names.Length == 0 ? settings.Rolls : [.. settings.Rolls.Where(roll => names.Contains(roll.Name))];
    }

    /// <summary>Rolls with the margin of this call, where one is given.</summary>
    /// <exception cref="MisuseException">It is no duration.</exception>
    protected ImmutableArray<RollSettings> WithMargin(Call call, params ImmutableArray<RollSettings> rolls) =>
        call.Parsed.GetValue(Margin) is { } text ? [.. rolls.Select(roll => roll with { Margin = Quantity.Duration("--margin", text, TimeSpan.Zero, TimeSpan.FromDays(30)) })] : rolls;

    /// <summary>The one roll that is meant.</summary>
    /// <exception cref="MisuseException">None, or more than one, was named, or there is none of that name.</exception>
    protected RollSettings OneRollOf(Call call, RolloverSettings settings) => (call.Parsed.GetValue(Names) ?? []).Length == 1
        ? RollsOf(call, settings)[0]
        : throw new MisuseException($"danelaw {Name} takes the name of one roll", $"there is {string.Join(", ", settings.Rolls.Select(one => one.Name))}");

    /// <summary>Runs some work with the network as the options have it.</summary>
    protected async Task<T> WithNetworkAsync<T>(Call call, Func<RolloverNetwork, Func<PublisherSettings, IZonePublisher>, Task<T>> work, CancellationToken cancellationToken)
    {
        var settings = await Dns.ReadAsync(call, cancellationToken).ConfigureAwait(false);
        var transport = settings.OpenTransport(call.Surroundings.Clock);
        await using (transport.ConfigureAwait(false))
        {
            var resolver = new Resolver(transport, settings.ToResolverOptions(), settings.Clock);
            var servers = new AuthoritativeServers(resolver, transport, settings.OpenDelegations(resolver, transport)) { Families = settings.Families, ConnectTo = settings.ConnectTo };
            var network = new RolloverNetwork(servers, resolver, new TlsProber(new(), call.Surroundings.Clock), settings.ConnectTo);
            var services = new PublisherServices { Time = call.Surroundings.Clock, Servers = servers, Variable = call.Surroundings.Variable, LookupHost = (host, stop) => HostAddresses.FindAsync(resolver, host, stop), Faults = ReadFaults(call) };
            return await work(network, place => ZonePublisher.Create(place, services)).ConfigureAwait(false);
        }
    }

    /// <summary>Opens the file of states for a command that a person waits for: a run that has it ends at its next look. It is told when it does not.</summary>
    /// <exception cref="RolloverStoreException">It cannot be used.</exception>
    protected static async Task<RolloverStore?> OpenAsync(Call call, RolloverSettings settings, CancellationToken cancellationToken)
    {
        call.Voice.Progress("waiting for the run that is at work on these rolls");
        var store = await RolloverStore.OpenAsync(settings.StateFile, Patience, call.Surroundings.Clock, cancellationToken).ConfigureAwait(false);
        call.Voice.EndProgress();
        if (store is not null) return store;
        call.Voice.Error($"{RolloverStore.Busy}: nothing was done");
        call.Voice.Hint($"it was waited for, {Duration.Say(Patience)}: try again in a moment");
        return null;
    }

    /// <summary>Says of which rolls something is kept that the settings have no more: one that was renamed is another roll to the plan.</summary>
    protected static void TellUnnamed(Call call, RolloverSettings settings, RolloverStore store)
    {
        foreach (var name in store.Names().Except(settings.Rolls.Select(roll => roll.Name)))
            call.Voice.Hint($"the settings have no roll {name}, and its state and private keys are kept still: give the roll that name back, or danelaw rollover forget {name}");
    }

    /// <summary>Where a test makes the process die.</summary>
    /// <exception cref="MisuseException">There is no such place.</exception>
    protected static FaultPoints ReadFaults(Call call)
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

    /// <summary>Tells what cannot be kept or read once, and what to do.</summary>
    protected static int TellStore(Call call, RolloverStoreException fault)
    {
        call.Voice.EndProgress();
        call.Voice.Error(fault.Message);
        if (!Environment.IsPrivilegedProcess) call.Voice.Hint("run it as root, or as the user whose file that is; nothing was done");
        else call.Voice.Hint("nothing was done that is not kept there; mend the disk or the file. What cannot be mended is moved away, and every roll in it forgotten: the next run takes up what is shown and published, or says why it does not");
        return ExitCode.Bad;
    }

    /// <summary>What a person is to type at a DNS host, where a person publishes.</summary>
    protected static async Task<ImmutableArray<FormFields>> FormsAsync(RollSettings roll, RollResult result, RolloverNetwork network, CancellationToken cancellationToken)
    {
        if (roll.Publisher is not PublisherSettings.Manual manual) return [];
        var forms = ImmutableArray.CreateBuilder<FormFields>();
        foreach (var change in result.Changes)
        {
            // Without its zone the whole name is told: it is right in forms that take that.
            var zone = manual.Zone ?? await network.FindZoneAsync(change.Place, cancellationToken).ConfigureAwait(false) ?? DomainName.Root;
            forms.AddRange(change.After.Except(change.Before).Records.Select(record => FormFields.Of(change.Place.IsAtOrBelow(zone) ? zone : DomainName.Root, change.Place, record, roll.TimeToLive)));
        }

        return forms.ToImmutable();
    }

    protected static void Tell(Call call, string verb, IReadOnlyList<ToldRoll> rolls)
    {
        var now = call.Surroundings.Clock.GetUtcNow();
        if (call.Output.IsJson)
        {
            call.Voice.Result(RolloverJson.Document(verb, rolls, now));
            return;
        }

        var page = new Page(call.Output.Style);
        RolloverText.Write(page, rolls, now, call.Output);
        call.Voice.Result(page.ToUtf8());
    }

    protected static int CodeOf(IEnumerable<ToldRoll> rolls) => rolls.Select(roll => roll.Verdict switch
    {
        RollVerdict.Done => ExitCode.Good,
        RollVerdict.Waiting => ExitCode.Undetermined,
        RollVerdict.Failed => ExitCode.Bad,
    }).Aggregate(ExitCode.Good, ExitCode.Worse);
}
