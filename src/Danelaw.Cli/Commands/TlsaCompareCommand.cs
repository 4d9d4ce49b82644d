using System.Collections.Immutable;
using System.CommandLine;
using Danelaw.Checks;
using Danelaw.Cli.Options;
using Danelaw.Cli.Rendering;
using Danelaw.Cli.Rendering.Comparing;
using Danelaw.Cli.Running;
using Danelaw.Comparing;
using Danelaw.Dnssec.Resolution;
using Danelaw.Operator.Publishing.Propagation;

namespace Danelaw.Cli.Commands;

/// <summary><c>tlsa compare</c>: what is published, what is served and what is on disk, side by side.</summary>
internal sealed class TlsaCompareCommand : Verb
{
    private readonly Argument<string[]> _words = new("HOST") { HelpName = "HOST", Arity = ArgumentArity.OneOrMore };
    private readonly StartTlsOption _startTls = new();
    private readonly PasswordOptions _passwords = new();
    private readonly Option<bool> _allServers = Flag.Of("--all-servers", "ask each authoritative server too, and hold its records against those that were validated");
    private readonly CheckProbing _probing = new();
    private readonly DnsOptions _dns = new();

    public override string Name => "tlsa compare";

    public override VerbGroup Group => VerbGroup.Records;

    public override string Summary => "TLSA records beside what the server shows and what is on disk";

    public override IReadOnlyList<string> Usage => ["HOST[:PORT] [FILE ...] [OPTION ...]", "URL [FILE ...] [OPTION ...]"];

    public override IReadOnlyList<string> Description =>
    [
        "HOST is a server, not a mail domain: for mail the name in the MX record; the port is 25 unless it is given, or a URL (imaps://mail.example.org) tells it. FILE is whatever tlsa create takes: what the server has on disk, or what it is to get. Without FILE what is published and what is served are compared.",
        "Every certificate and key that is found is listed with the places where it is, and every record that means none of them; then what is to be done, and when it is safe.",
    ];

    public override IReadOnlyList<(int Code, string Meaning)> ExitCodes =>
    [
        (0, "all places have the same"),
        (1, "something is in one place and not in another"),
        (3, "something could not be seen"),
        (4, "there are no TLSA records that a client would use"),
    ];

    public override IReadOnlyList<string> Examples =>
    [
        "danelaw tlsa compare mx.example.org",
        "danelaw tlsa compare mx.example.org /etc/letsencrypt/live/mx.example.org",
        "danelaw tlsa compare imaps://mail.example.org rsa.pem ecdsa.pem --all-servers",
        "danelaw tlsa compare mx.example.org next-key.pem --json",
    ];

    public override IReadOnlyList<Argument> Arguments => [_words];

    public override IReadOnlyList<(string Heading, IReadOnlyList<Option> Options)> OptionGroups =>
        [("what is compared", [_startTls.Option, .. _passwords.All, _allServers]), ("asking", [.. _probing.All, .. _dns.All])];

    public override async Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        var words = call.Parsed.GetValue(_words) ?? [];
        var target = ReadTarget(words[0], _startTls.Read(call.Parsed));
        CertificateInput.RequireOneInput([.. words[1..].Select(file => ("FILE", (string?)file)), _passwords.Input(call.Parsed)]);
        using var passwords = _passwords.Open(call);
        ImmutableArray<ComparedFile> files = [.. words[1..].SelectMany(file => CertificateInput.ReadAll(call, file, passwords).Parts.Select(part => new ComparedFile(FileText.Shown(file), part)))];

        var settings = await _dns.ReadAsync(call, cancellationToken).ConfigureAwait(false);
        var options = CheckJudging.WithRoots(call, settings.CaFile, _probing.Apply(call, settings.ToCheckOptions()))(target);
        var transport = settings.OpenTransport(call.Surroundings.Clock);
        await using (transport.ConfigureAwait(false))
        {
            var resolver = new Resolver(transport, settings.ToResolverOptions(), settings.Clock);
            var report = await new DaneChecker(resolver, _probing.Open(call), options, settings.Clock).CheckAsync(target, new CheckSteps(call.Voice, isSeveral: false).Of(target), cancellationToken).ConfigureAwait(false);
            var host = report.Hosts[0];
            var servers = ImmutableArray<ComparedServer>.Empty;
            if (call.Parsed.GetValue(_allServers) && host.TlsaAnswer is { } answer)
            {
                call.Voice.Progress("asking the authoritative servers");
                var all = new AuthoritativeServers(resolver, transport, settings.OpenDelegations(resolver, transport)) { Families = settings.Families, ConnectTo = settings.ConnectTo };
                servers = [.. (await all.AskAsync([answer.Question.Name], cancellationToken).ConfigureAwait(false)).Where(view => view.Name.Equals(answer.FinalName)).Select(view => new ComparedServer(view.Server, view.Security == answer.Security ? view.Records?.Records : null, view.Detail))];
            }

            call.Voice.EndProgress();
            var comparison = TlsaComparison.Judge(host, files, servers, options, settings.Clock.GetUtcNow());
            var told = new ToldComparison(target, report, host, comparison) { AskedWith = settings.AskedWith };
            if (call.Output.IsJson)
            {
                call.Voice.Result(ComparisonJson.Document(told));
            }
            else
            {
                var page = new Page(call.Output.Style);
                ComparisonText.Write(page, told, call.Output);
                call.Voice.Result(page.ToUtf8());
            }

            return comparison.Verdict switch
            {
                ComparisonVerdict.Agreeing => ExitCode.Good,
                ComparisonVerdict.Differing => ExitCode.Bad,
                ComparisonVerdict.Unseen => ExitCode.Undetermined,
                ComparisonVerdict.Unpublished => ExitCode.Unprotected,
            };
        }
    }

    private static CheckTarget ReadTarget(string text, TargetParser parser)
    {
        if (!parser(text, out var target, out var fault)) throw new MisuseException($"{text}: {fault}", TargetHint.Of(text, "write HOST, HOST:PORT, or a scheme before it: mx.example.org, imaps://mail.example.org"));
        if (target.Address is not null) throw new MisuseException($"{text} is an address, and TLSA records stand under names", "give the server's name; --connect-to leads the connection elsewhere");
        if (target.SrvOwner is not null && text.TrimStart().StartsWith('_')) throw new MisuseException($"{text} is the owner of SRV records, which may name several hosts", "give one of them: danelaw check tells them");

        // The host itself, whoever else would be found by MX or SRV records of that name.
        return CheckTarget.Service(target.Name, target.Port, target.Protocol);
    }
}
