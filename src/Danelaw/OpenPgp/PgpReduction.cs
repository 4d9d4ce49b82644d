using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using Danelaw.Certificates;
using Danelaw.Dns;

namespace Danelaw.OpenPgp;

/// <summary>A key reduced to one mailbox (RFC 7929 §2.1.2): what others have signed, pictures, and users that are not the mailbox's are left out.</summary>
internal sealed class PgpReduction
{
    private readonly Octets _keyId;
    private readonly PgpOwnSignatures _own;
    private (uint CreatedAt, uint Lifetime)? _newest;

    private PgpReduction(Octets keyId, PgpOwnSignatures own) => (_keyId, _own) = (keyId, own);

    /// <summary>The key that is left.</summary>
    public Octets Data { get; private set; }

    /// <summary>When it ends by the newest of its own signatures on itself and the mailbox's users; null when it does not.</summary>
    public DateTimeOffset? EndsAt { get; private set; }

    /// <summary>Whether it has revoked itself.</summary>
    public bool IsRevoked { get; private set; }

    /// <summary>Reduces a key.</summary>
    /// <param name="packets">Its packets, the primary key first.</param>
    /// <param name="keyId">The primary key's ID.</param>
    /// <param name="mailbox">The mailbox.</param>
    public static PgpReduction Of(ImmutableArray<PgpPacket> packets, Octets keyId, string mailbox)
    {
        using var own = new PgpOwnSignatures(packets[0].Body);
        var reduction = new PgpReduction(keyId, own);
        reduction.Reduce(packets, mailbox);
        return reduction;
    }

    private void Reduce(ImmutableArray<PgpPacket> packets, string mailbox)
    {
        var kept = new MemoryStream();
        var hasRevoker = packets.Any(packet => packet.Tag == PgpPacket.Signature && PgpSignature.TryRead(packet.Body, out var signature) && signature.NamesRevoker && !IsOthers(signature));
        for (var start = 0; start < packets.Length;)
        {
            var end = start + 1;
            while (end < packets.Length && packets[end].Tag == PgpPacket.Signature) end++;
            var head = packets[start];
            var isWanted = head.Tag is PgpPacket.PublicKey or PgpPacket.PublicSubkey || (head.Tag == PgpPacket.UserId && OpenPgpKey.IsOf(Encoding.UTF8.GetString(head.Body.Span), mailbox));
            if (isWanted)
            {
                kept.Write(head.Whole.Span);
                foreach (var signature in Kept(head, packets[(start + 1)..end], hasRevoker)) kept.Write(signature.Span);
            }

            start = end;
        }

        Data = new(kept.ToArray());
        if (_newest is { Lifetime: > 0 } newest) EndsAt = DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadUInt32BigEndian(packets[0].Body.Span[1..]) + (long)newest.Lifetime);
    }

    /// <summary>Of the key's own signatures the newest of each type that it really made, and everything that revokes; what cannot be judged stays.</summary>
    private IEnumerable<Octets> Kept(PgpPacket head, ImmutableArray<PgpPacket> packets, bool hasRevoker)
    {
        var read = packets.Select(packet => PgpSignature.TryRead(packet.Body, out var signature) ? signature : null).ToArray();
        var dropped = new HashSet<int>();
        foreach (var kind in Enumerable.Range(0, read.Length).Where(place => read[place] is { IsRevocation: false } one && !IsOthers(one)).GroupBy(place => KindOf(read[place]!)))
            dropped.UnionWith(Outdated(head, read, [.. kind.OrderByDescending(place => read[place]!.CreatedAt).ThenByDescending(place => place)]));
        for (var place = 0; place < read.Length; place++)
        {
            var signature = read[place];
            if (signature is null)
            {
                yield return packets[place].Whole;
                continue;
            }

            // A revocation by another key counts where this one has named it for that (RFC 9580 §5.2.3.23), and its maker is not here to check it.
            if (IsOthers(signature) ? !(hasRevoker && signature.Type is 0x20 or 0x28) : dropped.Contains(place)) continue;
            IsRevoked |= signature.Type == 0x20 && head.Tag == PgpPacket.PublicKey && !IsOthers(signature) && _own.Check(signature, head) is SignatureCheck.Valid or SignatureCheck.NotSupported;
            yield return packets[place].Whole;
        }
    }

    /// <summary>Of signatures of one type, newest first, those that the newest good one displaces, and newer ones that the key never made. Where none is known to be good all stay.</summary>
    private IEnumerable<int> Outdated(PgpPacket head, PgpSignature?[] signatures, int[] places)
    {
        var forged = new List<int>();
        for (var i = 0; i < places.Length; i++)
        {
            var signature = signatures[places[i]]!;
            switch (_own.Check(signature, head))
            {
                case SignatureCheck.Invalid:
                    forged.Add(places[i]);
                    break;
                case SignatureCheck.Valid:
                    if (head.Tag != PgpPacket.PublicSubkey && signature.CreatedAt >= (_newest?.CreatedAt ?? 0)) _newest = (signature.CreatedAt, signature.KeyLifetime);
                    return [.. forged, .. places[(i + 1)..]];
                default:
                    break;
            }
        }

        return [];
    }

    /// <summary>Certifications of a user are of four strengths (0x10 to 0x13), and one counts.</summary>
    private static int KindOf(PgpSignature signature) => signature.Type is >= 0x10 and <= 0x13 ? 0x10 : signature.Type;

    private bool IsOthers(PgpSignature signature) => !signature.Issuer.IsEmpty && !signature.Issuer.Equals(_keyId);
}
