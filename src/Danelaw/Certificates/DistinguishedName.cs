using System.Collections.Immutable;
using System.Formats.Asn1;
using System.Text;
using Danelaw.Dns;

namespace Danelaw.Certificates;

/// <summary>
/// A Name (RFC 5280 §4.1.2.4) in a form that compares: strings without regard to their type, to the case of ASCII letters and to the
/// number of blanks (RFC 5280 §7.1); everything else octet by octet.
/// </summary>
internal sealed class DistinguishedName : IEquatable<DistinguishedName>
{
    private readonly string _key;

    private DistinguishedName(string key, ImmutableArray<string> parts, ImmutableArray<(string Oid, string Text)> attributes)
    {
        _key = key;
        Parts = parts;
        Attributes = attributes;
    }

    /// <summary>The relative names in order, in the form that compares; empty for an empty or unreadable name.</summary>
    public ImmutableArray<string> Parts { get; }

    /// <summary>The attributes that are strings, in order.</summary>
    public ImmutableArray<(string Oid, string Text)> Attributes { get; }

    /// <summary>Whether nothing is named.</summary>
    public bool IsEmpty => _key.Length == 0;

    /// <summary>Reads a Name. One that cannot be read equals only the same octets.</summary>
    public static DistinguishedName Read(Octets name)
    {
        var parts = ImmutableArray.CreateBuilder<string>();
        var attributes = ImmutableArray.CreateBuilder<(string, string)>();
        return TryRead(name.Span, parts, attributes)
            ? new(string.Concat(parts.Select(Delimit)), parts.ToImmutable(), attributes.ToImmutable())
            : new($"unreadable {name.ToHex()}", [], []);
    }

    /// <summary>Whether the name lies at or below the other in the directory's tree (RFC 5280 §4.2.1.10).</summary>
    public bool IsAtOrBelow(DistinguishedName other) => Parts.Length >= other.Parts.Length && Parts.AsSpan()[..other.Parts.Length].SequenceEqual(other.Parts.AsSpan());

    /// <inheritdoc/>
    public bool Equals(DistinguishedName? other) => other is not null && string.Equals(_key, other._key, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as DistinguishedName);

    /// <inheritdoc/>
    public override int GetHashCode() => _key.GetHashCode(StringComparison.Ordinal);

    /// <summary>RFC 4514 form, the last part first, shortened when it is long; foreign text.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (oid, value) in Attributes.Reverse())
        {
            if (text.Length > 0) text.Append(", ");
            text.Append(Keyword(oid)).Append('=');
            foreach (var character in value)
            {
                if (character is ',' or '+' or '"' or '\\' or '<' or '>' or ';') text.Append('\\');
                text.Append(character);
            }

            if (text.Length > 500) return $"{text.ToString(0, 500)}…";
        }

        return text.Length == 0 ? "(no name)" : text.ToString();
    }

    private static bool TryRead(ReadOnlySpan<byte> name, ImmutableArray<string>.Builder parts, ImmutableArray<(string, string)>.Builder attributes)
    {
        var outer = new DerReader(name);
        if (!outer.TryReadSequence(out var sets) || !outer.IsAtEnd) return false;
        while (!sets.IsAtEnd)
        {
            if (!sets.TryReadInside(Asn1Tag.SetOf, out var pairs)) return false;
            var items = new List<string>();
            while (!pairs.IsAtEnd)
            {
                if (!pairs.TryReadSequence(out var pair) || !pair.TryReadOid(out var oid) || !pair.TryReadAny(out var tag, out var element, out var content) || !pair.IsAtEnd) return false;
                var type = ObjectIdentifiers.ToText(oid);
                if (TryReadString(tag, content, out var text))
                {
                    attributes.Add((type, text));
                    items.Add($"{type}={Fold(text)}");
                }
                else
                {
                    items.Add($"{type}#{Convert.ToHexStringLower(element)}");
                }
            }

            items.Sort(StringComparer.Ordinal);
            parts.Add(string.Concat(items.Select(Delimit)));
        }

        return true;
    }

    private static bool TryReadString(Asn1Tag tag, ReadOnlySpan<byte> content, out string text)
    {
        text = "";
        if (tag.TagClass != TagClass.Universal || tag.IsConstructed) return false;
        switch ((UniversalTagNumber)tag.TagValue)
        {
            case UniversalTagNumber.UTF8String:
                if (!System.Text.Unicode.Utf8.IsValid(content)) return false;
                text = Encoding.UTF8.GetString(content);
                return true;
            case UniversalTagNumber.PrintableString or UniversalTagNumber.IA5String or UniversalTagNumber.VisibleString or UniversalTagNumber.T61String:
                text = Encoding.Latin1.GetString(content);
                return true;
            case UniversalTagNumber.BMPString:
                if (content.Length % 2 != 0) return false;
                text = Encoding.BigEndianUnicode.GetString(content);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Blanks at the ends go, several become one, ASCII letters become lower case (RFC 5280 §7.1, RFC 4518 in short).</summary>
    private static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            if (character is ' ' or '\t' or '\r' or '\n' or '\v' or '\f')
            {
                if (folded.Length > 0 && folded[^1] != ' ') folded.Append(' ');
            }
            else
            {
                folded.Append(char.IsAsciiLetterUpper(character) ? (char)(character | 0x20) : character);
            }
        }

        if (folded.Length > 0 && folded[^1] == ' ') folded.Length--;
        return folded.ToString();
    }

    /// <summary>The length before the text: whatever it contains, it cannot be taken for two.</summary>
    private static string Delimit(string text) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{text.Length}:{text}");

    private static string Keyword(string oid) => oid switch
    {
        ObjectIdentifiers.CommonName => "CN",
        "2.5.4.6" => "C",
        "2.5.4.7" => "L",
        "2.5.4.8" => "ST",
        "2.5.4.10" => "O",
        "2.5.4.11" => "OU",
        "2.5.4.5" => "serialNumber",
        "0.9.2342.19200300.100.1.25" => "DC",
        "0.9.2342.19200300.100.1.1" => "UID",
        ObjectIdentifiers.EmailAddress => "emailAddress",
        _ => oid,
    };
}
