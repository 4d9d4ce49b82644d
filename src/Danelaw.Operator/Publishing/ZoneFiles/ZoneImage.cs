using System.Diagnostics.CodeAnalysis;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Zones;
using Danelaw.Operator.Rollover;
using Danelaw.Tlsa;

namespace Danelaw.Operator.Publishing.ZoneFiles;

/// <summary>A zone as its files have it at one moment, read for one owner: only what concerns that owner is kept.</summary>
internal sealed class ZoneImage
{
    private readonly bool _isSignedAfterwards;

    /// <summary>Where a wildcard directly below a name has TLSA records, by the name's labels.</summary>
    private readonly Dictionary<int, string> _wildcards = [];

    /// <summary>The labels of the closest name to the owner that there is.</summary>
    private int _closest;

    private ZoneImage(string file, DomainName zone, DomainName owner, bool isSignedAfterwards) => (File, Zone, Owner, _isSignedAfterwards) = (file, zone, owner, isSignedAfterwards);

    /// <summary>The files as they were when they were read.</summary>
    internal ZoneSnapshot Snapshot { get; } = new();

    /// <summary>The zone's file.</summary>
    internal string File { get; }

    internal DomainName Zone { get; }

    internal DomainName Owner { get; }

    /// <summary>The SOA record.</summary>
    internal ZoneEntry Soa { get; private set; }

    /// <summary>The owner's TLSA records, in the order of the files.</summary>
    internal List<ZoneEntry> Records { get; } = [];

    /// <summary>The last record of the zone's own file that a new one fits behind: of the owner's nearest relative there.</summary>
    internal ZoneEntry Neighbour { get; private set; }

    /// <summary>The texts of the files that may be changed, by the file, links followed.</summary>
    internal Dictionary<string, ZoneText> Texts { get; } = new(StringComparer.Ordinal);

    /// <summary>The owner's TLSA records as a set.</summary>
    internal TlsaSet Set => TlsaSet.Of(Records.Select(entry => Tlsa(entry.Record)));

    internal static TlsaRecord Tlsa(ResourceRecord record) => TlsaRecord.TryFromRecordData(record.Data, out var tlsa) ? tlsa : default;

    /// <summary>Reads a zone.</summary>
    /// <param name="file">Its file.</param>
    /// <param name="zone">Its name, the file's first origin.</param>
    /// <param name="owner">The owner.</param>
    /// <param name="isSignedAfterwards">Whether somebody signs the file once it is edited; otherwise a signed file is refused.</param>
    /// <param name="image">The zone; null on failure.</param>
    /// <param name="fault">What is wrong, with the place, and what to do; empty on success.</param>
    internal static bool TryRead(string file, DomainName zone, DomainName owner, bool isSignedAfterwards, [NotNullWhen(true)] out ZoneImage? image, out string fault)
    {
        image = null;
        if (!owner.IsAtOrBelow(zone))
        {
            fault = $"{owner} is not in {zone}: give the zone that holds it, and its file";
            return false;
        }

        var read = new ZoneImage(file, zone, owner, isSignedAfterwards);
        if (!ZoneReader.TryOpen(file, Reading(zone, read.Snapshot), out var reader, out var unread))
        {
            fault = unread.ToString();
            return false;
        }

        using (reader)
        {
            while (reader.TryRead(out var record, out unread))
            {
                if (read.Take(reader, record) is not { } refusal) continue;
                fault = refusal;
                return false;
            }
        }

        fault = unread is not null ? $"{unread}: the file is left as it is" : read.Soa.Record.Type != RecordType.SOA ? $"{file} has no SOA record at {zone}: is that the zone's name?" : "";
        if (fault.Length == 0 && read.Records.Count == 0 && read._wildcards.TryGetValue(read._closest, out var wildcard))
            fault = $"{wildcard}: a wildcard gives {owner} its TLSA records, and records of its own would hide them: change them there, or write the same records for {owner} beside it first";
        if (fault.Length > 0) return false;
        foreach (var entry in read.Records.Append(read.Soa).Append(read.Neighbour))
        {
            if (!read.Texts.ContainsKey(entry.File)) read.Texts.Add(entry.File, read.Snapshot.Text(entry.File));
        }

        image = read;
        return true;
    }

    /// <summary>How a zone's files are read.</summary>
    internal static ZoneReaderOptions Reading(DomainName zone, ZoneSnapshot snapshot) => new() { Origin = zone, AllowMalformed = true, OpenFile = snapshot.Open };

    /// <summary>Takes in a record; what makes the file unfit to be edited for this owner is the result.</summary>
    private string? Take(ZoneReader reader, ResourceRecord record)
    {
        var entry = new ZoneEntry(record, Snapshot.PathOf(reader.RecordFile), reader.EntryLines.First - 1, reader.EntryLines.Behind - 1, reader.IsGenerated, reader.Origin);
        var place = $"{reader.RecordFile}:{reader.RecordLine}";
        switch (record.Type)
        {
            case RecordType.SOA when record.Owner == Zone && Soa.Record.Type != RecordType.SOA:
                Soa = entry;
                break;
            case RecordType.RRSIG when record.Owner == Zone && !_isSignedAfterwards:
                return $"{place}: the file is a signed zone, and an edit would leave its signatures wrong: give the file that it is made from, or a reload command that signs it again (docs/guide/publish.md)";
            case RecordType.TLSA when record.Owner == Owner:
                if (entry.IsGenerated) return $"{place}: a $GENERATE makes the TLSA record of {Owner}: write the record itself in its place";

                // A file that is included twice has its lines once.
                if (!Records.Exists(other => other.File == entry.File && other.First == entry.First)) Records.Add(entry);
                break;
            case RecordType.TLSA when record.Owner.LabelCount > 0 && record.Owner.GetLabel(0) is [(byte)'*'] && Owner.Parent.IsAtOrBelow(record.Owner.Parent):
                _wildcards.TryAdd(record.Owner.Parent.LabelCount, place);
                break;
            case RecordType.CNAME when record.Owner == Owner:
                return NameData.TryRead(record.Data, out var alias) ? $"{place}: {Owner} is an alias of {alias.Name}: the records stand there, so publish them at {alias.Name}" : null;
            case RecordType.DNAME when Owner.IsAtOrBelow(record.Owner) && Owner != record.Owner:
                return $"{place}: {record.Owner} is an alias (DNAME), and {Owner} is below it: the records stand where it leads to, so publish them there";
            case RecordType.NS when record.Owner != Zone && Owner.IsAtOrBelow(record.Owner):
                return $"{place}: {record.Owner} is delegated to other servers, and {Owner} is below it: give the zone {record.Owner}";
            default: break;
        }

        // RFC 4592 §3.3.1: names above one that has records are there too.
        var common = Common(record.Owner);
        _closest = Math.Max(_closest, common);

        // A new record goes into the zone's own file, behind the name that has most labels in common with its owner.
        if (entry.File == Snapshot.PathOf(File) && !entry.IsGenerated && (Neighbour.File is null || common >= Common(Neighbour.Record.Owner))) Neighbour = entry;
        return null;
    }

    private int Common(DomainName name)
    {
        var common = name;
        while (!Owner.IsAtOrBelow(common)) common = common.Parent;
        return common.LabelCount;
    }
}
