using Danelaw.Cli.Commands;
using Danelaw.Cli.Running;
using Danelaw.Dns.Names;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Signing;

namespace Danelaw.Cli.Options;

/// <summary>A key that was read, and whose it is.</summary>
/// <param name="Zone">Its zone.</param>
/// <param name="TimeToLive">Seconds, when its record says so.</param>
/// <param name="Key">The key.</param>
/// <param name="Path">The file with the private part.</param>
internal sealed record KeyInput(DomainName Zone, uint? TimeToLive, SigningKey Key, string Path);

/// <summary>Reads keys: pairs of <c>K….key</c> and <c>K….private</c>, and single files that hold a private key only, of which zone and role must be said.</summary>
internal static class KeyOptions
{
    private const int MaximumLength = 1 << 20;

    /// <summary>Reads the key that a path leads to: either file of a pair, their common beginning, or a file of its own.</summary>
    /// <exception cref="MisuseException">It cannot be read.</exception>
    public static KeyInput Read(Call call, string path, DomainName? zone, SecurityAlgorithm? algorithm, DnskeyFlags? flags)
    {
        var full = path == "-" ? path : Path.GetFullPath(path, call.Surroundings.Folder);
        var stem = full.EndsWith(".private", StringComparison.Ordinal) ? full[..^8] : full.EndsWith(".key", StringComparison.Ordinal) ? full[..^4] : full.TrimEnd('.');
        if (path != "-" && File.Exists(stem + ".private") && File.Exists(stem + ".key")) return ReadPair(call, stem);

        var text = Text(call, path, full);
        if (PublicKeyFile.TryRead(text, out _, out _) && !text.Contains("Private-key-format", StringComparison.Ordinal) && !PrivateKeyPem.IsPem(text)) throw new MisuseException($"{path} is the public part of a key; there is no {Path.GetFileName(stem)}.private beside it");
        if (zone is not { } owner) throw new MisuseException($"{path} does not say which zone its key is for", "say it (--zone, or --origin for zone sign), or give the pair of K files: danelaw zone key import makes it");
        var role = flags ?? DnskeyFlags.KeySigning;
        SigningKey? key;
        string fault;
        if (PrivateKeyPem.IsPem(text) ? !PrivateKeyPem.TryRead(text, algorithm, role, out key, out fault) : !PrivateKeyFile.TryRead(text, role, out key, out fault))
            throw new MisuseException($"cannot read the key in {FileText.Shown(path)}: {fault}");
        Warn(call, full);
        return new(owner, null, key, full);
    }

    /// <summary>Every pair of key files of a zone in a folder.</summary>
    /// <exception cref="MisuseException">One cannot be read.</exception>
    public static IEnumerable<KeyInput> ReadFolder(Call call, string folder, DomainName? zone)
    {
        var full = Path.GetFullPath(folder, call.Surroundings.Folder);
        if (!Directory.Exists(full)) throw new MisuseException($"there is no folder {folder}");
        foreach (var file in Directory.EnumerateFiles(full, "K*.private").Order(StringComparer.Ordinal))
        {
            if (!File.Exists(file[..^8] + ".key")) continue;
            if (PublicKeyFile.TryRead(Text(call, file[..^8] + ".key", file[..^8] + ".key"), out var record, out _) && (zone is null || record.Zone == zone)) yield return ReadPair(call, file[..^8]);
        }
    }

    public static SecurityAlgorithm ReadAlgorithm(string option, string text)
    {
        if (SecurityAlgorithms.TryParse(text, out var algorithm) && SecurityAlgorithms.IsSupported(algorithm) && !SecurityAlgorithms.UsesSha1(algorithm)) return algorithm;
        throw new MisuseException($"{option} takes an algorithm that can sign, not '{text}'", "8 (RSASHA256), 10 (RSASHA512), 13 (ECDSAP256SHA256), 14 (ECDSAP384SHA384), 15 (ED25519) or 16 (ED448); 13 is what most zones use");
    }

    public static DnskeyFlags ReadRole(string option, string text) => text.ToLowerInvariant() switch
    {
        "ksk" or "csk" => DnskeyFlags.KeySigning,
        "zsk" => DnskeyFlags.Zone,
        _ => throw new MisuseException($"{option} takes ksk, zsk or csk, not '{text}'"),
    };

    public static DomainName ReadZone(string what, string text) =>
        DomainName.TryFromUserInput(text, out var zone, out var fault) ? zone : throw new MisuseException($"{what}: {NameFaults.Say(text, fault)}");

    public static DigestAlgorithm[] ReadDigests(string option, string? text) => text is null
        ? [DigestAlgorithm.Sha256, DigestAlgorithm.Sha384]
        : [.. text.Split(',').Select(one => one.Trim().ToLowerInvariant().Replace("-", "", StringComparison.Ordinal) switch
        {
            "sha256" or "2" => DigestAlgorithm.Sha256,
            "sha384" or "4" => DigestAlgorithm.Sha384,
            _ => throw new MisuseException($"{option} takes sha256 and sha384, with a comma between, not '{text}'"),
        }).Distinct()];

    private static KeyInput ReadPair(Call call, string stem)
    {
        if (!PublicKeyFile.TryRead(Text(call, stem + ".key", stem + ".key"), out var record, out var fault)) throw new MisuseException($"cannot read {stem}.key: {fault}");
        if (!PrivateKeyFile.TryRead(Text(call, stem + ".private", stem + ".private"), (DnskeyFlags)record.Dnskey.Flags, out var key, out fault)) throw new MisuseException($"cannot read {stem}.private: {fault}");
        if (key.ToDnskey() != record.Dnskey.ToOctets()) throw new MisuseException($"{stem}.key and {stem}.private do not belong together");
        Warn(call, stem + ".private");
        return new(record.Zone, record.TimeToLive, key, stem + ".private");
    }

    private static string Text(Call call, string path, string full) =>
        System.Text.Encoding.UTF8.GetString(FileText.ReadAll(call.Surroundings, path == "-" ? path : full, MaximumLength));

    private static void Warn(Call call, string path)
    {
        if (path != "-" && SecretFile.IsOpenToOthers(path)) call.Voice.Hint($"{path} can be read by others than its owner: chmod 600");
    }
}
