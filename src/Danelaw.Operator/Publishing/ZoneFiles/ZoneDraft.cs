using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Zones;
using Danelaw.Operator.Rollover;
using Danelaw.Tlsa;

namespace Danelaw.Operator.Publishing.ZoneFiles;

/// <summary>
/// Reads an edited zone before it takes its place, beside the one that stands there: the RRset must be what was asked for, the serial may be another, and every other
/// record must be the same. A record can be changed from afar: whoever has no owner or no TTL of its own takes what stands above.
/// </summary>
internal sealed class ZoneDraft : IDisposable
{
    private readonly ZoneReader _reader;
    private readonly DomainName _zone;
    private readonly DomainName _owner;
    private readonly List<TlsaRecord> _records = [];
    private readonly List<uint> _timesToLive = [];
    private bool _hasSerial;

    private ZoneDraft(ZoneReader reader, ZoneImage image) => (_reader, _zone, _owner) = (reader, image.Zone, image.Owner);

    /// <summary>What an edit would do beyond what was asked.</summary>
    /// <param name="image">The zone as it is.</param>
    /// <param name="drafts">The texts that are to take the place of others.</param>
    /// <param name="request">What was asked.</param>
    /// <returns>A phrase with the place and what to do; null when it does no more.</returns>
    internal static string? FindHarm(ZoneImage image, IReadOnlyList<ZoneText> drafts, PublishRequest request)
    {
        if (!TryOpen(image, image.Snapshot, out var before, out var fault) || !TryOpen(image, image.Snapshot.With(drafts), out var after, out fault)) return fault.ToString();
        using (before)
        using (after)
        {
            while (true)
            {
                var (was, unread) = (before.Next(out fault), fault);
                var becomes = after.Next(out fault);
                if ((unread ?? fault) is { } bad) return $"{bad}: the edit would leave this behind, so the file is left as it is";
                if (was is null && becomes is null) break;
                if (was == becomes) continue;
                return Tell(was, becomes, $"{(was is null ? after : before)._reader.RecordFile}:{(was is null ? after : before)._reader.RecordLine}");
            }

            var set = TlsaSet.Of(after._records);
            return set.Equals(request.After) && after._timesToLive.TrueForAll(seconds => seconds == request.TimeToLive)
                ? null
                : $"{image.File}: the edit would leave {request.Owner} with {(set.IsEmpty ? "no TLSA records" : set)}, so the file is left as it is: change it by hand";
        }
    }

    public void Dispose() => _reader.Dispose();

    private static bool TryOpen(ZoneImage image, ZoneSnapshot snapshot, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ZoneDraft? draft, [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out ZoneFault? fault)
    {
        draft = ZoneReader.TryOpen(image.File, ZoneImage.Reading(image.Zone, snapshot), out var reader, out fault) ? new(reader, image) : null;
        return draft is not null;
    }

    /// <summary>The next record that must stay; those of the RRset are kept aside, and the serial is left out.</summary>
    private ResourceRecord? Next(out ZoneFault? fault)
    {
        while (_reader.TryRead(out var record, out fault))
        {
            if (record.Type == RecordType.TLSA && record.Owner == _owner)
            {
                _records.Add(ZoneImage.Tlsa(record));
                _timesToLive.Add(record.TimeToLive);
                continue;
            }

            if (record.Type != RecordType.SOA || record.Owner != _zone || _hasSerial || !SoaData.TryRead(record.Data, out var data)) return record;
            _hasSerial = true;
            return record with { Data = (data with { Serial = 0 }).ToOctets() };
        }

        return null;
    }

    private static string Tell(ResourceRecord? was, ResourceRecord? becomes, string place)
    {
        if (was is { } record && becomes is { } other && record.Type == other.Type && record.Data.Equals(other.Data))
        {
            var what = $"{place}: the edit would give the record {record.Owner} {RecordTypes.ToText(record.Type)}";
            if (record.Owner != other.Owner) return $"{what} to {other.Owner}, because it has no owner of its own, so the file is left as it is: write its owner into that line";
            if (record.TimeToLive != other.TimeToLive) return $"{what} another TTL, because it has none of its own, so the file is left as it is: write one into that line, or a $TTL at the head of the file";
        }

        return $"{place}: the edit would change another record than it should, so the file is left as it is: change it by hand";
    }
}
