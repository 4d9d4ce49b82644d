using System.Reflection;
using Danelaw.Dns.Messages;
using Peer = ARSoft.Tools.Net.Dns;

namespace Danelaw.Benchmarks;

/// <summary>Signed responses of BIND from <c>tests/Corpora/messages</c>. Both sides decode every RDATA and read a field of each.</summary>
internal static class MessageRows
{
    private const int Repetitions = 100_000;

    internal static IEnumerable<Row> All
    {
        get
        {
            var mx = Response("+dnssec example MX");
            var denial = Response("+dnssec no.hashed.example A");
            var tlsa = Response("+dnssec _25._tcp.mail.example TLSA");
            var (writeMx, peerWriteMx) = Writers(mx);
            var (writeDenial, peerWriteDenial) = Writers(denial);
            yield return new("response", $"read and write a signed MX response ({mx.Length} octets)", Repetitions, () => Read(mx) + writeMx(), () => PeerRead(mx) + peerWriteMx());
            yield return new("read-mx", "read it", Repetitions, () => Read(mx), () => PeerRead(mx));
            yield return new("write-mx", "write it", Repetitions, writeMx, peerWriteMx);
            yield return new("read-tlsa", $"read a signed TLSA response ({tlsa.Length} octets)", Repetitions, () => Read(tlsa), () => PeerRead(tlsa));
            yield return new("read-denial", $"read a signed NXDOMAIN with NSEC3 ({denial.Length} octets)", Repetitions, () => Read(denial), () => PeerRead(denial));
            yield return new("write-denial", "write it", Repetitions, writeDenial, peerWriteDenial);
            yield return new("walk-mx", "walk over the MX response without decoding", Repetitions, () => Walk(mx), null);
        }
    }

    private static (Func<long> Ours, Func<long> Theirs) Writers(byte[] response)
    {
        DnsMessage.TryRead(response, out var message, out _);
        var buffer = new byte[DnsMessage.MaximumLength];
        var peer = Peer.DnsMessage.Parse(response);

        // The peer's writer is not public.
        var encode = typeof(Peer.DnsMessageBase).GetMethod("Encode", BindingFlags.Instance | BindingFlags.NonPublic, [])!.CreateDelegate<Func<Peer.DnsMessageBase, object>>();
        return (() => message!.WriteTo(buffer), () => encode(peer) is null ? 0 : 1);
    }

    private static long Read(byte[] response)
    {
        if (!DnsMessage.TryRead(response, out var message, out _)) return 0;
        long sum = 0;
        foreach (var record in message.Answers) sum += Fields.Of(record);
        foreach (var record in message.Authorities) sum += Fields.Of(record);
        foreach (var record in message.Additionals) sum += Fields.Of(record);
        return sum;
    }

    private static long PeerRead(byte[] response)
    {
        var message = Peer.DnsMessage.Parse(response);
        long sum = 0;
        foreach (var record in message.AnswerRecords) sum += Fields.Of(record);
        foreach (var record in message.AuthorityRecords) sum += Fields.Of(record);
        foreach (var record in message.AdditionalRecords) sum += Fields.Of(record);
        return sum;
    }

    private static long Walk(byte[] response)
    {
        var walker = new MessageWalker(response);
        long sum = 0;
        while (walker.MoveNext()) sum += walker.Current.DataLength;
        return sum;
    }

    private static byte[] Response(string name)
    {
        var lines = File.ReadLines(Corpus()).SkipWhile(line => line != $"[{name}]");
        return Convert.FromHexString(lines.First(line => line.StartsWith("< ", StringComparison.Ordinal))[2..]);
    }

    private static string Corpus()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
            if (File.Exists(Path.Combine(folder, "Danelaw.slnx"))) return Path.Combine(folder, "tests", "Corpora", "messages", "bind-9.18.txt");
        throw new FileNotFoundException("Danelaw.slnx stands in no folder above the benchmarks");
    }
}
