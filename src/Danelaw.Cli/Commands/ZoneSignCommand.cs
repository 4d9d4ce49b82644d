using System.CommandLine;
using System.Globalization;
using Danelaw.Cli.Options;
using Danelaw.Cli.Rendering;
using Danelaw.Cli.Running;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Signing;

namespace Danelaw.Cli.Commands;

/// <summary><c>zone sign</c>: signs a zone file.</summary>
internal sealed class ZoneSignCommand : Verb
{
    private const int LimitOfValidators = 150;

    private readonly ZoneInputOptions _input = new();
    private readonly Option<string[]> _key = Flag.Values("--key", "FILE", "a key that signs: a pair of K files, or a private key in BIND's form or PKCS #8 (then --origin says whose)");
    private readonly Option<string> _keyFolder = Flag.Value("--key-folder", "DIR", "every pair of K files of the zone in this folder");
    private readonly Option<string> _out = Flag.Value("--out", "FILE", "where the signed zone goes; default FILE.signed, or standard output when FILE is -");
    private readonly ZoneSignOptions _signing = new();

    public override string Name => "zone sign";

    public override string Summary => "sign a zone file";

    public override IReadOnlyList<string> Usage => ["FILE --key FILE [--key FILE ...] [OPTION ...]", "FILE --key-folder DIR [OPTION ...]"];

    public override IReadOnlyList<string> Description =>
    [
        "Reads a zone of any size, signed or not, and writes it signed. Keys with the SEP flag sign the DNSKEY, CDS and CDNSKEY records, the others the rest; where all are of one kind each signs all. Every algorithm of the DNSKEY set must have a key.",
        "Of a signed input those signatures are kept that are by the same keys, verify over the records as they are now, and hold long enough (--refresh): only what changed or is due is signed. The chain of denials is always made anew.",
        "The file is written beside its place and put there when it is whole. - is standard input or output.",
    ];

    public override IReadOnlyList<(int Code, string Meaning)> ExitCodes => [(0, "signed"), (1, "refused, with the reason: the records are no zone, or the keys do not fit it")];

    public override IReadOnlyList<string> Examples =>
    [
        "danelaw zone sign example.org --key-folder keys --serial unixtime",
        "danelaw zone sign zone.signed --key-folder keys --out zone.signed",
        "danelaw zone sign zone --key Kexample.org.+013+12345 --zonemd sha384",
    ];

    public override IReadOnlyList<Argument> Arguments => [_input.Argument];

    public override IReadOnlyList<(string Heading, IReadOnlyList<Option> Options)> OptionGroups =>
        [("the zone and its keys", [_key, _keyFolder, _out, .. _input.All]), ("signatures", _signing.Times), ("denial", _signing.Denial), ("the apex", _signing.Apex)];

    public override async Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        var parsed = call.Parsed;
        var origin = _input.Origin(parsed);
        var options = _signing.Read(parsed, _input.Now(parsed, call.Surroundings));
        var path = _input.Path(parsed);
        var target = parsed.GetValue(_out) ?? (path == "-" ? "-" : path + ".signed");
        if (target == "-" && call.Output.IsJson) throw new MisuseException("--json and the signed zone cannot both go to standard output", "give --out FILE");
        var keys = ReadKeys(call, origin);
        var zone = keys[0].Zone;

        ZoneSigningOutcome outcome;
        var isOwnerKept = true;
        using var reader = _input.Open(call.Surroundings, parsed, origin ?? zone);
        var output = OutputFile.Create(call.Surroundings, target);
        await using (output.ConfigureAwait(false))
        {
            try
            {
                outcome = await ZoneSigner.SignAsync(reader, [.. keys.Select(key => key.Key)], options with { Apex = zone }, output.Stream, new ZoneProgressLine(call.Voice, "written"), cancellationToken).ConfigureAwait(false);
                if (outcome.IsSigned) isOwnerKept = await output.CommitAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is IOException and not BrokenPipeException or UnauthorizedAccessException or ArgumentOutOfRangeException { ParamName: "value" })
            {
                throw new MisuseException($"cannot sign {FileText.Shown(path)} into {(target == "-" ? "standard output" : target)}: {FileText.Reason(exception)}");
            }
        }

