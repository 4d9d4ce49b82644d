using System.Buffers.Binary;
using System.Globalization;
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
    private readonly Dictionary<SetKey, VerificationKey?> _verifiers = new(ReferenceEqualityComparer.Instance);
    private readonly List<SetKey> _signers = [];
    private byte[] _octets = new byte[1024];

    /// <summary>How many signatures were made.</summary>
    internal long Made { get; private set; }

    /// <summary>How many that the zone brought were kept.</summary>
    internal long Kept { get; private set; }

    /// <summary>When the first of them ends.</summary>
    internal DateTimeOffset? FirstEnd { get; private set; }

    /// <summary>What an operator should know of signatures by keys that were not given.</summary>
    internal List<string> Notes { get; } = [];

    /// <summary>Adds the signatures that belong to a set.</summary>
    /// <exception cref="ZoneRefusedException">No key that the parent may name signs the set.</exception>
    internal void Sign(in SetTask task, List<ResourceRecord> signatures)
    {
        _signers.Clear();
        foreach (var key in keys!.For(task.Set))
        {
            var data = reuse is null ? null : Find(task, key);
            if (data is not null) Kept++;
            else if (key.Signer is null) continue;
            else Made++;
            _signers.Add(key);
            var made = data ?? Make(task.Set, key.Signer!, task.Validity);
            signatures.Add(new(task.Set.Owner, RecordType.RRSIG, task.Set.Class, task.Set.TimeToLive, made));

            // What was kept ends where it did; what is made with jitter, each in its own time.
            var end = data is null ? task.Validity.Expiration : RrsigData.TryRead(made, out var kept) ? new SerialTime(kept.Expiration).Near(reuse!.Now) : (DateTimeOffset?)null;
            if (FirstEnd is not { } first || end < first) FirstEnd = end;
        }

        keys.RequireEntry(task.Set, _signers);
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

    /// <summary>A signature that the zone brings and that a new one would not be better than, or could not be made.</summary>
    private Octets? Find(in SetTask task, SetKey key)
    {
        foreach (var data in task.Signatures)
            if (IsFit(task.Set, key, data)) return data;
        return null;
    }

    private bool IsFit(RecordSet set, SetKey key, Octets data)
    {
        if (!RrsigData.TryRead(data, out var old) || old.TypeCovered != set.Type || old.KeyTag != key.Tag || old.Algorithm != key.Data.Algorithm) return false;
        if (old.Labels != LabelsOf(set.Owner) || old.OriginalTtl != set.TimeToLive || old.SignerName != _signer) return false;

        // In force now, and for long enough.
        var now = SerialTime.From(reuse!.Now);
        var left = now.SecondsTo(new SerialTime(old.Expiration));
        var isDue = left < reuse.Refresh.TotalSeconds;
        if (now.SecondsTo(new SerialTime(old.Inception)) > 0 || left <= 0 || (isDue && key.Signer is not null)) return false;

        // The records may have changed since: only the cryptography tells.
        if (!_verifiers.TryGetValue(key, out var verifier))
        {
            VerificationKey.TryImport(key.Algorithm, key.Data.PublicKey.Span, out verifier);
            _verifiers.Add(key, verifier);
        }

        if (verifier is null || !verifier.Verify(SignedOctets(old, set), old.Signature.Span)) return false;
        if (isDue) Notes.Add(string.Create(CultureInfo.InvariantCulture, $"key {key.Tag}, whose private half was not given, has to sign the {RecordTypes.ToText(set.Type)} set again before {new SerialTime(old.Expiration).Near(reuse.Now):yyyy-MM-dd HH:mm:ss} UTC"));
        return true;
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
