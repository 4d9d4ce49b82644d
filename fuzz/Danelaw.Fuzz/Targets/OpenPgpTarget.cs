using System.Buffers.Binary;
using System.Text;
using Danelaw.Certificates;
using Danelaw.Dns;
using Danelaw.OpenPgp;

namespace Danelaw.Fuzz.Targets;

/// <summary>Keys as key servers and mailboxes hand them on. Input: one octet that says whose key is wanted, then the file.</summary>
internal sealed class OpenPgpTarget : FuzzTarget
{
    /// <summary>The mailboxes of <c>tests/Corpora/openpgp</c>, by its files; the first for those of another name.</summary>
    private static readonly string[] Mailboxes = ["hugh@example.com", "ended@example.com", "nistp256@example.com", "renewed@example.com", "revoked@example.com", "named@example.com", "rsa2048@example.com"];

    internal override string Name => "openpgp";

    /// <summary>Few enough signatures for all of them to be checked.</summary>
    internal override int MaximumLength => 1800;

    internal override void Run(byte[] input)
    {
        if (input.Length < 1) return;
        var (content, mailbox) = (input.AsMemory(1), Mailboxes[input[0] % Mailboxes.Length]);
        var isRead = OpenPgpKey.TryRead(content, mailbox, out var key, out var fault);
        FuzzFinding.Unless(isRead == (fault.Length == 0) && isRead == key is not null, "a fault is told where nothing was read, and only there");
        FuzzFinding.Unless(fault.Length < 240 && fault.All(character => character is >= ' ' and < '\x7F' or '§'), "a fault is a phrase of ours");

        var isRecord = OpenPgpKey.TryFromRecordData(new(content), out var whole, out var recordFault);
        FuzzFinding.Unless(isRecord == (recordFault.Length == 0) && isRecord == whole is not null, "a fault of a record is told where nothing was read, and only there");
        FuzzFinding.Unless(whole is null || whole.Data.Span.SequenceEqual(content.Span), "a record is shown as it stands");
        var packets = Split(content.Span);
        if (packets is not null) CheckArmor(content.Span, mailbox, key);
        if (key is null) return;

        FuzzFinding.Unless(key.UserIds.Length > 0, "a key is that of its mailbox");
        FuzzFinding.Unless(OpenPgpKey.TryFromRecordData(key.Data, out var record, out _) && record!.Fingerprint.Equals(key.Fingerprint) && record.UserIds.SequenceEqual(key.UserIds), "what is published is read as the same key with the same users");
        FuzzFinding.Unless(OpenPgpKey.TryRead(key.Data.Memory, mailbox, out var again, out _) && (again!.IsRevoked, again.EndsAt) == (key.IsRevoked, key.EndsAt) && again.Data.Length <= key.Data.Length, "what was reduced is reduced, and says the same of itself");
        FuzzFinding.Unless(Split(key.Data.Span) is [[_, ..], ..] kept && (packets is null || IsPartOf(kept, packets)), "what is published are packets of the file, whole and in their order");
        CheckForged(key, mailbox);
    }

