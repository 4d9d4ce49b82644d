using System.Collections.Immutable;
using System.CommandLine;
using Danelaw.Certificates;
using Danelaw.Checks;
using Danelaw.Cli.Options;
using Danelaw.Cli.Rendering;
using Danelaw.Cli.Rendering.Records;
using Danelaw.Cli.Running;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Tlsa;

namespace Danelaw.Cli.Commands;

/// <summary><c>tlsa create</c>: TLSA records from whatever holds a certificate or a key, or from what a live server shows.</summary>
internal sealed class TlsaCreateCommand : Verb
{
    private readonly Argument<string?> _file = new("FILE") { HelpName = "FILE", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string> _live = Flag.Value("--live", "HOST:PORT", "take what this server shows now, for each kind of key");
    private readonly StartTlsOption _startTls = new();
    private readonly RecordShape _shape = new();
    private readonly RecordOutput _output = new();
    private readonly PasswordOptions _passwords = new();
    private readonly DnsOptions _dns = new();

    public override string Name => "tlsa create";

    public override VerbGroup Group => VerbGroup.Records;

    public override string Summary => "TLSA records from a certificate, key or live server";

    public override IReadOnlyList<string> Usage => ["FILE --name HOST [OPTION ...]", "--live HOST:PORT [--name HOST] [OPTION ...]"];

    public override IReadOnlyList<string> Description =>
    [
        "FILE is a certificate, a chain, several keys with their chains (as in smtpd_tls_chain_files), a public key, a private key (PKCS #8, PKCS #1, SEC 1) or a certificate request, in PEM or DER, a PKCS #12 file, or a folder of certbot's such as /etc/letsencrypt/live/NAME; - is standard input. Of a private key only the public half is used, and nothing of it is shown. A password is asked for on the terminal.",
        "Usages 1 and 3 are made from the server's own certificate, usages 0 and 2 from the topmost authority that it leads to; of several keys there is a record of each. What could not work is refused.",
        "--live believes what it is shown: compare it with what you know before you publish it.",
    ];

    public override IReadOnlyList<(int Code, string Meaning)> ExitCodes => [(0, "made"), (1, "refused, with the reason"), (3, "the server could not be reached")];

    public override IReadOnlyList<string> Examples =>
    [
        "danelaw tlsa create fullchain.pem --name mx.example.org",
        "danelaw tlsa create ca.pem --name mx.example.org --usage 2 --selector 0",
        "danelaw tlsa create server.p12 --name mx.example.org --port 25,465",
        "danelaw tlsa create key.pem --name mx.example.org --format nsupdate --replace",
        "danelaw tlsa create --live mx.example.org:25",
    ];

    public override IReadOnlyList<Argument> Arguments => [_file];

    public override IReadOnlyList<(string Heading, IReadOnlyList<Option> Options)> OptionGroups =>
    [
        ("the record", _shape.All),
        ("where it comes from", [.. _passwords.All, _live, _startTls.Option]),
        ("how it is written", _output.All),
        ("asking the DNS, with --live", _dns.All),
    ];

    public override async Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        var parsed = call.Parsed;
        var file = parsed.GetValue(_file);
        var live = parsed.GetValue(_live);
        if (file is null == live is null)
            throw new MisuseException(file is null ? "FILE is missing" : "FILE and --live cannot be given together", "give a file with the certificate or key, or --live HOST:PORT to take what a server shows");
        if (live is null && _dns.Given(parsed, "--now").FirstOrDefault() is { } idle) throw new MisuseException($"{idle} has a meaning with --live only");
        if (live is null && parsed.GetValue(_startTls.Option) is not null) throw new MisuseException("--starttls has a meaning with --live only");
        CertificateInput.RequireOneInput(("FILE", file), (RecordShape.AnchorName, _shape.Anchor(parsed)), _passwords.Input(parsed));
        var target = live is null ? null : ReadTarget(live, _startTls.Read(parsed));
        var names = _shape.Names(parsed, target is { Address: null } ? target.Name : null);
        var owners = _shape.Owners(parsed, names, target?.Port);
        var telling = _output.Read(call, RecordType.TLSA, owners);
        using var passwords = _passwords.Open(call);
        var given = file is null ? null : CertificateInput.ReadAll(call, file, passwords);
        if (given is { HasStrayKey: true } && !_shape.IsAllowed(parsed)) return Refuse(call, $"{FileText.Shown(file!)}: {CertificateInput.StrayKey}", "give that key's certificate with it, or take the key out; --allow makes a record of each");
        (ImmutableArray<CertificateFile> sources, DomainName? tlsaBase) = given is not null ? (given.Parts, null) : await LiveAsync(call, target!, names[0], cancellationToken).ConfigureAwait(false);
        if (sources.IsEmpty) return ExitCode.Undetermined;
        var anchor = _shape.Anchor(parsed) is { } path ? CertificateInput.Read(call, path, passwords) : null;
        var isElsewhere = tlsaBase is { } its && !its.Equals(target!.Name) && names.Contains(target.Name);
        if (isElsewhere && !_shape.HasNames(parsed))
        {
            names = [tlsaBase!.Value];
            owners = _shape.Owners(parsed, names, target!.Port);
            telling = _output.Read(call, RecordType.TLSA, owners);
        }

        var creations = _shape.Creations(parsed, sources, names, target?.Port, anchor);

        var now = _dns.ReadClock(parsed, call.Surroundings).GetUtcNow();
        var elsewhere = !isElsewhere ? "" : $"{Words.Of(target!.Name)} is an alias of {Words.Of(tlsaBase!.Value)}, which has TLSA records: those are what clients ask for (RFC 7671 §7), {(_shape.HasNames(parsed) ? $"and none at the name given; --name {Words.Of(tlsaBase.Value)} is where the record belongs" : "and the record is for that name")}";
        var made = new List<(TlsaRecord Record, string? Subject)>();
        var advice = given is null ? [] : CertificateInput.Notes(file!, given).ToList();
        if (isElsewhere) advice.Add(elsewhere);
        foreach (var creation in creations)
        {
            if (!creation.TryMake(now, out var record, out var notes, out var fault))
                return Refuse(call, fault, (creation with { AllowsAuthority = true }).TryMake(now, out _, out _, out _) ? "--allow makes it all the same, for a server that shows this certificate itself" : null);
            advice.AddRange(notes);
            if (made.Any(other => other.Record.Equals(record))) continue;
            made.Add((record, creation.Source.Certificates.IsEmpty ? null : CertificateText.Read(creation.Source.Certificates[0]).Subject));
        }

        if (!TlsaCreation.AreEnough(made.Select(one => one.Record), out var lack) && !_shape.IsAllowed(parsed)) return Refuse(call, lack, "--matching 1 --matching 2 makes both; --allow makes it all the same");
        call.Voice.Result(telling.Write([.. owners.SelectMany(owner => made.Select(one => new MadeRecord(owner, telling.TimeToLive, RecordType.TLSA, one.Record.ToRecordData(), one.Subject)))]));
        if (made.All(one => one.Record.Matching == TlsaMatching.Sha512)) advice.Add("--matching 1 --matching 2 makes both");
        if (telling is { Format: RecordFormat.Form, Zone: null }) advice.Add("Host is the whole name; with --zone ZONE it is written as forms want it that append the zone");
        if (file is not null && LineageFolder.IsFolder(call.Surroundings, file) && made.Any(one => one.Record.Usage is TlsaUsage.DaneEe or TlsaUsage.PkixEe) && LineageFolder.Advice(call.Surroundings, file) is { } renewal) advice.Add(renewal);
        foreach (var note in advice) call.Voice.Hint(note);
        return ExitCode.Good;
    }

