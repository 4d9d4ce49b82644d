using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Danelaw.Dns.Names;
using Danelaw.Dns.Records;
using Danelaw.Dns.Records.Text;

namespace Danelaw.Dns.Zones;

/// <summary>
/// Reads a zone file record by record (RFC 1035 §5; <c>$TTL</c>: RFC 2308 §4; <c>$GENERATE</c>: as BIND has it). Only the record at hand is kept, so a zone of any size takes the same memory.
/// What is wrong with the text is a <see cref="ZoneFault"/> with its place, never an exception; reading can go on behind it.
/// </summary>
public sealed partial class ZoneReader : IDisposable
{
    /// <summary>RFC 2181 §8.</summary>
    private const uint MaximumTtl = int.MaxValue;

    private const int MaximumDepth = 16;

    private readonly ZoneReaderOptions _options;
    private readonly Stack<ZoneInput> _inputs = new();
    private readonly TokenList _tokens = new();
    private readonly RdataWriter _writer = new();
    private readonly char[] _ownerText = new char[256];
    private int _ownerLength;
    private ZoneInput? _input;
    private ZoneGenerator? _generator;
    private DomainName? _ownerBefore;
    private uint? _zoneTtl;
    private uint? _lastTtl;
    private uint? _minimumTtl;
    private RecordClass _class = RecordClass.IN;

