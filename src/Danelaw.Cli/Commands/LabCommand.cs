using System.CommandLine;
using System.Globalization;
using System.Net.Sockets;
using Danelaw.Cli.Options;
using Danelaw.Cli.Rendering;
using Danelaw.Cli.Running;
using Danelaw.Lab;

namespace Danelaw.Cli.Commands;

/// <summary><c>lab up</c>: raises the lab and keeps it until it is interrupted.</summary>
internal sealed class LabCommand : Verb
{
    private readonly Option<string> _port = Flag.Value("--port", "N", "the port of the DNS server and of every mail server; by default a free one");
    private readonly Option<string> _write = Flag.Value("--write", "DIR", "write zones, trust anchors, certificates and keys there");
    private readonly Option<string> _seed = Flag.Value("--seed", "N", "what is drawn by chance is drawn from it; by default a new one each time");
    private readonly Option<string> _duration = Flag.Value("--duration", "DURATION", "end after that time; by default when interrupted");
    private readonly Option<bool> _odd = Flag.Of("--odd", "answer oddly where that is legal: shuffled records, names in mixed case, tiny TTLs");

    public override string Name => "lab up";

    public override VerbGroup Group => VerbGroup.Trying;

    public override string Summary => "a signed mini-Internet on loopback, to try things on";

    public override IReadOnlyList<string> Usage => ["[OPTION ...]"];

    public override IReadOnlyList<string> Description =>
    [
        "Raises a root zone with a key of its own, the zone lab. and some sixty mail domains, sound and broken, in this process: one DNS server that answers for all of them as a resolver does, and a mail server with STARTTLS for each host at an address of its own in 127/8, all on one port. No privileges, no installation.",
        "It prints the options that lead this command, and any other tool that takes a resolver and a port, to it.",
    ];

    public override IReadOnlyList<(int Code, string Meaning)> ExitCodes => [(0, "it ran"), (1, "it could not be raised, as when the port is taken")];

    public override IReadOnlyList<string> Examples => ["danelaw lab up", "danelaw lab up --port 2525 --write lab --duration 10m", "danelaw lab up --seed 7 --odd"];

    public override IReadOnlyList<(string Heading, IReadOnlyList<Option> Options)> OptionGroups => [("the lab", [_port, _seed, _odd, _duration, _write])];

    public override async Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        var port = call.Parsed.GetValue(_port) is { } portText ? Quantity.Number("--port", portText, 1, ushort.MaxValue) : 0;
        int? seed = call.Parsed.GetValue(_seed) is { } seedText ? Quantity.Number("--seed", seedText, 0, int.MaxValue) : null;
        TimeSpan? duration = call.Parsed.GetValue(_duration) is { } durationText ? Quantity.Duration("--duration", durationText, TimeSpan.Zero, TimeSpan.FromDays(14)) : null;
        var folder = call.Parsed.GetValue(_write) is { } given ? Path.GetFullPath(given, call.Surroundings.Folder) : null;
        if (File.Exists(folder)) throw new MisuseException($"cannot write to {folder}: it is a file", "--write takes a folder, which is made when it is not there");
        var options = new MiniInternetOptions { Port = port, Seed = seed, IsOdd = call.Parsed.GetValue(_odd), Clock = call.Surroundings.Clock };