    private static int Refuse(Call call, string fault, string? hint = null)
    {
        call.Voice.Error($"no record was made: {fault}");
        if (hint is not null) call.Voice.Hint(hint);
        return ExitCode.Bad;
    }

    private async Task<(ImmutableArray<CertificateFile> Sources, DomainName? Base)> LiveAsync(Call call, CheckTarget target, DomainName name, CancellationToken cancellationToken)
    {
        var settings = await _dns.ReadAsync(call, cancellationToken).ConfigureAwait(false);
        var shown = await LiveServer.AskAsync(settings, call.Surroundings, target, name, call.Voice, cancellationToken).ConfigureAwait(false);
        return ([.. shown.Chains.Select(CertificateFile.OfChain)], shown.Base);
    }

    private static CheckTarget ReadTarget(string live, TargetParser parser)
    {
        if (!parser(live, out var target, out var fault)) throw new MisuseException($"--live {live}: {fault}", TargetHint.Of(live, "write HOST:PORT, or a scheme before it: mx.example.org:25, imaps://mail.example.org, smtp://127.0.0.1:2525"));
        if (target.SrvOwner is not null && live.TrimStart().StartsWith('_')) throw new MisuseException($"--live {live}: that is the owner of SRV records, which may name several hosts", "write HOST:PORT of one of them");
        return target;
    }
}
