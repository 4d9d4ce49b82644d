using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Danelaw.Certificates;
using Danelaw.Checks;
using Danelaw.Discovery;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Validation;
using Danelaw.Operator.Audit;
using Danelaw.Operator.Audit.Certificates;
using Danelaw.Operator.Audit.Files;
using Danelaw.Operator.Audit.Resolving;
using Danelaw.Operator.Publishing.Propagation;
using Danelaw.Operator.Setup.Planning;
using Danelaw.Probes;
using Danelaw.Tlsa;

namespace Danelaw.Operator.Setup;

/// <summary>What a witness looks with.</summary>
public sealed record SetupWitnessTools
{
    /// <summary>Carries questions to the host's own resolver.</summary>
    public required IDnsTransport Transport { get; init; }

    /// <summary>Makes what answers questions to the DNS, each time without memory.</summary>
    public required Func<ILookup> Lookup { get; init; }

    /// <summary>Asks every authoritative server: a cache may say for a while what was there before.</summary>
    public required Func<IEnumerable<DomainName>, CancellationToken, Task<ImmutableArray<AuthoritativeView>>> Servers { get; init; }

    /// <summary>Looks at servers.</summary>
    public required IProber Prober { get; init; }

    /// <summary>How services are checked.</summary>
    public required CheckOptions Options { get; init; }

    /// <summary>A name whose signatures are wrong.</summary>
    public required DomainName BogusName { get; init; }

    /// <summary>Examines the host anew.</summary>
    public required Func<CancellationToken, Task<DoctorReport>> Audit { get; init; }

    /// <summary>Measures waits.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>How long a server is given to do what it was told. Default 15 s.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(15);
}

