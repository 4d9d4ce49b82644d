using System.Globalization;
using Danelaw.Dnssec.Signing;
using Danelaw.Testing.Peers;

namespace Danelaw.Interop.Tests.Hostile.Catalogue.Realm;

/// <summary>Whose tool signs a zone.</summary>
internal enum SigningTool
{
    None = 0,
    Bind,
    Ldns,
    Knot,
}

/// <summary>How a zone proves what it has not.</summary>
internal enum DenialStyle
{
    None = 0,
    Nsec,
    Nsec3,
    OptOut,
}

/// <summary>Keys of one zone, and its text signed with them by another project's tool.</summary>
internal sealed class ToolSigning(TestFolder folder, RealmZone zone)
{
    private readonly string _home = folder[$"realm/{zone.FileName}/.here"][..^6];
    private readonly List<string> _keys = [];

    /// <summary>The DNSKEY lines that the parent points to.</summary>
    public string KeyLines { get; private set; } = "";

    /// <summary>Makes the keys; Knot makes its own while it signs.</summary>
    public async Task MakeKeysAsync(CancellationToken cancellationToken)
    {
        if (zone.Tool is SigningTool.None or SigningTool.Knot) return;
        foreach (var algorithm in zone.Algorithms)
        {
            await AddKeyAsync(algorithm, ["-f", "KSK"], cancellationToken);
            if (zone.HasTwoKeys) await AddKeyAsync(algorithm, [], cancellationToken);
        }
        KeyLines = string.Concat(_keys.Select(key => File.ReadAllText(key + ".key")).Where(text => text.Contains(" 257 ", StringComparison.Ordinal)).Select(WithoutComments)).Replace(" IN DNSKEY ", " 3600 IN DNSKEY ", StringComparison.Ordinal);
    }

    /// <summary>The private keys, for the owner of the zone alone.</summary>
    public IEnumerable<SigningKey> PrivateKeys() => _keys.Select(key =>
    {
        var flags = File.ReadAllText(key + ".key").Contains(" 257 ", StringComparison.Ordinal) ? DnskeyFlags.Zone | DnskeyFlags.SecureEntryPoint : DnskeyFlags.Zone;
        return PrivateKeyFile.TryRead(File.ReadAllText(key + ".private"), flags, out var read, out var fault) ? read : throw new InvalidOperationException(fault);
    });

    /// <summary>The DS lines of its keys.</summary>
    public async Task<string> DelegationSignersAsync(CancellationToken cancellationToken)
    {
        if (KeyLines.Length == 0) return "";
        var file = folder.Write($"realm/{zone.FileName}/for-ds.key", KeyLines);
        var lines = "";
        foreach (var digest in zone.Digests)
            lines += await RunAsync("dnssec-dsfromkey", ["-a", digest, "-f", file, zone.Name], cancellationToken);
        return lines;
    }

    /// <summary>Signs a text of the zone.</summary>
    public async Task<string> SignAsync(string text, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken) => zone.Tool switch
    {
        SigningTool.None => text,
        SigningTool.Bind => await SignByBindAsync(text, Text(from), Text(until), cancellationToken),
        SigningTool.Ldns => await SignByLdnsAsync(text, Text(from), Text(until), cancellationToken),
        SigningTool.Knot => await SignByKnotAsync(text, cancellationToken),
    };

    private async Task AddKeyAsync(int algorithm, string[] flags, CancellationToken cancellationToken)
    {
        string[] bits = algorithm is 5 or 7 or 8 or 10 ? ["-b", "2048"] : [];
        var made = await RunAsync("dnssec-keygen", ["-q", "-K", _home, "-a", algorithm.ToString(CultureInfo.InvariantCulture), .. bits, .. flags, zone.Name], cancellationToken);
        _keys.Add(Path.Combine(_home, made.Trim()));
    }

    private async Task<string> SignByBindAsync(string text, string from, string until, CancellationToken cancellationToken)
    {
        var name = $"realm/{zone.FileName}/{Guid.NewGuid():N}";
        var file = folder.Write(name, text + string.Concat(_keys.Select(key => File.ReadAllText(key + ".key"))));
        List<string> arguments = ["-q", "-P", "-o", zone.Name, "-O", "full", "-s", from, "-e", until, "-d", _home, "-f", file + ".signed"];
        if (!zone.HasTwoKeys) arguments.Add("-z");
        if (zone.Denial is DenialStyle.Nsec3 or DenialStyle.OptOut) arguments.AddRange(["-3", "-", "-H", zone.Iterations.ToString(CultureInfo.InvariantCulture)]);
        if (zone.Denial == DenialStyle.OptOut) arguments.Add("-A");
        await RunAsync("dnssec-signzone", [.. arguments, file, .. _keys], cancellationToken);
        return WithoutComments(await File.ReadAllTextAsync(file + ".signed", cancellationToken));
    }

    private async Task<string> SignByLdnsAsync(string text, string from, string until, CancellationToken cancellationToken)
    {
        var file = folder.Write($"realm/{zone.FileName}/{Guid.NewGuid():N}", text);
        List<string> arguments = ["-o", zone.Name, "-f", "-", "-i", from, "-e", until];
        if (zone.Denial is DenialStyle.Nsec3 or DenialStyle.OptOut) arguments.AddRange(["-n", "-t", zone.Iterations.ToString(CultureInfo.InvariantCulture)]);
        if (zone.Denial == DenialStyle.OptOut) arguments.Add("-p");
        return await RunAsync("ldns-signzone", [.. arguments, file, .. _keys], cancellationToken);
    }

    private async Task<string> SignByKnotAsync(string text, CancellationToken cancellationToken)
    {
        var file = Path.GetFileName(folder.Write($"realm/{zone.FileName}/zone.txt", text));
        var configuration = folder.Write($"realm/{zone.FileName}/knot.conf", $"""
            database:
                storage: {_home}
            policy:
              - id: own
                algorithm: {(zone.Algorithms[0] == 15 ? "ed25519" : "ecdsap256sha256")}
                single-type-signing: on
                nsec3: {(zone.Denial == DenialStyle.Nsec ? "off" : "on")}
                nsec3-iterations: {zone.Iterations}
                nsec3-salt-length: 0
                nsec3-opt-out: {(zone.Denial == DenialStyle.OptOut ? "on" : "off")}
                cds-cdnskey-publish: none
            template:
              - id: default
                dnssec-signing: on
                dnssec-policy: own
                storage: {_home}
                file: {file}
                zonefile-load: whole
            zone:
              - domain: {zone.Name}
            """);
        var output = folder[$"realm/{zone.FileName}/signed/.here"][..^6];
        await RunAsync("kzonesign", ["-c", configuration, "-o", output, zone.Name], cancellationToken);
        var signed = WithoutComments(await File.ReadAllTextAsync(Path.Combine(output, file), cancellationToken));
        KeyLines = string.Concat(signed.Split('\n').Where(line => line.Contains("\tDNSKEY\t", StringComparison.Ordinal)).Select(line => line.Replace("\tDNSKEY\t", "\tIN\tDNSKEY\t", StringComparison.Ordinal) + "\n"));
        return signed;
    }

    private async Task<string> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var made = await PeerProcess.RunAsync(Peer.Require(program), [.. arguments], folder: _home, cancellationToken: cancellationToken);
        return made.ExitCode == 0 ? made.Output : throw new InvalidOperationException($"{program} {zone.Name}: {made.Everything}");
    }

    private static string Text(DateTimeOffset time) => time.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);

    private static string WithoutComments(string text) => string.Join('\n', text.Split('\n').Where(line => line.Length > 0 && line[0] != ';')) + "\n";
}
