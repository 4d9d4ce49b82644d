using System.Collections.Immutable;
using System.CommandLine;
using System.Text;
using Danelaw.Cli.Commands;
using Danelaw.Cli.Running;
using Danelaw.Dns.Names;
using Danelaw.Operator.Publishing;

namespace Danelaw.Cli.Options;

/// <summary>The options that say where a zone is mastered.</summary>
internal sealed class PublishPlace
{
    private readonly Option<string> _to = Flag.Value("--to", "WAY", "rfc2136 (dynamic update: BIND, Knot, PowerDNS), powerdns (its HTTP API), zone-file (edited in place), hook (a program of yours), manual (what to type into a DNS host's form)", "rfc2136", "powerdns", "zone-file", "hook", "manual");
    private readonly Option<string> _zone = Flag.Value("--zone", "NAME", "the zone that holds the owners; needed for zone-file, otherwise found by asking");
    private readonly Option<string> _server = Flag.Value("--server", "HOST[:PORT]", "rfc2136: the zone's primary server");
    private readonly Option<string> _key = Flag.Value("--key", "FILE", "rfc2136: the TSIG key, as tsig-keygen, keymgr or pdnsutil writes it; powerdns: the API key. env:NAME is an environment variable. A file that others may read is refused");
    private readonly Option<string> _url = Flag.Value("--url", "URL", "powerdns: where its API is, such as http://127.0.0.1:8081");
    private readonly Option<string> _serverId = Flag.Value("--server-id", "ID", "powerdns: the server's id in the API; default localhost");
    private readonly Option<string> _file = Flag.Value("--file", "FILE", "zone-file: the file");
    private readonly Option<string> _reload = Flag.Value("--reload", "COMMAND", "zone-file: what makes the server read it, run without a shell: \"rndc reload example.org\"");
    private readonly Option<string> _command = Flag.Value("--command", "COMMAND", "hook: the program and its arguments, run without a shell (docs/hooks.md)");

    public IReadOnlyList<Option> All => [_to, _zone, _server, _key, _url, _serverId, _file, _reload, _command];

    /// <summary>The zone that was given; null without.</summary>
    public DomainName? ReadZone(ParseResult parsed) => parsed.GetValue(_zone) is { } text ? DnsOptions.ReadName("--zone", text) : null;

