using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Danelaw.Certificates;
using Danelaw.Dns;
using Danelaw.Tlsa;

namespace Danelaw.OpenPgp;

/// <summary>An OpenPGP key as OPENPGPKEY records hold it (RFC 7929 §2.1): a transferable public key (RFC 9580 §10.1).</summary>
public sealed record OpenPgpKey
{
    /// <summary>The most octets that are read: many times what a record has room for.</summary>
    public const int MaximumLength = 4 << 20;

    private const string Begin = "-----BEGIN PGP ", End = "-----END PGP ", Public = "PUBLIC KEY BLOCK-----";

    private OpenPgpKey(Octets data, Octets fingerprint, ImmutableArray<string> userIds) => (Data, Fingerprint, UserIds) = (data, fingerprint, userIds);

    /// <summary>The transferable public key: the RDATA.</summary>
    public Octets Data { get; }

    /// <summary>The fingerprint of its primary key (RFC 9580 §5.5.4).</summary>
    public Octets Fingerprint { get; }

    /// <summary>The user IDs in it, such as <c>Hugh &lt;hugh@example.com&gt;</c>; foreign text.</summary>
    public ImmutableArray<string> UserIds { get; }

    /// <summary>When the key ends by its own newest signature (RFC 9580 §5.2.3.13); null when it does not, or is not known. Known of what <see cref="TryRead"/> read.</summary>
    public DateTimeOffset? EndsAt { get; private init; }

    /// <summary>Whether the key has revoked itself. Known of what <see cref="TryRead"/> read.</summary>
    public bool IsRevoked { get; private init; }

    /// <summary>Reads a key from the RDATA of a record. Its signatures are not checked: whoever uses the key does.</summary>
    /// <param name="data">The RDATA.</param>
    /// <param name="key">The key; null on failure.</param>
    /// <param name="fault">What is wrong, as a phrase; empty on success.</param>
    public static bool TryFromRecordData(Octets data, out OpenPgpKey? key, out string fault) => TryReadOne(data, null, out key, out fault);

    /// <summary>Reads a file with public keys and takes what a record of a mailbox is to hold (RFC 7929 §2.1.2): the key, the user IDs of the mailbox and the subkeys, each with its own key's newest signature and what revokes it.</summary>
    /// <param name="content">Armored (RFC 9580 §6) or binary.</param>
    /// <param name="mailbox">The mailbox, as user IDs have it.</param>
    /// <param name="key">The key; null on failure.</param>
    /// <param name="fault">What is wrong, as a phrase that goes after the file's name and a colon and tells nothing of what it holds; empty on success.</param>
    public static bool TryRead(ReadOnlyMemory<byte> content, string mailbox, out OpenPgpKey? key, out string fault)
    {
        ArgumentNullException.ThrowIfNull(mailbox);
        key = null;
        fault = content.IsEmpty ? "it is empty" : content.Length > MaximumLength ? string.Create(CultureInfo.InvariantCulture, $"it is larger than {MaximumLength >> 20} MiB") : "";
        if (fault.Length > 0) return false;
        var text = Encoding.Latin1.GetString(content.Span);
        var octets = new Octets(content);
        if (text.Contains(Begin, StringComparison.Ordinal) && !TryDearmor(text, out octets, out fault)) return false;
        return TryReadOne(octets, mailbox, out key, out fault);
    }

    /// <summary>RFC 9580 §6.2: headers up to an empty line, then base64. §6.1: the checksum is not to be looked at.</summary>
    private static bool TryDearmor(string text, out Octets octets, out string fault)
    {
        octets = default;
        var read = new MemoryStream();
        var base64 = new StringBuilder();
        var (isIn, isBody) = (false, false);
        fault = "";
        foreach (var raw in text.AsSpan().EnumerateLines())
        {
            var line = PemBlock.WithoutMark(raw).Trim();
            if (line.StartsWith(Begin))
            {
                if (line[Begin.Length..].StartsWith("PRIVATE")) fault = Secret;
                else if (isIn || !line[Begin.Length..].SequenceEqual(Public)) fault = "it is armored, and not as a public key";
                if (fault.Length > 0) return false;
                (isIn, isBody) = (true, false);
                base64.Clear();
            }
            else if (isIn && line.StartsWith(End))
            {
                var decoded = new byte[(base64.Length / 4 * 3) + 3];
                if (!Convert.TryFromBase64String(base64.ToString(), decoded, out var length)) break;
                read.Write(decoded, 0, length);
                isIn = false;
            }
            else if (isIn && !isBody)
            {
                isBody = line.IsEmpty;
                if (line.IsEmpty || line.Contains(':')) continue;

                // Some programs write no headers and no empty line.
                isBody = true;
                base64.Append(line);
            }
            else if (isIn && !line.StartsWith('='))
            {
                base64.Append(line);
            }
        }

        if (isIn || read.Length == 0) fault = "its armor is not sound";
        octets = new(read.ToArray());
        return fault.Length == 0;
    }

