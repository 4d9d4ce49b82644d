using System.CommandLine;
using Danelaw.Cli.Options;
using Danelaw.Cli.Running;
using Danelaw.Dnssec.Signing;

namespace Danelaw.Cli.Commands;

/// <summary><c>zone key export</c>: the private key in another form.</summary>
internal sealed class ZoneKeyExportCommand : Verb
{
    private readonly Argument<string> _from = new("FILE") { HelpName = "FILE" };
    private readonly Option<string> _format = Flag.Value("--format", "pkcs8|bind", "PKCS #8 in PEM (default), or BIND's private-key format");
    private readonly Option<string> _out = Flag.Value("--out", "FILE", "where it goes, with mode 0600; default standard output");
    private readonly Option<bool> _overwrite = Flag.Of("--overwrite", "replace a file that is there already");
    private readonly KeyFileOptions _file = new();

    public override string Name => "zone key export";

    public override VerbGroup Group => VerbGroup.Zones;

    public override string Summary => "the private key in another form";

    public override IReadOnlyList<string> Usage => ["FILE [OPTION ...]"];

    public override IReadOnlyList<string> Description => ["FILE is as for danelaw zone key show. What comes out is the secret itself."];

    public override IReadOnlyList<(int Code, string Meaning)> ExitCodes => [(0, "written"), (1, "refused, with the reason")];

    public override IReadOnlyList<string> Examples => ["danelaw zone key export Kexample.org.+013+12345 --out key.pem"];

    public override IReadOnlyList<Argument> Arguments => [_from];

    public override IReadOnlyList<(string Heading, IReadOnlyList<Option> Options)> OptionGroups => [("the file", [_format, _out, _overwrite]), ("a key that stands alone", _file.All)];

    public override Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        var parsed = call.Parsed;
        var isPkcs8 = (parsed.GetValue(_format) ?? "pkcs8").ToLowerInvariant() switch
        {
            "pkcs8" or "pem" => true,
            "bind" => false,
            var other => throw new MisuseException($"--format takes pkcs8 or bind, not '{other}'"),
        };
        if (call.Output.IsJson) throw new MisuseException("a private key has no JSON form", "danelaw zone key show --json tells of its records");
        var key = _file.Read(call, parsed.GetValue(_from)!).Key;
        var text = isPkcs8 ? PrivateKeyPem.Write(key) : PrivateKeyFile.Write(key);
        if (parsed.GetValue(_out) is not { } path || path == "-")
        {
            call.Voice.Result(System.Text.Encoding.ASCII.GetBytes(text));
            return Task.FromResult(ExitCode.Good);
        }

        if (OutputFile.TryWriteSecret(call.Surroundings, path, text, parsed.GetValue(_overwrite))) return Task.FromResult(ExitCode.Good);
        call.Voice.Error($"{path} is there already");
        call.Voice.Hint("--overwrite replaces it; what it holds is then lost");
        return Task.FromResult(ExitCode.Bad);
    }
}
