using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using Danelaw.Checks;
using Danelaw.Cli.Running;

namespace Danelaw.Cli.Options;

/// <summary>What is checked: the targets, and the options that say how much of each.</summary>
internal sealed class CheckScope : CheckOptionGroup
{
    private readonly StartTlsOption _startTls = new();
    private readonly Option<bool> _srv = Flag.Of("--srv", "the SRV records of the domain tell the hosts and ports of the service, as in imaps://example.org --srv");

    public override IReadOnlyList<Option> All => [_startTls.Option, _srv];

    public Argument<string[]> Targets { get; } = new("TARGET") { HelpName = "TARGET", Arity = ArgumentArity.ZeroOrMore };

    /// <summary>The targets as they were typed, files of them included.</summary>
    public string[] Words(ParseResult parsed) => parsed.GetValue(Targets) ?? [];

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

        return line => parser(line.Text, out var target, out var fault)
            ? target
            : throw new MisuseException($"{line.Prefix}'{(line.Text.Length <= 60 ? line.Text : line.Text[..40] + "..")}' is no target: {fault}", "give a mail domain (example.org) or a service (imaps://mail.example.org, mail.example.org:993; mail.example.org:2525 with --starttls smtp)");
    }
}
