using System.Text;

namespace Danelaw.Probes.Dialogues;

/// <summary>A name in XML, with the namespace that its prefix stands for.</summary>
internal readonly record struct XmlName(string Namespace, string Local);

/// <summary>The stream's own element, or one directly in it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="HasFeatures">Of the stream: whether its version is 1.0 or later (RFC 6120 §4.7.5).</param>
internal sealed record XmppElement(XmlName Name, bool HasFeatures)
{
    private readonly List<XmlName> _children = [];
    private readonly StringBuilder _text = new();

    /// <summary>The names of the elements directly in it.</summary>
    internal IReadOnlyList<XmlName> Children => _children;

    /// <summary>All text in it.</summary>
    internal string Text => _text.ToString().Trim();

    internal void Add(XmlName child) => _children.Add(child);

    internal void Add(string text) => _text.Append(text);
}

/// <summary>What reading from the stream came to.</summary>
/// <param name="End">How it ended; on <see cref="LineEnd.Line"/> there is an element, the end of the stream, or what is no XMPP.</param>
/// <param name="Element">The element.</param>
/// <param name="Raw">What was read, as it came.</param>
/// <param name="IsStreamEnd">Whether the server closed the stream.</param>
internal readonly record struct XmppRead(LineEnd End, XmppElement? Element, string Raw, bool IsStreamEnd = false);

/// <summary>
/// Reads a stream element by element, and no octet beyond its end: what follows the consent to TLS is not its own. It knows as much of XML as
/// RFC 6120 §11 leaves: tags, namespaces, text; no document type, so no entities of anybody's making, no comments and no instructions.
/// </summary>
internal sealed class XmppReader(LineChannel channel)
{
    private const string Data = "![CDATA[";

    private readonly Stack<(string Tag, Dictionary<string, string> Namespaces)> _open = new();
    private readonly StringBuilder _raw = new();
    private bool _isBegun;

    /// <summary>Reads the tag that opens the stream, with or without the declaration of XML before it.</summary>
    internal async ValueTask<XmppRead> ReadHeaderAsync()
    {
        _raw.Clear();
        while (true)
        {
            var (end, text, tag) = await ReadTagAsync().ConfigureAwait(false);
            if (end != LineEnd.Line) return new(end, null, Raw);
            if (!string.IsNullOrWhiteSpace(text)) return Strange();
            if (!_isBegun && tag.StartsWith("?xml", StringComparison.Ordinal) && tag.EndsWith('?'))
            {
                _isBegun = true;
                continue;
            }

            if (!TryOpen(tag, out var name, out var attributes, out var isEmpty) || isEmpty) return Strange();
            Note();
            return new(LineEnd.Line, new(name, attributes.TryGetValue("version", out var version) && HasFeatures(version)), Raw);
        }
    }

    /// <summary>Reads the next element in the stream, to its end.</summary>
    internal async ValueTask<XmppRead> ReadElementAsync()
    {
        _raw.Clear();
        XmppElement? element = null;
        while (true)
        {
            var (end, text, tag) = await ReadTagAsync().ConfigureAwait(false);
            if (end != LineEnd.Line) return new(end, null, Raw);
            if (element is null && !string.IsNullOrWhiteSpace(text)) return Strange();
            element?.Add(text);
            if (tag.StartsWith(Data, StringComparison.Ordinal) && element is not null)
            {
                element.Add(tag[Data.Length..^2]);
                continue;
            }

            if (tag.StartsWith('/'))
            {
                if (!TryClose(tag[1..])) return Strange();
                if (_open.Count == 0) return Ended(new(LineEnd.Line, null, Raw, IsStreamEnd: true));
            }
            else
            {
                var depth = _open.Count;
                if (!TryOpen(tag, out var name, out _, out _)) return Strange();
                if (depth == 1) element = new(name, false);
                else if (depth == 2) element!.Add(name);
            }

            if (_open.Count == 1) return Ended(new(LineEnd.Line, element, Raw));
        }
    }

    private string Raw => _raw.ToString().Trim();

    private XmppRead Ended(XmppRead read)
    {
        Note();
        return read;
    }

    /// <summary>What is no XMPP, with what came along: it may be words of another protocol.</summary>
    private XmppRead Strange()
    {
        Note();
        return new(LineEnd.Line, null, (_raw + Encoding.Latin1.GetString(channel.Unread)).Trim());
    }

    private void Note() => channel.Note("S: ", Raw);

