using Danelaw.Cli.Commands;
using Danelaw.Cli.Running;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Signing;

namespace Danelaw.Cli.Options;

/// <summary>The keys that a zone is signed with, and what each is for now.</summary>
internal sealed class ZoneKeyRing
{
    private readonly List<KeyInput> _signing = [];
    private readonly List<Octets> _published = [];
    private readonly List<Octets> _removed = [];
    private readonly List<string> _notes = [];
    private readonly List<(DomainName Zone, uint? TimeToLive)> _of = [];
    private readonly HashSet<ushort> _removedTags;

    private ZoneKeyRing(HashSet<ushort> removedTags) => _removedTags = removedTags;

    public DomainName Zone => _of[0].Zone;

    public IReadOnlyCollection<SigningKey> Signing => [.. _signing.Select(key => key.Key).DistinctBy(key => key.ToDnskey())];

    /// <summary>What an operator should know of the keys that do not sign.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Reads the keys that were named one by one, which sign, and those of a folder, which do what their times say.</summary>
    /// <exception cref="MisuseException">One cannot be read, they are of several zones, or none signs.</exception>
    /// <param name="call">The call.</param>
    /// <param name="files">The keys that were named.</param>
    /// <param name="folder">The folder; null for none.</param>
    /// <param name="removedTags">Tags of keys that are taken out.</param>
    /// <param name="origin">The zone, where it was named.</param>
    /// <param name="apex">Finds the zone in its file: asked when the folder holds keys of several zones.</param>
    /// <param name="now">The time.</param>
    public static ZoneKeyRing Read(Call call, IEnumerable<string> files, string? folder, IEnumerable<ushort> removedTags, DomainName? origin, Func<DomainName?> apex, DateTimeOffset now)
    {
        var ring = new ZoneKeyRing([.. removedTags]);
        foreach (var file in files) ring.AddNamed(KeyOptions.Read(call, file, origin, null, null), now);
        if (folder is not null)
            foreach (var key in OfOneZone([.. KeyOptions.ReadFolder(call, folder, origin ?? (ring._of.Count > 0 ? ring.Zone : null))], apex)) ring.AddFound(key, now);
        if (ring._of.Count == 0) throw new MisuseException("no key was given, or found in the folder", "danelaw zone key make ZONE makes one; --key FILE or --key-folder DIR names it");
        if (ring._of.Select(key => key.Zone).Distinct().ToList() is { Count: > 1 } zones) throw new MisuseException($"the keys are of several zones: {zones[0]} and {zones[1]}", "give --origin ZONE to take those of one zone from a folder");
        if (!ring._signing.Exists(key => key.Key.Flags.HasFlag(DnskeyFlags.Zone) && !key.Key.Flags.HasFlag(DnskeyFlags.Revoked)))
            throw new MisuseException("none of the keys can sign the zone now: they are revoked, not active, without a private half, or lack the ZONE flag (RFC 4034 §2.1.1)", ring._notes.Count > 0 ? string.Join("; ", ring._notes) : null);
        if (ring._signing.Find(key => SecurityAlgorithms.UsesSha1(key.Key.Algorithm)) is { } old)
            call.Voice.Hint($"{old.Path} signs with {SecurityAlgorithms.ToText(old.Key.Algorithm)}, and SHA-1 must no longer be signed with: to many validators such a zone is unsigned (RFC 9905 §2). `danelaw zone key make {old.Zone} --algorithm 13` makes a key to move to");
        return ring;
    }

    private static IEnumerable<FolderKey> OfOneZone(List<FolderKey> keys, Func<DomainName?> apex) =>
        keys.Select(key => key.Public.Zone).Distinct().Count() > 1 && apex() is { } zone && keys.Exists(key => key.Public.Zone == zone) ? keys.Where(key => key.Public.Zone == zone) : keys;

    /// <summary>How the zone is signed with them.</summary>
    public ZoneSigningOptions Apply(ZoneSigningOptions options) => options with
    {
        Apex = Zone,
        PublishedKeys = [.. _published],
        RemovedKeys = [.. _removed],
        RemovedKeyTags = [.. _removedTags],
        DefaultDnskeyTimeToLive = _of.Min(key => key.TimeToLive),
    };

    private void AddNamed(KeyInput key, DateTimeOffset now)
    {
        if (_removedTags.Contains(key.Key.KeyTag)) throw new MisuseException($"--key and --remove-key contradict each other: key {key.Key.KeyTag}");
        if (key.Times.UseAt(now) != KeyUse.Signing || key.Times.IsRevokedAt(now)) _notes.Add($"key {key.Key.KeyTag} was named, so it signs, though its times say otherwise ({key.Times})");
        _of.Add((key.Zone, key.TimeToLive));
        _signing.Add(key);
    }

    private void AddFound(FolderKey found, DateTimeOffset now)
    {
        var (dnskey, use) = (found.Public.Dnskey, found.Times.UseAt(now));
        var tag = dnskey.KeyTag();
        var revoked = dnskey with { Flags = (ushort)(dnskey.Flags | (ushort)DnskeyFlags.Revoked) };
        _of.Add((found.Public.Zone, found.Public.TimeToLive));
        if (_removedTags.Contains(tag) || _removedTags.Contains(revoked.KeyTag())) return;
        if (use == KeyUse.Withheld)
        {
            _notes.Add($"key {tag} is not published yet ({found.Times})");
            return;
        }

        if (use == KeyUse.Removed)
        {
            _notes.Add($"key {tag} is taken out of the zone ({found.Times})");
            _removed.AddRange([dnskey.ToOctets(), revoked.ToOctets()]);
            return;
        }

        var isRevoked = dnskey.IsRevoked || found.Times.IsRevokedAt(now);
        if (isRevoked && !dnskey.IsRevoked) _notes.Add($"key {tag} is revoked by now, and has tag {revoked.KeyTag()} ({found.Times})");
        var data = isRevoked ? revoked : dnskey;
        // RFC 5011 §2.1: a revoked key signs the set that says so, also when it signs nothing else any more.
        if (found.Pair is { } pair && (use == KeyUse.Signing || isRevoked))
        {
            _signing.Add(pair with { Key = pair.Key.WithFlags((DnskeyFlags)data.Flags) });
            return;
        }

        _published.Add(data.ToOctets());
        _notes.Add(use == KeyUse.Signing ? $"key {tag} is published and does not sign: there is no {Path.GetFileName(found.Stem)}.private beside its record" : $"key {tag} is published and does not sign ({found.Times})");
    }
}
