using System.CommandLine;
using System.Globalization;
using Danelaw.Checks;
using Danelaw.Cli.Options;
using Danelaw.Cli.Rendering;
using Danelaw.Cli.Rendering.Operating;
using Danelaw.Cli.Running;
using Danelaw.Dns.Names;
using Danelaw.Dnssec.Resolution;
using Danelaw.Operator.Audit;
using Danelaw.Operator.Audit.Beside;
using Danelaw.Operator.Audit.Files;
using Danelaw.Operator.Publishing.Propagation;
using Danelaw.Probes;

namespace Danelaw.Cli.Commands;

/// <summary><c>doctor</c>: what is set up on this host, and what of it stops or weakens DANE.</summary>
internal sealed class DoctorCommand : Verb
{
    /// <summary>Kept broken by its owner, so that resolvers can be tried.</summary>
    internal const string PublicBogusName = "dnssec-failed.org";

    private readonly Option<string> _root = Flag.Value("--root", "DIR", "examine the files of a host below DIR (a backup, a container); none of this machine's programs, resolver and servers is asked");
    private readonly Option<string> _domains = Flag.Value("--domains", "FILE", "the mail domains, one a line, where Postfix's tables cannot be listed");
    private readonly Option<string> _domainsQuery = Flag.Value("--domains-query", "SQL", "ask the database of Postfix's own pgsql:, mysql: or sqlite: table, by its settings; the first column of each row is a domain");
    private readonly Option<string> _domainsMap = Flag.Value("--domains-map", "TABLE", "the table whose settings --domains-query uses, where there are several, as in mysql:/etc/postfix/domains.cf");
    private readonly Option<string> _bogusName = Flag.Value("--bogus-name", "NAME", $"a name whose signatures are wrong, to try the resolver with; default {PublicBogusName}");
    private readonly Option<bool> _offline = Flag.Of("--offline", "look at files only: ask neither the DNS nor any server");
    private readonly DnsOptions _dns = new();

    public override string Name => "doctor";

    public override VerbGroup Group => VerbGroup.Host;

    public override string Summary => "what stops or weakens DANE on this mail host";

    public override IReadOnlyList<string> Usage => ["[OPTION ...]", "--root DIR [--resolver ADDR] [OPTION ...]"];

    public override IReadOnlyList<string> Description =>
    [
        "Reads, and never writes: Postfix, Dovecot, nginx and Apache, their keys and certificates, certbot, acme.sh and lego, the resolver, the DNS of every domain that this host takes mail for, and what stands beside DANE there: MTA-STS and TLSRPT. Each finding has its mend. Run as root to see everything; what could not be seen is said.",
    ];

    public override IReadOnlyList<(int Code, string Meaning)> ExitCodes =>
    [
        (0, "no error; warnings and notes there may be"),
        (1, "at least one error"),
        (3, "something that is needed could not be seen"),
        (4, "there is no mail server here"),
    ];

    public override IReadOnlyList<string> Examples =>
    [
        "danelaw doctor",
        "danelaw doctor --json",
        "danelaw doctor --root /mnt/backup --resolver 192.0.2.53",
        "danelaw doctor --domains domains.txt",
        "danelaw doctor --domains-query 'SELECT domain FROM virtual_domains'",
    ];

    public override IReadOnlyList<(string Heading, IReadOnlyList<Option> Options)> OptionGroups => [("what is examined", [_root, _domains, _domainsQuery, _domainsMap, _bogusName, _offline]), ("asking", _dns.All)];

    public override async Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        var parsed = call.Parsed;
        var root = parsed.GetValue(_root);
        var folder = root is null ? "/" : Path.GetFullPath(root, call.Surroundings.Folder);
        if (!Directory.Exists(folder)) throw new MisuseException($"--root {root}: there is no such folder", "give the folder below which the host's /etc is");
        var files = new HostFiles(folder).Until(cancellationToken);
        var isElsewhere = root is not null && !files.IsLive;
        var settings = await _dns.ReadAsync(call, cancellationToken).ConfigureAwait(false);
        var bogusName = DnsOptions.ReadName("--bogus-name", parsed.GetValue(_bogusName) ?? PublicBogusName);
        if (parsed.GetValue(_domainsMap) is not null && parsed.GetValue(_domainsQuery) is null) throw new MisuseException("--domains-map chooses for --domains-query, which is not given", "as in --domains-query 'SELECT domain FROM virtual_domains'");
        if (parsed.GetValue(_offline) && parsed.GetValue(_domainsQuery) is not null) throw new MisuseException("--offline asks no server, so --domains-query has no meaning beside it", "leave one of the two out");
        var mayAsk = !parsed.GetValue(_offline) && (!isElsewhere || _dns.Given(parsed).Any(name => name is "--resolver" or "--iterate" or "--root-hints"));
        var options = settings.ToCheckOptions();
        if (mayAsk && !isElsewhere) options = options with { Roots = PkixRoots.Load(call.Surroundings, settings.CaFile) };
        call.Voice.Progress("looking at this host's files");
        var programs = isElsewhere ? null : new LivePrograms(call.Surroundings.Clock);
        var host = await new HostReader(files, programs).ReadAsync(cancellationToken).ConfigureAwait(false);
        (host, var domains) = await FindDomainsAsync(call, host, files, cancellationToken).ConfigureAwait(false);

