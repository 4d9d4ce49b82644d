using System.Collections.Immutable;
using System.CommandLine;
using Danelaw.Certificates;
using Danelaw.Checks;
using Danelaw.Cli.Options;
using Danelaw.Cli.Rendering;
using Danelaw.Cli.Running;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Tlsa;

namespace Danelaw.Cli.Commands;

/// <summary><c>tlsa create</c>: TLSA records from a certificate, a chain, a public key, or what a live server shows.</summary>
internal sealed class TlsaCreateCommand : Verb
{
    private readonly Argument<string?> _file = new("FILE") { HelpName = "FILE", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string> _name = Flag.Value("--name", "HOST", "the TLSA base domain: for mail the name in the MX record");
    private readonly Option<string> _port = Flag.Value("--port", "N", "the port; default 25, with --live that of the server");
    private readonly Option<string> _protocol = Flag.Value("--protocol", "tcp|udp|sctp", "what carries the service; default tcp");
    private readonly Option<string> _usage = Flag.Value("--usage", "0..3", "PKIX-TA, PKIX-EE, DANE-TA, DANE-EE; default 3");
    private readonly Option<string> _selector = Flag.Value("--selector", "0|1", "whole certificate, public key; default 1");
    private readonly Option<string> _matching = Flag.Value("--matching", "0..2", "full, SHA-256, SHA-512; default 1");
    private readonly Option<string> _anchor = Flag.Value("--anchor", "FILE", "the authority that usages 0 and 2 name; default the topmost of FILE");
    private readonly Option<string> _ttl = Flag.Value("--ttl", "SECONDS", "write this TTL into the record");
    private readonly Option<string> _live = Flag.Value("--live", "HOST:PORT", "take what this server shows now, for each kind of key");
    private readonly StartTlsOption _startTls = new();
    private readonly DnsOptions _dns = new();

    public override string Name => "tlsa create";

    public override string Summary => "a TLSA record from a certificate, a key, or a live server";

    public override IReadOnlyList<string> Usage => ["FILE --name HOST [OPTION ...]", "--live HOST:PORT [--name HOST] [OPTION ...]"];

    public override IReadOnlyList<string> Description =>
    [
        "FILE is a certificate, a chain with the server's own certificate first, or a public key, in PEM or DER; - is standard input. Usages 1 and 3 are made from the first certificate, usages 0 and 2 from the topmost authority that it leads to. What could not work is refused.",
        "--live believes what it is shown: compare it with what you know before you publish it.",
    ];

    public override IReadOnlyList<(int Code, string Meaning)> ExitCodes => [(0, "made"), (1, "refused, with the reason"), (3, "the server could not be reached")];

    public override IReadOnlyList<string> Examples =>
    [
        "danelaw tlsa create fullchain.pem --name mx.example.org",
        "danelaw tlsa create ca.pem --name mx.example.org --usage 2 --selector 0",
        "openssl pkey -in key.pem -pubout | danelaw tlsa create - --name mx.example.org",
        "danelaw tlsa create --live mx.example.org:25",
    ];

    public override IReadOnlyList<Argument> Arguments => [_file];

    public override IReadOnlyList<(string Heading, IReadOnlyList<Option> Options)> OptionGroups =>
        [("the record", [_name, _port, _protocol, _usage, _selector, _matching, _anchor, _ttl, _live, _startTls.Option]), ("asking the DNS, with --live", _dns.All)];

    public override async Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        var parsed = call.Parsed;
        var file = parsed.GetValue(_file);
        var live = parsed.GetValue(_live);
        if (file is null == live is null)
            throw new MisuseException(file is null ? "FILE is missing" : "FILE and --live cannot be given together", "give a file with the certificate, or --live HOST:PORT to take what a server shows");
        if (live is null && _dns.Given(parsed, "--now").FirstOrDefault() is { } idle) throw new MisuseException($"{idle} has a meaning with --live only");
        if (live is null && parsed.GetValue(_startTls.Option) is not null) throw new MisuseException("--starttls has a meaning with --live only");
        var target = live is null ? null : ReadTarget(live, _startTls.Read(parsed));
        var name = ReadName(parsed, target);
        var port = parsed.GetValue(_port) is { } text ? Quantity.Number("--port", text, 1, ushort.MaxValue) : target?.Port ?? 25;
        var transport = ReadTransport(parsed.GetValue(_protocol));
        if (!TlsaOwner.TryFor(port, transport, name, out var owner)) throw new MisuseException($"--name: with the port before it '{Words.Of(name)}' is longer than the 255 octets that a name may have");
        int? ttl = parsed.GetValue(_ttl) is { } seconds ? Quantity.Number("--ttl", seconds, 0, int.MaxValue) : null;
        var sources = file is not null ? [CertificateInput.Read(call.Surroundings, file)] : await LiveAsync(call, target!, name, cancellationToken).ConfigureAwait(false);
        if (sources.IsEmpty) return ExitCode.Undetermined;
        var anchor = parsed.GetValue(_anchor) is { } path ? CertificateInput.Read(call.Surroundings, path) : null;

        var made = new List<MadeRecord>();
        var advice = new List<string>();
        foreach (var source in sources)
        {
            var creation = new TlsaCreation { Source = source, Usage = ReadUsage(parsed), Selector = ReadSelector(parsed), Matching = ReadMatching(parsed), Anchor = anchor, Names = [name], Ports = [port], Transport = transport };
            if (!creation.TryMake(_dns.ReadClock(parsed, call.Surroundings).GetUtcNow(), out var record, out var notes, out var fault))
            {
                call.Voice.Error($"no record was made: {fault}");
                return ExitCode.Bad;
            }

            advice.AddRange(notes);
            var subject = source.Certificates.IsEmpty ? null : CertificateText.Read(source.Certificates[0]).Subject;
            if (!made.Any(other => other.Record.Equals(record))) made.Add(new(owner, ttl, record, subject));
        }

        foreach (var one in made) call.Voice.Result(call.Output.IsJson ? one.ToJson() : System.Text.Encoding.UTF8.GetBytes(one.Line + "\n"));
        foreach (var note in advice.Distinct()) call.Voice.Hint(note);
        return ExitCode.Good;
    }

