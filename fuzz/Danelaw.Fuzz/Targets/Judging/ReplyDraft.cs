using Danelaw.Dns.Messages;
using Danelaw.Dns.Records;

namespace Danelaw.Fuzz.Targets.Judging;

/// <summary>A reply that is being rewritten.</summary>
internal sealed class ReplyDraft
{
    private const int MaximumRecords = 64;
    private readonly List<ResourceRecord>[] _sections;
    private readonly Edns? _edns;

    internal ReplyDraft(DnsMessage message)
    {
        _sections = [[.. message.Answers], [.. message.Authorities], [.. message.Additionals]];
        (Code, Flags, _edns) = (message.ResponseCode, message.Flags, message.Edns);
    }

    internal ResponseCode Code { get; set; }

    internal MessageFlags Flags { get; set; }

    internal DnsMessage ToMessage(Question question) => new()
    {
        Flags = Flags,
        ResponseCode = Code,
        Questions = [question],
        Answers = [.. _sections[0]],
        Authorities = [.. _sections[1]],
        Additionals = [.. _sections[2]],
        Edns = _edns,
    };

    internal void Drop(Draw draw)
    {
        var section = Section(draw);
        if (section.Count > 0) section.RemoveAt(draw.Below(section.Count));
    }

    internal void DropType(RecordType type)
    {
        foreach (var section in _sections) section.RemoveAll(record => record.Type == type);
    }

    internal void DropSignatures(RecordType type)
    {
        foreach (var section in _sections) section.RemoveAll(record => record.Type == RecordType.RRSIG && RrsigData.ReadTypeCovered(record.Data) == type);
    }

    internal void Add(Draw draw, IEnumerable<ResourceRecord> records)
    {
        var added = records.ToList();
        var section = Section(draw);
        if (section.Count + added.Count <= MaximumRecords) section.AddRange(added);
    }

    /// <summary>Puts records before the others, so that they are tried first.</summary>
    internal void Prepend(int section, List<ResourceRecord> records)
    {
        if (_sections[section].Count + records.Count <= MaximumRecords) _sections[section].InsertRange(0, records);
    }

    /// <summary>Changes one octet of RDATA.</summary>
    internal void Alter(Draw draw) => Change(draw, record =>
    {
        var data = record.Data.ToArray();
        if (data.Length == 0) return record;
        data[draw.NextUInt16() % data.Length] ^= draw.Next();
        return record with { Data = new(data) };
    });

    internal void Change(Draw draw, Func<ResourceRecord, ResourceRecord> change)
    {
        var section = Section(draw);
        if (section.Count == 0) return;
        var at = draw.Below(section.Count);
        section[at] = change(section[at]);
    }

    /// <summary>Signs the whole set that a record belongs to.</summary>
    internal void Sign(Draw draw, Func<RecordSet, ResourceRecord> sign)
    {
        var section = Section(draw);
        if (section.Count is 0 or >= MaximumRecords) return;
        var chosen = section[draw.Below(section.Count)];
        var data = section.Where(record => record.Type == chosen.Type && record.Owner.Equals(chosen.Owner)).Select(record => record.Data).Distinct();
        section.Add(sign(new(chosen.Owner, chosen.Type, RecordClass.IN, chosen.TimeToLive, [.. data])));
    }

    internal void Move(Draw draw)
    {
        var (from, to) = (Section(draw), Section(draw));
        if (from.Count == 0) return;
        var at = draw.Below(from.Count);
        var record = from[at];
        from.RemoveAt(at);
        if (to.Count < MaximumRecords) to.Insert(0, record);
    }

    internal void Repeat(Draw draw)
    {
        var section = Section(draw);
        if (section.Count == 0) return;
        var record = section[draw.Below(section.Count)];
        for (var times = draw.Below(40); times > 0 && section.Count < MaximumRecords; times--)
        {
            // The same again counts once; other octets at the end make another signature, or another key.
            var data = record.Data.ToArray();
            if (data.Length > 0) data[^1] ^= (byte)times;
            section.Add(record with { Data = new(data) });
        }
    }

    /// <summary>Takes the records of a message as it came, if it can be read.</summary>
    internal void TakeRaw(byte[] octets)
    {
        if (!DnsMessage.TryRead(octets, out var message, out _)) return;
        foreach (var (section, records) in _sections.Zip(new[] { message.Answers, message.Authorities, message.Additionals }))
        {
            section.Clear();
            section.AddRange(records.Take(MaximumRecords));
        }

        Code = message.ResponseCode;
    }

    private List<ResourceRecord> Section(Draw draw) => _sections[draw.Below(_sections.Length)];
}
