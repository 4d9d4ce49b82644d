using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using Danelaw.Checks;
using Danelaw.Operator.Audit;
using Danelaw.Probes;
using Danelaw.Dns.Records;

namespace Danelaw.Operator.Rollover.Settings;

/// <summary>Reads the settings of rollovers from TOML (docs/rollover.md has every setting).</summary>
public static class RolloverSettingsText
{
    private const string Name = "a name of letters, digits, -, _ and .";

    /// <summary>Reads.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="file">The file's path, for faults.</param>
    /// <param name="settings">The settings; null on failure.</param>
    /// <param name="faults">Everything that is wrong, each with its line and what to do; empty on success.</param>
    public static bool TryRead(string text, string file, [NotNullWhen(true)] out RolloverSettings? settings, out ImmutableArray<SyntaxFault> faults)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(file);
        settings = null;
        var found = new List<SyntaxFault>();
        if (TomlTable.Read(text, file, found) is { } table)
        {
            var state = PathOf(table, "state") ?? RolloverSettings.DefaultStateFile;
            var rolls = ImmutableArray.CreateBuilder<RollSettings>();
            var tables = table.Tables("roll");
            foreach (var one in tables)
            {
                if (ReadRoll(one) is { } roll) rolls.Add(roll);
            }

            if (tables.Count == 0 && found.Count == 0) table.Fault("nothing is to be rolled: write a table [[roll]] with name, owners, chains, reload and publisher");
            table.RefuseOthers();
            RefuseShared(tables, rolls);
            settings = new(state, rolls.ToImmutable());
        }

