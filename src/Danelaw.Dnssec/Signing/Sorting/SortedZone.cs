using Danelaw.Dns.Names;

namespace Danelaw.Dnssec.Signing.Sorting;

/// <summary>All records of one name, by type; those of one type in the order in which they came.</summary>
/// <param name="Owner">The name, as it was spelt first.</param>
/// <param name="Records">Its records.</param>
internal sealed record ZoneName(DomainName Owner, List<StoredRecord> Records);

/// <summary>Goes through sorted records name by name.</summary>
internal static class SortedZone
{
    internal static IEnumerable<ZoneName> Names(SortedEntries entries)
    {
        ZoneName? name = null;
        while (TryNext(entries, name, out var stored))
        {
            if (name is not null && stored.Record.Owner == name.Owner)
            {
                name.Records.Add(stored);
                continue;
            }

            if (name is not null) yield return name;
            name = new(stored.Record.Owner, [stored]);
        }

        if (name is not null) yield return name;
    }

    private static bool TryNext(SortedEntries entries, ZoneName? name, out StoredRecord stored)
    {
        stored = default;
        if (!entries.MoveNext()) return false;
        stored = StoredRecord.Read(entries.Key, entries.Payload, name is null ? default : name.Records[^1].Record.Owner);
        return true;
    }
}
