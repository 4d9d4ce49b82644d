using System.Buffers.Binary;
using Danelaw.Dns;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dnssec.Keys;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Dnssec.Signing;

/// <summary>Makes the signatures of RRsets, or keeps those that are still good. Has buffers of its own: one for each thread.</summary>
/// <param name="zone">The apex: the signer's name.</param>
/// <param name="keys">Which key signs what; null when only single signatures are made.</param>
/// <param name="reuse">Which old signatures may be kept; null for none.</param>
internal sealed class SignatureMaker(DomainName zone, ZoneKeys? keys, SignatureReuse? reuse)
{
    private readonly DomainName _signer = zone.ToCanonical();
    private readonly Dictionary<SigningKey, VerificationKey?> _verifiers = [];
    private byte[] _octets = new byte[1024];

    /// <summary>How many signatures were made.</summary>
    internal long Made { get; private set; }

    /// <summary>How many that the zone brought were kept.</summary>
    internal long Kept { get; private set; }

    /// <summary>Adds the signatures that belong to a set.</summary>
    internal void Sign(in SetTask task, List<ResourceRecord> signatures)
    {
        foreach (var key in keys!.For(task.Set.Type))
        {
            var data = reuse is null ? null : Find(task, key);
            if (data is null) Made++;
            else Kept++;
            signatures.Add(new(task.Set.Owner, RecordType.RRSIG, task.Set.Class, task.Set.TimeToLive, data ?? Make(task.Set, key, task.Validity)));
        }
    }

    /// <summary>RDATA of a new signature.</summary>
    internal Octets Make(RecordSet set, SigningKey key, SignatureValidity validity)
    {
        var fields = Fields(set, key, validity);
        var prefix = fields.SignedPrefixLength;
        var signed = SignedOctets(fields, set);
        var data = new byte[prefix + key.SignatureLength];
        signed[..prefix].CopyTo(data);
        key.SignInto(signed, data.AsSpan(prefix));
        return new Octets(data);
    }

    private RrsigData Fields(RecordSet set, SigningKey key, SignatureValidity validity) => new(
        set.Type,
        (byte)key.Algorithm,
        LabelsOf(set.Owner),
        set.TimeToLive,
        validity.ExpirationSeconds,
        validity.InceptionSeconds,
        key.KeyTag,
        _signer,
        default);

    // RFC 4034 §3.1.3: neither the root label nor the asterisk of a wildcard is counted.
    private static byte LabelsOf(DomainName owner) => (byte)(owner.LabelCount - (owner.IsWildcard ? 1 : 0));

    /// <summary>A signature that the zone brings and that a new one would not be better than.</summary>
    private Octets? Find(in SetTask task, SigningKey key)
    {
        foreach (var data in task.Signatures)
            if (IsFit(task.Set, key, data)) return data;
        return null;
    }

    private bool IsFit(RecordSet set, SigningKey key, Octets data)
    {
        if (!RrsigData.TryRead(data, out var old) || old.TypeCovered != set.Type || old.KeyTag != key.KeyTag || old.Algorithm != (byte)key.Algorithm) return false;
        if (old.Labels != LabelsOf(set.Owner) || old.OriginalTtl != set.TimeToLive || old.SignerName != _signer || old.Signature.Length != key.SignatureLength) return false;

        // In force now, and for long enough.
        var now = SerialTime.From(reuse!.Now);
        var left = now.SecondsTo(new SerialTime(old.Expiration));
        if (now.SecondsTo(new SerialTime(old.Inception)) > 0 || left <= 0 || left < reuse.Refresh.TotalSeconds) return false;

        // The records may have changed since: only the cryptography tells.
        if (!_verifiers.TryGetValue(key, out var verifier))
        {
            VerificationKey.TryImport(key.Algorithm, key.PublicKey.Span, out verifier);
            _verifiers.Add(key, verifier);
        }

        return verifier is not null && verifier.Verify(SignedOctets(old, set), old.Signature.Span);
    }

    /// <summary>RFC 4034 §3.1.8.1: RRSIG_RDATA | RR(1) | RR(2) …, each RR in canonical form, all in canonical order.</summary>
    internal ReadOnlySpan<byte> SignedOctets(in RrsigData fields, RecordSet set)
    {
        var canonical = set.Data.Length == 1 ? [RecordData.ToCanonical(set.Type, set.Data[0])] : RecordData.ToCanonicalOrder(set.Type, set.Data.AsSpan());
        var owner = set.Owner.Wire;
        var length = fields.SignedPrefixLength;
        foreach (var data in canonical) length += owner.Length + 10 + data.Length;
        if (_octets.Length < length) _octets = new byte[Math.Max(length, _octets.Length * 2)];

        fields.WriteSignedPrefix(_octets);
        var rest = _octets.AsSpan(fields.SignedPrefixLength);
        foreach (var data in canonical)
        {
            Lower(owner, rest);
            rest = rest[owner.Length..];
            BinaryPrimitives.WriteUInt16BigEndian(rest, (ushort)set.Type);
            BinaryPrimitives.WriteUInt16BigEndian(rest[2..], (ushort)set.Class);
            BinaryPrimitives.WriteUInt32BigEndian(rest[4..], fields.OriginalTtl);
            BinaryPrimitives.WriteUInt16BigEndian(rest[8..], (ushort)data.Length);
            data.Span.CopyTo(rest[10..]);
            rest = rest[(10 + data.Length)..];
        }

        return _octets.AsSpan(0, length);
    }

    // Length octets are below 64 and so never letters.
    private static void Lower(ReadOnlySpan<byte> wire, Span<byte> to)
    {
        for (var i = 0; i < wire.Length; i++) to[i] = wire[i] is >= (byte)'A' and <= (byte)'Z' ? (byte)(wire[i] | 0x20) : wire[i];
    }
}