    /// <summary>Reads text; it is closed with the reader.</summary>
    /// <param name="text">The text. Characters that are not ASCII stand for their UTF-8 octets in character-strings.</param>
    /// <param name="options">How to read it.</param>
    public ZoneReader(TextReader text, ZoneReaderOptions options)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _input = new(text, options.FileName, isOctets: false, options.Origin, owner: null);
    }

    /// <summary>Reads octets; the stream is closed with the reader. Octets that are not ASCII stand for themselves in character-strings.</summary>
    /// <param name="octets">The zone file.</param>
    /// <param name="options">How to read it.</param>
    public ZoneReader(Stream octets, ZoneReaderOptions options)
    {
        ArgumentNullException.ThrowIfNull(octets);
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _input = ZoneInput.Of(octets, options.FileName, options.Origin, owner: null);
    }

    private ZoneReader(ZoneInput input, ZoneReaderOptions options) => (_input, _options) = (input, options);

    /// <summary>Opens a file. Octets of it that are not ASCII stand for themselves in character-strings.</summary>
    /// <param name="path">The file; <see cref="ZoneReaderOptions.FileName"/> is not used.</param>
    /// <param name="options">How to read it.</param>
    /// <param name="reader">The reader; null on failure.</param>
    /// <param name="fault">Why the file cannot be opened; null on success.</param>
    public static bool TryOpen(string path, ZoneReaderOptions options, [NotNullWhen(true)] out ZoneReader? reader, [NotNullWhen(false)] out ZoneFault? fault)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(options);
        var isOpen = ZoneInput.TryOpen(path, options.OpenFile, options.Origin, owner: null, out var input, out var text);
        reader = isOpen ? new(input!, options) : null;
        fault = isOpen ? null : new(path, 0, 0, text);
        return isOpen;
    }

    /// <summary>What completes relative names where reading stands.</summary>
    public DomainName Origin => _input?.Origin ?? _options.Origin;

    /// <summary>The file that the last record stands in; empty for text without a file.</summary>
    public string RecordFile { get; private set; } = "";

    /// <summary>The line that the last record begins in, from 1; for records of a <c>$GENERATE</c> the line of that. 0 before the first.</summary>
    public int RecordLine { get; private set; }

    /// <summary>The lines of the entry that the last record stands in, comments within it included: the first, from 1, and the one behind the last. No other entry shares them.</summary>
    public (int First, int Behind) EntryLines { get; private set; }

    /// <summary>Whether the last record was made by a <c>$GENERATE</c>.</summary>
    public bool IsGenerated { get; private set; }

    /// <summary>Reads the next record.</summary>
    /// <param name="record">The record; the default at the end and for a fault.</param>
    /// <param name="fault">What is wrong and where; null for a record and at the end.</param>
    /// <returns>False at the end and for a fault. After a fault the next call goes on behind the faulty entry.</returns>
    public bool TryRead(out ResourceRecord record, out ZoneFault? fault)
    {
        record = default;
        while (_input is { } input)
        {
            if (_generator is { } generator)
            {
                if (generator.TryNext(_tokens, out fault)) return TryRecord(input, generator.Text, beginsBlank: false, out record, out fault);
                _generator = null;

                // As in BIND: whoever has no owner of its own takes the one before the directive, not one that it made.
                input.Owner = _ownerBefore;
                _ownerLength = 0;
                if (fault is not null)
                {
                    fault = fault with { File = input.File };
                    return false;
                }
            }

            if (input.TryNext(_tokens, out fault))
            {
                if (!IsDirective(input)) return TryRecord(input, input.Entry, input.BeginsBlank, out record, out fault);
                if (TryDirective(input, out fault)) continue;
                return false;
            }

            if (fault is not null) return false;
            input.Dispose();
            _ownerLength = 0;
            _input = _inputs.Count > 0 ? _inputs.Pop() : null;
        }

        fault = null;
        return false;
    }

    /// <summary>Closes the files.</summary>
    public void Dispose()
    {
        _input?.Dispose();
        while (_inputs.Count > 0) _inputs.Pop().Dispose();
        _input = null;
    }

    private bool TryRecord(ZoneInput input, ReadOnlySpan<char> text, bool beginsBlank, out ResourceRecord record, out ZoneFault? fault)
    {
        record = default;
        var at = 0;
        if (!beginsBlank)
        {
            if (!TryOwner(input, text, out fault)) return false;
            at = 1;
        }

        if (input.Owner is not { } owner) return Fail(input, 0, "a record has no owner, and none stands before it", out fault);
        if (!TryHead(input, text, ref at, out var ttl, out var type, out fault)) return false;
        var isGeneric = at < _tokens.Count && _tokens[at] is { Kind: TokenKind.Plain, Length: 2 } token && text.Slice(token.Start, 2) is "\\#";
        var data = new RdataText(type, text, _tokens.Span, at, input.Origin, input.IsOctets, _writer);
        if (!RdataParser.TryParse(ref data)) return Fail(input, data.FaultToken, data.Fault, out fault);
        if (isGeneric && !_options.AllowMalformed && !RecordData.IsWellFormed(type, _writer.Written))
            return Fail(input, at, $"these octets are no data of a record of type {RecordTypes.ToText(type)}", out fault);
        if (!TryTtl(input, ttl, type, out var seconds, out fault)) return false;
        record = new(owner, type, _class, seconds, _writer.ToOctets());
        RecordFile = input.File;
        RecordLine = _generator?.Line ?? _tokens[0].Line;
        (EntryLines, IsGenerated) = (input.EntryLines, _generator is not null);
        return true;
    }

    private bool TryOwner(ZoneInput input, ReadOnlySpan<char> text, out ZoneFault? fault)
    {
        var token = _tokens[0];
        fault = null;
        if (token.Kind != TokenKind.Plain) return Fail(input, 0, "the owner of a record must not be in quotes", out fault);
        var word = text.Slice(token.Start, token.Length);
        // Records of one owner mostly stand together.
        if (_ownerLength > 0 && word.SequenceEqual(_ownerText.AsSpan(0, _ownerLength))) return true;
        if (!DomainName.TryParseRelative(word, input.Origin, out var owner, out var nameFault))
            return Fail(input, 0, $"'{RdataText.Shorten(word)}' is not a domain name: {NameText.Describe(nameFault)}", out fault);
        input.Owner = owner;
        _ownerLength = word.Length <= _ownerText.Length ? word.Length : 0;
        word[.._ownerLength].CopyTo(_ownerText);
        return true;
    }

    /// <summary>RFC 1035 §5.1: TTL and class in either order, both optional, then the type.</summary>
    private bool TryHead(ZoneInput input, ReadOnlySpan<char> text, ref int at, out uint? ttl, out RecordType type, out ZoneFault? fault)
    {
        (ttl, type, fault) = (null, default, null);
        var hasClass = false;
        for (; at < _tokens.Count; at++)
        {
            var token = _tokens[at];
            if (token.Kind != TokenKind.Plain) return Fail(input, at, "a record type is expected here, without quotes", out fault);
            var word = text.Slice(token.Start, token.Length);
            if (char.IsAsciiDigit(word[0]) && ttl is null)
            {
                if (!TimeText.TryPeriod(word, out var seconds) || seconds > MaximumTtl) return Fail(input, at, $"'{RdataText.Shorten(word)}' is not a TTL: 0 to {MaximumTtl} seconds, or with units such as 1h30m", out fault);
                ttl = seconds;
            }
            else if (!hasClass && IsClass(word, out var recordClass))
            {
                (_class, hasClass) = (recordClass, true);
            }
            else if (RecordTypes.TryParse(word, out type))
            {
                at++;
                return !RecordTypes.IsMeta(type) || Fail(input, at - 1, $"records of type {RecordTypes.ToText(type)} do not stand in zones", out fault);
            }
            else
            {
                return Fail(input, at, $"'{RdataText.Shorten(word)}' is no record type", out fault);
            }
        }

        return Fail(input, at, "the record type is missing", out fault);
    }

    /// <summary>NONE and ANY are classes of questions and updates only.</summary>
    private static bool IsClass(ReadOnlySpan<char> word, out RecordClass recordClass) =>
        RecordClasses.TryParse(word, out recordClass) && recordClass is not (RecordClass.NONE or RecordClass.ANY or RecordClass.Reserved);

    /// <summary>What the record says; else <c>$TTL</c> (RFC 2308 §4); else the last one said (RFC 1035 §5.1); else the SOA's minimum (RFC 1035 §3.3.13); else the option.</summary>
    private bool TryTtl(ZoneInput input, uint? said, RecordType type, out uint ttl, out ZoneFault? fault)
    {
        fault = null;
        if (said is not null) _lastTtl = said;
        if (type == RecordType.SOA) _minimumTtl = SoaMinimum(_writer.Written);
        ttl = 0;
        if ((said ?? _zoneTtl ?? _lastTtl ?? _minimumTtl ?? _options.DefaultTtl) is not { } found) return Fail(input, 0, "the record has no TTL, and there is no $TTL before it", out fault);
        ttl = found;
        return true;
    }

    private static uint? SoaMinimum(ReadOnlySpan<byte> data) => data.Length < 22 ? null : Math.Min(System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(data[^4..]), MaximumTtl);

    /// <summary>Keeps a fault with the place of a token; behind the last one when there is none.</summary>
    private bool Fail(ZoneInput input, int token, string text, out ZoneFault? fault)
    {
        if (input.IsOctets) text = OctetWords.Show(text);
        if (_generator is { } generator)
        {
            fault = new(input.File, generator.Line, generator.Column, string.Create(CultureInfo.InvariantCulture, $"$GENERATE at {generator.Current}: {text}"));
            return false;
        }

        var place = _tokens[Math.Min(token, _tokens.Count - 1)];
        var isBehind = token >= _tokens.Count;
        fault = new(input.File, place.Line, isBehind ? place.Column + (place.End - place.Start) + (place.Kind == TokenKind.Quoted ? 1 : 0) : place.Column, text);
        return false;
    }
}
