using System.CommandLine;
using Danelaw.Checks;
using Danelaw.Cli.Commands;

namespace Danelaw.Cli.Options;

/// <summary>Some of the options of <c>check</c> that belong together, and what they change in how a check is made.</summary>
internal abstract class CheckOptionGroup
{
    /// <summary>The options, in the order of the help.</summary>
    public abstract IReadOnlyList<Option> All { get; }

    /// <summary>Fills in what was given of them.</summary>
    /// <exception cref="Running.MisuseException">One makes no sense.</exception>
    public virtual CheckOptions Apply(Call call, CheckOptions options) => options;
}
