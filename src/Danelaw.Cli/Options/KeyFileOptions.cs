using System.CommandLine;
using Danelaw.Cli.Commands;

namespace Danelaw.Cli.Options;

/// <summary>What a file with a private key alone does not say.</summary>
internal sealed class KeyFileOptions
{
    private readonly Option<string> _zone = Flag.Value("--zone", "ZONE", "the zone that the key is for");
    private readonly Option<string> _algorithm = Flag.Value("--algorithm", "NAME", "for RSA in PKCS #8: 8 (default) or 10");
    private readonly Option<string> _role = Flag.Value("--role", "csk|ksk|zsk", "csk and ksk have the SEP flag (default), zsk has not");

    public IReadOnlyList<Option> All => [_zone, _algorithm, _role];

    public KeyInput Read(Call call, string path)
    {
        var parsed = call.Parsed;
        return KeyOptions.Read(
            call,
            path,
            parsed.GetValue(_zone) is { } zone ? KeyOptions.ReadZone("--zone", zone) : null,
            parsed.GetValue(_algorithm) is { } algorithm ? KeyOptions.ReadAlgorithm("--algorithm", algorithm) : null,
            parsed.GetValue(_role) is { } role ? KeyOptions.ReadRole("--role", role) : null);
    }
}
