using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Danelaw.Cli.Commands;
using Danelaw.Cli.Rendering;
using Danelaw.Cli.Running;

namespace Danelaw.Cli.Options;

/// <summary>The passwords of one call: what was given is read once, for however many files want it; all of them are wiped when it is over.</summary>
internal sealed class Passwords : IDisposable
{
    private const int MaximumLength = 64 << 10;

    private readonly Call _call;
    private readonly Lazy<char[]?> _given;
    private readonly List<char[]> _typed = [];

    public Passwords(Call call, string? file, string? variable)
    {
        _call = call;
        _given = new(() => Read(call, file, variable));
    }

    /// <summary>The password that was given; null when none was.</summary>
    /// <exception cref="MisuseException">It is nowhere to be found.</exception>
    public char[]? Given => _given.Value;

    /// <summary>Asks for the password of a file.</summary>
    /// <exception cref="MisuseException">There is nobody to ask.</exception>
    public char[] Ask(string path)
    {
        _call.Voice.EndProgress();
        var typed = _call.Surroundings.AskSecret($"password of {Escape.Text(FileText.Shown(path))}: ")
            ?? throw new MisuseException($"{FileText.Shown(path)}: it is encrypted, and there is no terminal to ask for its password", "give it with --password-file FILE or --password-env NAME");
        _typed.Add(typed);
        return typed;
    }

    public void Dispose()
    {
        if (_given.IsValueCreated) Wipe(_given.Value);
        _typed.ForEach(Wipe);
    }

    private static char[]? Read(Call call, string? file, string? variable)
    {
        if (file is not null && variable is not null) throw new MisuseException("--password-file and --password-env cannot be given together");
        if (variable is not null) return (call.Surroundings.Variable(variable) ?? throw new MisuseException($"--password-env: there is no variable {variable} in the environment")).ToCharArray();
        if (file is null) return null;
        var octets = FileText.ReadAll(call.Surroundings, file, MaximumLength);
        var end = octets.AsSpan().IndexOfAny((byte)'\n', (byte)'\r');
        var password = Encoding.UTF8.GetChars(octets, 0, end < 0 ? octets.Length : end);
        CryptographicOperations.ZeroMemory(octets);
        if (file != "-" && FileText.IsOpenToOthers(Path.GetFullPath(file, call.Surroundings.Folder))) call.Voice.Hint($"others than its owner may read {file}: chmod 600 {file}");
        return password;
    }

    private static void Wipe(char[]? password) => CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(password.AsSpan()));
}