        if (outcome.Syntax is { } syntax) throw new MisuseException($"cannot read the zone: {syntax}");
        if (!outcome.IsSigned)
        {
            if (call.Output.IsJson) call.Voice.Result(ZoneSignJson.Write(outcome, options, target));
            call.Voice.Error($"the zone was not signed: {outcome.Fault}");
            return ExitCode.Bad;
        }

        if (!isOwnerKept) call.Voice.Hint($"{target} had another owner or group, and this user cannot give it back: see that the name server may read it");
        Tell(call, outcome, options, target);
        return ExitCode.Good;
    }

    private List<KeyInput> ReadKeys(Call call, Dns.Names.DomainName? origin)
    {
        var keys = new List<KeyInput>();
        foreach (var file in call.Parsed.GetValue(_key) ?? []) keys.Add(KeyOptions.Read(call, file, origin, null, null));
        if (call.Parsed.GetValue(_keyFolder) is { } folder) keys.AddRange(KeyOptions.ReadFolder(call, folder, origin ?? (keys.Count > 0 ? keys[0].Zone : null)));
        if (keys.Count == 0) throw new MisuseException("no key was given, or found in the folder", "danelaw zone key make ZONE makes one; --key FILE or --key-folder DIR names it");
        if (keys.FirstOrDefault(key => key.Zone != keys[0].Zone) is { } other) throw new MisuseException($"the keys are of several zones: {keys[0].Zone} and {other.Zone}", "give --origin ZONE to take those of one zone from a folder");
        if (!keys.Exists(key => key.Key.Flags.HasFlag(DnskeyFlags.Zone) && !key.Key.Flags.HasFlag(DnskeyFlags.Revoked))) throw new MisuseException("none of the keys can sign a zone: they are revoked, or lack the ZONE flag (RFC 4034 §2.1.1)");
        if (keys.FirstOrDefault(key => SecurityAlgorithms.UsesSha1(key.Key.Algorithm)) is { } old)
            call.Voice.Hint($"{old.Path} signs with {SecurityAlgorithms.ToText(old.Key.Algorithm)}, and SHA-1 must no longer be signed with: to many validators such a zone is unsigned (RFC 9905 §2). `danelaw zone key make {old.Zone} --algorithm 13` makes a key to move to");
        return [.. keys.DistinctBy(key => key.Key.ToDnskey())];
    }

    private static void Tell(Call call, ZoneSigningOutcome outcome, ZoneSigningOptions options, string target)
    {
        foreach (var note in outcome.Notes) call.Voice.Hint(note);
        if (options.Nsec3 is { Iterations: > LimitOfValidators } many) call.Voice.Hint($"{many.Iterations} NSEC3 iterations: most validators will call the zone insecure (RFC 9276 §3.2)");
        else if (options.Nsec3 is { } nsec3 && (nsec3.Iterations > 0 || !nsec3.Salt.IsEmpty)) call.Voice.Hint("NSEC3 iterations and salt cost servers and validators time and hide nothing: leave them out (RFC 9276 §3.1)");
        if (options.Serial == SerialPolicy.Keep && outcome.SignaturesMade > 0) call.Voice.Hint($"the serial is still {outcome.Serial}: secondaries do not see the new signatures unless it is higher than the one they have (--serial)");
        if (call.Output.IsJson) call.Voice.Result(ZoneSignJson.Write(outcome, options, target));
        else if (target != "-") call.Voice.Result(System.Text.Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{outcome.Apex} signed into {Escape.Text(target)}: serial {outcome.Serial}, {outcome.Records} records, {outcome.SignaturesMade} signatures made, {outcome.SignaturesKept} kept, until {options.Validity.Expiration.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC\n")));
    }
}
