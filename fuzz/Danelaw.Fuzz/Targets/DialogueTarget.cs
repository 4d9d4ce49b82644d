using System.Formats.Asn1;
using Danelaw.Dns.Names;
using Danelaw.Probes;
using Danelaw.Probes.Dialogues;

namespace Danelaw.Fuzz.Targets;

/// <summary>
/// What servers say before TLS. Input: one octet that is the protocol's number, then all that the server says, whatever is said to it.
/// It says that at once, and once more octet by octet.
/// </summary>
internal sealed class DialogueTarget : FuzzTarget
{
    private static readonly Service[] Services = [.. ServiceTable.All.Where(service => service.Before is not null).DistinctBy(service => service.StartTls)];

    // No clock: what does not come ends the stream.
    private static readonly TlsProberOptions Options = new()
    {
        StepTime = Timeout.InfiniteTimeSpan, LeaveTime = Timeout.InfiniteTimeSpan, MaximumLine = 512, MaximumOctets = 2048, MaximumLines = 20,
    };

    internal override string Name => "dialogue";

    internal override int MaximumLength => 4096;

    internal override void Run(byte[] input)
    {
        if (input.Length < 1) return;
        var service = Services.FirstOrDefault(service => (byte)service.Protocol == input[0]) ?? Services[input[0] % Services.Length];
        var octets = input[1..];
        var (whole, _) = Speak(service, octets, int.MaxValue);
        var (slow, given) = Speak(service, octets, 1);

        // What is injected behind a consent shows at once only when it comes along with it.
        FuzzFinding.Unless(whole.Outcome == slow.Outcome || (whole.Outcome == ProbeOutcome.PlainTextAfterStartTls && slow.IsReady), "a dialogue ends alike however its octets arrive");
        if (slow.IsReady) CheckConsent(service.Protocol, octets.AsMemory(0, given));
    }

    internal override IEnumerable<(string Name, byte[] Octets)> Seeds(string corpora)
    {
        foreach (var path in Directory.GetFiles(Path.Combine(corpora, "dialogues"), "*.txt").Order(StringComparer.Ordinal))
        {
            var protocol = ServiceProtocol.Smtp;
            var octets = new List<byte>();
            foreach (var line in File.ReadLines(path))
            {
                if (line.StartsWith("@ ", StringComparison.Ordinal)) protocol = Enum.Parse<ServiceProtocol>(line[2..]);
                else if (line.StartsWith("S: ", StringComparison.Ordinal) || line.StartsWith("S< ", StringComparison.Ordinal)) octets.AddRange(ScriptOctets.Of(line));
            }

            yield return (Path.GetFileNameWithoutExtension(path), [(byte)protocol, .. octets]);
        }
    }

    internal override IEnumerable<byte[]> Tokens => [[0x30, 0x84], [0x78], [0x8a], "1.3.6.1.4.1.1466.20036"u8.ToArray(), "STARTTLS"u8.ToArray(), "250-"u8.ToArray(), "\r\n"u8.ToArray(), "a1 OK"u8.ToArray(), [0xff, 0x10, 0x04]];

    private static (DialogueEnd End, int Given) Speak(Service service, byte[] octets, int piece)
    {
        var endPoint = new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 25);
        var dialogue = service.Before!(new(new(endPoint, endPoint, service.Protocol, DomainName.Root), "probe.example", null));
        using var stream = new PiecesStream(octets, piece);
        using var channel = new LineChannel(stream, Options, TimeProvider.System, CancellationToken.None);
        var opening = dialogue.OpenAsync(channel).AsTask();
        FuzzFinding.Unless(opening.IsCompleted, "nothing is waited for but the server's octets");
        var end = opening.GetAwaiter().GetResult();
        FuzzFinding.Unless(end.Outcome is not (ProbeOutcome.None or ProbeOutcome.Refused or ProbeOutcome.TimedOut or ProbeOutcome.HandshakeFailed or ProbeOutcome.HandshakeInterrupted or ProbeOutcome.AlgorithmNotOffered or ProbeOutcome.AlgorithmNotAsked), "a dialogue ends as one can");
        FuzzFinding.Unless(end.Detail.Length <= 400, "quotations are short");
        FuzzFinding.Unless(!end.IsReady || channel.Unread.IsEmpty, "TLS begins when nothing in plain is left");
        FuzzFinding.Unless(stream.Given <= Options.MaximumOctets + 4096, "a server is heard up to the limit");
        FuzzFinding.Unless(channel.Transcript.All(line => line.Length <= 204), "transcripts are short");
        return (end, stream.Given);
    }

    /// <summary>TLS begins only where another reader sees the consent, in protocols of octets that have one.</summary>
    private static void CheckConsent(ServiceProtocol protocol, ReadOnlyMemory<byte> given)
    {
        switch (protocol)
        {
            case ServiceProtocol.Postgres:
                FuzzFinding.Unless(given.Span.SequenceEqual("S"u8), "PostgreSQL consents by S");
                break;
            case ServiceProtocol.Mysql:
                var text = given.Span[5..];
                FuzzFinding.Unless(given.Span[4] == 10 && given.Span[3] == 0 && (given.Span[2] << 16 | given.Span[1] << 8 | given.Span[0]) == given.Length - 4, "a greeting is one packet of protocol 10");
                FuzzFinding.Unless((text[(text.IndexOf((byte)0) + 1 + 13 + 1)..][0] & 0x08) != 0, "a greeting lists SSL");
                break;
            case ServiceProtocol.Ldap:
                FuzzFinding.Unless(LastResult(given) == (1, 0), "LDAP consents by a success in answer to message 1");
                break;
        }
    }

    private static (int MessageId, int Result) LastResult(ReadOnlyMemory<byte> given)
    {
        try
        {
            var messages = new AsnReader(given, AsnEncodingRules.BER);
            var (messageId, result) = (-1, -1);
            while (messages.HasData)
            {
                var message = messages.ReadSequence();
                if (!message.TryReadInt32(out messageId)) return (-1, -1);
                var response = message.ReadSequence(new Asn1Tag(TagClass.Application, 24));
                result = response.ReadEnumeratedBytes().Span is [var code] ? code : -1;
            }

            return (messageId, result);
        }
        catch (AsnContentException)
        {
            return (-1, -1);
        }
    }

    /// <summary>Hands octets out in pieces, and takes whatever is said.</summary>
    private sealed class PiecesStream(byte[] octets, int piece) : MemoryStream(octets, writable: false)
    {
        internal int Given => (int)Position;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(Read(buffer.Span[..Math.Min(piece, buffer.Length)]));

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
    }
}
