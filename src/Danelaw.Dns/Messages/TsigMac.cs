using System.Buffers.Binary;
using System.Security.Cryptography;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;

namespace Danelaw.Dns.Messages;

/// <summary>A message authentication code in the making (RFC 8945 §4.3).</summary>
internal sealed class TsigMac : IDisposable
{
    private readonly IncrementalHash? _hash;
    private readonly HmacSha224? _sha224;
    private readonly int _length;

    internal TsigMac(TsigAlgorithm algorithm, byte[] secret)
    {
        _length = TsigAlgorithms.MacLength(algorithm);
        switch (algorithm)
        {
#pragma warning disable CA5350 // RFC 8945 §6: HMAC-SHA-1 is not recommended but still met; it authenticates, it hides nothing.
            case TsigAlgorithm.HmacSha1: _hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA1, secret); break;
#pragma warning restore CA5350
            case TsigAlgorithm.HmacSha224: _sha224 = new(secret); break;
            case TsigAlgorithm.HmacSha256: _hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret); break;
            case TsigAlgorithm.HmacSha384: _hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA384, secret); break;
            case TsigAlgorithm.HmacSha512: _hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA512, secret); break;
        }
    }

    internal void Append(ReadOnlySpan<byte> octets)
    {
        _hash?.AppendData(octets);
        _sha224?.Append(octets);
    }

    /// <summary>An earlier code with its length before it (RFC 8945 §4.3.1, §5.3.1).</summary>
    internal void AppendMac(ReadOnlySpan<byte> mac)
    {
        Span<byte> length = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)mac.Length);
        Append(length);
        Append(mac);
    }

    /// <summary>A message as it was before the TSIG record came (RFC 8945 §4.3.2): its id restored and the record not counted.</summary>
    internal void AppendMessage(ReadOnlySpan<byte> message, ushort originalId, int additionals)
    {
        Span<byte> header = stackalloc byte[MessageHeader.Length];
        message[..MessageHeader.Length].CopyTo(header);
        BinaryPrimitives.WriteUInt16BigEndian(header, originalId);
        BinaryPrimitives.WriteUInt16BigEndian(header[10..], (ushort)additionals);
        Append(header);
        Append(message[MessageHeader.Length..]);
    }

    /// <summary>The TSIG variables (RFC 8945 §4.3.3): names in canonical form.</summary>
    internal void AppendVariables(DomainName key, in TsigData record)
    {
        Span<byte> numbers = stackalloc byte[8];
        Append(key.ToCanonical().Wire);
        BinaryPrimitives.WriteUInt16BigEndian(numbers, (ushort)RecordClass.ANY);
        BinaryPrimitives.WriteUInt32BigEndian(numbers[2..], 0);
        Append(numbers[..6]);
        Append(record.Algorithm.ToCanonical().Wire);
        AppendTimers(record);
        BinaryPrimitives.WriteUInt16BigEndian(numbers, (ushort)record.Error);
        BinaryPrimitives.WriteUInt16BigEndian(numbers[2..], (ushort)record.Other.Length);
        Append(numbers[..4]);
        Append(record.Other.Span);
    }

    /// <summary>The TSIG timers (RFC 8945 §5.3.1).</summary>
    internal void AppendTimers(in TsigData record)
    {
        Span<byte> timers = stackalloc byte[8];
        record.WriteTimers(timers);
        Append(timers);
    }

    internal byte[] Finish()
    {
        var mac = new byte[_length];
        _hash?.GetHashAndReset(mac);
        _sha224?.Finish(mac);
        return mac;
    }

    public void Dispose() => _hash?.Dispose();
}
