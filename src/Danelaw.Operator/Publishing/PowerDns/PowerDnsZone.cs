using System.Text.Json;
using Danelaw.Dns.Names;
using Danelaw.Operator.Rollover;
using Danelaw.Tlsa;

namespace Danelaw.Operator.Publishing.PowerDns;

/// <summary>What the API says of a zone, as far as it concerns one owner. It comes in replies for single names, or in one with the whole zone: older servers pass over the filter.</summary>
/// <param name="apex">The zone.</param>
/// <param name="owner">The owner.</param>
/// <param name="path">Where the API has the zone.</param>
internal sealed class PowerDnsZone(DomainName apex, DomainName owner, string path)
{
    private readonly Dictionary<int, MasteredSet> _wildcards = [];
    private MasteredSet _own = new(PublishOutcome.Done, TlsaSet.Empty, null, "");
    private int _closest = apex.LabelCount;

    internal DomainName Apex => apex;

    internal string Path => path;

    /// <summary>Whether the zone is changed at another server.</summary>
    internal bool IsSecondary { get; private set; }

    /// <summary>Whether a reply held more than was asked for, and so everything.</summary>
    internal bool IsWhole { get; private set; }

    /// <summary>Why records of the owner cannot stand in this zone; null when nothing is in the way.</summary>
    internal string? Refusal { get; private set; }

    /// <summary>The serial that other servers see; null where they do not transfer the zone, or where it is not said.</summary>
    internal uint? Serial { get; private set; }

    /// <summary>Whether the owner has TLSA records of its own.</summary>
    internal bool HasOwn => _own.Outcome != PublishOutcome.Done || !_own.Records.IsEmpty;

    /// <summary>The RRset that the owner has, or that a wildcard gives it: that at the closest name which there is (RFC 4592 §3.3.1).</summary>
    internal MasteredSet Set => HasOwn || _closest == owner.LabelCount || !_wildcards.TryGetValue(_closest, out var given) ? _own : given with { IsFromWildcard = true };

    /// <summary>Whether a wildcard below this name may give the owner its records, by what is known.</summary>
    internal bool MayGive(DomainName above) => !HasOwn && above.LabelCount >= _closest && _closest < owner.LabelCount;

    /// <summary>Whether a wildcard directly below this name has TLSA records.</summary>
    internal bool HasWildcardBelow(DomainName above) => _wildcards.ContainsKey(above.LabelCount);

    /// <summary>Takes in a reply.</summary>
    /// <param name="zone">It.</param>
    /// <param name="asked">The name that it was asked for; null for the whole zone.</param>
    internal void Take(JsonElement zone, DomainName? asked)
    {
        var kind = PowerDnsApi.Text(zone, "kind")?.ToUpperInvariant();
        IsSecondary = kind is "SLAVE" or "SECONDARY" or "CONSUMER";
        if (kind is "MASTER" or "PRIMARY" or "PRODUCER") Serial = Number(zone, "edited_serial") ?? Number(zone, "serial");
        IsWhole |= asked is null;
        foreach (var entry in PowerDnsApi.Member(zone, "rrsets") is { } sets ? Elements(sets) : [])
        {
            if (PowerDnsApi.Text(entry, "name") is not { } text || !DomainName.TryParse(text, out var name)) continue;
            IsWhole |= name != asked;
            var common = name;
            while (!owner.IsAtOrBelow(common)) common = common.Parent;
            _closest = Math.Max(_closest, common.LabelCount);
            var isTlsa = PowerDnsApi.Text(entry, "type") == "TLSA";
            if (isTlsa && name != owner && name.LabelCount > 0 && name.Parent == common && common != owner && name.GetLabel(0) is [(byte)'*']) _wildcards[common.LabelCount] = ReadSet(entry, name);
            if (common != name) continue;
            Refusal ??= RefusalOf(entry, name);
            if (isTlsa && name == owner) _own = ReadSet(entry, owner);
        }
    }

    /// <summary>Why records of the owner cannot stand in this zone; null when an RRset is no reason.</summary>
    private string? RefusalOf(JsonElement entry, DomainName name) => PowerDnsApi.Text(entry, "type") switch
    {
        "CNAME" when name == owner => $"{owner} is an alias of {Contents(entry).FirstOrDefault().Content}: the records stand there, so publish them at that name",
        "NS" when name != apex => $"{name} is delegated to other servers, and {owner} is below it: give the server where {name} is changed",
        "DNAME" when name != owner => $"{name} is an alias (DNAME), and {owner} is below it: the records stand where it leads to, so publish them there",
        _ => null,
    };

    private static MasteredSet ReadSet(JsonElement entry, DomainName name)
    {
        var records = new List<TlsaRecord>();
        foreach (var (content, isDisabled) in Contents(entry))
        {
            if (isDisabled) return new(PublishOutcome.Refused, TlsaSet.Empty, null, $"some TLSA records of {name} are disabled, and replacing the others would delete these: delete or enable them first");
            if (!TlsaRecord.TryParse(content, out var record, out _)) return new(PublishOutcome.Refused, TlsaSet.Empty, null, $"a TLSA record of {name} cannot be read: mend or delete it first");
            records.Add(record);
        }

        return new(PublishOutcome.Done, TlsaSet.Of(records), records.Count == 0 ? null : Number(entry, "ttl"), "");
    }

    private static uint? Number(JsonElement element, string member) => PowerDnsApi.Member(element, member) is { ValueKind: JsonValueKind.Number } value && value.TryGetUInt32(out var number) ? number : null;

    private static IEnumerable<(string Content, bool IsDisabled)> Contents(JsonElement entry) =>
        (PowerDnsApi.Member(entry, "records") is { } records ? Elements(records) : []).Select(record => (PowerDnsApi.Text(record, "content") ?? "", PowerDnsApi.Member(record, "disabled") is { ValueKind: JsonValueKind.True }));

    /// <summary>The objects of an array.</summary>
    internal static IEnumerable<JsonElement> Elements(JsonElement array) => array.ValueKind == JsonValueKind.Array ? array.EnumerateArray().Where(element => element.ValueKind == JsonValueKind.Object) : [];
}
