using System.Text.RegularExpressions;
using Danelaw.Cli.Commands;
using Danelaw.Cli.Running;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Signing;

namespace Danelaw.Cli.Options;

/// <summary>A key that was read, and whose it is.</summary>
/// <param name="Zone">Its zone.</param>
/// <param name="TimeToLive">Seconds, when its record says so.</param>
/// <param name="Key">The key.</param>
/// <param name="Path">The file with the private part.</param>
internal sealed record KeyInput(DomainName Zone, uint? TimeToLive, SigningKey Key, string Path)
{
    /// <summary>The times that its file names, if any.</summary>
    public required KeyTimes Times { get; init; }
}

/// <summary>A key of a folder.</summary>
/// <param name="Stem">Both files' path without their endings.</param>
/// <param name="Public">Its record.</param>
/// <param name="Pair">The key; null when the private half is elsewhere.</param>
/// <param name="Times">Its times.</param>
internal sealed record FolderKey(string Stem, PublicKeyFile Public, KeyInput? Pair, KeyTimes Times);

/// <summary>Reads keys: pairs of <c>K….key</c> and <c>K….private</c>, and single files that hold a private key only, of which zone and role must be said.</summary>
internal static partial class KeyOptions
{
    private const int MaximumLength = 1 << 20;

    /// <summary>Reads the key that a path leads to: either file of a pair, their common beginning, or a file of its own.</summary>
    /// <exception cref="MisuseException">It cannot be read.</exception>
    public static KeyInput Read(Call call, string path, DomainName? zone, SecurityAlgorithm? algorithm, DnskeyFlags? flags)
    {
        var full = path == "-" ? path : Path.GetFullPath(path, call.Surroundings.Folder);
        var (stem, isPair) = PairOf(full);
        if (isPair) return ReadPair(call, stem);
        if (path != "-" && !File.Exists(full) && File.Exists(stem + ".key")) throw OnlyPublic($"{path}.key", stem);
        return Parse(call, path, full, stem, Text(call, path, full), zone, algorithm, flags);
    }

    /// <summary>The common beginning of the files of a pair, and whether both are there.</summary>
    private static (string Stem, bool IsPair) PairOf(string full)
    {
        var stem = full.EndsWith(".private", StringComparison.Ordinal) ? full[..^8] : full.EndsWith(".key", StringComparison.Ordinal) ? full[..^4] : full.TrimEnd('.');
        return (stem, full != "-" && File.Exists(stem + ".private") && File.Exists(stem + ".key"));
    }

    private static bool IsPrivate(string text) => text.Contains("Private-key-format", StringComparison.Ordinal) || PrivateKeyPem.IsPem(text);

    private static MisuseException OnlyPublic(string path, string stem) => new($"{path} is the public part of a key; there is no {Path.GetFileName(stem)}.private beside it");

    private static KeyInput Parse(Call call, string path, string full, string stem, string text, DomainName? zone, SecurityAlgorithm? algorithm, DnskeyFlags? flags)
    {
        if (!IsPrivate(text) && PublicKeyFile.TryRead(text, out _, out _)) throw OnlyPublic(path, stem);
        if (zone is not { } owner) throw new MisuseException($"{path} does not say which zone its key is for", "say it (--zone, or --origin for zone sign), or give the pair of K files: danelaw zone key import makes it");
        var role = flags ?? DnskeyFlags.KeySigning;
        SigningKey? key;
        string fault;
        if (PrivateKeyPem.IsPem(text) ? !PrivateKeyPem.TryRead(text, algorithm, role, out key, out fault) : !PrivateKeyFile.TryRead(text, role, out key, out fault))
            throw new MisuseException($"cannot read the key in {FileText.Shown(path)}: {fault}");
        Warn(call, full);
        return new(owner, null, key, full) { Times = KeyTimes.Read(text) };
    }

    /// <summary>Reads the public keys that a path leads to: those of <see cref="Read"/>, a <c>.key</c> without its <c>.private</c>, or DNSKEY records in zone-file syntax.</summary>
    /// <exception cref="MisuseException">It cannot be read, or holds none.</exception>
    public static IReadOnlyList<(string Path, PublicKeyFile Key)> ReadPublic(Call call, string path, DomainName? zone, SecurityAlgorithm? algorithm, DnskeyFlags? flags)
    {
        var full = path == "-" ? path : Path.GetFullPath(path, call.Surroundings.Folder);
        var (stem, isPair) = PairOf(full);
        if (!isPair)
        {
            var file = File.Exists(full) || !File.Exists(stem + ".key") ? full : stem + ".key";
            var text = Text(call, file == full ? path : file, file);
            if (!IsPrivate(text) && PublicKeyFile.ReadAll(text) is { IsEmpty: false } keys) return [.. keys.Select(key => (file, key))];
            if (!IsPrivate(text) && file.EndsWith(".key", StringComparison.Ordinal)) throw new MisuseException($"there is no DNSKEY record in {FileText.Shown(path)}");
            return [Public(Parse(call, path, full, stem, text, zone, algorithm, flags))];
        }

        return [Public(ReadPair(call, stem))];
    }

