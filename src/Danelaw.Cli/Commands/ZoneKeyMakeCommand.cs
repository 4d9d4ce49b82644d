using System.CommandLine;
using Danelaw.Cli.Options;
using Danelaw.Cli.Running;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Signing;

namespace Danelaw.Cli.Commands;

/// <summary><c>zone key make</c>: a new key for a zone.</summary>
internal sealed class ZoneKeyMakeCommand : Verb
{
    private readonly Argument<string> _zone = new("ZONE") { HelpName = "ZONE" };
    private readonly Option<string> _algorithm = Flag.Value("--algorithm", "NAME", "8, 10, 13, 14, 15 or 16, or its name: RSASHA256, ECDSAP256SHA256, ED25519 ..; default 13", "8", "10", "13", "14", "15", "16");
    private readonly Option<string> _bits = Flag.Value("--bits", "N", "of an RSA key: 1024 to 4096; default 2048");
    private readonly Option<string> _role = Flag.Value("--role", "csk|ksk|zsk", "csk: one key signs all (default); ksk: the key set; zsk: the rest");
    private readonly KeyPairOptions _pair = new();

    public override string Name => "zone key make";

    public override VerbGroup Group => VerbGroup.Zones;

    public override string Summary => "make a key for a zone";

    public override IReadOnlyList<string> Usage => ["ZONE [OPTION ...]"];

    public override IReadOnlyList<string> Description =>
    [
        "Makes a key and writes it as a pair of files, KZONE+ALGORITHM+TAG.key (the DNSKEY record) and .private (the secret, mode 0600), as BIND, ldns and Knot read them. A tag that another key of the zone in that folder has, revoked or not, is not used again. Then prints the DNSKEY, DS, CDS and CDNSKEY records; with -q only where the files are, without their endings.",
    ];

    public override IReadOnlyList<(int Code, string Meaning)> ExitCodes => [(0, "made"), (1, "refused, with the reason")];

    public override IReadOnlyList<string> Examples => ["danelaw zone key make example.org", "danelaw zone key make example.org --algorithm 8 --role zsk --folder keys"];

    public override IReadOnlyList<Argument> Arguments => [_zone];

    public override IReadOnlyList<(string Heading, IReadOnlyList<Option> Options)> OptionGroups => [("the key", [_algorithm, _bits, _role]), ("the files", _pair.All)];

    public override Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        var parsed = call.Parsed;
        var zone = KeyOptions.ReadZone("ZONE", parsed.GetValue(_zone)!);
        var algorithm = parsed.GetValue(_algorithm) is { } name ? KeyOptions.ReadAlgorithm("--algorithm", name) : SecurityAlgorithm.EcdsaP256Sha256;
        var isRsa = algorithm is SecurityAlgorithm.RsaSha256 or SecurityAlgorithm.RsaSha512;
        if (parsed.GetValue(_bits) is not null && !isRsa) throw new MisuseException($"--bits has a meaning for RSA only; the size of {SecurityAlgorithms.ToText(algorithm)} is fixed");
        var bits = parsed.GetValue(_bits) is { } text ? Quantity.Number("--bits", text, 1024, 4096) : SigningKey.DefaultRsaBits;
        if (bits % 8 != 0) throw new MisuseException($"--bits takes a multiple of 8, not {bits}");
        var role = parsed.GetValue(_role) is { } word ? KeyOptions.ReadRole("--role", word) : DnskeyFlags.KeySigning;
        var taken = _pair.Tags(call, zone);
        for (var i = 0; i < 50; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var key = SigningKey.Generate(algorithm, role, bits);
            // RFC 4034 Appendix B: tags are no identifiers, but keys of one tag cost validators (KeyTrap) and confuse people; revoking changes the tag (RFC 5011 §2.1).
            if (taken.Contains(key.KeyTag) || taken.Contains(key.WithFlags(key.Flags | DnskeyFlags.Revoked).KeyTag)) continue;
            KeyOptions.WarnOfSize(call, key);
            if (algorithm == SecurityAlgorithm.RsaSha512) call.Voice.Hint("RSASHA512 is not recommended for signing (RFC 9904 §3): 13, 15 and 8 are");
            return Task.FromResult(_pair.Write(call, zone, key, isCombined: parsed.GetValue(_role)?.ToLowerInvariant() is null or "csk"));
        }

        call.Voice.Error("no key was made: every tag that was drawn is taken by another key in the folder");
        return Task.FromResult(ExitCode.Bad);
    }
}