    private const string Secret = "it holds a secret key: give the public one (gpg --export)";

    private static bool TryReadOne(Octets octets, string? mailbox, out OpenPgpKey? key, out string fault)
    {
        key = null;
        fault = "";
        if (!PgpPacket.TryReadAll(octets, out var packets)) fault = "it holds no OpenPGP key that can be read";
        else if (packets.Any(packet => packet.Tag is PgpPacket.SecretKey or PgpPacket.SecretSubkey)) fault = Secret;
        if (fault.Length > 0) return false;
        var found = new List<OpenPgpKey>();
        ImmutableArray<PgpPacket> kept = [.. packets.Where(packet => packet.Tag is not (PgpPacket.Marker or PgpPacket.Trust or PgpPacket.Padding))];
        for (var start = 0; start < kept.Length;)
        {
            var end = start + 1;
            while (end < kept.Length && kept[end].Tag != PgpPacket.PublicKey) end++;
            if (kept[start].Tag != PgpPacket.PublicKey || !TryGetFingerprint(kept[start].Body, out var fingerprint, out var keyId))
            {
                fault = "it holds something else than public keys";
                return false;
            }

            var users = kept[start..end].Where(packet => packet.Tag == PgpPacket.UserId).Select(packet => Encoding.UTF8.GetString(packet.Body.Span)).ToImmutableArray();
            if (mailbox is null) found.Add(new(octets, fingerprint, users));
            else if (users.Any(user => IsOf(user, mailbox))) found.Add(Reduced(PgpReduction.Of(kept[start..end], keyId, mailbox), fingerprint, [.. users.Where(user => IsOf(user, mailbox))]));
            start = end;
        }

        fault = found.Count switch
        {
            1 => "",
            0 when kept.IsEmpty => "it holds no key",
            0 => "no user ID of it is that of the mailbox",
            _ => mailbox is null ? "it holds several keys" : $"it holds several keys with a user ID of the mailbox ({string.Join(", ", found.Select(one => one.Fingerprint.ToHex()))}): give the one alone (gpg --export FINGERPRINT)",
        };
        if (fault.Length == 0) key = found[0];
        return fault.Length == 0;
    }

    private static OpenPgpKey Reduced(PgpReduction reduction, Octets fingerprint, ImmutableArray<string> userIds) =>
        new(reduction.Data, fingerprint, userIds) { EndsAt = reduction.EndsAt, IsRevoked = reduction.IsRevoked };

    /// <summary>RFC 9580 §5.5.4, for versions 4 and 6, and LibrePGP's 5.</summary>
    private static bool TryGetFingerprint(Octets body, out Octets fingerprint, out Octets keyId)
    {
        (fingerprint, keyId) = (default, default);
        if (body.Length < 6) return false;
        var version = body.Span[0];
        var input = new MemoryStream();
        PgpOwnSignatures.WriteKey(input, body);
        switch (version)
        {
            case 4 when body.Length <= ushort.MaxValue:
#pragma warning disable CA5350 // What a fingerprint of version 4 is; nothing rests on it here.
                fingerprint = new(SHA1.HashData(input.ToArray()));
#pragma warning restore CA5350
                keyId = fingerprint.Slice(12, 8);
                return true;
            case 5 or 6:
                fingerprint = new(SHA256.HashData(input.ToArray()));
                keyId = fingerprint.Slice(0, 8);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Whether a user ID is that of a mailbox: what stands between angle brackets, or all of it; without regard to case, as OpenPGP programs look for it.</summary>
    internal static bool IsOf(string userId, string mailbox)
    {
        var open = userId.LastIndexOf('<');
        var address = open >= 0 && userId.TrimEnd().EndsWith('>') ? userId.TrimEnd()[(open + 1)..^1] : userId;
        if (address.Trim().Equals(mailbox.Trim(), StringComparison.OrdinalIgnoreCase)) return true;

        // One mailbox has several spellings (RFC 5322 §3.4.1): "hugh"@example.com is hugh@example.com.
        return MailboxOwner.TrySplit(address, out var its, out var domain, out _) && MailboxOwner.TrySplit(mailbox, out var local, out var wanted, out _)
            && domain.Equals(wanted) && Encoding.UTF8.GetString(its).Equals(Encoding.UTF8.GetString(local), StringComparison.OrdinalIgnoreCase);
    }
}
