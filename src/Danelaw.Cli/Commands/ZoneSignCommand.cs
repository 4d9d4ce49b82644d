using System.CommandLine;
using System.Globalization;
using Danelaw.Cli.Options;
using Danelaw.Cli.Rendering;
using Danelaw.Cli.Running;
using Danelaw.Dnssec.Signing;

namespace Danelaw.Cli.Commands;

/// <summary><c>zone sign</c>: signs a zone file.</summary>
internal sealed class ZoneSignCommand : Verb
{
    private const int LimitOfValidators = 150;

    private readonly ZoneInputOptions _input = new();
    private readonly Option<string[]> _key = Flag.Values("--key", "FILE", "a key that signs: a pair of K files, or a private key in BIND's form or PKCS #8 (then --origin says whose)");
    private readonly Option<string> _keyFolder = Flag.Value("--key-folder", "DIR", "every K file of the zone in this folder; times in them (Publish, Activate, Revoke, Inactive, Delete) are obeyed");
    private readonly Option<string[]> _removeKey = Flag.Values("--remove-key", "TAG", "take the DNSKEY of this tag out, and the CDS and CDNSKEY that name it");
    private readonly Option<string> _out = Flag.Value("--out", "FILE", "where the signed zone goes; default FILE.signed, or standard output when FILE is -");
    private readonly ZoneSignOptions _signing = new();

    public override string Name => "zone sign";

    public override VerbGroup Group => VerbGroup.Zones;

    public override string Summary => "sign a zone file";

    public override IReadOnlyList<string> Usage => ["FILE --key FILE [--key FILE ...] [OPTION ...]", "FILE --key-folder DIR [OPTION ...]"];

    public override IReadOnlyList<string> Description =>
    [
        "Reads a zone of any size, signed or not, and writes it signed. Keys with the SEP flag sign the DNSKEY, CDS and CDNSKEY records, the others the rest; where all are of one kind each signs all. Every algorithm of the DNSKEY set must have a key. Where the private half of a key with the SEP flag is elsewhere, its signatures are kept while they are good; without one the zone is refused.",
        "A key of the folder is published, signs, is revoked or is taken out by the times that dnssec-keygen and dnssec-settime write, as dnssec-signzone -S has it; one without times signs, a .key without its .private is published. A key named with --key signs. A revoked key signs the DNSKEY records alone and replaces what it was.",
        "Of a signed input those signatures are kept that are by the same keys, verify over the records as they are now, and hold long enough (--refresh): only what changed or is due is signed. The chain of denials is always made anew, of the kind and with the parameters that the zone came with unless --nsec or --nsec3 say otherwise.",
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
        [("the zone and its keys", [_key, _keyFolder, _removeKey, _out, .. _input.All]), ("signatures", _signing.Times), ("denial", _signing.Denial), ("the apex", _signing.Apex)];

    public override async Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        var parsed = call.Parsed;
        var origin = _input.Origin(parsed);
        var now = _input.Now(parsed, call.Surroundings);
        var options = _signing.Read(parsed, now);
        var path = _input.Path(parsed);
        var target = parsed.GetValue(_out) ?? (path == "-" ? "-" : path + ".signed");
        if (target == "-" && call.Output.IsJson) throw new MisuseException("--json and the signed zone cannot both go to standard output", "give --out FILE");
        var removed = (parsed.GetValue(_removeKey) ?? []).Select(tag => (ushort)Quantity.Number("--remove-key", tag, 0, ushort.MaxValue));
        var keys = ZoneKeyRing.Read(call, parsed.GetValue(_key) ?? [], parsed.GetValue(_keyFolder), removed, origin, () => _input.Apex(call.Surroundings, parsed), now);
        options = keys.Apply(options);

        ZoneSigningOutcome outcome;
        var isOwnerKept = true;
        using var reader = _input.Open(call.Surroundings, parsed, origin ?? keys.Zone);
        using (var output = OutputFile.Create(call.Surroundings, target))
        {
            try
            {
                outcome = await ZoneSigner.SignAsync(reader, keys.Signing, options, output.Stream, new ZoneProgressLine(call.Voice, "written"), cancellationToken).ConfigureAwait(false);
                if (outcome.IsSigned) isOwnerKept = output.Commit();
            }
            catch (Exception exception) when (exception is IOException and not BrokenPipeException or UnauthorizedAccessException or ArgumentOutOfRangeException { ParamName: "value" })
            {
                throw new MisuseException($"cannot sign {FileText.Shown(path)} into {(target == "-" ? "standard output" : target)}: {FileText.Reason(exception)}");
            }
        }

        outcome = outcome with { Notes = [.. keys.Notes, .. outcome.Notes] };
        if (outcome.Syntax is { } syntax) throw new MisuseException($"cannot read the zone: {syntax}");
        if (!outcome.IsSigned)
        {
            if (call.Output.IsJson) call.Voice.Result(ZoneSignJson.Write(outcome, options, target));
            call.Voice.Error($"the zone was not signed: {outcome.Fault}");
            foreach (var note in keys.Notes) call.Voice.Hint(note);
            return ExitCode.Bad;
        }

        if (!isOwnerKept) call.Voice.Hint($"{target} had another owner or group, and this user cannot give it back: see that the name server may read it");
        Tell(call, outcome, options, target);
        return ExitCode.Good;
    }

    private static void Tell(Call call, ZoneSigningOutcome outcome, ZoneSigningOptions options, string target)
    {
        foreach (var note in outcome.Notes) call.Voice.Hint(note);
        if (options.Validity.Inception > options.Now) call.Voice.Hint($"the signatures begin only {options.Validity.Inception.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC: until then validators refuse the zone");
        if (outcome.Nsec3 is { Iterations: > LimitOfValidators } many) call.Voice.Hint($"{many.Iterations} NSEC3 iterations: most validators will call the zone insecure (RFC 9276 §3.2)");
        else if (outcome.Nsec3 is { } nsec3 && (nsec3.Iterations > 0 || !nsec3.Salt.IsEmpty)) call.Voice.Hint("NSEC3 iterations and salt cost servers and validators time and hide nothing: leave them out (RFC 9276 §3.1)");
        if (options.Serial == SerialPolicy.Keep && outcome.SignaturesMade > 0) call.Voice.Hint($"the serial is still {outcome.Serial}: secondaries do not see the new signatures unless it is higher than the one they have (--serial)");
        if (call.Output.IsJson) call.Voice.Result(ZoneSignJson.Write(outcome, options, target));
        else if (target != "-") call.Voice.Result(System.Text.Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{outcome.Apex} signed into {Escape.Text(target)}: serial {outcome.Serial}, {outcome.Records} records, {outcome.SignaturesMade} signature{(outcome.SignaturesMade == 1 ? "" : "s")} made, {outcome.SignaturesKept} kept; the first ends {(outcome.FirstExpiration ?? options.Validity.Expiration).UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC\n")));
    }
}
