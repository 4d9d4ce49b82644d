using System.CommandLine;
using Danelaw.Checks;
using Danelaw.Cli.Running;

namespace Danelaw.Cli.Options;

/// <summary>What is checked: the targets, and the options that say how much of each.</summary>
internal sealed class CheckScope : CheckOptionGroup
{
    private readonly StartTlsOption _startTls = new();

    public override IReadOnlyList<Option> All => [_startTls.Option];

    public Argument<string[]> Targets { get; } = new("TARGET") { HelpName = "TARGET", Arity = ArgumentArity.ZeroOrMore };

    /// <summary>The targets as they were typed, files of them included.</summary>
    public string[] Words(ParseResult parsed) => parsed.GetValue(Targets) ?? [];

    /// <summary>Reads the options.</summary>
    /// <returns>Reads a target; one that is none is misuse.</returns>
    /// <exception cref="MisuseException">An option makes no sense.</exception>
    public Func<TargetLine, CheckTarget> Read(ParseResult parsed)
    {
        var parser = _startTls.Read(parsed);
        return line => parser(line.Text, out var target, out var fault)
            ? target
            : throw new MisuseException($"{line.Prefix}'{(line.Text.Length <= 60 ? line.Text : line.Text[..40] + "..")}' is no target: {fault}", "give a mail domain (example.org) or a service (imaps://mail.example.org, mail.example.org:993; mail.example.org:2525 with --starttls smtp)");
    }
}
