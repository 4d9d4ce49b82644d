using System.Buffers.Binary;
using Danelaw.Dns.Records;

namespace Danelaw.Dns.Messages;

/// <summary>Walks over the questions and records of a message one by one, checking every name and every border, without decoding RDATA and without allocating anything.</summary>
/// <remarks>
/// <code>
/// var walker = new MessageWalker(packet);
/// while (walker.MoveNext())
///     if (walker.Current.Type == RecordType.SOA) …
/// if (!walker.IsComplete) …   // walker.Fault says why
/// </code>
/// </remarks>
public ref struct MessageWalker
{
    private const int QuestionTail = 4;
    private const int RecordTail = 10;

    private WireReader _wire;
    private MessageSection _section;
    private int _left;

    /// <summary>Starts before the first question.</summary>
    /// <param name="message">The message.</param>
    public MessageWalker(ReadOnlySpan<byte> message)
    {
        _wire = new(message);
        if (message.Length > DnsMessage.MaximumLength) _wire.Fail(MessageFaultKind.TooLong, DnsMessage.MaximumLength);
        else if (_wire.TrySkip(MessageHeader.Length)) _left = Count(MessageSection.Question);
    }

    /// <summary>Whether there is a header: everything that <see cref="Id"/> and the other members of the header say is 0 otherwise.</summary>
    public readonly bool HasHeader => _wire.Message.Length >= MessageHeader.Length;

    /// <summary>The id.</summary>
    public readonly ushort Id => Header(0);

    /// <summary>The flags.</summary>
    public readonly MessageFlags Flags => (MessageFlags)Header(2) & MessageHeader.AllFlags;

    /// <summary>The kind of query.</summary>
    public readonly Opcode Opcode => (Opcode)((Header(2) >> 11) & 0xF);

    /// <summary>The lower four bits of the response code; EDNS may add eight upper ones.</summary>
    public readonly ResponseCode ResponseCode => (ResponseCode)(Header(2) & 0xF);

    /// <summary>What the walk stands on; the default before the first <see cref="MoveNext"/> and after the last.</summary>
    public WalkedRecord Current { get; private set; }

    /// <summary>Why the walk ended early; no fault while it goes on and after the end.</summary>
    public readonly MessageFault Fault => _wire.Fault;

    /// <summary>Whether everything that the header counts has been walked over, and nothing stands behind it.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>How many questions or records the header promises for a section, which may be a lie.</summary>
    /// <param name="section">The section.</param>
    public readonly int Count(MessageSection section) => Header(4 + (2 * (int)section));

    /// <summary>Goes to the next question or record.</summary>
    /// <returns>False behind the last one, and at the first fault.</returns>
    public bool MoveNext()
    {
        Current = default;
        if (Fault.Kind != MessageFaultKind.None || IsComplete) return false;
        while (_left == 0)
        {
            if (_section == MessageSection.Additional)
            {
                IsComplete = _wire.Remaining == 0;
                return IsComplete ? false : _wire.Fail(MessageFaultKind.TrailingOctets, _wire.Position);
            }

            _left = Count(++_section);
        }

        _left--;
        var start = _wire.Position;
        if (!_wire.TryReadName(out var owner)) return false;
        var tail = _wire.Position;
        var message = _wire.Message;
        if (_section == MessageSection.Question)
        {
            if (!_wire.TrySkip(QuestionTail)) return false;
            Current = new(_section, start, owner.Length, (RecordType)Read16(tail), (RecordClass)Read16(tail + 2), 0, _wire.Position, 0);
            return true;
        }

        if (!_wire.TrySkip(RecordTail)) return false;
        var length = Read16(tail + 8);
        var data = _wire.Position;
        if (!_wire.TrySkip(length)) return false;
        Current = new(_section, start, owner.Length, (RecordType)Read16(tail), (RecordClass)Read16(tail + 2), BinaryPrimitives.ReadUInt32BigEndian(message[(tail + 4)..]), data, length);
        return true;
    }

    private readonly ushort Header(int offset) => HasHeader ? Read16(offset) : (ushort)0;

    private readonly ushort Read16(int offset) => BinaryPrimitives.ReadUInt16BigEndian(_wire.Message[offset..]);
}

/// <summary>The sections of a message (RFC 1035 §4.1).</summary>
public enum MessageSection
{
    /// <summary>What is asked; in an update, the zone.</summary>
    Question = 0,

    /// <summary>The answer; in an update, the prerequisites.</summary>
    Answer,

    /// <summary>The authority; in an update, the changes.</summary>
    Authority,

    /// <summary>What is added.</summary>
    Additional,
}

/// <summary>A question or record that <see cref="MessageWalker"/> stands on, by its places in the message.</summary>
/// <param name="Section">The section.</param>
/// <param name="OwnerOffset">Where the owner's name begins, perhaps compressed.</param>
/// <param name="OwnerLength">How many octets the owner has without compression, 1 to 255.</param>
/// <param name="Type">The type.</param>
/// <param name="Class">The class; for OPT the sender's UDP payload size.</param>
/// <param name="TimeToLive">The TTL field as it stands; 0 for a question.</param>
/// <param name="DataOffset">Where RDATA begins.</param>
/// <param name="DataLength">How many octets it has; 0 for a question.</param>
public readonly record struct WalkedRecord(
    MessageSection Section,
    int OwnerOffset,
    byte OwnerLength,
    RecordType Type,
    RecordClass Class,
    uint TimeToLive,
    int DataOffset,
    ushort DataLength);