/// <summary>Looks at this machine's resolver and servers as others see them.</summary>
/// <param name="files">The host's files.</param>
/// <param name="addresses">The addresses at which services are looked at.</param>
/// <param name="name">The name that is sent to servers (SNI); the root for none.</param>
/// <param name="tools">What is looked with.</param>
public sealed class SetupWitness(HostFiles files, ImmutableArray<IPAddress> addresses, DomainName name, SetupWitnessTools tools) : ISetupWitness
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private ImmutableHashSet<IPEndPoint> _answering = [];

    private ImmutableHashSet<IPEndPoint> _completed = [];

    /// <summary>Looks at what ports show to clients of each kind of key, before anything is planned.</summary>
    /// <param name="ports">The ports; those that no protocol is known of are left out.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<ImmutableArray<Observation>> LookAsync(IEnumerable<int> ports, CancellationToken cancellationToken = default)
    {
        var seen = ImmutableArray.CreateBuilder<Observation>();
        foreach (var target in Targets([.. ports.Distinct().Select(port => new ExpectedService(ServerProgram.Other, port, []))]))
        {
            seen.Add(await tools.Prober.ProbeAsync(target, cancellationToken).ConfigureAwait(false));
            if (!seen[^1].HasProvenKey) continue;
            foreach (var kind in new[] { KeyAlgorithm.Rsa, KeyAlgorithm.Ecdsa }) seen.Add(await tools.Prober.ProbeAsync(target with { Algorithm = kind }, cancellationToken).ConfigureAwait(false));
        }

        return seen.ToImmutable();
    }

    /// <inheritdoc/>
    public async ValueTask NoteAsync(ImmutableArray<ExpectedService> expected, CancellationToken cancellationToken = default)
    {
        var (answering, completed) = (ImmutableHashSet.CreateBuilder<IPEndPoint>(), ImmutableHashSet.CreateBuilder<IPEndPoint>());
        foreach (var target in Targets(expected))
        {
            var seen = await tools.Prober.ProbeAsync(target, cancellationToken).ConfigureAwait(false);
            if (seen.Outcome is not (ProbeOutcome.None or ProbeOutcome.Refused or ProbeOutcome.TimedOut)) answering.Add(target.Address);
            if (seen.Outcome == ProbeOutcome.Completed) completed.Add(target.Address);
        }

        _answering = answering.ToImmutable();
        _completed = completed.ToImmutable();
    }

    /// <inheritdoc/>
    public ValueTask<string?> ResolverAsync(CancellationToken cancellationToken = default) => WaitAsync(async () =>
    {
        var file = ResolverFile.Read(files.Read("/etc/resolv.conf").Text, "/etc/resolv.conf");
        foreach (var server in file.IsLoopback ? file.Servers : [IPAddress.Loopback])
        {
            var probe = await ResolverProbe.AskAsync(tools.Transport, server, DnsServer.DnsPort, tools.BogusName, cancellationToken).ConfigureAwait(false);
            if (ResolverPlan.Validates(probe)) continue;
            return probe.Root != ExchangeOutcome.Replied ? $"the resolver {server} does not answer"
                : !probe.IsAuthentic ? $"the resolver {server} does not say of the root zone that it was validated"
                : $"the resolver {server} answers for {probe.BogusName}, whose signatures are wrong";
        }

        return null;
    }, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<string?> LostAsync(ImmutableArray<DomainName> names, CancellationToken cancellationToken = default)
    {
        var file = ResolverFile.Read(files.Read("/etc/resolv.conf").Text, "/etc/resolv.conf");
        foreach (var name in names)
        {
            foreach (var server in file.Servers.Where(server => !IPAddress.IsLoopback(server)))
            {
                if (!await KnowsAsync(server, name, cancellationToken).ConfigureAwait(false)) continue;
                if (await KnowsAsync(IPAddress.Loopback, name, cancellationToken).ConfigureAwait(false)) break;
                return $"the resolver at 127.0.0.1 does not know {RecordPlan.Text(name)}, which this host's configuration leads to and {server} knows: give it the way there (in unbound a forward-zone for {RecordPlan.Text(name.Parent)} with forward-addr: {server}, and domain-insecure where that zone is not signed), then run setup again";
            }
        }

        return null;
    }

    private async ValueTask<bool> KnowsAsync(IPAddress server, DomainName asked, CancellationToken cancellationToken)
    {
        foreach (var type in new[] { RecordType.A, RecordType.AAAA, RecordType.MX })
        {
            var exchange = await tools.Transport.ExchangeAsync(new(new(asked, type, RecordClass.IN), new(TransportKind.Datagram, new(server, DnsServer.DnsPort)), CheckingDisabled: false), cancellationToken).ConfigureAwait(false);
            if (exchange.Outcome == ExchangeOutcome.Replied && (exchange.Message ?? (DnsMessage.TryRead(exchange.Reply.Memory, out var read, out _) ? read : null)) is { } message && message.Answers.Any(record => record.Type == type)) return true;
        }

        return false;
    }

    /// <inheritdoc/>
    public ValueTask<string?> ServersAsync(ImmutableArray<ExpectedService> expected, CancellationToken cancellationToken = default) => WaitAsync(async () =>
    {
        foreach (var target in Targets(expected).Where(target => _answering.Contains(target.Address)))
        {
            var seen = await tools.Prober.ProbeAsync(target, cancellationToken).ConfigureAwait(false);

            // Port 25 is what a plan brings to TLS; what no client came through to before elsewhere is not this setup's fault.
            if (seen.Outcome != ProbeOutcome.Completed && target.Address.Port != 25 && !_completed.Contains(target.Address)) continue;
            if (seen.Outcome != ProbeOutcome.Completed) return $"no TLS at {target.Address}: {Words(seen)}";
            var keys = expected.Where(service => service.Port == target.Address.Port).SelectMany(service => service.Keys);
            if (!CertificateSummary.TryRead(seen.Chain[0], out var leaf) || !keys.Contains(leaf.PublicKey)) return $"at {target.Address} another key is shown than that of the chain file";
        }

        return null;
    }, cancellationToken);

    /// <inheritdoc/>
    public ImmutableArray<string> Unseen(ImmutableArray<ExpectedService> expected) =>
    [
        .. expected.Select(service => service.Port).Where(port => ServicePorts.Protocols.ContainsKey(port) && _answering.All(known => known.Port != port)).Distinct().Order()
            .Where(port => port == 25)
            .Select(port => string.Create(CultureInfo.InvariantCulture, $"Nothing answers at port {port} of {string.Join(", ", addresses)}, so it was not seen that it works. Start the server, and run setup again.")),
    ];

    /// <inheritdoc/>
    public async ValueTask<ImmutableArray<string>> ErrorsAsync(CancellationToken cancellationToken = default)
    {
        var report = await tools.Audit(cancellationToken).ConfigureAwait(false);

        // What the DNS and its caches say takes its own time; it is told as waiting.
        return [.. report.Findings.Where(finding => finding is { Severity: Severity.Error, Place: not null }).Select(finding => $"{finding.Code} {finding.Subject}")];
    }

    /// <inheritdoc/>
    public async ValueTask<RecordsSeen> RecordsAsync(ImmutableArray<SetupRecord> records, CancellationToken cancellationToken = default)
    {
        var lookup = tools.Lookup();
        var held = new List<string>();
        foreach (var record in records)
        {
            if (!TlsaOwner.TryRead(record.Owner, out var port, out _, out var host)) return new(RecordsState.Failing, $"{record.Owner} is no owner of TLSA records");
            var answer = await lookup.LookupAsync(record.Owner, RecordType.TLSA, cancellationToken).ConfigureAwait(false);
            if (answer.IsFailure) return new(RecordsState.Absent, $"{record.Owner} could not be looked up: {answer.Explanation}");
            if (answer.Security != Security.Secure) return new(RecordsState.Absent, $"{record.Owner} is not signed by DNSSEC");
            var seen = ServedAnswer.RecordsOf(answer);
            if (!seen.Contains(record.After))
            {
                var views = await tools.Servers([record.Owner], cancellationToken).ConfigureAwait(false);
                if (views.IsEmpty || !views.All(view => view is { IsSecure: true, Records: { } served } && served.Contains(record.After))) return new(RecordsState.Absent, $"{record.Owner} has {(seen.IsEmpty ? "no TLSA record" : seen.ToString())}");
                held.Add($"{RecordPlan.Text(record.Owner)} is published, but your resolver still holds {(seen.IsEmpty ? "the denial" : "the records")} of before, for {Duration.Say(TimeSpan.FromSeconds(answer.TimeToLive))}");
                continue;
            }

            if (!ServicePorts.Protocols.TryGetValue(port, out var protocol)) continue;
            var report = await new DaneChecker(lookup, tools.Prober, tools.Options, tools.Clock).CheckAsync(CheckTarget.Service(host, (ushort)port, protocol), null, cancellationToken).ConfigureAwait(false);
            if (report.Verdict == CheckVerdict.Failing) return new(RecordsState.Failing, report.Explanation);
            if (report.Verdict != CheckVerdict.Verified) return new(RecordsState.Absent, report.Explanation);
        }

        return held.Count == 0 ? new(RecordsState.Verified, "") : new(RecordsState.Held, string.Join("; ", held));
    }

    /// <inheritdoc/>
    public async ValueTask<ImmutableArray<SeenSet>> PublishedAsync(ImmutableArray<DomainName> owners, CancellationToken cancellationToken = default)
    {
        var seen = ImmutableArray.CreateBuilder<SeenSet>();
        foreach (var view in await tools.Servers(owners, cancellationToken).ConfigureAwait(false)) seen.Add(new(view.Owner, $" at {view.Server}", view.Records, view.TimeToLive, view.Detail));
        return [.. seen, .. await HeldAsync(owners, cancellationToken).ConfigureAwait(false)];
    }

    /// <inheritdoc/>
    public async ValueTask<ImmutableArray<SeenSet>> HeldAsync(ImmutableArray<DomainName> owners, CancellationToken cancellationToken = default)
    {
        var seen = ImmutableArray.CreateBuilder<SeenSet>();
        var lookup = tools.Lookup();
        foreach (var owner in owners)
        {
            var answer = await lookup.LookupAsync(owner, RecordType.TLSA, cancellationToken).ConfigureAwait(false);
            seen.Add(new(owner, "", answer.IsFailure ? null : ServedAnswer.RecordsOf(answer), TimeSpan.FromSeconds(answer.Records is null ? 0 : ServedAnswer.LargestOf(answer)), answer.Explanation));
        }

        return seen.ToImmutable();
    }

    /// <inheritdoc/>
    public async ValueTask<ImmutableArray<DomainName>> UnaskedAsync(ImmutableArray<DomainName> owners, CancellationToken cancellationToken = default)
    {
        var discovery = new HostDiscovery(tools.Lookup());
        var unasked = ImmutableArray.CreateBuilder<DomainName>();
        foreach (var host in owners.GroupBy(owner => TlsaOwner.TryRead(owner, out _, out _, out var name) ? name : owner))
        {
            // Of the port nothing depends: addresses are those of the host.
            if ((await discovery.FindAddressesAsync(new(host.Key, 0, null), 25, cancellationToken).ConfigureAwait(false)).AddressState is AddressState.None or AddressState.Insecure) unasked.AddRange(host);
        }

        return unasked.ToImmutable();
    }

    private IEnumerable<ProbeTarget> Targets(ImmutableArray<ExpectedService> expected) =>
        from service in expected
        where ServicePorts.Protocols.ContainsKey(service.Port)
        from address in addresses
        let at = new IPEndPoint(address, service.Port)
        select new ProbeTarget(at, ConnectToRule.Apply(tools.Options.ConnectTo, name, at), ServicePorts.Protocols[service.Port], name);

    private static string Words(Observation seen) => seen.Outcome switch
    {
        ProbeOutcome.StartTlsNotOffered => "STARTTLS is not offered",
        ProbeOutcome.StartTlsRefused => "STARTTLS is refused",
        ProbeOutcome.Refused => "the connection is refused",
        ProbeOutcome.TimedOut => "no answer in time",
        _ => seen.Detail.Length > 0 ? seen.Detail : seen.Outcome.ToString(),
    };

    /// <summary>A server that was told to read its files takes a moment.</summary>
    private async ValueTask<string?> WaitAsync(Func<ValueTask<string?>> look, CancellationToken cancellationToken)
    {
        var begin = tools.Clock.GetTimestamp();
        while (true)
        {
            var problem = await look().ConfigureAwait(false);
            if (problem is null || tools.Clock.GetElapsedTime(begin) > tools.Patience) return problem;
            await Task.Delay(Pause, tools.Clock, cancellationToken).ConfigureAwait(false);
        }
    }
}
