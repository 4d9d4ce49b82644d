using System.CommandLine;
using Danelaw.Cli.Options;

namespace Danelaw.Cli.Commands;

/// <summary><c>zone key import</c>: a key in another form becomes a pair of K files.</summary>
internal sealed class ZoneKeyImportCommand : Verb
{
    private readonly Argument<string> _from = new("FILE") { HelpName = "FILE" };
    private readonly KeyFileOptions _file = new();
    private readonly KeyPairOptions _pair = new();

    public override string Name => "zone key import";

    public override VerbGroup Group => VerbGroup.Zones;

    public override string Summary => "make a pair of K files of a key in another form";

    public override IReadOnlyList<string> Usage => ["FILE --zone ZONE [OPTION ...]"];

    public override IReadOnlyList<string> Description =>
        ["FILE is a private key in PKCS #8 (PEM), as OpenSSL and Knot's KASP folder keep it, or in BIND's form; - is standard input. The pair is written as danelaw zone key make writes one."];

    public override IReadOnlyList<(int Code, string Meaning)> ExitCodes => [(0, "written"), (1, "refused, with the reason")];

    public override IReadOnlyList<string> Examples => ["danelaw zone key import key.pem --zone example.org --role ksk", "danelaw zone key import - --zone example.org < key.pem"];

    public override IReadOnlyList<Argument> Arguments => [_from];

    public override IReadOnlyList<(string Heading, IReadOnlyList<Option> Options)> OptionGroups => [("the key", _file.All), ("the files", _pair.All)];

    public override Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        var input = _file.Read(call, call.Parsed.GetValue(_from)!);
        KeyOptions.WarnOfSize(call, input.Key);
        return Task.FromResult(_pair.Write(call, input.Zone, input.Key));
    }
}
