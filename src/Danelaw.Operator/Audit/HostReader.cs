using System.Collections.Immutable;
using Danelaw.Operator.Audit.Acme;
using Danelaw.Operator.Audit.Certificates;
using Danelaw.Operator.Audit.Dovecot;
using Danelaw.Operator.Audit.Files;
using Danelaw.Operator.Audit.Packages;
using Danelaw.Operator.Audit.Postfix;
using Danelaw.Operator.Audit.Resolving;
using Danelaw.Operator.Audit.Web;
using Danelaw.Operator.Rollover.Settings;

namespace Danelaw.Operator.Audit;

/// <summary>Reads a host: its servers' configurations, their chains, its ACME clients and its resolver. Nothing is written.</summary>
/// <param name="files">The host's files.</param>
/// <param name="programs">Its programs; null where none may be run, as for files that are examined from elsewhere.</param>
public sealed class HostReader(HostFiles files, IHostPrograms? programs)
{
    internal static readonly string[] DovecotFiles = ["/etc/dovecot/dovecot.conf", "/usr/local/etc/dovecot/dovecot.conf"];
    internal static readonly string[] NginxFiles = ["/etc/nginx/nginx.conf", "/usr/local/etc/nginx/nginx.conf"];
    private static readonly string[] ApacheFiles = ["/etc/apache2/apache2.conf", "/etc/httpd/conf/httpd.conf", "/etc/apache2/httpd.conf"];
    private static readonly (string Name, string[] Paths)[] Others =
    [
        ("Exim", ["/etc/exim4/exim4.conf", "/etc/exim4/exim4.conf.template", "/etc/exim/exim.conf", "/etc/exim4/update-exim4.conf.conf"]),
        ("OpenSMTPD", ["/etc/smtpd.conf", "/etc/opensmtpd/smtpd.conf", "/etc/mail/smtpd.conf"]),
    ];

    private readonly List<Unseen> _unseen = [];

    /// <summary>Reads everything.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async ValueTask<HostFacts> ReadAsync(CancellationToken cancellationToken = default)
    {
        files = files.Until(cancellationToken);
        var packages = new PackageVersions(files);
        var postfix = new PostfixReader(files, programs, packages.Of("postfix"), packages.HasRpm, files.Read("/etc/hostname").Text.Split('\n')[0].Trim());
        var instances = await postfix.ReadAsync(cancellationToken).ConfigureAwait(false);
        _unseen.AddRange(postfix.Unseen);
        var dovecot = DovecotFiles.Where(Exists).Select(path => DovecotText.Read(files, path)).FirstOrDefault();
        foreach (var file in dovecot?.Unseen ?? []) _unseen.Add(NotRead($"Dovecot's {file.Path}"));
        if (programs is not null && dovecot is { Faults.IsEmpty: true } && await DovecotCheck.FaultAsync(programs, cancellationToken).ConfigureAwait(false) is { } fault) dovecot = dovecot with { Faults = [fault] };
        var (webUses, webFaults) = ReadWeb();
        ImmutableArray<TlsUse> uses = [.. instances.SelectMany(facts => facts.Uses), .. dovecot is null ? [] : DovecotConfiguration.Uses(dovecot), .. webUses];
        ImmutableArray<ChainFacts> chains = [.. uses.Select(use => ChainFacts.Read(files, use))];
        foreach (var file in chains.SelectMany(chain => chain.Files).Where(file => file.State == FileState.Unseen).DistinctBy(file => file.Path)) See($"the key or certificate {file.Path}");
        var homes = Homes();
        ImmutableArray<string> others = [.. Others.Where(other => other.Paths.Any(Exists)).Select(other => other.Name)];

        // Where Postfix is, the files of another are what it has left behind: only one of them has the port.
        if (instances.IsEmpty) _unseen.AddRange(others.Select(other => new Unseen($"{other}'s configuration", $"danelaw reads none of {other}: give its domains with --domains FILE, and what it does is seen from outside") { MayNameChains = true }));
        var rolls = ReadRolls();
        return new()
        {
            Host = Name(),
            Postfix = instances,
            Dovecot = dovecot,
            WebFaults = webFaults,
            OtherServers = others,
            RolledFiles = [.. rolls.SelectMany(roll => roll.Chains).Select(chain => chain.File)],
            RolledOwners = [.. rolls.SelectMany(roll => roll.TlsaOwners)],
            Chains = chains,
            NextHops = [.. instances.SelectMany(facts => Route.Of(facts.Instance, files)).Where(route => route is { IsGeneral: true, NextHop.Length: > 0 }).Select(route => route.NextHop).Distinct()],
            RolledOffers = [.. rolls.SelectMany(roll => roll.Chains).SelectMany(chain => chain.Offers).Select(offer => offer.Path)],
            Lineages = [.. ReadLineages(homes)],
            Resolver = ReadResolver(),
            Addresses = programs is null ? [] : OwnAddresses(),
            Unseen = [.. _unseen.Distinct()],
        };

        void See(string what) => _unseen.Add(new(what, "it cannot be read by this user; run as root"));
    }

