using System.CommandLine;
using Danelaw.Cli.Commands;

namespace Danelaw.Cli.Options;

/// <summary>Where the password of an encrypted key comes from: a file, the environment, or the terminal. Never the command line, which every user of the machine can read.</summary>
internal sealed class PasswordOptions
{
    private readonly Option<string> _file = Flag.Value("--password-file", "FILE", "the password of an encrypted key or PKCS #12 file: the first line of FILE; default it is asked for on the terminal");
    private readonly Option<string> _variable = Flag.Value("--password-env", "NAME", "the password stands in this environment variable");

    public IReadOnlyList<Option> All => [_file, _variable];

    /// <summary>The name of the file that the password comes from, with the option's; null when it does not.</summary>
    public (string Name, string? File) Input(ParseResult parsed) => (_file.Name, parsed.GetValue(_file));

    /// <summary>The passwords of one call; whoever opens them disposes of them.</summary>
    public Passwords Open(Call call) => new(call, call.Parsed.GetValue(_file), call.Parsed.GetValue(_variable));
}
