using System.CommandLine;
using Danelaw.Cli.Options;
using Danelaw.Cli.Rendering;
using Danelaw.Cli.Running;
using Danelaw.Dnssec.Keys;

namespace Danelaw.Cli.Commands;

/// <summary><c>zone key show</c>: the records that belong to a key.</summary>
internal sealed class ZoneKeyShowCommand : Verb
{
    private readonly Argument<string[]> _files = new("FILE") { HelpName = "FILE", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string> _print = Flag.Value("--print", "KINDS", "dnskey, ds, cds, cdnskey, with commas between; default all");
    private readonly Option<string> _digest = Flag.Value("--digest", "NAMES", "sha256, sha384, with a comma between; default both");
    private readonly KeyFileOptions _file = new();

    public override string Name => "zone key show";

    public override string Summary => "the DNSKEY, DS, CDS and CDNSKEY records of a key";

    public override IReadOnlyList<string> Usage => ["FILE ... [OPTION ...]"];

    public override IReadOnlyList<string> Description => ["FILE is either file of a pair of K files, their common beginning, or a private key in BIND's form or PKCS #8 (then --zone says whose it is)."];

    public override IReadOnlyList<(int Code, string Meaning)> ExitCodes => [(0, "shown")];

    public override IReadOnlyList<string> Examples => ["danelaw zone key show Kexample.org.+013+12345 --print ds", "danelaw zone key show key.pem --zone example.org"];

    public override IReadOnlyList<Argument> Arguments => [_files];

    public override IReadOnlyList<(string Heading, IReadOnlyList<Option> Options)> OptionGroups => [("the records", [_print, _digest]), ("a key that stands alone", _file.All)];

    public override Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        var kinds = call.Parsed.GetValue(_print)?.ToLowerInvariant().Split(',', StringSplitOptions.TrimEntries) ?? [.. KeyRecords.Kinds];
        if (kinds.FirstOrDefault(kind => !KeyRecords.Kinds.Contains(kind)) is { } unknown) throw new MisuseException($"--print takes {string.Join(", ", KeyRecords.Kinds)}, not '{unknown}'");
        IReadOnlyList<DigestAlgorithm> digests = KeyOptions.ReadDigests("--digest", call.Parsed.GetValue(_digest));
        foreach (var path in call.Parsed.GetValue(_files)!)
        {
            var input = _file.Read(call, path);
            var records = new KeyRecords(input.Zone, input.TimeToLive, input.Key, digests);
            call.Voice.Result(call.Output.IsJson ? records.ToJson([input.Path]) : records.ToText(kinds));
        }

        return Task.FromResult(ExitCode.Good);
    }
}
