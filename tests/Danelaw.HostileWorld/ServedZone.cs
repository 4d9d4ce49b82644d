using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Zones;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Signing;

namespace Danelaw.HostileWorld;

/// <summary>A signed zone at an address, and what it does to those who ask.</summary>
internal sealed class ServedZone
{
    private readonly Dictionary<(DomainName Owner, RecordType Type), List<ResourceRecord>> _sets = [];
    private readonly HashSet<DomainName> _names = [];
    private readonly List<DomainName> _denials;
    private readonly ConcurrentDictionary<(Question, bool), byte[]> _replies = new();

    private ServedZone(DomainName apex, IPAddress address, SigningKey key, IReadOnlyList<ResourceRecord> records)
    {
        (Apex, Address, Key) = (apex, address, key);
        foreach (var record in records)
        {
            var type = record.Type == RecordType.RRSIG ? RrsigData.ReadTypeCovered(record.Data) : record.Type;
            if (!_sets.TryGetValue((record.Owner, type), out var set)) _sets.Add((record.Owner, type), set = []);
            set.Add(record);
            if (type == RecordType.NSEC3) continue;
            for (var name = record.Owner; name.IsAtOrBelow(apex) && _names.Add(name) && !name.IsRoot; name = name.Parent) { }
        }

        _denials = [.. _sets.Keys.Where(key => key.Type is RecordType.NSEC or RecordType.NSEC3).Select(key => key.Owner).Order()];
    }

    internal static SignatureValidity Validity { get; } = new(TimeProvider.System.GetUtcNow().AddHours(-1), TimeProvider.System.GetUtcNow().AddDays(30));

    internal DomainName Apex { get; }

    internal IPAddress Address { get; }

    internal SigningKey Key { get; }

    internal Conduct Conduct { get; init; }

    /// <summary>Replaces the reply that is due, given the question; null leaves it.</summary>
    internal Func<Question, DnsMessage, DnsMessage?>? Twist { get; init; }

    /// <summary>Changes the octets of a reply.</summary>
    internal Func<byte[], byte[]>? Mangle { get; init; }

    /// <summary>Signs a zone given as text below its apex.</summary>
    internal static ServedZone Create(string apex, string address, string text, Nsec3Options? nsec3 = null, IEnumerable<ResourceRecord>? more = null, Func<ServedZone, ServedZone>? with = null)
    {
        var key = SigningKey.Generate(SecurityAlgorithm.EcdsaP256Sha256, DnskeyFlags.Zone | DnskeyFlags.SecureEntryPoint);
        var origin = Text.Name(apex);
        using var reader = new ZoneReader(new StringReader($"@ 3600 IN SOA ns.good. h.good. 1 7200 3600 1209600 300\n@ 3600 IN NS ns.{(apex == "." ? "" : apex)}\n{text}"), new ZoneReaderOptions { Origin = origin });
        var records = new List<ResourceRecord>(more ?? []);
        while (reader.TryRead(out var record, out var fault)) records.Add(fault is null ? record : throw new InvalidOperationException(fault.ToString()));
        var signed = ZoneSigner.Sign(records, [key], new ZoneSigningOptions { Validity = Validity, Nsec3 = nsec3 });
        var zone = new ServedZone(origin, IPAddress.Parse(address), key, [.. signed]);
        return with is null ? zone : with(zone);
    }

    /// <summary>The same zone with another conduct.</summary>
    internal ServedZone With(Conduct conduct = Conduct.Replies, Func<Question, DnsMessage, DnsMessage?>? twist = null, Func<byte[], byte[]>? mangle = null) =>
        new(Apex, Address, Key, [.. _sets.Values.SelectMany(set => set)]) { Conduct = conduct, Twist = twist, Mangle = mangle };

    internal ResourceRecord DelegationSigner() => new(Apex, RecordType.DS, RecordClass.IN, 3600, Key.ToDs(Apex));

    internal ResourceRecord Sign(RecordSet set) => RecordSetSigner.Sign(set, Key, Apex, Validity);

    internal IReadOnlyList<ResourceRecord> Set(DomainName owner, RecordType type) => _sets.TryGetValue((owner, type), out var set) ? set : [];

    /// <summary>The reply to a query; made once for each question, so that serving costs little beside resolving.</summary>
    internal byte[] Reply(DnsMessage query, bool isTcp)
    {
        var octets = _replies.GetOrAdd((query.Questions[0], isTcp), _ => Make(query, isTcp)).ToArray();
        BinaryPrimitives.WriteUInt16BigEndian(octets, query.Id);

        // The question as it was spelt, for those who look at its case.
        query.Questions[0].Name.Wire.CopyTo(octets.AsSpan(12));
        return octets;
    }

    private byte[] Make(DnsMessage query, bool isTcp)
    {
        var question = query.Questions[0];
        var head = new DnsMessage
        {
            Id = query.Id,
            Questions = query.Questions,
            Flags = MessageFlags.Response | MessageFlags.AuthoritativeAnswer,
            Edns = query.Edns is null ? null : new Edns(1232, dnssecOk: true),
        };
        var reply = Twist?.Invoke(question, head) ?? Answer(question, head);
        var octets = reply.Write(isTcp ? DnsMessage.MaximumLength : 1232);
        return Mangle?.Invoke(octets) ?? octets;
    }

    internal DnsMessage Answer(Question question, DnsMessage reply)
    {
        var (name, type) = (question.Name, question.Type);
        for (var labels = Apex.LabelCount + 1; labels <= name.LabelCount; labels++)
        {
            var cut = name.Suffix(labels);
            if (!_sets.TryGetValue((cut, RecordType.NS), out var servers) || (labels == name.LabelCount && type == RecordType.DS)) continue;
            var security = _sets.TryGetValue((cut, RecordType.DS), out var ds) ? ds : Denials(cut);
            return reply with { Flags = MessageFlags.Response, Authorities = [.. servers, .. security], Additionals = [.. Glue(servers)] };
        }

        if (_sets.TryGetValue((name, type), out var set)) return reply with { Answers = [.. set] };
        if (_sets.TryGetValue((name, RecordType.CNAME), out var alias)) return reply with { Answers = [.. alias] };
        IEnumerable<ResourceRecord> denial = [.. Set(Apex, RecordType.SOA), .. Denials(name)];
        return reply with { ResponseCode = _names.Contains(name) ? ResponseCode.NoError : ResponseCode.NameError, Authorities = [.. denial] };
    }

    /// <summary>NSEC at and before the name and at the apex, where the wildcard would be; of NSEC3 all there are.</summary>
    internal List<ResourceRecord> Denials(DomainName name)
    {
        if (_denials.Count == 0) return [];
        if (_sets.ContainsKey((_denials[0], RecordType.NSEC3))) return [.. _denials.SelectMany(owner => _sets[(owner, RecordType.NSEC3)])];
        var at = _denials.BinarySearch(name);
        var owner = _denials[at >= 0 ? at : Math.Max(0, ~at - 1)];
        return owner.Equals(Apex) ? [.. _sets[(Apex, RecordType.NSEC)]] : [.. _sets[(owner, RecordType.NSEC)], .. _sets[(Apex, RecordType.NSEC)]];
    }

    private IEnumerable<ResourceRecord> Glue(List<ResourceRecord> servers) =>
        servers.Where(record => record.Type == RecordType.NS && NameData.TryRead(record.Data, out _))
            .SelectMany(record => NameData.TryRead(record.Data, out var data) ? Set(data.Name, RecordType.A).Where(address => address.Type == RecordType.A) : []);
}
