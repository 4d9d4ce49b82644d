using System.Globalization;
using System.Net;

namespace Danelaw.Testing.Peers;

/// <summary>A zone that a BIND is to serve.</summary>
public sealed class BindZone
{
    private BindZone(string name, DnssecPolicy? policy, IReadOnlyList<string> keyFiles)
    {
        Name = name;
        Policy = policy;
        KeyFiles = keyFiles;
    }

    /// <summary>The zone's name with its closing dot.</summary>
    public string Name { get; }

    /// <summary>How BIND signs it; null when it does not.</summary>
    public DnssecPolicy? Policy { get; }

    /// <summary>The zone file's text.</summary>
    public string Text { get; set; } = "";

    /// <summary>Further statements of its clause, such as <c>update-policy</c>.</summary>
    public string Statements { get; set; } = "";

    /// <summary>The files of its public keys that a parent points to.</summary>
    private IReadOnlyList<string> KeyFiles { get; }

    /// <summary>A zone whose keys are made now, so that its DS records are known before any server runs.</summary>
    public static async Task<BindZone> CreateAsync(TestFolder folder, string name, DnssecPolicy? policy, CancellationToken cancellationToken = default)
    {
        if (policy is null) return new BindZone(name, null, []);
        var keys = folder["keys/.made"][..^6];
        var policies = folder.Write($"policies/{policy.Name}-{Label(name)}", policy.Statement());
        var made = await PeerProcess.RunAsync(Peer.Require("dnssec-keygen"), ["-K", keys, "-k", policy.Name, "-l", policies, name], cancellationToken: cancellationToken);
        if (made.ExitCode != 0) throw new InvalidOperationException($"dnssec-keygen {name}: {made.Everything}");
        // It prints each key's file name on a line of its own; only keys with the SEP flag are for the parent.
        var files = made.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] == 'K')
            .Select(line => Path.Combine(keys, line.Trim() + ".key"))
            .Where(file => File.ReadAllText(file).Contains(" DNSKEY 257 ", StringComparison.Ordinal));
        return new BindZone(name, policy, [.. files]);
    }

    /// <summary>The DS records for the parent, in zone-file lines with absolute names.</summary>
    /// <param name="digest">The digest type's number: 1, 2 or 4.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<string> DelegationSignerAsync(int digest = 2, CancellationToken cancellationToken = default)
    {
        var lines = "";
        foreach (var file in KeyFiles)
        {
            var name = digest switch { 1 => "SHA-1", 4 => "SHA-384", _ => "SHA-256" };
            var made = await PeerProcess.RunAsync(Peer.Require("dnssec-dsfromkey"), ["-a", name, file], cancellationToken: cancellationToken);
            if (made.ExitCode != 0) throw new InvalidOperationException($"dnssec-dsfromkey {file}: {made.Everything}");
            lines += made.Output;
        }
        return lines;
    }

    /// <summary>The zone's key as a trust anchor, a DNSKEY line.</summary>
    public string KeyAnchor() => string.Concat(KeyFiles.SelectMany(File.ReadLines).Where(line => line.Length > 0 && line[0] != ';').Select(line => line + "\n"));

    /// <summary>The name as a part of a file name.</summary>
    internal static string Label(string name) => name == "." ? "root" : name.TrimEnd('.').Replace('.', '-');
}

/// <summary>An authoritative BIND that signs its zones by itself (<c>dnssec-policy</c>).</summary>
public sealed class Bind : IAsyncDisposable
{
    private readonly PeerProcess _process;
    private readonly IReadOnlyList<BindZone> _zones;

    private Bind(PeerProcess process, string address, int port, IReadOnlyList<BindZone> zones)
    {
        _process = process;
        _zones = zones;
        Address = address;
        Port = port;
    }

    public string Address { get; }

    public int Port { get; }

    public string Log => _process.Log;

