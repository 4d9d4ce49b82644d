using System.CommandLine;
using Danelaw.Checks;
using Danelaw.Cli.Options;
using Danelaw.Cli.Rendering;
using Danelaw.Cli.Rendering.Operating;
using Danelaw.Cli.Running;
using Danelaw.Dnssec.Resolution;
using Danelaw.Operator.Audit;
using Danelaw.Operator.Audit.Files;
using Danelaw.Probes;

namespace Danelaw.Cli.Commands;

/// <summary><c>doctor</c>: what is set up on this host, and what of it stops or weakens DANE.</summary>
internal sealed class DoctorCommand : Verb
{
    /// <summary>Kept broken by its owner, so that resolvers can be tried.</summary>
    internal const string PublicBogusName = "dnssec-failed.org";

    private readonly Option<string> _root = Flag.Value("--root", "DIR", "examine the files of a host below DIR (a backup, a container); none of this machine's programs, resolver and servers is asked");
    private readonly Option<string> _domains = Flag.Value("--domains", "FILE", "the mail domains, one a line, where Postfix's tables cannot be listed");
    private readonly Option<string> _bogusName = Flag.Value("--bogus-name", "NAME", $"a name whose signatures are wrong, to try the resolver with; default {PublicBogusName}");
    private readonly Option<bool> _offline = Flag.Of("--offline", "look at files only: ask neither the DNS nor any server");
    private readonly DnsOptions _dns = new();

    public override string Name => "doctor";

    public override string Summary => "what is set up on this mail host, and what of it stops or weakens DANE";

    public override IReadOnlyList<string> Usage => ["[OPTION ...]", "--root DIR [--resolver ADDR] [OPTION ...]"];

    public override IReadOnlyList<string> Description =>
    [
        "Reads, and never writes: Postfix, Dovecot, nginx and Apache, their keys and certificates, certbot, acme.sh and lego, the resolver, and the DNS of every domain that this host takes mail for. Each finding has its mend. Run as root to see everything; what could not be seen is said.",
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
    ];

    public override IReadOnlyList<(string Heading, IReadOnlyList<Option> Options)> OptionGroups => [("what is examined", [_root, _domains, _bogusName, _offline]), ("asking", _dns.All)];

    public override async Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        var parsed = call.Parsed;
        var root = parsed.GetValue(_root);
        var folder = root is null ? "/" : Path.GetFullPath(root, call.Surroundings.Folder);
        if (!Directory.Exists(folder)) throw new MisuseException($"--root {root}: there is no such folder", "give the folder below which the host's /etc is");
        var files = new HostFiles(folder);
        var isElsewhere = root is not null && !files.IsLive;
        var settings = await _dns.ReadAsync(call, cancellationToken).ConfigureAwait(false);
        var options = new CheckOptions { Families = settings.Families, ConnectTo = settings.ConnectTo };
        var bogusName = DnsOptions.ReadName("--bogus-name", parsed.GetValue(_bogusName) ?? PublicBogusName);
        var programs = isElsewhere ? null : new LivePrograms(call.Surroundings.Clock);
        var host = await new HostReader(files, programs).ReadAsync(cancellationToken).ConfigureAwait(false);
        var domains = await MailDomains.OfAsync(call, host, parsed.GetValue(_domains), cancellationToken).ConfigureAwait(false);

        var mayAsk = !parsed.GetValue(_offline) && (!isElsewhere || _dns.Given(parsed).Any(name => name is "--resolver" or "--iterate" or "--root-hints"));
        var network = NetworkFacts.None;
        if (host.HasMailServer && mayAsk)
        {
            var transport = settings.OpenTransport(call.Surroundings.Clock);
            await using (transport.ConfigureAwait(false))
            {
                var resolver = new Resolver(transport, settings.ToResolverOptions(), settings.Clock);
                var survey = new NetworkSurvey(resolver, isElsewhere ? null : new TlsProber(new(), call.Surroundings.Clock), isElsewhere ? null : transport, options, settings.Clock);
                network = await survey.AskAsync(host, domains, bogusName, settings.Concurrency, null, cancellationToken).ConfigureAwait(false);
                if (isElsewhere) network = network with { Unseen = [.. network.Unseen, new("the servers", "of files that are examined from elsewhere no server is connected to")] };
            }
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
}