        var network = NetworkFacts.None;
        if (host.HasMailServer && mayAsk)
        {
            network = await AskAsync(call, host, domains, bogusName, settings, options, isElsewhere, cancellationToken).ConfigureAwait(false);
        }
        else if (host.HasMailServer)
        {
            network = network with { Unseen = [new("the DNS and the servers", parsed.GetValue(_offline) ? "--offline was given" : "of files that are examined from elsewhere the DNS is asked only of a resolver that is given: --resolver ADDR")] };
        }

        var report = Doctor.Judge(host, files, network, options, settings.Clock.GetUtcNow());
        Tell(call, report, files);
        if (!report.HasMailServer) return report.Unseen.IsEmpty ? ExitCode.Unprotected : ExitCode.Undetermined;
        return report.Findings.Any(finding => finding.Severity == Severity.Error) ? ExitCode.Bad : report.Unseen.IsEmpty ? ExitCode.Good : ExitCode.Undetermined;
    }

    private static async Task<NetworkFacts> AskAsync(Call call, HostFacts host, IReadOnlyCollection<DomainName> domains, DomainName bogusName, DnsSettings settings, CheckOptions options, bool isElsewhere, CancellationToken cancellationToken)
    {
        var transport = settings.OpenTransport(call.Surroundings.Clock);
        await using (transport.ConfigureAwait(false))
        {
            var resolver = new Resolver(transport, settings.ToResolverOptions(), settings.Clock);
            using var policies = isElsewhere ? null : new PolicyFetcher(resolver, FetcherOptions(call, settings), settings.Clock);
            var servers = new AuthoritativeServers(resolver, transport, settings.OpenDelegations(resolver, transport)) { Families = settings.Families, ConnectTo = settings.ConnectTo };
            var survey = new NetworkSurvey(resolver, isElsewhere ? null : new TlsProber(new(), call.Surroundings.Clock), isElsewhere ? null : transport, options, settings.Clock)
            {
                LooksBeside = true,
                Policies = policies,
                Servers = isElsewhere ? null : (owners, stop) => servers.AskAsync(owners, stop),
            };
            var network = await survey.AskAsync(host, domains, bogusName, settings.Concurrency, new Counter(call.Voice, domains.Count), cancellationToken).ConfigureAwait(false);
            return isElsewhere ? network with { Unseen = [.. network.Unseen, new("the servers", "of files that are examined from elsewhere no server is connected to")] } : network;
        }
    }

    /// <summary>The domains that tables list, those of a file, and those of a database.</summary>
    private async Task<(HostFacts Host, IReadOnlyCollection<DomainName> Domains)> FindDomainsAsync(Call call, HostFacts host, HostFiles files, CancellationToken cancellationToken)
    {
        var file = call.Parsed.GetValue(_domains);
        var domains = await MailDomains.OfAsync(call, host, file, cancellationToken).ConfigureAwait(false);
        if (file is not null) host = host with { DomainsFrom = "--domains" };
        if (call.Parsed.GetValue(_domainsQuery) is not { } sql) return (host, domains);
        call.Voice.Progress("asking the database for its domains");
        var queried = await QueriedDomains.OfAsync(host, files, sql, call.Parsed.GetValue(_domainsMap), cancellationToken).ConfigureAwait(false);
        return (host with { DomainsFrom = queried.Names.IsEmpty ? host.DomainsFrom : "--domains-query", Unseen = [.. host.Unseen, .. queried.Unseen] }, [.. domains.Union(queried.Names).Order()]);
    }

    private static PolicyFetcherOptions FetcherOptions(Call call, DnsSettings settings) => new()
    {
        Authorities = settings.CaFile is { } file ? CertificateInput.ReadCertificates(call.Surroundings, file) : [],
        ConnectTo = settings.ConnectTo,
        Families = settings.Families,
        TimeLimit = new PolicyFetcherOptions().TimeLimit * settings.Patience,
    };

    private static void Tell(Call call, DoctorReport report, HostFiles files)
    {
        if (call.Output.IsJson)
        {
            call.Voice.Result(DoctorJson.Document(report));
            return;
        }

        var page = new Page(call.Output.Style);
        DoctorText.Write(page, report, files, call.Output);
        call.Voice.Result(page.ToUtf8());
    }

    /// <summary>How many domains are done; told at most every hundredth part, so that a terminal is not kept busy.</summary>
    private sealed class Counter(Voice voice, int total) : IProgress<int>
    {
        private readonly int _step = Math.Max(1, total / 100);

        public void Report(int value)
        {
            if (value == total || value % _step == 0) voice.Progress(string.Create(CultureInfo.InvariantCulture, $"{value} of {total} domains looked up"));
        }
    }
}
