using System.Globalization;

namespace Danelaw.Testing.Peers;

/// <summary>How a zone file is to be signed by ldns.</summary>
public sealed record LdnsSigning
{
    /// <summary>Start of the signatures, as <c>YYYYMMDDhhmmss</c>; null leaves it to ldns (now).</summary>
    public string? Inception { get; init; }

    /// <summary>End of the signatures; null leaves it to ldns (four weeks).</summary>
    public string? Expiration { get; init; }

    /// <summary>NSEC3 rather than NSEC.</summary>
    public bool UsesNsec3 { get; init; }

    public int Iterations { get; init; }

    /// <summary>Salt in hexadecimal.</summary>
    public string Salt { get; init; } = "";

    public bool OptOut { get; init; }
}

/// <summary>A zone signed into a text file by ldns's tools: text can then be spoilt on purpose.</summary>
public sealed class LdnsZone
{
    private readonly TestFolder _folder;
    private readonly List<string> _keys = [];

    public LdnsZone(TestFolder folder, string name)
    {
        _folder = folder;
        Name = name;
    }

    /// <summary>The zone's name with its closing dot.</summary>
    public string Name { get; }

    /// <summary>The unsigned zone.</summary>
    public string Text { get; set; } = "";

    /// <summary>The private keys that the next signing uses, in BIND's format.</summary>
    public IReadOnlyList<string> PrivateKeyFiles => [.. _keys.Select(file => file + ".private")];

    /// <summary>Makes a key that the next signing uses; gives its public record (a DNSKEY line).</summary>
    public async Task<string> AddKeyAsync(int algorithm, bool secureEntryPoint = true, bool used = true, CancellationToken cancellationToken = default)
    {
        var home = _folder[$"ldns/{BindZone.Label(Name)}/.here"][..^6];
        var name = algorithm switch
        {
            5 => "RSASHA1", 7 => "RSASHA1-NSEC3-SHA1", 8 => "RSASHA256", 10 => "RSASHA512", 13 => "ECDSAP256SHA256", 14 => "ECDSAP384SHA384", 15 => "ED25519", 16 => "ED448",
            _ => throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, "no algorithm that ldns signs with"),
        };
        string[] flags = secureEntryPoint ? ["-k"] : [];
        string[] bits = algorithm is 5 or 7 or 8 or 10 ? ["-b", "2048"] : [];
        var made = await PeerProcess.RunAsync(Peer.Require("ldns-keygen"), ["-a", name, .. bits, .. flags, "-r", "/dev/urandom", Name], folder: home, cancellationToken: cancellationToken);
        if (made.ExitCode != 0) throw new InvalidOperationException($"ldns-keygen {Name}: {made.Everything}");
        var file = Path.Combine(home, made.Output.Trim());
        if (used) _keys.Add(file);
        return await File.ReadAllTextAsync(file + ".key", cancellationToken);
    }

    /// <summary>Has the next signing use a key that another program made; gives its public record.</summary>
    /// <param name="file">Its files' name without <c>.key</c> and <c>.private</c>.</param>
    public string AddKeyFile(string file)
    {
        _keys.Add(file);
        return File.ReadAllText(file + ".key");
    }

    /// <summary>The zone signed with its keys, one record a line.</summary>
    public async Task<string> SignAsync(LdnsSigning signing, CancellationToken cancellationToken = default)
    {
        var home = _folder[$"ldns/{BindZone.Label(Name)}/.here"][..^6];
        var file = _folder.Write($"ldns/{BindZone.Label(Name)}/unsigned", Text);
        var arguments = new List<string> { "-o", Name, "-f", "-" };
        if (signing.Inception is not null) arguments.AddRange(["-i", signing.Inception]);
        if (signing.Expiration is not null) arguments.AddRange(["-e", signing.Expiration]);
        if (signing.UsesNsec3)
        {
            arguments.AddRange(["-n", "-t", signing.Iterations.ToString(CultureInfo.InvariantCulture)]);
            if (signing.Salt.Length > 0) arguments.AddRange(["-s", signing.Salt]);
            if (signing.OptOut) arguments.Add("-p");
        }
        var made = await PeerProcess.RunAsync(Peer.Require("ldns-signzone"), [.. arguments, file, .. _keys], folder: home, cancellationToken: cancellationToken);
        if (made.ExitCode != 0) throw new InvalidOperationException($"ldns-signzone {Name}: {made.Everything}");
        return made.Output;
    }

    /// <summary>The DS line of a DNSKEY line.</summary>
    /// <param name="keyLine">What <see cref="AddKeyAsync"/> gave.</param>
    /// <param name="digest">The digest type's number: 1, 2 or 4.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<string> DelegationSignerAsync(string keyLine, int digest = 2, CancellationToken cancellationToken = default)
    {
        var file = _folder.Write($"ldns/{BindZone.Label(Name)}/for-ds.key", keyLine);
        var made = await PeerProcess.RunAsync(Peer.Require("ldns-key2ds"), ["-n", digest switch { 1 => "-1", 4 => "-4", _ => "-2" }, file], cancellationToken: cancellationToken);
        if (made.ExitCode != 0) throw new InvalidOperationException($"ldns-key2ds {Name}: {made.Everything}");
        return made.Output;
    }
}
