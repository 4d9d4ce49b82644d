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
    private readonly Option<string> _print = Flag.Value("--print", "KINDS", "dnskey, ds, cds, cdnskey, with commas between; default all, of a zone-signing key dnskey", [.. KeyRecords.Kinds]);
    private readonly Option<string> _digest = Flag.Value("--digest", "NAMES", "sha256, sha384, with a comma between; default both", "sha256", "sha384");
    private readonly KeyFileOptions _file = new();

    public override string Name => "zone key show";

    public override VerbGroup Group => VerbGroup.Zones;

    public override string Summary => "the DNSKEY, DS, CDS and CDNSKEY records of a key";

    public override IReadOnlyList<string> Usage => ["FILE ... [OPTION ...]"];

    public override IReadOnlyList<string> Description => ["FILE is either file of a pair of K files, their common beginning, a .key alone or any DNSKEY records in zone-file syntax (as dig prints them), or a private key in BIND's form or PKCS #8 (then --zone says whose it is); - is standard input."];

    public override IReadOnlyList<(int Code, string Meaning)> ExitCodes => [(0, "shown")];

    public override IReadOnlyList<string> Examples => ["danelaw zone key show Kexample.org.+013+12345 --print ds", "danelaw zone key show key.pem --zone example.org", "dig +noall +answer example.org DNSKEY | danelaw zone key show - --print ds"];

    public override IReadOnlyList<Argument> Arguments => [_files];

    public override IReadOnlyList<(string Heading, IReadOnlyList<Option> Options)> OptionGroups => [("the records", [_print, _digest]), ("a key that stands alone", _file.All)];

    public override Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        var kinds = call.Parsed.GetValue(_print)?.ToLowerInvariant().Split(',', StringSplitOptions.TrimEntries);
        if (kinds?.FirstOrDefault(kind => !KeyRecords.Kinds.Contains(kind)) is { } unknown) throw new MisuseException($"--print takes {string.Join(", ", KeyRecords.Kinds)}, not '{unknown}'");
        IReadOnlyList<DigestAlgorithm> digests = KeyOptions.ReadDigests("--digest", call.Parsed.GetValue(_digest));
        var all = call.Parsed.GetValue(_files)!.SelectMany(path => _file.ReadPublic(call, path)).Select(input => (input.Path, Records: new KeyRecords(input.Key.Zone, input.Key.TimeToLive, input.Key.Dnskey, digests))).ToList();
        foreach (var (path, records) in all)
        {
            // RFC 4034 §2.1.1, RFC 7344 §4: where keys of both kinds are given, the parent is to name those with the SEP flag.
            var isBeside = records.Role == "zsk" && all.Any(other => other.Records.Zone == records.Zone && other.Records.Role == "ksk");
            call.Voice.Result(call.Output.IsJson ? records.ToJson([path]) : records.ToText(kinds is null ? records.Usual : isBeside ? kinds.Intersect(["dnskey"]) : kinds));
            if (isBeside && kinds?.Any(kind => kind != "dnskey") == true) call.Voice.Hint($"key {records.Key.KeyTag()} is a zone-signing key: it has no DS, CDS or CDNSKEY record beside a key-signing key");
        }

        return Task.FromResult(ExitCode.Good);
    }
}
