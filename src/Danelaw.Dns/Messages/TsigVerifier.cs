using System.Security.Cryptography;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Dns.Messages;

/// <summary>Verifies a request, or the response to one, or the messages of a response that come one after another over TCP (RFC 8945 §5.2 to §5.4). Not for several threads at once.</summary>
public sealed class TsigVerifier : IDisposable
{
    /// <summary>How many messages in a row may go unsigned within a response (RFC 8945 §5.3.1).</summary>
    private const int UnsignedInARow = 99;

    private readonly TsigKey[] _keys;
    private readonly Octets _requestMac;
    private TsigMac? _running;
    private TsigKey? _runningKey;
    private int _unsigned;
    private bool _hasFailed;

    /// <summary>Begins with a request of somebody else, who may use any of some keys.</summary>
    /// <param name="keys">The keys, each with a name of its own.</param>
    public TsigVerifier(params ReadOnlySpan<TsigKey> keys) => _keys = keys.ToArray();

    /// <summary>Begins with the response to a request of ours.</summary>
    /// <param name="key">The key that the request was signed with.</param>
    /// <param name="requestMac">The request's code: <see cref="TsigSigner.LastMac"/>.</param>
    public TsigVerifier(TsigKey key, Octets requestMac)
    {
        ArgumentNullException.ThrowIfNull(key);
        _keys = [key];
        _requestMac = requestMac;
    }

    /// <summary>Whether the last message was signed and verified: only then is a response of several messages complete.</summary>
    public bool IsSettled => _running is not null && _unsigned == 0 && !_hasFailed;

    /// <summary>Judges a message. Every further one is judged as the next of the same response; after one that is bad, all are.</summary>
    /// <param name="message">The whole message.</param>
    /// <param name="now">The time.</param>
    public TsigVerdict Verify(ReadOnlySpan<byte> message, DateTimeOffset now)
    {
        var verdict = _hasFailed ? new(TsigOutcome.BadSignature, default, null, null) : Judge(message, now);
        _hasFailed |= verdict.Outcome is not (TsigOutcome.Verified or TsigOutcome.Pending);
        return verdict;
    }

    /// <summary>Gives up the code in the making.</summary>
    public void Dispose() => _running?.Dispose();

    private TsigVerdict Judge(ReadOnlySpan<byte> message, DateTimeOffset now)
    {
        if (!TryFind(message, out var place, out var additionals)) return new(TsigOutcome.BadForm, default, null, null);
        if (place is not { } at) return JudgeUnsigned(message, additionals);
        if (!TryRead(message, at, out var name, out var record)) return new(TsigOutcome.BadForm, name, null, null);

        // RFC 8945 §5.2.1: the key and its algorithm; within a response the key does not change.
        var key = Array.Find(_keys, candidate => candidate.Name == name && TsigAlgorithms.ToName(candidate.Algorithm) == record.Algorithm);
        if (key is null || (_runningKey is not null && _runningKey != key)) return new(TsigOutcome.BadKey, name, null, record);

        // RFC 8945 §5.2: refusals for these two reasons bear no code.
        if (record.Mac.IsEmpty && record.Error is ResponseCode.BadKey or ResponseCode.BadVersion) return new(TsigOutcome.Refused, name, key, record);

        // RFC 8945 §5.2.2.1: never longer than the full code, never shorter than half of it or 10 octets.
        if (record.Mac.Length > TsigAlgorithms.MacLength(key.Algorithm) || record.Mac.Length < TsigAlgorithms.ShortestMac(key.Algorithm)) return new(TsigOutcome.BadForm, name, key, record);

        using var mac = _running ?? key.StartMac();
        if (_running is null && !_requestMac.IsEmpty) mac.AppendMac(_requestMac.Span);
        mac.AppendMessage(message[..at.OwnerOffset], record.OriginalId, additionals - 1);
        if (_running is null) mac.AppendVariables(name, record);
        else mac.AppendTimers(record);
        _running = null;
        if (!CryptographicOperations.FixedTimeEquals(mac.Finish().AsSpan(0, record.Mac.Length), record.Mac.Span)) return new(TsigOutcome.BadSignature, name, key, record);

        var outcome = JudgeVerified(key, record, now);
        if (outcome == TsigOutcome.Verified) StartNext(key, record.Mac);
        return new(outcome, name, key, record);
    }

    private static TsigOutcome JudgeVerified(TsigKey key, in TsigData record, DateTimeOffset now)
    {
        if (record.Error != ResponseCode.NoError) return TsigOutcome.Refused;

        // RFC 8945 §5.2.3, §5.2.4: time before truncation.
        if (Math.Abs(now.ToUnixTimeSeconds() - (long)record.TimeSigned) > record.Fudge) return TsigOutcome.BadTime;
        return record.Mac.Length < key.MacLength ? TsigOutcome.BadTruncation : TsigOutcome.Verified;
    }

    private TsigVerdict JudgeUnsigned(ReadOnlySpan<byte> message, int additionals)
    {
        // RFC 8945 §5.3.1: the first message is signed, and at least every hundredth.
        if (_running is null || ++_unsigned > UnsignedInARow) return default;
        _running.AppendMessage(message, new MessageWalker(message).Id, additionals);
        return new(TsigOutcome.Pending, default, _runningKey, null);
    }

    /// <summary>The next code covers this one, then every message up to the next TSIG record (RFC 8945 §5.3.1).</summary>
    private void StartNext(TsigKey key, Octets mac)
    {
        _runningKey = key;
        _running = key.StartMac();
        _running.AppendMac(mac.Span);
        _unsigned = 0;
    }

    /// <summary>Finds the TSIG record, which is the last one if there is any (RFC 8945 §5.1).</summary>
    /// <returns>False when the octets are no message, or the record stands elsewhere.</returns>
    private static bool TryFind(ReadOnlySpan<byte> message, out WalkedRecord? place, out int additionals)
    {
        place = null;
        var walker = new MessageWalker(message);
        additionals = walker.Count(MessageSection.Additional);
        while (walker.MoveNext())
        {
            if (place is not null) return false;
            if (walker.Current.Type != RecordType.TSIG || walker.Current.Section == MessageSection.Question) continue;
            if (walker.Current.Section != MessageSection.Additional) return false;
            place = walker.Current;
        }

        return walker.IsComplete;
    }

    private static bool TryRead(ReadOnlySpan<byte> message, WalkedRecord place, out DomainName name, out TsigData record)
    {
        var reader = new WireReader(message);
        reader.TrySkip(place.OwnerOffset);
        reader.TryReadName(out var owner);
        var wire = new byte[owner.Length];
        reader.CopyName(owner, wire);
        record = default;

        // RFC 8945 §4.2: class ANY, TTL 0.
        return DomainName.TryFromWire(wire, out name)
            && place is { Class: RecordClass.ANY, TimeToLive: 0 }
            && TsigData.TryRead(Octets.Copy(message.Slice(place.DataOffset, place.DataLength)), out record);
    }
}
