using System.Collections.Immutable;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Transports;
using Danelaw.Dnssec.Resolution;
using Danelaw.Operator.Audit;
using Danelaw.Operator.Audit.Certificates;
using Danelaw.Operator.Audit.Files;
using Danelaw.Operator.Audit.Resolving;
using Danelaw.Operator.Publishing.Propagation;
using Danelaw.Operator.Rollover.Observing;
using Danelaw.Operator.Setup.Planning;
using Danelaw.Operator.Setup.Renewing;
using Danelaw.Servers;
using Danelaw.Tlsa;

namespace Danelaw.Operator.Setup;

/// <summary>Reads what a plan needs beyond an audit. Nothing is written.</summary>
/// <param name="files">The host's files.</param>
/// <param name="options">What is wanted.</param>
public sealed class SetupReader(HostFiles files, SetupOptions options)
{
    private static readonly string[] Marks = ["generated", "created by", "managed by", "BEGIN PVE", "do not edit", "overwritten", "cloud-init"];

    private static readonly string[] Clients = ["dhclient", "udhcpc", "dhcpcd"];

    private static readonly string[] UnboundFiles = ["/etc/unbound/unbound.conf", "/usr/local/etc/unbound/unbound.conf"];

    /// <summary>Puts the evidence together.</summary>
    /// <param name="host">What was seen of the host.</param>
    /// <param name="network">What the network said.</param>
    /// <param name="report">What doctor makes of both.</param>
    public SetupFacts Read(HostFacts host, NetworkFacts network, DoctorReport report)
    {
        ArgumentNullException.ThrowIfNull(host);
        var resolver = files.Read("/etc/resolv.conf");
        return new()
        {
            Host = host,
            Network = network,
            Report = report,
            ResolverText = resolver.Text,
            ResolverKeeper = KeeperOf(resolver),
            UsedNames = Setup.UsedNames.Of(host, files, resolver.Text),
            Unbound = UnboundFiles.Where(path => files.Look(path).State == FileState.Read).Select(path => UnboundText.Read(files, path)).FirstOrDefault(),
            ChainPlaces = [.. Planning.ChainPlaces.Look(files, options)],
            Keeper = RootAccess.RootOf(files),
            Renewal = RenewalFacts.Read(files, options, host),
            Given = options.CertificateFile is { } certificate ? ReadChain(options.KeyFile ?? certificate, certificate) : null,
            Kept = [.. host.Lineages.Where(lineage => lineage is { KeyFile: ['/', ..], ChainFile: ['/', ..] }).Select(lineage => ReadChain(lineage.KeyFile!, lineage.ChainFile!))],
        };
    }

    /// <summary>Asks 127.0.0.1 the two questions that tell whether it validates.</summary>
    /// <param name="transport">Carries them.</param>
    /// <param name="bogusName">A name whose signatures are wrong.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static ValueTask<ResolverProbe> AskLoopbackAsync(IDnsTransport transport, DomainName bogusName, CancellationToken cancellationToken = default) =>
        ResolverProbe.AskAsync(transport, System.Net.IPAddress.Loopback, DnsServer.DnsPort, bogusName, cancellationToken);

    /// <summary>Asks what the DNS has at the owners of the records that are wanted: the resolver, and each authoritative server directly.</summary>
    /// <param name="facts">What is known already.</param>
    /// <param name="lookup">Answers questions.</param>
    /// <param name="servers">Asks the authoritative servers.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<SetupFacts> AskAsync(SetupFacts facts, ILookup lookup, AuthoritativeServers servers, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(lookup);
        ArgumentNullException.ThrowIfNull(servers);
        var answers = ImmutableArray.CreateBuilder<Answer>();
        var published = new PublishedSets(facts);
        var owners = new List<DomainName>();
        var names = NamePlan.Names(facts, options, published);
        foreach (var name in names)
        {
            foreach (var type in new[] { RecordType.A, RecordType.AAAA }) answers.Add(await lookup.LookupAsync(name, type, cancellationToken).ConfigureAwait(false));

            // At other ports somebody may have published what pins the key: it is moved, and rolls, with the rest.
            foreach (var port in options.Ports.Union(ServicePorts.Protocols.Keys))
            {
                foreach (var host in new[] { name, published.BaseOf(name) }.Distinct())
                {
                    if (!TlsaOwner.TryFor(port, host, out var owner)) continue;
                    var answer = await lookup.LookupAsync(owner, RecordType.TLSA, cancellationToken).ConfigureAwait(false);
                    answers.Add(answer);
                    if (options.Ports.Contains(port) || (!answer.IsFailure && answer.Records is not null)) owners.Add(owner);
                }
            }
        }

