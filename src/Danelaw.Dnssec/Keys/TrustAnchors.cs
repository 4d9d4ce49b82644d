using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Zones;

namespace Danelaw.Dnssec.Keys;

/// <summary>What is trusted to begin with: DS and DNSKEY data at any names (RFC 4035 §4.4). Immutable.</summary>
public sealed class TrustAnchors
{
    private readonly FrozenDictionary<DomainName, TrustAnchor> _zones;

    private TrustAnchors(IEnumerable<TrustAnchor> zones)
    {
        _zones = zones.ToFrozenDictionary(zone => zone.Zone);
        Zones = [.. _zones.Values.OrderBy(zone => zone.Zone)];
    }

    /// <summary>
    /// The keys of the root zone, as IANA publishes them in <c>root-anchors.xml</c>: KSK-2017 with tag 20326 and KSK-2024 with tag 38696,
    /// both RSA/SHA-256 by their SHA-256 digest.
    /// </summary>
    public static TrustAnchors Iana { get; } = new(
    [
        new(DomainName.Root,
        [
            Ds(20326, "e06d44b80b8f1d39a95c0b0d7c65d08458e880409bbc683457104237c7f8ec8d"),
            Ds(38696, "683d2d0acb8c9b712a1948b27f741219298d0a450d612c483af444a4c0fb2b16"),
        ],
        []),
    ]);

    /// <summary>The day from which IANA has one of <see cref="Iana"/> valid (RFC 9718 §2.1.1, <c>validFrom</c>); neither had a <c>validUntil</c> when they were built in, in November 2026.</summary>
    /// <param name="keyTag">The key's tag.</param>
    /// <returns>Null for a tag that is not built in.</returns>
    public static DateOnly? IanaValidFrom(ushort keyTag) => keyTag switch
    {
        20326 => new(2017, 2, 2),
        38696 => new(2024, 7, 18),
        _ => null,
    };

    /// <summary>No anchor at all: everything is insecure.</summary>
    public static TrustAnchors None { get; } = new([]);

    /// <summary>The anchors zone by zone, in canonical order of their names.</summary>
    public ImmutableArray<TrustAnchor> Zones { get; }

    /// <summary>Takes DS and DNSKEY records as anchors. Algorithms and digests that are not supported are kept: they make their subtree insecure.</summary>
    /// <param name="records">The records; owners may differ, repetitions count once.</param>
    /// <param name="anchors">The anchors; null on failure.</param>
    /// <param name="unfit">The first record that cannot be an anchor; the default on success.</param>
    /// <returns>False when a record has a <see cref="FaultOf"/>.</returns>
    public static bool TryCreate(IEnumerable<ResourceRecord> records, [NotNullWhen(true)] out TrustAnchors? anchors, out ResourceRecord unfit)
    {
        ArgumentNullException.ThrowIfNull(records);
        anchors = null;
        unfit = default;
        var zones = new Dictionary<DomainName, (List<Octets> DelegationSigners, List<Octets> Keys)>();
        foreach (var record in records)
        {
            if (FaultOf(record) is not null)
            {
                unfit = record;
                return false;
            }

            if (!zones.TryGetValue(record.Owner, out var zone)) zones.Add(record.Owner, zone = ([], []));
            var list = record.Type == RecordType.DS ? zone.DelegationSigners : zone.Keys;
            if (!list.Contains(record.Data)) list.Add(record.Data);
        }

        anchors = new(zones.Select(zone => new TrustAnchor(zone.Key, [.. zone.Value.DelegationSigners], [.. zone.Value.Keys])));
        return true;
    }

    /// <summary>Why a record cannot be an anchor: it is neither DS nor DNSKEY, its RDATA is too short to be one, or its digest has not the length that digests of its type have, so that no key could ever match it.</summary>
    /// <param name="record">The record.</param>
    /// <returns>A few words for people; null when it can be an anchor.</returns>
    public static string? FaultOf(in ResourceRecord record) => record.Type switch
    {
        RecordType.DS when DsData.TryRead(record.Data, out _) => DigestLength.FaultOf(RecordType.DS, record.Data),
        RecordType.DNSKEY when DnskeyData.TryRead(record.Data, out _) => null,
        RecordType.DS or RecordType.DNSKEY => "it is too short",
        _ => "only DS and DNSKEY records are anchors",
    };

    /// <summary>Reads anchors from DS and DNSKEY records in zone-file syntax (RFC 1035 §5.1), TTLs optional; names without a closing dot are below the root.</summary>
    /// <param name="text">The text; it is closed.</param>
    /// <param name="fileName">What faults call it; may be empty.</param>
    /// <param name="anchors">The anchors; null on failure.</param>
    /// <param name="fault">What is wrong; null on success.</param>
    /// <returns>False when the text cannot be read, holds other records, or holds none.</returns>
    public static bool TryRead(TextReader text, string fileName, [NotNullWhen(true)] out TrustAnchors? anchors, [NotNullWhen(false)] out ZoneFault? fault)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(fileName);
        anchors = null;
        var records = new List<ResourceRecord>();
        using var reader = new ZoneReader(text, new() { DefaultTtl = 0, FileName = fileName, AllowInclude = false });
        while (reader.TryRead(out var record, out fault)) records.Add(record);
        if (fault is not null) return false;
        if (records.Count == 0) fault = new(fileName, 0, 0, "there is neither a DS nor a DNSKEY record in it");
        else if (!TryCreate(records, out anchors, out var unfit)) fault = new(fileName, 0, 0, $"{unfit.Owner} {RecordTypes.ToText(unfit.Type)} is no trust anchor: {FaultOf(unfit)}");
        return fault is null;
    }

    /// <summary>Anchors of several zones, each zone once.</summary>
    internal static TrustAnchors Of(IEnumerable<TrustAnchor> zones) => new(zones);

    /// <summary>The anchors of a zone.</summary>
    internal bool TryGet(DomainName zone, [NotNullWhen(true)] out TrustAnchor? anchor) => _zones.TryGetValue(zone, out anchor);

    /// <summary>The anchors nearest to a name, at it or above it.</summary>
    internal bool TryFindNearest(DomainName name, [NotNullWhen(true)] out TrustAnchor? anchor)
    {
        while (!_zones.TryGetValue(name, out anchor))
        {
            if (name.IsRoot) return false;
            name = name.Parent;
        }

        return true;
    }

    private static Octets Ds(ushort keyTag, string digest) =>
        Octets.TryParseHex(digest, out var octets) ? new DsData(keyTag, (byte)SecurityAlgorithm.RsaSha256, (byte)DigestAlgorithm.Sha256, octets).ToOctets() : default;
}