    private static (string Path, PublicKeyFile Key) Public(KeyInput input) =>
        (input.Path, DnskeyData.TryRead(input.Key.ToDnskey(), out var record) ? new(input.Zone, input.TimeToLive, record) : throw new InvalidOperationException("a key without a record"));

    /// <summary>Every key of a zone in a folder: pairs of K files, and public halves alone.</summary>
    /// <exception cref="MisuseException">One cannot be read, or lacks its public half.</exception>
    public static IEnumerable<FolderKey> ReadFolder(Call call, string folder, DomainName? zone)
    {
        var full = Path.GetFullPath(folder, call.Surroundings.Folder);
        if (!Directory.Exists(full)) throw new MisuseException($"there is no folder {folder}");
        var stems = FilesOf(full, "K*").Where(file => file.EndsWith(".key", StringComparison.Ordinal) || file.EndsWith(".private", StringComparison.Ordinal)).Select(file => file[..file.LastIndexOf('.')]);
        foreach (var stem in stems.Distinct().Where(stem => KeyFileName().IsMatch(Path.GetFileName(stem))).Order(StringComparer.Ordinal))
        {
            var isOfAnother = zone is { } own && !Path.GetFileName(stem).StartsWith(NameBeginning(own), StringComparison.OrdinalIgnoreCase);
            if (!File.Exists(stem + ".key"))
            {
                if (isOfAnother) continue;
                throw new MisuseException($"{stem}.private has no {Path.GetFileName(stem)}.key beside it, which says what the key is for", "put it there, or make the pair anew: danelaw zone key import FILE --zone ZONE --role ksk|zsk");
            }

            var text = Text(call, stem + ".key", stem + ".key");
            if (!PublicKeyFile.TryRead(text, out var record, out var fault))
            {
                // Keys for transactions (TSIG, SIG(0)) have names of the same form.
                if (isOfAnother || text.Contains(" KEY ", StringComparison.Ordinal)) continue;
                throw new MisuseException($"cannot read {stem}.key: {fault}");
            }

            if (zone is not null && record.Zone != zone) continue;
            var pair = File.Exists(stem + ".private") ? ReadPair(call, stem) : null;
            yield return new(stem, record, pair, pair?.Times ?? KeyTimes.Read(text));
        }
    }

    /// <summary>The files of a folder by a pattern.</summary>
    /// <exception cref="MisuseException">The folder cannot be read.</exception>
    public static string[] FilesOf(string folder, string pattern)
    {
        try
        {
            return Directory.GetFiles(folder, pattern);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new MisuseException($"cannot read the folder {folder}: {FileText.Reason(exception)}");
        }
    }

    /// <summary>Says when an RSA key is short.</summary>
    public static void WarnOfSize(Call call, SigningKey key)
    {
        if (key.Algorithm is SecurityAlgorithm.RsaSha256 or SecurityAlgorithm.RsaSha512 && key.SignatureLength * 8 is < SigningKey.DefaultRsaBits and var bits)
            call.Voice.Hint($"RSA keys of {bits} bits are too short by today's advice: 2048 or more (RFC 6781 §3.4.2)");
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
        var secret = Text(call, stem + ".private", stem + ".private");
        if (!PrivateKeyFile.TryRead(secret, (DnskeyFlags)record.Dnskey.Flags, out var key, out fault)) throw new MisuseException($"cannot read {stem}.private: {fault}");
        if (key.ToDnskey() != record.Dnskey.ToOctets()) throw new MisuseException($"{stem}.key and {stem}.private do not belong together");
        Warn(call, stem + ".private");
        return new(record.Zone, record.TimeToLive, key, stem + ".private") { Times = KeyTimes.Read(secret) };
    }

    /// <summary>How the names of a zone's key files begin (<see cref="PublicKeyFile.NameOf"/>).</summary>
    private static string NameBeginning(DomainName zone) =>
        $"K{string.Concat(zone.ToCanonical().ToString().Select(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.' ? character.ToString() : $"%{(int)character:X2}"))}+";

    [GeneratedRegex(@"^K.+\+\d{3}\+\d{5}$", RegexOptions.CultureInvariant)]
    private static partial Regex KeyFileName();

    private static string Text(Call call, string path, string full) =>
        System.Text.Encoding.UTF8.GetString(FileText.ReadAll(call.Surroundings, path == "-" ? path : full, MaximumLength));

    private static void Warn(Call call, string path)
    {
        if (path != "-" && FileText.IsOpenToOthers(path)) call.Voice.Hint($"{path} can be read by others than its owner: chmod 600");
    }
}