    /// <summary>The place.</summary>
    /// <exception cref="MisuseException">It is not said, or not whole, or an option has no meaning for it.</exception>
    public PublisherSettings Read(Call call)
    {
        var parsed = call.Parsed;
        var zone = ReadZone(parsed);
        switch (parsed.GetValue(_to)?.ToLowerInvariant())
        {
            case null:
                throw new MisuseException("--to is missing: where is the zone changed?", "--to rfc2136 --server HOST --key FILE, --to powerdns --url URL --key FILE, --to zone-file --file FILE --zone NAME, --to hook --command COMMAND, or --to manual");
            case "rfc2136" or "update":
                Refuse(parsed, _to, "rfc2136", _url, _serverId, _file, _reload, _command);
                var (host, port) = ReadServer(Need(parsed, _server, "the zone's primary server"));
                return new PublisherSettings.Update(host, port, zone, Secret(call));
            case "powerdns":
                Refuse(parsed, _to, "powerdns", _server, _file, _reload, _command);
                var text = Need(parsed, _url, "where its API is");
                if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps)) throw new MisuseException($"--url {text} is no address of an API", "as in --url http://127.0.0.1:8081");
                _ = Need(parsed, _key, "the file with the API key");
                return new PublisherSettings.PowerDns(url, parsed.GetValue(_serverId) ?? "localhost", zone, Secret(call)!);
            case "zone-file":
                Refuse(parsed, _to, "zone-file", _server, _key, _url, _serverId, _command);
                var file = Path.GetFullPath(Need(parsed, _file, "the zone's file"), call.Surroundings.Folder);
                if (zone is null) throw new MisuseException("--to zone-file needs --zone", "the zone's name, which is the file's first origin: --zone example.org");
                FileText.Open(call.Surroundings, file).Dispose();
                return new PublisherSettings.ZoneFile(file, zone.Value, parsed.GetValue(_reload) is { } reload ? Split("--reload", reload) : []);
            case "hook":
                Refuse(parsed, _to, "hook", _server, _key, _url, _serverId, _file, _reload);
                return new PublisherSettings.Hook(Split("--command", Need(parsed, _command, "the program that changes the zone")), zone);
            case "manual":
                Refuse(parsed, _to, "manual", _server, _key, _url, _serverId, _file, _reload, _command);
                return new PublisherSettings.Manual(zone);
            case { } other:
                throw new MisuseException($"--to takes rfc2136, powerdns, zone-file, hook or manual, not '{other}'");
        }
    }

    /// <summary>The name that <c>--to</c> has for a place.</summary>
    public static string NameOf(PublisherSettings settings) => settings switch
    {
        PublisherSettings.Update => "rfc2136",
        PublisherSettings.PowerDns => "powerdns",
        PublisherSettings.ZoneFile => "zone-file",
        PublisherSettings.Hook => "hook",
        _ => "manual",
    };

    private string? Secret(Call call) => call.Parsed.GetValue(_key) switch
    {
        null => null,
        { } name when name.StartsWith("env:", StringComparison.Ordinal) => name,
        { } file => Path.GetFullPath(file, call.Surroundings.Folder),
    };

    private static string Need(ParseResult parsed, Option<string> option, string what) =>
        parsed.GetValue(option) is { Length: > 0 } value ? value : throw new MisuseException($"--to {parsed.GetValue<string>("--to")} needs {option.Name}: {what}", $"{option.Name} {option.HelpName}");

    private static void Refuse(ParseResult parsed, Option<string> to, string way, params ReadOnlySpan<Option> others)
    {
        foreach (var other in others)
            if (parsed.GetResult(other) is { Implicit: false }) throw new MisuseException($"{other.Name} has no meaning with {to.Name} {way}");
    }

    private static (string Host, int Port) ReadServer(string text)
    {
        if (System.Net.IPEndPoint.TryParse(text, out var literal)) return (literal.Address.ToString(), literal.Port == 0 ? 53 : literal.Port);
        var colon = text.LastIndexOf(':');
        var (host, port) = colon < 0 ? (text, 53) : (text[..colon], Quantity.Number("--server", text[(colon + 1)..], 1, ushort.MaxValue));
        return DomainName.TryFromUserInput(host, out var name, out var fault) ? (name.ToString(), port) : throw new MisuseException($"--server: {NameFaults.Say(host, fault)}");
    }

    /// <summary>Words between blanks; quotes of either kind hold them together, a backslash takes the next character as it is. Nothing else of a shell has a meaning.</summary>
    internal static ImmutableArray<string> Split(string option, string text)
    {
        var words = ImmutableArray.CreateBuilder<string>();
        var word = new StringBuilder();
        var (quote, isWord) = ('\0', false);
        for (var i = 0; i < text.Length; i++)
        {
            var character = text[i];
            if (character == '\\' && quote != '\'' && i + 1 < text.Length)
            {
                word.Append(text[++i]);
                isWord = true;
            }
            else if (quote == '\0' && character is '"' or '\'')
            {
                (quote, isWord) = (character, true);
            }
            else if (character == quote && quote != '\0')
            {
                quote = '\0';
            }
            else if (quote == '\0' && character is ' ' or '\t' or '\n')
            {
                if (isWord) words.Add(word.ToString());
                word.Clear();
                isWord = false;
            }
            else
            {
                word.Append(character);
                isWord = true;
            }
        }

        if (quote != '\0') throw new MisuseException($"{option}: a quote is not closed in {text}");
        if (isWord) words.Add(word.ToString());
        return words.Count > 0 && words[0].Length > 0 ? words.ToImmutable() : throw new MisuseException($"{option} names no program");
    }
}
