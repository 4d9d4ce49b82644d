using System.CommandLine;
using Danelaw.Cli.Commands;
using Danelaw.Cli.Rendering.Reports;
using Danelaw.Cli.Running;

namespace Danelaw.Cli.Options;

/// <summary>The options of <c>check</c> that say how reports are told.</summary>
internal sealed class CheckTelling : CheckOptionGroup
{
    private readonly Option<bool> _nagios = Flag.Of("--nagios", "one line and exit codes as a monitoring plugin");

    public override IReadOnlyList<Option> All => [_nagios];

    /// <summary>Whether a monitor reads what is told.</summary>
    public bool IsNagios(ParseResult parsed) => parsed.GetValue(_nagios);

    /// <summary>Makes what tells the reports.</summary>
    /// <param name="call">The call.</param>
    /// <param name="isStrict">Whether warnings count.</param>
    /// <param name="isSeveral">Whether there may be more than one target.</param>
    /// <exception cref="MisuseException">Options stand against each other.</exception>
    public ICheckSink Open(Call call, bool isStrict, bool isSeveral)
    {
        if (!IsNagios(call.Parsed)) return call.Output.IsJson ? new JsonSink(call.Voice, isStrict) : new TextSink(call.Voice, call.Output, isStrict, isSeveral);
        if (call.Output.IsJson) throw new MisuseException("--nagios and --json cannot be given together", "--nagios is one line for a monitor, --json is for any other program");
        return new NagiosSink(call.Voice);
    }
}
