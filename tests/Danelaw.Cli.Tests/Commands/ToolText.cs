using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Danelaw.Cli.Tests.Commands;

/// <summary>
/// Reads what is written for DNSControl (calls of JavaScript) and Terraform (HCL's native syntax, as far as its specification goes for literals, objects,
/// lists and blocks), and nothing more lenient: whatever is left over or out of place is an error.
/// </summary>
internal sealed class ToolText
{
    private readonly string _text;
    private readonly bool _hasTemplates;
    private int _at;

    private ToolText(string text, bool hasTemplates) => (_text, _hasTemplates) = (text, hasTemplates);

    /// <summary>One call and the semicolon behind it, with comments of <c>//</c> before: <c>["NAME", argument, …]</c>, calls within alike.</summary>
    public static JsonArray JavaScript(string text)
    {
        var reader = new ToolText(text, hasTemplates: false);
        reader.SkipBlank("//", lines: true);
        var call = reader.Call();
        reader.Take(';');
        reader.SkipBlank("//", lines: true);
        return reader._at == text.Length ? call : throw reader.Fault("something follows the call");
    }

    /// <summary>A body of HCL: blocks by their type and labels with blanks between, attributes by their names; blocks without label in a list.</summary>
    public static JsonObject Hcl(string text)
    {
        var reader = new ToolText(text, hasTemplates: true);
        var body = reader.Body();
        return reader._at == text.Length ? body : throw reader.Fault("a block is closed that was not opened");
    }

    private JsonArray Call()
    {
        var call = new JsonArray(JsonValue.Create(Word()));
        Take('(');
        do
        {
            SkipBlank("//", lines: true);
            call.Add(Peek() == '"' ? Quoted() : char.IsAsciiDigit(Peek()) ? Number() : Call());
            SkipBlank("//", lines: true);
        }
        while (TryTake(','));
        Take(')');
        return call;
    }

    private JsonObject Body()
    {
        var body = new JsonObject();
        for (SkipBlank("#", lines: true); _at < _text.Length && Peek() != '}'; SkipBlank("#", lines: true))
        {
            var name = Word();
            SkipBlank("#", lines: false);
            if (TryTake('='))
            {
                SkipBlank("#", lines: false);
                body.Add(name, Expression());
            }
            else
            {
                var labels = new StringBuilder(name);
                for (; Peek() == '"'; SkipBlank("#", lines: false)) labels.Append(' ').Append(Quoted());
                Take('{');
                var inside = Body();
                Take('}');
                if (labels.Length > name.Length) body.Add(labels.ToString(), inside);
                else if (body[name] is JsonArray list) list.Add(inside);
                else body.Add(name, new JsonArray(inside));
            }

            SkipBlank("#", lines: false);
            Take('\n');
        }

        return body;
    }

    private JsonNode Expression()
    {
        if (Peek() == '"') return Quoted();
        if (char.IsAsciiDigit(Peek())) return Number();
        if (TryTake('['))
        {
            var list = new JsonArray();
            for (SkipBlank("#", lines: true); Peek() != ']'; SkipBlank("#", lines: true))
            {
                list.Add(Expression());
                SkipBlank("#", lines: true);
                if (!TryTake(',')) break;
            }

            Take(']');
            return list;
        }

        if (!TryTake('{')) return JsonValue.Create($"{Word()}{(TryTake('.') ? "." + Word() : "")}");
        var inside = Body();
        Take('}');
        return inside;
    }

    private string Word()
    {
        var start = _at;
        while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] is '_' or '-')) _at++;
        return _at > start && !char.IsAsciiDigit(_text[start]) ? _text[start.._at] : throw Fault("a word is wanted");
    }

    private JsonValue Number()
    {
        var start = _at;
        while (_at < _text.Length && char.IsAsciiDigit(_text[_at])) _at++;
        return JsonValue.Create(int.Parse(_text.AsSpan(start, _at - start), NumberStyles.None, CultureInfo.InvariantCulture));
    }

    private JsonValue Quoted()
    {
        Take('"');
        var text = new StringBuilder();
        while (Peek() != '"')
        {
            if (Peek() is '\n' || (_hasTemplates && (_text.AsSpan(_at).StartsWith("${") || _text.AsSpan(_at).StartsWith("%{")))) throw Fault("a string goes on, or holds a template");
            var isEscaped = _hasTemplates && (_text.AsSpan(_at).StartsWith("$${") || _text.AsSpan(_at).StartsWith("%%{"));
            if (isEscaped) _at++;
            if (TryTake('\\') && Peek() is not ('"' or '\\')) throw Fault("an escape is not known");
            text.Append(_text[_at++]);
        }

        Take('"');
        return JsonValue.Create(text.ToString());
    }

    private void SkipBlank(string comment, bool lines)
    {
        while (_at < _text.Length)
        {
            if (_text[_at] == ' ' || (lines && _text[_at] == '\n')) _at++;
            else if (_text.AsSpan(_at).StartsWith(comment)) while (_at < _text.Length && _text[_at] != '\n') _at++;
            else return;
        }
    }

    private char Peek() => _at < _text.Length ? _text[_at] : '\0';

    private bool TryTake(char character)
    {
        if (Peek() != character) return false;
        _at++;
        return true;
    }

    private void Take(char character)
    {
        if (!TryTake(character)) throw Fault($"'{character}' is wanted");
    }

    private FormatException Fault(string what) => new($"{what} at {_at}: {_text[Math.Max(0, _at - 20).._at]}<here>{_text[_at..Math.Min(_text.Length, _at + 20)]}");
}
