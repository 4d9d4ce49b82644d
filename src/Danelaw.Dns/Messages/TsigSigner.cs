using System.Buffers.Binary;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Dns.Messages;

/// <summary>Signs a query, or the response to one, or the messages of a response that come one after another over TCP (RFC 8945 §5.1, §5.3). Not for several threads at once.</summary>
public sealed class TsigSigner
{
    /// <summary>By how many seconds clocks may differ, as RFC 8945 §10 recommends.</summary>
    public const ushort DefaultFudge = 300;

    private readonly TsigKey _key;
    private readonly Octets _requestMac;
    private readonly ushort _fudge;
    private bool _hasBegun;

    /// <summary>Begins.</summary>
    /// <param name="key">The key.</param>
    /// <param name="requestMac">For a response the code of the request that it answers; empty for a request.</param>
    /// <param name="fudge">By how many seconds clocks may differ; default 300.</param>
    public TsigSigner(TsigKey key, Octets requestMac = default, ushort fudge = DefaultFudge)
    {
        ArgumentNullException.ThrowIfNull(key);
        _key = key;
        _requestMac = requestMac;
        _fudge = fudge;
    }

    /// <summary>The code of the message that was signed last; empty before. Whoever verifies the response to it needs it.</summary>
    public Octets LastMac { get; private set; }

    /// <summary>Adds a TSIG record. Every further message is signed as the next one of the same response (RFC 8945 §5.3.1).</summary>
    /// <param name="message">A whole message without TSIG.</param>
    /// <param name="now">The time.</param>
    /// <returns>The message with the record.</returns>
    /// <exception cref="ArgumentException">It is no message, has a TSIG record already, or would have more than 65535 octets.</exception>
    public byte[] Sign(ReadOnlySpan<byte> message, DateTimeOffset now)
    {
        var record = NewRecord(message, TsigAlgorithms.ToName(_key.Algorithm), TimeOf(now), _fudge, ResponseCode.NoError, default);
        using var mac = _key.StartMac();
        if (_hasBegun) mac.AppendMac(LastMac.Span);
        else if (!_requestMac.IsEmpty) mac.AppendMac(_requestMac.Span);
        mac.AppendMessage(message, record.OriginalId, Additionals(message));
        if (_hasBegun) mac.AppendTimers(record);
        else mac.AppendVariables(_key.Name, record);
        _hasBegun = true;
        return Finish(message, mac, record);
    }

    /// <summary>Adds the TSIG record by which a server refuses a request (RFC 8945 §5.2): without a code for BADKEY and BADSIG, signed for BADTIME and BADTRUNC.</summary>
    /// <param name="response">The response without TSIG; its response code should be <see cref="ResponseCode.NotAuthoritative"/>.</param>
    /// <param name="refusal">What <see cref="TsigVerifier.Verify"/> said of the request.</param>
    /// <param name="now">The time.</param>
    /// <returns>The response with the record.</returns>
    /// <exception cref="ArgumentException">The verdict is none of these four, or the response is no message, has a TSIG record already, or would have more than 65535 octets.</exception>
    public static byte[] Refuse(ReadOnlySpan<byte> response, TsigVerdict refusal, DateTimeOffset now)
    {
        if (refusal.Record is not { } request) throw new ArgumentException("the request bore no TSIG record", nameof(refusal));
        switch (refusal.Outcome)
        {
            case TsigOutcome.BadKey:
                return Append(response, refusal.KeyName, NewRecord(response, request.Algorithm, request.TimeSigned, request.Fudge, ResponseCode.BadKey, default));
            case TsigOutcome.BadSignature:
                return Append(response, refusal.KeyName, NewRecord(response, request.Algorithm, request.TimeSigned, request.Fudge, ResponseCode.BadVersion, default));
            case TsigOutcome.BadTime when refusal.Key is { } key:
                // RFC 8945 §5.2.3: the client's time comes back, the server's stands beside it.
                var time = new byte[6];
                TsigData.WriteUInt48(time, TimeOf(now));
                return new TsigSigner(key, request.Mac, request.Fudge).SignRefusal(response, request.TimeSigned, ResponseCode.BadTime, new(time));
            case TsigOutcome.BadTruncation when refusal.Key is { } key:
                return new TsigSigner(key, request.Mac, request.Fudge).SignRefusal(response, TimeOf(now), ResponseCode.BadTruncation, default);
            default:
                throw new ArgumentException($"{refusal.Outcome} is not refused by a TSIG record", nameof(refusal));
        }
    }

    private byte[] SignRefusal(ReadOnlySpan<byte> response, ulong timeSigned, ResponseCode error, Octets other)
    {
        var record = NewRecord(response, TsigAlgorithms.ToName(_key.Algorithm), timeSigned, _fudge, error, other);
        using var mac = _key.StartMac();
        mac.AppendMac(_requestMac.Span);
        mac.AppendMessage(response, record.OriginalId, Additionals(response));
        mac.AppendVariables(_key.Name, record);
        return Finish(response, mac, record);
    }

    private byte[] Finish(ReadOnlySpan<byte> message, TsigMac mac, TsigData record)
    {
        LastMac = new Octets(mac.Finish()).Slice(0, _key.MacLength);
        return Append(message, _key.Name, record with { Mac = LastMac });
    }

    private static TsigData NewRecord(ReadOnlySpan<byte> message, DomainName algorithm, ulong timeSigned, ushort fudge, ResponseCode error, Octets other)
    {
        var walker = new MessageWalker(message);
        while (walker.MoveNext())
            if (walker.Current.Type == RecordType.TSIG) throw new ArgumentException("the message has a TSIG record already", nameof(message));
        if (!walker.IsComplete) throw new ArgumentException($"no message: {walker.Fault}", nameof(message));
        return new(algorithm, timeSigned, fudge, default, walker.Id, error, other);
    }

    private static byte[] Append(ReadOnlySpan<byte> message, DomainName key, TsigData record)
    {
        var data = record.ToOctets();
        var length = message.Length + key.Length + 10 + data.Length;
        if (length > DnsMessage.MaximumLength) throw new ArgumentException("the message leaves no room for a TSIG record", nameof(message));
        var signed = new byte[length];
        message.CopyTo(signed);
        BinaryPrimitives.WriteUInt16BigEndian(signed.AsSpan(10), (ushort)(Additionals(message) + 1));
        var rest = signed.AsSpan(message.Length);
        key.Wire.CopyTo(rest);
        rest = rest[key.Length..];
        BinaryPrimitives.WriteUInt16BigEndian(rest, (ushort)RecordType.TSIG);
        BinaryPrimitives.WriteUInt16BigEndian(rest[2..], (ushort)RecordClass.ANY);
        BinaryPrimitives.WriteUInt16BigEndian(rest[8..], (ushort)data.Length);
        data.Span.CopyTo(rest[10..]);
        return signed;
    }

    private static int Additionals(ReadOnlySpan<byte> message) => BinaryPrimitives.ReadUInt16BigEndian(message[10..]);

    private static ulong TimeOf(DateTimeOffset now) => (ulong)Math.Max(0, now.ToUnixTimeSeconds());
}
