using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using Danelaw.Checks;
using Danelaw.Cli.Commands;
using Danelaw.Cli.Running;
using Danelaw.Dns.Transports;
using Danelaw.Servers;

namespace Danelaw.Cli.Options;

/// <summary>What is checked: the targets, and the options that say how much of each.</summary>
internal sealed class CheckScope : CheckOptionGroup
{
    // Zones do not change that fast, and a run over a long list is to see them as they are.
    private static readonly TimeSpan SharedFor = TimeSpan.FromMinutes(10);

    private readonly StartTlsOption _startTls = new();
    private readonly Option<bool> _srv = Flag.Of("--srv", "the SRV records of the domain tell the hosts and ports of the service, as in imaps://example.org --srv");
    private readonly Option<bool> _servers = Flag.Of("--servers", "ask each name server of every zone on the way too, of several targets as well, each thing once; done by itself for a single target");
    private readonly Option<bool> _noServers = Flag.Of("--no-servers", "leave the name servers alone");
    private readonly Option<bool> _owners = Flag.Of("--owners", "look also for TLSA records where nobody asks for them (mistyped names, the mail domain, other ports), of several targets as well; done by itself for a single target");
    private readonly Option<bool> _noOwners = Flag.Of("--no-owners", "do not look for them");

    private readonly Option<bool> _allServices = Flag.Of("--all-services", "of a mail domain ports 465, 587, 143, 993, 110, 995, 4190 and 443 too, where SRV records, --also or convention have them; a check may take four times as long");
    private readonly Option<string[]> _also = Flag.Values("--also", "SERVICE", "with --all-services, a service that the domain has elsewhere, as imaps://imap.example.net or host:993");

    public override IReadOnlyList<Option> All => [_startTls.Option, _srv, _allServices, _also, _servers, _noServers, _owners, _noOwners];

    public Argument<string[]> Targets { get; } = new("TARGET") { HelpName = "TARGET", Arity = ArgumentArity.ZeroOrMore };

    /// <summary>The targets as they were typed, files of them included.</summary>
    public string[] Words(ParseResult parsed) => parsed.GetValue(Targets) ?? [];

    /// <summary>Whether the name servers of the zones on the way are asked.</summary>
    /// <exception cref="MisuseException">Both were asked for.</exception>
    public bool AsksServers(ParseResult parsed, bool isSeveral)
    {
        var (isWanted, isUnwanted) = (parsed.GetValue(_servers), parsed.GetValue(_noServers));
        if (isWanted && isUnwanted) throw new MisuseException("--servers and --no-servers contradict each other", "without either they are asked for a single target");
        return isWanted || (!isUnwanted && !isSeveral);
    }

    /// <summary>What carries the questions to name servers: of many targets that have the same ones, each thing once.</summary>
    public static IDnsTransport Share(Call call, IDnsTransport servers) => new SharedTransport(new HurriedTransport(servers, call.Surroundings.Clock), call.Surroundings.Clock, SharedFor);

    /// <inheritdoc/>
    public override CheckOptions Apply(Call call, CheckOptions options)
    {
        var (isAsked, isRefused) = (call.Parsed.GetValue(_owners), call.Parsed.GetValue(_noOwners));
        if (isAsked && isRefused) throw new MisuseException("--owners and --no-owners contradict each other", "without either they are looked for at a single target");

        // Two dozen questions a host are few for one domain, and many for a list.
        options = options with { SeeksMisplaced = isAsked || (!isRefused && !TargetList.IsSeveral(Words(call.Parsed))) };

        var also = call.Parsed.GetValue(_also) ?? [];
        if (also.Length > 0 && !call.Parsed.GetValue(_allServices)) throw new MisuseException("--also has a meaning with --all-services only", "without it, give the service as a target of its own");
        if (also.Length > 0 && TargetList.IsSeveral(Words(call.Parsed))) throw new MisuseException("--also is of one domain, and there may be several targets", "check the domains one by one, or give the service as a target of its own");
        return options with { AllServices = call.Parsed.GetValue(_allServices), Also = [.. also.Select(ReadAlso)] };
    }

    /// <summary>Reads the options.</summary>
    /// <returns>Reads a target; one that is none is misuse.</returns>
    /// <exception cref="MisuseException">An option makes no sense.</exception>
    public Func<TargetLine, CheckTarget> Read(ParseResult parsed)
    {
        var parser = _startTls.Read(parsed);
        if (parsed.GetValue(_srv))
        {
            if (parsed.GetValue(_startTls.Option) is not null) throw new MisuseException("--srv and --starttls cannot be given together", "--starttls says what is spoken at a port, and SRV records tell the port");
            parser = (string text, [NotNullWhen(true)] out CheckTarget? target, out string fault) =>
            {
                if (CheckTarget.TryParseSrv(text, out target, out fault)) return true;
                fault = "with --srv, " + fault;
                return false;
            };
        }

        var isForDomains = parsed.GetValue(_allServices);
        return line => parser(line.Text, out var target, out var fault)
            ? !isForDomains || target.IsMailDomain ? target : throw new MisuseException($"{line.Prefix}{target.Text} is no mail domain, and --all-services looks for the services of one", "give the domain alone; a service elsewhere that is its own: --also imaps://imap.example.net")
            : throw new MisuseException($"{line.Prefix}'{(line.Text.Length <= 60 ? line.Text : line.Text[..40] + "..")}' is no target: {fault}", TargetHint.Of(line.Text, "give a mail domain (example.org) or a service (imaps://mail.example.org, mail.example.org:993; mail.example.org:2525 with --starttls smtp)"));
    }

    private static CheckTarget ReadAlso(string text)
    {
        const string hint = "write imaps://HOST, HOST:993, tls://HOST:PORT";
        if (!CheckTarget.TryParse(text, out var target, out var fault)) throw new MisuseException($"--also {text}: {fault}", TargetHint.Of(text, hint));
        return target.IsHostOfService ? target : throw new MisuseException($"--also {text}: it is no service of a host", hint);
    }
}