        // A domain that cannot be listed, in a database, may have its MX record lead here by a name that only the certificate tells (docs/decisions/0249).
        var certified = facts.Host.Chains.SelectMany(chain => chain.Leaves).SelectMany(leaf => leaf.Summary!.DnsNames);
        foreach (var owner in OwnersBeside.Of(names, certified).Except(answers.Select(answer => answer.Question.Name)).ToArray())
        {
            var answer = await lookup.LookupAsync(owner, RecordType.TLSA, cancellationToken).ConfigureAwait(false);
            answers.Add(answer);
            if (answer.IsFailure || answer.Records is null || !TlsaOwner.TryRead(owner, out _, out _, out var host)) continue;
            owners.Add(owner);
            foreach (var type in new[] { RecordType.A, RecordType.AAAA }) answers.Add(await lookup.LookupAsync(host, type, cancellationToken).ConfigureAwait(false));
        }

        var zones = ImmutableDictionary.CreateBuilder<DomainName, DomainName>();
        foreach (var owner in owners)
        {
            if (await new ServerSearch(lookup) { Families = servers.Families }.FindAsync(owner, RecordType.TLSA, cancellationToken).ConfigureAwait(false) is { Doubt: null } found) zones[owner] = found.Zone;
        }

        return facts with { Asked = answers.ToImmutable(), Served = await servers.AskAsync(owners, cancellationToken).ConfigureAwait(false), Zones = zones.ToImmutable() };
    }

    private ChainFacts ReadChain(string key, string certificate) =>
        ChainFacts.Read(files, new(ServerProgram.Other, "", "", key == certificate ? [certificate] : [key, certificate], false, new(certificate, 0)));

    private ResolverKeeper KeeperOf(HostFile file)
    {
        if (file.Trail.Any(path => path.Contains("/systemd/resolve", StringComparison.Ordinal))) return ResolverKeeper.SystemdResolved;
        if (file.Trail.Any(path => path.Contains("resolvconf", StringComparison.Ordinal))) return ResolverKeeper.Resolvconf;
        if (file.Trail.Any(path => path.Contains("NetworkManager", StringComparison.Ordinal))) return ResolverKeeper.NetworkManager;
        var comments = file.Text.Split('\n').Where(line => line is ['#' or ';', ..]).ToImmutableArray();
        if (Says("resolvconf")) return ResolverKeeper.Resolvconf;
        if (Says("systemd-resolved")) return ResolverKeeper.SystemdResolved;
        if (Says("NetworkManager")) return ResolverKeeper.NetworkManager;
        if (Says("dhclient") || Says("dhcpcd") || Says("udhcpc")) return ResolverKeeper.Dhcp;

        // cloud-init, Proxmox, Docker, tailscale, WSL and others say so, each in its own words.
        if (comments.Any(line => Marks.Any(mark => line.Contains(mark, StringComparison.OrdinalIgnoreCase)))) return ResolverKeeper.Unknown;

        // dhclient and udhcpc write without a comment.
        if (files.List("/run", out _).Any(name => name.EndsWith(".pid", StringComparison.Ordinal) && Clients.Any(client => name.StartsWith(client, StringComparison.Ordinal)))) return ResolverKeeper.Dhcp;
        return file.State is FileState.Read or FileState.Missing ? ResolverKeeper.Person : ResolverKeeper.Unknown;

        bool Says(string program) => comments.Any(line => line.Contains(program, StringComparison.OrdinalIgnoreCase) && line.Contains("enerated", StringComparison.Ordinal));
    }
}
