using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using Danelaw.Cli.Commands;
using Danelaw.Cli.Running;

namespace Danelaw.Cli.Options;

/// <summary>Where the password of an encrypted key comes from: a file, the environment, or the terminal. Never the command line, which every user of the machine can read.</summary>
internal sealed class PasswordOptions
{
    private const int MaximumLength = 64 << 10;

    private readonly Option<string> _file = Flag.Value("--password-file", "FILE", "the password of an encrypted key or PKCS #12 file: the first line of FILE; default it is asked for on the terminal");
    private readonly Option<string> _variable = Flag.Value("--password-env", "NAME", "the password stands in this environment variable");

    public IReadOnlyList<Option> All => [_file, _variable];

    /// <summary>The name of the file that the password comes from; null when it does not.</summary>
    public string? File(ParseResult parsed) => parsed.GetValue(_file);

    /// <summary>The password that was given; null when none was. The caller wipes it.</summary>
    /// <exception cref="MisuseException">It is nowhere to be found.</exception>
    public char[]? Read(Call call)
    {
        var (file, variable) = (call.Parsed.GetValue(_file), call.Parsed.GetValue(_variable));
        if (file is not null && variable is not null) throw new MisuseException("--password-file and --password-env cannot be given together");
        if (variable is not null) return (call.Surroundings.Variable(variable) ?? throw new MisuseException($"--password-env: there is no variable {variable} in the environment")).ToCharArray();
        if (file is null) return null;
        var octets = FileText.ReadAll(call.Surroundings, file, MaximumLength);
        var end = octets.AsSpan().IndexOfAny((byte)'\n', (byte)'\r');
        var password = Encoding.UTF8.GetChars(octets, 0, end < 0 ? octets.Length : end);
        CryptographicOperations.ZeroMemory(octets);
        if (file != "-" && SecretFile.IsOpenToOthers(Path.GetFullPath(file, call.Surroundings.Folder))) call.Voice.Hint($"others than its owner may read {file}: chmod 600 {file}");
        return password;
    }

    /// <summary>Asks for it.</summary>
    /// <exception cref="MisuseException">There is nobody to ask.</exception>
    public static char[] Ask(Call call, string path)
    {
        call.Voice.EndProgress();
        return call.Surroundings.AskSecret($"password of {Rendering.Escape.Text(FileText.Shown(path))}: ")
            ?? throw new MisuseException($"{FileText.Shown(path)}: it is encrypted, and there is no terminal to ask for its password", "give it with --password-file FILE or --password-env NAME");
    }
}