    /// <summary>Settings of a server that cannot be read: what they name is not known.</summary>
    private static Unseen NotRead(string what) => new(what, "it cannot be read by this user; run as root") { MayNameChains = true };

    private IEnumerable<Lineage> ReadLineages(ImmutableArray<string> homes)
    {
        var commands = LegoCommand.Find(files);
        IEnumerable<Lineage> all = [.. CertbotReader.Read(files, _unseen), .. AcmeShReader.Read(files, homes, _unseen), .. LegoReader.Read(files, homes, commands, _unseen)];
        return all.Select(lineage => lineage with { LookNow = LookNow.Of(files, lineage, commands) });
    }

    private bool Exists(string path) => files.Look(path).State is FileState.Read or FileState.Unseen;

    private (ImmutableArray<TlsUse> Uses, ImmutableArray<WebFault> Faults) ReadWeb()
    {
        var uses = ImmutableArray.CreateBuilder<TlsUse>();
        var faults = ImmutableArray.CreateBuilder<WebFault>();
        if (NginxFiles.FirstOrDefault(Exists) is { } nginx)
        {
            var text = NginxText.Read(files, nginx);
            uses.AddRange(NginxConfiguration.Uses(text, _unseen));
            faults.AddRange(text.Faults.Select(fault => new WebFault("nginx", fault)));
            foreach (var file in text.Unseen) _unseen.Add(NotRead($"nginx's {file.Path}"));
        }

        if (ApacheFiles.FirstOrDefault(Exists) is { } apache)
        {
            var text = ApacheText.Read(files, apache);
            uses.AddRange(ApacheConfiguration.Uses(text));
            faults.AddRange(text.Faults.Select(fault => new WebFault("Apache", fault)));
            foreach (var file in text.Unseen) _unseen.Add(NotRead($"Apache's {file.Path}"));
        }

        return (uses.ToImmutable(), faults.ToImmutable());
    }

    private ImmutableArray<RollSettings> ReadRolls()
    {
        var file = files.Read(RolloverSettings.DefaultFile);
        if (file.State == FileState.Unseen) _unseen.Add(new("which keys danelaw rolls", $"{file.Path} cannot be read by this user; run as root"));
        return file.IsRead && RolloverSettingsText.TryRead(file.Text, file.Path, out var settings, out _) ? settings.Rolls : [];
    }

    private ResolverFile? ReadResolver()
    {
        var file = files.Read("/etc/resolv.conf");
        if (file.State == FileState.Unseen) _unseen.Add(new("the resolver", "/etc/resolv.conf cannot be read by this user"));

        // One that is missing is as good as empty: the C library then asks 127.0.0.1 (resolv.conf(5)).
        return file.State == FileState.Unseen ? null : ResolverFile.Read(file.Text, "/etc/resolv.conf");
    }

    private static ImmutableArray<System.Net.IPAddress> OwnAddresses() =>
        [.. System.Net.NetworkInformation.NetworkInterface.GetAllNetworkInterfaces().SelectMany(one => one.GetIPProperties().UnicastAddresses).Select(one => one.Address).Distinct()];

    private string Name()
    {
        var file = files.Read("/etc/hostname");
        return file.IsRead && file.Text.Trim() is { Length: > 0 and < 256 } name ? name : files.IsLive ? Environment.MachineName : "the host";
    }

    /// <summary>The home folders of /etc/passwd that people use: root's, and those in /home.</summary>
    private ImmutableArray<string> Homes()
    {
        var file = files.Read("/etc/passwd");
        return file.IsRead
            ? [.. file.Text.Split('\n').Select(line => line.Split(':')).Where(fields => fields.Length > 5 && fields[5] is ['/', .., _] && (fields[2] == "0" || fields[5].StartsWith("/home/", StringComparison.Ordinal))).Select(fields => fields[5].TrimEnd('/')).Distinct()]
            : ["/root"];
    }
}
