using System.Text;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Zones;

namespace Danelaw.Fuzz.Targets;

/// <summary>
/// Messages: what is read and written again reads the same, in full and cut to 512 octets; the walker sees what the reader sees; each record's RDATA keeps its octets
/// through its text, and its canonical form is one. Input: the message.
/// </summary>
internal sealed class MessageTarget : FuzzTarget
{
    private const int ShortReply = 512;
    private const int TextsAMessage = 16;
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1795657494);
    private static readonly TsigKey[] Keys = [Key("k-sha256.", TsigAlgorithm.HmacSha256, "secret of sha256 "), Key("k-sha1.", TsigAlgorithm.HmacSha1, "secret of sha1 ")];

    internal override string Name => "message";

    /// <summary>Short enough that all of it, decompressed, still fits into one message.</summary>
    internal override int MaximumLength => 2048;

    internal override void Run(byte[] input)
    {
        var isRead = DnsMessage.TryRead(input, out var message, out var fault);
        FuzzFinding.Unless(isRead == (fault.Kind == MessageFaultKind.None) && isRead == message is not null, "a message is refused exactly when there is a fault");
        FuzzFinding.Unless(isRead || (fault.Offset >= 0 && fault.Offset <= input.Length), "a fault lies within the message");
        CheckWalk(input, message);
        CheckCode(input);
        if (message is null) return;

        var written = message.Write();
        CheckSame(message, Reread(written));
        FuzzFinding.Unless(Reread(written).Write().AsSpan().SequenceEqual(written), "what was written is written so again");
        if (written.Length > ShortReply) CheckShort(message);
        var texts = 0;
        foreach (var record in message.Answers.Concat(message.Authorities).Concat(message.Additionals))
            if (texts++ < TextsAMessage) CheckRecord(record);
        CheckSets(message);
    }

    internal override IEnumerable<byte[]> Tokens =>
    [
        .. Enumerable.Range(1, 270).Concat([32768, 32769]).Where(number => !RecordTypes.ToText((RecordType)number).StartsWith("TYPE", StringComparison.Ordinal)).Select(number => new[] { (byte)(number >> 8), (byte)(number & 255), (byte)0, (byte)1 }),
        [0xC0, 0x0C], [0, 0, 0x29, 0x04, 0xD0, 0, 0, 0x80, 0, 0, 0],
    ];

    internal override IEnumerable<(string Name, byte[] Octets)> Seeds(string corpora)
    {
        foreach (var (folder, label) in new[] { ("messages", "bind"), ("tsig", "tsig") })
        {
            var count = 0;
            foreach (var line in File.ReadLines(Path.Combine(corpora, folder, "bind-9.18.txt")))
                if (line.StartsWith("< ", StringComparison.Ordinal) || line.StartsWith("> ", StringComparison.Ordinal))
                    yield return ($"{label}-{count++:d3}", Convert.FromHexString(line[2..]));
        }

        // Each type's RDATA, a few records a message.
        var rows = File.ReadLines(Path.Combine(corpora, "rdata", "named-rrchecker.tsv")).Select(line => line.Split('\t')).Where(row => row.Length == 3).ToList();
        for (var i = 0; i < rows.Count; i += 4) yield return ($"types-{i:d3}", Of(rows.Skip(i).Take(4)));
    }

    private static byte[] Of(IEnumerable<string[]> rows) => new DnsMessage
    {
        Flags = MessageFlags.Response,
        Questions = [new(DomainName.Parse("a.example"), RecordType.ANY)],
        Answers = [.. rows.Where(row => RecordTypes.TryParse(row[0], out _)).Select(row => new ResourceRecord(DomainName.Parse("a.example"), Type(row[0]), RecordClass.IN, 3600, new(Convert.FromHexString(row[2]))))],
    }.Write();

    private static RecordType Type(string text) => RecordTypes.TryParse(text, out var type) ? type : RecordType.None;

    private static DnsMessage Reread(byte[] wire)
    {
        var isRead = DnsMessage.TryRead(wire, out var message, out var fault);
        FuzzFinding.Unless(isRead, $"what was written is read: {fault}");
        return message!;
    }

    private static void CheckSame(DnsMessage message, DnsMessage again)
    {
        FuzzFinding.Unless(again.Equals(message) && again.GetHashCode() == message.GetHashCode(), "what is read and written reads the same");
        foreach (var (one, other) in message.Answers.Zip(again.Answers).Concat(message.Authorities.Zip(again.Authorities)).Concat(message.Additionals.Zip(again.Additionals)))
            FuzzFinding.Unless(one.Owner.EqualsExactly(other.Owner), "names keep their case");
        foreach (var (one, other) in message.Questions.Zip(again.Questions)) FuzzFinding.Unless(one.Name.EqualsExactly(other.Name), "a question keeps its case");
    }

    private static void CheckShort(DnsMessage message)
    {
        var room = new byte[ShortReply];
        int length;
        try
        {
            length = message.WriteTo(room);
        }
        catch (InvalidOperationException)
        {
            // Questions, OPT and TSIG alone are allowed not to fit.
            return;
        }

        var cut = Reread(room[..length]);
        FuzzFinding.Unless(cut.Answers.AsSpan().SequenceEqual(message.Answers.AsSpan()[..cut.Answers.Length]), "a short message has the first answers");
        FuzzFinding.Unless(cut.Authorities.AsSpan().SequenceEqual(message.Authorities.AsSpan()[..cut.Authorities.Length]), "a short message has the first authorities");
        var isCut = cut.Answers.Length < message.Answers.Length || cut.Authorities.Length < message.Authorities.Length;
        FuzzFinding.Unless(!isCut || (cut.Flags & MessageFlags.Truncated) != 0, "TC says that something is missing (RFC 2181 §9)");
        FuzzFinding.Unless(message.Edns is null == cut.Edns is null, "OPT stays (RFC 6891 §7)");
        FuzzFinding.Unless(message.Write(ShortReply).AsSpan().SequenceEqual(room.AsSpan(0, length)), "both ways of writing write the same");
    }

    private static void CheckWalk(byte[] input, DnsMessage? message)
    {
        var walker = new MessageWalker(input);
        var seen = 0;
        while (walker.MoveNext())
        {
            seen++;
            FuzzFinding.Unless(seen <= input.Length, "a walk ends");
        }

        FuzzFinding.Unless(walker.IsComplete == (walker.Fault.Kind == MessageFaultKind.None), "a walk ends at the end or at a fault");
        if (message is null) return;
        var records = message.Questions.Length + message.Answers.Length + message.Authorities.Length + message.Additionals.Length + (message.Edns is null ? 0 : 1);
        FuzzFinding.Unless(walker.IsComplete && seen == records, "the walker sees what the reader sees");
    }

    private static void CheckCode(byte[] input)
    {
        using var verifier = new TsigVerifier(Keys);
        var verdict = verifier.Verify(input, Now);
        FuzzFinding.Unless(verdict.Outcome != TsigOutcome.Verified || verdict.Key is not null, "only a key verifies");
    }

    private static void CheckRecord(in ResourceRecord record)
    {
        var text = RecordText.Format(record.Type, record.Data);
        var isParsed = RecordText.TryParse(record.Type, text, DomainName.Root, out var data, out var fault);
        FuzzFinding.Unless(isParsed && data == record.Data, $"text reads back to the same octets: {RecordTypes.ToText(record.Type)} {text}: {fault}");

        var canonical = RecordData.ToCanonical(record.Type, record.Data);
        FuzzFinding.Unless(canonical.Length == record.Data.Length && RecordData.ToCanonical(record.Type, canonical) == canonical, "canonical form is made once");
        FuzzFinding.Unless(RecordData.IsWellFormed(record.Type, canonical.Span) == RecordData.IsWellFormed(record.Type, record.Data.Span), "canonical form changes no field");
        TypedViews.Check(record.Type, record.Data);
    }

    private static void CheckSets(DnsMessage message)
    {
        var sets = RecordSets.Group(message.Answers.AsSpan());
        FuzzFinding.Unless(sets.Length <= message.Answers.Length, "there are no more sets than records");
        foreach (var set in sets)
        {
            var canonical = RecordData.ToCanonicalOrder(set.Records.Type, set.Records.Data.AsSpan());
            for (var i = 1; i < canonical.Length; i++)
                FuzzFinding.Unless(RecordData.CompareCanonical(canonical[i - 1], canonical[i]) < 0, "canonical order rises (RFC 4034 §6.3)");
        }
    }

    private static TsigKey Key(string name, TsigAlgorithm algorithm, string part) =>
        new(DomainName.Parse(name), algorithm, Encoding.ASCII.GetBytes(part + part + part));
}