    private async Task<ImmutableArray<CertificateFile>> LiveAsync(Call call, CheckTarget target, DomainName name, CancellationToken cancellationToken)
    {
        var settings = await _dns.ReadAsync(call, cancellationToken).ConfigureAwait(false);
        var shown = await LiveServer.AskAsync(settings, call.Surroundings, target, name, call.Voice, cancellationToken).ConfigureAwait(false);
        return [.. shown.Select(CertificateFile.OfChain)];
    }

    private static CheckTarget ReadTarget(string live, TargetParser parser)
    {
        if (!parser(live, out var target, out var fault)) throw new MisuseException($"--live {live}: {fault}", "write HOST:PORT, or a scheme before it: mx.example.org:25, imaps://mail.example.org, smtp://127.0.0.1:2525");
        return target;
    }

    private DomainName ReadName(ParseResult parsed, CheckTarget? target)
    {
        if (parsed.GetValue(_name) is { } text) return DnsOptions.ReadName("--name", text);
        if (target is { Address: null }) return target.Name;
        throw new MisuseException("--name is missing", "give the name that the record belongs to: for mail the host in the MX record, --name mx.example.org");
    }

    internal static TlsaTransport ReadTransport(string? text) => text?.ToLowerInvariant() switch
    {
        null or "tcp" => TlsaTransport.Tcp,
        "udp" => TlsaTransport.Udp,
        "sctp" => TlsaTransport.Sctp,
        _ => throw new MisuseException($"--protocol takes tcp, udp or sctp, not '{text}'"),
    };

    private TlsaUsage ReadUsage(ParseResult parsed) => parsed.GetValue(_usage) is { } text ? (TlsaUsage)Quantity.Number("--usage", text, 0, 3) : TlsaUsage.DaneEe;

    private TlsaSelector ReadSelector(ParseResult parsed) => parsed.GetValue(_selector) is { } text ? (TlsaSelector)Quantity.Number("--selector", text, 0, 1) : TlsaSelector.PublicKey;

    private TlsaMatching ReadMatching(ParseResult parsed) => parsed.GetValue(_matching) is { } text ? (TlsaMatching)Quantity.Number("--matching", text, 0, 2) : TlsaMatching.Sha256;
}