    internal override IEnumerable<(string Name, byte[] Octets)> Seeds(string corpora)
    {
        foreach (var path in Directory.GetFiles(Path.Combine(corpora, "openpgp")).Where(path => !path.EndsWith(".sh", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(path);
            var mailbox = Array.FindIndex(Mailboxes, mailbox => name.StartsWith(mailbox[..mailbox.IndexOf('@', StringComparison.Ordinal)], StringComparison.Ordinal) || (name == "revoker.pgp" && mailbox.StartsWith("named", StringComparison.Ordinal)));
            yield return (name, [(byte)Math.Max(0, mailbox), .. File.ReadAllBytes(path)]);
        }
    }

    internal override IEnumerable<byte[]> Tokens =>
        ["-----BEGIN PGP PUBLIC KEY BLOCK-----\n"u8.ToArray(), "\n-----END PGP PUBLIC KEY BLOCK-----\n"u8.ToArray(), "<hugh@example.com>"u8.ToArray(), [0xC2, 0x10, 4, 0x20], [0x99, 1, 0], [0xC6, 0x33, 4], [5, 2, 1, 2, 3, 4], [0xFF, 0, 0, 0, 4]];

    /// <summary>Armor is another way to write the same octets (RFC 9580 §6).</summary>
    private static void CheckArmor(ReadOnlySpan<byte> content, string mailbox, OpenPgpKey? key)
    {
        if (content.IsEmpty || content.IndexOf("-----BEGIN PGP "u8) >= 0) return;
        var armored = $"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n{Convert.ToBase64String(content)}\n-----END PGP PUBLIC KEY BLOCK-----\n";
        var isRead = OpenPgpKey.TryRead(Encoding.ASCII.GetBytes(armored), mailbox, out var same, out _);
        FuzzFinding.Unless(isRead == key is not null && (same is null || same.Data.Equals(key!.Data)), "a key is the same in armor and without");
    }

    /// <summary>RFC 9580 §5.2.4: what anybody can put behind a signature, itself with one bit changed, displaces nothing. Where the one before is not known to be good both stay.</summary>
    private static void CheckForged(OpenPgpKey key, string mailbox)
    {
        PgpPacket.TryReadAll(key.Data, out var packets);
        using var own = new PgpOwnSignatures(packets[0].Body);
        var (head, at) = (packets[0], 0);
        foreach (var packet in packets)
        {
            at += packet.Whole.Length;
            if (packet.Tag != PgpPacket.Signature) head = packet;
            if (packet.Tag != PgpPacket.Signature || !PgpSignature.TryRead(packet.Body, out var signature) || signature.Value.Length == 0) continue;
            var forged = packet.Whole.ToArray();
            forged[^((signature.Value.Length + 1) / 2)] ^= 1;
            if (!PgpSignature.TryRead(new Octets(forged).Slice(packet.Whole.Length - packet.Body.Length), out var changed) || own.Check(changed, head) != SignatureCheck.Invalid) continue;
            byte[] both = [.. key.Data.Span[..at], .. forged, .. key.Data.Span[at..]];
            FuzzFinding.Unless(OpenPgpKey.TryRead(both, mailbox, out var with, out _) && (with!.Data.Equals(key.Data) || with.Data.Equals(new Octets(both))), "a signature that the key never made displaces none");
            return;
        }
    }

    /// <summary>RFC 9580 §4.2 once more, in the plainest way: the packets of a file that is not armored; null where they cannot be told apart.</summary>
    private static List<byte[]>? Split(ReadOnlySpan<byte> octets)
    {
        var packets = new List<byte[]>();
        while (!octets.IsEmpty)
        {
            var isNew = (octets[0] & 0x40) != 0;
            var (header, width) = isNew ? (octets.Length > 1 && octets[1] == 255 ? 2 : 1, octets.Length > 1 && octets[1] == 255 ? 4 : octets.Length > 1 && octets[1] >= 192 ? 2 : 1) : (1, 1 << (octets[0] & 3));
            if ((octets[0] & 0x80) == 0 || width == 8 || octets.Length < header + width || (isNew && octets[1] is >= 224 and < 255)) return null;
            long length = width switch
            {
                1 => octets[header],
                2 when isNew => ((octets[1] - 192) << 8) + octets[2] + 192,
                2 => BinaryPrimitives.ReadUInt16BigEndian(octets[header..]),
                _ => BinaryPrimitives.ReadUInt32BigEndian(octets[header..]),
            };
            if (header + width + length > octets.Length) return null;
            packets.Add(octets[..(int)(header + width + length)].ToArray());
            octets = octets[(int)(header + width + length)..];
        }

        return packets;
    }

    private static bool IsPartOf(List<byte[]> some, List<byte[]> all)
    {
        var at = 0;
        foreach (var packet in some)
        {
            while (at < all.Count && !all[at].AsSpan().SequenceEqual(packet)) at++;
            if (at++ == all.Count) return false;
        }

        return true;
    }
}