        faults = [.. found.OrderBy(fault => fault.Place.Line)];
        if (!faults.IsEmpty) settings = null;
        return settings is not null;
    }

    private static RollSettings? ReadRoll(TomlTable table)
    {
        var name = table.Required("name", Name);
        if (name is not null && !IsName(name))
        {
            table.Fault("name", $"it takes {Name}, at most 64");
            name = null;
        }

        var owners = Targets(table, "owners");
        if (owners.IsEmpty && !table.Has("owners")) table.Fault("the roll needs owners: the services that show the key, as in owners = [\"mx.example.org:25\", \"imap.example.org:993\"]");
        foreach (var owner in owners)
        {
            if (owner.Address is not null) table.Fault("owners", $"TLSA records stand at names, and {owner} is an address");
        }

        var chains = ReadChains(table);
        var reload = table.Commands("reload");
        if (!table.Has("reload")) table.Fault("the roll needs reload: the commands that make the servers read the chain file anew, as in reload = [[\"postfix\", \"reload\"]]; a server that looks by itself needs none: reload = []");
        var publisher = table.Table("publisher");
        if (publisher is null && !table.Has("publisher")) table.Fault("the roll needs publisher: a table [roll.publisher] with kind = \"update\", \"powerdns\", \"zone-file\", \"hook\" or \"manual\"");
        var where = publisher is null ? null : PublisherText.Read(publisher);
        var timeToLive = Duration(table, "ttl", TimeSpan.FromHours(1), TimeSpan.FromSeconds(int.MaxValue));
        var roll = new RollSettings
        {
            Name = name ?? "",
            Owners = owners,
            Endpoints = Targets(table, "endpoints"),
            Addresses = Addresses(table, "addresses"),
            Records = Records(table, "records"),
            TimeToLive = (uint)timeToLive.TotalSeconds,
            Margin = Duration(table, "margin", RollSettings.DefaultMargin, TimeSpan.FromDays(30)),
            Chains = chains,
            Reload = [.. reload.Select(command => command.ToImmutableArray())],
            ReloadTime = Duration(table, "reload-time", RollSettings.DefaultReloadTime, TimeSpan.FromHours(1)),
            Publisher = where!,
            KeepsForeign = Foreign(table, "foreign"),
        };

        // What nobody looks at may show another key than what is published for it.
        if (roll.Endpoints.Length > 0 && owners.FirstOrDefault(owner => !roll.Endpoints.Any(endpoint => endpoint.Port == owner.Port && (endpoint.Address is not null || endpoint.Name == owner.Name))) is { } unseen)
            table.Fault("endpoints", $"none of them shows what {unseen} does: every service that shows the key has to be looked at, so name each of owners, or an address with its port (which is asked by every owner's name), or leave endpoints out");
        table.RefuseOthers();
        return name is null || owners.IsEmpty || chains.IsEmpty || where is null ? null : roll;
    }

    private static ImmutableArray<ChainSettings> ReadChains(TomlTable table)
    {
        var tables = table.Tables("chain");
        if (tables.Count == 0)
        {
            if (!table.Has("chain")) table.Fault("the roll needs a chain file: a table [[roll.chain]] with file and offers");
            return [];
        }

        var chains = ImmutableArray.CreateBuilder<ChainSettings>();
        foreach (var one in tables)
        {
            var algorithm = Algorithm(one);
            if (algorithm == KeyAlgorithm.Any && tables.Count > 1 && !one.Has("algorithm")) one.Fault("the roll has several chain files, so each says of which algorithm its key is: algorithm = \"ecdsa\", \"rsa\" or \"eddsa\"");
            var file = one.Has("file") ? PathOf(one, "file") : one.Required("file", "where servers read it, as in /var/lib/danelaw/chains/mx.pem");
            var offers = Offers(one);
            var group = one.Text("group");
            one.RefuseOthers();
            if (file is null) continue;
            if (offers.Any(offer => IsWithin(file, offer))) one.Fault("file", $"{file} is the ACME client's own: a chain file of Danelaw's is one that nobody else writes");
            if (chains.Any(chain => chain.Algorithm == algorithm)) one.Fault("algorithm", "two chain files of a roll have the same algorithm; a server shows one key of each");
            chains.Add(new(tables.Count == 1 && !one.Has("algorithm") ? KeyAlgorithm.Any : algorithm, file, group, offers));
        }

        return chains.ToImmutable();
    }

    private static bool IsWithin(string file, OfferSource offer) => file == offer.Path || file == offer.KeyFile || file.StartsWith(offer.Path + "/", StringComparison.Ordinal);

    private static KeyAlgorithm Algorithm(TomlTable table)
    {
        switch (table.Text("algorithm"))
        {
            case null: return KeyAlgorithm.Any;
            case "ecdsa": return KeyAlgorithm.Ecdsa;
            case "rsa": return KeyAlgorithm.Rsa;
            case "eddsa": return KeyAlgorithm.Eddsa;
            default:
                table.Fault("algorithm", "it takes \"ecdsa\", \"rsa\" or \"eddsa\"");
                return KeyAlgorithm.Any;
        }
    }

    private static ImmutableArray<OfferSource> Offers(TomlTable table)
    {
        var offers = ImmutableArray.CreateBuilder<OfferSource>();
        foreach (var item in table.Items("offers"))
        {
            if (item is TomlTable pair)
            {
                var certificate = pair.Has("certificate") ? PathOf(pair, "certificate") : pair.Required("certificate", "a PEM file with the certificate and its issuers");
                var key = PathOf(pair, "key");
                pair.RefuseOthers();
                if (certificate is not null) offers.Add(new(certificate, key));
            }
            else if (item is string path && IsAbsolute(path))
            {
                offers.Add(new(Path.TrimEndingDirectorySeparator(path), null));
            }
            else
            {
                table.Fault("offers", "each is an absolute path of a folder or PEM file, or a table: { certificate = \"/a/b.pem\", key = \"/a/b.key\" }");
            }
        }

        if (!table.Has("offers")) table.Fault("the chain needs offers: where the ACME client brings its certificates, as in offers = [\"/etc/letsencrypt/live/mx.example.org\"]; offers = [] for none");
        return offers.ToImmutable();
    }

    private static ImmutableArray<CheckTarget> Targets(TomlTable table, string key)
    {
        var targets = ImmutableArray.CreateBuilder<CheckTarget>();
        foreach (var text in table.Texts(key))
        {
            if (!CheckTarget.TryParse(text, out var target, out var fault)) table.Fault(key, $"{text}: {fault}");
            else if (target.IsMailDomain) table.Fault(key, $"{text} has no port: write {text}:25, or smtp://{text}");
            else if (target.SrvOwner is not null && text.TrimStart().StartsWith('_')) table.Fault(key, $"{text} is the owner of SRV records: write HOST:PORT for each host that they name");
            else if (targets.Any(other => other.Port == target.Port && other.Name == target.Name && Equals(other.Address, target.Address))) table.Fault(key, $"{text} stands there twice");
            else targets.Add(target);
        }

        if (table.Has(key) && targets.Count == 0 && key == "owners") table.Fault(key, "there is none");
        return targets.ToImmutable();
    }

    private static ImmutableArray<IPAddress> Addresses(TomlTable table, string key)
    {
        var addresses = ImmutableArray.CreateBuilder<IPAddress>();
        foreach (var text in table.Texts(key))
        {
            if (IPAddress.TryParse(text, out var address)) addresses.Add(address);
            else table.Fault(key, $"{text} is no address");
        }

        return addresses.ToImmutable();
    }

    private static ImmutableArray<RecordKind> Records(TomlTable table, string key)
    {
        if (!table.Has(key))
        {
            _ = table.Texts(key);
            return [RecordKind.Default];
        }

        var kinds = ImmutableArray.CreateBuilder<RecordKind>();
        foreach (var text in table.Texts(key))
        {
            if (text.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [[>= '0' and <= '3'] usage, ['0' or '1'] selector, [>= '0' and <= '2'] matching])
            {
                table.Fault(key, $"'{text}' is not the three numbers of a TLSA record: usage 0 to 3, selector 0 or 1, matching type 0 to 2, as in \"3 1 1\"");
                continue;
            }

            var kind = new RecordKind((TlsaUsage)(usage[0] - '0'), (TlsaSelector)(selector[0] - '0'), (TlsaMatching)(matching[0] - '0'));
            if (kinds.Contains(kind)) table.Fault(key, $"\"{text}\" stands there twice");
            else kinds.Add(kind);
        }

        if (kinds.Count == 0) table.Fault(key, "at least one kind of record must mean the key, as a rule \"3 1 1\"");

        // RFC 7671 §9: a client that knows no SHA-512 has nothing else to go by.
        foreach (var kind in kinds.Where(kind => kind.Matching == TlsaMatching.Sha512 && !kinds.Contains(kind with { Matching = TlsaMatching.Sha256 })))
            table.Fault(key, $"beside \"{kind}\" there must be \"{kind with { Matching = TlsaMatching.Sha256 }}\": clients need not know SHA-512 (RFC 7671 §9)");
        return kinds.ToImmutable();
    }

    private static bool Foreign(TomlTable table, string key)
    {
        var text = table.Text(key);
        if (text is not (null or "keep" or "remove")) table.Fault(key, "it takes \"keep\" or \"remove\"");
        return text != "remove";
    }

    private static TimeSpan Duration(TomlTable table, string key, TimeSpan usual, TimeSpan most)
    {
        switch (table.NumberOrText(key))
        {
            case null: return usual;
            case long number when number >= 0 && number <= most.TotalSeconds: return TimeSpan.FromSeconds(number);
            case string text when TryReadDuration(text, most, out var duration): return duration;
            default:
                table.Fault(key, $"it takes whole seconds, or a text with a unit: {key} = 3600, \"90s\", \"10m\", \"1h\" or \"2d\"; at most {most.TotalSeconds:0} seconds");
                return usual;
        }
    }

    private static bool TryReadDuration(string text, TimeSpan most, out TimeSpan duration)
    {
        duration = default;
        if (text.Length is < 2 or > 11 || !int.TryParse(text.AsSpan(0, text.Length - 1), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number)) return false;
        long seconds = text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86400, _ => 0 };
        if (seconds == 0 || number * seconds > most.TotalSeconds) return false;
        duration = TimeSpan.FromSeconds(number * seconds);
        return true;
    }

    /// <summary>An absolute path; a fault is noted for any other.</summary>
    internal static string? PathOf(TomlTable table, string key)
    {
        if (table.Text(key) is not { } path) return null;
        if (IsAbsolute(path)) return path;
        table.Fault(key, $"{path} is no absolute path: it begins with / and holds no . or .. as a part");
        return null;
    }

    private static bool IsAbsolute(string path) => path.StartsWith('/') && !path.Contains('\0', StringComparison.Ordinal) && Path.GetFullPath(path) == path;

    private static bool IsName(string name) => name.Length is > 0 and <= 64 && name[0] is not ('.' or '-') && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.');

    /// <summary>Every RRset that pins a key rolls with it: what two rolls share would be rolled by one of them without the other.</summary>
    private static void RefuseShared(IReadOnlyList<TomlTable> tables, IReadOnlyCollection<RollSettings> rolls)
    {
        foreach (var table in tables)
        {
            if (table.Text("name") is not { } name || rolls.FirstOrDefault(roll => roll.Name == name) is not { } own) continue;
            foreach (var other in rolls.TakeWhile(roll => !ReferenceEquals(roll, own)))
            {
                if (own.Owners.FirstOrDefault(owner => other.Owners.Any(one => one.Port == owner.Port && one.Name == owner.Name)) is { } owner)
                    table.Fault($"{owner} is an owner of the roll {other.Name} too: a TLSA RRset belongs to one roll");
                if (own.Chains.FirstOrDefault(chain => other.Chains.Any(one => one.File == chain.File)) is { } chain)
                    table.Fault($"{chain.File} is a chain file of the roll {other.Name} too: services that show one key are one roll, so name all of them as its owners");
                if (own.Chains.SelectMany(one => one.Offers).FirstOrDefault(offer => other.Chains.SelectMany(one => one.Offers).Any(one => one.Path == offer.Path)) is { } shared)
                    table.Fault($"{shared.Path} is offered to the roll {other.Name} too, and both would show one key: every TLSA RRset that pins a key is part of one roll, so name all owners there");
            }

            if (tables.TakeWhile(one => one != table).Any(one => one.Text("name") == name)) table.Fault("name", $"there is a roll {name} already");
        }
    }
}