    /// <summary>Reads the text up to a tag, and the tag without its angle brackets. Outside the stream's elements text that is no blank ends it at once.</summary>
    private async ValueTask<(LineEnd End, string Text, string Tag)> ReadTagAsync()
    {
        var (text, tag) = (new StringBuilder(), new StringBuilder());
        var quote = '\0';
        var (isInTag, isData) = (false, false);
        while (true)
        {
            var (end, octet) = await channel.ReadByteAsync().ConfigureAwait(false);
            if (end != LineEnd.Line) return (end, "", "");
            var character = (char)octet;
            _raw.Append(character);
            if (_raw.Length > channel.Options.MaximumLine) return (LineEnd.TooLong, "", "");
            if (!isInTag)
            {
                isInTag = character == '<';
                if (isInTag) continue;
                text.Append(character);
                if (_open.Count <= 1 && !IsBlank(character)) return (LineEnd.Line, text.ToString(), "");
                continue;
            }

            if (character == '>' && quote == '\0' && (!isData || (tag[^2] == ']' && tag[^1] == ']' && tag.Length >= Data.Length + 2))) return (LineEnd.Line, text.ToString(), tag.ToString());
            if (quote != '\0') quote = character == quote ? '\0' : quote;
            else if (!isData && (character is '\'' or '"')) quote = character;
            tag.Append(character);
            isData |= tag.Length == Data.Length && tag.ToString() == Data;
        }
    }

    /// <summary>Reads a start tag, and takes what it opens as open.</summary>
    private bool TryOpen(string tag, out XmlName name, out Dictionary<string, string> attributes, out bool isEmpty)
    {
        name = default;
        isEmpty = tag.EndsWith('/');
        var inner = isEmpty ? tag[..^1] : tag;
        var end = inner.AsSpan().IndexOfAny(" \t\r\n");
        var own = end < 0 ? inner : inner[..end];
        if (!TryReadAttributes(end < 0 ? "" : inner[end..], out attributes)) return false;
        var namespaces = new Dictionary<string, string>();
        foreach (var (key, value) in attributes)
        {
            if (key == "xmlns") namespaces[""] = value;
            else if (key.StartsWith("xmlns:", StringComparison.Ordinal)) namespaces[key[6..]] = value;
        }

        _open.Push((own, namespaces));
        if (!TryResolve(own, out name)) return false;
        if (isEmpty) _open.Pop();
        return true;
    }

    private bool TryClose(string tag)
    {
        if (_open.Count == 0 || _open.Peek().Tag != tag.TrimEnd(' ', '\t', '\r', '\n')) return false;
        _open.Pop();
        return true;
    }

    /// <summary>Gives a name the namespace of its prefix; one that nobody has declared is none (Namespaces in XML §5).</summary>
    private bool TryResolve(string tag, out XmlName name)
    {
        var colon = tag.IndexOf(':', StringComparison.Ordinal);
        var (prefix, local) = colon < 0 ? ("", tag) : (tag[..colon], tag[(colon + 1)..]);
        name = default;
        if (local.Length == 0 || !local.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.' or > '\x7f')) return false;
        foreach (var (_, namespaces) in _open)
        {
            if (!namespaces.TryGetValue(prefix, out var found)) continue;
            name = new(found, local);
            return true;
        }

        name = new("", local);
        return prefix.Length == 0;
    }

    private static bool TryReadAttributes(string text, out Dictionary<string, string> attributes)
    {
        attributes = [];
        var rest = text.AsSpan().Trim(" \t\r\n");
        while (!rest.IsEmpty)
        {
            var equals = rest.IndexOf('=');
            if (equals <= 0) return false;
            var name = rest[..equals].TrimEnd(" \t\r\n").ToString();
            rest = rest[(equals + 1)..].TrimStart(" \t\r\n");
            if (rest.IsEmpty || rest[0] is not ('\'' or '"')) return false;
            var close = rest[1..].IndexOf(rest[0]);
            if (close < 0 || !attributes.TryAdd(name, rest[1..(close + 1)].ToString())) return false;
            rest = rest[(close + 2)..].TrimStart(" \t\r\n");
        }

        return true;
    }

    /// <summary>RFC 6120 §4.7.5: two numbers with a dot between them, of which the first says it.</summary>
    private static bool HasFeatures(string version)
    {
        var major = version.Split('.')[0];
        return major.All(char.IsAsciiDigit) && major.Trim('0').Length > 0;
    }

    private static bool IsBlank(char character) => character is ' ' or '\t' or '\r' or '\n';
}