        MiniInternet lab;
        try
        {
            lab = await MiniInternet.StartAsync(options, cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException exception)
        {
            call.Voice.Error(string.Create(CultureInfo.InvariantCulture, $"the lab cannot listen{(port != 0 ? $" on port {port}" : "")}: {FileText.Reason(exception)}"));
            if (port != 0) call.Voice.Hint("without --port a free one is taken");
            return ExitCode.Bad;
        }

        var temporary = folder is null ? Directory.CreateTempSubdirectory("danelaw-lab-").FullName : null;
        await using (lab.ConfigureAwait(false))
        {
            try
            {
                if (folder is not null) await lab.WriteAsync(folder, cancellationToken).ConfigureAwait(false);
                else await File.WriteAllTextAsync(Path.Combine(temporary!, "root.ds"), lab.Anchor + "\n", cancellationToken).ConfigureAwait(false);
                Tell(call, lab, folder ?? temporary!);
                await Task.Delay(duration ?? Timeout.InfiniteTimeSpan, call.Surroundings.Clock, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is IOException and not BrokenPipeException or UnauthorizedAccessException)
            {
                throw new MisuseException($"cannot write to {folder}: {FileText.Reason(exception)}");
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // To be interrupted is how it ends.
            }
            finally
            {
                if (temporary is not null) Directory.Delete(temporary, recursive: true);
            }
        }

        return ExitCode.Good;
    }

    /// <summary>The options that lead this command to the lab.</summary>
    private static string Options(MiniInternet lab, string folder) =>
        $"--resolver {lab.Upstream} --trust-anchor {Quoted(Path.Combine(folder, "root.ds"))} --connect-to {lab.ConnectTo} --connect-to {lab.ConnectNameServersTo}";

    private static string Quoted(string path) => path.All(character => char.IsAsciiLetterOrDigit(character) || "/._-+".Contains(character, StringComparison.Ordinal)) ? path : $"'{path.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static void Tell(Call call, MiniInternet lab, string folder)
    {
        if (call.Output.IsJson)
        {
            call.Voice.Result(Json(lab, folder));
            return;
        }

        var page = new Page(call.Output.Style);
        if (call.Output.IsQuiet)
        {
            page.Line(0, Options(lab, folder));
            call.Voice.Result(page.ToUtf8());
            return;
        }

        page.Paragraph(0, 0, new Ink($"A signed mini-Internet is up on loopback (--seed {lab.Seed}).", Tone.Strong), $" {lab.Domains.Length} mail domains, {lab.Hosts.Length} mail servers. It ends when you interrupt it.");
        page.Gap();
        page.Line(0, new Ink("Check a domain of it", Tone.Strong));
        page.Line(2, $"danelaw check good.lab {Options(lab, folder)}");
        page.Gap();
        page.Line(0, new Ink("Lead other tools to it", Tone.Strong));
        page.Line(2, $"delv @{lab.Upstream.EndPoint.Address} -p {lab.MailPort} +root=. -a <(echo '{lab.DelvAnchors}') good.lab MX");
        page.Line(2, $"kdig @{lab.Upstream.EndPoint.Address} -p {lab.MailPort} +dnssec _25._tcp.mx.good.lab TLSA");
        page.Line(2, $"openssl s_client -starttls smtp -connect {lab.Hosts.First(host => host.Name == "mx.good.lab").Addresses[0]}:{lab.MailPort} -servername mx.good.lab");
        page.Gap();
        page.Line(0, new Ink("Its domains, and what a right check says of each", Tone.Strong));
        foreach (var domain in lab.Domains) page.Line(2, Words.Of(domain.Name).PadRight(23), Words.Of(domain.Verdict).Pad(14), domain.Description);
        call.Voice.Result(page.ToUtf8());
    }

    /// <summary><c>danelaw.lab/1</c>.</summary>
    private static byte[] Json(MiniInternet lab, string folder) => JsonText.Line(json =>
    {
        json.WriteString("schema", "danelaw.lab/1");
        json.WriteNumber("seed", lab.Seed);
        json.WriteString("resolver", lab.Upstream.ToString());
        json.WriteString("trustAnchor", lab.Anchor);
        json.WriteString("trustAnchorFile", Path.Combine(folder, "root.ds"));
        json.WriteString("connectTo", lab.ConnectTo);
        json.WriteString("connectNameServersTo", lab.ConnectNameServersTo);
        json.WriteNumber("port", lab.MailPort);
        json.WriteStartArray("domains");
        foreach (var domain in lab.Domains)
        {
            json.WriteStartObject();
            json.WriteString("domain", domain.Name.ToString());
            json.WriteString("verdict", Kebab.Of(domain.Verdict));
            json.WriteString("finding", domain.FindingCode);
            json.WriteString("description", domain.Description);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("hosts");
        foreach (var host in lab.Hosts)
        {
            json.WriteStartObject();
            json.WriteString("name", host.Name + ".");
            json.WriteStartArray("addresses");
            foreach (var address in host.Addresses) json.WriteStringValue(address.ToString());
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });
}
