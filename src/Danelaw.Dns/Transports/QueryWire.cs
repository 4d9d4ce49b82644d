using System.Buffers.Binary;
using System.Security.Cryptography;
using Danelaw.Dns.Messages;
using Danelaw.Dns.Names;

namespace Danelaw.Dns.Transports;

/// <summary>A query as it was put on the wire, so that replies can be held against it.</summary>
internal readonly struct QueryWire
{
    /// <summary>RFC 9715 §3.2, as the operators agreed in 2020: datagrams of this size pass everywhere without fragments.</summary>
    internal const ushort UdpPayloadSize = 1232;

    /// <summary>No query is longer: header, name, type and class, OPT with cookie, padded to the next block.</summary>
    internal const int MaximumLength = 512;

    private const int HeaderLength = 12;
    private const int OptType = 41;
    private const int CookieOption = 10;
    private const int PaddingOption = 12;

    /// <summary>RFC 8467 §4.1: over encrypted channels a query is a multiple of this long.</summary>
    private const int PaddingBlock = 128;

    private readonly int _nameLength;

    private QueryWire(byte[] octets, int nameLength, bool isMixedCase)
    {
        Octets = octets;
        _nameLength = nameLength;
        IsMixedCase = isMixedCase;
    }

    /// <summary>The message.</summary>
    internal byte[] Octets { get; }

    internal ushort Id => BinaryPrimitives.ReadUInt16BigEndian(Octets);

    /// <summary>Whether the case of the name's letters is random and must come back as it is.</summary>
    internal bool IsMixedCase { get; }

    private ReadOnlySpan<byte> Name => Octets.AsSpan(HeaderLength, _nameLength);

    /// <summary>Writes a query.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="query">What is asked.</param>
    /// <param name="shape">With EDNS, random case, padding.</param>
    /// <param name="cookie">The value of the cookie option, or empty for none.</param>
    internal static QueryWire Write(ushort id, DnsQuery query, QueryShape shape, ReadOnlySpan<byte> cookie = default)
    {
        Span<byte> buffer = stackalloc byte[MaximumLength];
        var name = query.Question.Name.Wire;
        BinaryPrimitives.WriteUInt16BigEndian(buffer, id);
        var flags = (query.RecursionDesired ? MessageFlags.RecursionDesired : 0) | (query.CheckingDisabled ? MessageFlags.CheckingDisabled : 0);
        BinaryPrimitives.WriteUInt16BigEndian(buffer[2..], (ushort)flags);
        BinaryPrimitives.WriteUInt16BigEndian(buffer[4..], 1);
        BinaryPrimitives.WriteUInt32BigEndian(buffer[6..], 0);
        BinaryPrimitives.WriteUInt16BigEndian(buffer[10..], (ushort)(shape.HasEdns ? 1 : 0));
        name.CopyTo(buffer[HeaderLength..]);
        if (shape.HasMixedCase) MixCase(buffer.Slice(HeaderLength, name.Length));
        var at = HeaderLength + name.Length;
        BinaryPrimitives.WriteUInt16BigEndian(buffer[at..], (ushort)query.Question.Type);
        BinaryPrimitives.WriteUInt16BigEndian(buffer[(at + 2)..], (ushort)query.Question.Class);
        at += 4;
        if (shape.HasEdns) at = WriteEdns(buffer, at, query.DnssecOk, shape.IsPadded, cookie);
        return new(buffer[..at].ToArray(), name.Length, shape.HasMixedCase);
    }

    /// <summary>Whether octets are a reply to this query, without reading further than the question.</summary>
    internal ReplyFit Fit(ReadOnlySpan<byte> reply)
    {
        if (reply.Length < HeaderLength) return ReplyFit.NoMessage;
        if (BinaryPrimitives.ReadUInt16BigEndian(reply) != Id) return ReplyFit.WrongId;
        // RFC 1035 §4.1.1: QR set, opcode QUERY.
        if ((reply[2] & 0xF8) != 0x80) return ReplyFit.NoMessage;
        var questions = BinaryPrimitives.ReadUInt16BigEndian(reply[4..]);
        // A server that could not make sense of the query, or would not look at it, may leave the question out.
        if (questions == 0 && (ResponseCode)(reply[3] & 0x0F) is ResponseCode.FormatError or ResponseCode.NotImplemented or ResponseCode.ServerFailure or ResponseCode.Refused) return ReplyFit.NamesNoQuestion;
        if (questions != 1 || reply.Length < HeaderLength + _nameLength + 4) return ReplyFit.WrongQuestion;
        var name = reply.Slice(HeaderLength, _nameLength);
        var mine = Octets.AsSpan(HeaderLength + _nameLength, 4);
        if (!reply.Slice(HeaderLength + _nameLength, 4).SequenceEqual(mine) || !AsciiCase.Equals(name, Name)) return ReplyFit.WrongQuestion;
        return !IsMixedCase || name.SequenceEqual(Name) ? ReplyFit.Fits : ReplyFit.WrongCase;
    }

    /// <summary>Puts the question of a reply back into the case that was asked for, so that names compressed against it have it too.</summary>
    internal void RestoreCase(Span<byte> reply, DomainName asked)
    {
        if (IsMixedCase && reply.Length >= HeaderLength + _nameLength && BinaryPrimitives.ReadUInt16BigEndian(reply[4..]) == 1) asked.Wire.CopyTo(reply[HeaderLength..]);
    }

    private static int WriteEdns(Span<byte> buffer, int at, bool dnssecOk, bool isPadded, ReadOnlySpan<byte> cookie)
    {
        buffer[at] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(buffer[(at + 1)..], OptType);
        BinaryPrimitives.WriteUInt16BigEndian(buffer[(at + 3)..], UdpPayloadSize);
        BinaryPrimitives.WriteUInt32BigEndian(buffer[(at + 5)..], dnssecOk ? 0x8000u : 0);
        var data = at + 11;
        at = data;
        if (!cookie.IsEmpty)
        {
            BinaryPrimitives.WriteUInt16BigEndian(buffer[at..], CookieOption);
            BinaryPrimitives.WriteUInt16BigEndian(buffer[(at + 2)..], (ushort)cookie.Length);
            cookie.CopyTo(buffer[(at + 4)..]);
            at += 4 + cookie.Length;
        }

        if (isPadded)
        {
            var padding = (PaddingBlock - ((at + 4) % PaddingBlock)) % PaddingBlock;
            BinaryPrimitives.WriteUInt16BigEndian(buffer[at..], PaddingOption);
            BinaryPrimitives.WriteUInt16BigEndian(buffer[(at + 2)..], (ushort)padding);
            buffer.Slice(at + 4, padding).Clear();
            at += 4 + padding;
        }

        BinaryPrimitives.WriteUInt16BigEndian(buffer[(data - 2)..], (ushort)(at - data));
        return at;
    }

    /// <summary>Length octets are below every letter, so the wire form can be gone through as it is.</summary>
    private static void MixCase(Span<byte> name)
    {
        Span<byte> coins = stackalloc byte[DomainName.MaximumLength];
        RandomNumberGenerator.Fill(coins[..name.Length]);
        for (var i = 0; i < name.Length; i++)
            if (char.IsAsciiLetter((char)name[i]) && (coins[i] & 1) != 0) name[i] ^= 0x20;
    }
}

/// <summary>What a query bears besides its question.</summary>
/// <param name="HasEdns">An OPT record (RFC 6891).</param>
/// <param name="HasMixedCase">Letters of random case.</param>
/// <param name="IsPadded">Padding (RFC 7830).</param>
internal readonly record struct QueryShape(bool HasEdns, bool HasMixedCase = false, bool IsPadded = false);

/// <summary>How octets that came in fit a query.</summary>
internal enum ReplyFit
{
    /// <summary>They are no reply at all.</summary>
    NoMessage = 0,

    /// <summary>The id is another.</summary>
    WrongId,

    /// <summary>The question is another.</summary>
    WrongQuestion,

    /// <summary>The question is the same in another case, although the case is what proves it.</summary>
    WrongCase,

    /// <summary>An error that bears no question: a server's that would not look at the query, or anybody's who has guessed the id.</summary>
    NamesNoQuestion,

    /// <summary>A reply to this query, as far as its question goes.</summary>
    Fits,
}
