using System.CommandLine;
using Danelaw.Cli.Commands;
using Danelaw.Dns.Names;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Signing;

namespace Danelaw.Cli.Options;

/// <summary>What a file with a private key alone does not say.</summary>
internal sealed class KeyFileOptions
{
    private readonly Option<string> _zone = Flag.Value("--zone", "ZONE", "the zone that the key is for");
    private readonly Option<string> _algorithm = Flag.Value("--algorithm", "NAME", "for RSA in PKCS #8: 8 (default) or 10", "8", "10");
    private readonly Option<string> _role = Flag.Value("--role", "csk|ksk|zsk", "csk and ksk have the SEP flag (default), zsk has not");

    public IReadOnlyList<Option> All => [_zone, _algorithm, _role];

    public KeyInput Read(Call call, string path) => KeyOptions.Read(call, path, Zone(call), Algorithm(call), Role(call));

    /// <summary>The records of the keys that a file holds; the private part need not be there.</summary>
    public IReadOnlyList<(string Path, PublicKeyFile Key)> ReadPublic(Call call, string path) => KeyOptions.ReadPublic(call, path, Zone(call), Algorithm(call), Role(call));

    private DomainName? Zone(Call call) => call.Parsed.GetValue(_zone) is { } zone ? KeyOptions.ReadZone("--zone", zone) : null;

    private SecurityAlgorithm? Algorithm(Call call) => call.Parsed.GetValue(_algorithm) is { } algorithm ? KeyOptions.ReadAlgorithm("--algorithm", algorithm) : null;

    private DnskeyFlags? Role(Call call) => call.Parsed.GetValue(_role) is { } role ? KeyOptions.ReadRole("--role", role) : null;
}