    /// <summary>Starts it; the address must stand on an interface (<see cref="Loopback.AddAsync"/>), else BIND silently listens nowhere.</summary>
    public static Task<Bind> StartAsync(TestFolder folder, string address, int port, IReadOnlyList<BindZone> zones, CancellationToken cancellationToken = default) => StartAsync(folder, address, port, zones, "", cancellationToken);

    /// <summary>Starts it with further statements, such as <c>key</c>.</summary>
    public static async Task<Bind> StartAsync(TestFolder folder, string address, int port, IReadOnlyList<BindZone> zones, string statements, CancellationToken cancellationToken = default)
    {
        var home = $"bind-{address}-{port}/";
        var root = folder[home + ".here"][..^6];
        var keys = folder["keys/.here"][..^6];
        var policies = string.Concat(zones.Select(zone => zone.Policy).OfType<DnssecPolicy>().DistinctBy(policy => policy.Name).Select(policy => policy.Statement()));
        var clauses = string.Concat(zones.Select(zone => string.Create(CultureInfo.InvariantCulture,
            $"zone \"{zone.Name}\" {{ type primary; file \"{folder.Write($"{home}{BindZone.Label(zone.Name)}.zone", zone.Text)}\";{(zone.Policy is null ? "" : $" dnssec-policy \"{zone.Policy.Name}\"; inline-signing yes;")} {zone.Statements} }};\n")));
        var configuration = folder.Write(home + "named.conf", $$"""
            {{policies}}{{statements}}
            options {
              directory "{{root}}"; key-directory "{{keys}}"; managed-keys-directory "{{root}}";
              pid-file "{{root}}/named.pid"; session-keyfile "{{root}}/session.key"; lock-file none;
              listen-on port {{port}} { {{address}}; }; listen-on-v6 { none; };
              recursion no; dnssec-validation no; allow-transfer { any; }; notify no; check-names primary ignore;
              minimal-responses no;
            };
            controls { };
            {{clauses}}
            """);
        var process = PeerProcess.Start(Peer.Require("named"), "-f", "-g", "-n", "1", "-c", configuration);
        await process.WaitForPortAsync(IPAddress.Parse(address), port, cancellationToken);
        return new Bind(process, address, port, zones);
    }

    /// <summary>Waits until every zone is signed: a DNSKEY set, a signed SOA and a signed denial (keys show before the NSEC3 chain does).</summary>
    public async Task WaitUntilSignedAsync(CancellationToken cancellationToken = default)
    {
        var pending = _zones.Where(zone => zone.Policy is not null).ToList();
        for (var round = 0; pending.Count > 0; round++)
        {
            if (round > 300 || _process.HasExited) throw new InvalidOperationException($"BIND did not sign {string.Join(' ', pending.Select(zone => zone.Name))}:\n{Log}");
            var questions = pending.SelectMany<BindZone, (string, string)>(zone => [(zone.Name, "DNSKEY"), ("zz--no-such-name." + zone.Name.TrimStart('.'), "A")]).ToList();
            var file = string.Concat(questions.Select(question => $"@{Address} -p {Port} -q {question.Item1} -t {question.Item2} +dnssec +norec +tcp +noall +answer +authority\n"));
            using var folder = new TestFolder("signed");
            var said = (await PeerProcess.RunAsync(Peer.Require("dig"), ["-f", folder.Write("questions", file)], cancellationToken: cancellationToken)).Output
                .Split('\n').Select(RecordLine.Fields).Where(fields => fields.Count > 4).ToList();
            // owner ttl IN RRSIG covered algorithm labels ttl end begin tag signer …
            bool IsSigned(BindZone zone, string type) => said.Any(fields => fields[3] == "RRSIG" && fields[4] == type && fields.Count > 11 && fields[11] == zone.Name);
            pending.RemoveAll(zone => IsSigned(zone, "DNSKEY") && IsSigned(zone, "SOA") && IsSigned(zone, zone.Policy!.UsesNsec3 ? "NSEC3" : "NSEC"));
            if (pending.Count > 0) await Task.Delay(20, cancellationToken);
        }
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
